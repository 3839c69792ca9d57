"""The running office: what every handler may know besides the rows and the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.config import DAYS, Schedule
from bot.texts import Words
from scoring import period as periods
from scoring.period import Kind, Period
from storage.database import Database
from storage.instruments import Registered

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Calendar:
    """Periods, working days and hours of the office."""

    zone: ZoneInfo
    period: Kind
    post_at: time
    work_days: frozenset[int]
    holidays: frozenset[date]
    lock_after: int

    @staticmethod
    def of(schedule: Schedule) -> Calendar:
        """From the config."""
        return Calendar(
            ZoneInfo(schedule.zone),
            schedule.period,
            schedule.post_at,
            frozenset(DAYS.index(day) for day in schedule.work_days),
            frozenset(schedule.holidays),
            schedule.lock_after,
        )

    def containing(self, moment: datetime) -> Period:
        """The period a moment falls in."""
        return periods.containing(moment, self.period, self.zone)

    def parse(self, label: str) -> Period:
        """A period by its label; ValueError when there is no such period."""
        return periods.parse(label, self.zone)

    def day(self, moment: datetime) -> date:
        """The local date."""
        return moment.astimezone(self.zone).date()

    def survey_hour(self, moment: datetime) -> str:
        """The band of hours the regulation's form asks for."""
        hour = moment.astimezone(self.zone).hour
        if 8 <= hour < 12:
            return "08-12"
        return "13-17" if 13 <= hour < 17 else "lain"

    def posting_after(self, moment: datetime) -> datetime:
        """The posting hour of the first working day after a moment's day."""
        day = periods.working_day(self.day(moment), 1, self.work_days, self.holidays)
        return datetime.combine(day, self.post_at, self.zone)

    def lock_at(self, ends_at: datetime) -> datetime:
        """When a period is locked and told: at `post_at` of the n-th working day after its end."""
        last = self.day(ends_at - timedelta(microseconds=1))
        day = periods.working_day(last, self.lock_after, self.work_days, self.holidays)
        return datetime.combine(day, self.post_at, self.zone)


@dataclass(frozen=True)
class Office:
    """Settings and parts that do not change while the program runs."""

    database: Database
    words: Words
    secret: bytes = field(repr=False)
    calendar: Calendar
    instruments: Mapping[int, Registered]
    instrument_id: int
    username: str
    bot_id: int
    clock: Clock
    min_filled: int
    min_responses: int
    repeat: int
    pulse: bool = False
