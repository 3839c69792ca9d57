"""Sent responses: stored under random ids, erased, and counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    bindparam,
    delete,
    func,
    select,
)

from storage import periods
from storage import tables as t
from storage.database import Db
from storage.registered import Registered
from storage.survey import erasures, owners
from storage.survey.tallies import CountedResponse, Deltas
from storage.tables import Door, Status

ERASED = "/hapus_data"  # the reason of the revision that an erasure adds


def completed_count(db: Db, first: date, last: date) -> int:
    """How many responses were completed on these days, both included."""
    r = t.response.c
    counted = select(func.count()).where(
        r.status == Status.COMPLETED, r.tanggal.between(first, last)
    )
    return int(db.execute(counted).scalar_one())


def counts_by_day(db: Db, period_id: int, first: date, last: date) -> dict[tuple[date, str], int]:
    """How many responses of a period count on these days, by day and channel."""
    r = t.response.c
    counted = (
        select(r.tanggal, r.kanal, func.count().label("n"))
        .where(periods.in_periods([period_id]), r.status == Status.COMPLETED)
        .where(r.tanggal.between(first, last))
        .group_by(r.tanggal, r.kanal)
    )
    return {(row.tanggal, row.kanal): int(row.n) for row in db.execute(counted)}


@dataclass(frozen=True, slots=True)
class TappedResponse:
    """The sent response that a late button names."""

    owner: bytes | None
    period_id: int
    salt: bytes
    service_id: int
    service: str
    counter_id: int | None
    urutan: int
    petugas: int | None


def by_key(db: Db, key: int) -> TappedResponse | None:
    """The response that was sent under this key, of anybody, in a period that is not locked."""
    r, s = t.response.c, t.service.c
    for period in periods.unlocked(db, "ikm"):
        found = owners.with_key(db, period.id, key)
        if found is None or period.salt is None:
            continue
        owner, number = found
        row = db.execute(
            select(r.service_id, s.name, r.counter_id, r.urutan, r.petugas)
            .join(t.service, r.service_id == s.id)
            .where(r.id == number)
        ).one()
        return TappedResponse(owner, period.id, period.salt, *row)
    return None


def newest_of(
    db: Db, secret: bytes, person: int, door: Door, *, to_change: bool = False
) -> owners.Said | None:
    """The newest response that this person sent in periods that are not locked.

    Args:
        to_change: none of the periods is locked before the transaction ends.
    """
    if to_change:
        periods.lock_closed_rows(db)
        salts = [(number, salt) for number, _, salt in periods.salts_for_share(db)]
    else:
        salts = [
            (each.id, each.salt) for each in periods.unlocked(db, "ikm") if each.salt is not None
        ]
    for period_id, salt in reversed(salts):
        owner = owners.owner_hash(secret, salt, door, person)
        said = owners.newest_of(db, period_id, owner)
        if said is not None:
            return said
    return None


def erase(
    db: Db,
    known: Mapping[int, Registered],
    deltas: Deltas,
    secret: bytes,
    person: int,
    now: datetime,
    door: Door = Door.TELEGRAM,
) -> int:
    """Delete what this person sent in periods that are not locked; the number of responses."""
    periods.lock_closed_rows(db)
    erased = 0
    # No other transaction locks these periods before this one ends.
    for period_id, status, salt in periods.salts_for_share(db):
        owner = owners.owner_hash(secret, salt, door, person)
        deleted, counted = delete_of_owner(db, known, deltas, period_id, owner)
        if deleted:
            erasures.note(db, period_id, owner, now)
        if counted and status == "closed":
            periods.add_revision(db, period_id, None, ERASED, now)
        erased += deleted
    return erased


def delete_of_owner(
    db: Db, known: Mapping[int, Registered], deltas: Deltas, period_id: int, owner: bytes
) -> tuple[int, int]:
    """Delete an owner's responses of a period; how many there were, and how many counted."""
    rows = by_ids(db, owners.responses_of(db, period_id, owner))
    counting = [row for row in rows if row["status"] == Status.COMPLETED]
    uncount(db, known, deltas, counting)
    if rows:
        delete_of_period(db, period_id, [row["id"] for row in rows])
    return len(rows), len(counting)


def delete_of_period(db: Db, period_id: int, ids: Sequence[int]) -> None:
    """Delete responses of a period that is not locked, with all that belongs to them."""
    owners.delete_of_responses(db, period_id, ids)
    db.execute(delete(t.response).where(t.response.c.id.in_(ids)))


def by_ids(db: Db, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These responses with their units; their rows stay locked."""
    r = t.response.c
    rows = db.execute(
        select(t.response, t.service.c.unit_id)
        .join(t.service, r.service_id == t.service.c.id)
        .where(r.id.in_(ids))
        .order_by(r.id)
        .with_for_update(of=t.response)
    )
    return [dict(row) for row in rows.mappings()]


ANSWERS = select(t.answer).where(t.answer.c.response_id.in_(bindparam("responses", expanding=True)))


def uncount(
    db: Db, known: Mapping[int, Registered], deltas: Deltas, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Take completed responses out of the tallies."""
    answers: dict[int, dict[int, int | None]] = {row["id"]: {} for row in rows}
    for answer in db.execute(ANSWERS, {"responses": list(answers)}):
        answers[answer.response_id][answer.item_id] = answer.nilai
    for row in rows:
        registered = known[row["instrument_id"]]
        given = {registered.codes[number]: nilai for number, nilai in answers[row["id"]].items()}
        deltas.add(registered, CountedResponse.of(row), given, -1)


def wordings(db: Db, period_ids: Sequence[int]) -> list[int]:
    """The ids of the instruments that the counted responses of these periods were asked with."""
    c = t.response.c
    asked = select(c.instrument_id).where(c.period_id.in_(period_ids), c.status == Status.COMPLETED)
    return list(db.execute(asked.distinct().order_by(c.instrument_id)).scalars())
