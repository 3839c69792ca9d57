"""The follow-up plan of a period for its lowest unsur, and the progress of each line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One line of the plan; `item` is the code of the unsur that it should improve."""

    id: int
    period_id: int
    item: str
    kegiatan: str
    responsible: str
    due: date | None
    status: str  # rencana | berjalan | selesai | batal
    evidence: str
    obstacle: str

    @property
    def counts(self) -> bool:
        """Whether it is still part of the plan."""
        return self.status != "batal"

    def is_late(self, today: date) -> bool:
        """Whether it is past its due date and not finished."""
        waits = self.status in ("rencana", "berjalan")
        return waits and self.due is not None and self.due < today


_COLUMNS = tuple(t.follow_up.c[field.name] for field in fields(FollowUp))


def of_period(db: Db, period_id: int) -> list[FollowUp]:
    """The plan made after a period, in the order it was written."""
    rows = db.execute(
        select(*_COLUMNS).where(t.follow_up.c.period_id == period_id).order_by(t.follow_up.c.id)
    )
    return [FollowUp(*row) for row in rows]


def unfinished(db: Db) -> list[FollowUp]:
    """The lines that are planned or under way, of all periods, the earliest due date first."""
    c = t.follow_up.c
    query = select(*_COLUMNS).where(c.status.in_(("rencana", "berjalan")))
    return [FollowUp(*row) for row in db.execute(query.order_by(c.due, c.id))]


def by_id(db: Db, follow_up_id: int) -> FollowUp | None:
    """One line of a plan."""
    row = db.execute(select(*_COLUMNS).where(t.follow_up.c.id == follow_up_id)).one_or_none()
    return FollowUp(*row) if row else None


def add(
    db: Db,
    period_id: int,
    item: str,
    kegiatan: str,
    responsible: str,
    due: date | None,
    user_id: int,
    now: datetime,
) -> int:
    """Add a line to the plan; its id."""
    statement = insert(db, t.follow_up).values(
        period_id=period_id,
        item=item,
        kegiatan=kegiatan,
        responsible=responsible,
        due=due,
        status="rencana",
        evidence="",
        obstacle="",
        changed_by=user_id,
        changed_at=now,
    )
    return int(db.execute(statement.returning(t.follow_up.c.id)).scalar_one())


def change(db: Db, follow_up_id: int, user_id: int, now: datetime, **values: Any) -> None:
    """Change `status`, `evidence`, `obstacle` or `due` of a line."""
    db.execute(
        update(t.follow_up)
        .where(t.follow_up.c.id == follow_up_id)
        .values(**values, changed_by=user_id, changed_at=now)
    )
