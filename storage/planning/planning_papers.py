"""The papers of planning of a year: their numbers and dates, and what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A version of a paper; `content` and `fingerprint` are those of a signed one."""

    id: int
    kind: str
    year: int
    quarter: int
    version: int
    number: str
    dated: date | None
    signed_at: datetime | None
    content: Mapping[str, Any] | None
    fingerprint: str | None


_P = t.planning_paper.c
_COLUMNS = tuple(_P[name] for name in PaperRow.__slots__)


def versions(db: Db, year: int) -> list[PaperRow]:
    """Every version of every paper of a year, the newest versions first."""
    rows = db.execute(select(*_COLUMNS).where(_P.year == year).order_by(_P.version.desc()))
    return [PaperRow(*row) for row in rows]


def newest(db: Db, kind: str, year: int, quarter: int) -> PaperRow | None:
    """The newest version of a paper; None while nothing was typed for it."""
    of = (_P.kind == kind, _P.year == year, _P.quarter == quarter)
    query = select(*_COLUMNS).where(*of).order_by(_P.version.desc()).limit(1)
    row = db.execute(query).one_or_none()
    return PaperRow(*row) if row else None


def add(db: Db, kind: str, year: int, quarter: int, version: int) -> None:
    """Begin a version, without number and date."""
    db.execute(
        insert(db, t.planning_paper).values(
            kind=kind, year=year, quarter=quarter, version=version, number=""
        )
    )


def change(db: Db, paper_id: int, number: str, dated: date | None) -> None:
    """Set number and date of a version that is not signed."""
    unsigned = (_P.id == paper_id, _P.signed_at.is_(None))
    db.execute(update(t.planning_paper).where(*unsigned).values(number=number, dated=dated))


def sign(
    db: Db,
    paper_id: int,
    content: Mapping[str, Any],
    fingerprint: str,
    user_id: int,
    now: datetime,
) -> None:
    """Keep what was signed; nothing changes this version any more."""
    values = {
        "content": dict(content), "fingerprint": fingerprint, "signed_by": user_id,
        "signed_at": now,
    }  # fmt: skip
    unsigned = (_P.id == paper_id, _P.signed_at.is_(None))
    db.execute(update(t.planning_paper).where(*unsigned).values(values))
