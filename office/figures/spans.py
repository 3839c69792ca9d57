"""What papers are made from: a stored period, or the locked ones inside a longer stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from office.office import Office
from scoring import period as calendar
from scoring.period import Period
from scoring.precision import Measurement
from storage import catalogue, periods, results
from storage.database import Db
from storage.instruments import Registered
from storage.periods import PeriodRow
from storage.results import Result
from storage.settings import period_marks
from storage.survey import tallies
from storage.survey.tallies import Counts
from storage.tables import Scope

Scoped = dict[tuple[Scope, int], Result]


class NoPapers(Exception):
    """No papers can be made of a period; the message, plain text from the words, says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the papers are made from: the stored periods, and what they come to together."""

    named: Period
    parts: tuple[PeriodRow, ...]
    registered: Registered
    found: Scoped
    result: Result  # the office's
    final: datetime | None  # when the figures were fixed; None while a period can change them

    @property
    def ids(self) -> list[int]:
        """The rows of the periods."""
        return [part.id for part in self.parts]

    @property
    def ended(self) -> bool:
        """Whether no answer of a chat can come in any more."""
        return all(part.status != "open" for part in self.parts)

    @property
    def locked(self) -> bool:
        """Whether nothing of these answers can change any more."""
        return all(part.status == "locked" for part in self.parts)

    @property
    def joined(self) -> bool:
        """Whether these figures are of a longer span, joined from the periods inside it."""
        return self.parts[0].label != self.named.label


def source(db: Db, office: Office, label: str) -> Source:
    """What a label stands for.

    Raises:
        NoPapers: a wrong label, no such period, or several that cannot be joined.
    """
    return source_of(db, office, _named(office, label))


def period_with_figures(db: Db, office: Office, label: str) -> Period:
    """The period of a label, if it has papers; its figures are not read.

    Raises:
        NoPapers
    """
    named = _named(office, label)
    _parts(db, office, named)
    return named


def _named(office: Office, label: str) -> Period:
    try:
        return office.calendar.parse(label)
    except ValueError as error:
        raise NoPapers(office.words.paper.wrong_label.plain(reason=error)) from None


def source_of(db: Db, office: Office, named: Period) -> Source:
    """The same, of a period that was read already."""
    parts, final = _parts(db, office, named)
    if parts[0].label == named.label:
        return _stored(db, office, parts[0])
    return _joined(db, office, named, parts, final)


def _parts(db: Db, office: Office, named: Period) -> tuple[list[PeriodRow], datetime | None]:
    """The stored periods that it is made of, and when the last of their figures was fixed."""
    words = office.words.paper
    stored = periods.by_label(db, "ikm", named.label)
    if stored is not None:  # an open one without figures: also when answers were taken back today
        registered = office.instruments[stored.instrument_id]
        if stored.status == "open" and results.of_office(db, registered, stored.id) is None:
            title = calendar.title(office.calendar.period_of(stored))
            raise NoPapers(words.not_counted.plain(period=title))
        return [stored], stored.locked_at
    inside = periods.in_span(db, "ikm", named)
    if not inside:
        known = ", ".join(one.label for one in periods.recently_locked(db, "ikm", 6))
        known = known or words.none_locked.plain()
        raise NoPapers(words.no_such_period.plain(period=named.label, known=known))
    locked = [part for part in inside if part.status == "locked"]
    if not locked:
        raise NoPapers(words.nothing_locked.plain(period=calendar.title(named)))
    if len({office.instruments[part.instrument_id].instrument.series for part in locked}) > 1:
        labels = ", ".join(part.label for part in locked)
        raise NoPapers(words.two_instruments.plain(period=calendar.title(named), periods=labels))
    ended = office.calendar.parse(inside[-1].label).end == named.end
    final = max(part.locked_at for part in locked if part.locked_at is not None)
    pending = [
        part
        for part in inside
        if part.status != "locked" and not period_marks.ended_unanswered(db, part.ends_at)
    ]
    return locked, final if ended and not pending else None


def _stored(db: Db, office: Office, part: PeriodRow) -> Source:
    registered, named = office.instruments[part.instrument_id], office.calendar.period_of(part)
    found = results.of_period(db, registered, part.id)
    if part.status == "closed":  # as of now: respondents' groups and figures must agree
        found = _live(db, registered, part, found)
    nothing = results.computed(registered, Counts({}), None)
    whole = found.get((Scope.OFFICE, 0), nothing)
    return Source(named, (part,), registered, found, whole, part.locked_at)


def _live(db: Db, registered: Registered, part: PeriodRow, found: Scoped) -> Scoped:
    """The figures of this moment; a margin stays only where nothing changed since its recount."""
    live: Scoped = {}
    for scope, counts in tallies.of_period(db, registered, part.id).items():
        now, before = results.computed(registered, counts, None), found.get(scope)
        same = before is not None and before.fingerprint == now.fingerprint
        live[scope] = before if same and before is not None else now
    return live


def _joined(
    db: Db, office: Office, named: Period, parts: Sequence[PeriodRow], final: datetime | None
) -> Source:
    registered = office.instruments[parts[0].instrument_id]
    each = [
        results.of_period(db, office.instruments[part.instrument_id], part.id) for part in parts
    ]
    scopes = sorted({scope for found in each for scope in found})
    found = {
        scope: results.computed(
            registered, tallies.summed(one[scope].counts for one in each if scope in one), None
        )
        for scope in scopes
    }
    nothing = results.computed(registered, Counts({}), None)
    whole = found.get((Scope.OFFICE, 0), nothing)
    return Source(named, tuple(parts), registered, found, whole, final)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A locked period before this one."""

    period: Period
    measured: Measurement


def users_of(db: Db, period_id: int, measured: Iterable[tuple[Scope, int]]) -> int | None:
    """Users of all units that were measured in a period; None where one was not counted."""
    units = {key for scope, key in measured if scope == Scope.UNIT}
    users = catalogue.users_by_unit(db, period_id)
    return sum(users[unit] for unit in units) if units and units <= users.keys() else None


def comparable_periods(
    db: Db,
    office: Office,
    current: PeriodRow,
    most: int = 4,
    result_of: Callable[[Registered, PeriodRow], Result | None] | None = None,
) -> list[Earlier]:
    """The locked periods before this one, of the same series, newest first.

    Args:
        result_of: the result of an earlier period; by default the result of the whole office.
    """
    found: list[Earlier] = []
    before = current.starts_at
    series = office.instruments[current.instrument_id].instrument.series
    while len(found) < most:
        locked = periods.latest_locked(db, "ikm", before)
        if locked is None:
            break
        before = locked.starts_at
        registered = office.instruments[locked.instrument_id]
        if registered.instrument.series != series:
            break  # nothing is compared across series
        if result_of is None:
            result = results.of_office(db, registered, locked.id)
        else:
            result = result_of(registered, locked)
        if result is not None and result.score.n >= office.min_responses:
            measured = Measurement.from_score(result.score, result.margin)
            found.append(Earlier(office.calendar.period_of(locked), measured))
    return found
