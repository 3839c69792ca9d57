"""What must arrive: one row a message. With a period it is the ledger's: one a kind, period, chat.

due → claimed (a lease on the real clock) → sending (committed before the call) → sent | skipped |
uncertain | failed. A row found in `sending` after its lease is uncertain: by itself nothing goes
twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from storage import tables as t
from storage.database import Db, insert

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
NO_GROUP = 0
WAITING = ("due", "claimed", "sending")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row to send; `body` is what its kind needs to be composed."""

    id: int
    kind: str
    chat_id: int
    topic_id: int | None
    period_id: int | None
    body: Mapping[str, Any]
    status: str
    reason: str | None
    late: bool
    attempts: int
    due_at: datetime
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Kinds:
    """The letters of some kinds, or of all others."""

    kinds: frozenset[str] = frozenset()
    others: bool = True

    def chosen(self) -> ColumnElement[bool]:
        """Whether a row is one of them."""
        kind = t.outbox.c.kind
        return kind.not_in(self.kinds) if self.others else kind.in_(self.kinds)


ALL = Kinds()


def _row(row: Any) -> OutboxRow:
    return OutboxRow(**{name: row[name] for name in OutboxRow.__slots__})


def put(
    db: Db,
    kind: str,
    chat_id: int,
    body: Mapping[str, Any],
    due_at: datetime,
    *,
    topic_id: int | None = None,
    period_id: int | None = None,
    late: bool = False,
    skipped: str | None = None,
) -> bool:
    """Add a message; False when the ledger has this kind, period and chat already."""
    added = db.execute(
        insert(db, t.outbox)
        .values(
            kind=kind,
            chat_id=chat_id,
            topic_id=topic_id,
            period_id=period_id,
            body=dict(body),
            status="skipped" if skipped else "due",
            reason=skipped,
            due_at=due_at,
            late=late,
            attempts=0,
        )
        .on_conflict_do_nothing()
        .returning(t.outbox.c.id)
    )
    return added.first() is not None


def by_id(db: Db, letter_id: int) -> OutboxRow | None:
    """A letter, whatever became of it."""
    found = select(t.outbox).where(t.outbox.c.id == letter_id)
    row = db.execute(found).mappings().one_or_none()
    return _row(row) if row else None


def waiting(db: Db, now: datetime, only: Kinds = ALL) -> bool:
    """Whether anything of these waits: due, or left behind by a sender."""
    c = t.outbox.c
    found = select(c.id).where(c.status.in_(WAITING), c.due_at <= now, only.chosen())
    return db.execute(found.limit(1)).first() is not None


def longest_due(db: Db, now: datetime) -> int | None:
    """The letter that is due the longest."""
    c = t.outbox.c
    waits = select(c.id).where(c.status.in_(WAITING), c.due_at <= now)
    return db.execute(waits.order_by(c.due_at, c.id).limit(1)).scalar()


def bodies_waiting(db: Db, kind: str, chat_id: int) -> list[Mapping[str, Any]]:
    """What a chat still has to get of a kind."""
    c = t.outbox.c
    waits = select(c.body).where(c.kind == kind, c.chat_id == chat_id, c.status.in_(WAITING))
    return list(db.execute(waits).scalars())


def claim(
    db: Db, now: datetime, real_now: datetime, who: str, only: Kinds = ALL, most: int = 3
) -> list[OutboxRow]:
    """Take what is due, the oldest first; a claim whose lease ran out may be taken again."""
    c = t.outbox.c
    free = or_(c.status == "due", and_(c.status == "claimed", c.lease_until < real_now))
    query = (
        select(t.outbox)
        .where(free, c.due_at <= now, only.chosen())
        .order_by(c.due_at, c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    letters = [_row(row) for row in db.execute(query).mappings()]
    db.execute(
        update(t.outbox)
        .where(c.id.in_([letter.id for letter in letters]))
        .values(status="claimed", claimed_by=who, lease_until=real_now + LEASE)
    )
    return letters


def sending(db: Db, letter: OutboxRow, who: str, real_now: datetime) -> bool:
    """Say that the call is about to be made; False when the claim was lost meanwhile."""
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.id == letter.id, c.status == "claimed", c.claimed_by == who)
        .values(status="sending", attempts=c.attempts + 1, lease_until=real_now + LEASE)
    )
    return done.rowcount == 1


def settle(
    db: Db,
    letter_id: int,
    status: str,
    now: datetime,
    *,
    reason: str | None = None,
    message_id: int | None = None,
    only: str | None = None,
) -> bool:
    """How it ended: sent, skipped, uncertain or failed. What was sent meanwhile stays so.

    Args:
        only: settle it only while it has this status.
    """
    c = t.outbox.c
    before = c.status != "sent" if only is None else c.status == only
    done = db.execute(
        update(t.outbox)
        .where(c.id == letter_id, before)
        .values(
            status=status,
            reason=reason,
            message_id=message_id,
            finished_at=now,
            claimed_by=None,
            lease_until=None,
        )
    )
    return done.rowcount == 1


def postpone(db: Db, letter_id: int, until: datetime, who: str) -> None:
    """Back to due, for who has it in hand: nothing was delivered, try again at `until`."""
    db.execute(
        update(t.outbox)
        .where(t.outbox.c.id == letter_id, t.outbox.c.claimed_by == who)
        .values(status="due", due_at=until, claimed_by=None, lease_until=None)
    )


