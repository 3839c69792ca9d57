"""Three processes behind a webhook on one PostgreSQL, under each kind of failure in turn.

One command, from the project's folder (the test environment: `./puas test` makes it):

    PYTHONPATH=. .venv/bin/python -m benchmarks.cluster [--people 60] [--kills 10] [--only NAME]

People rate during the failure; then the period closes and locks, and the Camat's group gets its
summary. Two lines are printed per failure: acknowledged answers, and how many of them were lost,
doubled, unhandled or set aside, as in `benchmarks.kills`; then the summaries in the group, and
whether the locked index equals the index computed from what the people tapped.
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
from tests.cluster import ADMIN, GROUP, LOCKS, Cluster, locked_score, score_of_given_answers
from tests.kills import RatingTasks, run_under_trouble
from tests.postgres import Server, server

SCREENS = ("editMessageText", "sendMessage")
NOWHERE = "http://127.0.0.1:9/"  # a port that is not in use
AUGUST = "2026-08-15T10:00:00+07:00"


@dataclass
class Scene:
    """A cluster, and what a failure needs to know of it."""

    deployment: Cluster
    session: aiohttp.ClientSession
    walks: RatingTasks
    server: Server
    kills: int
    cable: Cable

    @property
    def is_rating(self) -> bool:
        """Whether somebody is still rating."""
        return not all(walk.done() for walk in self.walks)

    async def order(self, what: str, **values: object) -> None:
        """Send a command to the simulator."""
        await self.deployment.order(self.session, what, **values)

    async def fail(self, answer: object, times: int, **values: object) -> None:
        """Give this answer to the next `times` calls that show a screen."""
        for method in SCREENS:
            await self.order("faults", method=method, answer=answer, times=times, **values)


Trouble: TypeAlias = Callable[[Scene], Awaitable[None]]


async def killed(scene: Scene) -> None:
    """Processes are killed and replaced."""
    for _ in range(scene.kills):
        await asyncio.sleep(2.0)
        await scene.deployment.replace_one(scene.session)


async def failing(scene: Scene) -> None:
    """Telegram answers 500, 502 …"""
    await scene.fail(500, 150)


async def too_many_requests(scene: Scene) -> None:
    """Telegram answers 429 with `retry_after`."""
    await scene.fail(429, 40, retry_after=2)


async def read_timeouts(scene: Scene) -> None:
    """Screens are delivered, but the call ends in a read time-out."""
    await scene.fail("timeout_after", 30)


async def refused(scene: Scene) -> None:
    """Connections are refused before a call is executed."""
    await scene.fail("refuse", 150)


async def unreachable(scene: Scene) -> None:
    """No process is reachable for more than 150 seconds: Telegram drops the taps."""
    await asyncio.sleep(1.0)
    await scene.order("spread", addresses=[NOWHERE])
    await asyncio.sleep(2.0)
    await scene.order("clock", advance=200)
    await asyncio.sleep(2.0)
    await scene.deployment.spread(scene.session)


async def repeated(scene: Scene) -> None:
    """Every post goes to all three processes at once."""
    scene.deployment.copies = scene.deployment.size
    await scene.deployment.spread(scene.session)


async def disordered(scene: Scene) -> None:
    """Updates arrive out of order, and twice."""
    scene.deployment.copies, scene.deployment.ordered = 2, False
    await scene.deployment.spread(scene.session)


async def blocked(scene: Scene) -> None:
    """Half of the people block the bot during the survey, and unblock it."""
    people = [person.id for person in scene.deployment.crowd[::2]]
    await asyncio.sleep(1.5)
    for blocks in (True, False):
        for person in people:
            await scene.order("block", **{"from": person}, blocked=blocks)
        await asyncio.sleep(2.0)


async def kicked(scene: Scene) -> None:
    """The bot is removed from the Camat's group."""
    await scene.order("kick", chat=GROUP, by=ADMIN)


async def restarted(scene: Scene) -> None:
    """PostgreSQL crashes and restarts, three times."""
    for _ in range(3):
        await asyncio.sleep(2.0)
        await asyncio.to_thread(scene.server.restart)


async def disconnected(scene: Scene) -> None:
    """All connections to PostgreSQL are closed, repeatedly."""
    ended = 0
    while ended < 60 and scene.is_rating:
        ended += await asyncio.to_thread(cut, scene.deployment.url)
        await asyncio.sleep(0.2)


