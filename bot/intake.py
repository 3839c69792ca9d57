"""Updates come in; each is confirmed only after what it changed is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.display import Display
from bot.turn import Writer
from storage.database import DatabaseTrouble, Db

log = structlog.get_logger()

R = TypeVar("R")
ALLOWED = ["message", "callback_query", "my_chat_member"]
LONG_POLL = 30  # seconds
LONGEST_PAUSE = 30.0


class Turns:
    """The one writer thread: batches queue while a turn runs, and the next turn takes them all."""

    def __init__(self, writer: Writer, display: Display) -> None:
        self.healthy = True
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
            raise
        self.healthy = True
        return found

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken, self._waiting = self._waiting, []
            batch = [update for updates, _ in taken for update in updates]
            try:
                effects = await loop.run_in_executor(self._thread, self._writer.handle, batch)
            except Exception as error:  # noqa: BLE001 # whoever waits must hear of it
                self.healthy = not isinstance(error, DatabaseTrouble)
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
                continue
            self.healthy = True
            for _, done in taken:
                if not done.done():
                    done.set_result(None)
            self._display.show(effects)
        self._running = None

    def close(self) -> None:
        """Let the running turn end."""
        self._thread.shutdown()


class Polling:
    """getUpdates, one process at a time: the next offset is the confirmation."""

    def __init__(self, bot: Bot, turns: Turns) -> None:
        self._bot = bot
        self._turns = turns
        self.offset = 0

    async def run(self) -> None:
        """Poll until cancelled; trouble on either side is waited out."""
        pause = 0.0
        while True:
            try:
                await self.once(LONG_POLL)
                pause = 0.0
            except InvalidToken:
                raise
            except RetryAfter as error:
                wait = error.retry_after
                await asyncio.sleep(float(wait if isinstance(wait, int) else wait.total_seconds()))
            except (TelegramError, DatabaseTrouble) as error:
                pause = min(max(pause * 2, 0.5), LONGEST_PAUSE)
                what = "another process polls" if isinstance(error, Conflict) else "polling failed"
                log.warning(what, error=type(error).__name__, again_in=pause)
                await asyncio.sleep(pause)

    async def once(self, seconds: int) -> int:
        """Take one batch, commit it, and move the offset; how many updates it had."""
        batch = await self._bot.get_updates(
            offset=self.offset,
            limit=100,
            timeout=seconds,
            allowed_updates=ALLOWED,
            read_timeout=seconds + 10,
        )
        if batch:
            await self._turns.handle(batch)
            self.offset = batch[-1].update_id + 1
        return len(batch)
