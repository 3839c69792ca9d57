"""Which typed text or file a chat is awaited to send: one row a chat, replaced by the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, select

from storage import tables as t
from storage.database import Db, insert_in


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a chat was asked for: the kind, and the data stored when it was asked."""

    kind: str
    data: Mapping[str, Any]


OF_CHAT = (
    select(t.awaited_text.c.kind, t.awaited_text.c.data)
    .where(t.awaited_text.c.chat_id == bindparam("chat"))
    .with_for_update()
)


def of_chat(db: Db, chat_id: int) -> Awaited | None:
    """What this chat is awaited to send; a suggestion is awaited in the open response itself.

    The row is locked until the turn ends: of two processes that handle *Simpan*, one saves.
    """
    row = db.execute(OF_CHAT, {"chat": chat_id}).one_or_none()
    return Awaited(row.kind, row.data) if row else None


def put(db: Db, chat_id: int, kind: str, data: Mapping[str, Any], now: datetime) -> None:
    """Await this text or file in place of what was awaited before."""
    values = {"chat_id": chat_id, "kind": kind, "data": dict(data), "since": now}
    db.execute(_put(db.dialect.name), values)


@cache
def _put(dialect: str) -> Executable:
    statement = insert_in(dialect, t.awaited_text)
    new = {name: statement.excluded[name] for name in ("kind", "data", "since")}
    return statement.on_conflict_do_update(index_elements=["chat_id"], set_=new)


def prune(db: Db, before: datetime) -> None:
    """Delete abandoned forms."""
    db.execute(delete(t.awaited_text).where(t.awaited_text.c.since < before))


FORGET = delete(t.awaited_text).where(t.awaited_text.c.chat_id == bindparam("chat"))


def forget(db: Db, chat_id: int) -> bool:
    """Await nothing from this chat; whether something was awaited."""
    return bool(db.execute(FORGET, {"chat": chat_id}).rowcount)
