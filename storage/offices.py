"""The office: its facts, units, services, counters, the groups it talks to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    UnaryExpression,
    bindparam,
    delete,
    func,
    select,
    true,
    update,
)

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class Service:
    """A service citizens rate."""

    id: int
    unit_id: int
    slug: str
    name: str
    gratis: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter of a service."""

    id: int
    service_id: int
    slug: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group that summaries go to: of its `units`, or, without any, of the whole office."""

    chat_id: int
    topic_id: int | None
    title: str
    status: str
    name: str | None = None  # what its messages call its units
    units: tuple[int, ...] = ()


SETTING = select(t.setting.c.value).where(t.setting.c.key == bindparam("key"))


def setting(db: Db, key: str) -> Any:
    """A setting's value; None when it was never set."""
    return db.execute(SETTING, {"key": key}).scalar_one_or_none()


def held_setting(db: Db, key: str) -> Any:
    """The same, held until the transaction ends."""
    this = select(t.setting.c.value).where(t.setting.c.key == key)
    return db.execute(this.with_for_update()).scalar_one_or_none()


def name(db: Db) -> str:
    """What the office is called now; every process sees a change at once."""
    return str(setting(db, "office.nama"))


def settings(db: Db, prefix: str) -> dict[str, Any]:
    """All settings under a prefix, without it."""
    c = t.setting.c
    rows = db.execute(select(c.key, c.value).where(c.key.startswith(prefix, autoescape=True)))
    return {row.key.removeprefix(prefix): row.value for row in rows}


def seed_settings(db: Db, values: Mapping[str, Any]) -> None:
    """Set what was never set: a config seeds an empty database, then the database wins."""
    rows = [{"key": key, "value": value} for key, value in values.items()]
    if rows:
        db.execute(insert(db, t.setting).on_conflict_do_nothing(), rows)


def set_setting(db: Db, key: str, value: Any) -> None:
    """Set a setting, whatever it was."""
    statement = insert(db, t.setting).values(key=key, value=value)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"value": statement.excluded.value}
        )
    )


def claim_setting(db: Db, key: str, value: Any) -> bool:
    """Set what was never set; False when somebody else was faster."""
    statement = insert(db, t.setting).values(key=key, value=value).on_conflict_do_nothing()
    return db.execute(statement.returning(t.setting.c.key)).first() is not None


def forget_setting(db: Db, key: str) -> None:
    """Delete a setting."""
    db.execute(delete(t.setting).where(t.setting.c.key == key))


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


_SERVICE = tuple(t.service.c[name] for name in Service.__slots__)


_COUNTER = tuple(t.counter.c[name] for name in Counter.__slots__)
_ACTIVE_SERVICE = select(*_SERVICE).where(t.service.c.active)
_ACTIVE_COUNTER = select(*_COUNTER).where(t.counter.c.active)
# On the path of a tap: building a statement takes as long as running it.
SERVICE_BY_ID = _ACTIVE_SERVICE.where(t.service.c.id == bindparam("id"))
SERVICE_BY_SLUG = _ACTIVE_SERVICE.where(t.service.c.slug == bindparam("slug"))
COUNTER_BY_ID = _ACTIVE_COUNTER.where(t.counter.c.id == bindparam("id"))
COUNTER_BY_SLUG = _ACTIVE_COUNTER.where(
    t.counter.c.service_id == bindparam("service"), t.counter.c.slug == bindparam("slug")
)


def services(db: Db) -> list[Service]:
    """The active services in the office's order."""
    c = t.service.c
    rows = db.execute(select(*_SERVICE).where(c.active).order_by(c.position, c.id))
    return [Service(*row) for row in rows]


def matching(db: Db, typed: str) -> list[Service]:
    """The active services each word of which is in their own name or their unit's."""
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


def service(db: Db, service_id: int) -> Service | None:
    """An active service by id."""
    row = db.execute(SERVICE_BY_ID, {"id": service_id}).one_or_none()
    return Service(*row) if row else None


def service_names(db: Db) -> dict[int, Service]:
    """Every service, those no longer active too: for results of earlier periods."""
    c = t.service.c
    rows = db.execute(select(*_SERVICE).order_by(c.position, c.id))
    return {row.id: Service(*row) for row in rows}


