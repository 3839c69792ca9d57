"""The audit: who did what, before, after, why. Rows are added; nothing changes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change; user_id None: the program itself."""

    id: int
    at: datetime
    user_id: int | None
    action: str
    target: str
    before: Any
    after: Any
    reason: str | None


_ENTRY = tuple(t.audit.c[name] for name in AuditEntry.__slots__)

CHANGES = select(func.count()).where(t.audit.c.target == bindparam("target"))


def newest_id(db: Db) -> int:
    """The number of the newest entry; 0 when there is none."""
    return int(db.execute(select(func.coalesce(func.max(t.audit.c.id), 0))).scalar_one())


def count(db: Db, upto: int) -> int:
    """How many entries there are up to this number."""
    return int(db.execute(select(func.count()).where(t.audit.c.id <= upto)).scalar_one())


def entries(db: Db, upto: int, skip: int, most: int) -> list[AuditEntry]:
    """A page of the entries up to this number, newest first; later entries do not shift it."""
    c = t.audit.c
    query = select(*_ENTRY).where(c.id <= upto).order_by(c.id.desc()).offset(skip).limit(most)
    return [AuditEntry(*row) for row in db.execute(query)]


def change_count(db: Db, target: str) -> int:
    """How often this target was changed; a button carries it, so that an older one is stale."""
    return int(db.execute(CHANGES, {"target": target}).scalar_one())


def befores(db: Db, target: str) -> list[Any]:
    """What this target was before each of its changes."""
    c = t.audit.c
    return list(db.execute(select(c.before).where(c.target == target)).scalars())


def record(
    db: Db,
    now: datetime,
    user_id: int | None,
    action: str,
    target: str,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> None:
    """Write the audit: who, what, before, after, why. Rows are only ever added."""
    entry = {
        "at": now,
        "user_id": user_id,
        "action": action,
        "target": target,
        "before": before,
        "after": after,
        "reason": reason,
    }
    db.execute(insert(db, t.audit), entry)
