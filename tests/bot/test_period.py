"""/periode: closing early and locking at once, each with a preview."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage import periods
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def rated(office: Harness) -> None:
    """Six citizens rated KTP-el."""
    await respondents.rate(office, [Respondent(NINE)] * 6)


@pytest.fixture
async def six(office: Harness, person: Callable[..., Actor]) -> list[Actor]:
    """The same six, as people who may do something more."""
    people = [person(number) for number in range(101, 107)]
    for citizen in people:
        await citizen.rates(*NINE)
    return people


@pytest.fixture
async def closed(rated: None, admin: Actor, office: Harness) -> None:
    """The quarter was closed early, on a Tuesday afternoon."""
    await office.reaches("2026-09-15 14:00")
    await admin.fills("/periode", "[Tutup Triwulan III 2026]", "[Ya, tutup]")


def summaries(group: Actor) -> list[str]:
    """The captions of the summaries in the group."""
    return [m["caption"] for m in group.messages if "caption" in m]


async def test_periode_shows_the_state_of_the_open_period(rated: None, admin: Actor) -> None:
    await admin.says("/periode")
    admin.sees("Triwulan III 2026", "Terbuka sampai 1 Okt 2026 00.00 WIB", "6 responden")
    admin.sees(
        "isi sendiri (Telegram) 5+", "Dikunci 7 Okt 2026 08.00 WIB; ringkasannya sampai di grup"
    )
    assert admin.labels() == ["Tutup Triwulan III 2026 lebih awal"]


async def test_periode_shows_the_closed_and_the_last_locked_period(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2027-01-01 00:00")
    await admin.says("/periode")
    admin.sees("Triwulan I 2027", "Belum ada responden")
    admin.sees("Triwulan IV 2026", "Ditutup 1 Jan 2027 00.00 WIB", "7 Jan 2027 08.00 WIB")
    admin.sees("Triwulan III 2026", "Terkunci sejak 7 Okt 2026 08.00 WIB")
    assert admin.labels() == [
        "Tutup Triwulan I 2027 lebih awal",
        "Kunci Triwulan IV 2026 sekarang",
    ]


async def test_closing_early_is_previewed_before_it_is_confirmed(
    rated: None, citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.begins("l_kk")
    await office.reaches("2026-07-07 14:00")
    await admin.fills("/periode", "[Tutup]")
    admin.sees("6 responden", "masuk Triwulan IV 2026", "1 survei yang sedang diisi")
    admin.sees("14 Jul 2026 08.00 WIB", "tidak dapat dibuka lagi")
    assert office.stored.periods() == [("2026-TW3", "open")]
    await admin.taps("Tidak")
    admin.sees("Terbuka sampai")
    assert office.stored.periods() == [("2026-TW3", "open")]


async def test_a_response_after_an_early_close_counts_in_the_next_period(
    closed: None, citizen: Actor, admin: Actor, office: Harness
) -> None:
    admin.sees("Triwulan IV 2026", "Menurut kalender baru mulai 1 Okt 2026 00.00 WIB")
    admin.sees("Ditutup 15 Sep 2026 14.00 WIB", "Dikunci 22 Sep 2026 08.00 WIB")
    await citizen.rates(*NINE)
    assert office.stored.responses_by_period() == [("2026-TW3", 6), ("2026-TW4", 1)]


@pytest.mark.slow
async def test_the_calendar_does_not_reopen_a_period_that_was_closed_early(
    closed: None, group: Actor, office: Harness
) -> None:
    for moment in ("2026-09-15 14:01", "2026-10-01 00:00", "2026-10-07 08:00"):
        await office.reaches(moment)
        await office.restarts()
    await office.reaches("2027-01-01 00:00")
    assert office.stored.periods() == [
        ("2026-TW3", "locked"),
        ("2026-TW4", "closed"),
        ("2027-TW1", "open"),
    ]
    group.sees("1 Jul–15 Sep 2026", "6 responden")
    assert len(summaries(group)) == 1


async def test_at_an_early_close_complete_answers_count_and_other_citizens_start_again(
    rated: None, person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    complete, begun = person(201), person(202)
    await complete.begins()
    await complete.answers(*NINE)
    await begun.begins()
    await begun.answers(3)
    await admin.fills("/periode", "[Tutup]")
    begun.press("Mudah")
    admin.press("Ya, tutup")
    begun.press("Mudah")
    await office.works()
    assert begun.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."
    assert office.stored.responses_and_highest_status() == (7, 1)
    assert office.stored.answer_count() == 7 * 9


async def test_a_period_that_was_opened_early_cannot_be_closed_before_it_begins(
    closed: None, admin: Actor, office: Harness
) -> None:
    assert admin.labels() == ["Kunci Triwulan III 2026 sekarang"]
    await office.reaches("2026-10-01 00:00")
    await admin.says("/periode")
    assert "Tutup Triwulan IV 2026 lebih awal" in admin.labels()


@BOTH_DATABASES
async def test_two_presses_at_once_close_one_period(
    rated: None, admin: Actor, office: Harness
) -> None:
    await admin.fills("/periode", "[Tutup]")
    admin.press("Ya, tutup")
    admin.press("Ya, tutup")
    await office.works()
    assert admin.toast == "Keadaannya sudah berubah; ini yang terbaru."
    assert office.stored.periods() == [
        ("2026-TW3", "closed"),
        ("2026-TW4", "open"),
    ]


async def test_locking_at_once_is_previewed_before_it_is_confirmed(
    closed: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await admin.fills("/periode", "[Kunci]")
    admin.sees("6 responden", "22 Sep 2026 08.00 WIB", "Kode pengacak periode dihapus")
    admin.sees("grup Camat Pakong", "Semua ini tidak dapat dibatalkan")
    await admin.taps("Tidak")
    await office.ticks()
    assert office.stored.period_status("2026-TW3") == ["closed"]


async def test_locking_at_once_is_asked_twice_and_the_second_time_names_what_ends(
    closed: None, admin: Actor, office: Harness
) -> None:
    await admin.taps("Kunci", "Ya, kunci")
    await office.ticks()
    assert office.stored.period_status("2026-TW3") == ["closed"]
    admin.sees("Sekali lagi", "isian kertas yang terlambat", "hak warga menghapus jawabannya")
    await admin.taps("Tidak")
    await office.ticks()
    assert office.stored.period_status("2026-TW3") == ["closed"]


@pytest.mark.slow
async def test_locking_at_once_deletes_the_salt_and_sends_the_summary(
    closed: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await admin.fills("/periode", "[Kunci]", "[Ya, kunci]", "[Akhiri keduanya]")
    admin.sees("paling lama satu menit lagi")
    await office.ticks()
    assert office.stored.period_status_and_salt("2026-TW3") == [("locked", None)]
    group.sees("Triwulan III 2026", "83,33 – mutu B", "6 responden; jawaban 1 Jul–15 Sep 2026")
    assert any("🔒 Triwulan III 2026 sudah dikunci" in m.get("text", "") for m in admin.messages)
    await office.reaches("2026-09-22 08:00")
    assert len(summaries(group)) == 1


async def test_without_a_group_the_lock_says_when_the_summary_goes_out(
    closed: None, admin: Actor
) -> None:
    await admin.taps("Kunci")
    admin.sees("ringkasan keluar begitu grup dipasang")


async def test_a_requested_lock_is_not_offered_again(
    closed: None, admin: Actor, office: Harness
) -> None:
    await admin.taps("Kunci", "Ya, kunci")
    confirmation = admin.screen
    await admin.fills("[Akhiri keduanya]", "/periode")
    admin.sees("sedang dikunci")
    assert admin.labels() == []
    await office.restarts()
    await office.ticks()
    office.world.tap(
        admin.id,
        admin.chat,
        confirmation["message_id"],
        confirmation["reply_markup"]["inline_keyboard"][0][0]["callback_data"],
    )
    await office.works()
    assert admin.toast == "Keadaannya sudah berubah; ini yang terbaru."


@pytest.mark.slow
async def test_the_audit_names_who_closed_and_who_locked(
    closed: None, admin: Actor, office: Harness
) -> None:
    await admin.taps("Kunci", "Ya, kunci", "Akhiri keduanya")
    await office.ticks()
    assert (
        office.stored.audit_users_and_targets("tutup_periode", "kunci_periode")
        == [(admin.id, "2026-TW3")] * 2
    )


@pytest.mark.parametrize("label", ["2031-TW9", "tw3", "2026-TW3 2026-TW4", "' OR 1=1", "<b>", "💥"])
async def test_an_unknown_label_is_answered_with_an_example(label: str, admin: Actor) -> None:
    await admin.says(f"/periode {label}")
    admin.sees("Periode itu tidak ada", "Contoh: /periode 2026-TW3")


async def test_an_admin_asks_for_one_period_by_its_label(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-01 00:00")
    await admin.says("/periode 2026-tw3")
    admin.sees("Triwulan III 2026", "6 responden")
    admin.sees_not("Triwulan IV")


async def test_buttons_of_a_missing_period_change_nothing(admin: Actor, office: Harness) -> None:
    await admin.says("/periode")
    routes = [
        "periode-tutup", "periode-tutup-ya", "periode-kunci", "periode-kunci-ya",
        "periode-kunci-akhir",
    ]  # fmt: skip
    for route in routes:
        office.world.tap(admin.id, admin.chat, admin.screen["message_id"], f"y.zz.{route}.0.0")
        await office.works()
        admin.sees("Terbuka sampai")
    assert office.stored.periods() == [("2026-TW3", "open")]


async def test_only_an_admin_may_use_periode(citizen: Actor, admin: Actor, office: Harness) -> None:
    await citizen.says("/periode")
    assert citizen.text == "Maaf, perintah itu tidak tersedia untuk Anda."
    office.world.tap(
        citizen.id, citizen.chat, citizen.screen["message_id"], "y.1.periode-tutup-ya.0.0"
    )
    await office.works()
    assert citizen.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert office.stored.period_status() == ["open"]


@pytest.mark.slow
async def test_a_response_erased_after_the_close_makes_a_numbered_revision(
    six: list[Actor], group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 09:00")
    await six[0].says("/hapus_data")
    await six[0].taps("Ya, hapus")
    await admin.says("/periode 2026-TW3")
    admin.sees("5 responden", "Revisi ke-1, 2 Okt 2026: /hapus_data")
    assert office.stored.revision_users() == [(1, None)]
    await office.reaches("2026-10-07 08:00")
    group.sees("5 responden")
    assert office.stored.result_revisions() == [0]


@pytest.mark.slow
async def test_a_response_erased_while_the_period_is_open_makes_no_revision(
    six: list[Actor], office: Harness
) -> None:
    await six[0].says("/hapus_data")
    await six[0].taps("Ya, hapus")
    assert office.stored.revision_count() == 0


async def test_a_period_that_runs_on_says_so_and_offers_no_lock(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-02 09:00")
    await admin.says("/periode 2026-TW3")
    older = admin.screen
    await office.reaches("2026-10-07 08:00")
    await admin.says("/periode 2026-TW3")
    admin.sees("Ditutup 1 Okt 2026 00.00 WIB", "dihitung bersama Triwulan IV 2026", "1 responden")
    assert admin.labels() == []
    await admin.taps("Kunci", on=older)
    assert admin.toast == "Keadaannya sudah berubah; ini yang terbaru."
    await admin.says("/status")
    admin.sees_not("2026-TW3")


async def test_an_early_lock_of_too_few_people_tells_the_admin_that_they_run_on(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-02 09:00")
    await admin.fills("/periode 2026-TW3", "[Kunci]", "[Ya, kunci]", "[Akhiri keduanya]")
    await office.waits(seconds=5)
    await office.ticks()
    admin.sees("Triwulan III 2026 terlalu sedikit respondennya", "bersama Triwulan IV 2026")
    assert office.stored.running_on() == [("2026-TW3", "2026-TW4")]


@pytest.mark.slow
async def test_closing_a_year_early_leaves_the_next_year_whole(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-12-15 14:00")
    await admin.fills("/periode", "[Tutup Triwulan IV 2026]", "[Ya, tutup]")
    await respondents.rate(office, [Respondent(NINE)] * 6)
    for moment in ("2026-12-22 08:00", "2027-04-07 08:00"):
        await office.reaches(moment)
    with office.app.office.database.read() as db:
        year = office.app.office.calendar.parse("2027")
        assert periods.in_span(db, "ikm", year)[0].label == "2027-TW1"
    group.sees("Triwulan I 2027", "6 responden; jawaban 1 Okt 2026–31 Mar 2027")
    group.sees_not("IKU 2026")
