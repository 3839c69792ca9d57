"""Three processes behind a webhook on one PostgreSQL, in every trouble they may meet; counted.

One command, from the project's folder (the test environment: `./puas test` makes it):

    PYTHONPATH=. .venv/bin/python -m benchmarks.cluster [--people 60] [--kills 10] [--only NAME]

People rate while the trouble lasts; then the period closes and locks, and the Camat's group is
told. Two lines are printed a trouble: answers acknowledged on a screen, and what of them was lost,
doubled, unhandled or set aside, as in `benchmarks.kills`; then the summaries in the group, and
whether the locked index is the one that the people's own taps give.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import aiohttp
from sqlalchemy import make_url

from tests.bot.test_faults import SOCKET, Cable, cut
from tests.cluster import ADMIN, GROUP, LOCKS, Cluster, locked_index, own_count
from tests.kills import Walks, endured
from tests.postgres import Server, server

SCREENS = ("editMessageText", "sendMessage")
NOWHERE = "http://127.0.0.1:9/"  # a port where nobody listens
AUGUST = "2026-08-15T10:00:00+07:00"


@dataclass
class Scene:
    """A cluster in trouble, and what its troubles need to know."""

    town: Cluster
    session: aiohttp.ClientSession
    walks: Walks
    server: Server
    kills: int
    cable: Cable

    @property
    def goes_on(self) -> bool:
        """Whether somebody is still rating."""
        return not all(walk.done() for walk in self.walks)

    async def order(self, what: str, **values: object) -> None:
        """Order something of the simulator."""
        await self.town.order(self.session, what, **values)

    async def fail(self, answer: object, times: int, **values: object) -> None:
        """So many screens meet this."""
        for method in SCREENS:
            await self.order("faults", method=method, answer=answer, times=times, **values)


Trouble: TypeAlias = Callable[[Scene], Awaitable[None]]


async def killed(scene: Scene) -> None:
    """Processes die, and others come."""
    for _ in range(scene.kills):
        await asyncio.sleep(2.0)
        await scene.town.replace_one(scene.session)


async def failing(scene: Scene) -> None:
    """Telegram answers 500, 502 …"""
    await scene.fail(500, 150)


async def hasty(scene: Scene) -> None:
    """Telegram says: too many requests."""
    await scene.fail(429, 40, retry_after=2)


async def unanswered(scene: Scene) -> None:
    """Screens arrive, and nobody hears of it."""
    await scene.fail("timeout_after", 30)


async def refused(scene: Scene) -> None:
    """Connections break before anything is carried out."""
    await scene.fail("refuse", 150)


async def unreachable(scene: Scene) -> None:
    """No process is reached for more than 150 seconds: Telegram forgets the taps."""
    await asyncio.sleep(1.0)
    await scene.order("spread", addresses=[NOWHERE])
    await asyncio.sleep(2.0)
    await scene.order("clock", advance=200)
    await asyncio.sleep(2.0)
    await scene.town.spread(scene.session)


async def repeated(scene: Scene) -> None:
    """Every post goes to all three processes at once."""
    scene.town.copies = scene.town.size
    await scene.town.spread(scene.session)


async def disordered(scene: Scene) -> None:
    """Updates overtake each other, and come twice."""
    scene.town.copies, scene.town.ordered = 2, False
    await scene.town.spread(scene.session)


async def blocked(scene: Scene) -> None:
    """Half of the people block the bot half-way, and come back."""
    people = [person.id for person in scene.town.crowd[::2]]
    await asyncio.sleep(1.5)
    for blocks in (True, False):
        for person in people:
            await scene.order("block", **{"from": person}, blocked=blocks)
        await asyncio.sleep(2.0)


async def kicked(scene: Scene) -> None:
    """The bot is put out of the Camat's group."""
    await scene.order("kick", chat=GROUP, by=ADMIN)


async def restarted(scene: Scene) -> None:
    """PostgreSQL crashes and comes up again, three times."""
    for _ in range(3):
        await asyncio.sleep(2.0)
        await asyncio.to_thread(scene.server.restart)


async def disconnected(scene: Scene) -> None:
    """All connections to PostgreSQL are cut, again and again."""
    ended = 0
    while ended < 60 and scene.goes_on:
        ended += await asyncio.to_thread(cut, scene.town.url)
        await asyncio.sleep(0.2)


