"""Periods: one open of each kind, closed by the calendar, revised until the lock, then final."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    ScalarSelect,
    and_,
    bindparam,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from scoring.period import Period, parse
from storage import tables as t
from storage.database import ROW_IDS, ConcurrentChange, Db, insert
from storage.survey import owners

ID_BITS = 40  # random ones of a response's id, after its period's number


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One row of the period table; the salt is None once the period is locked."""

    id: int
    kind: str
    label: str
    instrument_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    salt: bytes | None
    locked_at: datetime | None
    runs_into: int | None = None  # the period that counts these answers too

    def within(self, moment: datetime) -> datetime:
        """The moment, or the nearest one in this period, in case the clock was wrong."""
        return min(max(moment, self.starts_at), self.ends_at - timedelta(microseconds=1))


def _current(row: RowMapping) -> PeriodRow:
    return PeriodRow(**{name: row[name] for name in PeriodRow.__slots__})


PERIOD = select(t.period, t.period_salt.c.salt).outerjoin(t.period_salt)
# Periods with figures of their own: those that run into a later one have none.
LOCKED = PERIOD.where(t.period.c.status == "locked", t.period.c.runs_into.is_(None))
OF_KIND = PERIOD.where(t.period.c.kind == bindparam("kind"))
CURRENT = OF_KIND.where(t.period.c.status == "open")
CLOSED = OF_KIND.where(t.period.c.status == "closed").order_by(t.period.c.starts_at)
UNLOCKED = OF_KIND.where(t.period.c.status != "locked").order_by(t.period.c.starts_at)
ALL_OF_KIND = OF_KIND.order_by(t.period.c.starts_at)
BY_LABEL = OF_KIND.where(t.period.c.label == bindparam("label"))
RUNNING_INTO = PERIOD.where(t.period.c.runs_into == bindparam("period")).order_by(
    t.period.c.starts_at
)
BY_ID = PERIOD.where(t.period.c.id == bindparam("id"))


def current(db: Db, kind: str) -> PeriodRow | None:
    """The open period of a kind."""
    row = db.execute(CURRENT, {"kind": kind}).mappings().one_or_none()
    return _current(row) if row else None


def open_period(db: Db, kind: str, period: Period, instrument_id: int, now: datetime) -> None:
    """Open a period, one of citizens with a new salt and a table of owners, unless it exists."""
    statement = (
        insert(db, t.period)
        .values(
            kind=kind,
            label=period.label,
            instrument_id=instrument_id,
            starts_at=period.start,
            ends_at=period.end,
            status="open",
            opened_at=now,
        )
        .on_conflict_do_nothing()
        .returning(t.period.c.id)
    )
    made = db.execute(statement).scalar_one_or_none()
    if made is None or kind != "ikm":
        return
    salt = secrets.token_bytes(32)
    db.execute(insert(db, t.period_salt).values(period_id=made, salt=salt))
    owners.create(db, made)


def lock_row(db: Db, period_id: int) -> None:
    """Lock the row: no other transaction starts, erases, closes or locks in this period.

    Rows that point to it may come and go: their foreign keys do not wait for this lock.
    """
    db.execute(LOCK_ROW, {"id": period_id})


LOCK_ROW = (
    select(t.period.c.id).where(t.period.c.id == bindparam("id")).with_for_update(key_share=True)
)
FOR_SHARE = select(t.period.c.id).order_by(t.period.c.id).with_for_update(read=True)
OPEN_FOR_SHARE = FOR_SHARE.where(t.period.c.id == bindparam("id"), t.period.c.status == "open")
SALTS_FOR_SHARE = (
    select(t.period.c.id, t.period.c.status, t.period_salt.c.salt)
    .join(t.period_salt)
    .order_by(t.period.c.id)
    .with_for_update(read=True, of=t.period)
)


def salts_for_share(db: Db) -> list[tuple[int, str, bytes]]:
    """Id, status and salt of the periods whose owners are known; none is locked meanwhile."""
    return [(row.id, row.status, row.salt) for row in db.execute(SALTS_FOR_SHARE)]


def with_owners(db: Db) -> list[int]:
    """The periods that have their table of owners."""
    return list(db.execute(select(t.period_salt.c.period_id).order_by("period_id")).scalars())


def has_owners(db: Db, period_id: int) -> bool:
    """Whether the period has its table of owners: one of citizens that is not locked."""
    c = t.period_salt.c
    return db.execute(select(c.period_id).where(c.period_id == period_id)).first() is not None


def keep_open(db: Db, current: PeriodRow) -> None:
    """Keep a period open until the transaction ends, by a lock that others may share.

    Raises:
        ConcurrentChange: another process has closed it.
    """
    if db.execute(OPEN_FOR_SHARE, {"id": current.id}).first() is None:
        raise ConcurrentChange


