"""Erasures: what /hapus_data deleted here is deleted from the kept nightly copies too."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update

from storage import tables as t
from storage.database import Db


def note(db: Db, period_id: int, owner: bytes, now: datetime) -> None:
    """Note an erasure; its owner is kept until the nightly copies have lost his responses."""
    db.execute(insert(t.erasure).values(at=now, period_id=period_id, owner=owner))


def pending(db: Db) -> list[tuple[int, bytes]]:
    """Period and owner of the erasures that the nightly copies may not have."""
    c = t.erasure.c
    rows = db.execute(select(c.period_id, c.owner).where(c.owner.is_not(None)).order_by(c.id))
    return [(row.period_id, row.owner) for row in rows]


def newest(db: Db) -> int:
    """The number of the newest erasure; 0 without any."""
    return int(db.execute(select(func.coalesce(func.max(t.erasure.c.id), 0))).scalar_one())


def count_after(db: Db, number: int) -> int:
    """How many erasures came after the one of this number."""
    later = select(func.count()).where(t.erasure.c.id > number)
    return int(db.execute(later).scalar_one())


def note_of_copy(db: Db, number: int) -> None:
    """Note in a backup that it has lost what the erasures up to this number deleted."""
    c = t.erasure.c
    db.execute(update(t.erasure).values(owner=None, period_id=None))  # SQLite alone
    if number > newest(db):
        newest_at = datetime.fromtimestamp(0, UTC)  # when does not matter
        db.execute(insert(t.erasure).values({c.id: number, c.at: newest_at}))  # SQLite alone


def note_copied(db: Db, until: int) -> None:
    """Forget the owners of the erasures up to this number: the copies have lost them too."""
    c = t.erasure.c
    db.execute(
        update(t.erasure)
        .where(c.id <= until, c.owner.is_not(None))
        .values(owner=None, period_id=None)
    )
