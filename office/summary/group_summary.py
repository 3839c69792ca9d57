"""The summary for a group that is bound to units: their pooled index, and each unit beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from office.figures import disclosure
from office.figures.spans import comparable_periods, users_of
from office.office import Office
from office.summary.content import PeriodSummary, RollUp
from scoring import ikm
from scoring.ikm import Score
from storage import catalogue, periods, results
from storage.database import Db
from storage.groups import Group
from storage.instruments import Registered
from storage.periods import PeriodRow
from storage.results import Result
from storage.settings import office_facts
from storage.survey import tallies
from storage.tables import Scope

REST = "lainnya"


def read(
    db: Db, office: Office, current: PeriodRow, group: Group, now: datetime, *, late: bool = False
) -> PeriodSummary:
    """The facts of a locked period, from the stored results of the group's own units."""
    registered = office.instruments[current.instrument_id]
    found = results.of_units(db, registered, current.id, group.units)
    measured = {key: result for (scope, key), result in found.items() if scope == Scope.UNIT}
    whole = results.of_office(db, registered, current.id)
    result = _pooled(registered, measured.values(), whole)
    names = {unit.id: unit.name for unit in catalogue.units(db)}
    return PeriodSummary(
        office=called(group, names) or office_facts.name(db),
        period=office.calendar.period_of(current),
        locked=current.status == "locked",
        early=current.locked_at is not None
        and current.locked_at < office.calendar.lock_at(current.ends_at),
        late=late,
        result=result,
        services=tuple(
            (service, found[Scope.SERVICE, key])
            for key, service in catalogue.services_by_id(db).items()
            if (Scope.SERVICE, key) in found
        ),
        earlier=tuple(
            comparable_periods(
                db, office, current, result_of=_earlier_result(db, group, office.min_responses)
            )
        ),
        min_responses=office.min_responses,
        users=users_of(db, current.id, found),
        revision=periods.newest_revision(db, current.id),
        followed=None,
        follow_up=(),
        today=office.calendar.day(now),
        year=office.calendar.day(office.calendar.parse(current.label).start).year,
        iku=(),
        last_year=None,
        roll_up=_roll_up(group, names, measured, result.score, office.min_responses),
        withheld=_shows_the_others(result, whole, office.min_responses),
    )


def called(group: Group, names: Mapping[int, str]) -> str:
    """What its messages call its units: as an admin named them, else the one unit, else the group.

    Args:
        names: the units' names by id.
    """
    if group.name:
        return group.name
    return names[group.units[0]] if len(group.units) == 1 else group.title


def _pooled(registered: Registered, of: Iterable[Result], whole: Result | None) -> Result:
    """All responses of the units together; the stored result with its margin where it is theirs."""
    units = list(of)
    if len(units) == 1:
        return units[0]
    counts = tallies.summed(unit.counts for unit in units)
    mode = units[0].score.mode if units else ikm.EXACT
    pooled = results.computed(registered, counts, None, mode)
    return whole if whole is not None and whole.score.n == pooled.score.n else pooled


def _earlier_result(
    db: Db, group: Group, least: int
) -> Callable[[Registered, PeriodRow], Result | None]:
    """The result of the same units in an earlier period; None where it may not be shown."""

    def of(registered: Registered, period: PeriodRow) -> Result | None:
        units = results.of_units(db, registered, period.id, group.units, services=False)
        whole = results.of_office(db, registered, period.id)
        result = _pooled(registered, units.values(), whole)
        return None if _shows_the_others(result, whole, least) else result

    return of


def _shows_the_others(result: Result, whole: Result | None, least: int) -> bool:
    """Whether so few answered elsewhere that the office's index less this one tells of them."""
    others = 0 if whole is None else whole.score.n - result.score.n
    return 0 < others < least


def _roll_up(
    group: Group, names: Mapping[int, str], measured: Mapping[int, Result], total: Score, least: int
) -> RollUp:
    """The units that may be shown by name, lowest first, their mean, and the others together."""
    by_key = {str(key): result.counts.total() for key, result in measured.items()}
    apart = disclosure.publishable(by_key, least, REST)
    scores = {key: ikm.score(total.instrument, tally, total.mode) for key, tally in apart.items()}
    rest = scores.pop(REST, None)
    shown = sorted(
        ((names[int(key)], score) for key, score in scores.items()),
        key=lambda named: (named[1].ikm is None, named[1].ikm or 0, named[0]),
    )
    figures = [score.ikm for _, score in shown if score.ikm is not None]
    return RollUp(
        bound=len(group.units),
        rated=len(measured),
        shown=tuple(shown),
        rest=rest,
        mean=ikm.mean_of_units(figures) if len(figures) > 1 else None,
        apart=frozenset(map(int, scores)),
    )