def end_now(db: Db, period_id: int, now: datetime) -> None:
    """Set the end of an open period to this moment, before its calendar end."""
    c = t.period.c
    db.execute(update(t.period).where(c.id == period_id, c.status == "open").values(ends_at=now))


def close(db: Db, period_id: int, now: datetime) -> bool:
    """Close an open period; False when another process was first."""
    c = t.period.c
    done = db.execute(
        update(t.period)
        .where(c.id == period_id, c.status == "open")
        .values(status="closed", closed_at=now)
    )
    return done.rowcount == 1


def lock(db: Db, period_id: int, now: datetime) -> bool:
    """Lock a closed period and delete what tells whose its responses are.

    Returns:
        False when it is not closed.
    """
    c = t.period.c
    done = db.execute(
        update(t.period)
        .where(c.id == period_id, c.status == "closed")
        .values(status="locked", locked_at=now)
    )
    if done.rowcount != 1:
        return False
    if has_owners(db, period_id):
        forget_owners(db, period_id)
    return True


def next_unlocked(db: Db, period: PeriodRow) -> PeriodRow | None:
    """The next period of this kind that is not locked."""
    c = t.period.c
    query = PERIOD.where(c.kind == period.kind, c.status != "locked", c.starts_at >= period.ends_at)
    row = db.execute(query.order_by(c.starts_at).limit(1)).mappings().one_or_none()
    return _current(row) if row else None


def run_into(db: Db, period: PeriodRow, following: PeriodRow) -> None:
    """Let a later period count the answers of a closed one, and those that this one counts too."""
    c = t.period.c
    db.execute(
        update(t.period)
        .where(or_(c.id == period.id, c.runs_into == period.id))
        .values(runs_into=following.id)
    )


def running_into(db: Db, period_id: int) -> list[PeriodRow]:
    """The earlier periods whose answers this one counts too, oldest first."""
    rows = db.execute(RUNNING_INTO, {"period": period_id})
    return [_current(row) for row in rows.mappings()]


def forget_owners(db: Db, period_id: int) -> None:
    """Delete what tells whose a response of this period is: owners, salt, slips, used codes."""
    s = t.suggestion.c
    counted = owners.suggestions_that_count(period_id)  # a batch may be half-written or undone
    db.execute(delete(t.suggestion).where(s.period_id == period_id, s.id.not_in(counted)))
    owners.drop(db, period_id)
    db.execute(delete(t.period_salt).where(t.period_salt.c.period_id == period_id))
    db.execute(delete(t.slip).where(t.slip.c.period_id == period_id))
    db.execute(delete(t.visit_code).where(t.visit_code.c.period_id == period_id))


def closed(db: Db, kind: str) -> list[PeriodRow]:
    """Closed periods that are not locked yet, oldest first."""
    return [_current(row) for row in db.execute(CLOSED, {"kind": kind}).mappings()]


def unlocked(db: Db, kind: str) -> list[PeriodRow]:
    """Periods whose figures can still change, oldest first."""
    return [_current(row) for row in db.execute(UNLOCKED, {"kind": kind}).mappings()]


def by_id(db: Db, period_id: int) -> PeriodRow | None:
    """A period by its row; a button may name any number."""
    if period_id not in ROW_IDS:
        return None
    row = db.execute(BY_ID, {"id": period_id}).mappings().one_or_none()
    return _current(row) if row else None


def latest_locked(db: Db, kind: str, before: datetime | None = None) -> PeriodRow | None:
    """The newest locked period, or the newest that ended by `before`."""
    c = t.period.c
    query = LOCKED.where(c.kind == kind)
    if before is not None:
        query = query.where(c.ends_at <= before)
    row = db.execute(query.order_by(c.ends_at.desc()).limit(1)).mappings().one_or_none()
    return _current(row) if row else None


def rated_by_heads(db: Db, span: Period) -> list[PeriodRow]:
    """The unit heads' locked periods that end in this span and that some head rated."""
    c = t.period.c
    somebody = select(t.unit_result.c.period_id).where(t.unit_result.c.n > 0)
    ends_inside = and_(c.ends_at > span.start, c.ends_at <= span.end)
    query = LOCKED.where(c.kind == "unit", ends_inside, c.id.in_(somebody))
    rows = db.execute(query.order_by(c.ends_at))
    return [_current(row) for row in rows.mappings()]


def preceding(db: Db, this: PeriodRow) -> PeriodRow | None:
    """The period of the same kind that ended last before this one began."""
    c = t.period.c
    query = PERIOD.where(c.kind == this.kind, c.ends_at <= this.starts_at)
    row = db.execute(query.order_by(c.ends_at.desc()).limit(1)).mappings().one_or_none()
    return _current(row) if row else None


