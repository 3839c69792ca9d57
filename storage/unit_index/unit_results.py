"""Unit kerja, whose heads rate the office; and results: stored at the lock, checked when read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from scoring import unit_index
from scoring.ikm import Tally
from scoring.unit_index import OtherInstrument, UnitScore
from storage import catalogue, periods
from storage import tables as t
from storage.catalogue import Unit
from storage.database import Db, insert
from storage.periods import Differs, PeriodRow, fingerprint
from storage.registered import RegisteredUnit
from storage.settings import office_facts

MIN_HEADS = 3  # heads, from whom on the index is shown
UNITS = "unit_kerja"  # beside the score's own inputs: how many units there were


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The index as it was computed, and the number of unit kerja."""

    score: UnitScore
    units: int
    inputs: Mapping[str, Any]
    fingerprint: str

    @property
    def told(self) -> Decimal | None:
        """The index, or None where too few heads answered to keep them anonymous."""
        return self.score.nilai if self.score.n >= MIN_HEADS else None

    @property
    def tally(self) -> Tally:
        """The counts it was computed from: item → nilai → heads, 0 for not answered."""
        return {
            code: {int(nilai): n for nilai, n in counted.items()}
            for code, counted in self.inputs["tally"].items()
        }


def computed(registered: RegisteredUnit, tally: Tally, units: int) -> UnitResult:
    """A result computed from a tally."""
    form = registered.instrument
    given = {**unit_index.inputs(form, tally), UNITS: units}
    return UnitResult(unit_index.score(form, tally), units, given, fingerprint(given))


def store(db: Db, period_id: int, result: UnitResult, now: datetime) -> None:
    """Store the result of a period that is being locked."""
    row = {
        "period_id": period_id,
        **_figures(result.score),
        "inputs": dict(result.inputs),
        "fingerprint": result.fingerprint,
        "computed_at": now,
    }
    db.execute(insert(db, t.unit_result).values(row))


def _figures(score: UnitScore) -> dict[str, Any]:
    """The columns of a row that come from a score, without its inputs."""
    return {
        "formula": score.formula,
        "n": score.n,
        "index": None if score.indeks is None else str(score.indeks),
        "nilai": None if score.nilai is None else str(score.nilai),
    }


def of_period(db: Db, registered: RegisteredUnit, period_id: int) -> UnitResult | None:
    """The stored result of a locked period, recomputed from its inputs.

    Raises:
        Differs: the recomputed result is not the stored one.
    """
    query = select(t.unit_result).where(t.unit_result.c.period_id == period_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _rebuilt(registered, row)


def _rebuilt(registered: RegisteredUnit, row: Mapping[Any, Any]) -> UnitResult:
    given = dict(row["inputs"])
    if row["fingerprint"] != fingerprint(given):
        raise Differs("fingerprint")
    own = {name: value for name, value in given.items() if name != UNITS}
    try:
        score = unit_index.rebuilt(registered.instrument, own)
    except OtherInstrument as other:
        raise Differs("instrumen") from other
    differences = [name for name, value in _figures(score).items() if row[name] != value]
    if differences:
        raise Differs(", ".join(differences))
    return UnitResult(score, given[UNITS], given, row["fingerprint"])


def latest(
    db: Db, known: Mapping[int, RegisteredUnit], before: datetime | None = None
) -> tuple[PeriodRow, UnitResult] | None:
    """The newest locked period of unit heads with its result, or the newest ended by `before`."""
    locked = periods.latest_locked(db, "unit", before)
    if locked is None:
        return None
    found = of_period(db, known[locked.instrument_id], locked.id)
    return None if found is None else (locked, found)


def seed_kerja(db: Db, units: Sequence[Mapping[str, str]]) -> None:
    """Add these unit kerja (slug, name) to an office that has none and never got this list."""
    c = t.unit.c
    if office_facts.was_kerja_seeded(db):
        return
    office_facts.note_kerja_seeded(db)
    if active_kerja(db):
        return
    last = db.execute(select(func.coalesce(func.max(c.position), 0))).scalar_one()
    rows = [
        {**unit, "position": position, "active": True, "kerja": True}
        for position, unit in enumerate(units, last + 1)
    ]
    db.execute(insert(db, t.unit).on_conflict_do_nothing(), rows)


def active_kerja(db: Db) -> list[Unit]:
    """The active unit kerja in the office's order."""
    return [unit for unit in catalogue.units(db) if unit.active and unit.kerja]


def kerja_by_id(db: Db, unit_id: int) -> Unit | None:
    """An active unit kerja."""
    return next((unit for unit in active_kerja(db) if unit.id == unit_id), None)


def unit_names(db: Db) -> dict[int, str]:
    """The name of every unit, inactive ones too."""
    return {unit.id: unit.name for unit in catalogue.units(db)}


def lock_unit(db: Db, unit_id: int) -> None:
    """Lock the row: no other transaction changes the head of this unit."""
    db.execute(select(t.unit.c.id).where(t.unit.c.id == unit_id).with_for_update())
