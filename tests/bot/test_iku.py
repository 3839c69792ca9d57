"""/iku, /sakip and /profil: the office's indicators, entered, computed, compared."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from office.iku import pictures
from reports import rendering
from reports.pictures.iku_picture import YearPoint
from storage.planning import ikus
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


async def aims(admin: Actor, year: int, indikator: str, target: str) -> None:
    """Set a target by buttons."""
    await admin.fills(f"/iku {year}", "[🎯]", f"[{indikator}]", target, "[✅]")


async def enters(admin: Actor, year: int, indikator: str, value: str, *reason: str) -> None:
    """Enter a realisasi by hand."""
    await admin.says(f"/iku {year}")
    await admin.fills("[✍]", f"[{indikator}]", value, "LKIP hal. 14", *reason, "[✅]")


async def records(
    admin: Actor, *middle: str, nilai: str = "71,35", tanggal: str = "3 Mar 2026"
) -> None:
    """Record an LHE of 2026; `middle` are the answers from the predikat on."""
    await admin.says("/sakip")
    await admin.fills("[➕]", "[2026]", "[2025]", "[PermenPANRB 88/2021]", "700/12/2026", tanggal)
    await admin.fills(nilai, *middle)


PLAIN = ("[BB", *["[Kosongkan]"] * 6, "[✅]")


async def test_the_table_shows_the_printed_indicators_without_inventing_a_figure(
    admin: Actor,
) -> None:
    await admin.says("/iku")
    admin.sees("IKU Kecamatan Pakong – 2026", "Indeks kepuasan unit kerja", "SAKIP", "IKM")
    admin.sees("belum ada realisasi dan target", "belum ada (target belum diisi)")
    admin.sees_not("0,00")


@pytest.mark.slow
async def test_a_locked_result_is_the_realisasi_of_its_year(admin: Actor, office: Harness) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await office.reaches("2026-10-07 08:00")
    await aims(admin, 2026, "Indeks Kepuasan Masyarakat", "83")
    admin.sees("83,33 dari target 83,00", "capaian 100,40 % (Sangat tinggi)")
    admin.sees("gabungan Triwulan III 2026")


@BOTH_DATABASES
async def test_a_year_before_the_bot_is_entered_by_hand_with_its_source(admin: Actor) -> None:
    await aims(admin, 2021, "Indeks Kepuasan Masyarakat", "83")
    await enters(admin, 2021, "Indeks Kepuasan Masyarakat", "93,85")
    admin.sees("93,85 dari target 83,00", "capaian 113,07 %", "diisi tangan: LKIP hal. 14")


async def test_a_figure_by_hand_is_corrected_with_a_reason(admin: Actor, office: Harness) -> None:
    await enters(admin, 2021, "Indeks Kepuasan Masyarakat", "93,85")
    await enters(admin, 2021, "Indeks Kepuasan Masyarakat", "83,95", "salah ketik")
    admin.sees("83,95 indeks; target belum diisi")
    assert office.stored.iku_entries() == [
        (1, "93.85", None),
        (2, "83.95", "salah ketik"),
    ]


@pytest.mark.slow
async def test_what_the_bot_computed_is_not_entered_by_hand(admin: Actor, office: Harness) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await office.reaches("2026-10-07 08:00")
    await admin.fills("/iku", "[✍]", "[Indeks Kepuasan Masyarakat]", "99")
    admin.sees("sudah ada dari hitungan bot")
    assert office.stored.iku_entry_count() == 0


@pytest.mark.slow
async def test_an_lhe_is_recorded_and_feeds_its_year(admin: Actor) -> None:
    await records(admin, *PLAIN)
    admin.sees("LHE SAKIP 2026", "menilai 2025", "71,35 – BB", "PermenPANRB 88/2021")
    await aims(admin, 2026, "Nilai hasil evaluasi SAKIP", "70")
    admin.sees("71,35 (BB) dari target 70,00", "capaian 101,93 %", "LHE 700/12/2026")


@BOTH_DATABASES
async def test_what_is_odd_in_an_lhe_is_marked_and_never_blocks(admin: Actor) -> None:
    parts = ("[A –", "31", "20", "10", "10,00", "[Kosongkan]", "[Kosongkan]")
    await records(admin, *parts)
    admin.sees("Perencanaan kinerja 31, padahal nilainya 0 sampai 30", "Predikat pada LHE A")
    admin.sees("selisih")
    await admin.taps("✅")
    admin.sees("⚠")


async def test_an_lhe_of_a_day_to_come_is_refused(admin: Actor) -> None:
    await admin.fills("/sakip", "[➕]", "[2026]", "[2025]", "[PermenPANRB 88/2021]", "700/12/2026")
    await admin.says("1 Agu 2026")
    admin.sees("1 Agustus 2026 belum tiba")


@pytest.mark.parametrize("nilai", ["100,01", "-3", "tujuh", "71,355", "7" * 40, "<b>71</b>"])
async def test_only_a_total_outside_the_scale_is_refused(
    nilai: str, admin: Actor, office: Harness
) -> None:
    await records(admin, nilai=nilai)
    await admin.says("71,35")
    admin.sees("Predikat menurut LHE?")
    assert office.stored.sakip_count() == 0


@pytest.mark.slow
async def test_a_correction_of_an_lhe_asks_for_its_reason_and_keeps_the_first(
    admin: Actor, office: Harness
) -> None:
    await records(admin, *PLAIN)
    await admin.taps("Perbaiki")
    await admin.fills("[2025]", "[PermenPANRB 88/2021]", "700/12/2026", "3 Mar 2026", "72,00")
    await admin.fills(*PLAIN[:-1], "salah baca", "[✅]")
    admin.sees("72,00", "Perbaikan ke-1: salah baca")
    assert office.stored.sakip_revisions() == [
        ("71.35", 1),
        ("72.00", 2),
    ]


async def test_the_pdf_of_an_lhe_comes_back_on_request(admin: Actor, office: Harness) -> None:
    await records(admin, *PLAIN[:-2])
    office.world.send_file(admin.id, admin.chat, "lhe.pdf", b"%PDF-1.7 lhe", "application/pdf")
    await office.works()
    await admin.taps("✅", "📎")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert admin.screen["document"]["file_name"] == "lhe.pdf"


async def test_the_table_comes_as_a_picture_too(admin: Actor, office: Harness) -> None:
    await admin.fills("/iku", "[🖼]")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert admin.screen["photo"][-1]["width"] == 1080
    admin.sees("IKU Kecamatan Pakong – 2026")


async def sees_its_way(admin: Actor, indikator: str, year: int = 2026) -> None:
    """Ask for the picture of one indikator, which the outbox sends."""
    await admin.fills(f"/iku {year}", "[📈 Menuju target]")
    admin.sees(f"Menuju target {year}", "Indikator yang mana?")
    await admin.taps(indikator)
    admin.office.app.sender.rate_limiter.chats.clear()
    await admin.office.works()


@pytest.mark.slow
async def test_one_indikators_way_to_its_target_comes_as_a_picture(admin: Actor) -> None:
    await aims(admin, 2025, "Indeks Kepuasan Masyarakat", "83")
    await enters(admin, 2024, "Indeks Kepuasan Masyarakat", "80,10")
    await enters(admin, 2025, "Indeks Kepuasan Masyarakat", "82,02")
    await sees_its_way(admin, "Indeks Kepuasan Masyarakat", 2026)  # of which nothing is known yet
    assert admin.screen["photo"][-1]["width"] == 1080
    admin.sees("Indeks Kepuasan Masyarakat (IKM) – 2025", "82,02 dari target 83,00", "98,82 %")


@pytest.mark.slow
async def test_the_picture_shows_the_years_from_the_first_known_one(
    admin: Actor, office: Harness
) -> None:
    await aims(admin, 2023, "Indeks Kepuasan Masyarakat", "82")
    await enters(admin, 2022, "Indeks Kepuasan Masyarakat", "79,95")
    await aims(admin, 2024, "Indeks Kepuasan Masyarakat", "83")
    with office.app.office.database.read() as db:
        one = ikus.of_year(db, 2024)[-1].id
        way = pictures.progress_picture(db, office.app.office, 2024, one)
    assert way is not None
    assert way[1].points == (
        YearPoint("2022", Decimal("79.95"), None, marked=True),
        YearPoint("2023", None, Decimal(82)),
        YearPoint("2024", None, Decimal(83)),
    )
    assert (way[1].now, way[1].aim) == ("belum ada", "83,00")


async def test_the_picture_tells_how_near_the_last_target_is(admin: Actor, office: Harness) -> None:
    await aims(admin, 2023, "Indeks Kepuasan Masyarakat", "84")
    await enters(admin, 2022, "Indeks Kepuasan Masyarakat", "79,80")
    with office.app.office.database.read() as db:
        one = ikus.of_year(db, 2022)[-1].id
        way = pictures.progress_picture(db, office.app.office, 2022, one)
    assert way is not None
    assert way[1].note == "diisi tangan: LKIP hal. 14 · Target akhir 2023: 84,00 (95,00 %)"


async def test_an_indikator_without_a_figure_has_no_way_to_draw(
    admin: Actor, office: Harness
) -> None:
    await sees_its_way(admin, "Nilai hasil evaluasi SAKIP")
    assert "belum ada yang digambar" in str(admin.toast)
    assert office.stored.outbox_count("gambar_iku") == 0
    await admin.taps("‹ Tabel")
    admin.sees("IKU Kecamatan Pakong – 2026")


@pytest.mark.slow
async def test_a_picture_that_fails_leaves_its_text(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await aims(admin, 2026, "Nilai hasil evaluasi SAKIP", "70")
    monkeypatch.setattr(rendering, "FOLDER", Path("/tidak/ada"))
    await sees_its_way(admin, "Nilai hasil evaluasi SAKIP")
    assert "photo" not in admin.screen
    admin.sees("Nilai hasil evaluasi SAKIP – 2026", "belum ada realisasi; target 70,00")


async def test_a_typed_predikat_is_shown_as_it_was_typed(admin: Actor, office: Harness) -> None:
    await admin.fills("/iku 2026", "[🎯]", "[Nilai hasil]", "70 (<b>B&B</b> _*[)", "[✅]")
    admin.sees("belum ada realisasi; target 70,00 (<b>B&B</b> _*[)")
    with office.app.office.database.read() as db:
        drawn = pictures.iku_picture(db, office.app.office, 2026).rows
    assert [row.target for row in drawn][1] == "70,00 (<b>B&B</b> _*[)"


@pytest.mark.parametrize("argument", ["dua", "20261", "٢٠٢٦", "<b>", "1", "9999"])
async def test_a_year_that_is_none_gets_one_sentence(argument: str, admin: Actor) -> None:
    await admin.says(f"/iku {argument}")
    admin.sees("Tulis tahunnya, misalnya /iku 2026")


async def test_an_older_screen_of_a_form_changes_nothing(admin: Actor, office: Harness) -> None:
    await admin.fills("/iku 2026", "[🎯]")
    first = admin.screen
    await admin.taps("Nilai hasil")
    await admin.taps("Indeks Kepuasan", on=first)
    admin.sees("Nilai hasil evaluasi SAKIP")
    assert admin.toast == "Layar ini sudah lama; ini yang terbaru."


async def test_a_form_saved_twice_saves_once(admin: Actor, office: Harness) -> None:
    await admin.fills("/iku 2026", "[🎯]", "[Nilai hasil]", "70")
    last = admin.screen
    admin.press("✅", on=last)
    admin.press("✅", on=last)
    await office.works()
    assert office.stored.audit_count("target_iku") == 1


async def test_a_new_command_or_batal_ends_a_form(admin: Actor, office: Harness) -> None:
    for ending in ("/batal", "/profil"):
        await admin.fills("/iku 2026", "[🎯]", "[Nilai hasil]")
        await admin.says(ending)
        await admin.says("70")
        admin.sees("Tidak ada layanan yang cocok dengan “70”")
    assert office.stored.iku_target_count() == 0


async def test_the_profile_names_the_five_tasks_and_ten_functions(admin: Actor) -> None:
    await admin.says("/profil")
    admin.sees("Camat Pakong", "5. melaksanakan fungsi lain", "10. pelaksanaan fungsi lain")


@pytest.mark.parametrize("command", ["/iku", "/sakip", "/profil"])
async def test_a_citizen_does_not_see_the_offices_figures(command: str, citizen: Actor) -> None:
    await citizen.says(command)
    assert citizen.text == "Maaf, perintah itu tidak tersedia untuk Anda."


@pytest.mark.slow
async def test_the_summary_ends_with_the_years_indicators_against_their_targets(
    admin: Actor, group: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await records(admin, *PLAIN)
    await aims(admin, 2026, "Indeks Kepuasan Masyarakat", "83")
    await aims(admin, 2026, "Nilai hasil evaluasi SAKIP", "70,5")
    await office.reaches("2026-10-07 08:00")
    group.sees_not("IKU")
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await office.reaches("2027-01-07 08:00")
    assert group.text.splitlines()[-1] == "IKU 2026: SAKIP 71,35/70,5 · IKM 83,33/83"
