"""Tallies: how often each nilai was given, kept up to date with every completed response, so that
an index takes constant time, whether from ten responses or from ten million."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Executable, and_, bindparam, func, select, update

from scoring import ikm
from storage import tables as t
from storage.database import Db, insert_in
from storage.registered import Registered
from storage.tables import Scope


class Tallied(Protocol):
    """Any value that says where a response is counted."""

    @property
    def period_id(self) -> int: ...
    @property
    def service_id(self) -> int: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def kanal(self) -> str: ...
    @property
    def urutan(self) -> int: ...


@dataclass(frozen=True, slots=True)
class CountedResponse:
    """The period, service, unit, channel and urutan that a response counts in."""

    period_id: int
    service_id: int
    unit_id: int
    kanal: str
    urutan: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> CountedResponse:
        """From a row that carries these columns."""
        return CountedResponse(
            row["period_id"], row["service_id"], row["unit_id"], row["kanal"], row["urutan"]
        )


class Cell(NamedTuple):
    """One row of the tally table without its count."""

    period_id: int
    scope: int
    scope_id: int
    kanal: str
    repeat: bool
    item_id: int
    nilai: int


@dataclass(slots=True)
class Deltas:
    """The changes of one turn to the tallies, applied last and sorted."""

    cells: Counter[Cell] = field(default_factory=Counter)

    def add(
        self,
        registered: Registered,
        where: Tallied,
        answers: Mapping[str, int | None],
        sign: int,
    ) -> None:
        """Count one response in (+1) or out (−1), in its service, its unit and the office."""
        scopes = (
            (Scope.SERVICE, where.service_id),
            (Scope.UNIT, where.unit_id),
            (Scope.OFFICE, 0),
        )
        for code, item_id in registered.item_ids.items():
            nilai = answers.get(code) or 0
            for scope, scope_id in scopes:
                self.cells[
                    Cell(
                        where.period_id,
                        int(scope),
                        scope_id,
                        where.kanal,
                        where.urutan > 1,
                        item_id,
                        nilai,
                    )
                ] += sign

    def apply(self, db: Db) -> None:
        """Write the changes in key order with at most two statements."""
        changes = sorted((cell, change) for cell, change in self.cells.items() if change)
        self.cells.clear()
        more = [{**cell._asdict(), "count": n} for cell, n in changes if n > 0]
        # Negative changes are updates: an upsert would fail the check `count >= 0` on its insert.
        fewer = [
            {**{f"k_{name}": value for name, value in cell._asdict().items()}, "change": n}
            for cell, n in changes
            if n < 0
        ]
        if more:
            db.execute(_adding(db.dialect.name), more)
        if fewer:
            db.execute(TAKING, fewer)


@cache
def _adding(dialect: str) -> Executable:
    statement = insert_in(dialect, t.tally)
    return statement.on_conflict_do_update(
        index_elements=list(t.tally.primary_key.columns),
        set_={"count": t.tally.c.count + statement.excluded.count},
    )


TAKING = (
    update(t.tally)
    .where(*(column == bindparam(f"k_{column.name}") for column in t.tally.primary_key.columns))
    .values(count=t.tally.c.count + bindparam("change"))
)


@dataclass(frozen=True, slots=True)
class Counts:
    """The tallies of one scope: item → nilai → count (0 = not answered), by channel and repeat."""

    cells: Mapping[tuple[str, bool], Mapping[str, Mapping[int, int]]]

    def total(self, *, repeats: bool = True) -> dict[str, dict[int, int]]:
        """All channels added; without `repeats`, only each person's first response."""
        counted = (tally for (_, again), tally in self.cells.items() if repeats or not again)
        return ikm.merged(*counted)

    @property
    def n(self) -> int:
        """How many responses these are."""
        return sum(self.channels().values())

    def channels(self) -> dict[str, int]:
        """Responses by channel."""
        counts: Counter[str] = Counter()
        for (kanal, _), tally in self.cells.items():
            counts[kanal] += sum(next(iter(tally.values())).values())
        return {kanal: n for kanal, n in counts.items() if n}


