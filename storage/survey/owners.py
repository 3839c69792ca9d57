"""Whose a sent response is: a table for each period, which is dropped when the period is locked.

An owner is an HMAC of the person under the master secret and the period's salt. Nothing else links
a sent response to its person, its receipt, its slip or its suggestion.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    SmallInteger,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from storage import tables as t
from storage.database import Day, Db
from storage.tables import Door, Status

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # five bits each; no two look alike
RECEIPT = re.compile(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")
KEY_BITS, HIDDEN_BITS = 63, 23  # bits of a key, and how many of them its receipt leaves out
OWNER = 10  # bytes: two of ten million people collide with a probability of 1 : 24 000 000 000
TABLE = "owner_"  # then the period
# Literals, since SQLite takes a partial index only where it knows the value.
COUNTS: ColumnElement[int] = literal_column("0")
VOIDED: ColumnElement[int] = literal_column("1")


@dataclass(frozen=True, slots=True)
class Owned:
    """A row of a period's table: owner (None: a paper slip) and what is known of a response."""

    owner: bytes | None
    service_id: int
    urutan: int
    response_id: int
    receipt: int | None = None
    slip: str | None = None
    suggestion_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sent response, and its suggestion if it has one."""

    period_id: int
    response_id: int
    service_id: int
    suggestion_id: int | None


@cache
def table(period_id: int) -> Table:
    """The table of a period that is not locked."""
    name = f"{TABLE}{period_id}"
    counts, voided = (text(f"voided = {n} AND owner IS NOT NULL") for n in (0, 1))
    return Table(
        name,
        MetaData(),
        Column("response_id", t.Id, primary_key=True, autoincrement=False),
        Column("owner", LargeBinary(OWNER)),
        Column("service_id", Integer, nullable=False),
        Column("urutan", SmallInteger, nullable=False),
        Column("receipt", BigInteger),
        Column("slip", String(20)),
        Column("suggestion_id", BigInteger),
        Column("voided", SmallInteger, nullable=False),  # 1: it counts no more
        Column("added_on", Day),  # the day of what was added to its suggestion after *Kirim*
        # One completed response of a person for each service and urutan.
        Index(
            f"uq_{name}",
            "owner",
            "service_id",
            "urutan",
            unique=True,
            sqlite_where=counts,
            postgresql_where=counts,
        ),
        Index(
            f"ix_{name}_voided",
            "owner",
            sqlite_where=voided,
            postgresql_where=voided,
        ),
        Index(
            f"ix_{name}_receipt",
            "receipt",
            sqlite_where=text("receipt IS NOT NULL"),
            postgresql_where=text("receipt IS NOT NULL"),
        ),
        Index(
            f"ix_{name}_slip",
            "slip",
            sqlite_where=text("slip IS NOT NULL"),
            postgresql_where=text("slip IS NOT NULL"),
        ),
    )


def create(db: Db, period_id: int) -> None:
    """Create the table of a new period; PostgreSQL gathers no statistics of its columns."""
    made = table(period_id)
    made.create(db)
    without_statistics(db, made, ("owner", "response_id", "receipt", "slip", "suggestion_id"))


def without_statistics(db: Db, made: Table, columns: Sequence[str]) -> None:
    """Keep samples of these columns out of PostgreSQL's statistics, which outlive the rows."""
    if db.dialect.name != "sqlite":
        for column in columns:
            db.execute(text(f"ALTER TABLE {made.name} ALTER COLUMN {column} SET STATISTICS 0"))


def drop(db: Db, period_id: int) -> None:
    """Drop the table of a period that is being locked."""
    table(period_id).drop(db)


# --- the hash and the receipt ------------------------------------------------------------------


def owner_hash(secret: bytes, salt: bytes, door: int, person: int) -> bytes:
    """The owner of what this person sends; nobody can compute it again without the salt."""
    place = b"" if door == Door.TELEGRAM else door.to_bytes(2, "big")
    number = person.to_bytes(8, "big", signed=True)
    return hmac.digest(secret, b"owner" + place + salt + number, "sha256")[:OWNER]


def owner_hash_of_slip(secret: bytes, salt: bytes, number: str) -> bytes:
    """The owner of an assisted response: its slip's number; never equal to one of a person."""
    return hmac.digest(secret, b"slip" + salt + number.encode(), "sha256")[:OWNER]


def receipt_number(key: int) -> int:
    """The part of a random key that its receipt shows."""
    return key >> HIDDEN_BITS


def receipt(key: int) -> str:
    """The receipt of a response, `XXXX-XXXX`: the upper bits of its random key, in no export."""
    upper = receipt_number(key)
    letters = "".join(LETTERS[upper >> 5 * position & 31] for position in reversed(range(8)))
    return f"{letters[:4]}-{letters[4:]}"


def read_receipt(code: str) -> int | None:
    """The number that a receipt shows; None when it is not a receipt."""
    if RECEIPT.fullmatch(code) is None:
        return None
    number = 0
    for letter in code.replace("-", ""):
        number = number << 5 | LETTERS.index(letter)
    return number


# --- rows --------------------------------------------------------------------------------------


@cache
def _insert(period_id: int) -> Any:
    return insert(table(period_id))


def add(db: Db, period_id: int, rows: Sequence[Owned]) -> None:
    """Note whose these new responses of the period are."""
    db.execute(
        _insert(period_id),
        [
            {
                "owner": row.owner,
                "service_id": row.service_id,
                "urutan": row.urutan,
                "response_id": row.response_id,
                "receipt": row.receipt,
                "slip": row.slip,
                "suggestion_id": row.suggestion_id,
                "voided": 0,
            }
            for row in rows
        ],
    )


