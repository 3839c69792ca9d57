"""How fast the bot writes, in real time: Telegram is never made to say that it is too fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from bot.delivery.rate_limiter import BURST, PER_GROUP_MINUTE, SECOND, RateLimiter
from simulator.rate_limiter import Limits
from tests.harness import Actor, Harness


def paced(office: Harness) -> None:
    """From the next start, this office keeps the rate limits, and its Telegram enforces them."""
    office.settings["telegram"] = {"messages_per_second": 30}
    office.world.limits = Limits()


def refused(office: Harness) -> int:
    return sum(call["status"] == 429 for call in office.world.requests())


@pytest.mark.slow
@pytest.mark.http
async def test_seventy_people_who_come_at_once_are_all_shown_the_consent_without_a_broken_limit(
    office: Harness, person: Callable[..., Actor]
) -> None:
    paced(office)
    await office.restarts()
    people = [person(number) for number in range(301, 371)]
    for somebody in people:
        office.world.say(somebody.id, somebody.chat, "/start l_sktm")
    began = time.monotonic()
    await office.works()
    for somebody in people:
        somebody.sees("anonim")
    assert refused(office) == 0
    assert time.monotonic() - began >= 2 * SECOND


@pytest.mark.slow
async def test_who_taps_faster_than_a_second_sees_the_newest_screen_and_breaks_no_limit(
    citizen: Actor, office: Harness
) -> None:
    paced(office)
    await office.restarts()
    for _ in range(BURST + 3):
        await citizen.says("/bantuan")
    assert refused(office) == 0
    citizen.sees("/hapus_data")


@pytest.mark.slow
async def test_a_chat_that_floods_takes_no_second_of_another() -> None:
    limiter = RateLimiter(30)
    for _ in range(BURST):
        await limiter.acquire_for_screen(1)
    flood = asyncio.create_task(limiter.acquire_for_screen(1))
    began = time.monotonic()
    await limiter.acquire_for_screen(2)
    assert time.monotonic() - began < 0.5
    assert not flood.done()
    await flood


@pytest.mark.slow
async def test_who_came_first_leaves_first() -> None:
    limiter, left = RateLimiter(2), list[int]()

    async def leave(chat: int) -> None:
        await limiter.acquire_for_screen(chat)
        left.append(chat)

    await asyncio.gather(*(leave(chat) for chat in range(5)))
    assert left == [0, 1, 2, 3, 4]


async def test_an_outbox_row_waits_a_second_after_the_last_message_in_its_chat() -> None:
    limiter = RateLimiter(30)
    assert limiter.row_wait(7) == 0
    await limiter.acquire_for_screen(7)
    assert 0.9 < limiter.row_wait(7) <= 1
    assert limiter.row_wait(8) == 0


async def test_a_group_has_twenty_messages_a_minute_screens_and_outbox_rows_together() -> None:
    limiter = RateLimiter(1000)
    for _ in range(PER_GROUP_MINUTE // 2):
        await limiter.acquire_for_screen(-7)
        await limiter.acquire(-7)
    assert 59 < limiter.row_wait(-7) <= 60


async def test_chats_that_are_long_quiet_are_forgotten() -> None:
    limiter = RateLimiter(0)
    for chat in range(1000):
        limiter.record(chat)
        limiter.chats[chat].past[-1] -= 3600
        limiter.chats[chat].whole -= 3600
    limiter.record(1000)
    assert list(limiter.chats) == [1000]
