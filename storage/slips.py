"""Slips: the numbers of paper questionnaires and of responses that a petugas enters."""

from __future__ import annotations

import hmac

from sqlalchemy import func, select

from scoring.paper_cells import CellError, slip_number
from storage import tables as t
from storage.database import Db, insert
from storage.tables import Status

ASSISTED = "dibantu"
PRINTED = 4  # digits of a number that the office prints
OWNER = 10  # bytes: two of ten million people collide with a probability of 1 : 24 000 000 000


def normalized(text: str) -> str | None:
    """A slip's number as it is stored, of paper and assisted alike; None when it cannot be one."""
    try:
        return slip_number(text.strip())
    except CellError:
        return None


def owner_hash(secret: bytes, salt: bytes, number: str) -> bytes:
    """The owner hash of a slip's holder; it never equals one that `responses` makes of a chat."""
    return hmac.digest(secret, b"slip" + salt + number.encode(), "sha256")[:OWNER]


def is_taken(db: Db, period_id: int, number: str) -> bool:
    """Whether a response of the period has this number."""
    c = t.slip.c
    used = select(c.response_id).where(c.period_id == period_id, c.number == number)
    return db.execute(used).first() is not None


def assign(db: Db, response_id: int, period_id: int, number: str, petugas: int) -> bool:
    """Assign a slip number to a response; False when this period has used it."""
    values = {"response_id": response_id, "period_id": period_id, "number": number}
    statement = insert(db, t.slip).values(**values, petugas=petugas).on_conflict_do_nothing()
    made = db.execute(statement.returning(t.slip.c.response_id))
    return made.scalar_one_or_none() is not None


def number_of_response(db: Db, response_id: int) -> str | None:
    """The number of a response's slip."""
    c = t.slip.c
    return db.execute(select(c.number).where(c.response_id == response_id)).scalar_one_or_none()


def counts_by_petugas(db: Db, period_id: int) -> dict[int, int]:
    """How many assisted responses of a period count, by petugas."""
    r, s = t.response.c, t.slip.c
    rows = db.execute(
        select(s.petugas, func.count().label("n"))
        .join(t.response, r.id == s.response_id)
        .where(s.period_id == period_id, s.petugas.is_not(None), r.kanal == ASSISTED)
        .where(r.status == Status.COMPLETED)
        .group_by(s.petugas)
        .order_by(func.count().desc(), s.petugas)
    )
    return {row.petugas: row.n for row in rows}


def highest_number(db: Db, period_id: int) -> int:
    """The highest plain number that a slip of this period has; 0 where there is none."""
    c = t.slip.c
    short = select(c.number).where(c.period_id == period_id, func.length(c.number) <= PRINTED)
    plain = (number for number in db.execute(short).scalars() if number.isdecimal())
    return max(map(int, plain), default=0)