def summed(counts: Iterable[Counts]) -> Counts:
    """The tallies of several periods or services added up."""
    cells: dict[tuple[str, bool], list[Mapping[str, Mapping[int, int]]]] = {}
    for each in counts:
        for key, tally in each.cells.items():
            cells.setdefault(key, []).append(tally)
    return Counts({key: ikm.merged(*tallies) for key, tallies in cells.items()})


def of_period(db: Db, registered: Registered, period_id: int) -> dict[tuple[Scope, int], Counts]:
    """Every scope of the period that has a response."""
    return grouped(registered, stored_cells(db, period_id).items())


def of_office(db: Db, registered: Registered, period_id: int) -> Counts:
    """The counts of the office alone, in constant time whatever the number of services."""
    c = t.tally.c
    whole = select(t.tally).where(
        c.period_id == period_id, c.scope == int(Scope.OFFICE), c.scope_id == 0, c.count > 0
    )
    cells = ((Cell(*key), count) for *key, count in db.execute(whole))
    return grouped(registered, cells).get((Scope.OFFICE, 0), Counts({}))


def grouped(
    registered: Registered, cells: Iterable[tuple[Cell, int]]
) -> dict[tuple[Scope, int], Counts]:
    """Cells of one period, by scope."""
    table: dict[tuple[Scope, int], dict[tuple[str, bool], dict[str, dict[int, int]]]] = {}
    for cell, count in cells:
        by_channel = table.setdefault((Scope(cell.scope), cell.scope_id), {})
        tally = by_channel.setdefault((cell.kanal, bool(cell.repeat)), {})
        tally.setdefault(registered.codes[cell.item_id], {})[cell.nilai] = count
    return {scope: Counts(counts) for scope, counts in table.items()}


STORED = select(t.tally).where(t.tally.c.period_id == bindparam("period"), t.tally.c.count > 0)


def stored_cells(db: Db, period_id: int) -> Counter[Cell]:
    """The stored cells without zeros, to compare with a recount."""
    found: Counter[Cell] = Counter()
    for row in db.execute(STORED, {"period": period_id}):
        *key, count = row
        found[Cell(*key)] = count
    return found


def response_count(db: Db, registered: Registered, period_id: int) -> int:
    """How many responses count in a period."""
    c = t.tally.c
    of_office = and_(c.period_id == period_id, c.scope == int(Scope.OFFICE), c.scope_id == 0)
    item_id = next(iter(registered.item_ids.values()))  # a response is in one cell of each item
    counted = select(func.coalesce(func.sum(c.count), 0)).where(of_office, c.item_id == item_id)
    return int(db.execute(counted).scalar_one())


_C = t.tally.c
RESPONSES = (
    select(_C.period_id, _C.scope, _C.scope_id, func.sum(_C.count).label("n"))
    .where(_C.period_id.in_(bindparam("periods", expanding=True)))
    .where(_C.item_id == bindparam("item"), _C.count > 0)
    .group_by(_C.period_id, _C.scope, _C.scope_id)
)


def responses_by_period(
    db: Db, registered: Registered, period_ids: Sequence[int]
) -> dict[int, dict[Scope, dict[int, int]]]:
    """How many responses count in each of these periods, by unit and by service."""
    item_id = next(iter(registered.item_ids.values()))  # a response is in one cell of each item
    asked = {"periods": list(period_ids), "item": item_id}
    found: dict[int, dict[Scope, dict[int, int]]] = {
        period_id: {Scope.UNIT: {}, Scope.SERVICE: {}} for period_id in period_ids
    }
    for row in db.execute(RESPONSES, asked):
        if row.scope in found[row.period_id]:
            found[row.period_id][Scope(row.scope)][row.scope_id] = int(row.n)
    return found


def repair(db: Db, period_id: int, cells: Counter[Cell]) -> None:
    """Correct tallies that disagree with a recount; changes of other transactions are kept."""
    missing = Counter(cells)
    missing.subtract(stored_cells(db, period_id))
    Deltas(missing).apply(db)
