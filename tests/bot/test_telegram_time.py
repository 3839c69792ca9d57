"""A wrong clock: what depends on the date waits until Telegram's `Date` confirms the clock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.monitoring.health import Health
from office import notices, outbox_bodies
from office.outbox_bodies import RatingReminderBody
from simulator.faults import Fault
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness, leads, local

pytestmark = BOTH_DATABASES

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
SEVENTEEN_MONTHS = timedelta(days=518)
OPEN = [("ikm", "2026-TW3", "open"), ("unit", "2026-S2", "open")]


@pytest.fixture
async def five(office: Harness, person: Callable[..., Actor]) -> list[Actor]:
    """Five citizens who rated KTP-el: enough for a figure."""
    people = [person(number) for number in range(101, 106)]
    for citizen in people:
        await citizen.rates(*NINE)
    return people


def summaries(group: Actor) -> list[str]:
    """The texts of the summaries in the group."""
    texts = [m.get("caption") or m.get("text", "") for m in group.messages]
    return [text for text in texts if text.startswith("📊")]


def troubles(office: Harness) -> list[str]:
    """The lines of `/healthz` about the clock."""
    lines = Health(app=office.app).troubles(time.monotonic())
    return [line for line in lines if line.startswith("jam: komputer")]


def warnings(admin: Actor) -> list[str]:
    """What the admin reads about the clock."""
    texts = [m.get("text", "") for m in admin.messages]
    return [text for text in texts if "Jam komputer diragukan" in text]


@pytest.mark.slow
async def test_a_minute_of_a_clock_17_months_ahead_closes_locks_and_posts_nothing(
    five: list[Actor],
    group: Actor,
    admin: Actor,
    office: Harness,
    person: Callable[..., Actor],
) -> None:
    office.clock_ahead = SEVENTEEN_MONTHS
    await person(106).rates(*NINE)
    for _ in range(3):
        await office.ticks()
    assert office.stored.all_periods() == OPEN
    assert summaries(group) == []
    assert len(warnings(admin)) == 1
    assert (
        "Jam komputer: 6 Des 2027 09.00 WIB. Jam Telegram: 6 Jul 2026 09.00" in warnings(admin)[0]
    )
    assert "6 Des 2027" in troubles(office)[0]
    office.clock_ahead = timedelta(0)
    await office.ticks()
    assert troubles(office) == []
    await person(107).rates(*NINE)
    assert set(office.stored.response_periods()) == {"2026-TW3"}
    await office.reaches("2026-10-07 08:00")
    group.sees("Triwulan III 2026", "7 responden")
    assert len(warnings(admin)) == 1


async def test_a_second_disagreement_is_told_again(admin: Actor, office: Harness) -> None:
    for ahead in (SEVENTEEN_MONTHS, timedelta(0), -SEVENTEEN_MONTHS):
        office.clock_ahead = ahead
        await office.ticks()
    assert len(warnings(admin)) == 2


async def test_a_clock_nine_minutes_ahead_is_believed_and_eleven_are_not(office: Harness) -> None:
    office.clock_ahead = timedelta(minutes=9)
    await office.ticks()
    assert troubles(office) == []
    office.clock_ahead = timedelta(minutes=11)
    await office.ticks()
    assert len(troubles(office)) == 1


@pytest.mark.slow
async def test_without_telegrams_time_the_close_waits_and_is_made_good(
    five: list[Actor], admin: Actor, office: Harness
) -> None:
    office.app.office.telegram_time.noted = None
    office.world.clock.set(local("2026-10-07 08:00"))
    office.world.faults.add(Fault("getMe", "refuse"))
    await office.app.ticks.tick(office.clock())
    assert office.stored.all_periods() == OPEN
    assert "Telegram tidak diketahui" in troubles(office)[0]
    await office.ticks()
    assert ("ikm", "2026-TW3", "locked") in office.stored.all_periods()
    assert warnings(admin) == []


@pytest.mark.slow
async def test_an_office_computer_that_slept_over_a_long_weekend_closes_and_locks_at_once(
    five: list[Actor], group: Actor, admin: Actor, office: Harness
) -> None:
    """The monotonic clock stood still meanwhile: the header from before seems to disagree."""
    await office.reaches("2026-10-01 20:00")
    office.world.clock.set(local("2026-10-07 08:00"))
    office.world.faults.add(Fault("getMe", "refuse"))  # the network is up a little later
    await office.app.ticks.tick(office.clock())
    await office.ticks()
    assert len(summaries(group)) == 1
    assert warnings(admin) == []


@pytest.mark.slow
async def test_a_quarter_and_a_semester_lock_in_the_same_tick(
    five: list[Actor], group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await office.reaches("2026-12-31 23:59")
    await office.reaches("2027-01-07 08:00")
    assert office.stored.all_periods() == [
        ("ikm", "2026-TW3", "locked"),
        ("ikm", "2026-TW4", "locked"),
        ("ikm", "2027-TW1", "open"),
        ("unit", "2026-S2", "locked"),
        ("unit", "2027-S1", "open"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("office", [{"schedule": {"period": "bulan"}}], indirect=True)
async def test_a_month_in_which_nobody_rated_runs_on_and_the_group_hears_it(
    five: list[Actor], group: Actor, office: Harness
) -> None:
    await office.reaches("2026-08-07 08:00")
    await office.reaches("2026-09-07 08:00")
    assert office.stored.period_status() == ["locked", "closed", "open"]
    assert office.stored.running_on() == [("2026-08", "2026-09")]
    assert len(summaries(group)) == 2
    assert "Agustus 2026\nTidak ada responden" in summaries(group)[1]


@pytest.mark.slow
async def test_periods_before_the_first_answer_are_neither_locked_nor_posted(
    group: Actor, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    await office.reaches("2027-02-01 08:00")
    assert office.stored.periods() == [
        ("2026-TW3", "closed"),
        ("2026-TW4", "closed"),
        ("2027-TW1", "open"),
    ]
    await admin.says("/periode")
    admin.sees("sebelum jawaban pertama kantor")
    for number in range(101, 106):
        await person(number).rates(*NINE)
    await office.reaches("2027-04-07 08:00")
    assert len(summaries(group)) == 1
    assert office.stored.period_status("2026-TW4") == ["closed"]
    assert office.stored.period_status("2027-TW1") == ["locked"]


@pytest.mark.slow
async def test_a_period_is_not_closed_early_by_a_doubted_clock(
    five: list[Actor], admin: Actor, office: Harness
) -> None:
    await admin.fills("/periode", "[Tutup Triwulan III 2026]")
    office.clock_ahead = timedelta(days=1)
    await admin.taps("Ya, tutup")
    assert "belum cocok dengan jam Telegram" in (admin.toast or "")
    assert office.stored.period_status("2026-TW3") == ["open"]


async def test_a_clock_ahead_sends_nothing_before_its_time(citizen: Actor, office: Harness) -> None:
    await citizen.says("/mulai")
    with office.app.office.database.write() as db:
        tomorrow = office.now + timedelta(days=1)
        outbox_bodies.put(db, RatingReminderBody("Besok kantor buka", None), citizen.id, tomorrow)
    office.clock_ahead = SEVENTEEN_MONTHS
    await office.ticks()
    assert not any("Besok" in m.get("text", "") for m in citizen.messages)
    office.clock_ahead = timedelta(0)
    await office.waits(days=1, seconds=1)
    await office.works()
    citizen.sees("Besok kantor buka")


@pytest.mark.parametrize("ticked", [True, False])
async def test_a_notice_written_by_a_clock_ahead_arrives_without_waiting_for_its_date(
    ticked: bool, citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.says("/mulai")
    office.clock_ahead = SEVENTEEN_MONTHS
    await office.ticks()
    with office.app.office.database.write() as db:
        notices.tell(db, citizen.id, "Formulir sudah diterima", office.clock())
    if ticked:
        await office.ticks()
    else:
        office.clock_ahead = timedelta(0)
        await office.restarts()
        await office.ticks()
    citizen.sees("Formulir sudah diterima")


async def test_a_header_older_than_ten_minutes_is_asked_for_again(
    office: Harness,
) -> None:
    telegram_time = office.app.office.telegram_time
    assert telegram_time.confirms(office.clock())
    header, came = telegram_time.noted or ("", 0.0)
    telegram_time.noted = header, came - 601
    assert not telegram_time.confirms(office.clock())
    await office.app.ticks.tick(office.clock())
    assert telegram_time.confirms(office.clock())
    assert troubles(office) == []


@pytest.mark.slow
async def test_a_head_who_rates_later_does_not_lock_the_quarter_before_the_first_answer(
    group: Actor, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    head = person(501)
    await leads(admin, head, "Seksi Pemerintahan")
    await office.reaches("2026-10-20 08:00")
    await head.fills("/nilai", "[Setuju]")
    await head.answers(*[3] * 21)
    await head.taps("✅")
    await office.reaches("2027-01-07 08:00")
    assert office.stored.all_periods() == [
        ("ikm", "2026-TW3", "closed"),
        ("ikm", "2026-TW4", "closed"),
        ("ikm", "2027-TW1", "open"),
        ("unit", "2026-S2", "locked"),
        ("unit", "2027-S1", "open"),
    ]
    assert office.stored.running_on() == [("2026-TW4", "2027-TW1")]
    assert len(summaries(group)) == 1


@pytest.fixture
async def new_office(tmp_path: Path, database_url: str) -> AsyncIterator[Harness]:
    """An office whose computer starts for the first time with the clock at 2016."""
    harness = Harness(tmp_path, database_url)
    harness.clock_ahead = local("2016-01-01 00:00") - local("2026-07-06 09:00")
    await harness.open()
    yield harness
    await harness.close()


async def test_a_first_start_with_the_clock_at_2016_opens_the_periods_of_telegrams_time(
    new_office: Harness,
) -> None:
    await new_office.ticks()
    assert new_office.stored.all_periods() == OPEN
    new_office.clock_ahead = timedelta(0)
    await new_office.ticks()
    assert new_office.stored.all_periods() == OPEN