async def echoless(scene: Scene) -> None:
    """Answers are committed, and the process never hears that they are."""
    while scene.cable.cuts < 10 and scene.goes_on:
        scene.cable.armed = True
        await asyncio.sleep(0.3)
    scene.cable.armed = False


async def quiet(_: Scene) -> None:
    """Nothing."""


async def at_once(town: Cluster, session: aiohttp.ClientSession) -> None:
    """All are down over close and lock, and start at one moment."""
    await Cluster.ends(town, session)


async def jumping(town: Cluster, session: aiohttp.ClientSession) -> None:
    """The clock jumps past the lock, back, and there again, under the running processes."""
    for moment in (LOCKS, AUGUST, LOCKS):
        await town.order(session, "clock", now=moment)
        await asyncio.sleep(21.0)  # each process ticks
    await town.told(session)


async def migrating(town: Cluster, session: aiohttp.ClientSession) -> None:
    """The group becomes a supergroup while its summary is on the way."""
    await town.order(session, "latency", seconds=1.0)
    await town.order(session, "clock", now=LOCKS)
    while not await town.asked(session, "sendPhoto"):
        await asyncio.sleep(0.02)
    town.group = (await town.order(session, "migrate", chat=GROUP))["new_chat"]
    await town.order(session, "latency", seconds=0.0)
    await town.told(session)


@dataclass(frozen=True)
class Case:
    """A trouble under the people, and how their period ends."""

    trouble: Trouble = quiet
    ends: Callable[[Cluster, aiohttp.ClientSession], Awaitable[None]] = at_once
    summaries: int = 1
    forgets: bool = (
        False  # Telegram itself drops taps: they are unhandled, and none is acknowledged
    )


CASES: Mapping[str, Case] = {
    "killed and added": Case(killed),
    "5xx": Case(failing),
    "429": Case(hasty),
    "time-out after delivery": Case(unanswered),
    "refused connections": Case(refused),
    "callbacks over 150 s": Case(unreachable, forgets=True),
    "every post three times": Case(repeated),
    "out of order, twice": Case(disordered),
    "half block and come back": Case(blocked),
    "kicked from the group": Case(kicked, summaries=0),
    "group migrates meanwhile": Case(ends=migrating),
    "PostgreSQL crashes": Case(restarted),
    "connections cut": Case(disconnected),
    "commits without echo": Case(echoless),
    "clock there and back": Case(ends=jumping),
}


@dataclass
class Office(Cluster):
    """A cluster whose period ends as its case says, and whose line to PostgreSQL may be cut."""

    case: Case = field(default_factory=Case)
    line: str = ""

    def settings(self) -> dict[str, str]:
        return super().settings() | {"DATABASE__URL": self.line}

    async def ends(self, session: aiohttp.ClientSession) -> None:
        await self.case.ends(self, session)


async def meet(town: Office, postgres: Server, people: int, kills: int) -> bool:
    """One trouble; whether everything is as it should be."""
    address = make_url(town.url)
    cable = Cable(str(address.query["host"]))
    line = await asyncio.start_unix_server(cable.carry, town.folder / SOCKET)
    if town.case.trouble is echoless:
        town.line = address.update_query_dict({"host": str(town.folder)}).render_as_string(False)

    async def trouble(session: aiohttp.ClientSession, walks: Walks) -> None:
        await town.case.trouble(Scene(town, session, walks, postgres, kills, cable))

    report = await endured(town, people, 1, 11, trouble)
    line.close()
    await asyncio.sleep(0.5)  # what went through the cable ends too
    told = locked_index(town)
    same = told == own_count(town.crowd, told)
    print(f"{report}\n  summaries={town.told_summaries} ikm={told.ikm} n={told.n} same={same}")
    bad = [report.lost, report.doubled, report.unfinished, report.set_aside]
    if not town.case.forgets:
        bad.append(report.unhandled)
    return same and not any(bad) and town.told_summaries == town.case.summaries


def main() -> int:
    """Meet them one after the other; exit 1 when anything was lost, doubled, or told twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", choices=sorted(CASES))
    chosen = parser.parse_args()
    good = True
    for name, case in CASES.items():
        if chosen.only not in (None, name):
            continue
        with (
            tempfile.TemporaryDirectory(prefix="puas-cluster-") as folder,
            server() as postgres,
            postgres.database() as url,
        ):
            print(name, flush=True)
            town = Office(Path(folder), url, webhook=True, case=case, line=url)
            good &= asyncio.run(meet(town, postgres, chosen.people, chosen.kills))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
