"""What reminders and the checklist are made of: buttons, names, days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from office.agenda.state import Sample
from office.conversation import NEW_MESSAGE, to
from office.office import Office
from office.survey.screens import Button
from office.words.text import cut
from scoring import sample
from scoring.period import day, title
from storage import periods
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow

NAMED = 8  # of units or indikator in one sentence
NAME = 60  # UTF-16 units
LHE_BY = (10, 1)  # month and day on which the LHE of the year is asked for


def opening(label: str, route: str, subject: int = 0, value: int = 0) -> Button:
    """A button that leaves its message as it is."""
    return Button(label, to(route, subject, value, NEW_MESSAGE))


def listed(office: Office, names: Sequence[str]) -> str:
    """Names in one sentence; of many the first ones. Plain text."""
    shown, more = ", ".join(cut(name, NAME) for name in names[:NAMED]), len(names) - NAMED
    return shown if more <= 0 else office.words.agenda.and_more.plain(names=shown, count=more)


def about(office: Office, counted: Sample) -> str:
    """How many responses there are, in steps of five. Plain text."""
    words = office.words.agenda
    return words.at_least.plain(n=counted.n) if counted.n else words.below.plain(n=sample.STEP)


def last_day(office: Office, period: PeriodRow) -> str:
    """The last day of a period."""
    return day(office.calendar.day(period.ends_at - timedelta(microseconds=1)))


def source(db: Db, office: Office, line: FollowUp) -> str:
    """What a line follows up: a period, or an LHE. Plain text."""
    if line.tahun_evaluasi is not None:
        return office.words.iku.lhe_title.plain(tahun=line.tahun_evaluasi)
    period = periods.by_id(db, line.period_id or 0)
    return "" if period is None else title(office.calendar.period_of(period))
