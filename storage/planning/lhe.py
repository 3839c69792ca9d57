"""Laporan Hasil Evaluasi (LHE) of SAKIP: a correction is a new revision; the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, and_, func, select

from scoring.sakip import Lhe
from storage import tables as t
from storage.database import Db, insert


@dataclass(frozen=True, slots=True)
class LheRow:
    """An LHE as it was entered, with its revision and its texts."""

    lhe: Lhe
    revision: int
    rekomendasi: str
    file: Mapping[str, Any] | None  # Telegram's file id, name, size
    reason: str | None  # why it was corrected
    entered_by: int
    entered_at: datetime


def _kept(row: RowMapping) -> LheRow:
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


_BESIDE = ("revision", "rekomendasi", "file", "reason", "entered_by", "entered_at")


_C = t.lhe.c
_LAST = (
    select(_C.tahun_evaluasi.label("tahun"), func.max(_C.revision).label("revision"))
    .group_by(_C.tahun_evaluasi)
    .subquery()
)
_OF_LAST = and_(_C.tahun_evaluasi == _LAST.c.tahun, _C.revision == _LAST.c.revision)
NEWEST = select(t.lhe).join(_LAST, _OF_LAST).order_by(_C.tahun_evaluasi.desc())


def newest(db: Db) -> list[LheRow]:
    """The newest revision of every year's LHE, the latest year first."""
    return [_kept(row) for row in db.execute(NEWEST).mappings()]


def revisions(db: Db, tahun_evaluasi: int) -> list[LheRow]:
    """Every revision of one year's LHE, the newest first."""
    c = t.lhe.c
    rows = db.execute(
        select(t.lhe).where(c.tahun_evaluasi == tahun_evaluasi).order_by(c.revision.desc())
    )
    return [_kept(row) for row in rows.mappings()]


def add(
    db: Db,
    lhe: Lhe,
    rekomendasi: str,
    file: Mapping[str, Any] | None,
    reason: str | None,
    user_id: int,
    now: datetime,
) -> int:
    """Store an LHE or a correction of it; the number of the revision."""
    before = revisions(db, lhe.tahun_evaluasi)
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
