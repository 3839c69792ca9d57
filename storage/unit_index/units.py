"""Unit kerja: the units whose heads rate the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from storage import catalogue
from storage import tables as t
from storage.catalogue import Unit
from storage.database import Db, insert
from storage.settings import office_facts


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


def names(db: Db) -> dict[int, str]:
    """The name of every unit, inactive ones too."""
    return {unit.id: unit.name for unit in catalogue.units(db)}


def lock_row(db: Db, unit_id: int) -> None:
    """Lock the row: no other transaction changes the head of this unit."""
    db.execute(select(t.unit.c.id).where(t.unit.c.id == unit_id).with_for_update())
