"""The office's calendar: periods, working days, hours, and when a period locks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from office.config import DAYS, Schedule
from scoring import period as periods
from scoring import survey_hours
from scoring.period import Kind, Period
from storage.periods import PeriodRow

Index = Literal["ikm", "unit"]  # what a period collects for


INDICES: tuple[Index, ...] = get_args(Index)


OFFICE_HOURS = timedelta(hours=8)  # from the posting hour on


REMIND_BEFORE = 10  # working days before the end of the unit heads' period


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
