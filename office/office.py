"""What all work of the office needs: database, clock, words, instruments and calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Literal, Protocol, TypeVar, get_args
from zoneinfo import ZoneInfo

from office.config import DAYS, Schedule
from office.words.all_words import Words
from scoring import period as periods
from scoring import survey_hours
from scoring.period import Kind, Period
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import Registered, RegisteredUnit

Index = Literal["ikm", "unit"]  # what a period collects for
INDICES: tuple[Index, ...] = get_args(Index)
OFFICE_HOURS = timedelta(hours=8)  # from the posting hour on
REMIND_BEFORE = 10  # working days before the end of the unit heads' period
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
            self.noted = header, monotonic()

    def now(self) -> datetime | None:
        """Telegram's time, aware UTC; None without a fresh header.

        The monotonic clock may stand still while the computer sleeps: what disagrees with this
        must be asked again.
        """
        if self.noted is None or monotonic() - self.noted[1] > FRESH:
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
                return date + timedelta(seconds=monotonic() - came)
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


@dataclass(frozen=True)
class Calendar:
    """Periods, working days and hours of the office."""

    zone: ZoneInfo
    period: Kind
    unit_period: Kind
    rating_days: int
    post_at: time
    work_days: frozenset[int]
    holidays: frozenset[date]
    lock_after: int
    preview_days: int

    @staticmethod
    def from_schedule(schedule: Schedule) -> Calendar:
        """From the config."""
        return Calendar(
            ZoneInfo(schedule.zone),
            schedule.period,
            schedule.unit_period,
            schedule.rating_days,
            schedule.post_at,
            frozenset(DAYS.index(day) for day in schedule.work_days),
            frozenset(schedule.holidays),
            schedule.lock_after,
            schedule.preview_days,
        )

    def containing(self, moment: datetime, index: Index = "ikm") -> Period:
        """The period a moment falls in."""
        kind = self.period if index == "ikm" else self.unit_period
        return periods.containing(moment, kind, self.zone)

    def parse(self, label: str) -> Period:
        """A period by its label; ValueError when there is no such period."""
        return periods.parse(label, self.zone)

    def period_of(self, stored: PeriodRow) -> Period:
        """A stored period over the stretch its row says: one closed early ended before its time."""
        return replace(self.parse(stored.label), start=stored.starts_at, end=stored.ends_at)

    def titles(self, labels: Iterable[str]) -> str:
        """Periods as people call them: `Triwulan III 2026, Triwulan IV 2026`."""
        return ", ".join(periods.title(self.parse(label)) for label in labels)

    def moment(self, at: datetime) -> str:
        """A moment on the office's clock: `7 Okt 2026 08.00 WIB`."""
        return periods.moment(at, self.zone)

    def day(self, moment: datetime) -> date:
        """The local date."""
        return moment.astimezone(self.zone).date()

    def survey_hour(self, moment: datetime) -> str:
        """The band of hours the regulation's form asks for."""
        return survey_hours.band_of(moment.astimezone(self.zone).hour)

    def posting_after(self, moment: datetime) -> datetime:
        """The posting hour of the first working day after a moment's day."""
        day = periods.working_day(self.day(moment), 1, self.work_days, self.holidays)
        return datetime.combine(day, self.post_at, self.zone)

    def office_hour(self, moment: datetime) -> datetime:
        """This moment when the office works, else the next posting hour of a working day."""
        opens = datetime.combine(self.day(moment), self.post_at, self.zone)
        if not self._works(self.day(moment)) or moment >= opens + OFFICE_HOURS:
            return self.posting_after(moment)
        return max(moment, opens)

    def works_at(self, moment: datetime) -> bool:
        """Whether this is an office hour of a working day."""
        return self.office_hour(moment) == moment

    def _works(self, day: date) -> bool:
        return day.weekday() in self.work_days and day not in self.holidays

    def rating_opens(self, rated: PeriodRow) -> datetime:
        """From when unit heads may rate: the last days of their period, or all of it."""
        if not self.rating_days:
            return rated.starts_at
        first = self.day(rated.ends_at) - timedelta(days=self.rating_days)
        return max(rated.starts_at, datetime.combine(first, time(), self.zone))

    def remind_at(self, rated: PeriodRow) -> datetime:
        """When unit heads who owe an answer are reminded, ten working days before the end.

        Where they may rate for a short time only, a third of it passes first.
        """
        day, left = self.day(rated.ends_at), REMIND_BEFORE
        while left:
            day -= timedelta(days=1)
            left -= self._works(day)
        opens = self.rating_opens(rated)
        usual = datetime.combine(day, self.post_at, self.zone)
        return max(usual, opens + (rated.ends_at - opens) / 3)

    def lock_at(self, ends_at: datetime) -> datetime:
        """When a period is locked: at `post_at` of the n-th working day after its end."""
        last = self.day(ends_at - timedelta(microseconds=1))
        day = periods.working_day(last, self.lock_after, self.work_days, self.holidays)
        return datetime.combine(day, self.post_at, self.zone)

    def group_at(self, locked_at: datetime) -> datetime:
        """When the groups get the summary of a period that was locked at this moment.

        Without a preview at once; else at `post_at` of the `preview_days`-th working day after the
        day on which the officials got it, which they do in office hours.
        """
        if not self.preview_days:
            return locked_at
        day = periods.working_day(
            self.day(self.office_hour(locked_at)), self.preview_days, self.work_days, self.holidays
        )
        return datetime.combine(day, self.post_at, self.zone)
