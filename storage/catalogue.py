"""Units, services and counters: added, renamed, deactivated, never deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from storage import tables as t
from storage.database import Db, insert


class Noun(StrEnum):
    """What an admin can add, rename and deactivate."""

    UNIT = "unit"
    SERVICE = "layanan"
    COUNTER = "loket"


TABLES: dict[Noun, Table] = {
    Noun.UNIT: t.unit,
    Noun.SERVICE: t.service,
    Noun.COUNTER: t.counter,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: of services, or (`kerja`) one whose head rates the office, or both."""

    id: int
    slug: str
    name: str
    active: bool
    kerja: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A service that citizens rate."""

    id: int
    unit_id: int
    slug: str
    name: str
    gratis: bool
    active: bool


@dataclass(frozen=True, slots=True)
class ServiceCounter:
    """A counter of a service."""

    id: int
    service_id: int
    slug: str
    name: str
    active: bool


_UNIT = tuple(t.unit.c[name] for name in Unit.__slots__)
_SERVICE = tuple(t.service.c[name] for name in Service.__slots__)
_COUNTER = tuple(t.counter.c[name] for name in ServiceCounter.__slots__)


UNITS = select(*_UNIT).order_by(t.unit.c.position, t.unit.c.id)
UNITS_WITH_SERVICES = UNITS.where(
    t.unit.c.active, or_(~t.unit.c.kerja, exists().where(t.service.c.unit_id == t.unit.c.id))
)
UNIT = select(*_UNIT).where(t.unit.c.id == bindparam("id"))
SERVICES = select(*_SERVICE).order_by(t.service.c.position, t.service.c.id)
SERVICE = select(*_SERVICE).where(t.service.c.id == bindparam("id"))


def units(db: Db) -> list[Unit]:
    """Every unit, the inactive ones too, in the office's order."""
    return [Unit(*row) for row in db.execute(UNITS)]


def unit(db: Db, unit_id: int) -> Unit | None:
    """A unit, whether active or not."""
    row = db.execute(UNIT, {"id": unit_id}).one_or_none()
    return Unit(*row) if row else None


def units_with_services(db: Db) -> list[Unit]:
    """The active units that have services or that may get some (not `kerja`)."""
    return [Unit(*row) for row in db.execute(UNITS_WITH_SERVICES)]


def services(db: Db) -> list[Service]:
    """Every service, the inactive ones too, in the office's order."""
    return [Service(*row) for row in db.execute(SERVICES)]


def service(db: Db, service_id: int) -> Service | None:
    """A service, whether active or not."""
    row = db.execute(SERVICE, {"id": service_id}).one_or_none()
    return Service(*row) if row else None


def counters(db: Db, service_id: int) -> list[ServiceCounter]:
    """Every counter of a service, the inactive ones too."""
    c = t.counter.c
    query = select(*_COUNTER).where(c.service_id == service_id).order_by(c.id)
    return [ServiceCounter(*row) for row in db.execute(query)]


def counters_by_service(db: Db) -> dict[int, list[ServiceCounter]]:
    """Every counter, the inactive ones too, by its service."""
    counters: dict[int, list[ServiceCounter]] = {}
    for row in db.execute(select(*_COUNTER).order_by(t.counter.c.id)):
        counters.setdefault(row.service_id, []).append(ServiceCounter(*row))
    return counters


def counter(db: Db, counter_id: int) -> ServiceCounter | None:
    """A counter, whether active or not."""
    row = db.execute(select(*_COUNTER).where(t.counter.c.id == counter_id)).one_or_none()
    return ServiceCounter(*row) if row else None


def add_unit(db: Db, slug: str, name: str, *, kerja: bool) -> int | None:
    """Add a unit at the end; None when the slug is taken."""
    values = {"slug": slug, "name": name, "kerja": kerja, "position": _last(db, t.unit)}
    return _added(db, t.unit, values)


def add_service(db: Db, unit_id: int, slug: str, name: str) -> int | None:
    """Add a service at the end, not marked *gratis*; None when the slug is taken."""
    values = {"unit_id": unit_id, "slug": slug, "name": name, "gratis": False}
    return _added(db, t.service, values | {"position": _last(db, t.service)})


