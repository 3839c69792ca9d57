"""Which typed text or file a chat is awaited to send: one row a chat, replaced by the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a chat was asked for: the kind, and the data stored when it was asked."""

    kind: str
    data: Mapping[str, Any]


def of_chat(db: Db, chat_id: int) -> Awaited | None:
    """What this chat is awaited to send; a suggestion is awaited in the open response itself.

    The row is locked until the turn ends: of two processes that handle *Simpan*, one saves.
    """
    c = t.awaited_text.c
    this = select(c.kind, c.data).where(c.chat_id == chat_id)
    row = db.execute(this.with_for_update()).one_or_none()
    return Awaited(row.kind, row.data) if row else None


def put(db: Db, chat_id: int, kind: str, data: Mapping[str, Any], now: datetime) -> None:
    """Await this text or file in place of what was awaited before."""
    values = {"kind": kind, "data": dict(data), "since": now}
    statement = insert(db, t.awaited_text).values(chat_id=chat_id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))


def prune(db: Db, before: datetime) -> None:
    """Delete abandoned forms."""
    db.execute(delete(t.awaited_text).where(t.awaited_text.c.since < before))


FORGET = delete(t.awaited_text).where(t.awaited_text.c.chat_id == bindparam("chat"))


def forget(db: Db, chat_id: int) -> bool:
    """Await nothing from this chat; whether something was awaited."""
    return bool(db.execute(FORGET, {"chat": chat_id}).rowcount)
