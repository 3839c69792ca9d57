"""The IKU document: its fixed texts, and a year's target, realisasi and capaian."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports import rendering
from reports.document import Heading, Numbered, Table
from reports.document_files import document_pdf
from reports.planning.iku_document import IkuLine, IkuPaper, iku_document
from tests.reports import sample
from tests.reports.rendered import rendered_anew

AKUNTABILITAS = "Meningkatnya akuntabilitas kinerja kecamatan"
PELAYANAN = "Meningkatnya kualitas pelayanan kecamatan"
BY_HAND = ("75,10", "76,02", "80")
TARGETS = ("78,00", "79,00", "80,00")
MADE = datetime(2027, 1, 11, 1, 0, tzinfo=UTC)
FUNGSI = """
penyelenggaraan urusan pemerintahan umum
pengoordinasian kegiatan pemberdayaan masyarakat
pengoordinasian upaya penyelenggaraan ketenteraman dan ketertiban umum
pengoordinasian penerapan dan penegakan Peraturan Daerah dan Peraturan Bupati
pengoordinasian pemeliharaan prasarana dan sarana pelayanan umum
pengoordinasian penyelenggaraan kegiatan pemerintahan oleh Perangkat Daerah di tingkat kecamatan
pembinaan dan pengawasan penyelenggaraan kegiatan desa dan/atau kelurahan
pelaksanaan urusan pemerintahan yang tidak dilaksanakan oleh unit kerja Perangkat Daerah
pelaksanaan administrasi kecamatan
pelaksanaan fungsi lain yang diberikan oleh Bupati sesuai dengan bidang tugas dan fungsinya
""".strip().splitlines()
PAPER = IkuPaper(
    office=sample.OFFICE,
    renstra="Periode 2018–2023",
    year="2026",
    tugas=(
        "merumuskan kebijakan di Kecamatan Pakong",
        "melaksanakan kebijakan di Kecamatan Pakong",
        "melaksanakan evaluasi dan pelaporan di Kecamatan Pakong",
        "melaksanakan administrasi dinas sesuai dengan lingkup tugasnya",
        "melaksanakan fungsi lain yang diberikan oleh Bupati terkait dengan Kecamatan Pakong",
    ),
    fungsi=tuple(FUNGSI),
    lines=(
        IkuLine(
            AKUNTABILITAS,
            "Indeks kepuasan unit kerja",
            "(Nilai per aspek ÷ 7) × bobot per indikator; nilai per aspek = Σ nilai per indikator;"
            " nilai indeks = Σ (nilai aspek_n × bobot aspek_n)",
            "Indeks",
            "80,00",
            "76,19",
            "95,24 %",
            "Sangat tinggi",
            "angket kepala unit kerja, Semester I 2026, 6 dari 7 mengisi",
            BY_HAND,
            TARGETS,
        ),
        IkuLine(
            AKUNTABILITAS,
            "Nilai hasil evaluasi SAKIP",
            "Nilai dalam Laporan Hasil Evaluasi (LHE) SAKIP",
            "Nilai",
            "70,00",
            "71,35 (BB)",
            "101,93 %",
            "Sangat tinggi",
            "LHE nomor 700/12/2026, diisi tangan",
            BY_HAND,
            TARGETS,
        ),
        IkuLine(
            PELAYANAN,
            "Indeks Kepuasan Masyarakat (IKM)",
            "(Total nilai persepsi per unsur ÷ total unsur yang terisi) × nilai penimbang;"
            " IKM unit pelayanan × 25",
            "Indeks",
            "83,00",
            "",
            "",
            "",
            "realisasi belum ada",
            BY_HAND,
            TARGETS,
        ),
    ),
    comparisons=("2024", "2025", "Akhir Renstra"),
    notes=("IKM tahun dihitung gabungan dari semua jawaban tahun itu.",),
    years=(2024, 2025, 2026),
    sk="188/12/2024, 2 Januari 2024",
    number="065/4/2027",
    day="11 Januari 2027",
)


def iku_pdf(paper: IkuPaper) -> bytes:
    """The document as PDF."""
    return document_pdf(iku_document(paper), MADE)


def text_without_spaces(pdf: bytes) -> str:
    """The text of a PDF without spaces, because a cell may break a line anywhere."""
    pages = PdfReader(BytesIO(pdf)).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


def test_tugas_fungsi_and_formulasi_are_printed_unchanged() -> None:
    text = text_without_spaces(iku_pdf(PAPER))

    for expected in (*PAPER.tugas, *PAPER.fungsi, *(line.formulasi for line in PAPER.lines)):
        assert re.sub(r"\s", "", expected) in text


def test_the_table_has_target_realisasi_and_capaian_and_earlier_years() -> None:
    table = [block for block in iku_document(PAPER).blocks if isinstance(block, Table)][-1]

    assert table.head[4:] == (
        *("Target", "Realisasi", "Capaian", "Kategori"),
        *("2024", "2025", "Akhir Renstra"),
    )
    assert table.rows[1][4:8] == ("70,00", "71,35 (BB)", "101,93 %", "Sangat tinggi")


def test_a_sasaran_is_numbered_and_named_once() -> None:
    table = next(block for block in iku_document(PAPER).blocks if isinstance(block, Table))
    assert [row[:2] for row in table.rows] == [("1", AKUNTABILITAS), ("", ""), ("2", PELAYANAN)]


def test_a_missing_figure_is_printed_as_missing_and_never_as_zero() -> None:
    table = [block for block in iku_document(PAPER).blocks if isinstance(block, Table)][-1]
    assert table.rows[2][5:8] == ("n/a", "n/a", "n/a")


def test_the_source_of_every_realisasi_is_printed() -> None:
    lists = [block.lines for block in iku_document(PAPER).blocks if isinstance(block, Numbered)]
    assert lists[-1][1] == "Nilai hasil evaluasi SAKIP: LHE nomor 700/12/2026, diisi tangan"


def test_the_same_data_gives_the_same_pdf_a() -> None:
    pdf = iku_pdf(PAPER)
    assert rendered_anew(lambda: iku_pdf(PAPER)) == pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_a_document_without_realisasi_has_the_targets_of_every_year_and_no_capaian() -> None:
    lines = tuple(replace(line, realisasi="") for line in PAPER.lines)
    document = iku_document(replace(PAPER, lines=lines))
    assert "Target, realisasi, dan capaian 2026" not in [
        block.text for block in document.blocks if isinstance(block, Heading)
    ]
    table = [block for block in document.blocks if isinstance(block, Table)][-1]
    assert table.head[3:] == ("2024", "2025", "2026")
    assert table.rows[0][3:] == TARGETS


def test_a_document_without_indikator_is_made() -> None:
    bare = replace(PAPER, lines=(), comparisons=(), tugas=(), fungsi=(), notes=())
    assert "Targetsetiaptahun" in text_without_spaces(iku_pdf(bare))


def test_a_line_with_a_comparison_too_few_is_refused() -> None:
    short = replace(PAPER.lines[0], earlier=("75,10",))
    with pytest.raises(ValueError, match="every comparison"):
        iku_pdf(replace(PAPER, lines=(short,)))


@pytest.mark.slow
@pytest.mark.parametrize("text", sample.HOSTILE_JOINED)
def test_typed_text_is_printed_and_never_run_as_code(text: str) -> None:
    typed = replace(PAPER.lines[0], sasaran=text, indikator=text, formulasi=text, satuan=text)
    line = replace(typed, target=text, realisasi=text, sumber=text, earlier=(text, text, text))
    notes = (text,)

    printed = text_without_spaces(
        iku_pdf(replace(PAPER, lines=(line,), tugas=(text,), notes=notes))
    )

    assert re.sub(r"\s", "", rendering.printable(text, 2_000)) in printed
