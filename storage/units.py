"""Unit kerja: the units whose heads rate the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storage import offices
from storage import tables as t
from storage.database import Db, insert

SEEDED = "seeded.unit_kerja"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as screens name it."""

    id: int
    name: str


def seed_kerja(db: Db, units: Sequence[Mapping[str, str]]) -> None:
    """Add these unit kerja (slug, name) to an office that has none and never had this list."""
    c = t.unit.c
    if offices.setting(db, SEEDED) is not None:
        return
    offices.set_setting(db, SEEDED, True)
    if kerja(db):
        return
    last = db.execute(select(func.coalesce(func.max(c.position), 0))).scalar_one()
    rows = [
        {**unit, "position": position, "active": True, "kerja": True}
        for position, unit in enumerate(units, last + 1)
    ]
    db.execute(insert(db, t.unit).on_conflict_do_nothing(), rows)


def kerja(db: Db) -> list[Unit]:
    """The active unit kerja in the office's order."""
    c = t.unit.c
    query = select(c.id, c.name).where(c.active, c.kerja).order_by(c.position, c.id)
    return [Unit(*row) for row in db.execute(query)]


def kerja_by_id(db: Db, unit_id: int) -> Unit | None:
    """An active unit kerja."""
    return next((unit for unit in kerja(db) if unit.id == unit_id), None)


def names(db: Db) -> dict[int, str]:
    """What every unit is called, those no longer active too."""
    return {row.id: row.name for row in db.execute(select(t.unit.c.id, t.unit.c.name))}


def hold(db: Db, unit_id: int) -> None:
    """Keep every other process from changing who leads this unit until the end."""
    db.execute(select(t.unit.c.id).where(t.unit.c.id == unit_id).with_for_update())
