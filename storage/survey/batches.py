"""Batches: files of paper answers, written in slices, counted and undone as a whole.

A slice is one short transaction, so that no tap waits for a whole file; its responses are ARRIVING
and do not count. `finish` makes them count together. Half-written batches (whose lease expired)
and undone ones are removed in slices too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from scoring.paper import Slip
from storage import periods
from storage import tables as t
from storage.database import ConcurrentChange, Db
from storage.registered import Registered
from storage.survey import owners, patterns, sending
from storage.survey.sending import Sent
from storage.survey.slips import taken
from storage.survey.tallies import Cell, CountedResponse, Deltas
from storage.tables import Scope, Status

CHANNEL = "kertas"
LEASE = timedelta(minutes=1)  # shorter than that of an outbox row: a retry comes after it expired
SLICE = 250  # slips a transaction
DECISION = timedelta(days=14)  # how long the Camat may take to decide about late slips


class Interrupted(Exception):
    """Pemasukan berkas ini terputus; masukkan lagi."""


class BatchNotFound(Exception):
    """Isian kertas itu tidak ada, atau sudah dibatalkan."""


class SlipTaken(Exception):
    """Nomor lembar sudah tercatat pada periode itu."""

    def __init__(self, number: str) -> None:
        super().__init__(f"nomor lembar {number} baru saja tercatat pada periode itu.")


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of paper answers; `written` is False until it counts."""

    id: int
    filename: str
    rows: int
    user_id: int | None
    at: datetime
    written: bool
    undone_at: datetime | None


_COLUMNS = (
    t.batch.c.id, t.batch.c.filename, t.batch.c.rows, t.batch.c.user_id, t.batch.c.at,
    t.batch.c.lease_until.is_(None), t.batch.c.undone_at,
)  # fmt: skip


def by_id(db: Db, batch_id: int) -> Batch | None:
    """A batch, undone or not."""
    row = db.execute(select(*_COLUMNS).where(t.batch.c.id == batch_id)).one_or_none()
    return Batch(*row) if row else None


def by_hash(db: Db, sha256: bytes) -> Batch | None:
    """The batch of the file with this hash, unless it was undone."""
    c = t.batch.c
    query = select(*_COLUMNS).where(c.sha256 == sha256, c.undone_at.is_(None))
    row = db.execute(query).one_or_none()
    return Batch(*row) if row else None


def newest(db: Db, most: int = 10) -> list[Batch]:
    """The batches that count or counted, newest first."""
    c = t.batch.c
    written = select(*_COLUMNS).where(c.lease_until.is_(None)).order_by(c.id.desc()).limit(most)
    return [Batch(*row) for row in db.execute(written)]


def counts_by_period(db: Db, batch_id: int) -> dict[int, int]:
    """How many of a batch's responses count, by period."""
    r = t.response.c
    rows = db.execute(
        select(r.period_id, func.count().label("n"))
        .where(r.batch_id == batch_id, r.status == Status.COMPLETED)
        .group_by(r.period_id)
        .order_by(r.period_id)
    )
    return {row.period_id: row.n for row in rows}


def periods_of(db: Db, batch_id: int) -> list[int]:
    """The periods of a batch's slips, counted or not."""
    r = t.response.c
    touched = select(r.period_id).where(r.batch_id == batch_id, r.status != Status.VOID).distinct()
    return sorted(db.execute(touched).scalars())


def start(
    db: Db,
    filename: str,
    sha256: bytes,
    rows: int,
    user_id: int | None,
    now: datetime,
    real_now: datetime,
) -> int | None:
    """Start a batch; None when this file was imported or is being imported."""
    if by_hash(db, sha256) is not None:
        return None
    values = {"filename": filename[:200], "sha256": sha256, "rows": rows, "user_id": user_id}
    statement = insert(t.batch).values(**values, at=now, lease_until=real_now + LEASE)
    try:
        return int(db.execute(statement.returning(t.batch.c.id)).scalar_one())
    except IntegrityError as error:  # another process was first
        raise ConcurrentChange from error


def write_slice(
    db: Db,
    batch_id: int,
    registered: Registered,
    slips: Sequence[Slip],
    real_now: datetime,
    *,
    late: bool = False,
) -> None:
    """Write a slice; it does not count yet.

    Args:
        late: slips of locked periods are taken, for a correction.

    Raises:
        Interrupted: the batch was abandoned.
        SlipTaken: one of the numbers was used after the check.
        periods.Locked: the figures of a period can no longer change.
    """
    c = t.batch.c
    held = (
        update(t.batch)
        .where(c.id == batch_id, c.lease_until.is_not(None))
        .values(lease_until=real_now + LEASE)
    )
    if db.execute(held).rowcount != 1:
        raise Interrupted
    unlocked = {period_id for period_id, _, _ in periods.salts_for_share(db)}
    if not late and any(slip.period_id not in unlocked for slip in slips):
        raise periods.Locked
    _take_numbers(db, [slip for slip in slips if slip.period_id in unlocked])
    # A suggestion belongs to its response by the owners alone, which a locked period has no more.
    kept = [replace(slip, saran=None) if slip.period_id not in unlocked else slip for slip in slips]
    sent = [_sent(registered, batch_id, slip) for slip in kept]
    sending.add(db, registered, sent, Status.ARRIVING)


