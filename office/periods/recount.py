"""The recount: every index of a period from its answers, held against the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring import precision
from storage import catalogue, results
from storage.database import Db
from storage.instruments import Registered
from storage.results import Result
from storage.survey import tallies
from storage.survey.patterns import grouped_by_place
from storage.survey.tallies import Cell
from storage.tables import Scope

Pattern = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """What a read snapshot said: the cells counted anew, the cells as stored, the results."""

    cells: Counter[Cell]
    stored: Counter[Cell]
    found: Mapping[tuple[Scope, int], Result]
    differences: int  # how many cells disagree


def of_period(db: Db, registered: Registered, period_id: int) -> Recount:
    """Recount a period; its answers are read once, and the database counts equal ones together."""
    patterns: dict[tuple[Scope, int], Counter[Pattern]] = {}
    cells = Counter[Cell]()
    counted = tallies.Deltas(cells)
    for where, answers, n in grouped_by_place(db, registered, period_id):
        counted.add(registered, where, answers, n)
        pattern = tuple(sorted(answers.items()))
        for scope in (
            (Scope.SERVICE, where.service_id),
            (Scope.UNIT, where.unit_id),
            (Scope.OFFICE, 0),
        ):
            patterns.setdefault(scope, Counter())[pattern] += n
    users = catalogue.users_by_unit(db, period_id)
    found = {}
    for scope, counts in tallies.grouped(registered, cells.items()).items():
        result = results.computed(registered, counts, None)
        counted_together = ((dict(pattern), n) for pattern, n in patterns[scope].items())
        users_here = _users(users, scope, patterns)
        margin = precision.margin_of_patterns(result.score, counted_together, users_here)
        rounded = None if margin is None else precision.stored_margin(margin)
        found[scope] = results.computed(registered, counts, rounded)
    stored = tallies.stored_cells(db, period_id)
    # One by one: a set of all cells at once would let no other thread run meanwhile.
    differ = sum(stored[cell] != n for cell, n in cells.items())
    differ += sum(cell not in cells for cell in stored)
    return Recount(cells, stored, found, differ)


def _users(
    users: Mapping[int, int], scope: tuple[Scope, int], measured: Iterable[tuple[Scope, int]]
) -> int | None:
    """Users of a unit, or of all units that were measured; None where one was not counted."""
    if scope[0] == Scope.UNIT:
        return users.get(scope[1])
    units = [scope_id for kind, scope_id in measured if kind == Scope.UNIT]
    if scope[0] == Scope.SERVICE or any(unit not in users for unit in units):
        return None
    return sum(users[unit] for unit in units)
