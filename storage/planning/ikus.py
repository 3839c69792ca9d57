"""Indikator kinerja utama (IKU) of a year's plan: targets, and realisasi entered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, RowMapping, and_, bindparam, func, or_, select

from scoring.iku import Arah, Target
from scoring.plan import DEFAULT_RULES, Rules
from scoring.sakip import Lhe
from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indikator; `sumber` says where its realisasi comes from: ikm, unit, sakip, tangan."""

    id: int
    code: str
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


_I = t.iku.c
_YEARS: BindParameter[int] = bindparam("years", expanding=True)
OF_YEARS = (
    select(
        t.plan_year.c.year, _I.id, _I.code, t.sasaran.c.name, _I.indikator, _I.satuan,
        _I.formulasi, _I.arah, _I.sumber,
    )
    .join(t.iku, _I.plan_id == t.plan_year.c.plan_id)
    .join(t.sasaran, t.sasaran.c.id == _I.sasaran_id)
    .where(t.plan_year.c.year.in_(_YEARS))
    .order_by(t.plan_year.c.year, _I.position)
)  # fmt: skip


def of_years(db: Db, years: Iterable[int]) -> dict[int, list[Indicator]]:
    """The indikator of each year in the order of its table; of a year without a plan none."""
    wanted = list(years)
    found: dict[int, list[Indicator]] = {year: [] for year in wanted}
    for year, *columns in db.execute(OF_YEARS, {"years": wanted}):
        found[year].append(Indicator(*columns))
    return found


def of_year(db: Db, year: int) -> list[Indicator]:
    """The indikator of a year."""
    return of_years(db, [year])[year]


def code_of(db: Db, iku_id: int) -> str | None:
    """The code of an indikator, which the plans before and after share."""
    return db.execute(select(_I.code).where(_I.id == iku_id)).scalar_one_or_none()


def name_of(db: Db, iku_id: int) -> str | None:
    """The name of an indikator."""
    return db.execute(select(_I.indikator).where(_I.id == iku_id)).scalar_one_or_none()


def targets(db: Db, years: Iterable[int]) -> dict[tuple[int, int], Target]:
    """Targets by indikator and year."""
    c = t.iku_year.c
    given = or_(c.target.is_not(None), c.predikat.is_not(None))
    rows = db.execute(select(t.iku_year).where(c.year.in_(list(years)), given))
    return {
        (row.iku_id, row.year): Target(
            None if row.target is None else Decimal(row.target), row.predikat
        )
        for row in rows
    }


def set_target(db: Db, iku_id: int, year: int, target: Target) -> None:
    """Set the target of an indikator for a year; the texts of the year stay."""
    nilai = None if target.nilai is None else f"{target.nilai:f}"
    values = {"target": nilai, "predikat": target.predikat}
    empty = {"program": "", "anggaran": "", "analisis": ""}
    statement = insert(db, t.iku_year).values(iku_id=iku_id, year=year, **values, **empty)
    db.execute(statement.on_conflict_do_update(index_elements=["iku_id", "year"], set_=values))


RULES = (
    select(t.plan.c.tahunan, t.plan.c.lhe_year, t.plan.c.at_boundary, t.plan.c.cap)
    .join(t.plan_year, t.plan_year.c.plan_id == t.plan.c.id)
    .where(t.plan_year.c.year == bindparam("held"))
)


def rules(db: Db, year: int) -> Rules:
    """The rules of the plan that holds a year; the defaults without one."""
    row = db.execute(RULES, {"held": year}).mappings().one_or_none()
    return DEFAULT_RULES if row is None else rules_of(row)


def rules_of(row: RowMapping) -> Rules:
    """The rules in a row of a plan."""
    cap = row["cap"]
    return Rules(
        row["tahunan"],
        row["lhe_year"],
        row["at_boundary"],
        None if cap is None else Decimal(cap),
    )


_C = t.iku_entry.c
_LAST = (
    select(_C.iku_id, _C.year, func.max(_C.revision).label("revision"))
    .where(_C.year.in_(_YEARS))
    .group_by(_C.iku_id, _C.year)
    .subquery()
)
ENTERED = select(t.iku_entry).join(
    _LAST,
    and_(_C.iku_id == _LAST.c.iku_id, _C.year == _LAST.c.year, _C.revision == _LAST.c.revision),
)


def entered_realisasi(db: Db, years: Iterable[int]) -> dict[tuple[int, int], EnteredRealisasi]:
    """The newest realisasi by hand, by indikator and year; without those withdrawn."""
    return {
        (row.iku_id, row.year): EnteredRealisasi(
            Decimal(row.realisasi), row.source, row.revision, row.reason
        )
        for row in db.execute(ENTERED, {"years": list(years)})
        if row.realisasi is not None
    }


