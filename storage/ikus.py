"""Indikator kinerja utama (IKU) of the office: targets, and realisasi entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, bindparam, func, select

from scoring.iku import Arah, Target
from scoring.profile import Profile
from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indikator; `sumber` says where its realisasi comes from: ikm, unit, sakip, tangan."""

    id: int
    sasaran: str
    indikator: str
    satuan: str
    formulasi: str
    arah: Arah
    sumber: str


@dataclass(frozen=True, slots=True)
class EnteredRealisasi:
    """A realisasi by hand, with its source; `reason` says why it was corrected."""

    realisasi: Decimal
    source: str
    revision: int
    reason: str | None


_INDICATOR = tuple(t.iku.c[name] for name in Indicator.__slots__)


def seed(db: Db, profile: Profile) -> None:
    """Fill a table that has no indikator yet."""
    if db.execute(select(func.count()).select_from(t.iku)).scalar_one():
        return
    rows = [
        {
            "sasaran": sasaran.name,
            "indikator": iku.name,
            "satuan": iku.satuan,
            "formulasi": iku.formulasi,
            "arah": iku.arah,
            "sumber": iku.realisasi,
        }
        for sasaran in profile.sasaran
        for iku in sasaran.iku
    ]
    for position, row in enumerate(rows, 1):
        db.execute(insert(db, t.iku).values(**row, position=position, active=True))


def indicators(db: Db) -> list[Indicator]:
    """The indikator in the order of the table."""
    rows = db.execute(select(*_INDICATOR).where(t.iku.c.active).order_by(t.iku.c.position))
    return [Indicator(*row) for row in rows]


def targets(db: Db, years: Iterable[int]) -> dict[tuple[int, int], Target]:
    """Targets by indikator and year."""
    c = t.iku_target.c
    rows = db.execute(select(t.iku_target).where(c.year.in_(list(years))))
    return {(row.iku_id, row.year): Target(Decimal(row.target), row.predikat) for row in rows}


def set_target(db: Db, iku_id: int, year: int, target: Decimal, predikat: str | None) -> None:
    """Set the target of an indikator for a year."""
    values = {"target": str(target), "predikat": predikat}
    statement = insert(db, t.iku_target).values(iku_id=iku_id, year=year, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["iku_id", "year"], set_=values))


_C = t.iku_entry.c
_LAST = (
    select(_C.iku_id, _C.year, func.max(_C.revision).label("revision"))
    .where(_C.year.in_(bindparam("years", expanding=True)))
    .group_by(_C.iku_id, _C.year)
    .subquery()
)
ENTERED = select(t.iku_entry).join(
    _LAST,
    and_(_C.iku_id == _LAST.c.iku_id, _C.year == _LAST.c.year, _C.revision == _LAST.c.revision),
)


def entered_realisasi(db: Db, years: Iterable[int]) -> dict[tuple[int, int], EnteredRealisasi]:
    """The newest realisasi by hand, by indikator and year."""
    return {
        (row.iku_id, row.year): EnteredRealisasi(
            Decimal(row.realisasi), row.source, row.revision, row.reason
        )
        for row in db.execute(ENTERED, {"years": list(years)})
    }


def entered_of_source(db: Db, sumber: str, years: Iterable[int]) -> dict[int, Decimal]:
    """The newest realisasi by hand of the first indikator that comes from there, by year."""
    entered = entered_realisasi(db, years)
    those = [one.id for one in indicators(db) if one.sumber == sumber]
    return {
        year: entry.realisasi
        for (number, year), entry in sorted(entered.items(), reverse=True)
        if number in those
    }


def enter_realisasi(
    db: Db,
    iku_id: int,
    year: int,
    realisasi: Decimal,
    source: str,
    reason: str | None,
    user_id: int,
    now: datetime,
) -> int:
    """Keep a realisasi by hand, or a correction of it; the number of the revision."""
    before = entered_realisasi(db, [year]).get((iku_id, year))
    revision = before.revision + 1 if before else 1
    db.execute(
        insert(db, t.iku_entry).values(
            iku_id=iku_id,
            year=year,
            revision=revision,
            realisasi=str(realisasi),
            source=source,
            reason=reason,
            entered_by=user_id,
            entered_at=now,
        )
    )
    return revision
