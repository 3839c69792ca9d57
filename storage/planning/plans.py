"""Plans: one holds a year, with its sasaran, indikator and their values; storing a whole plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, select, update

from scoring.iku import Target
from scoring.plan import (
    EnteredRealisasi,
    IkuQuarter,
    IkuYear,
    Plan,
    PlanHead,
    PlannedIku,
    Sasaran,
)
from storage import tables as t
from storage.database import Db, insert
from storage.planning import ikus


class YearTaken(Exception):
    """A year of the plan is held by another plan."""

    def __init__(self, year: int, name: str) -> None:
        super().__init__(f"tahun {year} sudah ada dalam rencana {name}")
        self.year, self.name = year, name


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A stored plan without its sasaran."""

    id: int
    head: PlanHead


_P, _Y = t.plan.c, t.plan_year.c
_BOUNDS = (
    select(_Y.plan_id, func.min(_Y.year).label("first"), func.max(_Y.year).label("last"))
    .group_by(_Y.plan_id)
    .subquery()
)
HEADS = select(t.plan, _BOUNDS.c.first, _BOUNDS.c.last).join(_BOUNDS, _BOUNDS.c.plan_id == _P.id)
OF_YEAR = HEADS.where(
    _P.id == select(_Y.plan_id).where(_Y.year == bindparam("held")).scalar_subquery()
)


def all_plans(db: Db) -> list[PlanRow]:
    """Every plan, the earliest years first."""
    return [_row(row) for row in db.execute(HEADS.order_by(_BOUNDS.c.first)).mappings()]


def newest(db: Db) -> PlanRow:
    """The plan of the latest years; every start seeds one where there is none."""
    return all_plans(db)[-1]


def by_id(db: Db, plan_id: int) -> PlanRow | None:
    """The plan with this id."""
    row = db.execute(HEADS.where(_P.id == plan_id)).mappings().one_or_none()
    return None if row is None else _row(row)


def of_year(db: Db, year: int) -> PlanRow | None:
    """The plan that holds a year."""
    row = db.execute(OF_YEAR, {"held": year}).mappings().one_or_none()
    return None if row is None else _row(row)


def _row(row: RowMapping) -> PlanRow:
    return PlanRow(
        row["id"],
        PlanHead(
            row["name"],
            row["first"],
            row["last"],
            row["source"],
            tuple(row["tugas"]),
            tuple(row["fungsi"]),
            ikus.rules_of(row),
            row["sk_number"],
            row["sk_date"],
        ),
    )


# --- a whole plan -----------------------------------------------------------------------------


def whole(db: Db, plan_id: int) -> Plan:
    """Everything of a plan.

    Raises:
        LookupError: there is no such plan.
    """
    row = by_id(db, plan_id)
    if row is None:
        raise LookupError(f"plan {plan_id}")
    years, quarters, entered = _years(db, plan_id), _quarters(db, plan_id), _entered(db, row)
    by_sasaran: dict[int, list[PlannedIku]] = {}
    for iku in _ikus(db, plan_id):
        number = iku["id"]
        by_sasaran.setdefault(iku["sasaran_id"], []).append(
            PlannedIku(
                iku["code"], iku["indikator"], iku["satuan"], iku["formulasi"], iku["arah"],
                iku["sumber"], years.get(number, {}), quarters.get(number, {}),
                entered.get(number, {}),
            )
        )  # fmt: skip
    c = t.sasaran.c
    found = db.execute(select(c.id, c.name).where(c.plan_id == plan_id).order_by(c.position)).all()
    return Plan(
        row.head,
        tuple(
            Sasaran(name, tuple(by_sasaran[number]))
            for number, name in found
            if number in by_sasaran
        ),
    )


def _ikus(db: Db, plan_id: int) -> Sequence[RowMapping]:
    c = t.iku.c
    query = select(t.iku).where(c.plan_id == plan_id, c.sasaran_id.is_not(None))
    return db.execute(query.order_by(c.position)).mappings().all()


