"""The facts of a period's message, from stored results alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from office.figures.spans import Earlier, comparable_periods, users_of
from office.iku import table
from office.iku.table import Line
from office.office import Office
from scoring.ikm import Score, UnsurScore
from scoring.period import Period
from storage import (
    catalogue,
    follow_ups,
    periods,
    results,
    tallies,
)
from storage.catalogue import Service
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.results import Result
from storage.settings import office_facts
from storage.tables import Scope


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
    past = tuple(comparable_periods(db, office, current))
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
        periods.newest_revision(db, current.id),
        office.calendar.parse(before.label) if before else None,
        tuple(follow_ups.of_period(db, before.id)) if before else (),
        office.calendar.day(now),
        year,
        tuple(table.of_year(db, office, year)) if current.status == "locked" else (),
        None if past else table.by_hand(db, "ikm", year - 1),
    )


def enough(unsur: UnsurScore, least: int) -> bool:
    """Whether so many answered this unsur that its figure tells of nobody."""
    return unsur.nrr is not None and unsur.n >= least
