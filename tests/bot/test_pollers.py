"""A program that polls with our token: an alarm, unless it is a process of this database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot import app as program
from bot.app import App
from bot.intake import pollers, updates
from bot.monitoring.health import Health
from tests.harness import BOTH_DATABASES, TOKEN, Actor, Harness, WatchedRequest

pytestmark = [BOTH_DATABASES, pytest.mark.slow]

STRANGER = "a program of another database polls with our token"
NOTICE = "program lain yang memakai token"


def notices(admin: Actor) -> int:
    """How many notices about a stranger stand in the chat of the admin."""
    return sum(NOTICE in str(message.get("text")) for message in admin.messages)


def is_red(app: App) -> bool:
    """Whether health names a stranger."""
    return any("program lain" in line for line in Health(app=app).troubles(time.monotonic()))


@pytest.fixture
async def polling(office: Harness, admin: Actor) -> AsyncIterator[None]:
    """The office polls, and the admin is known to the bot."""
    task = asyncio.create_task(office.app.polling.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def stranger_polls(office: Harness, times: int = 1) -> None:
    """Another program with our token ends the long poll of the office."""
    stranger = Bot(TOKEN, request=WatchedRequest(office.world))
    for _ in range(times):
        async with asyncio.timeout(30):
            while not office.world.waiters:  # noqa: ASYNC110 # the simulator signals nothing
                await asyncio.sleep(0.01)
        before = office.app.polling.pollers.told
        poll = asyncio.create_task(updates.ask(stranger, 0, 30))
        async with asyncio.timeout(30):
            while office.app.polling.pollers.told == before:  # noqa: ASYNC110 # as above
                await asyncio.sleep(0.01)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
    office.app.sender.rate_limiter.chats.clear()
    while await office.app.sender.send_due():
        pass


@pytest.mark.usefixtures("polling")
async def test_a_stranger_that_polls_makes_health_red_and_is_told_and_logged_once(
    office: Harness, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pollers, "EVERY", 0.0)
    with capture_logs() as logged:
        await stranger_polls(office, 3)
    assert notices(admin) == 1
    assert is_red(office.app)
    assert [each["event"] for each in logged if each["log_level"] == "warning"] == [STRANGER]


@pytest.mark.usefixtures("polling")
async def test_a_stranger_that_comes_back_after_it_stopped_is_told_again(
    office: Harness, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pollers, "EVERY", 0.0)
    await stranger_polls(office)
    monkeypatch.setattr(pollers, "GONE", timedelta(0))
    assert not is_red(office.app)
    await stranger_polls(office)
    assert notices(admin) == 2


@pytest.mark.usefixtures("polling")
async def test_a_second_process_of_the_same_database_is_no_stranger(
    office: Harness, admin: Actor, citizen: Actor
) -> None:
    second = await program.build(office.config, office.world.clock.now, office.request)
    task = asyncio.create_task(second.polling.run())
    await asyncio.sleep(2.0)
    office.world.say(citizen.id, citizen.chat, "/bantuan")
    async with asyncio.timeout(30):
        while office.world.bot().updates:  # noqa: ASYNC110 # the simulator signals nothing
            await asyncio.sleep(0.01)
    for app in (office.app, second):
        assert not is_red(app)
        while await app.sender.send_due():
            pass
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await second.close()
    assert notices(admin) == 0
