"""The official report: what it says, the same whenever it is made, and what must not break it."""

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

from reports import canvas, contents, facts, prose, tables
from reports.document import Heading, Numbered, Paragraph, Signature, Table
from reports.papers import Papers, PapersError, TrendPoint
from reports.report import report, report_pdf
from tests.reports import sample
from tests.reports.sample import SKM_2004


def text_of(pdf: bytes) -> str:
    """All words of a PDF, on one line."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def sentences(papers: Papers, folder: Path | None = None) -> list[str]:
    """The paragraphs of a report."""
    return [b.text for b in report(papers, folder).blocks if isinstance(b, Paragraph)]


def table_under(papers: Papers, heading: str) -> Table:
    """The first table under a heading."""
    blocks = report(papers).blocks
    start = next(at for at, b in enumerate(blocks) if isinstance(b, Heading) and b.text == heading)
    return next(block for block in blocks[start:] if isinstance(block, Table))


def test_the_chapters_come_in_the_order_offices_know() -> None:
    chapters = [b.text for b in report(sample.papers()).blocks if isinstance(b, Heading)]
    assert [text for text in chapters if text.startswith(("BAB", "LAMPIRAN"))] == [
        *("BAB I PENDAHULUAN", "BAB II PENGUMPULAN DATA", "BAB III HASIL PENGOLAHAN DATA"),
        *("BAB IV ANALISIS", "BAB V KESIMPULAN", "LAMPIRAN 1 KUESIONER", "LAMPIRAN 2 TABULASI"),
        *("LAMPIRAN 3 PUBLIKASI", "LAMPIRAN 4 REALISASI TINDAK LANJUT PERIODE SEBELUMNYA"),
    ]


def test_the_pdf_says_the_bots_own_figure_and_letter() -> None:
    said = text_of(report_pdf(sample.papers()))

    assert "adalah 85,72, mutu pelayanan B (Baik)" in said
    assert "Ditetapkan pada 8 Oktober 2026" in said
    assert "dari 1 Juli 2026 sampai 30 September 2026" in said


def test_a_locked_period_gives_the_same_bytes_and_an_archivable_file() -> None:
    pdf = report_pdf(sample.papers())

    assert report_pdf(sample.papers()) == pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert PdfReader(BytesIO(pdf)).metadata.creation_date == sample.papers().locked_at  # type: ignore[union-attr]


def test_the_order_in_which_channels_were_counted_changes_no_byte() -> None:
    papers = sample.papers()
    turned = dict(reversed(list(papers.channels.items())))
    assert report_pdf(replace(papers, channels=turned)) == report_pdf(papers)


def test_before_the_lock_every_page_says_that_the_figures_may_change() -> None:
    reader = PdfReader(BytesIO(report_pdf(sample.unlocked(sample.papers()))))
    assert all("SEMENTARA" in page.extract_text() for page in reader.pages)
    assert "SEMENTARA" not in text_of(report_pdf(sample.papers()))


@pytest.mark.parametrize(
    ("label", "named"),
    [("2026-TW3", "Triwulan III 2026"), ("2026-S1", "Semester I 2026"), ("2026", "Tahun 2026")],
)
def test_a_report_is_of_a_quarter_a_semester_or_a_year(label: str, named: str) -> None:
    papers = replace(sample.papers(label=label), rebuilt_from="2026-TW1, 2026-TW2")

    assert report(papers).period == named
    assert any("digabung dari 2026-TW1, 2026-TW2" in text for text in sentences(papers))


def test_the_table_of_unsur_ends_in_the_index_and_the_ikm() -> None:
    table = table_under(sample.papers(), "Nilai per unsur")

    assert table.rows[2] == ("U3", "Waktu penyelesaian", "142", "3,021", "0,336", "75,53", "C")
    assert table.rows[-2][4] == "3,429"
    assert table.rows[-1][-2:] == ("85,72", "B")


def test_the_lowest_unsur_are_named_first_in_the_analysis() -> None:
    papers = sample.papers()

    weak = table_under(papers, "Kelemahan unsur pelayanan")
    strong = table_under(papers, "Kelebihan unsur pelayanan")

    assert [row[1] for row in weak.rows] == [
        "Penanganan pengaduan, saran dan masukan",
        "Waktu penyelesaian",
        "Sarana dan prasarana",
    ]
    assert strong.rows[0][1] == "Biaya/tarif"


def test_the_questionnaire_is_the_official_wording() -> None:
    table = table_under(sample.papers(), "Pendapat responden tentang pelayanan")
    assert table.rows[7][2:] == (
        *("Tidak ada", "Ada tetapi tidak berfungsi"),
        *("Berfungsi kurang maksimal", "Dikelola dengan baik"),
    )


def test_the_tabulation_has_a_row_for_each_response_and_names_u8_and_u9() -> None:
    table = table_under(sample.papers(), "Nilai persepsi responden")

    assert len(table.rows) == 142 + 4
    assert table.head[7:] == (
        "U7",
        "U8 Penanganan pengaduan, saran dan masukan",
        "U9 Sarana dan prasarana",
    )


def test_of_very_many_responses_only_the_sums_are_printed() -> None:
    papers = sample.papers(sample.drawn(n=contents.MOST_ROWS + 1))
    assert len(table_under(papers, "Nilai persepsi responden").rows) == 4


def test_every_block_of_respondents_adds_up_to_all() -> None:
    for block in report(sample.papers()).blocks:
        if isinstance(block, Table) and block.rows and block.rows[-1][0] == "Jumlah":
            assert sum(int(row[1]) for row in block.rows[:-1]) == int(block.rows[-1][1]) == 142


def test_what_became_of_the_last_plan_is_told_with_its_share() -> None:
    papers = sample.papers()
    heading = "LAMPIRAN 4 REALISASI TINDAK LANJUT PERIODE SEBELUMNYA"

    assert [row[2] for row in table_under(papers, heading).rows] == ["Belum", "Sudah", "Sudah"]
    assert "Terlaksana 2 dari 3 (66,7\u00a0%)." in sentences(papers)


def test_without_answers_the_report_says_so_instead_of_a_figure() -> None:
    papers = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())

    said = text_of(report_pdf(papers))

    assert "Belum ada responden pada periode ini." in said
    assert "Belum ada jawaban: IKM belum dapat dihitung." in said
    assert "Rencana tindak lanjut belum ditetapkan." in said


def test_an_unsur_that_nobody_answered_is_named_as_the_reason() -> None:
    rows = [replace(row, answers=(None, *row.answers[1:])) for row in sample.drawn()]
    said = text_of(report_pdf(sample.papers(rows)))
    assert "Unsur U1 Persyaratan belum dijawab seorang pun" in said


def test_one_response_has_no_margin_and_few_are_provisional() -> None:
    said = sentences(sample.papers(sample.drawn(n=1)))

    assert not [text for text in said if text.startswith("Galatnya")]
    assert any("Responden masih sedikit" in text for text in said)


def test_the_index_without_repeats_is_told_or_why_it_is_not() -> None:
    few = replace(sample.papers(), repeats=4)
    many = replace(few, repeats=12, score_without_repeats=few.score)

    assert any(
        line.endswith("IKM tanpa isian itu: tidak disebut, karena terlalu sedikit.")
        for line in sentences(few)
    )
    assert any(line.endswith("IKM tanpa isian itu: 85,72.") for line in sentences(many))


def test_the_fourteen_unsur_of_2004_fit() -> None:
    said = text_of(report_pdf(sample.papers(used=SKM_2004)))
    assert "U14 Keamanan pelayanan" in said


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("81.90", "84.76", "naik 2,86, dari 81,90 (TW II)"),
        ("84.76", "81.90", "turun 2,86, dari 84,76 (TW II)"),
        ("84.76", "84.76", "tetap 84,76, sama dengan TW II"),
    ],
)
def test_the_change_is_told_by_the_two_last_periods(before: str, now: str, told: str) -> None:
    trend = tuple(
        TrendPoint(label, Decimal(ikm), "B") for label, ikm in (("TW II", before), ("TW III", now))
    )
    assert facts.slots(replace(sample.papers(), trend=trend))["perubahan"] == told


@pytest.mark.parametrize("text", sample.HOSTILE)
def test_what_somebody_typed_is_printed_and_never_obeyed(text: str) -> None:
    papers = sample.hostile(text)

    pdf = report_pdf(papers)

    said = re.sub(r"[\s\u200b]", "", text_of(pdf))
    expected = re.sub(r"[\s\u200b]", "", canvas.printable(text, 5_000))
    assert expected in said
    assert report(papers).blocks.count(Numbered((text,))) == 1


def test_papers_that_contradict_themselves_are_not_printed() -> None:
    papers = sample.papers()
    with pytest.raises(PapersError, match="cara mengisi: 1, padahal 142 responden"):
        report_pdf(replace(papers, channels={"telegram": 1}))


def test_the_office_may_write_its_own_chapters(tmp_path: Path) -> None:
    own = shipped(lambda text: text.replace("Latar belakang", "Pembuka {kantor}"))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")

    headings = [b.text for b in report(sample.papers(), tmp_path).blocks if isinstance(b, Heading)]

    assert headings[1] == "Pembuka Kecamatan Pakong"


def test_a_folder_without_prose_uses_the_shipped_one(tmp_path: Path) -> None:
    assert report(sample.papers(), tmp_path) == report(sample.papers())


def shipped(change: Callable[[str], str]) -> str:
    """The shipped prose, changed."""
    old = (prose.SHIPPED / prose.FILE).read_text("utf-8")
    new = change(old)
    assert new != old
    return new


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
def test_a_slip_in_the_prose_is_told_with_its_place(
    before: str, after: str, problem: str, tmp_path: Path
) -> None:
    own = shipped(lambda text: text.replace(before, after, 1))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")

    with pytest.raises(prose.ProseError, match=re.escape(problem)):
        prose.load(tmp_path)


def test_a_brace_that_is_meant_is_doubled(tmp_path: Path) -> None:
    own = shipped(lambda text: text.replace("{rentang}", "{{n}}", 1))
    (tmp_path / "laporan.toml").write_text(own, "utf-8")
    assert any("({n})" in text for text in sentences(sample.papers(), tmp_path))


def test_every_placeholder_condition_and_table_exists() -> None:
    told: set[str] = set()
    papers = sample.papers()
    bare = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())
    more = replace(papers, repeats=1, rebuilt_from="x", required=100)
    uniform = sample.papers(sample.drawn() + sample.alike())
    for each in (papers, sample.unlocked(bare), more, uniform, sample.papers(sample.drawn(n=3))):
        told |= facts.cases(each)

    assert told == set(get_args(prose.Case))
    assert facts.slots(papers).keys() == prose.SLOTS
    assert contents.TABLES.keys() == set(get_args(prose.TableName))


def test_the_shipped_prose_calls_for_every_table() -> None:
    text = (prose.SHIPPED / prose.FILE).read_text("utf-8")
    assert set(re.findall(r'tabel = "(\w+)"', text)) == set(get_args(prose.TableName))


def test_the_guide_names_every_placeholder_condition_and_table() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/laporan.md").read_text("utf-8")
    for kind in (prose.Slot, prose.Case, prose.TableName, prose.FigureName):
        assert [name for name in get_args(kind) if f"`{name}`" not in guide] == []


def test_a_name_and_a_number_stand_under_the_signature_when_the_office_gave_them() -> None:
    base = sample.papers()
    named = replace(base, office=replace(base.office, kepala="Nama Camat", nip="1970"))

    signed = [b for b in report(named).blocks if isinstance(b, Signature)]

    assert [(each.name, each.nip) for each in signed] == [("Nama Camat", "NIP 1970")]


def test_the_study_of_the_questionnaire_stands_in_chapter_three() -> None:
    papers = sample.papers(sample.drawn() + sample.alike(n=6))  # three of the drawn are, too
    text = text_of(report_pdf(papers))
    chapter = text[text.rindex("BAB III") : text.rindex("BAB IV")]
    assert f"Cronbach's alpha kuesioner {tables.alpha(papers)}" in chapter
    assert "9 responden memberi nilai yang sama untuk semua unsur" in chapter
    assert "Laki-laki 74" in chapter


def test_without_a_study_the_report_does_not_speak_of_one() -> None:
    text = text_of(report_pdf(replace(sample.papers(), quality=None)))
    assert "Kualitas jawaban" not in text


def test_answers_all_alike_leave_nothing_to_correlate() -> None:
    papers = sample.papers(sample.alike(n=30))
    assert tables.alpha(papers) == "tidak dapat dihitung"
    assert {said for _, _, said in tables.validity(papers)} == {"tidak dapat dihitung"}
    assert tables.uniform(papers) == "tidak disebut, karena terlalu sedikit"


SIX_REPORTS = """
from pathlib import Path
from reports.report import report_pdf
from tests.reports import sample

def held():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if l[:5] == "VmRSS")
    return int(line.split()[1]) // 1024

after = []
for seed in range(6):
    report_pdf(sample.papers(sample.drawn(n=142, seed=seed)))
    after.append(held())
print(after[-1] - after[0])
"""


def test_a_bot_that_makes_a_report_each_month_does_not_grow_with_them() -> None:
    root = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-c", SIX_REPORTS], cwd=root, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < 50  # megabytes; it was 22 for each
