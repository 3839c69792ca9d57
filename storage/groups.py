"""Groups that get summaries: linked, limited to units, moved, lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    UnaryExpression,
    delete,
    select,
    true,
    update,
)

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class Group:
    """A group that gets summaries: of its `units`, or of the whole office without any."""

    chat_id: int
    topic_id: int | None
    title: str
    status: str
    name: str | None = None  # what its messages call its units
    units: tuple[int, ...] = ()


def any_ever_linked(db: Db) -> bool:
    """Whether a group was ever linked here."""
    return db.execute(select(t.group_link.c.chat_id).limit(1)).first() is not None


def link(db: Db, group: Group, user_id: int, now: datetime) -> None:
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


def set_status(db: Db, chat_id: int, status: str, now: datetime) -> bool:
    """Mark a group as unlinked or lost; False when it was not linked."""
    c = t.group_link.c
    done = db.execute(
        update(t.group_link)
        .where(c.chat_id == chat_id, c.status == "linked")
        .values(status=status, changed_at=now)
    )
    return done.rowcount == 1


def linked(db: Db) -> list[Group]:
    """The linked groups."""
    c = t.group_link.c
    return _groups(db, c.status == "linked", c.chat_id)


def all_groups(db: Db) -> list[Group]:
    """The groups that are or were linked, the newest change first."""
    c = t.group_link.c
    return _groups(db, true(), c.changed_at.desc(), c.chat_id)


def by_chat(db: Db, chat_id: int) -> Group | None:
    """A group that is or was linked."""
    groups = _groups(db, t.group_link.c.chat_id == chat_id)
    return groups[0] if groups else None


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


def bind(db: Db, chat_id: int, name: str | None, units: Collection[int], now: datetime) -> None:
    """Limit a group's summaries to these units, under this name; no units: the whole office."""
    link = t.group_link.c
    db.execute(delete(t.group_unit).where(t.group_unit.c.chat_id == chat_id))
    db.execute(
        update(t.group_link).where(link.chat_id == chat_id).values(name=name, changed_at=now)
    )
    rows = [{"chat_id": chat_id, "unit_id": unit_id} for unit_id in units]
    if rows:
        db.execute(insert(db, t.group_unit), rows)


def move(db: Db, old: int, new: int, now: datetime) -> None:
    """Replace a group by the supergroup it became; if that is linked, only unlink the old one.

    Its units are kept, unless the new one has its own: no group sees more than before.
    """
    c = t.group_link.c
    before, known = by_chat(db, old), by_chat(db, new)
    if known is not None and known.status == "linked":
        if before is not None and before.units and not known.units:
            bind(db, new, before.name, before.units, now)
        set_status(db, old, "unlinked", now)
        return
    db.execute(delete(t.group_link).where(c.chat_id == new))
    db.execute(update(t.group_link).where(c.chat_id == old).values(chat_id=new, changed_at=now))