def _years(db: Db, plan_id: int) -> dict[int, dict[int, IkuYear]]:
    c, found = t.iku_year.c, dict[int, dict[int, IkuYear]]()
    query = select(t.iku_year).join(t.iku, t.iku.c.id == c.iku_id)
    for row in db.execute(query.where(t.iku.c.plan_id == plan_id).order_by(c.year)):
        target = Target(_decimal(row.target), row.predikat)
        found.setdefault(row.iku_id, {})[row.year] = IkuYear(
            target, row.program, row.anggaran, row.analisis
        )
    return found


def _quarters(db: Db, plan_id: int) -> dict[int, dict[tuple[int, int], IkuQuarter]]:
    c, found = t.iku_quarter.c, dict[int, dict[tuple[int, int], IkuQuarter]]()
    query = select(t.iku_quarter).join(t.iku, t.iku.c.id == c.iku_id)
    for row in db.execute(query.where(t.iku.c.plan_id == plan_id).order_by(c.year, c.quarter)):
        found.setdefault(row.iku_id, {})[row.year, row.quarter] = IkuQuarter(
            _decimal(row.target), row.aksi, _decimal(row.realisasi), row.penyebab
        )
    return found


def _entered(db: Db, row: PlanRow) -> dict[int, dict[int, EnteredRealisasi]]:
    found: dict[int, dict[int, EnteredRealisasi]] = {}
    for (iku_id, year), entry in sorted(ikus.entered_realisasi(db, row.head.years).items()):
        found.setdefault(iku_id, {})[year] = EnteredRealisasi(entry.realisasi, entry.source)
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


# --- storing a whole plan ---------------------------------------------------------------------


def seed(db: Db, plan: Plan) -> None:
    """Store the first plan of an office that has none."""
    if db.execute(select(func.count()).select_from(t.plan)).scalar_one() == 0:
        _put(db, None, plan)


def put(
    db: Db,
    plan_id: int | None,
    plan: Plan,
    user_id: int | None,
    now: datetime,
    reason: str | None = None,
) -> int:
    """Store a plan, new (None) or in place of a stored one; its id.

    An indikator that is no longer in the plan keeps its values, and has them again when it is put
    back. A realisasi by hand that changed is a new revision.

    Raises:
        YearTaken: another plan holds one of the years.
    """
    number, iku_ids = _put(db, plan_id, plan)
    _enter(db, plan, iku_ids, user_id, now, reason)
    return number


def _put(db: Db, plan_id: int | None, plan: Plan) -> tuple[int, Mapping[str, int]]:
    """All but the realisasi by hand; the plan's id, and the ids of its indikator by code."""
    head = plan.head
    values = {
        "name": head.name, "source": head.source, "sk_number": head.sk_number,
        "sk_date": head.sk_date, "tugas": list(head.tugas), "fungsi": list(head.fungsi),
        "tahunan": head.rules.tahunan, "lhe_year": head.rules.feeding,
        "at_boundary": head.rules.at_boundary, "cap": _text(head.rules.cap),
    }  # fmt: skip
    if plan_id is None:
        added = db.execute(insert(db, t.plan).values(values).returning(_P.id))
        plan_id = int(added.scalar_one())
    else:
        db.execute(update(t.plan).where(_P.id == plan_id).values(values))
    _put_years(db, plan_id, head)
    numbers = _put_ikus(db, plan_id, _put_sasaran(db, plan_id, plan), plan)
    _put_values(db, plan, numbers)
    return plan_id, numbers


def _put_years(db: Db, plan_id: int, head: PlanHead) -> None:
    taken = db.execute(
        select(_Y.year, _P.name)
        .join(t.plan, _P.id == _Y.plan_id)
        .where(_Y.year.between(head.first, head.last), _Y.plan_id != plan_id)
        .order_by(_Y.year)
    ).first()
    if taken is not None:
        raise YearTaken(taken.year, taken.name)
    db.execute(delete(t.plan_year).where(_Y.plan_id == plan_id))
    db.execute(insert(db, t.plan_year), [{"year": year, "plan_id": plan_id} for year in head.years])


