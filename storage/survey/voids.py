"""Voids: a response is found by its receipt or slip and taken out of the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update

from storage import periods
from storage import tables as t
from storage.database import Db
from storage.registered import Registered
from storage.survey import owners, responses
from storage.survey.tallies import Deltas
from storage.tables import Status


class NotVoidable(Exception):
    """Penilaian itu sudah digugurkan atau sudah dihapus; tidak ada yang berubah."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


@dataclass(frozen=True, slots=True)
class VoidableResponse:
    """A completed response of a period that is not locked, without its answers."""

    id: int
    period_id: int
    period: str
    closed: bool
    service: str
    tanggal: date
    kanal: str
    urutan: int
    petugas: int | None


def _countable() -> Select[Any]:
    r, p = t.response.c, t.period.c
    return (
        select(
            r.id, r.period_id, p.label, (p.status == "closed"), t.service.c.name,
            r.tanggal, r.kanal, r.urutan, r.petugas,
        )
        .join(t.period, r.period_id == p.id)
        .join(t.service, r.service_id == t.service.c.id)
        .where(r.status == Status.COMPLETED, p.status != "locked")
        .order_by(p.starts_at, r.id)
    )  # fmt: skip


def by_id(db: Db, response_id: int) -> VoidableResponse | None:
    """A response that counts and may be voided."""
    row = db.execute(_countable().where(t.response.c.id == response_id)).one_or_none()
    return VoidableResponse(*row) if row else None


def by_code(db: Db, code: str) -> list[VoidableResponse]:
    """The responses with this receipt or slip number (in capitals), in periods not locked."""
    ids = [
        number
        for period in periods.unlocked(db, "ikm")
        for number in owners.responses_with_code(db, period.id, code)
    ]
    return [
        VoidableResponse(*row) for row in db.execute(_countable().where(t.response.c.id.in_(ids)))
    ]


def void(
    db: Db,
    known: Mapping[int, Registered],
    deltas: Deltas,
    response_id: int,
    user_id: int,
    reason: str,
    now: datetime,
) -> int | None:
    """Take a completed response out of the tallies, delete its suggestion, free its slip number.

    Returns:
        The number of the revision; None while the period is open.

    Raises:
        NotVoidable: it is not a completed response.
        periods.Locked: its period is locked.
    """
    r = t.response.c
    this = select(r.period_id).where(r.id == response_id)
    period_id = db.execute(this).scalar_one_or_none()
    if period_id is None:
        raise NotVoidable
    periods.lock_row(db, period_id)
    rows = responses.by_ids(db, [response_id])
    if [row["status"] for row in rows] != [Status.COMPLETED]:
        raise NotVoidable
    number = periods.add_revision(db, period_id, user_id, reason, now)
    responses.uncount(db, known, deltas, rows)
    db.execute(update(t.response).where(r.id == response_id).values(status=Status.VOID))
    owners.note_voided(db, period_id, response_id)
    return number
