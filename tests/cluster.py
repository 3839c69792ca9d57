"""Several bot processes behind one webhook on one PostgreSQL, killed and added under load.

The simulator distributes the webhook posts over them. Killed processes stay in its list, as in the
list of a web server: they refuse the connection, and the post goes to the next process.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from scoring import ikm
from scoring.ikm import Score
from storage import instruments, periods, results
from storage.database import Database
from tests.forks import Fork
from tests.kills import Deployment, Person, free_port, simulator_is_ready

ADMIN, GROUP = 9001, -1001
OPENS, LOCKS = "2026-07-06T09:10:00+07:00", "2026-10-07T08:00:00+07:00"
OUTBOX_INTERVAL = 2.5  # seconds in which every process has read the outbox


@dataclass
class Process:
    """One of the bot processes, and the port of its health endpoint."""

    running: Fork
    health: int


@dataclass
class Cluster(Deployment):
    """A deployment of several bot processes, with an admin and the Camat's group."""

    size: int = 3
    copies: int = 1
    ordered: bool = True
    limits: bool = True  # whether the simulator applies Telegram's rate limits
    processes: list[Process] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    group: int = GROUP
    summary_count: int = 0

    async def opens(self, session: aiohttp.ClientSession) -> None:
        """Start all processes at once on an empty database."""
        await simulator_is_ready(self, session)
        await self.order(session, "clock", now=OPENS)
        if not self.limits:
            await self.order(session, "limits", per_chat=None, per_group_minute=None, overall=None)
        for _ in range(self.size):
            self.start_bot()
        await self.are_ready(session)
        await self.order(session, "people", id=ADMIN, first_name="Admin")
        await self.order(session, "groups", id=GROUP, title="Camat", members=[ADMIN])
        await self.order(session, "say", **{"from": ADMIN}, text="/start")
        await self.spread(session)

    def start_bot(self) -> None:
        """Start one more process, on ports of its own."""
        hook, health = free_port(), free_port()
        settings = self.settings() | {
            "TELEGRAM__WEBHOOK_PORT": str(hook),
            "TELEGRAM__ADMINS": str(ADMIN),
            "TELEGRAM__GROUP": str(GROUP),
            "SCHEDULE__PREVIEW_DAYS": "0",
            "HEALTH__PORT": str(health),
            "SIMULATOR__CLOCK": self.root,
            **({} if self.limits else {"TELEGRAM__MESSAGES_PER_SECOND": "0"}),
        }
        self.processes.append(Process(self.program(settings), health))
        self.addresses.append(f"http://127.0.0.1:{hook}/hook")

    async def are_ready(self, session: aiohttp.ClientSession) -> None:
        """Wait until every process accepts posts and has ticked."""
        for process in self.processes:
            for _ in range(1200):
                try:
                    async with session.get(f"http://127.0.0.1:{process.health}/readyz") as answer:
                        if answer.status == 200:
                            break
                except (aiohttp.ClientError, OSError):
                    pass
                await asyncio.sleep(0.05)
            else:
                raise AssertionError(f"a process did not start:\n{self.log()[-3000:]}")

    async def spread(self, session: aiohttp.ClientSession) -> None:
        """Distribute the posts over all processes, killed ones included."""
        how = {"copies": self.copies, "ordered": self.ordered}
        await self.order(session, "spread", addresses=self.addresses, **how)

    def kill(self) -> None:
        """Kill the oldest process with SIGKILL."""
        process = self.processes.pop(0).running
        process.kill()
        process.wait()
        self.kills += 1

    async def replace_one(self, session: aiohttp.ClientSession) -> None:
        """Kill one process and start another, which receives posts at once."""
        await asyncio.to_thread(self.kill)
        self.start_bot()
        await self.spread(session)

    async def ends(self, session: aiohttp.ClientSession) -> None:
        """Kill all, let the period close and lock, then start and tick all at the same moment."""
        while self.processes:
            self.kill()
        self.kills -= self.size
        await self.order(session, "clock", now=LOCKS)
        for _ in range(self.size):
            self.start_bot()
        await self.are_ready(session)
        await self.spread(session)
        await self.count_summaries(session)

    async def count_summaries(self, session: aiohttp.ClientSession) -> None:
        """Wait for the summary, and until each process has read the outbox once more."""
        for _ in range(600):
            if await self.summaries(session):
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(OUTBOX_INTERVAL)
        self.summary_count = await self.summaries(session)

    async def summaries(self, session: aiohttp.ClientSession) -> int:
        """The number of summaries in the Camat's group."""
        return sum(
            "📊" in str(m.get("caption") or m.get("text"))
            for m in await self.chat(session, self.group)
        )

    async def chat(self, session: aiohttp.ClientSession, chat: int) -> list[Any]:
        """The messages of a chat."""
        return await self._view(session, "transcript", chat=str(chat))

    async def was_called(self, session: aiohttp.ClientSession, method: str) -> bool:
        """Whether the bot ever called this method."""
        return any(call["method"] == method for call in await self._view(session, "requests"))

    async def _view(self, session: aiohttp.ClientSession, name: str, **query: str) -> list[Any]:
        async with session.get(f"{self.root}/sim/{name}", params=query) as answer:
            view: list[Any] = await answer.json()
            return view

    async def order(self, session: aiohttp.ClientSession, what: str, **values: Any) -> Any:
        """Send a command to the simulator."""
        async with session.post(f"{self.root}/sim/{what}", json=values) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    def close(self) -> None:
        """Kill every process that still runs."""
        super().close()
        for process in self.processes:
            process.running.kill()
            process.running.wait()


def locked_score(deployment: Deployment) -> Score:
    """The office's stored score of the newest locked period."""
    with closing(Database(deployment.url)) as database, database.read() as db:
        period = periods.latest_locked(db, "ikm")
        assert period is not None
        known = instruments.known(db)
        (result,) = results.of_periods(db, known, [period])
    whole = ikm.merged(*(block.counts.total() for block in result.blocks))
    return ikm.score(known[period.instrument_id].instrument, whole)


def score_of_given_answers(crowd: list[Person], locked: Score) -> Score:
    """The score computed from the answers that the people gave, by the rules of `locked`."""
    codes = locked.instrument.codes
    given = [dict(zip(codes, nilai, strict=True)) for each in crowd for nilai in each.given]
    return ikm.score(locked.instrument, ikm.tally_of(locked.instrument, given), locked.mode)
