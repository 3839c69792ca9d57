"""How many people used a unit's services in a period: the N of the sample and of the margin."""

from __future__ import annotations

from sqlalchemy import delete, select

from storage import tables as t
from storage.database import Db, insert


def users_by_unit(db: Db, period_id: int) -> dict[int, int]:
    """Users by unit; a unit whose users nobody counted is left out."""
    c = t.population.c
    rows = db.execute(select(c.unit_id, c.users).where(c.period_id == period_id))
    return {row.unit_id: row.users for row in rows}


def set_users(db: Db, period_id: int, unit_id: int, users: int) -> None:
    """Set how many used a unit's services, whatever was set before; 0: nobody knows."""
    c = t.population.c
    if not users:
        db.execute(delete(t.population).where(c.period_id == period_id, c.unit_id == unit_id))
        return
    statement = insert(db, t.population).values(period_id=period_id, unit_id=unit_id, users=users)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["period_id", "unit_id"], set_={"users": statement.excluded.users}
        )
    )
