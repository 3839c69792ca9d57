"""The official report: its content, its bytes, and unusual data."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from pypdf import PdfReader

from reports import rendering, report_blocks, report_text, tables
from reports.document import Heading, Numbered, Paragraph, Signature, Table
from reports.papers import Papers, PapersError, TrendPoint
from reports.report import conditions as conditions_of
from reports.report import placeholder_values, report, report_pdf
from tests.reports import sample
from tests.reports.rendered import text_of
from tests.reports.sample import SKM_2004


def paragraphs(papers: Papers, folder: Path | None = None) -> list[str]:
    """The paragraphs of a report."""
    blocks = report(papers, folder).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def headings(papers: Papers, folder: Path | None = None) -> list[str]:
    """The headings of a report."""
    blocks = report(papers, folder).blocks
    return [block.text for block in blocks if isinstance(block, Heading)]


def table_under(papers: Papers, heading: str) -> Table:
    """The first table under a heading."""
    blocks = report(papers).blocks
    titles = [block.text if isinstance(block, Heading) else None for block in blocks]
    return next(block for block in blocks[titles.index(heading) :] if isinstance(block, Table))


def test_the_chapters_have_the_usual_order() -> None:
    assert [text for text in headings(sample.papers()) if text.startswith(("BAB", "LAMPIRAN"))] == [
        *("BAB I PENDAHULUAN", "BAB II PENGUMPULAN DATA", "BAB III HASIL PENGOLAHAN DATA"),
        *("BAB IV ANALISIS", "BAB V KESIMPULAN", "LAMPIRAN 1 KUESIONER", "LAMPIRAN 2 TABULASI"),
        *("LAMPIRAN 3 PUBLIKASI", "LAMPIRAN 4 REALISASI TINDAK LANJUT PERIODE SEBELUMNYA"),
    ]


@pytest.mark.slow
def test_the_pdf_has_the_ikm_and_mutu_of_the_score() -> None:
    text = text_of(report_pdf(sample.papers()))

    assert "adalah 85,72, mutu pelayanan B (Baik)" in text
    assert "Ditetapkan pada 8 Oktober 2026" in text
    assert "dari 1 Juli 2026 sampai 30 September 2026" in text


@pytest.mark.slow
def test_a_locked_period_always_gives_the_same_pdf_a() -> None:
    pdf = report_pdf(sample.papers())

    assert report_pdf(sample.papers()) == pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert PdfReader(BytesIO(pdf)).metadata.creation_date == sample.papers().locked_at  # type: ignore[union-attr]


@pytest.mark.slow
def test_the_order_of_the_channels_does_not_change_the_pdf() -> None:
    papers = sample.papers()
    reversed_channels = dict(reversed(list(papers.channels.items())))
    assert report_pdf(replace(papers, channels=reversed_channels)) == report_pdf(papers)


@pytest.mark.slow
def test_every_page_is_marked_as_provisional_before_the_lock() -> None:
    reader = PdfReader(BytesIO(report_pdf(sample.unlocked(sample.papers()))))
    assert all("SEMENTARA" in page.extract_text() for page in reader.pages)
    assert "SEMENTARA" not in text_of(report_pdf(sample.papers()))


@pytest.mark.parametrize(
    ("label", "title"),
    [("2026-TW3", "Triwulan III 2026"), ("2026-S1", "Semester I 2026"), ("2026", "Tahun 2026")],
)
def test_a_report_can_be_of_a_quarter_a_semester_or_a_year(label: str, title: str) -> None:
    papers = replace(sample.papers(label=label), rebuilt_from="2026-TW1, 2026-TW2")

    assert report(papers).period == title
    assert any("digabung dari 2026-TW1, 2026-TW2" in text for text in paragraphs(papers))


def test_the_table_of_unsur_ends_with_indeks_and_ikm() -> None:
    table = table_under(sample.papers(), "Nilai per unsur")

    assert table.rows[2] == ("U3", "Waktu penyelesaian", "142", "3,021", "0,336", "75,53", "C")
    assert table.rows[-2][4] == "3,429"
    assert table.rows[-1][-2:] == ("85,72", "B")


def test_the_analysis_ranks_the_lowest_and_the_highest_unsur() -> None:
    papers = sample.papers()

    lowest = table_under(papers, "Kelemahan unsur pelayanan")
    highest = table_under(papers, "Kelebihan unsur pelayanan")

    assert [row[1] for row in lowest.rows] == [
        "Penanganan pengaduan, saran dan masukan",
        "Waktu penyelesaian",
        "Sarana dan prasarana",
    ]
    assert highest.rows[0][1] == "Biaya/tarif"


def test_the_questionnaire_has_the_official_wording() -> None:
    table = table_under(sample.papers(), "Pendapat responden tentang pelayanan")
    assert table.rows[7][2:] == (
        *("Tidak ada", "Ada tetapi tidak berfungsi"),
        *("Berfungsi kurang maksimal", "Dikelola dengan baik"),
    )


def test_the_tabulation_has_a_row_for_each_response_and_the_names_of_u8_and_u9() -> None:
    table = table_under(sample.papers(), "Nilai persepsi responden")

    assert len(table.rows) == 142 + 4
    assert table.head[7:] == (
        "U7",
        "U8 Penanganan pengaduan, saran dan masukan",
        "U9 Sarana dan prasarana",
    )


def test_only_the_totals_of_very_many_responses_are_printed() -> None:
    papers = sample.papers(sample.random_rows(n=report_blocks.MAX_ROWS + 1))
    assert len(table_under(papers, "Nilai persepsi responden").rows) == 4


def test_every_breakdown_sums_to_the_number_of_respondents() -> None:
    for block in report(sample.papers()).blocks:
        if isinstance(block, Table) and block.rows and block.rows[-1][0] == "Jumlah":
            assert sum(int(row[1]) for row in block.rows[:-1]) == int(block.rows[-1][1]) == 142


def test_the_realisation_of_the_last_plan_is_printed_with_its_share() -> None:
    papers = sample.papers()
    heading = "LAMPIRAN 4 REALISASI TINDAK LANJUT PERIODE SEBELUMNYA"

    assert [row[2] for row in table_under(papers, heading).rows] == ["Belum", "Sudah", "Sudah"]
    assert "Terlaksana 2 dari 3 (66,7\u00a0%)." in paragraphs(papers)


@pytest.mark.slow
def test_a_report_without_responses_has_a_text_instead_of_the_ikm() -> None:
    papers = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())

    text = text_of(report_pdf(papers))

    assert "Belum ada responden pada periode ini." in text
    assert "Belum ada jawaban: IKM belum dapat dihitung." in text
    assert "Rencana tindak lanjut belum ditetapkan." in text


@pytest.mark.slow
def test_a_report_without_ikm_names_the_unsur_that_nobody_answered() -> None:
    rows = [replace(row, answers=(None, *row.answers[1:])) for row in sample.random_rows()]
    text = text_of(report_pdf(sample.papers(rows)))
    assert "Unsur U1 Persyaratan belum dijawab seorang pun" in text


def test_a_report_of_one_response_has_no_margin_and_is_provisional() -> None:
    texts = paragraphs(sample.papers(sample.random_rows(n=1)))

    assert not [text for text in texts if text.startswith("Galatnya")]
    assert any("Responden masih sedikit" in text for text in texts)


def test_the_ikm_without_repeats_is_printed_unless_they_are_few() -> None:
    few = replace(sample.papers(), repeats=4)
    many = replace(few, repeats=12, score_without_repeats=few.score)

    assert any(
        line.endswith("IKM tanpa isian itu: tidak disebut, karena terlalu sedikit.")
        for line in paragraphs(few)
    )
    assert any(line.endswith("IKM tanpa isian itu: 85,72.") for line in paragraphs(many))


@pytest.mark.slow
def test_a_report_of_the_fourteen_unsur_of_2004_is_made() -> None:
    text = text_of(report_pdf(sample.papers(used=SKM_2004)))
    assert "U14 Keamanan pelayanan" in text


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("81.90", "84.76", "naik 2,86, dari 81,90 (TW II)"),
        ("84.76", "81.90", "turun 2,86, dari 84,76 (TW II)"),
        ("84.76", "84.76", "tetap 84,76, sama dengan TW II"),
    ],
)
def test_the_change_compares_the_last_two_periods(before: str, now: str, expected: str) -> None:
    trend = tuple(
        TrendPoint(label, Decimal(ikm), "B") for label, ikm in (("TW II", before), ("TW III", now))
    )
    assert placeholder_values(replace(sample.papers(), trend=trend))["perubahan"] == expected


@pytest.mark.slow
@pytest.mark.parametrize("text", sample.HOSTILE)
def test_typed_text_is_printed_and_never_run_as_code(text: str) -> None:
    papers = sample.hostile(text)

    pdf = report_pdf(papers)

    printed = re.sub(r"[\s\u200b]", "", text_of(pdf))
    expected = re.sub(r"[\s\u200b]", "", rendering.printable(text, 5_000))
    assert expected in printed
    assert report(papers).blocks.count(Numbered((text,))) == 1


def test_papers_with_totals_that_differ_are_refused() -> None:
    papers = sample.papers()
    with pytest.raises(PapersError, match="cara mengisi: 1, padahal 142 responden"):
        report_pdf(replace(papers, channels={"telegram": 1}))


def test_the_office_can_write_its_own_headings(tmp_path: Path) -> None:
    own = changed_text(lambda text: text.replace("Latar belakang", "Pembuka {kantor}"))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")

    assert headings(sample.papers(), tmp_path)[1] == "Pembuka Kecamatan Pakong"


def test_a_folder_without_a_report_text_uses_the_shipped_one(tmp_path: Path) -> None:
    assert report(sample.papers(), tmp_path) == report(sample.papers())


def changed_text(change: Callable[[str], str]) -> str:
    """The shipped report text after this change."""
    before = (report_text.SHIPPED / report_text.FILE).read_text("utf-8")
    after = change(before)
    assert after != before
    return after


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("{rentang}", "{rentan}", "bab 1, bagian 1, isi 2, teks: isian {rentan} tidak dikenal"),
        ("{rentang}", "{n.__class__}", "isian {n.__class__} tidak dikenal"),
        ("{rentang}", "{n!r}", "isian {n} tidak dikenal"),
        ("{rentang}", "{n", "kurung kurawal tidak berpasangan"),
        ('tabel = "kanal"', 'tabel = "kanel"', "bab 2, bagian 2, isi 3, tabel: harus salah satu"),
        ('bila = "gabungan"', 'bila = "gabung"', "isi 3, bila: harus salah satu dari 'ada_galat'"),
        ('judul = "Tujuan"', 'jdul = "Tujuan"', "bab 1, bagian 3, judul: tidak ada"),
        ('{ tabel = "mutu" }', '{ tabel = "mutu", bagan = "tren" }', "harus tepat satu dari teks"),
        ('judul = "Tujuan"', "judul = 3", "judul: harus berbentuk seperti pada naskah bawaan"),
        ("[sampul]", "[sampul", "bukan TOML yang sah"),
    ],
)
def test_an_error_in_the_report_text_names_its_location(
    before: str, after: str, problem: str, tmp_path: Path
) -> None:
    own = changed_text(lambda text: text.replace(before, after, 1))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")

    with pytest.raises(report_text.ReportTextError, match=re.escape(problem)):
        report_text.load(tmp_path)


def test_a_doubled_brace_prints_a_brace(tmp_path: Path) -> None:
    own = changed_text(lambda text: text.replace("{rentang}", "{{n}}", 1))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")
    assert any("({n})" in text for text in paragraphs(sample.papers(), tmp_path))


def test_every_placeholder_condition_and_table_exists() -> None:
    conditions: set[str] = set()
    papers = sample.papers()
    bare = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())
    more = replace(papers, repeats=1, rebuilt_from="x", required=100)
    uniform = sample.papers(sample.random_rows() + sample.uniform_rows())
    for each in (
        papers,
        sample.unlocked(bare),
        more,
        uniform,
        sample.papers(sample.random_rows(n=3)),
    ):
        conditions |= conditions_of(each)

    assert conditions == set(get_args(report_text.Condition))
    assert placeholder_values(papers).keys() == report_text.PLACEHOLDERS
    assert report_blocks.TABLES.keys() == set(get_args(report_text.TableName))


def test_the_shipped_report_text_uses_every_table() -> None:
    text = (report_text.SHIPPED / report_text.FILE).read_text("utf-8")
    assert set(re.findall(r'tabel = "(\w+)"', text)) == set(get_args(report_text.TableName))


def test_the_guide_names_every_placeholder_condition_and_table() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/laporan.md").read_text("utf-8")
    for kind in (
        report_text.Placeholder,
        report_text.Condition,
        report_text.TableName,
        report_text.FigureName,
    ):
        assert [name for name in get_args(kind) if f"`{name}`" not in guide] == []


def test_the_signature_has_the_name_and_nip_that_the_office_entered() -> None:
    papers = sample.papers()
    named = replace(papers, office=replace(papers.office, kepala="Nama Camat", nip="1970"))

    signatures = [block for block in report(named).blocks if isinstance(block, Signature)]

    assert [(each.name, each.nip) for each in signatures] == [("Nama Camat", "NIP 1970")]


@pytest.mark.slow
def test_chapter_three_has_the_data_quality() -> None:
    papers = sample.papers(
        sample.random_rows() + sample.uniform_rows(n=6)
    )  # three of the random rows are uniform, too
    text = text_of(report_pdf(papers))
    chapter = text[text.rindex("BAB III") : text.rindex("BAB IV")]
    assert f"Cronbach's alpha kuesioner {tables.alpha_text(papers)}" in chapter
    assert "9 responden memberi nilai yang sama untuk semua unsur" in chapter
    assert "Laki-laki 74" in chapter


@pytest.mark.slow
def test_a_report_without_data_quality_does_not_mention_it() -> None:
    text = text_of(report_pdf(replace(sample.papers(), quality=None)))
    assert "Kualitas jawaban" not in text


def test_a_report_studies_the_questionnaire_from_thirty_complete_responses() -> None:
    few, enough = (sample.papers(sample.uniform_rows(n=n)) for n in (29, 30))
    assert "ada_kajian" not in conditions_of(few)
    assert "ada_kajian" in conditions_of(enough)


def test_alpha_and_validity_of_uniform_responses_cannot_be_computed() -> None:
    papers = sample.papers(sample.uniform_rows(n=30))
    assert tables.alpha_text(papers) == "tidak dapat dihitung"
    assert {verdict for _, _, verdict in tables.validity(papers)} == {"tidak dapat dihitung"}
    assert tables.ikm_without_uniform(papers) == "tidak disebut, karena terlalu sedikit"


SIX_REPORTS = """
from pathlib import Path
from reports.report import report_pdf
from tests.reports import sample
from tests.reports.rendered import text_of

def memory():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if l[:5] == "VmRSS")
    return int(line.split()[1]) // 1024

after = []
for seed in range(6):
    report_pdf(sample.papers(sample.random_rows(n=142, seed=seed)))
    after.append(memory())
print(after[-1] - after[0])
"""


@pytest.mark.process
def test_reports_do_not_accumulate_in_memory() -> None:
    root = Path(__file__).parents[2]
    process = subprocess.run(
        [sys.executable, "-c", SIX_REPORTS], cwd=root, capture_output=True, text=True, check=True
    )
    assert (
        int(process.stdout) < 50
    )  # MB; without eviction of typst's cache it is 22 for each report
