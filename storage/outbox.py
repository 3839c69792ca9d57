"""Messages that must arrive, one row each; rows with a period form the ledger: at most one for each
kind, period and chat.

due → claimed (a lease on the real clock) → sending (committed before the call) → sent | skipped |
uncertain | failed. A row still in `sending` after its lease is uncertain: no row is sent twice
without a decision, unless its kind is repeatable. A row that was claimed three times, while its
process died each time, is failed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from storage import tables as t
from storage.database import ROW_IDS, Db, insert

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
NO_GROUP = 0
NEWS = "kabar_warga"  # the kind of rows to citizens, deleted as soon as they are settled
WAITING = ("due", "claimed", "sending")
IS_WAITING = t.OUTBOX_IS_WAITING  # with these words in place, the index of waiting rows serves
SENDER_DIED = "proses berhenti saat mengirim"
MOST_CLAIMS = 3  # of a row whose process died each time
LATE = timedelta(hours=1)  # after its due time, a row of the ledger is marked as late
ALWAYS_DIED = "proses berhenti setiap kali mengerjakannya"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to send; `body` is JSON, see `office.outbox_bodies`."""

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
    claims: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class KindFilter:
    """Selects the rows of some kinds, or of all others."""

    kinds: frozenset[str] = frozenset()
    others: bool = True

    def matches(self) -> ColumnElement[bool]:
        """The condition on a row."""
        kind, these = t.outbox.c.kind, sorted(self.kinds)  # SQLAlchemy expands an IN at each use
        if self.others:
            return and_(true(), *(kind != each for each in these))
        return or_(false(), *(kind == each for each in these))


ALL = KindFilter()


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
    """Add a row; False when the ledger has this kind, period and chat already."""
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


def by_id(db: Db, row_id: int) -> OutboxRow | None:
    """A row, whatever its status."""
    query = select(t.outbox).where(t.outbox.c.id == row_id)
    row = db.execute(query).mappings().one_or_none()
    return _row(row) if row else None


def waiting(db: Db, now: datetime, only: KindFilter = ALL) -> bool:
    """Whether a selected row is due, or left behind by a sender."""
    return db.execute(_waiting(only), {"now": now}).first() is not None


@cache  # each sender asks every second
def _waiting(only: KindFilter) -> Select[tuple[int]]:
    c = t.outbox.c
    due = c.due_at <= bindparam("now")
    return select(c.id).where(IS_WAITING, due, only.matches()).limit(1)


def longest_due(db: Db, now: datetime) -> int | None:
    """The id of the row that is due the longest."""
    c = t.outbox.c
    waits = select(c.id).where(IS_WAITING, c.due_at <= now)
    return db.execute(waits.order_by(c.due_at, c.id).limit(1)).scalar()


def bring_forward(db: Db, now: datetime, only: KindFilter) -> None:
    """Make the selected rows due now that are due later: they were put by a clock ahead."""
    c = t.outbox.c
    later = and_(c.status == "due", c.due_at > now, only.matches())
    db.execute(update(t.outbox).where(later).values(due_at=now))


def bodies_waiting(db: Db, kind: str, chat_id: int) -> list[Mapping[str, Any]]:
    """The bodies of a kind that a chat has not been sent yet."""
    c = t.outbox.c
    waits = select(c.body).where(c.kind == kind, c.chat_id == chat_id, c.status.in_(WAITING))
    return list(db.execute(waits).scalars())


def claim(
    db: Db, now: datetime, real_now: datetime, who: str, only: KindFilter = ALL, most: int = 3
) -> list[OutboxRow]:
    """Claim due rows, the oldest first.

    A claim whose lease has expired may be claimed again, up to MOST_CLAIMS times, and alone: the
    row that ends its process must not use up the claims of the rows claimed with it.
    """
    c = t.outbox.c
    expired = and_(c.status == "claimed", c.lease_until < real_now, c.claims < MOST_CLAIMS)
    free = or_(c.status == "due", expired)
    query = (
        select(t.outbox)
        .where(free, c.due_at <= now, only.matches())
        .order_by(c.due_at, c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = [_row(each) for each in db.execute(query).mappings()]
    rows = list(takewhile(lambda row: not row.claims, rows)) or rows[:1]
    db.execute(
        update(t.outbox)
        .where(c.id.in_([row.id for row in rows]))
        .values(status="claimed", claimed_by=who, lease_until=real_now + LEASE, claims=c.claims + 1)
    )
    overdue = [row.id for row in rows if row.period_id and now - row.due_at > LATE]
    if overdue:
        db.execute(update(t.outbox).where(c.id.in_(overdue)).values(late=True))
    return [replace(row, late=row.late or row.id in overdue) for row in rows]


def mark_sending(db: Db, row: OutboxRow, who: str, real_now: datetime) -> bool:
    """Record that the call is about to be made; False when the claim was lost meanwhile."""
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.id == row.id, c.status == "claimed", c.claimed_by == who)
        .values(status="sending", attempts=c.attempts + 1, lease_until=real_now + LEASE)
    )
    return done.rowcount == 1


