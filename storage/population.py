"""Users of the units in a period: what a sample is held against."""

from __future__ import annotations

from sqlalchemy import select

from storage import tables as t
from storage.database import Db, insert


def of_period(db: Db, period_id: int) -> dict[int, int]:
    """Users by unit id, for the units somebody counted them of."""
    c = t.population.c
    rows = db.execute(select(c.unit_id, c.users).where(c.period_id == period_id))
    return {row.unit_id: row.users for row in rows}


def put(db: Db, period_id: int, unit_id: int, users: int) -> None:
    """Say how many people used a unit's services in a period."""
    statement = insert(db, t.population).values(period_id=period_id, unit_id=unit_id, users=users)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["period_id", "unit_id"], set_={"users": users}
        )
    )
