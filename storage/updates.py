"""Updates that were handled, and updates that were set aside because their handler raised."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, delete, func, select, update

from storage import tables as t
from storage.database import Db, insert, insert_in

KEPT = timedelta(days=2)
SET_ASIDE_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SetAsideUpdate:
    """An update that could not be handled: what a replay needs, and the error with its location."""

    id: int
    update_id: int
    payload: dict[str, Any]
    error: str
    at: datetime


def record_new(db: Db, bot_id: int, update_ids: Collection[int], now: datetime) -> set[int]:
    """Record these updates and return those that were not recorded before."""
    if not update_ids:
        return set()
    rows = [
        {"bot_id": bot_id, "update_id": number, "handled_at": now} for number in sorted(update_ids)
    ]
    return set(db.execute(_record(db.dialect.name), rows).scalars())


@cache
def _record(dialect: str) -> Executable:
    table = t.handled_update
    return insert_in(dialect, table).on_conflict_do_nothing().returning(table.c.update_id)


def set_aside(
    db: Db, bot_id: int, update_id: int, payload: dict[str, Any], error: str, now: datetime
) -> None:
    """Store an update that could not be handled, without names, for a week."""
    db.execute(
        insert(db, t.set_aside)
        .values(bot_id=bot_id, update_id=update_id, payload=payload, error=error, at=now)
        .on_conflict_do_nothing()
    )


def set_aside_count(db: Db) -> int:
    """How many updates are set aside."""
    return int(db.execute(select(func.count()).select_from(t.set_aside)).scalar_one())


def all_set_aside(db: Db) -> list[SetAsideUpdate]:
    """The updates that are set aside, oldest first."""
    rows = db.execute(select(t.set_aside).order_by(t.set_aside.c.at, t.set_aside.c.id)).mappings()
    return [
        SetAsideUpdate(**{name: row[name] for name in SetAsideUpdate.__slots__}) for row in rows
    ]


def delete_set_aside(db: Db, aside_id: int) -> bool:
    """Delete an update that was set aside; False when another process did, or prune."""
    done = db.execute(delete(t.set_aside).where(t.set_aside.c.id == aside_id))
    return done.rowcount == 1


def note_error(db: Db, aside_id: int, error: str) -> None:
    """Store the error of the latest replay."""
    db.execute(update(t.set_aside).where(t.set_aside.c.id == aside_id).values(error=error))


def newest_error(db: Db) -> str | None:
    """Type and location of the newest error for which an update was set aside."""
    c = t.set_aside.c
    return db.execute(select(c.error).order_by(c.at.desc(), c.id.desc()).limit(1)).scalar()


def delete_of_chat(db: Db, chat_id: int) -> None:
    """Delete the updates of this chat that were set aside."""
    c = t.set_aside.c
    mine = [row.id for row in db.execute(select(c.id, c.payload)) if row.payload["chat"] == chat_id]
    db.execute(delete(t.set_aside).where(c.id.in_(mine)))


def delete_of_key(db: Db, key: int) -> None:
    """Delete the updates that were set aside with this open response's key instead of a chat."""
    c = t.set_aside.c
    mine = [
        row.id for row in db.execute(select(c.id, c.payload)) if row.payload.get("response") == key
    ]
    db.execute(delete(t.set_aside).where(c.id.in_(mine)))


def prune(db: Db, now: datetime) -> None:
    """Delete old records: Telegram repeats an update for at most a day."""
    db.execute(delete(t.handled_update).where(t.handled_update.c.handled_at < now - KEPT))
    db.execute(delete(t.set_aside).where(t.set_aside.c.at < now - SET_ASIDE_KEPT))