def settle(
    db: Db,
    row_id: int,
    status: str,
    now: datetime,
    *,
    reason: str | None = None,
    message_id: int | None = None,
    only: str | None = None,
) -> bool:
    """Record the outcome: sent, skipped, uncertain or failed; a row that was sent stays so.

    Args:
        only: change the row only while it has this status.
    """
    c = t.outbox.c
    before = c.status != "sent" if only is None else c.status == only
    done = db.execute(
        update(t.outbox)
        .where(c.id == row_id, before)
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


def postpone(db: Db, row_id: int, until: datetime, who: str) -> None:
    """Return a claimed row to due at `until`; nothing was delivered."""
    db.execute(
        update(t.outbox)
        .where(t.outbox.c.id == row_id, t.outbox.c.claimed_by == who)
        .values(status="due", due_at=until, claimed_by=None, lease_until=None, claims=0)
    )


def recover_abandoned(
    db: Db, real_now: datetime, now: datetime, repeatable: Collection[str] = ()
) -> list[OutboxRow]:
    """Settle the rows whose sender died during its call, or each time before it.

    Returns:
        The rows that are uncertain or failed now; those of a repeatable kind whose sender died
        during its call are due again, until they were claimed MOST_CLAIMS times.
    """
    c = t.outbox.c
    given_up = and_(c.status == "claimed", c.claims >= MOST_CLAIMS)
    stuck = and_(or_(c.status == "sending", given_up), c.lease_until < real_now)
    rows = [
        _row(each)
        for each in db.execute(select(t.outbox).where(stuck).with_for_update()).mappings()
    ]
    settled = []
    for row in rows:
        if row.status == "sending" and row.kind in repeatable and row.claims < MOST_CLAIMS:
            again = {"status": "due", "claimed_by": None, "lease_until": None}
            db.execute(update(t.outbox).where(c.id == row.id).values(again))
            continue
        uncertain = row.status == "sending"
        status, reason = ("uncertain", SENDER_DIED) if uncertain else ("failed", ALWAYS_DIED)
        settle(db, row.id, status, now, reason=reason)
        settled.append(replace(row, status=status, reason=reason))
    return settled


def withdraw(db: Db, chat_id: int, kinds: Collection[str], now: datetime) -> None:
    """Skip the due rows of these kinds for a person whom they no longer concern."""
    c = t.outbox.c
    db.execute(
        update(t.outbox)
        .where(c.chat_id == chat_id, c.kind.in_(kinds), c.status == "due")
        .values(status="skipped", reason="tidak lagi berkepentingan", finished_at=now)
    )


def redirect_to_topic(db: Db, chat_id: int, topic_id: int | None) -> None:
    """The group is linked in another topic: move its waiting and failed rows there."""
    c = t.outbox.c
    open_ones = (*WAITING, "failed", "uncertain")
    db.execute(
        update(t.outbox)
        .where(c.chat_id == chat_id, c.period_id.is_not(None), c.status.in_(open_ones))
        .values(topic_id=topic_id)
    )


def send_again(db: Db, row_id: int, attempts: int, now: datetime) -> bool:
    """Make a row that may not have arrived due again; `attempts` guards against a second press."""
    if row_id not in ROW_IDS or attempts >= 2**15:  # a forged button
        return False
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.id == row_id, c.attempts == attempts, c.status.in_(("uncertain", "failed")))
        .values(status="due", due_at=now, reason=None, claims=0)
    )
    return done.rowcount == 1


def of_period(db: Db, kinds: Collection[str], period_id: int) -> list[OutboxRow]:
    """The ledger's rows of a period, in the order in which they were put."""
    c = t.outbox.c
    query = select(t.outbox).where(c.period_id == period_id, c.kind.in_(kinds)).order_by(c.id)
    return [_row(row) for row in db.execute(query).mappings()]


def ledger_keys(db: Db, kind: str) -> set[tuple[str, int, int]]:
    """Kind with its part, period and chat of every row of a kind in the ledger."""
    c = t.outbox.c
    of_kind = c.kind.startswith(f"{kind}-", autoescape=True)
    query = select(c.kind, c.period_id, c.chat_id).where(of_kind, c.period_id.is_not(None))
    return {(row.kind, row.period_id, row.chat_id) for row in db.execute(query)}


