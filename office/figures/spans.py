"""Spans: the locked periods that a label names or contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from office.office import Office
from scoring import period as calendar
from scoring.period import Period
from storage import periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks


class NoFigures(Exception):
    """There are no figures of a span; the message, plain text from the words, says why."""


class SeveralSeries(NoFigures):
    """The periods of a span belong to several series; `periods` are their titles."""

    def __init__(self, message: str, periods: str) -> None:
        super().__init__(message)
        self.periods = periods


@dataclass(frozen=True, slots=True)
class Span:
    """A period, or the periods inside a longer stretch, oldest first.

    Args:
        named: what was asked for; of a stored period over the days that its figures cover.
        run_in: earlier periods whose answers these periods count too.
        final: when the figures were fixed; None while a period in the span is not locked.
    """

    named: Period
    periods: tuple[PeriodRow, ...]
    run_in: tuple[PeriodRow, ...]
    final: datetime | None

    @property
    def ids(self) -> list[int]:
        """All periods whose answers are counted."""
        return [each.id for each in (*self.run_in, *self.periods)]

    def counted(self, period: PeriodRow) -> list[int]:
        """A period of the span, and the earlier ones whose answers it counts."""
        return [*(each.id for each in self.run_in if each.runs_into == period.id), period.id]

    @property
    def joined(self) -> bool:
        """Whether the figures are joined from the periods inside a longer stretch."""
        return self.periods[0].label != self.named.label

    @property
    def covers(self) -> Period:
        """The days that the figures cover."""
        starts = [each.starts_at for each in (*self.run_in, *self.periods)]
        ends = [each.ends_at for each in self.periods]
        return replace(self.named, start=min(starts), end=max(ends))


def locked(db: Db, office: Office, label: str) -> Span:
    """The locked periods of a label.

    Raises:
        NoFigures: a wrong label or nothing locked.
        SeveralSeries: periods of several series, which are not joined.
    """
    words = office.words.paper
    named, inside = stored(db, office, label)
    if inside[0].label == named.label:
        _refuse_unlocked(db, office, inside[0])
        return of_period(db, office, inside[0])
    span = _joined(db, office, named, inside)
    if span is None:
        raise NoFigures(words.nothing_locked.plain(period=calendar.title(named)))
    series = {office.instruments[each.instrument_id].instrument.series for each in span.periods}
    if len(series) > 1:
        joined = office.calendar.titles(each.label for each in span.periods)
        message = words.two_instruments.plain(period=calendar.title(named), periods=joined)
        raise SeveralSeries(message, joined)
    return span


def stored(db: Db, office: Office, label: str) -> tuple[Period, list[PeriodRow]]:
    """The period of a label that is stored, or those inside a longer stretch; locked or not.

    Raises:
        NoFigures: a wrong label, or no such period.
    """
    words = office.words.paper
    try:
        named = office.calendar.parse(label)
    except ValueError as error:
        raise NoFigures(words.wrong_label.plain(reason=error)) from None
    one = periods.by_label(db, "ikm", named.label)
    if one is not None:
        return office.calendar.period_of(one), [one]
    inside = periods.in_span(db, "ikm", named)
    if not inside:
        known = ", ".join(one.label for one in periods.recently_locked(db, "ikm", 6))
        known = known or words.none_locked.plain()
        raise NoFigures(words.no_such_period.plain(period=named.label, known=known))
    return named, inside


def _refuse_unlocked(db: Db, office: Office, stored: PeriodRow) -> None:
    words, title = office.words.paper, calendar.title(office.calendar.period_of(stored))
    if stored.runs_into is not None:
        later = periods.by_id(db, stored.runs_into)
        following = "" if later is None else calendar.title(office.calendar.period_of(later))
        raise NoFigures(words.runs_on.plain(period=title, following=following))
    if stored.status != "locked":
        locks = office.calendar.moment(office.calendar.lock_at(stored.ends_at))
        raise NoFigures(words.not_locked.plain(period=title, locks=locks))


def of_period(db: Db, office: Office, period: PeriodRow) -> Span:
    """The span of one stored period."""
    run_in = tuple(periods.running_into(db, period.id))
    return Span(office.calendar.period_of(period), (period,), run_in, period.locked_at)


def _joined(db: Db, office: Office, named: Period, inside: list[PeriodRow]) -> Span | None:
    locked = tuple(each for each in inside if each.status == "locked" and each.runs_into is None)
    if not locked:
        return None
    pending = [
        each
        for each in inside
        if each.status != "locked"
        and each.runs_into is None
        and not period_marks.ended_unanswered(db, each.ends_at)
    ]
    ended = office.calendar.parse(inside[-1].label).end == named.end
    final = max(each.locked_at for each in locked if each.locked_at is not None)
    run_in = tuple(early for each in locked for early in periods.running_into(db, each.id))
    return Span(named, locked, run_in, final if ended and not pending else None)


def before(db: Db, office: Office, span: Span) -> Iterator[Span]:
    """The earlier spans of the same kind that have figures, newest first."""
    if not span.joined:
        at: datetime | None = span.periods[0].starts_at
        while (period := periods.latest_locked(db, "ikm", at)) is not None:
            yield of_period(db, office, period)
            at = period.starts_at
        return
    named = span.named
    while True:
        named = named.previous()
        stored = periods.by_label(db, "ikm", named.label)
        inside = [stored] if stored is not None else periods.in_span(db, "ikm", named)
        earlier = _joined(db, office, named, inside) if inside else None
        if earlier is None:
            return
        yield earlier