def _put_sasaran(db: Db, plan_id: int, plan: Plan) -> list[int]:
    """The ids of the sasaran, in order; those that are too many are deleted last."""
    c = t.sasaran.c
    query = select(c.id).where(c.plan_id == plan_id).order_by(c.position)
    stored = list(db.execute(query).scalars())
    for position, sasaran in enumerate(plan.sasaran, 1):
        values = {"plan_id": plan_id, "position": position, "name": sasaran.name}
        if position <= len(stored):
            number = stored[position - 1]
            db.execute(update(t.sasaran).where(c.id == number).values(values))
        else:
            added = db.execute(insert(db, t.sasaran).values(values).returning(c.id))
            stored.append(int(added.scalar_one()))
    return stored


def _put_ikus(db: Db, plan_id: int, sasaran_ids: Sequence[int], plan: Plan) -> dict[str, int]:
    """The ids of the plan's indikator by code."""
    c = t.iku.c
    db.execute(update(t.iku).where(c.plan_id == plan_id).values(sasaran_id=None))
    known = {row.code: row.id for row in db.execute(select(c.code, c.id).where(
        c.plan_id == plan_id))}  # fmt: skip
    numbers: dict[str, int] = {}
    for sasaran_id, sasaran in zip(sasaran_ids, plan.sasaran, strict=False):
        for iku in sasaran.iku:
            values = {
                "plan_id": plan_id, "sasaran_id": sasaran_id, "code": iku.code,
                "position": len(numbers) + 1, "indikator": iku.name, "satuan": iku.satuan,
                "formulasi": iku.formulasi, "arah": iku.arah, "sumber": iku.sumber,
            }  # fmt: skip
            number = known.get(iku.code)
            if number is None:
                added = db.execute(insert(db, t.iku).values(values).returning(c.id))
                number = int(added.scalar_one())
            else:
                db.execute(update(t.iku).where(c.id == number).values(values))
            numbers[iku.code] = number
    many = sasaran_ids[len(plan.sasaran) :]
    if many:
        db.execute(delete(t.sasaran).where(t.sasaran.c.id.in_(many)))
    return numbers


def _put_values(db: Db, plan: Plan, numbers: Mapping[str, int]) -> None:
    """The values of years and quarters, in place of the stored ones."""
    ids = list(numbers.values())
    for table, rows in (
        (t.iku_year, list(_year_rows(plan, numbers))),
        (t.iku_quarter, list(_quarter_rows(plan, numbers))),
    ):
        db.execute(delete(table).where(table.c.iku_id.in_(ids)))
        if rows:
            db.execute(insert(db, table), rows)


def _year_rows(plan: Plan, numbers: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    for iku in plan.iku:
        for year, of_year in iku.years.items():
            yield {
                "iku_id": numbers[iku.code], "year": year, "target": _text(of_year.target.nilai),
                "predikat": of_year.target.predikat, "program": of_year.program,
                "anggaran": of_year.anggaran, "analisis": of_year.analisis,
            }  # fmt: skip


def _quarter_rows(plan: Plan, numbers: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    for iku in plan.iku:
        for (year, quarter), each in iku.quarters.items():
            yield {
                "iku_id": numbers[iku.code], "year": year, "quarter": quarter,
                "target": _text(each.target), "aksi": each.aksi,
                "realisasi": _text(each.realisasi), "penyebab": each.penyebab,
            }  # fmt: skip


def _enter(
    db: Db,
    plan: Plan,
    numbers: Mapping[str, int],
    user_id: int | None,
    now: datetime,
    reason: str | None,
) -> None:
    stored = ikus.entered_realisasi(db, plan.head.years)
    for iku in plan.iku:
        number = numbers[iku.code]
        for year in plan.head.years:
            entry, before = iku.entered.get(year), stored.get((number, year))
            old = None if before is None else EnteredRealisasi(before.realisasi, before.source)
            if entry != old:
                nilai, source = (None, "") if entry is None else (entry.realisasi, entry.source)
                ikus.enter_realisasi(db, number, year, nilai, source, reason, user_id, now)
