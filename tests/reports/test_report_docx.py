"""The report as DOCX: the same words and figures as the PDF, and nothing typed is obeyed."""

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
from reports.prose import TemplateError
from reports.report import report
from reports.report_docx import report_docx
from reports.report_template import template
from tests.reports import sample
from tests.reports.libreoffice import converted


def opened(content: bytes) -> Any:
    """The document, after its every part has been read as XML."""
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))  # noqa: S314 # our own file
    return docx.Document(BytesIO(content))


def written(content: bytes) -> list[str]:
    """Its paragraphs outside tables."""
    return [paragraph.text for paragraph in opened(content).paragraphs]


def test_it_says_what_the_pdf_says() -> None:
    papers = sample.papers()
    said = report(papers).blocks

    found = opened(report_docx(papers))

    paragraphs = {paragraph.text for paragraph in found.paragraphs}
    assert {block.text for block in said if isinstance(block, Paragraph)} <= paragraphs
    tables = [
        tuple(tuple(cell.text for cell in row.cells) for row in table.rows)
        for table in found.tables
    ]
    assert tables == [(each.head, *each.rows) for each in said if isinstance(each, Table)]


def test_no_tag_of_the_template_is_left() -> None:
    with ZipFile(BytesIO(report_docx(sample.papers()))) as archive:
        parts = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml"))
    assert not re.findall(r"\{[{%].*?[%}]\}", parts)


def test_headings_are_headings_so_that_a_table_of_contents_can_be_made() -> None:
    found = opened(report_docx(sample.papers()))
    chapters = [each.text for each in found.paragraphs if each.style.name == "Heading 1"]
    assert chapters[0] == "BAB I PENDAHULUAN"
    assert len(chapters) == 9


def test_columns_have_their_widths_and_the_head_is_repeated() -> None:
    papers = sample.papers()
    wanted = next(block for block in report(papers).blocks if isinstance(block, Table))

    table = opened(report_docx(papers)).tables[0]

    widths = [cell.width for cell in table.rows[0].cells]
    assert widths[0] / widths[1] == pytest.approx(wanted.widths[0] / wanted.widths[1], rel=0.01)
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")


@pytest.mark.parametrize("text", sample.HOSTILE)
def test_what_somebody_typed_is_kept_and_never_obeyed(text: str) -> None:
    found = report_docx(sample.hostile(text))

    kept = re.sub("[\x00\x07\ud800]", "\ufffd", text)
    assert f"1.\t{kept}" in written(found)
    cells = {cell.text for row in opened(found).tables[-1].rows for cell in row.cells}
    assert kept in cells


def test_before_the_lock_it_says_that_it_must_not_be_signed() -> None:
    said = "SEMENTARA: angka belum dikunci, jangan ditandatangani."
    assert said in written(report_docx(sample.unlocked(sample.papers())))
    assert said not in written(report_docx(sample.papers()))


def test_without_answers_it_is_made_too() -> None:
    bare = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())
    assert "Belum ada responden pada periode ini." in written(report_docx(bare))


def changed(before: str, after: str) -> bytes:
    """The shipped template with one paragraph changed, as an office would in Word."""
    made = docx.Document(BytesIO(template()))
    paragraph = next(each for each in made.paragraphs if each.text == before)
    paragraph.text = after
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_office_may_use_its_own_letterhead(tmp_path: Path) -> None:
    own = changed("{{ subtitle }}", "PEMERINTAH KABUPATEN · {{ subtitle }}")
    (tmp_path / "laporan.docx").write_bytes(own)
    assert "PEMERINTAH KABUPATEN · Kecamatan Pakong" in written(
        report_docx(sample.papers(), tmp_path)
    )


@pytest.mark.parametrize(
    "tag",
    [
        "{{ subtitle",
        "{%p endfor %}",
        "{{ tidakada.isi }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for x in range(10 ** 9) %}{% endfor %}",
    ],
)
def test_a_wrong_or_wicked_tag_is_refused_by_the_files_name(tag: str, tmp_path: Path) -> None:
    (tmp_path / "laporan.docx").write_bytes(changed("{{ subtitle }}", tag))
    with pytest.raises(TemplateError, match=r"laporan\.docx"):
        report_docx(sample.papers(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"bukan docx", b"PK\x03\x04rusak"])
def test_what_is_no_docx_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "laporan.docx").write_bytes(content)
    with pytest.raises(TemplateError, match="bukan berkas DOCX"):
        report_docx(sample.papers(), tmp_path)


def pages(pdf: bytes) -> list[str]:
    """The words of each page, one space apart."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The report, and one with a line typed in bad faith, as LibreOffice sets them."""
    wicked = "".join(text for text in sample.HOSTILE if text.isprintable() and len(text) < 100)
    files = {
        "laporan.docx": report_docx(sample.papers()),
        "sementara.docx": report_docx(sample.unlocked(sample.hostile(wicked))),
    }
    made = converted(files, "pdf", tmp_path_factory.mktemp("docx"))
    return {name: pages(content) for name, content in made.items()}


@pytest.mark.libreoffice
def test_a_word_processor_shows_chapters_figures_and_cells(seen: dict[str, list[str]]) -> None:
    said = "\n".join(seen["laporan"])

    headings = [block for block in report(sample.papers()).blocks if isinstance(block, Heading)]
    for chapter in (each.text for each in headings if each.level == 1):
        assert said.count(chapter) == 2  # in the contents, and where it begins
    assert "IKM Kecamatan Pakong pada Triwulan III 2026 adalah 85,72, mutu pelayanan B" in said
    assert "U1 Persyaratan 141 3,525 0,392 88,12 B" in said
    assert "Ditetapkan pada 8 Oktober 2026 Camat Pakong" in said


@pytest.mark.libreoffice
def test_a_word_processor_breaks_no_word_of_a_tables_head(seen: dict[str, list[str]]) -> None:
    said = "\n".join(seen["laporan"])
    heads = [block.head for block in report(sample.papers()).blocks if isinstance(block, Table)]

    assert len(heads) > 10
    for head in heads:
        assert " ".join(head).strip() in re.sub("/ ", "/", said)


@pytest.mark.libreoffice
def test_a_word_processor_leaves_no_page_empty_and_numbers_each(
    seen: dict[str, list[str]],
) -> None:
    for number, page in enumerate(seen["laporan"], 1):
        assert f"Revisi 1 · sidik masukan {('3f5c' * 16)[:16]} · halaman {number}" in page
        assert len(page) > 100


@pytest.mark.libreoffice
def test_a_word_processor_keeps_a_short_table_on_one_page(seen: dict[str, list[str]]) -> None:
    with_grades = [page for page in seen["laporan"] if "Mutu Kinerja Nilai IKM" in page]
    with_sums = [page for page in seen["laporan"] if "Jumlah nilai" in page]

    assert ["25,00–64,99" in page for page in with_grades] == [True]
    assert ["NRR tertimbang 0,392" in page for page in with_sums] == [True]


@pytest.mark.libreoffice
def test_a_word_processor_obeys_nothing_that_somebody_typed(seen: dict[str, list[str]]) -> None:
    said = "".join(seen["sementara"]).replace(" ", "")

    assert "SEMENTARA:angkabelumdikunci,janganditandatangani." in said
    for text in ('=HYPERLINK("https://contoh.invalid";"klik")', "<b>tebal</b>&<script>", "{{7*7}}"):
        assert text in said
