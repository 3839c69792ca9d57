"""Follow-up of a period's findings and of an LHE's recommendations: plan, progress, photos."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update

from storage import tables as t
from storage.database import Db, insert
from storage.settings import rows

REPORT_SIGNED = "report_signed:"  # then the period: what its signed report says, else false


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is done about a finding of a period, or about a recommendation of an LHE.

    Args:
        item: the code of the unsur that it should improve; empty of a recommendation.
        rekomendasi: of the LHE of `tahun_evaluasi`; its `kegiatan` is empty until it is planned.
    """

    id: int
    period_id: int | None
    tahun_evaluasi: int | None
    item: str
    rekomendasi: str
    kegiatan: str
    responsible: str
    due: date | None
    status: str  # rencana | berjalan | selesai | batal
    evidence: str
    obstacle: str
    description: str

    @property
    def subject(self) -> str:
        """What it is called in one line."""
        return self.kegiatan or self.rekomendasi

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was planned or done yet."""
        return not (self.kegiatan or self.description) and self.status == "rencana"

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
    found = db.execute(
        select(*_COLUMNS).where(t.follow_up.c.period_id == period_id).order_by(t.follow_up.c.id)
    )
    return [FollowUp(*row) for row in found]


def of_lhe(db: Db, *years: int) -> list[FollowUp]:
    """The recommendations of the LHE of these years, the earliest year first, as entered."""
    c = t.follow_up.c
    query = select(*_COLUMNS).where(c.tahun_evaluasi.in_(years))
    return [FollowUp(*row) for row in db.execute(query.order_by(c.tahun_evaluasi, c.id))]


def unfinished(db: Db) -> list[FollowUp]:
    """All lines that are planned or under way, the earliest due date first."""
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


def add_recommendations(
    db: Db, tahun_evaluasi: int, texts: Sequence[str], user_id: int, now: datetime
) -> None:
    """Add recommendations of an LHE, for which nothing is planned yet."""
    empty = {"item": "", "kegiatan": "", "responsible": "", "evidence": "", "obstacle": ""}
    values = {**empty, "tahun_evaluasi": tahun_evaluasi, "status": "rencana"}
    by = {"changed_by": user_id, "changed_at": now}
    db.execute(insert(db, t.follow_up), [{**values, **by, "rekomendasi": text} for text in texts])


def delete_untouched(db: Db, line: FollowUp) -> None:
    """Delete a recommendation that was entered by mistake."""
    c = t.follow_up.c
    untouched = (c.kegiatan == "", c.description == "", c.status == "rencana")
    db.execute(
        delete(t.follow_up).where(c.id == line.id, c.tahun_evaluasi.is_not(None), *untouched)
    )


def change(db: Db, follow_up_id: int, user_id: int, now: datetime, **values: Any) -> None:
    """Change what is planned or done of a line: `kegiatan`, `due`, `status`, `evidence` …"""
    db.execute(
        update(t.follow_up)
        .where(t.follow_up.c.id == follow_up_id)
        .values(**values, changed_by=user_id, changed_at=now)
    )


# --- why an unsur is weak ---------------------------------------------------------------------


def causes(db: Db, period_id: int) -> dict[str, str]:
    """Code of an unsur -> why it is weak, as the office worded it after a period."""
    c = t.cause.c
    found = db.execute(select(c.item, c.text).where(c.period_id == period_id).order_by(c.item))
    return {row.item: row.text for row in found}


def explain(db: Db, period_id: int, item: str, text: str, user_id: int, now: datetime) -> None:
    """Write why an unsur is weak; an empty text takes it back."""
    c = t.cause.c
    db.execute(delete(t.cause).where(c.period_id == period_id, c.item == item))
    if text:
        values = {"period_id": period_id, "item": item, "text": text}
        db.execute(insert(db, t.cause).values(**values, changed_by=user_id, changed_at=now))


# --- photos -----------------------------------------------------------------------------------


def photos(db: Db, lines: Collection[int]) -> dict[int, dict[int, bytes]]:
    """Line -> its photos by id, the oldest first, as PNG."""
    c = t.follow_up_photo.c
    stored = db.execute(
        select(c.follow_up_id, c.id, c.png).where(c.follow_up_id.in_(lines)).order_by(c.id)
    )
    found: dict[int, dict[int, bytes]] = {}
    for row in stored:
        found.setdefault(row.follow_up_id, {})[row.id] = row.png
    return found


def photo_contents(db: Db, ids: Collection[int]) -> dict[int, bytes]:
    """These photos by id, as PNG."""
    c = t.follow_up_photo.c
    return {row.id: row.png for row in db.execute(select(c.id, c.png).where(c.id.in_(ids)))}


def newest_photo(db: Db, line: int) -> int | None:
    """The photo that was added last; None where there is none."""
    c = t.follow_up_photo.c
    newest: int | None = db.execute(select(func.max(c.id)).where(c.follow_up_id == line)).scalar()
    return newest


def photo_count(db: Db, line: int) -> int:
    """How many photos a line has."""
    c = t.follow_up_photo.c
    return db.execute(select(func.count()).where(c.follow_up_id == line)).scalar_one()


def add_photo(db: Db, line: int, png: bytes, user_id: int, now: datetime) -> None:
    """Add a photo to a line; one that it has already is not added again."""
    values = {"follow_up_id": line, "sha256": sha256(png).digest(), "png": png}
    statement = insert(db, t.follow_up_photo).values(**values, added_by=user_id, added_at=now)
    db.execute(statement.on_conflict_do_nothing())


def remove_photo(db: Db, photo_id: int) -> bool:
    """Delete a photo; False where it is gone."""
    return bool(
        db.execute(delete(t.follow_up_photo).where(t.follow_up_photo.c.id == photo_id)).rowcount
    )


# --- the signed report ------------------------------------------------------------------------


def report_signed(db: Db, period_id: int) -> bool:
    """Whether the report of a period is signed: what the office wrote for it no longer changes."""
    return bool(_signed(db, period_id))


def note_report_signed(db: Db, period_id: int, words: dict[str, Any] | None) -> None:
    """Note that the report of a period is signed, with what it says; None: it is open again."""
    rows.put(db, f"{REPORT_SIGNED}{period_id}", words or False)


def signed_words(db: Db, period_id: int) -> dict[str, Any] | None:
    """What a signed report says; None where it is not signed, or was before this was stored."""
    stored = _signed(db, period_id)
    return stored if isinstance(stored, dict) else None


def all_signed_words(db: Db) -> dict[int, dict[str, Any]]:
    """Period -> what its signed report says."""
    marks = rows.under(db, REPORT_SIGNED)
    return {
        int(key.removeprefix(REPORT_SIGNED)): stored
        for key, stored in marks.items()
        if isinstance(stored, dict)
    }


def _signed(db: Db, period_id: int) -> Any:
    return db.execute(rows.VALUE, {"key": f"{REPORT_SIGNED}{period_id}"}).scalar_one_or_none()