async def lost_commit_replies(scene: Scene) -> None:
    """Transactions are committed, but the connection breaks before the reply."""
    while scene.cable.cuts < 10 and scene.is_rating:
        scene.cable.armed = True
        await asyncio.sleep(0.3)
    scene.cable.armed = False


async def no_trouble(_: Scene) -> None:
    """No failure."""


async def at_once(deployment: Cluster, session: aiohttp.ClientSession) -> None:
    """All processes are down at close and lock, and start at the same moment."""
    await Cluster.ends(deployment, session)


async def jumping(deployment: Cluster, session: aiohttp.ClientSession) -> None:
    """The clock jumps past the lock, back, and past it again, while the processes run."""
    for moment in (LOCKS, AUGUST, LOCKS):
        await deployment.order(session, "clock", now=moment)
        await asyncio.sleep(21.0)  # each process ticks
    await deployment.count_summaries(session)


async def migrating(deployment: Cluster, session: aiohttp.ClientSession) -> None:
    """The group becomes a supergroup while its summary is being sent."""
    await deployment.order(session, "latency", seconds=1.0)
    await deployment.order(session, "clock", now=LOCKS)
    while not await deployment.was_called(session, "sendPhoto"):
        await asyncio.sleep(0.02)
    deployment.group = (await deployment.order(session, "migrate", chat=GROUP))["new_chat"]
    await deployment.order(session, "latency", seconds=0.0)
    await deployment.count_summaries(session)


@dataclass(frozen=True)
class Case:
    """A failure while people rate, and how their period ends."""

    trouble: Trouble = no_trouble
    ends: Callable[[Cluster, aiohttp.ClientSession], Awaitable[None]] = at_once
    summaries: int = 1
    forgets: bool = False  # whether Telegram drops taps, which then are unhandled


CASES: Mapping[str, Case] = {
    "killed and added": Case(killed),
    "5xx": Case(failing),
    "429": Case(too_many_requests),
    "time-out after delivery": Case(read_timeouts),
    "refused connections": Case(refused),
    "callbacks over 150 s": Case(unreachable, forgets=True),
    "every post three times": Case(repeated),
    "out of order, twice": Case(disordered),
    "half block and come back": Case(blocked),
    "kicked from the group": Case(kicked, summaries=0),
    "group migrates meanwhile": Case(ends=migrating),
    "PostgreSQL crashes": Case(restarted),
    "connections cut": Case(disconnected),
    "commits without a reply": Case(lost_commit_replies),
    "clock there and back": Case(ends=jumping),
}


@dataclass
class CaseCluster(Cluster):
    """A cluster whose period ends as `case` says; its connections to PostgreSQL can be cut."""

    case: Case = field(default_factory=Case)
    line: str = ""

    def settings(self) -> dict[str, str]:
        return super().settings() | {"DATABASE__URL": self.line}

    async def ends(self, session: aiohttp.ClientSession) -> None:
        await self.case.ends(self, session)


async def run_case(deployment: CaseCluster, postgres: Server, people: int, kills: int) -> bool:
    """Run one case; whether nothing was lost, doubled or sent twice."""
    address = make_url(deployment.url)
    cable = Cable(str(address.query["host"]))
    line = await asyncio.start_unix_server(cable.carry, deployment.folder / SOCKET)
    if deployment.case.trouble is lost_commit_replies:
        deployment.line = address.update_query_dict(
            {"host": str(deployment.folder)}
        ).render_as_string(False)

    async def trouble(session: aiohttp.ClientSession, walks: RatingTasks) -> None:
        await deployment.case.trouble(Scene(deployment, session, walks, postgres, kills, cable))

    report = await run_under_trouble(deployment, people, 1, 11, trouble)
    line.close()
    await asyncio.sleep(0.5)  # the connections through the cable close too
    locked = locked_score(deployment)
    same = locked == score_of_given_answers(deployment.crowd, locked)
    summaries = deployment.summary_count
    print(f"{report}\n  {summaries=} ikm={locked.ikm} n={locked.n} {same=}")
    bad = [report.lost, report.doubled, report.unfinished, report.set_aside]
    if not deployment.case.forgets:
        bad.append(report.unhandled)
    return same and not any(bad) and summaries == deployment.case.summaries


def main() -> int:
    """Run the cases in turn; exit 1 when anything was lost, doubled or sent twice."""
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
            deployment = CaseCluster(Path(folder), url, webhook=True, case=case, line=url)
            good &= asyncio.run(run_case(deployment, postgres, chosen.people, chosen.kills))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