def add_counter(db: Db, service_id: int, slug: str, name: str) -> int | None:
    """Add a counter to a service; None when it has one of this slug."""
    return _added(db, t.counter, {"service_id": service_id, "slug": slug, "name": name})


def _last(db: Db, table: Table) -> int:
    return int(db.execute(select(func.coalesce(func.max(table.c.position), 0))).scalar_one()) + 1


def _added(db: Db, table: Table, values: dict[str, Any]) -> int | None:
    statement = insert(db, table).values(active=True, **values).on_conflict_do_nothing()
    number: int | None = db.execute(statement.returning(table.c.id)).scalar_one_or_none()
    return number


def change(db: Db, noun: Noun, number: int, **values: Any) -> None:
    """Set columns of a row: `name`, `active`, a service's `gratis`, a unit's `kerja`."""
    table = TABLES[noun]
    db.execute(update(table).where(table.c.id == number).values(**values))


def move(db: Db, service_id: int, step: int) -> tuple[int, int] | None:
    """Move a service one position up (-1) or down (1); None at the end of the list.

    Returns:
        Its places before and after, from 1.
    """
    c = t.service.c
    held = db.execute(select(c.id, c.position).order_by(c.id).with_for_update())  # one at a time
    positions = {row.id: row.position for row in held}
    order = [service.id for service in services(db)]
    here = order.index(service_id)
    there = here + step
    if not 0 <= there < len(order):
        return None
    order[here], order[there] = order[there], order[here]
    moved = [
        {"this": number, "there": place}
        for place, number in enumerate(order, 1)
        if positions[number] != place
    ]
    if moved:
        placed = update(t.service).where(c.id == bindparam("this"))
        db.execute(placed.values(position=bindparam("there")), moved)
    return here + 1, there + 1


def seed_services(db: Db, unit: tuple[str, str], services: Sequence[Mapping[str, Any]]) -> None:
    """Fill an office that has no unit yet: a unit (slug, name), its services and their counters."""
    if db.execute(select(func.count()).select_from(t.unit)).scalar_one():
        return
    slug, name = unit
    values = {"slug": slug, "name": name, "position": 1, "active": True, "kerja": False}
    unit_id = db.execute(
        insert(db, t.unit).values(values).on_conflict_do_nothing().returning(t.unit.c.id)
    ).scalar_one_or_none()
    if unit_id is None:
        return
    rows = [
        {
            "unit_id": unit_id,
            "slug": service["slug"],
            "name": service["name"],
            "gratis": service.get("gratis", False),
            "position": position,
            "active": True,
        }
        for position, service in enumerate(services, 1)
    ]
    db.execute(insert(db, t.service), rows)
    ids = {row.slug: row.id for row in db.execute(select(t.service.c.slug, t.service.c.id))}
    counters = [
        {"service_id": ids[service["slug"]], **counter, "active": True}
        for service in services
        for counter in service.get("counters", ())
    ]
    if counters:
        db.execute(insert(db, t.counter), counters)


_ACTIVE_SERVICE = select(*_SERVICE).where(t.service.c.active)
_ACTIVE_COUNTER = select(*_COUNTER).where(t.counter.c.active)


# On the path of a tap: building a statement takes as long as running it.
SERVICE_BY_ID = _ACTIVE_SERVICE.where(t.service.c.id == bindparam("id"))
SERVICE_BY_SLUG = _ACTIVE_SERVICE.where(t.service.c.slug == bindparam("slug"))
COUNTER_BY_ID = _ACTIVE_COUNTER.where(t.counter.c.id == bindparam("id"))
COUNTER_BY_SLUG = _ACTIVE_COUNTER.where(
    t.counter.c.service_id == bindparam("service"), t.counter.c.slug == bindparam("slug")
)


def active_services(db: Db) -> list[Service]:
    """The active services in the office's order."""
    c = t.service.c
    rows = db.execute(select(*_SERVICE).where(c.active).order_by(c.position, c.id))
    return [Service(*row) for row in rows]


def matching(db: Db, typed: str) -> list[Service]:
    """The active services that match: their name or their unit's contains each typed word."""
    s, words = t.service.c, typed.casefold().split()
    rows = db.execute(
        select(*_SERVICE, t.unit.c.name.label("unit"))
        .join(t.unit, t.unit.c.id == s.unit_id)
        .where(s.active)
        .order_by(s.position, s.id)
    )
    return [
        Service(*row[:-1])
        for row in rows
        if all(word in f"{row.name} {row.unit}".casefold() for word in words)
    ]


