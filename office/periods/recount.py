"""The recount: every index of a period from its answers, held against the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from scoring import precision
from storage import results
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
    found = {}
    for scope, counts in tallies.grouped(registered, cells.items()).items():
        result = results.computed(registered, counts, None)
        counted_together = ((dict(pattern), n) for pattern, n in patterns[scope].items())
        margin = precision.margin_of_patterns(result.score, counted_together)
        rounded = None if margin is None else precision.stored_margin(margin)
        found[scope] = results.computed(registered, counts, rounded)
    stored = tallies.stored_cells(db, period_id)
    # One by one: a set of all cells at once would let no other thread run meanwhile.
    differ = sum(stored[cell] != n for cell, n in cells.items())
    differ += sum(cell not in cells for cell in stored)
    return Recount(cells, stored, found, differ)
