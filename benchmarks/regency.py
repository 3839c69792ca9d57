"""A regency in one database: kecamatan whose units have services, entered as an admin would."""

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


def found(db: Db, units: int = 150, services: int = 1000) -> list[int]:
    """Add so many units, dealt to the kecamatan in turn, and so many services to them in turn.

    Returns:
        The units' ids.
    """
    made = [_unit(db, number) for number in range(units)]
    for number in range(services):
        place, unit_id = number // units + 1, made[number % units]
        name = f"Layanan {place} {_name(number % units)}"
        _added(catalogue.add_service(db, unit_id, f"l{number + 1}", name))
    return made


def _unit(db: Db, number: int) -> int:
    return _added(catalogue.add_unit(db, f"u{number + 1}", _name(number), kerja=False))


def _name(number: int) -> str:
    turn, which = divmod(number, len(KECAMATAN))
    seksi = SEKSI[turn] if turn < len(SEKSI) else f"Desa {turn - len(SEKSI) + 1}"
    return f"{seksi} {KECAMATAN[which]}"


def _added(number: int | None) -> int:
    assert number is not None, "a code that is taken"
    return number


def put_away(db: Db, services: Sequence[int]) -> None:
    """Close the services of the starter list: a regency has its own."""
    for number in services:
        catalogue.change(db, Noun.SERVICE, number, active=False)
