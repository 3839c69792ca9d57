"""Sending: answers are written anew under random ids, with their owners and suggestions apart."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from storage import periods
from storage import tables as t
from storage.database import ConcurrentChange, Db
from storage.periods import ID_BITS
from storage.registered import Registered
from storage.survey import owners
from storage.survey.owners import Owned
from storage.tables import Status


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


def new_id(period_id: int) -> int:
    """A random id with the period's number as prefix, so that inserts stay in a few pages."""
    return period_id << ID_BITS | secrets.randbits(ID_BITS)


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
        if owned[0].owner is None and not periods.has_owners(db, period_id):
            continue  # late slips of a locked period
        owners.add(db, period_id, owned)


def _insert_many(db: Db, table: Any, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    if db.dialect.name == "sqlite":
        db.execute(statement, rows)  # SQLite alone
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    db.execute(_from_arrays(table, tuple(columns)), columns)


@cache
def _from_arrays(table: Any, names: tuple[str, ...]) -> Any:
    # An array a column instead of many parameters: psycopg needs a tenth of the time.
    arrays = [func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in names]
    return insert(table).from_select(list(names), select(*arrays))
