"""The facts of a period's message, from stored results alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from office.iku import table
from office.iku.table import Line
from office.office import Office
from scoring.ikm import Score, UnsurScore
from scoring.period import Period
from scoring.precision import Measurement
from storage import (
    catalogue,
    follow_ups,
    periods,
    population,
    results,
    revisions,
    tallies,
)
from storage.catalogue import Service
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.instruments import Registered
from storage.periods import PeriodRow
from storage.results import Result
from storage.settings import office_facts
from storage.tables import Scope


@dataclass(frozen=True, slots=True)
class Earlier:
    """A locked period before this one."""

    period: Period
    measured: Measurement


@dataclass(frozen=True, slots=True)
class RollUp:
    """The units of a group beside their pooled index."""

    bound: int  # how many the group has
    rated: int  # of them, those with a response
    told: tuple[tuple[str, Score], ...]  # those that may be told apart, the lowest first
    rest: Score | None  # the others together
    mean: Decimal | None  # of the units that are told
    apart: frozenset[int]  # their ids


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """Everything a summary says, read in one snapshot."""

    office: str
    period: Period
    locked: bool
    early: bool  # an admin did not wait for the calendar
    late: bool
    result: Result
    services: tuple[tuple[Service, Result], ...]  # those with a response, in the office's order
    earlier: tuple[Earlier, ...]  # newest first
    min_responses: int
    users: int | None  # of the units that were measured
    revision: int  # how often figures changed after the close
    followed: Period | None  # the period whose plan is followed up
    follow_up: tuple[FollowUp, ...]
    today: date
    year: int  # of the IKU line
    iku: tuple[Line, ...]
    last_year: Decimal | None  # by hand: what the first summary is compared with
    roll_up: RollUp | None = None  # set: of these units alone, not of the whole office
    withheld: bool = False  # the office's index less this one would tell of a few others


def read(
    db: Db, office: Office, current: PeriodRow, now: datetime, *, late: bool = False
) -> PeriodSummary:
    """The facts of a period, from its stored results.

    Those of an open period are last night's: figures that follow every answer would tell whoever
    looks before and after somebody's visit what that person answered.
    """
    registered = office.instruments[current.instrument_id]
    found = results.of_period(db, registered, current.id)
    nothing = results.computed(registered, tallies.Counts({}), None)
    named = catalogue.services_by_id(db)
    before = periods.preceding(db, current)
    past = tuple(earlier(db, office, current))
    year = office.calendar.day(office.calendar.parse(current.label).start).year
    return PeriodSummary(
        office_facts.name(db),
        office.calendar.named(current),
        current.status == "locked",
        current.locked_at is not None
        and current.locked_at < office.calendar.lock_at(current.ends_at),
        late,
        found.get((Scope.OFFICE, 0), nothing),
        tuple(
            (service, found[Scope.SERVICE, key])
            for key, service in named.items()
            if (Scope.SERVICE, key) in found
        ),
        past,
        office.min_responses,
        users_of(db, current.id, found),
        revisions.newest_number(db, current.id),
        office.calendar.parse(before.label) if before else None,
        tuple(follow_ups.of_period(db, before.id)) if before else (),
        office.calendar.day(now),
        year,
        tuple(table.of_year(db, office, year)) if current.status == "locked" else (),
        None if past else table.by_hand(db, "ikm", year - 1),
    )


def users_of(db: Db, period_id: int, measured: Iterable[tuple[Scope, int]]) -> int | None:
    """Users of all units that were measured in a period; None where one was not counted."""
    units = {key for scope, key in measured if scope == Scope.UNIT}
    users = population.users_by_unit(db, period_id)
    return sum(users[unit] for unit in units) if units and units <= users.keys() else None


def earlier(
    db: Db,
    office: Office,
    current: PeriodRow,
    most: int = 4,
    of: Callable[[Registered, PeriodRow], Result | None] | None = None,
) -> list[Earlier]:
    """The locked periods before this one, of the same series, newest first.

    Args:
        of: what a period has to tell; by itself the whole office's result.
    """
    if of is None:
        of = lambda registered, period: results.of_office(db, registered, period.id)  # noqa: E731 # typed
    found: list[Earlier] = []
    before = current.starts_at
    while len(found) < most:
        locked = periods.latest_locked(db, "ikm", before)
        if locked is None:
            break
        before = locked.starts_at
        if locked.instrument_id != current.instrument_id:
            break  # another instrument is another series: nothing is compared across
        registered = office.instruments[locked.instrument_id]
        result = of(registered, locked)
        if result is not None and result.score.n >= office.min_responses:
            measured = Measurement.from_score(result.score, result.margin)
            found.append(Earlier(office.calendar.named(locked), measured))
    return found


def enough(unsur: UnsurScore, least: int) -> bool:
    """Whether so many answered this unsur that its figure tells of nobody."""
    return unsur.nrr is not None and unsur.n >= least
