"""The official report: its content, its bytes, and unusual data."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from pypdf import PdfReader

from reports import rendering, tables
from reports.document import DOTTED_LINE, Bars, Heading, Numbered, Paragraph, Signature, Table
from reports.papers import (
    Cause,
    Change,
    Correction,
    FollowUp,
    OfficeData,
    Papers,
    PapersError,
    PartFigures,
    ServiceUse,
    SuggestionCounts,
    TrendPoint,
)
from reports.publication import public_figures
from reports.survey_report import report_blocks, report_text
from reports.survey_report.report import conditions as conditions_of
from reports.survey_report.report import placeholder_values, report, report_pdf
from tests.reports import sample
from tests.reports.rendered import poppler_pages, poppler_text, rendered_anew
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
        *("LAMPIRAN 3 PUBLIKASI", "LAMPIRAN 4 REALISASI TINDAK LANJUT"),
        "LAMPIRAN 5 KAJIAN KUESIONER",
    ]


def test_the_sections_of_a_chapter_and_the_captions_are_numbered() -> None:
    blocks = report(sample.papers()).blocks

    numbers = [block.number for block in blocks if isinstance(block, Heading)]
    captions = [block.title for block in blocks if isinstance(block, Table) and block.title]
    charts = [block.title for block in blocks if isinstance(block, Bars)]

    assert [each for each in numbers if each.startswith("2.")] == [f"2.{n}" for n in range(1, 7)]
    assert numbers[-2:] == ["", ""]  # of an appendix
    assert [each.split(".")[0] for each in captions] == [
        f"Tabel {number}" for number in range(1, len(captions) + 1)
    ]
    assert "Tabel 5. Responden: Jenis kelamin" in captions
    assert charts == ["Gambar 1. Nilai rata-rata tiap unsur", "Gambar 2. Perkembangan IKM"]


def test_the_head_of_the_report_is_the_offices() -> None:
    papers = sample.papers()
    bare = replace(papers, office=OfficeData("Kelurahan Kota", "", "", "", "", ""))

    assert report(papers).letterhead == (
        "PEMERINTAH KABUPATEN PAMEKASAN",
        "KECAMATAN PAKONG",
        "Jl. Raya Pakong No. 1, Pakong, Pamekasan 69352",
        "(0324) 510001 · kecamatan@pakong.contoh",
    )
    assert report(bare).letterhead == ("KELURAHAN KOTA",)


def test_the_report_names_the_survey_team_its_decision_and_the_stages() -> None:
    papers = sample.papers()
    bare = replace(papers, office=OfficeData("Kelurahan Kota", "", "", "", "", ""))

    assert table_under(papers, "Pelaksana").rows[1:] == (
        ("2", "Sekretaris Kecamatan", "Ketua"),
        ("3", "Kasi Pelayanan Umum", "Anggota"),
    )
    assert any("ditetapkan dengan Keputusan Camat" in text for text in paragraphs(papers))
    assert [row[2] for row in table_under(papers, "Jadwal").rows[:3]] == [
        "minggu terakhir sebelum periode", "1 Juli–30 September 2026", "1–8 Oktober 2026",
    ]  # fmt: skip
    assert not any(text.startswith("Tim pelaksana") for text in paragraphs(bare))
    assert table_under(bare, "Jadwal").rows[4][2] == DOTTED_LINE


def test_the_report_defines_the_unsur_where_the_instrument_does() -> None:
    papers = sample.papers()

    rows = table_under(papers, "Unsur yang dinilai").rows

    assert rows[6] == ("U7 Perilaku pelaksana", "Sikap petugas dalam memberikan pelayanan.")
    assert "Unsur yang dinilai" not in headings(replace(papers, definitions={}))


def test_the_report_has_the_answers_of_each_unsur_and_the_unsur_of_each_service() -> None:
    papers = sample.papers()

    distribution = table_under(papers, "Sebaran jawaban per unsur")
    blocks = report(papers).blocks
    (services,) = (b for b in blocks if isinstance(b, Table) and b.head[:2] == ("Layanan", "U1"))

    assert distribution.rows[2][1:] == (
        "7 (4,9\u00a0%)", "21 (14,8\u00a0%)", "76 (53,5\u00a0%)", "38 (26,8\u00a0%)", "142",
    )  # fmt: skip
    assert set(distribution.rows[3][1:5]) == {"tidak disebut"}  # the levy tells a part of it
    assert any("tentang biaya tidak disebut" in text for text in paragraphs(papers))
    assert services.rows[0][:2] == ("KTP-el", "3,549")
    assert services.rows[-1][0] == "digabung"


def test_a_year_names_the_period_of_each_plan() -> None:
    first, second, *_ = sample.FOLLOW_UP
    plans = (replace(first, period="TW I 2026"), replace(second, period="TW II 2026"))
    papers = replace(sample.papers(), follow_up=plans, last_follow_up=plans)

    rows = table_under(papers, "Rencana tindak lanjut").rows
    done = table_under(papers, "Realisasi").rows

    assert [row[1] for row in rows] == [
        "U3 Waktu penyelesaian (TW I 2026)",
        "U8 Penanganan pengaduan, saran dan masukan (TW II 2026)",
    ]
    assert done[1][1].endswith("(TW II 2026)")


@pytest.mark.slow
@pytest.mark.process
def test_the_pdf_has_the_ikm_and_mutu_of_the_score() -> None:
    text = poppler_text(report_pdf(sample.papers()))

    assert "adalah 85,72, mutu pelayanan B (Baik)" in text
    assert "Ditetapkan di Pakong pada tanggal 8 Oktober 2026" in text
    assert "dari 1 Juli 2026 sampai 30 September 2026" in text


@pytest.mark.slow
def test_a_locked_period_always_gives_the_same_pdf_a_in_whatever_order_its_channels_come() -> None:
    papers = sample.papers()
    pdf = report_pdf(papers)
    reversed_channels = dict(reversed(list(papers.channels.items())))

    assert rendered_anew(lambda: report_pdf(replace(papers, channels=reversed_channels))) == pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert PdfReader(BytesIO(pdf)).metadata.creation_date == papers.locked_at  # type: ignore[union-attr] # it has metadata


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(
    ("papers", "mark"), [(sample.draft(), "DRAF"), (sample.incomplete(), "BELUM LENGKAP")]
)
def test_every_page_that_is_not_to_be_signed_is_marked(papers: Papers, mark: str) -> None:
    assert all(mark in page for page in poppler_pages(report_pdf(papers), "-raw"))
    assert not any(mark in page for page in poppler_pages(report_pdf(sample.papers()), "-raw"))


def test_a_draft_has_chapters_plans_and_the_number_of_responses_but_no_figure() -> None:
    draft = sample.draft()

    texts, low = paragraphs(draft), table_under(draft, "Kelemahan unsur pelayanan")

    assert headings(draft)[:3] == headings(sample.papers())[:3]
    assert "Survei diisi 17 responden." in texts
    assert any("adalah …, mutu pelayanan … (…)" in text for text in texts)
    assert any(text.startswith("Sebab setiap kelemahan") for text in texts)
    assert low.rows == (("…",) * 6,) * 3
    assert table_under(draft, "Nilai per unsur").rows[0][2:] == ("…",) * 5
    assert table_under(draft, "Rencana tindak lanjut").rows[0][1] == "U3 Waktu penyelesaian"
    men = table_under(draft, "Profil responden").rows[0]
    assert men == ("Laki-laki", "…", "…")


@pytest.mark.parametrize(
    ("label", "title"),
    [("2026-TW3", "Triwulan III 2026"), ("2026-S1", "Semester I 2026"), ("2026", "Tahun 2026")],
)
def test_a_report_can_be_of_a_quarter_a_semester_or_a_year(label: str, title: str) -> None:
    halves = (sample.quarter(1), sample.quarter(2))
    papers = replace(sample.papers(label=label), periods=halves, method="gabungan")

    assert report(papers).period == title
    assert any("dari Triwulan I 2026, Triwulan II 2026" in text for text in paragraphs(papers))


def test_a_year_of_means_prints_both_figures_under_their_names() -> None:
    halves = (sample.quarter(1), sample.quarter(2))
    papers = replace(sample.papers(label="2026"), periods=halves, method="rerata_periode")
    papers = replace(papers, ikm=Decimal("79.50"), mutu="B")

    rows, texts = table_under(papers, "Nilai per unsur").rows, paragraphs(papers)

    assert [row[1] for row in rows[-2:]] == ["IKM gabungan (indeks × 25)", "IKM rerata periode"]
    assert [row[-2] for row in rows[-2:]] == ["85,72", "79,50"]
    assert any("rerata periode dari Triwulan I 2026, Triwulan II 2026;" in text for text in texts)
    assert any("mendapat IKM 79,50" in text for text in texts)


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
    assert lowest.head[-1] == "Lebih rendah"
    assert [row[-1] for row in lowest.rows] == ["nyata"] * 3


def test_every_unsur_of_mutu_c_or_d_is_to_be_improved_and_none_of_them_to_be_kept() -> None:
    row = sample.ResponseRow("KTP-el", "telegram", (3, 3, 2, 2, 2, 2, 3, 2, 4))

    papers = sample.papers((row,) * 6)

    lowest = table_under(papers, "Kelemahan unsur pelayanan").rows
    assert [cells[0] for cells in lowest] == list("12345678")
    assert {cells[-2] for cells in lowest} == {"C", "D"}
    assert {cells[-1] for cells in lowest} == {"belum nyata"}  # all answer alike: not testable
    assert [cells[1] for cells in table_under(papers, "Kelebihan unsur pelayanan").rows] == [
        "Sarana dan prasarana"
    ]


def test_where_all_unsur_are_equal_none_is_called_lowest_or_highest() -> None:
    texts = paragraphs(sample.papers(sample.uniform_rows(nilai=4)))

    assert "Tidak ada unsur yang nilainya menonjol di bawah yang lain." in texts
    assert "Tidak ada unsur yang nilainya menonjol di atas yang lain." in texts
    assert not any(text.startswith("Unsur ") for text in texts)


def test_the_report_names_the_mutu_that_the_interval_reaches_too() -> None:
    sure, unsure = sample.papers(), replace(sample.papers(), letters=("B", "A", "C"))

    assert not any("mutunya" in text for text in paragraphs(sure))
    assert "Menurut galat itu mutunya B, mungkin A atau C." in paragraphs(unsure)


def test_the_report_has_the_users_of_each_service_and_names_those_that_nobody_rated() -> None:
    papers = replace(
        sample.papers(label="2026"), periods=(sample.quarter(1), sample.quarter(2)),
        method="gabungan",
        service_users=(
            ServiceUse("KTP-el", 51, 1200, 2, 51),
            ServiceUse("Legalisasi", 9, 8, 1, 2),
            ServiceUse("Ahli waris", 0, None, 0, 0),
        ),
    )  # fmt: skip

    blocks = report(papers).blocks
    (users,) = (b for b in blocks if isinstance(b, Table) and b.head == tables.USERS_HEAD)

    assert users.rows == (
        ("KTP-el", "1.200", "51", "4,3\u00a0%"),
        ("Legalisasi", "8 (dari triwulan yang diketahui, 1 dari 2)", "9", "25,0\u00a0%"),
        ("Ahli waris", "–", "0", "–"),
    )
    assert "Layanan yang belum dinilai siapa pun: Ahli waris." in paragraphs(papers)
    none = replace(papers, unrated=(), service_users=papers.service_users[2:])
    assert not any("belum dinilai" in text for text in paragraphs(none))
    assert not any(isinstance(b, Table) and b.head == tables.USERS_HEAD
                   for b in report(none).blocks)  # fmt: skip


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
    heading = "LAMPIRAN 4 REALISASI TINDAK LANJUT"

    assert [row[2] for row in table_under(papers, heading).rows] == ["Belum", "Sudah", "Sudah"]
    assert "Terlaksana 2 dari 3 (66,7\u00a0%)." in paragraphs(papers)


@pytest.mark.slow
@pytest.mark.process
def test_a_report_without_responses_has_a_text_instead_of_the_ikm() -> None:
    papers = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())

    text = poppler_text(report_pdf(papers))

    assert "Belum ada responden pada periode ini." in text
    assert "Belum ada jawaban: IKM belum dapat dihitung." in text
    assert "Rencana tindak lanjut belum ditetapkan." in text


@pytest.mark.slow
@pytest.mark.process
def test_a_report_without_ikm_names_the_unsur_that_nobody_answered() -> None:
    rows = [replace(row, answers=(None, *row.answers[1:])) for row in sample.random_rows()]
    text = poppler_text(report_pdf(sample.papers(rows)))
    assert "Unsur U1 Persyaratan belum dijawab seorang pun" in text


def test_a_report_of_few_people_says_so_and_one_without_margin_names_none() -> None:
    texts = paragraphs(sample.papers(sample.random_rows(n=1)))

    assert not [text for text in texts if text.startswith("Galatnya")]
    assert any("kurang dari 30 orang" in text for text in texts)


def test_the_report_says_which_days_and_which_earlier_answers_its_figures_cover() -> None:
    papers = sample.papers()
    earlier = papers.period.previous()
    covers = replace(papers.period, start=earlier.start)

    texts = paragraphs(replace(papers, covers=covers, run_in=(earlier,)))

    assert any("(1 April–30 September 2026)" in text for text in texts)
    assert any("Jawaban Triwulan II 2026 ikut dihitung" in text for text in texts)


def test_the_report_says_how_many_of_the_responses_are_in_its_figures() -> None:
    texts = paragraphs(replace(sample.papers(), received=145, rows=()))

    assert "Survei diisi 145 responden." in texts
    assert any("dihitung dari 142 dari 145 responden" in text for text in texts)


def test_the_users_are_told_with_the_quarters_of_which_they_are_known() -> None:
    papers = sample.papers(label="2026")
    quarters = tuple(sample.quarter(number) for number in (1, 2, 3, 4))
    papers = replace(papers, periods=quarters, population_known=2, population_received=118)

    texts = paragraphs(papers)

    known = "236 orang (dari triwulan yang diketahui, 2 dari 4); yang mengisi 50,0\u00a0%."
    assert any(known in text for text in texts)
    assert any("Jumlah itu belum tercapai" in text for text in texts)


def test_services_and_units_are_tables_of_their_own() -> None:
    papers = sample.papers()
    score = papers.score
    many = PartFigures("Desa Bandungan", replace(score, n=120), 120, provisional=False)
    few = PartFigures("digabung", replace(score, n=22), 25, provisional=True)

    rows = table_under(replace(papers, units=(many, few)), "Nilai per unit").rows

    assert rows == (
        ("Desa Bandungan", "120", "85,72", "B", ""),
        ("digabung", "22 dari 25", "85,72", "B", "responden sedikit"),
    )
    assert "Nilai per unit" not in headings(papers)


def test_answers_other_than_gratis_are_one_sentence() -> None:
    texts = paragraphs(sample.papers())
    assert any("9 dari 92 jawaban tentang biaya bukan" in text for text in texts)
    assert not any("gratis" in text for text in paragraphs(replace(sample.papers(), levy=None)))


def test_a_correction_after_the_lock_is_told_with_both_figures() -> None:
    late = Correction(
        date(2026, 10, 20), "6 lembar susulan", "Tertinggal", Decimal("86.10"), Decimal("85.72")
    )
    papers = replace(sample.papers(), corrections=(late,))

    rows = report_blocks.table("ralat", papers)[0]
    (remark,) = public_figures.publication(papers).remarks

    assert isinstance(rows, Table)
    assert rows.rows == (("20 Oktober 2026", "6 lembar susulan", "86,10", "85,72", "Tertinggal"),)
    assert "Sesudah dikunci, angkanya diralat:" in paragraphs(papers)
    assert remark == "Ralat 20 Oktober 2026: IKM semula 86,10, menjadi 85,72."


def test_the_ikm_without_repeats_is_printed_where_it_exists() -> None:
    few = replace(sample.papers(), repeats=4)
    many = replace(few, repeats=12, score_without_repeats=few.score)

    assert any(
        line.endswith("IKM tanpa isian itu: tidak disebut, karena terlalu sedikit.")
        for line in paragraphs(few)
    )
    assert any(line.endswith("IKM tanpa isian itu: 85,72.") for line in paragraphs(many))


def test_a_report_says_that_a_browser_is_a_weaker_identity_where_one_was_used() -> None:
    papers = sample.papers()
    bursts = {"web": 100, "kios": papers.n - 103, "web-beruntun": 3}
    here = "\n".join(paragraphs(replace(papers, channels=bursts)))
    assert f"Sebanyak {papers.n} jawaban diisi di halaman web atau di layar loket" in here
    assert "lebih lemah daripada akun Telegram" in here
    assert "Sebanyak 3 di antaranya datang beruntun dari satu alamat internet" in here
    assert not any("lebih lemah" in line or "beruntun" in line for line in paragraphs(papers))


@pytest.mark.slow
@pytest.mark.process
def test_a_report_of_the_fourteen_unsur_of_2004_is_made() -> None:
    text = poppler_text(report_pdf(sample.papers(used=SKM_2004)))
    assert "U14 Keamanan pelayanan" in text


@pytest.mark.parametrize(
    ("delta", "verdict", "changed", "expected"),
    [
        ("2.86", "naik nyata", False, "naik 2,86 dari 81,90 pada TW II: naik nyata"),
        ("-1.78", "belum ada perubahan nyata", False,
         "turun 1,78 dari 81,90 pada TW II: belum ada perubahan nyata"),
        ("-9.10", "turun nyata", True,
         "turun 9,10 dari 81,90 pada TW II: turun nyata (teks berubah)"),
        ("0.00", "belum ada perubahan nyata", False,
         "tetap 81,90 pada TW II: belum ada perubahan nyata"),
        ("3.00", None, False, "naik 3,00 dari 81,90 pada TW II: tidak dapat diuji"),
    ],
)  # fmt: skip
def test_a_change_is_told_with_the_verdict_of_every_view(
    delta: str, verdict: str | None, changed: bool, expected: str
) -> None:
    before = TrendPoint("TW II", Decimal("81.90"), "B", other_wording=changed)
    papers = replace(sample.papers(), change=Change(before, Decimal(delta), verdict))
    assert placeholder_values(papers)["perubahan"] == expected


def test_the_trend_marks_figures_by_hand_and_of_other_words() -> None:
    papers = sample.papers()
    first, second, *others = papers.trend
    trend = (replace(first, by_hand=True), replace(second, other_wording=True), *others)

    rows = table_under(replace(papers, trend=trend), "Tren nilai").rows

    assert [row[3] for row in rows] == ["diisi tangan", "teks berubah", "", ""]


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("text", sample.HOSTILE_JOINED)
def test_typed_text_is_printed_and_never_run_as_code(text: str) -> None:
    papers = sample.hostile(text)

    pdf = report_pdf(papers)

    printed = re.sub(r"[\s\u200b]", "", poppler_text(pdf))
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
        ('tabel = "kanal"', 'tabel = "kanel"', "bab 2, bagian 3, isi 3, tabel: harus salah satu"),
        ('bila = "gabungan"', 'bila = "gabung"', "bab 3, bagian 2, isi 2, bila: harus salah satu"),
        ('judul = "Tujuan"', 'jdul = "Tujuan"', "bab 1, bagian 3, judul: tidak ada"),
        ('{ tabel = "mutu",', '{ tabel = "mutu", bagan = "tren",', "harus tepat satu dari teks"),
        ('judul = "Tujuan"', "judul = 3", "judul: harus berbentuk seperti pada naskah bawaan"),
        ('teks = "Galatnya', 'judul = "x", teks = "Galatnya', "judul hanya untuk tabel atau bagan"),
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


COUNTED = SuggestionCounts(26, 4, (("WAKTU", 12), ("lain-lain", 6)), 8)


@pytest.mark.process
def test_a_table_higher_than_a_page_goes_on_on_the_next_one() -> None:
    long = "kalimat yang panjang " * 14
    line = FollowUp("WAKTU", long, None, "Kasi", "selesai", long, long, long, "TW II")
    text = poppler_text(report_pdf(replace(sample.papers(), last_follow_up=(line,) * 8)))
    assert text.count("Dokumentasi") >= 3  # the heading is printed again on each page


def test_causes_stand_in_the_order_of_the_unsur() -> None:
    causes = (Cause("SARANA", "kursi", "TW III"), Cause("WAKTU", "antre", "TW III"))
    (table,) = report_blocks.table("sebab", replace(sample.papers(), causes=causes))
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == ["antre", "kursi"]


def test_a_report_counts_suggestions_by_unsur_without_their_words() -> None:
    papers = replace(sample.papers(), suggestions=(), suggestion_counts=COUNTED)

    texts = paragraphs(papers)
    assert "Responden menulis 26 saran." in texts
    assert "Yang sudah selesai ditindaklanjuti 4 saran." in texts
    assert "Isi saran tidak dimuat dalam laporan ini." in texts
    assert table_under(papers, "Saran responden").rows == (
        ("Waktu penyelesaian", "12"),
        ("Lain-lain", "6"),
        ("Unsur lain atau belum dikelompokkan", "8"),
    )


def test_every_placeholder_condition_and_table_exists() -> None:
    conditions: set[str] = set()
    papers = sample.papers()
    bare = replace(sample.papers([]), suggestions=(), follow_up=(), last_follow_up=(), trend=())
    more = replace(papers, repeats=1, method="rerata_periode", required=100, received=145)
    late = Correction(date(2026, 10, 20), "6 lembar susulan", "Tertinggal", None, papers.ikm)
    more = replace(more, channels={"web": 100, "web-beruntun": papers.n - 100})
    more = replace(
        more, corrections=(late,), units=papers.services, run_in=(papers.period.previous(),)
    )
    part = replace(papers.services[0], received=papers.services[0].score.n + 1)
    more = replace(more, suggestion_counts=COUNTED, services=(part, *papers.services[1:]))
    uniform = sample.papers(sample.random_rows() + sample.uniform_rows())
    few = sample.papers(sample.random_rows(n=3))
    for each in (papers, bare, more, uniform, few, sample.draft(), sample.incomplete()):
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
@pytest.mark.process
def test_the_study_of_the_questionnaire_is_an_annex_and_not_in_the_signed_text() -> None:
    papers = sample.papers(
        sample.random_rows() + sample.uniform_rows(n=6)
    )  # three of the random rows are uniform, too
    text = poppler_text(report_pdf(papers))
    signed, annex = text[: text.rindex("LAMPIRAN 1")], text[text.rindex("LAMPIRAN 5") :]
    assert f"Cronbach's alpha kuesioner {tables.alpha_text(papers)}" in annex
    assert "9 responden memberi nilai yang sama untuk semua unsur" in annex
    assert "alpha" not in signed[signed.rindex("BAB I ") :]


def test_the_questionnaire_is_studied_from_thirty_complete_responses() -> None:
    complete = [row for row in sample.random_rows() if None not in row.answers]
    few, enough = sample.papers(complete[:29]), sample.papers(complete[:30])

    assert tables.alpha_text(few) == "dihitung mulai 30 jawaban lengkap"
    assert tables.validity(few) == []
    assert any("mulai 30 jawaban yang lengkap" in text for text in paragraphs(few))
    assert len(tables.validity(enough)) == 9


def test_a_report_without_a_study_prints_no_alpha() -> None:
    assert not any("alpha" in text for text in paragraphs(replace(sample.papers(), quality=None)))


def test_a_report_studies_the_questionnaire_from_thirty_complete_responses() -> None:
    few, enough = (sample.papers(sample.uniform_rows(n=n)) for n in (29, 30))
    assert "ada_kajian" not in conditions_of(few)
    assert "ada_kajian" in conditions_of(enough)


def test_alpha_and_validity_of_uniform_responses_cannot_be_computed() -> None:
    papers = sample.papers(sample.uniform_rows(n=30))
    assert tables.alpha_text(papers) == "tidak dapat dihitung"
    assert {verdict for _, _, verdict in tables.validity(papers)} == {"tidak dapat dihitung"}


FOUR_REPORTS = """
from pathlib import Path
from reports.survey_report.report import report_pdf
from tests.reports import sample
from tests.reports.rendered import text_of

def memory():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if l[:5] == "VmRSS")
    return int(line.split()[1]) // 1024

after = []
for seed in range(4):
    report_pdf(sample.papers(sample.random_rows(n=142, seed=seed)))
    after.append(memory())
print(after[-1] - after[0])
"""


@pytest.mark.process
def test_reports_do_not_accumulate_in_memory() -> None:
    root = Path(__file__).parents[2]
    process = subprocess.run(
        [sys.executable, "-c", FOUR_REPORTS], cwd=root, capture_output=True, text=True, check=True
    )
    assert (
        int(process.stdout) < 50
    )  # MB; without eviction of typst's cache it is 22 for each report
