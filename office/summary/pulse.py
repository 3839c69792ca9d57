"""What the group hears between two summaries, when `schedule.pulse` is on: a week, a real drop."""

from __future__ import annotations

from datetime import datetime, timedelta

from office import outbox_bodies
from office.office import Office
from office.outbox_bodies import Body, DropAlertBody, PulseBody
from office.summary import content
from scoring import period, precision
from scoring.numbers import comma
from scoring.period import Period
from scoring.precision import Measurement
from storage import groups, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import program_state
from storage.survey import responses

ENOUGH = 30  # responses; a drop of fewer is not reported


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
    words = office.words.office
    text = words.pulse(
        week=period.title(week),
        span=period.span(week, office.calendar.zone),
        n=responses.completed_count(db, first, last),
    )
    summary = content.read(db, office, current, now)
    score = summary.result.score
    if score.ikm is not None and score.n >= office.min_responses:
        figure = comma(score.ikm)
        title = period.title(summary.period)
        text += "\n" + words.pulse_standing(
            period=title, ikm=figure, mutu=score.mutu or "", n=score.n
        )
    _post(db, PulseBody(text), current, now, week.label)


def tell_drop(db: Db, office: Office, current: PeriodRow, now: datetime) -> None:
    """A real drop against the last locked period; once a period and group."""
    summary = content.read(db, office, current, now)
    score = summary.result.score
    if not summary.earlier or score.n < ENOUGH or score.ikm is None:
        return
    before = summary.earlier[0].measured
    here = Measurement.from_score(score, summary.result.margin)
    if before.ikm is None or precision.significant_change(before, here) != "turun nyata":
        return
    text = office.words.office.alert(
        period=period.title(summary.period),
        ikm=comma(score.ikm),
        n=score.n,
        earlier=period.short_title(summary.earlier[0].period),
        value=comma(before.ikm),
    )
    _post(db, DropAlertBody(text), current, now)


def _post(db: Db, body: Body, current: PeriodRow, now: datetime, part: str = "") -> None:
    for group in groups.linked(db):
        if not group.units:
            outbox_bodies.put(
                db, body, group.chat_id, now,
                part=part, topic_id=group.topic_id, period_id=current.id,
            )  # fmt: skip
