"""Deleting a plan that nothing uses."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sqlalchemy import Select, delete, func, select

from storage import periods
from storage import tables as t
from storage.database import Db
from storage.planning.plans import PlanRow

Use: TypeAlias = Literal["only", "papers", "realisasi", "results"]


def use_of(db: Db, row: PlanRow) -> Use | None:
    """Why a plan stays; None where nothing uses it.

    `only`: there is no other plan. `papers`: a paper of its years has a number, a date or a
    signature. `realisasi`: one was entered by hand. `results`: a period of its years is locked.
    """
    years, paper = row.head.years, t.planning_paper.c
    if db.execute(select(func.count()).select_from(t.plan)).scalar_one() == 1:
        return "only"
    if _any(db, select(paper.id).where(paper.year.in_(years))):
        return "papers"
    for table in (t.iku_entry, t.iku_quarter):
        given = table.c.realisasi.is_not(None)
        if _any(db, select(table.c.iku_id).where(given, table.c.iku_id.in_(_ikus(row.id)))):
            return "realisasi"
    locked = (each for kind in ("ikm", "unit") for each in periods.of_kind(db, kind))
    if any(each.status == "locked" and int(each.label[:4]) in years for each in locked):
        return "results"
    return None


def _any(db: Db, query: Select[int]) -> bool:
    return db.execute(query.limit(1)).first() is not None


def _ikus(plan_id: int) -> Select[int]:
    return select(t.iku.c.id).where(t.iku.c.plan_id == plan_id)


def delete_unused(db: Db, row: PlanRow) -> None:
    """Delete a plan with its sasaran, indikator, targets and texts.

    Raises:
        ValueError: something uses it.
    """
    if use_of(db, row) is not None:
        raise ValueError(f"plan {row.id} is used")
    for table in (t.iku_entry, t.iku_quarter, t.iku_year):
        db.execute(delete(table).where(table.c.iku_id.in_(_ikus(row.id))))
    for table in (t.iku, t.sasaran, t.plan_year):
        db.execute(delete(table).where(table.c.plan_id == row.id))
    db.execute(delete(t.plan).where(t.plan.c.id == row.id))
