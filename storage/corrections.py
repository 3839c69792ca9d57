"""Corrections of locked figures: proposed by an admin, confirmed or refused by the Camat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, insert, select, update

from storage import tables as t
from storage.database import Db


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction (ralat); `service_id` None: slips that came late.

    `reason` is of a confirmed one: without it, it waits, or was refused (`decided_at`).
    """

    id: int
    period_id: int
    batch_id: int | None
    service_id: int | None
    slips: int
    proposed_by: int | None
    proposed_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    reason: str | None
    ikm_before: str | None
    ikm_after: str | None


_COLUMNS = tuple(t.correction.c[name] for name in Correction.__slots__)


def propose(
    db: Db,
    period_id: int,
    batch_id: int,
    service_id: int | None,
    slips: int,
    user_id: int | None,
    now: datetime,
) -> int:
    """Record a proposal and return its number."""
    values = {
        "period_id": period_id, "batch_id": batch_id, "service_id": service_id, "slips": slips,
        "proposed_by": user_id, "proposed_at": now,
    }  # fmt: skip
    made = db.execute(insert(t.correction).values(values).returning(t.correction.c.id))
    return int(made.scalar_one())


def by_id(db: Db, number: int) -> Correction | None:
    """A correction by its number."""
    row = db.execute(select(*_COLUMNS).where(t.correction.c.id == number)).one_or_none()
    return Correction(*row) if row else None


def waits_for(db: Db, batch_id: int) -> bool:
    """Whether a proposal about this batch waits for the Camat."""
    c = t.correction.c
    waiting = select(c.id).where(c.batch_id == batch_id, c.decided_at.is_(None))
    return db.execute(waiting.limit(1)).first() is not None


_C = t.correction.c
CONFIRMED = (
    select(*_COLUMNS)
    .where(_C.period_id.in_(bindparam("periods", expanding=True)), _C.reason.is_not(None))
    .order_by(_C.decided_at, _C.id)
)


def confirmed(db: Db, period_ids: Sequence[int]) -> list[Correction]:
    """The confirmed corrections of these periods, oldest first."""
    return [Correction(*row) for row in db.execute(CONFIRMED, {"periods": list(period_ids)})]


def decide(
    db: Db,
    number: int,
    user_id: int,
    reason: str | None,
    now: datetime,
) -> bool:
    """Confirm a proposal with a reason, or refuse it; False when it is decided already."""
    c = t.correction.c
    done = db.execute(
        update(t.correction)
        .where(c.id == number, c.decided_at.is_(None))
        .values(decided_by=user_id, decided_at=now, reason=reason)
    )
    return done.rowcount == 1


def note_figures(db: Db, number: int, before: Decimal | None, after: Decimal | None) -> None:
    """Keep the IKM before and after a confirmed correction."""
    values = {
        "ikm_before": None if before is None else str(before),
        "ikm_after": None if after is None else str(after),
    }
    db.execute(update(t.correction).where(t.correction.c.id == number).values(values))
