"""Slips: the numbers of paper questionnaires and of responses that a petugas enters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, tuple_

from scoring.paper_cells import CellError, slip_number
from storage import tables as t
from storage.database import Db, insert
from storage.periods import in_periods
from storage.tables import Status

ASSISTED = "dibantu"
PRINTED = 4  # digits of a number that the office prints


def normalized(text: str) -> str | None:
    """A slip's number as it is stored, of paper and assisted alike; None when it cannot be one."""
    try:
        return slip_number(text.strip())
    except CellError:
        return None


def is_taken(db: Db, period_id: int, number: str) -> bool:
    """Whether a response of the period, open or sent, has this number."""
    return bool(taken(db, [(period_id, number)]))


def taken(db: Db, numbers: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these numbers, each with its period, that responses have."""
    c = t.slip.c
    used = select(c.period_id, c.number).where(tuple_(c.period_id, c.number).in_(numbers))
    return {(row.period_id, row.number) for row in db.execute(used)}


def of_periods(db: Db, period_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Period and number of all slips that these periods have."""
    c = t.slip.c
    used = select(c.period_id, c.number).where(c.period_id.in_(period_ids))
    return {(row.period_id, row.number) for row in db.execute(used)}


def take(db: Db, period_id: int, number: str) -> bool:
    """Take a number for a response; False when this period has used it."""
    statement = insert(db, t.slip).values(period_id=period_id, number=number)
    made = statement.on_conflict_do_nothing().returning(t.slip.c.number)
    return db.execute(made).scalar_one_or_none() is not None


def free(db: Db, period_id: int, number: str) -> None:
    """Free the number of a response that was deleted."""
    c = t.slip.c
    db.execute(delete(t.slip).where(c.period_id == period_id, c.number == number))


def counts_by_petugas(db: Db, period_id: int) -> dict[int, int]:
    """How many assisted responses of a period count, by petugas."""
    r = t.response.c
    rows = db.execute(
        select(r.petugas, func.count().label("n"))
        .where(in_periods([period_id]), r.petugas.is_not(None))
        .where(r.status == Status.COMPLETED)
        .group_by(r.petugas)
        .order_by(func.count().desc(), r.petugas)
    )
    return {row.petugas: row.n for row in rows}


def highest_number(db: Db, period_id: int) -> int:
    """The highest plain number that a slip of this period has; 0 where there is none."""
    c = t.slip.c
    short = select(c.number).where(c.period_id == period_id, func.length(c.number) <= PRINTED)
    plain = (number for number in db.execute(short).scalars() if number.isdecimal())
    return max(map(int, plain), default=0)
