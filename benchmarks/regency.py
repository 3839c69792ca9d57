"""Adds the units and services of a whole regency to a database, as an admin would."""

from __future__ import annotations

from collections.abc import Sequence

from storage import catalogue
from storage.catalogue import Noun
from storage.database import Db

KECAMATAN = (
    "Batumarmar", "Galis", "Kadur", "Larangan", "Pademawu", "Pakong", "Palengaan", "Pamekasan",
    "Pasean", "Pegantenan", "Proppo", "Tlanakan", "Waru",
)  # fmt: skip
SEKSI = ("Pelayanan Umum", "Pemerintahan", "Trantib", "Sosial", "Pemberdayaan", "Ekbang")


def add_regency(db: Db, units: int = 150, services: int = 1000) -> list[int]:
    """Add units to the kecamatan in turn, and services to the units in turn; the unit ids."""
    unit_ids = [_unit(db, number) for number in range(units)]
    for number in range(services):
        place, unit_id = number // units + 1, unit_ids[number % units]
        name = f"Layanan {place} {_name(number % units)}"
        _added(catalogue.add_service(db, unit_id, f"l{number + 1}", name))
    return unit_ids


def _unit(db: Db, number: int) -> int:
    return _added(catalogue.add_unit(db, f"u{number + 1}", _name(number), kerja=False))


def _name(number: int) -> str:
    turn, which = divmod(number, len(KECAMATAN))
    seksi = SEKSI[turn] if turn < len(SEKSI) else f"Desa {turn - len(SEKSI) + 1}"
    return f"{seksi} {KECAMATAN[which]}"


def _added(number: int | None) -> int:
    assert number is not None, "the code is taken"
    return number


def deactivate(db: Db, services: Sequence[int]) -> None:
    """Deactivate services, such as those of the starter list: a regency has its own."""
    for number in services:
        catalogue.change(db, Noun.SERVICE, number, active=False)
