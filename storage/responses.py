"""Sent responses: stored under random ids, erased, and counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from storage import erasures, owners, periods
from storage import tables as t
from storage.database import ConcurrentChange, Db
from storage.instruments import Registered
from storage.owners import Owned
from storage.tables import Door, Status, new_id
from storage.tallies import Deltas

ERASED = "/hapus_data"  # the reason of the revision that an erasure adds


@dataclass(frozen=True, slots=True)
class Sent:
    """A response as it is stored when it is sent, or read from a paper slip.

    `answers` are nilai by item code (None: skipped), `attributes` option codes by attribute code.
    """

    period_id: int
    service_id: int
    counter_id: int | None
    kanal: str
    urutan: int
    tanggal: date
    jam: str | None
    answers: Mapping[str, int | None]
    attributes: Mapping[str, str | None]
    saran: str | None
    owner: bytes | None
    receipt: int | None = None
    slip: str | None = None
    batch_id: int | None = None
    petugas: int | None = None


ADD = insert(t.response)
ADD_ANSWERS = insert(t.answer)
ADD_ATTRIBUTES = insert(t.response_attribute)
ADD_SUGGESTIONS = insert(t.suggestion)


def add(db: Db, registered: Registered, sent: Sequence[Sent], status: Status) -> None:
    """Store new responses of an instrument with their owners and suggestions; no tally changes.

    Raises:
        ConcurrentChange: a random id is taken; the turn is retried with others.
    """
    ids = [new_id(one.period_id) for one in sent]
    rows = [
        {
            "id": number,
            "period_id": one.period_id,
            "instrument_id": registered.id,
            "service_id": one.service_id,
            "counter_id": one.counter_id,
            "kanal": one.kanal,
            "urutan": one.urutan,
            "status": status,
            "tanggal": one.tanggal,
            "jam": one.jam,
            "batch_id": one.batch_id,
            "petugas": one.petugas,
        }
        for number, one in zip(ids, sent, strict=True)
    ]
    try:
        db.execute(ADD, rows)
    except IntegrityError as error:  # a random id that another response has
        raise ConcurrentChange from error
    answers = [
        {"response_id": number, "item_id": registered.item_ids[code], "nilai": nilai}
        for number, one in zip(ids, sent, strict=True)
        for code, nilai in one.answers.items()
    ]
    described = [
        {"response_id": number, "option_id": registered.option_ids[attribute, code]}
        for number, one in zip(ids, sent, strict=True)
        for attribute, code in one.attributes.items()
        if code is not None
    ]
    _insert_many(db, t.answer, ADD_ANSWERS, answers)
    _insert_many(db, t.response_attribute, ADD_ATTRIBUTES, described)
    suggestions: dict[int, dict[str, Any]] = {
        number: {
            "id": new_id(one.period_id),
            "period_id": one.period_id,
            "service_id": one.service_id,
            "text": one.saran,
        }
        for number, one in zip(ids, sent, strict=True)
        if one.saran
    }
    if suggestions:
        db.execute(ADD_SUGGESTIONS, list(suggestions.values()))
    by_period: dict[int, list[Owned]] = {}
    for number, one in zip(ids, sent, strict=True):
        said = suggestions.get(number)
        by_period.setdefault(one.period_id, []).append(
            Owned(
                one.owner, one.service_id, one.urutan, number, one.receipt, one.slip,
                None if said is None else said["id"],
            )
        )  # fmt: skip
    for period_id, owned in sorted(by_period.items()):
        owners.add(db, period_id, owned)


def _insert_many(db: Db, table: Any, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    if db.dialect.name == "sqlite":
        db.execute(statement, rows)
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    db.execute(_from_arrays(table, tuple(columns)), columns)


@cache
def _from_arrays(table: Any, names: tuple[str, ...]) -> Any:
    # An array a column instead of many parameters: psycopg needs a tenth of the time.
    arrays = [func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in names]
    return insert(table).from_select(list(names), select(*arrays))


def completed_count(db: Db, first: date, last: date) -> int:
    """How many responses were completed on these days, both included."""
    r = t.response.c
    counted = select(func.count()).where(
        r.status == Status.COMPLETED, r.tanggal.between(first, last)
    )
    return int(db.execute(counted).scalar_one())


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


def erase(
    db: Db,
    known: Mapping[int, Registered],
    deltas: Deltas,
    secret: bytes,
    chat_id: int,
    now: datetime,
) -> int:
    """Delete what this person sent in periods that are not locked; the number of responses."""
    periods.lock_closed_rows(db)
    erased = 0
    # No other transaction locks these periods before this one ends.
    for period_id, status, salt in periods.salts_for_share(db):
        owner = owners.owner_hash(secret, salt, Door.TELEGRAM, chat_id)
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
    if counting:  # the inputs of a result contain the answers
        db.execute(delete(t.result).where(t.result.c.period_id == period_id))
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


@dataclass(frozen=True, slots=True)
class CountedResponse:
    """The period, service, unit, channel and urutan that a response counts in."""

    period_id: int
    service_id: int
    unit_id: int
    kanal: str
    urutan: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> CountedResponse:
        """From a row that carries these columns."""
        return CountedResponse(
            row["period_id"], row["service_id"], row["unit_id"], row["kanal"], row["urutan"]
        )