def abandoned(
    db: Db, real_now: datetime, now: datetime, harmless: Collection[str] = ()
) -> list[OutboxRow]:
    """Rows whose sender died between its call and its answer.

    Those of the ledger are uncertain now, an admin must know; a notice, and what is harmless
    twice, is due again.
    """
    c = t.outbox.c
    stuck = and_(c.status == "sending", c.lease_until < real_now)
    letters = [
        _row(row) for row in db.execute(select(t.outbox).where(stuck).with_for_update()).mappings()
    ]
    for letter in letters:
        if letter.period_id is None or letter.kind in harmless:
            again = {"status": "due", "claimed_by": None, "lease_until": None}
            db.execute(update(t.outbox).where(c.id == letter.id).values(again))
        else:
            settle(db, letter.id, "uncertain", now, reason="proses berhenti saat mengirim")
    return letters


def withdraw(db: Db, chat_id: int, kinds: Collection[str], now: datetime) -> None:
    """What waits for somebody who is no longer concerned is not sent."""
    c = t.outbox.c
    db.execute(
        update(t.outbox)
        .where(c.chat_id == chat_id, c.kind.in_(kinds), c.status == "due")
        .values(status="skipped", reason="tidak lagi berkepentingan", finished_at=now)
    )


def redirected(db: Db, chat_id: int, topic_id: int | None) -> None:
    """The group is linked in another topic: what waits or failed goes there."""
    c = t.outbox.c
    open_ones = (*WAITING, "failed", "uncertain")
    db.execute(
        update(t.outbox)
        .where(c.chat_id == chat_id, c.period_id.is_not(None), c.status.in_(open_ones))
        .values(topic_id=topic_id)
    )


def send_again(db: Db, letter_id: int, attempts: int, now: datetime) -> bool:
    """An admin's decision about a row that may not have arrived; pressed twice, it is sent once."""
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.id == letter_id, c.attempts == attempts, c.status.in_(("uncertain", "failed")))
        .values(status="due", due_at=now, reason=None)
    )
    return done.rowcount == 1


def owe(db: Db, kind: str, chat_id: int, topic_id: int | None, now: datetime) -> int:
    """What reached no group goes to this one, marked late; how many that are."""
    c, link = t.outbox.c, t.group_link.c
    linked = select(link.chat_id).where(link.status == "linked")
    bound = select(t.group_unit.c.chat_id)  # what failed there tells of its own units
    nowhere = or_(
        and_(c.chat_id == NO_GROUP, c.status == "skipped"),
        and_(c.status == "failed", c.chat_id.not_in(linked), c.chat_id.not_in(bound)),
    )
    again = owe_again(db, kind, chat_id, topic_id, now)
    here = select(c.period_id).where(c.kind == kind, c.chat_id == chat_id, c.period_id.is_not(None))
    owed = and_(c.kind == kind, nowhere, c.period_id.not_in(here))
    once = select(func.min(c.id)).where(owed).group_by(c.period_id)  # however many groups lost it
    done = db.execute(
        update(t.outbox)
        .where(c.id.in_(once))
        .values(
            chat_id=chat_id, topic_id=topic_id, status="due", reason=None, due_at=now, late=True
        )
    )
    return again + int(done.rowcount)


def owe_again(db: Db, kind: str, chat_id: int, topic_id: int | None, now: datetime) -> int:
    """What failed in this very group goes to it again, marked late; how many that are."""
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.kind == kind, c.chat_id == chat_id, c.period_id.is_not(None), c.status == "failed")
        .values(topic_id=topic_id, status="due", reason=None, due_at=now, late=True)
    )
    return int(done.rowcount)


def ledger(db: Db, skip: int = 0, most: int = 20) -> list[OutboxRow]:
    """A page of the ledger, newest first."""
    c = t.outbox.c
    query = select(t.outbox).where(c.period_id.is_not(None)).order_by(c.id.desc())
    return [_row(row) for row in db.execute(query.offset(skip).limit(most)).mappings()]


def in_ledger(db: Db) -> int:
    """How many rows the ledger has."""
    return int(
        db.execute(select(func.count()).where(t.outbox.c.period_id.is_not(None))).scalar_one()
    )


def by_status(db: Db) -> dict[str, int]:
    """How many rows stand where."""
    c = t.outbox.c
    rows = db.execute(select(c.status, func.count().label("n")).group_by(c.status))
    return {row.status: row.n for row in rows}


def moved(db: Db, old: int, new: int) -> None:
    """The group became a supergroup: its rows are that one's, unless it has the like already."""
    c, there = t.outbox.c, t.outbox.alias()
    twice = exists().where(
        there.c.chat_id == new, there.c.kind == c.kind, there.c.period_id == c.period_id
    )
    left = and_(c.chat_id == old, c.status.in_(WAITING))
    db.execute(update(t.outbox).where(c.chat_id == old, ~twice).values(chat_id=new))
    db.execute(update(t.outbox).where(left).values(status="skipped", reason="grup sudah pindah"))


def prune(db: Db, now: datetime) -> None:
    """Forget notices that ended long ago; the ledger stays."""
    c = t.outbox.c
    db.execute(delete(t.outbox).where(c.period_id.is_(None), c.finished_at < now - KEPT))
