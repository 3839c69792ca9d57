"""Revisions: what changed the figures of a period between its close and its lock, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, insert, select

from storage import periods
from storage import tables as t
from storage.database import Db


class Locked(Exception):
    """Angka periode itu sudah dikunci dan tidak dapat diubah lagi."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


@dataclass(frozen=True, slots=True)
class Revision:
    """One change after the close; user_id None: a citizen took his own answers back."""

    number: int
    at: datetime
    user_id: int | None
    reason: str


def lock_closed_rows(db: Db) -> None:
    """Keep others from numbering a revision of any closed period until the transaction ends."""
    c = t.period.c
    db.execute(select(c.id).where(c.status == "closed").order_by(c.id).with_for_update())


def add(db: Db, period_id: int, user_id: int | None, reason: str, now: datetime) -> int | None:
    """Number a change of a period's figures, in the transaction that makes it.

    Returns:
        Its number; None while the period is open, when no revision is needed.

    Raises:
        Locked: the figures can no longer change.
    """
    periods.lock_row(db, period_id)
    current = periods.by_id(db, period_id)
    if current is None or current.status == "locked":
        raise Locked
    if current.status == "open":
        return None
    following = newest_number(db, period_id) + 1
    row = {"period_id": period_id, "number": following, "at": now}
    db.execute(insert(t.revision).values(**row, user_id=user_id, reason=reason))
    return following


def newest_number(db: Db, period_id: int) -> int:
    """The number of the newest revision: what results are stored under; 0 while there is none."""
    return int(db.execute(select(newest_number_query(period_id))).scalar_one())


def newest_number_query(period_id: Any) -> ScalarSelect[int]:
    """That number within another statement."""
    c = t.revision.c
    highest = select(func.coalesce(func.max(c.number), 0)).where(c.period_id == period_id)
    return highest.scalar_subquery()


def of_period(db: Db, period_id: int) -> list[Revision]:
    """Every revision of a period, oldest first."""
    c = t.revision.c
    rows = db.execute(
        select(c.number, c.at, c.user_id, c.reason)
        .where(c.period_id == period_id)
        .order_by(c.number)
    )
    return [Revision(*row) for row in rows]