def entered_of_source(db: Db, sumber: str, years: Iterable[int]) -> dict[int, Decimal]:
    """The newest realisasi by hand of the first indikator that comes from there, by year."""
    wanted = list(years)
    entered = entered_realisasi(db, wanted)
    if not entered:
        return {}
    return {
        year: entered[one.id, year].realisasi
        for year, indicators in of_years(db, wanted).items()
        for one in reversed(indicators)
        if one.sumber == sumber and (one.id, year) in entered
    }


def enter_realisasi(
    db: Db,
    iku_id: int,
    year: int,
    realisasi: Decimal | None,
    source: str,
    reason: str | None,
    user_id: int | None,
    now: datetime,
) -> None:
    """Keep a realisasi by hand, or a correction of it; None withdraws it."""
    last = select(func.coalesce(func.max(_C.revision), 0))
    revision = db.execute(last.where(_C.iku_id == iku_id, _C.year == year)).scalar_one() + 1
    db.execute(
        insert(db, t.iku_entry).values(
            iku_id=iku_id,
            year=year,
            revision=revision,
            realisasi=None if realisasi is None else str(realisasi),
            source=source,
            reason=reason,
            entered_by=user_id,
            entered_at=now,
        )
    )


@dataclass(frozen=True, slots=True)
class LheRow:
    """An LHE as it was entered, with its revision and its texts."""

    lhe: Lhe
    revision: int
    rekomendasi: str
    file: Mapping[str, Any] | None  # Telegram's file id, name, size
    reason: str | None  # why it was corrected


def _kept_lhe(row: RowMapping) -> LheRow:
    return LheRow(
        Lhe(
            nomor=row["nomor"],
            tanggal=row["tanggal"],
            tahun_evaluasi=row["tahun_evaluasi"],
            tahun_dinilai=row["tahun_dinilai"],
            regulasi=row["regulasi"],
            nilai=Decimal(row["nilai"]),
            predikat=row["predikat"],
            komponen={code: Decimal(nilai) for code, nilai in row["komponen"].items()},
        ),
        **{name: row[name] for name in _BESIDE},
    )


_BESIDE = ("revision", "rekomendasi", "file", "reason")


_L = t.lhe.c
_LAST_LHE = (
    select(_L.tahun_evaluasi.label("tahun"), func.max(_L.revision).label("revision"))
    .group_by(_L.tahun_evaluasi)
    .subquery()
)
_OF_LAST_LHE = and_(_L.tahun_evaluasi == _LAST_LHE.c.tahun, _L.revision == _LAST_LHE.c.revision)
NEWEST_LHE = select(t.lhe).join(_LAST_LHE, _OF_LAST_LHE).order_by(_L.tahun_evaluasi.desc())


def newest_lhe(db: Db) -> list[LheRow]:
    """The newest_lhe revision of every year's LHE, the latest year first."""
    return [_kept_lhe(row) for row in db.execute(NEWEST_LHE).mappings()]


def lhe_revisions(db: Db, tahun_evaluasi: int) -> list[LheRow]:
    """Every revision of one year's LHE, the newest_lhe first."""
    c = t.lhe.c
    rows = db.execute(
        select(t.lhe).where(c.tahun_evaluasi == tahun_evaluasi).order_by(c.revision.desc())
    )
    return [_kept_lhe(row) for row in rows.mappings()]


def add_lhe(
    db: Db,
    lhe: Lhe,
    rekomendasi: str,
    file: Mapping[str, Any] | None,
    reason: str | None,
    user_id: int,
    now: datetime,
) -> int:
    """Store an LHE or a correction of it; the number of the revision."""
    before = lhe_revisions(db, lhe.tahun_evaluasi)
    revision = before[0].revision + 1 if before else 1
    values = {
        "tahun_evaluasi": lhe.tahun_evaluasi,
        "revision": revision,
        "tahun_dinilai": lhe.tahun_dinilai,
        "regulasi": lhe.regulasi,
        "nomor": lhe.nomor,
        "tanggal": lhe.tanggal,
        "komponen": {code: str(nilai) for code, nilai in lhe.komponen.items()},
        "nilai": str(lhe.nilai),
        "predikat": lhe.predikat,
        "rekomendasi": rekomendasi,
        "file": dict(file) if file else None,
        "reason": reason,
        "entered_by": user_id,
        "entered_at": now,
    }
    db.execute(insert(db, t.lhe).values(values))
    return revision
