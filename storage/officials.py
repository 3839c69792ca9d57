"""Who signs the office's papers, and from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import func, or_, select, update

from storage import tables as t
from storage.database import Db, insert

Seat: TypeAlias = Literal["kepala", "atasan"]  # of the office; his superior, with whom he agrees


@dataclass(frozen=True, slots=True)
class Official:
    """One who signs; `since` and `until` are the first and the last day, None where it is open."""

    id: int
    seat: Seat
    name: str
    nip: str
    pangkat: str
    jabatan: str
    acting: str  # Plt. | Plh. | empty
    since: date | None
    until: date | None

    @property
    def position(self) -> str:
        """`Plt. Camat Pakong`."""
        return f"{self.acting} {self.jabatan}".strip()


_O = t.official.c
_COLUMNS = tuple(_O[name] for name in Official.__slots__)
_LATEST = (_O.since.is_(None), _O.since.desc(), _O.id.desc())


def every(db: Db) -> list[Official]:
    """All of them: of each seat the latest first."""
    rows = db.execute(select(*_COLUMNS).order_by(_O.seat.desc(), *_LATEST))
    return [Official(*row) for row in rows]


def by_id(db: Db, official_id: int) -> Official | None:
    """The official with this id."""
    row = db.execute(select(*_COLUMNS).where(_O.id == official_id)).one_or_none()
    return Official(*row) if row else None


def signatory(db: Db, seat: Seat, day: date) -> Official | None:
    """Who signs on a day: of those in office the one who began last."""
    in_office = (
        _O.seat == seat,
        or_(_O.since.is_(None), _O.since <= day),
        or_(_O.until.is_(None), _O.until >= day),
    )
    row = db.execute(select(*_COLUMNS).where(*in_office).order_by(*_LATEST).limit(1)).one_or_none()
    return Official(*row) if row else None


def last_day(one: Official, known: Sequence[Official]) -> date | None:
    """The last day in office; without one, the day before the next of these begins to stay."""
    if one.until is not None:
        return one.until
    begins = one.since or date.min
    staying = [each.since for each in known if each.seat == one.seat and each.until is None]
    after = [since for since in staying if since is not None and since > begins]
    return min(after) - timedelta(days=1) if after else None


def audit_target(official_id: int) -> str:
    """The target of the audit entries about an official."""
    return f"pejabat no. {official_id}"


def seed(db: Db, name: str, nip: str, jabatan: str) -> None:
    """Store the first head of an office that has named nobody yet."""
    none_yet = db.execute(select(func.count()).select_from(t.official)).scalar_one() == 0
    if name and none_yet:
        put(db, None, seat="kepala", name=name, nip=nip, pangkat="", jabatan=jabatan, acting="",
            since=None, until=None)  # fmt: skip


def put(db: Db, official_id: int | None, **values: Any) -> int:
    """Store an official, new (None) or in place of a stored one; the id."""
    if official_id is None:
        added = db.execute(insert(db, t.official).values(values).returning(_O.id))
        return int(added.scalar_one())
    db.execute(update(t.official).where(_O.id == official_id).values(values))
    return official_id