def counter(db: Db, counter_id: int) -> Counter | None:
    """An active counter by id."""
    row = db.execute(COUNTER_BY_ID, {"id": counter_id}).one_or_none()
    return Counter(*row) if row else None


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
) -> tuple[Service, Counter | None] | None:
    """What a QR names: an active service and, when it stands there too, its counter."""
    row = db.execute(SERVICE_BY_SLUG, {"slug": service_slug}).one_or_none()
    if row is None:
        return None
    found = Service(*row)
    if counter_slug is None:
        return found, None
    named = {"service": found.id, "slug": counter_slug}
    desk = db.execute(COUNTER_BY_SLUG, named).one_or_none()
    return found, Counter(*desk) if desk else None


def linked_ever(db: Db) -> bool:
    """Whether a group was ever linked here."""
    return db.execute(select(t.group_link.c.chat_id).limit(1)).first() is not None


def link_group(db: Db, group: Group, user_id: int, now: datetime) -> None:
    """Link a group, or link it again with another title or topic; its units stay."""
    statement = insert(db, t.group_link).values(
        chat_id=group.chat_id,
        topic_id=group.topic_id,
        title=group.title,
        status="linked",
        linked_by=user_id,
        linked_at=now,
        changed_at=now,
    )
    changed = {
        name: statement.excluded[name]
        for name in ("topic_id", "title", "status", "linked_by", "linked_at", "changed_at")
    }
    db.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=changed))


def group_status(db: Db, chat_id: int, status: str, now: datetime) -> bool:
    """Mark a group as unlinked or lost; False when it was not linked."""
    c = t.group_link.c
    done = db.execute(
        update(t.group_link)
        .where(c.chat_id == chat_id, c.status == "linked")
        .values(status=status, changed_at=now)
    )
    return done.rowcount == 1


def groups(db: Db) -> list[Group]:
    """The linked groups."""
    c = t.group_link.c
    return _groups(db, c.status == "linked", c.chat_id)


def all_groups(db: Db) -> list[Group]:
    """The groups that are or were linked, the newest change first."""
    c = t.group_link.c
    return _groups(db, true(), c.changed_at.desc(), c.chat_id)


def group(db: Db, chat_id: int) -> Group | None:
    """A group that is or was linked."""
    found = _groups(db, t.group_link.c.chat_id == chat_id)
    return found[0] if found else None


def _groups(
    db: Db, which: ColumnElement[bool], *order: ColumnElement[Any] | UnaryExpression[Any]
) -> list[Group]:
    c, link = t.group_unit.c, t.group_link
    units: dict[int, list[int]] = {}
    bound = select(c.chat_id, c.unit_id).join(link).where(which).order_by(c.chat_id, c.unit_id)
    for row in db.execute(bound):
        units.setdefault(row.chat_id, []).append(row.unit_id)
    rows = db.execute(select(link).where(which).order_by(*order))
    return [
        Group(row.chat_id, row.topic_id, row.title, row.status, row.name, tuple(of))
        for row in rows
        for of in (units.get(row.chat_id, ()),)
    ]


def bind_group(
    db: Db, chat_id: int, name: str | None, units: Collection[int], now: datetime
) -> None:
    """From now on a group hears of these units alone, by this name; of none: the whole office."""
    link = t.group_link.c
    db.execute(delete(t.group_unit).where(t.group_unit.c.chat_id == chat_id))
    db.execute(
        update(t.group_link).where(link.chat_id == chat_id).values(name=name, changed_at=now)
    )
    rows = [{"chat_id": chat_id, "unit_id": unit_id} for unit_id in units]
    if rows:
        db.execute(insert(db, t.group_unit), rows)


def move_group(db: Db, old: int, new: int, now: datetime) -> None:
    """Follow a group that became a supergroup; one that is linked already only loses the old.

    Its units come along, unless the new one has its own: no group is told more than before.
    """
    c = t.group_link.c
    before, known = group(db, old), group(db, new)
    if known is not None and known.status == "linked":
        if before is not None and before.units and not known.units:
            bind_group(db, new, before.name, before.units, now)
        group_status(db, old, "unlinked", now)
        return
    db.execute(delete(t.group_link).where(c.chat_id == new))
    db.execute(update(t.group_link).where(c.chat_id == old).values(chat_id=new, changed_at=now))