def _take_numbers(db: Db, slips: Sequence[Slip]) -> None:
    keys = [(slip.period_id, slip.number) for slip in slips if slip.number is not None]
    if not keys:
        return
    for _, number in sorted(taken(db, keys)):
        raise SlipTaken(number)
    rows = [{"period_id": period_id, "number": number} for period_id, number in keys]
    try:
        db.execute(insert(t.slip), rows)
    except IntegrityError as error:
        raise ConcurrentChange from error


def _sent(registered: Registered, batch_id: int, slip: Slip) -> Sent:
    codes = (attribute.code for attribute in registered.instrument.attributes)
    return Sent(
        period_id=slip.period_id,
        service_id=slip.service_id,
        counter_id=slip.counter_id,
        kanal=CHANNEL,
        urutan=1,
        tanggal=slip.tanggal,
        jam=slip.jam,
        answers=dict(zip(registered.instrument.codes, slip.answers, strict=True)),
        attributes=dict(zip(codes, slip.attributes, strict=True)),
        saran=slip.saran,
        owner=None,
        slip=slip.number,
        batch_id=batch_id,
    )


def deltas_by_period(
    registered: Registered, slips: Sequence[Slip], units: Mapping[int, int]
) -> dict[int, Deltas]:
    """What a file adds to the tallies, by period; equal answers are counted together.

    Args:
        units: service id -> unit id.
    """
    codes = registered.instrument.codes
    patterns = Counter((slip.period_id, slip.service_id, slip.answers) for slip in slips)
    deltas_of: dict[int, Deltas] = {}
    for (period_id, service_id, answers), n in patterns.items():
        where = CountedResponse(period_id, service_id, units[service_id], CHANNEL, 1)
        deltas = deltas_of.setdefault(period_id, Deltas())
        deltas.add(registered, where, dict(zip(codes, answers, strict=True)), n)
    return deltas_of


def finish(
    db: Db, batch_id: int, cells: Mapping[int, Deltas], user_id: int | None, now: datetime
) -> None:
    """Make a whole batch count, in its tallies and its periods' revisions.

    Args:
        cells: what it adds to the tallies, by period.

    Raises:
        Interrupted: it was abandoned.
        periods.Locked: the figures of a period can no longer change.
    """
    c = t.batch.c
    done = db.execute(
        update(t.batch).where(c.id == batch_id, c.lease_until.is_not(None)).values(lease_until=None)
    )
    if done.rowcount != 1:
        raise Interrupted
    reason = f"isian kertas {batch_id} masuk"
    for period_id in sorted(cells):
        periods.add_revision(db, period_id, user_id, reason, now)
    _set(db, batch_id, Status.ARRIVING, Status.COMPLETED)
    added = Deltas()
    for deltas in cells.values():
        added.cells.update(deltas.cells)
    added.apply(db)


def hold(db: Db, batch_id: int, real_now: datetime) -> None:
    """Keep a whole batch of late slips without counting it, while a correction is decided.

    Raises:
        Interrupted: it was abandoned.
    """
    c = t.batch.c
    done = db.execute(
        update(t.batch)
        .where(c.id == batch_id, c.lease_until.is_not(None))
        .values(lease_until=real_now + DECISION)
    )
    if done.rowcount != 1:
        raise Interrupted


def count_late(db: Db, batch_id: int, registered: Registered) -> None:
    """Make a held batch count, in its tallies.

    Raises:
        Interrupted: it was abandoned.
    """
    c = t.batch.c
    done = db.execute(
        update(t.batch).where(c.id == batch_id, c.lease_until.is_not(None)).values(lease_until=None)
    )
    if done.rowcount != 1:
        raise Interrupted
    _set(db, batch_id, Status.ARRIVING, Status.COMPLETED)
    added = Deltas()
    for where, answers, n in patterns.of_batch(db, registered, batch_id):
        added.add(registered, where, answers, n)
    added.apply(db)


