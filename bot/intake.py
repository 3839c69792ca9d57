"""Updates come in; each is confirmed only after what it changed is committed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot import incoming, outage
from bot.display import Display
from bot.meter import Durations
from bot.office import Office
from bot.refusals import wait
from bot.turn import Effect, Writer, place_of
from storage.database import DatabaseTrouble, Db

log = structlog.get_logger()

R = TypeVar("R")
LONG_POLL = 30  # seconds
LONGEST_PAUSE = 30.0
EVERY = timedelta(seconds=20)  # how often it is noted that updates come through


class Turns:
    """The one writer thread: batches queue while a turn runs, and the next turn takes them all."""

    def __init__(self, writer: Writer, display: Display) -> None:
        self.healthy = True  # whether the last transaction was committed
        self.updates = self.troubles = 0
        self.seconds = Durations()
        self._writer = writer
        self._display = display
        self._thread = ThreadPoolExecutor(1, "writer")
        self._waiting: list[tuple[Sequence[Update], asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def handle(self, batch: Sequence[Update]) -> None:
        """Come back when the batch is committed: then it may be confirmed.

        Raises:
            DatabaseTrouble: nothing is committed; deliver it again later.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, done))
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        await done

    async def do(self, work: Callable[[Db], R]) -> R:
        """Run one piece of work as a transaction of its own, between two turns."""
        loop = asyncio.get_running_loop()
        database = self._writer.office.database
        try:
            found = await loop.run_in_executor(self._thread, database.turn, work)
        except DatabaseTrouble:
            self.healthy = False
            self.troubles += 1
            raise
        self.healthy = True
        return found

    def show(self, effects: Sequence[Effect]) -> None:
        """Show what a piece of work returned."""
        self._display.show(effects)

    async def scrub(self) -> bool:
        """Clean the database's journal, between two turns; False: try again later."""
        database = self._writer.office.database
        return await asyncio.get_running_loop().run_in_executor(self._thread, database.scrub)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken, self._waiting = self._waiting, []
            batch = [update for updates, _ in taken for update in updates]
            began = time.perf_counter()
            try:
                effects = await loop.run_in_executor(self._thread, self._writer.handle, batch)
            except Exception as error:  # noqa: BLE001 # whoever waits must hear of it
                self.healthy = False
                self.troubles += isinstance(error, DatabaseTrouble)
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
                continue
            self.healthy = True
            self.updates += len(batch)
            self.seconds.note(time.perf_counter() - began)
            for _, done in taken:
                if not done.done():
                    done.set_result(None)
            try:
                self._display.show(effects)
            except Exception as error:  # noqa: BLE001 # it is committed: the next turn must go on
                log.error("screens failed", error=place_of(error))
        self._running = None

    def close(self) -> None:
        """Let the running turn end."""
        self._thread.shutdown()


class Awake:
    """When updates last came through; after a longer gap taps are lost and questions repeated."""

    def __init__(self, office: Office, turns: Turns, display: Display) -> None:
        self._office = office
        self._turns = turns
        self._display = display
        self._noted: datetime | None = None

    async def note(self) -> None:
        """Updates come through at this moment."""
        now = self._office.clock()
        if self._noted is not None and abs(now - self._noted) < EVERY:
            return
        note = partial(outage.note, office=self._office, now=now)
        self._display.show(await self._turns.do(note))
        self._noted = now


class Polling:
    """getUpdates, one process at a time: the next offset is the confirmation."""

    def __init__(self, bot: Bot, turns: Turns, awake: Awake) -> None:
        self._bot = bot
        self._turns = turns
        self._awake = awake
        self.offset = 0
        self.answered = time.monotonic()  # when updates last came through, here or elsewhere

    async def run(self) -> None:
        """Poll until cancelled; trouble on either side is waited out.

        The first call after a start or after trouble comes back at once: who waits since then for a
        screen is not to wait until somebody else taps.
        """
        pause, seconds = 0.0, 0
        while True:
            try:
                await self.once(seconds)
                pause, seconds = 0.0, LONG_POLL
            except InvalidToken:
                raise
            except RetryAfter as error:
                seconds = 0
                await asyncio.sleep(wait(error).total_seconds())
            except Exception as error:  # noqa: BLE001 # the edge of the intake: nothing is confirmed
                seconds = 0
                pause = min(max(pause * 2, 0.5), LONGEST_PAUSE)
                what = "polling failed"
                if isinstance(error, Conflict) and "other getUpdates" in error.message:
                    what = "another process polls"
                    self.answered = time.monotonic()
                log.warning(what, error=place_of(error), again_in=pause)
                await asyncio.sleep(pause)

    async def once(self, seconds: int) -> int:
        """Take one batch, commit it, and move the offset; how many updates it had."""
        batch = await incoming.ask(self._bot, self.offset, seconds)
        await self._awake.note()
        if batch:
            await self._turns.handle(batch)
            self.offset = batch[-1].update_id + 1
        self.answered = time.monotonic()
        return len(batch)
