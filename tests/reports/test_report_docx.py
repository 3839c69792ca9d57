"""The report as DOCX: the same content as the PDF, and typed text is never run as code."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest
from pypdf import PdfReader

from reports.document import Heading, Paragraph, Table
from reports.survey_report.report import report, report_pdf
from reports.survey_report.report_docx import report_docx
from reports.survey_report.report_template import template
from reports.survey_report.report_text import TemplateError
from tests.reports import sample
from tests.reports.libreoffice import converted


def document_of(content: bytes) -> Any:
    """The document; every part of it is valid XML."""
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))  # noqa: S314 # our own file
    return docx.Document(BytesIO(content))


def paragraphs(content: bytes) -> list[str]:
    """The paragraphs outside tables."""
    return [each.text for each in document_of(content).paragraphs]


@pytest.mark.slow
def test_it_has_the_same_paragraphs_and_tables_as_the_pdf() -> None:
    papers = sample.papers()
    blocks = report(papers).blocks

    file = document_of(report_docx(papers))

    texts = {each.text for each in file.paragraphs}
    assert {block.text for block in blocks if isinstance(block, Paragraph)} <= texts
    tables = [
        tuple(tuple(cell.text for cell in row.cells) for row in table.rows) for table in file.tables
    ]
    assert tables == [(each.head, *each.rows) for each in blocks if isinstance(each, Table)]


@pytest.mark.slow
def test_it_is_signed_with_the_rank_under_the_name_as_the_pdf_is() -> None:
    papers = sample.papers()
    head = replace(papers.office, kepala="Drs. Ahmad", nip="19700101 199003 1 001")
    papers = replace(papers, office=head)
    signed = [head.kepala, head.pangkat, f"NIP {head.nip}"]

    texts = paragraphs(report_docx(papers))
    pages = PdfReader(BytesIO(report_pdf(papers))).pages
    text = "\n".join(page.extract_text() for page in pages).replace("\u200b", "")
    printed = [line.strip() for line in text.splitlines()]

    for lines in (texts, printed):
        at = lines.index(head.pangkat)
        assert lines[at - 1 : at + 2] == signed


@pytest.mark.slow
def test_no_tag_of_the_template_is_left() -> None:
    with ZipFile(BytesIO(report_docx(sample.papers()))) as archive:
        parts = "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")
        )
    assert not re.findall(r"\{[{%].*?[%}]\}", parts)


@pytest.mark.slow
def test_headings_have_heading_styles_for_the_table_of_contents() -> None:
    file = document_of(report_docx(sample.papers()))
    chapters = [each.text for each in file.paragraphs if each.style.name == "Heading 1"]
    assert chapters[0] == "BAB I PENDAHULUAN"
    assert len(chapters) == 10


@pytest.mark.slow
def test_columns_have_their_widths_and_each_page_repeats_the_header_row() -> None:
    papers = sample.papers()
    block = next(block for block in report(papers).blocks if isinstance(block, Table))

    table = document_of(report_docx(papers)).tables[0]

    widths = [cell.width for cell in table.rows[0].cells]
    assert widths[0] / widths[1] == pytest.approx(block.widths[0] / block.widths[1], rel=0.01)
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")


@pytest.mark.slow
@pytest.mark.parametrize("text", sample.HOSTILE_JOINED)
def test_typed_text_is_kept_and_never_run_as_code(text: str) -> None:
    content = report_docx(sample.hostile(text))

    kept = re.sub("[\x00\x07\ud800]", "\ufffd", text)
    document = document_of(content)
    assert f"1.\t{kept}" in [each.text for each in document.paragraphs]
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert kept in cells


@pytest.mark.slow
def test_a_draft_and_an_unfinished_year_must_not_be_signed() -> None:
    assert "DRAF: jangan ditandatangani." in paragraphs(report_docx(sample.draft()))
    unfinished = paragraphs(report_docx(sample.incomplete()))
    assert "BELUM LENGKAP: jangan ditandatangani." in unfinished
    assert not any("tangani." in text for text in paragraphs(report_docx(sample.papers())))


@pytest.mark.slow
def test_a_report_without_responses_is_made() -> None:
    bare = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())
    assert "Belum ada responden pada periode ini." in paragraphs(report_docx(bare))


def changed_template(before: str, after: str) -> bytes:
    """The shipped template with one paragraph changed, as an office does it in Word."""
    file = docx.Document(BytesIO(template()))
    paragraph = next(each for each in file.paragraphs if each.text == before)
    paragraph.text = after
    out = BytesIO()
    file.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_the_office_can_use_its_own_letterhead(tmp_path: Path) -> None:
    own = changed_template("{{ subtitle }}", "PEMERINTAH KABUPATEN · {{ subtitle }}")
    (tmp_path / "laporan.docx").write_bytes(own)
    assert "PEMERINTAH KABUPATEN · Kecamatan Pakong" in paragraphs(
        report_docx(sample.papers(), tmp_path)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "tag",
    [
        "{{ subtitle",
        "{%p endfor %}",
        "{{ tidakada.isi }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for x in range(10 ** 9) %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ '{a}'.format() }}",
    ],
)
def test_a_wrong_or_hostile_tag_is_refused_with_the_name_of_the_file(
    tag: str, tmp_path: Path
) -> None:
    (tmp_path / "laporan.docx").write_bytes(changed_template("{{ subtitle }}", tag))
    with pytest.raises(TemplateError, match=r"laporan\.docx"):
        report_docx(sample.papers(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"bukan docx", b"PK\x03\x04rusak"])
def test_a_template_that_is_not_a_docx_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "laporan.docx").write_bytes(content)
    with pytest.raises(TemplateError, match="bukan berkas DOCX"):
        report_docx(sample.papers(), tmp_path)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.fixture(scope="module")
def converted_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The pages of the report, and of one with hostile typed text, converted by LibreOffice."""
    hostile = "".join(text for text in sample.HOSTILE if text.isprintable() and len(text) < 100)
    files = {
        "laporan.docx": report_docx(sample.papers()),
        "aneh.docx": report_docx(replace(sample.hostile(hostile), complete=False)),
    }
    pdfs = converted(files, "pdf", tmp_path_factory.mktemp("docx"))
    return {name: pages(content) for name, content in pdfs.items()}


