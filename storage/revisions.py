"""Numbered revisions: what changed the figures of a period after its close."""

from __future__ import annotations

from sqlalchemy import func, select

from storage import tables as t
from storage.database import Db


def number(db: Db, period_id: int) -> int:
    """How often the figures of this period changed after its close."""
    c = t.revision.c
    newest = select(func.max(c.number)).where(c.period_id == period_id)
    return int(db.execute(newest).scalar() or 0)
