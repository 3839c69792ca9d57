"""The running office: what every handler may know besides the rows and the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

from office.calendar import Calendar, Index
from office.words.all_words import Words
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import Registered, RegisteredUnit

R = TypeVar("R")

Clock = Callable[[], datetime]


class Do(Protocol):
    """Runs one piece of work as a transaction of its own."""

    async def __call__(self, work: Callable[[Db], R]) -> R: ...


FRESH = 600.0  # seconds; an older header says nothing
TOLERANCE = timedelta(minutes=10)


class TelegramTime:
    """Telegram's clock, which checks the computer's: the newest `Date` header of its answers.

    A wrong clock would close, lock and announce periods that have not ended; none can be undone.

    Args:
        exempt: every moment is confirmed; the program follows the clock of a simulator.
    """

    def __init__(self, exempt: bool = False) -> None:
        self.exempt = exempt
        self.noted: tuple[str, float] | None = None

    def note(self, header: str | None) -> None:
        """Note the header of an answer; it is parsed when somebody asks."""
        if header is not None:
            self.noted = header, time.monotonic()

    def now(self) -> datetime | None:
        """Telegram's time, aware UTC; None without a fresh header.

        The monotonic clock may stand still while the computer sleeps: what disagrees with this
        must be asked again.
        """
        if self.noted is None or time.monotonic() - self.noted[1] > FRESH:
            return None
        return self._continued()

    def _continued(self) -> datetime | None:
        """The newest header, however old, and the monotonic time since it came."""
        if self.noted is None:
            return None
        header, came = self.noted
        with suppress(ValueError, OverflowError):
            date = parsedate_to_datetime(header)
            if date.tzinfo is not None:
                return date + timedelta(seconds=time.monotonic() - came)
        return None

    def confirms(self, moment: datetime) -> bool:
        """Whether Telegram's time is known and within ten minutes of this moment."""
        if self.exempt:
            return True
        known = self.now()
        return known is not None and abs(known - moment) <= TOLERANCE

    def not_ahead(self, moment: datetime) -> datetime:
        """The moment, or Telegram's time where the moment is ahead of it by more than allowed.

        An old header serves too: it is right, or too early, which delays what is due for one tick.
        """
        continued = self._continued()
        if self.exempt or continued is None or moment - continued <= TOLERANCE:
            return moment
        return continued


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
    reminders: bool = True
    visit_codes: bool = False
    public_url: str = ""  # of the pages for a browser; empty: nobody outside opens them
    telegram_time: TelegramTime = field(default_factory=TelegramTime)

    def asking(self, index: Index) -> int:
        """The instrument of a period that begins now."""
        return self.instrument_id if index == "ikm" else self.unit_instrument_id

    def asked_in(self, period: PeriodRow) -> int:
        """The wording for what is asked in this period now.

        It is the office's newest one, unless that begins another series: then the period's own.
        """
        of_units = period.kind == "unit"
        newest = self.unit_instrument_id if of_units else self.instrument_id
        known: Mapping[int, Registered | RegisteredUnit] = (
            self.unit_instruments if of_units else self.instruments
        )
        own = period.instrument_id
        return newest if known[newest].item_ids == known[own].item_ids else own

    async def read(self, work: Callable[[Db], R]) -> R:
        """Do this on a snapshot of the database, off the event loop."""

        def snapshot() -> R:
            with self.database.read() as db:
                return work(db)

        return await asyncio.to_thread(snapshot)


def real_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)
