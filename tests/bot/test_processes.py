"""Several bot processes on one PostgreSQL: any may handle any update, each is handled once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot import app as program
from bot.app import App
from tests.stage import Actor, Stage, WatchedRequest, local

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("where", ["postgres"], indirect=True),
]

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def apps(office: Stage) -> AsyncIterator[list[App]]:
    """Three processes, as far as rows can tell: each with its own connections and writer."""
    more = [
        await program.build(
            office.config, office.world.clock.now, lambda: WatchedRequest(office.world)
        )
        for _ in range(2)
    ]
    yield [office.app, *more]
    for app in more:
        await app.close()


async def deliver(apps: list[App], *, twice: bool) -> None:
    """Hand out what waits, update by update, to one process after the other, or to all at once."""
    first = apps[0]
    while batch := await first.bot.get_updates(offset=first.polling.offset, timeout=0):
        work = [
            app.turns.handle([update])
            for number, update in enumerate(batch)
            for app in (apps if twice else [apps[number % len(apps)]])
        ]
        await asyncio.gather(*work)
        for app in apps:
            await app.display.drained()
        first.polling.offset = batch[-1].update_id + 1


@pytest.mark.parametrize("twice", [False, True], ids=["spread", "everything to everybody"])
async def test_people_rate_while_three_processes_share_their_updates(
    twice: bool, apps: list[App], office: Stage, person: Callable[..., Actor]
) -> None:
    people = [person(number) for number in range(101, 113)]
    for somebody in people:
        office.world.say(somebody.id, somebody.chat, "/start l_ktp-el")
    await deliver(apps, twice=twice)
    for step in range(15):
        for somebody in people:
            screen = next(m for m in reversed(somebody.messages) if m["from"]["is_bot"])
            wanted = {0: "Setuju", 14: "✅"}.get(step)
            labels = somebody.labels(screen)
            somebody.press(wanted or (labels[2] if step < 10 else labels[0]), on=screen)
        await deliver(apps, twice=twice)
    assert office.rows("SELECT count(*) FROM response WHERE status = 1") == [(12,)]
    assert office.rows("SELECT nilai, count(*) FROM answer GROUP BY nilai") == [(3, 108)]
    assert office.rows("SELECT sum(count) FROM tally WHERE scope = 2") == [(108,)]
    assert sum(app.writer.failures for app in apps) == 0


async def test_three_processes_tick_and_send_and_one_summary_lands(
    apps: list[App], group: Actor, office: Stage, person: Callable[..., Actor]
) -> None:
    for number in range(101, 107):
        await person(number).rates(*NINE)
    office.world.clock.set(local("2026-10-07 08:00"))
    now = office.world.clock.now()
    await asyncio.gather(*(app.ticks.tick(now) for app in apps for _ in range(2)))
    await asyncio.gather(*(app.post.send_due() for app in apps for _ in range(2)))
    assert sum("caption" in message for message in group.messages) == 1
    assert office.rows("SELECT status FROM outbox WHERE period_id IS NOT NULL") == [("sent",)]
    assert office.rows("SELECT kind FROM period WHERE status = 'open' ORDER BY kind") == [
        ("ikm",),
        ("unit",),
    ]
