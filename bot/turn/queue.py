"""The one writer thread: batches of updates and other work queue for it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from telegram import Update

from bot.delivery.display import Display
from bot.monitoring.durations import Durations
from bot.turn.effects import Effect
from bot.turn.events import Unreadable
from bot.turn.writer import Form, Writer
from office.errors import CAUSES
from office.logs import place_of
from office.turn import Turn
from storage.database import Database, DatabaseTrouble, Db, TroubleKind

log = structlog.get_logger()

R = TypeVar("R")


class Turns:
    """The one writer thread: batches queue while a turn runs, and the next turn takes them all."""

    def __init__(self, writer: Writer, display: Display) -> None:
        self.healthy = True  # whether the last transaction was committed
        self.trouble: TroubleKind | None = None  # why it was not
        self.updates = 0
        self.forms = 0  # of the pages
        self.troubles: Counter[TroubleKind] = Counter()
        self.seconds = Durations()
        self._writer = writer
        self._display = display
        self._thread = ThreadPoolExecutor(1, "writer")
        self._waiting: list[tuple[Sequence[Update | Unreadable], asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None
        self._forms: list[tuple[Form, asyncio.Future[Any]]] = []
        self._answering: asyncio.Task[None] | None = None

    async def handle(self, batch: Sequence[Update | Unreadable]) -> None:
        """Wait until the batch is committed; then it may be confirmed.

        Raises:
            DatabaseTrouble: nothing is committed; deliver the batch again later.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, done))
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        await done

    async def do(self, work: Callable[[Db], R]) -> R:
        """Run one piece of work as a transaction of its own, between two turns."""
        return await self._written(self._writer.office.database.turn, work)

    async def answer(self, person: int | None, work: Callable[[Turn], R]) -> R:
        """Run the work of a form of the pages; forms queue while a turn runs, as batches do.

        Raises:
            DatabaseTrouble: nothing is committed; the form may be sent again.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._forms.append((Form(person, work), done))
        if self._answering is None:
            self._answering = asyncio.ensure_future(self._answer())
        return await done

    async def _answer(self) -> None:
        while self._forms:
            taken, self._forms = self._forms, []
            try:
                values = await self._written(self._writer.answer, [form for form, _ in taken])
                self.forms += len(taken)
            except Exception as error:  # noqa: BLE001 # raised where the form came from
                values = [error] * len(taken)
            for (_, done), value in zip(taken, values, strict=True):
                if done.done():
                    continue
                if isinstance(value, Exception):
                    done.set_exception(value)
                else:
                    done.set_result(value)
        self._answering = None

    async def _written(self, work: Callable[..., R], *values: object) -> R:
        loop = asyncio.get_running_loop()
        try:
            value = await loop.run_in_executor(self._thread, work, *values)
        except DatabaseTrouble as error:
            self._failed(error)
            raise
        self._committed()
        return value

    def show(self, effects: Sequence[Effect]) -> None:
        """Send the effects that a piece of work returned."""
        if effects:
            self._display.show(effects)

    async def rewrite(self, work: Callable[[Database], bool]) -> bool:
        """Let deleted rows leave the files, of SQLite between two turns; what `work` returns."""
        database = self._writer.office.database
        thread = self._thread if database.is_sqlite else None
        return await asyncio.get_running_loop().run_in_executor(thread, work, database)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken, self._waiting = self._waiting, []
            batch = [update for updates, _ in taken for update in updates]
            began = time.perf_counter()
            try:
                effects = await loop.run_in_executor(self._thread, self._writer.handle, batch)
            except Exception as error:  # noqa: BLE001 # raised where the batch came from
                self._failed(error)
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
                continue
            self._committed()
            self.updates += len(batch)
            self.seconds.note(time.perf_counter() - began)
            for _, done in taken:
                if not done.done():
                    done.set_result(None)
            try:
                self._display.show(effects)
            except Exception as error:  # noqa: BLE001 # the turn is committed: the next one goes on
                log.error("screens failed", error=place_of(error))
        self._running = None

    def _failed(self, error: Exception) -> None:
        self.healthy = False
        kind = error.kind if isinstance(error, DatabaseTrouble) else None
        if kind is not None:
            self.troubles[kind] += 1
            if kind != self.trouble:  # once, not at each try
                log.error("database trouble", kind=kind, cause=CAUSES[kind])
        self.trouble = kind

    def _committed(self) -> None:
        if self.trouble is not None:
            log.info("database works again", after=self.trouble)
        self.healthy, self.trouble = True, None

    def close(self) -> None:
        """Wait for the running turn and stop the thread."""
        self._thread.shutdown()
