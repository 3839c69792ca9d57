"""The running office: what every handler may know besides the rows and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from office.calendar import Calendar, Index
from office.telegram_time import TelegramTime
from office.words.all_words import Words
from storage.database import Database, Db
from storage.instruments import Registered, RegisteredUnit

R = TypeVar("R")

Clock = Callable[[], datetime]


class Do(Protocol):
    """Runs one piece of work as a transaction of its own."""

    async def __call__(self, work: Callable[[Db], R]) -> R: ...


@dataclass(frozen=True)
class Office:
    """Settings and parts that do not change while the program runs."""

    database: Database
    words: Words
    secret: bytes = field(repr=False)
    calendar: Calendar
    instruments: Mapping[int, Registered]
    instrument_id: int
    unit_instruments: Mapping[int, RegisteredUnit]
    unit_instrument_id: int
    username: str
    bot_id: int
    clock: Clock
    min_filled: int
    min_responses: int
    repeat: int
    pulse: bool = False
    telegram_time: TelegramTime = field(default_factory=TelegramTime)

    def asking(self, index: Index) -> int:
        """The instrument of a period that begins now."""
        return self.instrument_id if index == "ikm" else self.unit_instrument_id

    async def read(self, work: Callable[[Db], R]) -> R:
        """Do this on a snapshot of the database, off the event loop."""

        def snapshot() -> R:
            with self.database.read() as db:
                return work(db)

        return await asyncio.to_thread(snapshot)


def real_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)
