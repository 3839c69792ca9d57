"""Who asked for news of what was done: chats of Telegram, apart from answers and without a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from storage import tables as t
from storage.database import Db, insert

KEPT = timedelta(days=180)  # after the end of the period: less than six months
C = t.news_request.c


@dataclass(frozen=True, slots=True)
class NewsRequest:
    """A chat that waits for the news of a period, and the language it reads."""

    chat_id: int
    language: str


def add(db: Db, period_id: int, chat_id: int, language: str) -> None:
    """Note that a chat waits for the news of a period; a second time changes nothing."""
    values = {"period_id": period_id, "chat_id": chat_id, "language": language}
    db.execute(insert(db, t.news_request).values(values).on_conflict_do_nothing())


def periods_of(db: Db, chat_id: int) -> list[int]:
    """The periods whose news a chat waits for."""
    query = select(C.period_id).where(C.chat_id == chat_id)
    return list(db.execute(query.order_by(C.period_id)).scalars())


def waiting(db: Db) -> list[int]:
    """The periods whose news somebody waits for."""
    return list(db.execute(select(C.period_id).distinct().order_by(C.period_id)).scalars())


def count(db: Db, period_ids: Collection[int]) -> int:
    """How many chats wait for the news of these periods."""
    waiting = select(func.count(C.chat_id.distinct())).where(C.period_id.in_(period_ids))
    return int(db.execute(waiting).scalar_one())


def take(db: Db, period_ids: Collection[int]) -> list[NewsRequest]:
    """Delete the requests of these periods and return each chat once, in the order of numbers."""
    taken = delete(t.news_request).where(C.period_id.in_(period_ids))
    rows = db.execute(taken.returning(C.chat_id, C.language))
    by_chat = {row.chat_id: row.language for row in rows}
    return [NewsRequest(chat_id, language) for chat_id, language in sorted(by_chat.items())]


def forget(db: Db, chat_id: int) -> None:
    """Delete the requests of a chat."""
    db.execute(delete(t.news_request).where(C.chat_id == chat_id))


def withdraw(db: Db, period_id: int, chat_id: int) -> None:
    """Delete the request of a chat for one period."""
    this = delete(t.news_request).where(C.period_id == period_id, C.chat_id == chat_id)
    db.execute(this)


def prune(db: Db, now: datetime) -> None:
    """Delete the requests of periods that ended long ago."""
    ended = select(t.period.c.id).where(t.period.c.ends_at < now - KEPT)
    db.execute(delete(t.news_request).where(C.period_id.in_(ended)))
