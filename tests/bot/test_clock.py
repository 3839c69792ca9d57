"""The clock: periods close and lock, each summary is sent once, and missed ones are sent later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from office.periods import lock, recount
from office.periods.lifecycle import close_early, turn_over
from storage import periods
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_details import opens_respondents
from tests.bot.test_manage import holder
from tests.harness import BOTH_DATABASES, Actor, Harness, local

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


FIVE = [Respondent([2 + (number % 3)] * 9) for number in range(5)]


@pytest.fixture
async def rated(office: Harness) -> None:
    """Five citizens rated KTP-el: enough for a figure."""
    await respondents.rate(office, FIVE)


@pytest.fixture
async def five(office: Harness, person: Callable[..., Actor]) -> list[Actor]:
    """The same five, as people who may do something more."""
    people = [person(number) for number in range(101, 106)]
    for number, citizen in enumerate(people):
        await citizen.rates(*[2 + (number % 3)] * 9)
    return people


def summaries(group: Actor) -> list[str]:
    """The captions of the summaries in the group."""
    return [m["caption"] for m in group.messages if "caption" in m]


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_group_gets_the_summary_and_its_picture_at_the_lock(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-09-30 23:59:59.999")
    await office.reaches("2026-10-01 00:00")
    await office.reaches("2026-10-07 07:59:59")
    assert summaries(group) == []
    await office.reaches("2026-10-07 08:00")
    (summary,) = summaries(group)
    assert summary.splitlines() == [
        "📊 IKM Kecamatan Pakong – Triwulan III 2026",
        "70,00 – mutu C (Kurang baik)",
        "5 responden; perkiraan 44,0–96,0",
    ]
    assert group.screen["photo"][-1]["width"] == 1080


async def recounts(office: Harness, meanwhile: Callable[[], Awaitable[None]]) -> bool:
    """Run `meanwhile` between recount and storing; whether the recount was kept."""
    period = await office.app.office.read(lambda db: periods.current(db, "ikm"))
    assert period
    registered = office.app.office.instruments[period.instrument_id]
    counted = await office.app.office.read(lambda db: recount.of_period(db, registered, period.id))
    ours = office.app.office
    known = await ours.read(lambda db: lock.whole(db, ours, period, [counted]))
    await meanwhile()
    await office.app.turns.do(
        lambda db: lock.store_recount(db, ours, period, [counted], known, office.now)
    )
    return bool(office.stored.standings())


async def test_a_recount_is_kept_when_somebody_rated_meanwhile(
    rated: None, office: Harness, person: Callable[..., Actor]
) -> None:
    sixth = person(106)
    assert await recounts(office, lambda: sixth.rates(*[3] * 9))


@pytest.mark.slow
async def test_a_recount_is_dropped_when_somebody_erased_meanwhile(
    five: list[Actor], office: Harness
) -> None:
    async def erases() -> None:
        await five[0].says("/hapus_data")
        await five[0].taps("Ya")

    assert not await recounts(office, erases)


@pytest.mark.slow
async def test_two_ticks_at_once_send_one_summary(
    rated: None, group: Actor, office: Harness
) -> None:
    office.world.clock.set(local("2026-10-07 08:00"))
    now = office.world.clock.now()
    await asyncio.gather(*(office.app.ticks.tick(now) for _ in range(4)))
    await asyncio.gather(*(office.app.sender.send_due() for _ in range(4)))
    await office.works()
    assert len(summaries(group)) == 1


@pytest.mark.slow
async def test_later_ticks_and_restarts_send_nothing_more(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    for _ in range(3):
        await office.ticks()
        await office.restarts()
    await office.reaches("2026-10-08 08:00")
    assert len(summaries(group)) == 1


@pytest.mark.slow
async def test_a_missed_summary_is_sent_later_and_marked_late(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-19 10:00")
    group.sees("terlambat dikirim")
    assert len(summaries(group)) == 1


async def test_every_period_that_ended_during_downtime_gets_its_summary(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2027-02-01 08:00")
    await office.reaches("2027-02-01 08:01")
    texts = [m.get("caption") or m.get("text", "") for m in group.messages]
    assert sum("Triwulan III 2026" in text for text in texts) == 1
    assert sum("Triwulan IV 2026" in text for text in texts) == 1
    assert any("Periode berikutnya, Triwulan I 2027, dihitung bersama" in text for text in texts)


@pytest.mark.slow
async def test_the_last_millisecond_belongs_to_the_period_that_ends(
    citizen: Actor, office: Harness
) -> None:
    await office.reaches("2026-09-30 23:55")
    await citizen.reaches_review(*NINE)
    await office.reaches("2026-09-30 23:59:59.999")
    await citizen.taps("✅")
    await office.reaches("2026-10-01 00:00")
    assert office.days() == [("2026-TW3", "2026-09-30")]


async def test_the_first_millisecond_belongs_to_the_next_period_even_before_a_tick(
    citizen: Actor, office: Harness
) -> None:
    office.world.clock.set(local("2026-10-01 00:00"))
    await citizen.rates(*NINE)
    assert office.stored.response_periods() == ["2026-TW4"]


async def test_an_answer_after_the_close_says_that_the_period_closed(
    citizen: Actor, office: Harness
) -> None:
    await office.reaches("2026-09-30 23:55")
    await citizen.begins()
    await citizen.answers(3, 3)
    office.world.clock.set(local("2026-10-01 00:00"))
    await citizen.taps("Cepat")
    assert citizen.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."
    assert office.stored.response_count() == 0


async def test_a_response_left_at_the_attributes_counts_without_them(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(*NINE)
    await office.reaches("2026-10-01 00:00")
    assert office.stored.status_and_age() == [(1, None)]
    assert office.stored.open_count() == 0
    assert office.stored.response_periods() == ["2026-TW3"]


async def test_an_abandoned_survey_ends_after_seven_days(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    nearly_done = person(102)
    await citizen.begins()
    await citizen.answers(3, 3)
    await nearly_done.begins()
    await nearly_done.answers(*NINE)
    await office.reaches("2026-07-13 08:59")
    assert office.stored.open_count() == 2
    await office.reaches("2026-07-13 09:01")
    assert office.stored.response_status() == [1]
    assert [day for _, day in office.days()] == ["2026-07-06"]
    await citizen.says("/mulai")
    citizen.sees("Layanan apa")


async def test_a_citizen_may_rate_again_in_a_new_period(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-01 00:00")
    await citizen.scans("l_ktp-el")
    citizen.sees("anonim")


@pytest.mark.slow
async def test_the_salt_is_deleted_at_the_lock(five: list[Actor], office: Harness) -> None:
    await office.reaches("2026-10-07 08:00")
    assert office.stored.period_status_and_salt("2026-TW3") == [("locked", None)]
    await five[0].says("/hapus_data")
    await five[0].taps("Ya, hapus")
    five[0].sees("yang sudah dikunci tidak dapat dihapus")
    assert office.stored.response_count() == 5


@pytest.mark.slow
async def test_a_response_erased_between_close_and_lock_is_not_counted(
    rated: None, group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    sixth = person(106)
    await sixth.rates(*[4] * 9)
    await office.reaches("2026-10-02 09:00")
    await sixth.fills("/hapus_data", "[Ya, hapus]")
    await office.reaches("2026-10-07 08:00")
    group.sees("70,00 – mutu C", "5 responden")


async def test_fewer_than_five_respondents_give_no_figure_and_run_on(
    citizen: Actor, group: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    group.sees("1 responden", "terlalu sedikit", "dihitung bersama Triwulan IV 2026")
    assert "photo" not in group.screen
    assert office.stored.running_on() == [("2026-TW3", "2026-TW4")]
    assert office.stored.result_count() == 0
    await office.reaches("2026-10-08 08:00")
    await office.restarts()
    assert sum("terlalu sedikit" in m.get("text", "") for m in group.messages) == 1


async def test_a_citizen_may_still_erase_answers_that_run_on(
    citizen: Actor, group: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.response_count() == 0


async def test_an_unsur_without_answers_does_not_break_the_summary(
    group: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent((3, 3, 3, 3, 3, 3, 3, 0, 3))] * 6)
    await office.reaches("2026-10-07 08:00")
    group.sees("belum dapat dihitung: tidak ada yang menjawab", "Penanganan pengaduan")


@pytest.mark.slow
async def test_the_summary_shows_the_change_and_whether_it_is_significant(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    await respondents.rate(office, [Respondent([4 - (number == 0)] * 9) for number in range(5)])
    await office.reaches("2027-01-08 08:00")
    group.sees("95,00 – mutu A")
    group.sees("Naik 25,00 dari Triwulan III (70,00); belum ada perubahan nyata")


@pytest.mark.slow
async def test_a_significant_change_is_called_significant(group: Actor, office: Harness) -> None:
    await respondents.rate(office, [Respondent([2 + (number % 2)] * 9) for number in range(10)])
    await office.reaches("2026-10-07 08:00")
    await respondents.rate(office, [Respondent([4 - (number == 0)] * 9) for number in range(10)])
    await office.reaches("2027-01-08 08:00")
    group.sees("Naik 35,00 dari Triwulan III (62,50); kenaikannya nyata")


@pytest.mark.slow
async def test_a_night_with_a_drop_counts_once_however_often_it_is_counted(office: Harness) -> None:
    await respondents.rate(office, [Respondent([3 + (number % 2)] * 9) for number in range(30)])
    await office.reaches("2026-10-07 08:00")
    await respondents.rate(office, [Respondent([1 + (number % 2)] * 9) for number in range(30)])
    drops = []
    for moment in ("2026-10-08 08:00", "2026-10-09 08:00"):
        await office.reaches(moment)
        drops.append(office.stored.standings()[0]["drops"])
    period = await office.app.office.read(lambda db: periods.current(db, "ikm"))
    assert period
    early = partial(close_early, office=office.app.office, period_id=period.id, user_id=1)
    await office.app.turns.do(lambda db: early(db, now=office.now))
    for moment in ("2026-10-09 09:00", "2026-10-10 08:00"):
        await office.reaches(moment)
        drops.append(office.stored.standings()[0]["drops"])
    assert drops == [1, 2, 2, 3]


async def test_a_wrong_tally_is_found_repaired_and_reported(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE tally SET count = count + 1 WHERE nilai = 4")
    await office.reaches("2026-10-07 08:00")
    group.sees("70,00 – mutu C")
    admin.sees("Hitungan ulang Triwulan III 2026 berbeda")


async def test_a_locked_result_is_rebuilt_from_its_inputs(
    rated: None, citizen: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    await citizen.says("/hasil")
    citizen.sees(
        "70,00 – C (Kurang baik)", "Triwulan III 2026", "5 responden", "Persyaratan: 2,800"
    )


async def test_before_the_first_lock_hasil_says_that_nothing_is_locked(citizen: Actor) -> None:
    await citizen.says("/hasil")
    citizen.sees("Belum ada hasil yang dikunci")


@pytest.mark.slow
async def test_a_single_repeat_is_told_and_the_index_without_it_is_withheld(
    five: list[Actor], admin: Actor, office: Harness
) -> None:
    await five[0].taps("Isi untuk orang lain")
    await five[0].taps("Setuju")
    await five[0].answers(*[4] * 9)
    await five[0].declines()
    await five[0].taps("✅")
    await office.reaches("2026-10-07 08:00")
    await opens_respondents(admin)
    admin.sees("6 responden", "Isian kedua atau ketiga dari HP yang sama: 1")
    admin.sees_not("tanpa itu")  # the difference would disclose the answers of one person


@pytest.mark.slow
async def test_the_index_without_repeats_is_shown_when_there_are_many(
    five: list[Actor], admin: Actor, office: Harness
) -> None:
    for citizen in five:
        await citizen.taps("Isi untuk orang lain", "Setuju")
        await citizen.answers(*[4] * 9)
        await citizen.declines()
        await citizen.taps("✅")
    await office.reaches("2026-10-07 08:00")
    await opens_respondents(admin)
    admin.sees("10 responden", "yang sama: 5; tanpa itu IKM 70,00")


async def test_an_unsur_that_one_citizen_answered_is_in_no_figure(
    group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    one = Respondent((3, 3, 3, 3, 3, 3, 3, 1, 3))
    others = [Respondent((3, 3, 3, 3, 3, 3, 3, 0, 3))] * 5
    await respondents.rate(office, [one, *others])
    await office.reaches("2026-10-07 08:00")
    group.sees("6 responden", "terlalu sedikit", "dihitung bersama Triwulan IV 2026")
    group.sees_not("Penanganan pengaduan")
    reader = person(108)
    await reader.says("/hasil")
    reader.sees_not("Penanganan pengaduan", "75,00")


@pytest.mark.slow
async def test_a_figure_whose_responses_were_all_erased_is_not_published(
    five: list[Actor], group: Actor, office: Harness
) -> None:
    await office.reaches("2026-07-07 09:00")  # after the nightly recount
    for citizen in five:
        await citizen.fills("/hapus_data", "[Ya, hapus]")
    await office.reaches("2026-10-07 08:00")
    assert office.stored.result_count() == 0
    group.sees("Tidak ada responden")


async def test_after_the_lock_no_response_has_a_key_or_an_owner(
    rated: None, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    assert office.stored.owners() == []


async def test_the_salt_is_gone_from_every_file_after_the_lock(
    rated: None, office: Harness
) -> None:
    (salt,) = office.stored.salts()
    await office.reaches("2026-10-07 08:00")
    files = [path for path in office.folder.iterdir() if path.is_file()]
    assert not [path.name for path in files if salt in path.read_bytes()]


async def test_a_changed_period_length_applies_after_the_open_period(office: Harness) -> None:
    office.settings["schedule"] = {"period": "bulan"}
    await office.restarts()
    await office.reaches("2026-10-01 00:00")
    assert office.stored.period_labels() == ["2026-TW3", "2026-10"]


@pytest.mark.parametrize(("paid", "told"), [(4, 0), (5, 1)])
async def test_the_camat_is_told_of_a_levy_from_five_people_and_the_group_never(
    paid: int, told: int, group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person(9102, name="Camat"), "camat", "Camat Pakong")
    levied = [Respondent((3, 3, 3, 2, 3, 3, 3, 3, 3), "pindah-datang")] * paid
    await respondents.rate(office, [*[Respondent(NINE)] * 6, *levied])
    await office.reaches("2026-10-07 08:00")
    await office.waits(seconds=5)  # at most one message a second to a chat
    await office.ticks()
    texts = [m.get("text", "") for m in camat.messages]
    assert sum("bukan 'gratis'" in text for text in texts) == told
    assert not any("gratis" in str(m) or "Pindah/datang" in str(m) for m in group.messages)


async def test_services_with_few_answers_are_joined_in_the_details(
    admin: Actor, office: Harness
) -> None:
    services = [("ktp-el", 9), ("kk", 6), ("sktm", 4), ("nikah", 2)]
    for service, times in services:
        await respondents.rate(office, [Respondent(NINE, service)] * times)
    await office.reaches("2026-10-07 08:00")
    await admin.fills("/ringkasan 2026-TW3", "[Rincian]", "[Berikutnya]")
    admin.sees("KTP-el: 83,33 (B)", "9 jawaban", "Kartu Keluarga (KK): 83,33 (B)")
    admin.sees("yang lain, digabung: 83,33 (B)")
    admin.sees_not("SKTM:", "ikah:")


@pytest.mark.parametrize(
    "office",
    [{"schedule": {"holidays": ["2026-10-01", "2026-10-02"], "lock_after": 2}}],
    indirect=True,
)
async def test_holidays_and_weekends_do_not_count_as_working_days(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-06 07:59")
    assert summaries(group) == []
    await office.reaches("2026-10-06 08:00")
    assert len(summaries(group)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("office", "moment"),
    [
        ({"schedule": {"holidays": ["2026-10-07"]}}, "2026-10-08 08:00"),
        (
            {"schedule": {"holidays": ["2026-10-07", "2026-10-08", "2026-10-09"]}},
            "2026-10-12 08:00",
        ),
        ({"schedule": {"work_days": ["senin", "sabtu"]}}, "2026-10-17 08:00"),
    ],
    indirect=["office"],
)
async def test_a_holiday_at_the_posting_hour_moves_the_summary_to_the_next_working_day(
    moment: str, rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    eve = (local(moment) - timedelta(seconds=1)).replace(tzinfo=None).isoformat(" ")
    await office.reaches(eve)
    assert summaries(group) == []
    await office.reaches(moment)
    group.sees("5 responden")
    group.sees_not("terlambat", "lebih awal")


QUARTERS = [
    ("2026-TW3", "2026-09-30 23:59:59.999", "2026-10-01 00:00", "2026-TW4"),
    ("2026-TW4", "2026-12-31 23:59:59.999", "2027-01-01 00:00", "2027-TW1"),
    ("2027-TW1", "2027-03-31 23:59:59.999", "2027-04-01 00:00", "2027-TW2"),
    ("2027-TW2", "2027-06-30 23:59:59.999", "2027-07-01 00:00", "2027-TW3"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("before", "last", "first", "after"), QUARTERS)
async def test_a_quarter_ends_at_midnight_on_the_offices_clock(
    before: str, last: str, first: str, after: str, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches(last)
    await person(101).rates(*NINE)
    await office.reaches(first)
    await person(102).rates(*NINE)
    assert office.days() == [(before, last[:10]), (after, first[:10])]


@pytest.mark.slow
@pytest.mark.parametrize("office", [{"schedule": {"period": "bulan"}}], indirect=True)
async def test_a_leap_day_is_the_last_of_its_month(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2028-02-28 23:59:59.999")
    await office.reaches("2028-02-29 23:59:59.999")
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await office.reaches("2028-03-01 00:00")
    await person(106).rates(*NINE)
    assert {*office.days()} == {("2028-02", "2028-02-29"), ("2028-03", "2028-03-01")}
    await office.reaches("2028-03-07 08:00")
    await citizen.says("/hasil")
    citizen.sees("Februari 2028 (1–29 Feb 2028)", "5 responden")


@pytest.mark.slow
@pytest.mark.parametrize("office", [{"schedule": {"period": "tahun"}}], indirect=True)
async def test_a_year_ends_at_midnight_and_its_summary_names_it(
    rated: None, group: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2026-12-31 23:59:59.999")
    await office.reaches("2027-01-01 00:00")
    await person(106).rates(*NINE)
    assert {*office.days()} == {("2026", "2026-07-06"), ("2027", "2027-01-01")}
    await office.reaches("2027-01-07 08:00")
    group.sees("IKM Kecamatan Pakong – Tahun 2026", "5 responden")


async def test_a_repeated_tick_changes_nothing(office: Harness) -> None:
    now = office.world.clock.now()
    for _ in range(2):
        await office.app.turns.do(lambda db: turn_over(db, office.app.office, now))
    assert office.stored.all_periods() == [("ikm", "2026-TW3", "open"), ("unit", "2026-S2", "open")]


async def test_an_office_that_switched_reminders_off_gets_none(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent((4,) * 9) for _ in range(6)])
    before = len(admin.messages)
    await office.reaches("2026-09-24 08:00")
    assert len(admin.messages) == before