def release(db: Db, kinds: Collection[str], period_id: int, now: datetime) -> int:
    """Make the rows of a period due now that are due later; how many."""
    c = t.outbox.c
    later = and_(c.status == "due", c.due_at > now)
    done = db.execute(
        update(t.outbox)
        .where(c.period_id == period_id, c.kind.in_(kinds), later)
        .values(due_at=now)
    )
    return int(done.rowcount)


def copy_held(
    db: Db, kinds: Collection[str], chat_id: int, topic_id: int | None, now: datetime
) -> None:
    """Put for this chat, at the same time, what other chats are to get later."""
    c = t.outbox.c
    query = select(t.outbox).where(
        c.status == "due", c.due_at > now, c.kind.in_(kinds), c.period_id.is_not(None)
    )
    for row in db.execute(query.order_by(c.id)).mappings().all():
        put(
            db, row.kind, chat_id, row.body, row.due_at,
            topic_id=topic_id, period_id=row.period_id, late=row.late,
        )  # fmt: skip


def resend_missed(db: Db, kind: str, chat_id: int, topic_id: int | None, now: datetime) -> int:
    """Redirect rows that reached no group to this one; how many are due now, marked late.

    A row whose time has not come keeps it.
    """
    c, link = t.outbox.c, t.group_link.c
    linked = select(link.chat_id).where(link.status == "linked")
    bound = select(t.group_unit.c.chat_id)  # a row that failed there was about its own units
    nowhere = or_(
        and_(c.chat_id == NO_GROUP, c.status == "skipped"),
        and_(c.status == "failed", c.chat_id.not_in(linked), c.chat_id.not_in(bound)),
    )
    failed_here = resend_failed(db, kind, chat_id, topic_id, now)
    had = select(c.period_id).where(c.kind == kind, c.chat_id == chat_id, c.period_id.is_not(None))
    owed = and_(c.kind == kind, nowhere, c.period_id.not_in(had))
    once = select(func.min(c.id)).where(owed).group_by(c.period_id)  # even if several groups failed
    ids = list(db.execute(once).scalars())
    here = {"chat_id": chat_id, "topic_id": topic_id, "status": "due", "reason": None, "claims": 0}
    db.execute(update(t.outbox).where(c.id.in_(ids)).values(here))
    passed = and_(c.id.in_(ids), c.due_at <= now)
    done = db.execute(update(t.outbox).where(passed).values(due_at=now, late=True))
    return failed_here + int(done.rowcount)


def resend_failed(db: Db, kind: str, chat_id: int, topic_id: int | None, now: datetime) -> int:
    """Make this group's failed rows due again, marked late; how many."""
    c = t.outbox.c
    done = db.execute(
        update(t.outbox)
        .where(c.kind == kind, c.chat_id == chat_id, c.period_id.is_not(None), c.status == "failed")
        .values(topic_id=topic_id, status="due", reason=None, due_at=now, late=True, claims=0)
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
    """How many rows have each status."""
    c = t.outbox.c
    rows = db.execute(select(c.status, func.count().label("n")).group_by(c.status))
    return {row.status: row.n for row in rows}


def move_chat(db: Db, old: int, new: int) -> None:
    """The group became a supergroup: move its rows there, unless the ledger has them already."""
    c, there = t.outbox.c, t.outbox.alias()
    duplicate = exists().where(
        there.c.chat_id == new, there.c.kind == c.kind, there.c.period_id == c.period_id
    )
    remaining = and_(c.chat_id == old, c.status.in_(WAITING))
    db.execute(update(t.outbox).where(c.chat_id == old, ~duplicate).values(chat_id=new))
    skipped = {"status": "skipped", "reason": "grup sudah pindah"}
    db.execute(update(t.outbox).where(remaining).values(skipped))


def delete_row(db: Db, row_id: int) -> None:
    """Delete a row, whatever its status."""
    db.execute(delete(t.outbox).where(t.outbox.c.id == row_id))


def delete_news(db: Db, chat_id: int | None = None) -> bool:
    """Delete the rows to one citizen, or to all; one that is being sent is on its way.

    Returns:
        Whether there were any.
    """
    c = t.outbox.c
    here = true() if chat_id is None else c.chat_id == chat_id
    return bool(db.execute(delete(t.outbox).where(c.kind == NEWS, here)).rowcount)


def prune(db: Db, now: datetime) -> None:
    """Delete settled notices after a month; the ledger stays."""
    c = t.outbox.c
    db.execute(delete(t.outbox).where(c.period_id.is_(None), c.finished_at < now - KEPT))