@cache
def _times_rated(period_id: int) -> Any:
    c = table(period_id).c
    return select(func.max(c.urutan)).where(
        c.owner == bindparam("owner"), c.service_id == bindparam("service"), c.voided == COUNTS
    )


def times_rated(db: Db, period_id: int, service_id: int, owner: bytes) -> int:
    """The highest `urutan` this owner completed for the service in the period; 0 for none."""
    this = {"owner": owner, "service": service_id}
    return int(db.execute(_times_rated(period_id), this).scalar() or 0)


def responses_of(db: Db, period_id: int, owner: bytes) -> list[int]:
    """The responses of this owner in a period that is not locked, voided ones too."""
    c = table(period_id).c
    return [
        number
        for voided in (COUNTS, VOIDED)  # each has its own index
        for number in db.execute(
            select(c.response_id).where(c.owner == owner, c.voided == voided)
        ).scalars()
    ]


def responses_with_code(db: Db, period_id: int, code: str) -> list[int]:
    """The responses with this receipt or slip number (in capitals) that are not voided."""
    c = table(period_id).c
    number = read_receipt(code)
    queries = [select(c.response_id).where(c.slip == code, c.voided == COUNTS)]
    if number is not None:
        queries.append(select(c.response_id).where(c.receipt == number, c.voided == COUNTS))
    return [each for query in queries for each in db.execute(query).scalars()]


@cache
def _with_receipt(period_id: int) -> Any:
    c = table(period_id).c
    return select(c.owner, c.response_id).where(
        c.receipt == bindparam("number"), c.voided == COUNTS
    )


def with_key(db: Db, period_id: int, key: int) -> tuple[bytes | None, int] | None:
    """Owner and id of the response that was sent with the button of this key."""
    found = db.execute(_with_receipt(period_id), {"number": receipt_number(key)}).first()
    return None if found is None else (found.owner, found.response_id)


def newest_of(db: Db, period_id: int, owner: bytes) -> Said | None:
    """The newest response of this owner that counts, by day, hours and `urutan`."""
    c, r = table(period_id).c, t.response.c
    row = db.execute(
        select(c.response_id, c.service_id, c.suggestion_id)
        .join(t.response, c.response_id == r.id)
        .where(c.owner == owner, c.voided == COUNTS)
        .order_by(r.tanggal.desc(), r.jam.desc(), c.urutan.desc(), c.response_id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Said(period_id, *row)


def note_added(db: Db, said: Said, suggestion_id: int, day: date) -> None:
    """Link a suggestion to its response, with the day of what was added to it."""
    made = table(said.period_id)
    db.execute(
        update(made)
        .where(made.c.response_id == said.response_id)
        .values(suggestion_id=suggestion_id, added_on=day)
    )


def note_voided(db: Db, period_id: int, response_id: int) -> None:
    """Free what only a response that counts may have: its slip's number, receipt and urutan.

    Its suggestion is deleted; the owner stays, so that an erasure reaches the response.
    """
    c = table(period_id).c
    this = [response_id]
    _delete_suggestions(db, period_id, this)
    _free_slips(db, period_id, this)
    db.execute(
        update(table(period_id))
        .where(c.response_id == response_id)
        .values(voided=1, slip=None, receipt=None, suggestion_id=None, added_on=None)
    )


def delete_of_responses(db: Db, period_id: int, response_ids: Collection[int]) -> None:
    """Delete the owners of these responses of the period with their slips and suggestions."""
    _delete_suggestions(db, period_id, response_ids)
    _free_slips(db, period_id, response_ids)
    made = table(period_id)
    db.execute(delete(made).where(made.c.response_id.in_(response_ids)))


def _delete_suggestions(db: Db, period_id: int, response_ids: Collection[int]) -> None:
    c = table(period_id).c
    said = select(c.suggestion_id).where(c.response_id.in_(response_ids))
    db.execute(delete(t.suggestion).where(t.suggestion.c.id.in_(said)))


def _free_slips(db: Db, period_id: int, response_ids: Collection[int]) -> None:
    c = table(period_id).c
    used = select(c.slip).where(c.response_id.in_(response_ids), c.slip.is_not(None))
    s = t.slip.c
    db.execute(delete(t.slip).where(s.period_id == period_id, s.number.in_(used)))


def repeated(period_id: int) -> Select[Any]:
    """The owners with several responses that count."""
    c = table(period_id).c
    counting = select(c.owner).where(c.owner.is_not(None), c.voided == COUNTS)
    return counting.group_by(c.owner).having(func.count() > 1)


def suggestions_dated_before(period_id: int, before: date) -> Select[Any]:
    """The suggestions that came with responses of an earlier date, or were added to earlier."""
    c, r = table(period_id).c, t.response.c
    joined = table(period_id).join(t.response, c.response_id == r.id)
    return (
        select(c.suggestion_id)
        .select_from(joined)
        .where(c.suggestion_id.is_not(None), func.coalesce(c.added_on, r.tanggal) < before)
    )


def suggestions_that_count(period_id: int) -> Select[Any]:
    """The suggestions that came with responses that count."""
    c, r = table(period_id).c, t.response.c
    joined = table(period_id).join(t.response, c.response_id == r.id)
    return (
        select(c.suggestion_id)
        .select_from(joined)
        .where(c.suggestion_id.is_not(None), r.status == Status.COMPLETED)
    )
