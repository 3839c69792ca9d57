"""What the group hears between two summaries, when `schedule.pulse` is on: a week, a real drop."""

from __future__ import annotations

from datetime import datetime, timedelta

from office import outbox_bodies
from office.office import Office
from office.outbox_bodies import Body, DropAlertBody, PulseBody
from office.summary import before_lock
from scoring import period
from scoring.period import Period
from storage import groups, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import program_state
from storage.settings.period_marks import standing
from storage.survey import responses, tallies

NIGHTS = 3  # in a row: of a look every night, one in twelve quarters would show a false drop


def week_due(office: Office, now: datetime) -> Period | None:
    """The week before this one, from the first working day's posting hour on."""
    this = period.containing(now, "minggu", office.calendar.zone)
    first = office.calendar.posting_after(this.start - timedelta(microseconds=1))
    return this.previous() if first <= now < this.end else None


def tell_week(db: Db, office: Office, now: datetime) -> None:
    """How many rated last week, and how the open period stands; once a week and group."""
    week = week_due(office, now)
    current = periods.current(db, "ikm")
    if week is None or current is None or program_state.pulse_week(db) == week.label:
        return
    program_state.note_pulse_week(db, week.label)
    first, last = (office.calendar.day(day) for day in (week.start, week.end - timedelta(days=1)))
    words = office.words.summary
    text = words.pulse(
        week=period.title(week),
        span=period.span(week, office.calendar.zone),
        n=responses.completed_count(db, first, last),
    )
    _post(db, PulseBody(f"{text}\n{_so_far(db, office, current)}"), current, now, week.label)


def _so_far(db: Db, office: Office, current: PeriodRow) -> str:
    """How many responses the open period has, and its letter from thirty people on."""
    words, registered = office.words.summary, office.instruments[current.instrument_id]
    title = period.title(office.calendar.parse(current.label))
    n, mutu = tallies.response_count(db, registered, current.id), standing(db, current.id).mutu
    if mutu is None:
        return words.pulse_n(period=title, n=n)
    return words.pulse_mutu(period=title, n=n, mutu=mutu)


def tell_drop(db: Db, office: Office, current: PeriodRow, now: datetime) -> None:
    """A real drop, three nights in a row, against the last figure; once a period and group."""
    if standing(db, current.id).drops != NIGHTS:
        return
    text = office.words.summary.alert(
        period=period.title(office.calendar.parse(current.label)),
        earlier=before_lock.earlier(db, office, current) or "",
        locks=office.calendar.moment(office.calendar.lock_at(current.ends_at)),
    )
    _post(db, DropAlertBody(text), current, now)


def _post(db: Db, body: Body, current: PeriodRow, now: datetime, part: str = "") -> None:
    for group in groups.linked(db):
        if not group.units:
            outbox_bodies.put(
                db, body, group.chat_id, now,
                part=part, topic_id=group.topic_id, period_id=current.id,
            )  # fmt: skip