def locked_in_year(db: Db, kind: str, year: int) -> list[PeriodRow]:
    """The locked periods of a kind that lie in a year, oldest first."""
    c = t.period.c
    query = LOCKED.where(c.kind == kind)
    rows = db.execute(query.where(c.label.startswith(f"{year}")).order_by(c.starts_at))
    return [_current(row) for row in rows.mappings()]


def in_span(db: Db, kind: str, span: Period) -> list[PeriodRow]:
    """The periods of a kind inside a longer span, oldest first.

    By their labels: a period that was opened early may start in the span before.
    """
    whole = parse(span.label, span.zone)
    named = ((each, parse(each.label, span.zone)) for each in of_kind(db, kind))
    return [each for each, own in named if whole.start <= own.start and own.end <= whole.end]


def recently_locked(db: Db, kind: str, most: int) -> list[PeriodRow]:
    """The periods locked last, newest first."""
    c = t.period.c
    query = LOCKED.where(c.kind == kind)
    rows = db.execute(query.order_by(c.ends_at.desc()).limit(most))
    return [_current(row) for row in rows.mappings()]


def by_label(db: Db, kind: str, label: str) -> PeriodRow | None:
    """A period by its label."""
    row = db.execute(BY_LABEL, {"kind": kind, "label": label}).mappings().one_or_none()
    return _current(row) if row else None


def of_kind(db: Db, kind: str) -> list[PeriodRow]:
    """Every period of a kind, oldest first."""
    return [_current(row) for row in db.execute(ALL_OF_KIND, {"kind": kind}).mappings()]


class Locked(Exception):
    """Angka periode itu sudah dikunci dan tidak dapat diubah lagi."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


@dataclass(frozen=True, slots=True)
class Revision:
    """One change after the close; user_id is None when a citizen erased his own answers."""

    number: int
    at: datetime
    user_id: int | None
    reason: str


def lock_closed_rows(db: Db) -> None:
    """Lock the rows of all closed periods: no other transaction adds a revision meanwhile."""
    c = t.period.c
    db.execute(
        select(c.id).where(c.status == "closed").order_by(c.id).with_for_update(key_share=True)
    )


def add_revision(
    db: Db, period_id: int, user_id: int | None, reason: str, now: datetime
) -> int | None:
    """Record a change of a period's figures, in the transaction that makes the change.

    Returns:
        Its number; None while the period is open, when no revision is needed.

    Raises:
        Locked: the figures can no longer change.
    """
    lock_row(db, period_id)
    current = by_id(db, period_id)
    if current is None or current.status == "locked":
        raise Locked
    if current.status == "open":
        return None
    following = newest_revision(db, period_id) + 1
    row = {"period_id": period_id, "number": following, "at": now}
    db.execute(insert(db, t.revision).values(**row, user_id=user_id, reason=reason))
    return following


def newest_revision(db: Db, period_id: int) -> int:
    """The number of the newest revision, under which results are stored; 0 without any."""
    return int(db.execute(NEWEST_REVISION, {"period": period_id}).scalar_one())


def newest_revision_query(period_id: Any) -> ScalarSelect[int]:
    """The number of the newest revision as a subquery."""
    c = t.revision.c
    highest = select(func.coalesce(func.max(c.number), 0)).where(c.period_id == period_id)
    return highest.scalar_subquery()


NEWEST_REVISION = select(newest_revision_query(bindparam("period")))


def revisions(db: Db, period_id: int) -> list[Revision]:
    """Every revision of a period, oldest first."""
    c = t.revision.c
    rows = db.execute(
        select(c.number, c.at, c.user_id, c.reason)
        .where(c.period_id == period_id)
        .order_by(c.number)
    )
    return [Revision(*row) for row in rows]


class Differs(Exception):
    """Hasil yang tersimpan tidak sama dengan hitungan ulang dari datanya."""


def fingerprint(inputs: Any) -> str:
    """SHA-256 of the inputs in canonical JSON, hexadecimal."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def in_period(period_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A condition on `response`: of the period of another row of the query."""
    first = cast(period_id, BigInteger) * 2**ID_BITS
    return and_(t.response.c.id >= first, t.response.c.id < first + 2**ID_BITS)


def in_periods(period_ids: Sequence[int]) -> ColumnElement[bool]:
    """A condition on `response`: of these periods, whose ids are ranges of the primary key."""
    spans = [t.response.c.id.between(*ids_of(number)) for number in period_ids]
    return or_(false(), *spans)


def ids_of(period_id: int) -> tuple[int, int]:
    """The first and the last id that a response of a period can have."""
    return period_id << ID_BITS, (period_id + 1 << ID_BITS) - 1
