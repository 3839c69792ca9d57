"""The world changes under a running office: what comes late, moves, blocks; clocks that jump."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import app as program
from bot.delivery import display
from simulator.faults import Fault
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness, local

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def rated(office: Harness) -> None:
    """Six citizens rated KTP-el."""
    await respondents.rate(office, [Respondent(NINE)] * 6)


def summaries(chat: Actor) -> int:
    """How many summaries a chat shows."""
    return sum("📊" in (m.get("caption") or m.get("text", "")) for m in chat.messages)


# Updates


@BOTH_DATABASES
async def test_a_tap_handled_after_150_seconds_counts_although_nothing_can_fly_over(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    batch = await office.app.bot.get_updates(timeout=0)
    await office.waits(seconds=200)
    await office.app.turns.handle(batch)
    await office.works()
    citizen.sees("Pertanyaan 2 dari 9")
    assert office.stored.answer_count() == 1


async def test_messages_a_day_late_find_the_next_period_and_are_answered(
    citizen: Actor, office: Harness
) -> None:
    office.world.clock.set(local("2026-09-30 23:50"))
    await citizen.begins()
    await citizen.answers(3, 3)
    citizen.press("Cepat")
    office.world.say(citizen.id, citizen.chat, "/mulai")
    late = await office.app.bot.get_updates(timeout=0)
    await office.reaches("2026-10-01 22:00")
    await office.app.turns.handle(late)
    await office.works()
    citizen.sees("Layanan apa")
    assert office.stored.response_count() == 0


async def test_taps_out_of_order_count_once_each_and_the_screens_agree(
    office: Harness, person: Callable[..., Actor]
) -> None:
    people = [person(number) for number in range(101, 109)]
    for somebody in people:
        await somebody.begins()
    for somebody in people:
        somebody.press(somebody.labels()[1])
        somebody.press(somebody.labels()[3])
    taps = await office.app.bot.get_updates(offset=office.app.polling.offset, timeout=0)
    for tap in reversed(taps):
        await office.app.turns.handle([tap])
    await office.app.display.drained()
    for somebody in people:
        somebody.sees("Pertanyaan 2 dari 9")
    assert office.stored.answers_by_value() == [(4, 8)]


# Chats


@pytest.mark.slow
async def test_a_group_that_moves_while_its_summary_is_on_the_way_gets_it_once(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.clock.set(local("2026-10-07 08:00"))
    await office.app.ticks.tick(office.now)
    there = Actor(office, admin.id, chat=office.world.migrate(CAMAT_GROUP))
    for _ in range(3):  # before the news of the move is read
        office.app.sender.rate_limiter.chats.clear()
        await office.app.sender.send_due()
    await office.works()
    assert summaries(there) == 1
    assert office.stored.outbox_status("ringkasan") == ["sent"]


async def test_who_blocks_half_way_and_comes_back_goes_on(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    await citizen.answers(3, 3)
    citizen.press("Cepat")
    office.world.block(citizen.id, True)
    await office.works()
    office.world.block(citizen.id, False)
    await citizen.fills("/mulai", "[Lanjutkan (3/9)]")
    citizen.sees("Pertanyaan 4 dari 9")
    assert office.app.display.fates["gone"] == 1


@pytest.mark.slow
async def test_a_summary_that_must_wait_an_hour_waits_an_hour(
    rated: None, group: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", 429, retry_after=3600))
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-07 08:59")
    assert summaries(group) == 0
    await office.reaches("2026-10-07 09:00:01")
    assert summaries(group) == 1


@pytest.mark.slow
async def test_a_summary_whose_token_is_refused_once_is_sent_later(
    rated: None, group: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", 401))
    office.world.faults.add(Fault("sendPhoto", 404))
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-07 08:01")
    assert summaries(group) == 0
    await office.reaches("2026-10-07 08:02")
    assert summaries(group) == 1


@pytest.mark.slow
async def test_a_screen_that_must_wait_longer_than_patience_is_shown_all_the_same(
    citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "PATIENCE", 0.2)
    office.world.faults.add(Fault("sendMessage", 429, retry_after=1))
    await citizen.says("/mulai")
    citizen.sees("Layanan apa")


# The clock


@pytest.mark.slow
async def test_a_clock_that_jumps_ahead_and_back_tells_and_locks_once(
    rated: None, group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    moments = ("2026-10-07 08:00", "2026-09-15 10:00", "2026-10-07 08:00", "2026-10-08 09:00")
    for number, moment in enumerate(moments):
        await office.reaches(moment)
        await person(301 + number).rates(*NINE)
    assert summaries(group) == 1
    assert office.stored.periods() == [
        ("2026-TW3", "locked"),
        ("2026-TW4", "open"),
    ]
    assert office.stored.completed_count() == 10
    assert office.stored.set_aside_count() == 0


async def test_a_clock_that_was_behind_by_years_files_nothing_outside_its_period(
    citizen: Actor, office: Harness
) -> None:
    await office.reaches("2000-01-01 00:00")  # a computer whose battery is empty
    await citizen.rates(*NINE)
    await office.reaches("2026-07-06 09:10")
    assert office.days() == [("2026-TW3", "2026-07-01")]


async def down_until(office: Harness, moment: str) -> None:
    """The process is not there; it starts at this moment, and ticks."""
    await office.app.close()
    office.world.clock.set(local(moment))
    await office.starts()
    await office.ticks()


@pytest.mark.slow
async def test_a_process_down_over_close_and_lock_makes_both_good_marked_late(
    rated: None, group: Actor, office: Harness
) -> None:
    await down_until(office, "2026-10-09 10:00")
    group.sees("terlambat dikirim")
    await office.restarts()
    await office.ticks()
    assert summaries(group) == 1


async def test_after_a_week_down_the_unfinished_are_over_and_anybody_may_begin(
    citizen: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    nearly_done = person(102)
    await citizen.begins()
    await nearly_done.begins()
    await nearly_done.answers(*NINE)
    citizen.press("Sesuai")
    await down_until(office, "2026-07-13 09:30")
    assert office.stored.response_status() == [1]
    assert not any("ada gangguan" in m.get("text", "") for m in citizen.messages)
    await citizen.rates(*NINE)
    citizen.sees("Tanda terima")


@pytest.mark.slow
async def test_two_processes_at_the_same_tick_close_lock_and_tell_once(
    rated: None, group: Actor, office: Harness
) -> None:
    other = await program.build(office.config, office.world.clock.now, office.request)
    office.world.clock.set(local("2026-10-07 08:00"))
    for moment in (office.now, office.now + timedelta(seconds=20)):
        await asyncio.gather(*(app.ticks.tick(moment) for app in (office.app, other)))
        await asyncio.gather(*(app.sender.send_due() for app in (office.app, other)))
    await other.close()
    assert summaries(group) == 1
    assert office.stored.audit_count("kunci_periode") == 1
