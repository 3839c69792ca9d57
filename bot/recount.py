"""The recount: every index of a period from its answers, held against the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from scoring import ikm
from storage import responses, results, tallies
from storage.database import Db
from storage.instruments import Registered
from storage.results import Result
from storage.tables import Scope
from storage.tallies import Cell

Pattern = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """What a read snapshot said: the cells counted anew, the cells as stored, the results."""

    cells: Counter[Cell]
    stored: Counter[Cell]
    found: Mapping[tuple[Scope, int], Result]

    @property
    def differences(self) -> int:
        """How many cells disagree."""
        return len({*self.cells.items()} ^ {*self.stored.items()})


def of_period(db: Db, registered: Registered, period_id: int) -> Recount:
    """Recount a period; its answers are read once, equal responses are kept together."""
    patterns: dict[tuple[Scope, int], Counter[Pattern]] = {}
    cells = Counter[Cell]()
    counted = tallies.Deltas(cells)
    for where, answers in responses.completed(db, registered, period_id):
        counted.response(registered, where, answers, 1)
        pattern = tuple(sorted(answers.items()))
        for scope in (
            (Scope.SERVICE, where.service_id),
            (Scope.UNIT, where.unit_id),
            (Scope.OFFICE, 0),
        ):
            patterns.setdefault(scope, Counter())[pattern] += 1
    found = {}
    for scope, counts in tallies.grouped(registered, cells.items()).items():
        result = results.computed(registered, counts, None)
        counted_together = ((dict(pattern), n) for pattern, n in patterns[scope].items())
        margin = ikm.margin_of_patterns(result.score, counted_together)
        rounded = None if margin is None else ikm.half_up(margin, 2)
        found[scope] = results.computed(registered, counts, rounded)
    return Recount(cells, tallies.stored(db, period_id), found)