def active_service(db: Db, service_id: int) -> Service | None:
    """An active service by id."""
    row = db.execute(SERVICE_BY_ID, {"id": service_id}).one_or_none()
    return Service(*row) if row else None


def services_by_id(db: Db) -> dict[int, Service]:
    """Every service by id, inactive ones too, for results of earlier periods."""
    return {row.id: Service(*row) for row in db.execute(SERVICES)}


def active_counter(db: Db, counter_id: int) -> ServiceCounter | None:
    """An active counter by id."""
    row = db.execute(COUNTER_BY_ID, {"id": counter_id}).one_or_none()
    return ServiceCounter(*row) if row else None


def counter_names(db: Db) -> dict[int, str]:
    """Every active counter of an active service, named with its service."""
    s, c = t.service.c, t.counter.c
    rows = db.execute(
        select(c.id, s.name.label("service"), c.name)
        .join(t.service, c.service_id == s.id)
        .where(s.active, c.active)
        .order_by(s.position, s.id, c.id)
    )
    return {row.id: f"{row.service} · {row.name}" for row in rows}


def by_slug(
    db: Db, service_slug: str, counter_slug: str | None
) -> tuple[Service, ServiceCounter | None] | None:
    """The active service of a QR code and, when it names one, its active counter."""
    row = db.execute(SERVICE_BY_SLUG, {"slug": service_slug}).one_or_none()
    if row is None:
        return None
    service = Service(*row)
    if counter_slug is None:
        return service, None
    named = {"service": service.id, "slug": counter_slug}
    counter = db.execute(COUNTER_BY_SLUG, named).one_or_none()
    return service, ServiceCounter(*counter) if counter else None


_P = t.service_population.c
SUMMED_BY_UNIT = (
    select(t.service.c.unit_id, func.sum(_P.users).label("users"))
    .join(t.service_population, _P.service_id == t.service.c.id)
    .where(_P.period_id == bindparam("period"))
    .group_by(t.service.c.unit_id)
    .having(func.sum(_P.users) > 0)
)
USERS_ENTERED = select(t.population.c.unit_id, t.population.c.users).where(
    t.population.c.period_id == bindparam("period")
)
USERS_BY_SERVICE = select(_P.service_id, _P.users).where(_P.period_id == bindparam("period"))


def users_by_unit(db: Db, period_id: int) -> dict[int, int]:
    """Users by unit: as entered for the unit, else the sum of its services'; only what is known."""
    rows = db.execute(SUMMED_BY_UNIT, {"period": period_id})
    of_services = {row.unit_id: int(row.users) for row in rows}
    return of_services | users_entered(db, period_id)


def users_entered(db: Db, period_id: int) -> dict[int, int]:
    """Users by unit, of the units for which they were entered as a whole."""
    rows = db.execute(USERS_ENTERED, {"period": period_id})
    return {row.unit_id: row.users for row in rows}


def users_by_service(db: Db, period_id: int) -> dict[int, int]:
    """Users by service, 0 for a service that nobody used; without services that are not known."""
    rows = db.execute(USERS_BY_SERVICE, {"period": period_id})
    return {row.service_id: row.users for row in rows}


def set_users(db: Db, period_id: int, unit_id: int, users: int) -> None:
    """Set how many people used a unit's services; 0: not known."""
    _set_users(db, t.population, period_id, "unit_id", unit_id, users or None)


def set_service_users(db: Db, period_id: int, service_id: int, users: int | None) -> None:
    """Set how many people used a service; None: not known."""
    _set_users(db, t.service_population, period_id, "service_id", service_id, users)


def _set_users(
    db: Db, table: Table, period_id: int, column: str, number: int, users: int | None
) -> None:
    if users is None:
        c = table.c
        db.execute(delete(table).where(c.period_id == period_id, c[column] == number))
        return
    statement = insert(db, table).values(period_id=period_id, users=users, **{column: number})
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["period_id", column], set_={"users": statement.excluded.users}
        )
    )