@pytest.mark.libreoffice
def test_a_word_processor_shows_chapters_figures_and_cells(
    converted_pages: dict[str, list[str]],
) -> None:
    text = "\n".join(converted_pages["laporan"])

    headings = [block for block in report(sample.papers()).blocks if isinstance(block, Heading)]
    for chapter in (each.text for each in headings if each.level == 1):
        assert text.count(chapter) == 2  # in the table of contents, and as heading
    assert "IKM Kecamatan Pakong pada Triwulan III 2026 adalah 85,72, mutu pelayanan B" in text
    assert "U1 Persyaratan 141 3,525 0,392 88,12 B" in text
    assert "Ditetapkan di Pakong pada tanggal 8 Oktober 2026 Camat Pakong" in text


@pytest.mark.libreoffice
def test_a_word_processor_breaks_no_word_in_a_header_row(
    converted_pages: dict[str, list[str]],
) -> None:
    text = "\n".join(converted_pages["laporan"])
    heads = [block.head for block in report(sample.papers()).blocks if isinstance(block, Table)]

    assert len(heads) > 10
    for head in heads:
        assert " ".join(head).strip() in re.sub("/ ", "/", text)


@pytest.mark.libreoffice
def test_a_word_processor_numbers_each_page_and_leaves_none_empty(
    converted_pages: dict[str, list[str]],
) -> None:
    for number, page in enumerate(converted_pages["laporan"], 1):
        assert f"Revisi 1 · sidik masukan {('3f5c' * 16)[:16]} · halaman {number}" in page
        assert len(page) > 100


@pytest.mark.libreoffice
def test_a_word_processor_keeps_a_short_table_on_one_page(
    converted_pages: dict[str, list[str]],
) -> None:
    with_grades = [page for page in converted_pages["laporan"] if "Mutu Kinerja Nilai IKM" in page]
    with_totals = [page for page in converted_pages["laporan"] if "Jumlah nilai" in page]

    assert ["25,00–64,99" in page for page in with_grades] == [True]
    assert ["NRR tertimbang 0,392" in page for page in with_totals] == [True]


@pytest.mark.libreoffice
def test_a_word_processor_runs_no_typed_text(converted_pages: dict[str, list[str]]) -> None:
    text = "".join(converted_pages["aneh"]).replace(" ", "")

    assert "BELUMLENGKAP:janganditandatangani." in text
    for expected in (
        '=HYPERLINK("https://contoh.invalid";"klik")',
        "<b>tebal</b>&<script>",
        "{{7*7}}",
    ):
        assert expected in text