def move(db: Db, batch_id: int, registered: Registered, service_id: int) -> None:
    """File every slip of a counted batch under another service, also in the tallies."""
    moved = Deltas()
    for where, answers, n in patterns.of_batch(db, registered, batch_id):
        moved.add(registered, where, answers, -n)
    r = t.response.c
    db.execute(
        update(t.response)
        .where(r.batch_id == batch_id, r.status == Status.COMPLETED)
        .values(service_id=service_id, counter_id=None)
    )
    for where, answers, n in patterns.of_batch(db, registered, batch_id):
        moved.add(registered, where, answers, n)
    moved.apply(db)


def undo(db: Db, batch_id: int, user_id: int | None, now: datetime) -> Batch:
    """Take a whole batch out of the figures; `remove_leftovers` deletes its rows later.

    Raises:
        BatchNotFound: no such batch, or one that does not count.
        periods.Locked: a period of it is locked.
    """
    c = t.batch.c
    done = db.execute(
        update(t.batch)
        .where(c.id == batch_id, c.lease_until.is_(None), c.undone_at.is_(None))
        .values(undone_at=now, undone_by=user_id)
    )
    if done.rowcount != 1:
        raise BatchNotFound
    r = t.response.c
    touched = select(r.period_id).where(r.batch_id == batch_id).distinct()
    for period_id in sorted(db.execute(touched).scalars()):
        periods.add_revision(db, period_id, user_id, f"isian kertas {batch_id} dibatalkan", now)
    removed = _counting(db, batch_id)
    _set(db, batch_id, Status.COMPLETED, Status.ARRIVING)
    removed.apply(db)
    undone = by_id(db, batch_id)
    if undone is None:
        raise BatchNotFound
    return undone


def _set(db: Db, batch_id: int, before: Status, after: Status) -> None:
    r = t.response.c
    own = and_(r.batch_id == batch_id, r.status == before)
    db.execute(update(t.response).where(own).values(status=after))


def _counting(db: Db, batch_id: int) -> Deltas:
    """The deltas that remove the completed responses of a batch from the tallies."""
    r, a = t.response.c, t.answer.c
    where = (r.period_id, r.service_id, t.service.c.unit_id)
    rows = db.execute(
        select(*where, a.item_id, a.nilai, func.count().label("n"))
        .select_from(t.response)
        .join(t.service, t.service.c.id == r.service_id)
        .join(t.answer, a.response_id == r.id)
        .where(r.batch_id == batch_id, r.status == Status.COMPLETED)
        .group_by(*where, a.item_id, a.nilai)
    )
    deltas = Deltas()
    for row in rows:
        for scope, number in (
            (Scope.SERVICE, row.service_id),
            (Scope.UNIT, row.unit_id),
            (Scope.OFFICE, 0),
        ):
            cell = Cell(row.period_id, scope, number, CHANNEL, False, row.item_id, row.nilai or 0)
            deltas.cells[cell] -= row.n
    return deltas


def _left(real_now: datetime) -> ColumnElement[bool]:
    c = t.batch.c
    rows = exists().where(t.response.c.batch_id == c.id)
    return or_(c.lease_until < real_now, and_(c.undone_at.is_not(None), rows))


def has_leftovers(db: Db, real_now: datetime) -> bool:
    """Whether a batch was undone or left half-written and has rows to delete."""
    return db.execute(select(t.batch.c.id).where(_left(real_now)).limit(1)).first() is not None


def abandon(db: Db, batch_id: int, real_now: datetime) -> None:
    """End the lease of a batch that will not be finished, so that its rows are deleted."""
    c = t.batch.c
    over = real_now - timedelta(microseconds=1)
    db.execute(
        update(t.batch).where(c.id == batch_id, c.lease_until.is_not(None)).values(lease_until=over)
    )


def remove_leftovers(db: Db, real_now: datetime, most: int = 4 * SLICE) -> bool:
    """Remove a slice of what was undone or left half-written; False when nothing is left."""
    c, r = t.batch.c, t.response.c
    batch = db.execute(
        select(c.id, c.undone_at)
        .where(_left(real_now))
        .order_by(c.id)
        .limit(1)
        .with_for_update()  # waits until a slice that is being written is committed
    ).one_or_none()
    if batch is None:
        return False
    some = select(r.id, r.period_id).where(r.batch_id == batch.id).limit(most)
    by_period: dict[int, list[int]] = {}
    for row in db.execute(some):
        by_period.setdefault(row.period_id, []).append(row.id)
    unlocked = {period_id for period_id, _, _ in periods.salts_for_share(db)}
    for period_id, ids in sorted(by_period.items()):
        if period_id in unlocked:
            owners.delete_of_responses(db, period_id, ids)
        db.execute(delete(t.response).where(r.id.in_(ids)))
    if not by_period and batch.undone_at is None:
        db.execute(delete(t.batch).where(c.id == batch.id))
    return True
