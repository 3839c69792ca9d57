"""The clock: `tick(now)` closes, recounts, locks and posts what the database says is due."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot import notices, paper, pulse, recount, unit_heads
from bot.intake import Turns
from bot.office import Office
from bot.recount import Recount
from bot.turnover import prune, tidy, turn_over
from scoring.period import title
from storage import (
    batches,
    offices,
    outbox,
    people,
    periods,
    responses,
    results,
    revisions,
    tallies,
)
from storage.database import Db
from storage.periods import Current
from storage.tables import Scope
from storage.tallies import Cell

log = structlog.get_logger()

RECOUNT_TRIES = 3
PRUNE_EVERY = timedelta(hours=1)  # it reads two days of update ids
LOCK_ASKED = "lock_asked:"  # settings: closed periods to lock before their time, and who says so
UNLINKING = "unlinking:"  # settings: locked periods whose responses still have their keys


@dataclass(slots=True)
class Ticks:
    """The clock's work on one office."""

    office: Office
    turns: Turns
    pruned: datetime | None = None
    letters: Mapping[str, int] = field(default_factory=dict)  # of the outbox, by status
    overdue: int | None = None  # the letter that is due the longest
    overdue_since: float | None = None  # when it was first seen so; the monotonic clock

    async def tick(self, now: datetime) -> None:
        """Everything that is due at `now`; doing it twice, or in two processes, does it once."""
        await self.turns.do(partial(_housekeeping, office=self.office, now=now))
        if self.pruned is None or now - self.pruned >= PRUNE_EVERY:
            await self.turns.do(partial(prune, now=now))
            self.pruned = now
        office = self.office
        for period in await office.read(lambda db: periods.unlocked(db, "ikm")):
            if await office.read(partial(lock_due, office=office, period=period, now=now)):
                await self._lock(period, now)
            elif await office.read(partial(recount_due, office=office, period=period, now=now)):
                await self._recount(period, now)
        for period in await self.office.read(lambda db: periods.closed(db, "unit")):
            if self.office.calendar.lock_at(period.ends_at) <= now:
                await self.turns.do(partial(lock_units, office=self.office, period=period, now=now))
        await self._unlink()
        if await self.office.read(partial(batches.left, real_now=datetime.now(UTC))):
            await paper.sweep(self.turns.do, lambda: datetime.now(UTC))
        await self._look_at_letters(now)

    async def _look_at_letters(self, now: datetime) -> None:
        self.letters = await self.office.read(outbox.by_status)
        overdue = await self.office.read(partial(outbox.longest_due, now=now))
        if overdue != self.overdue:
            self.overdue_since = None if overdue is None else time.monotonic()
        self.overdue = overdue

    async def _counted(self, period: Current) -> Recount:
        registered = self.office.instruments[period.instrument_id]
        return await self.office.read(lambda db: recount.of_period(db, registered, period.id))

    async def _recount(self, period: Current, now: datetime) -> None:
        counted = await self._counted(period)
        await self.turns.do(lambda db: keep(db, self.office, period, counted, now))

    async def _lock(self, period: Current, now: datetime) -> None:
        for _ in range(RECOUNT_TRIES):
            counted = await self._counted(period)
            if await self.turns.do(
                partial(lock, office=self.office, period=period, counted=counted, now=now)
            ):
                return
        log.warning("period changes while it is counted", period=period.label)

    async def _unlink(self) -> None:
        """No button, no hash and no deleted row leads to a person of a locked period any more."""
        left = await self.office.read(partial(offices.settings, prefix=UNLINKING))
        for key, after in left.items():
            done: int | None = int(after)
            while done is not None:
                done = await self.turns.do(partial(_unlink, period_id=int(key), after=done))
        if left and await self.turns.scrub():
            await self.turns.do(partial(_unlinked, keys=list(left)))


def _unlink(db: Db, period_id: int, after: int) -> int | None:
    """A slice in a transaction of its own, so that no tap waits for a million rows."""
    done = responses.unlink(db, period_id, after)
    if done is not None:
        offices.set_setting(db, f"{UNLINKING}{period_id}", done)
    return done


def _unlinked(db: Db, keys: Sequence[str]) -> None:
    for key in keys:
        offices.forget_setting(db, f"{UNLINKING}{key}")


def _housekeeping(db: Db, office: Office, now: datetime) -> None:
    turn_over(db, office, now)
    tidy(db, office, now)
    unit_heads.remind(db, office, now)
    if office.pulse:
        pulse.tell_week(db, office, now)
    offices.set_setting(db, "ticked_at", now.isoformat())  # a full disk shows at a write only


def lock_due(db: Db, office: Office, period: Current, now: datetime) -> bool:
    """A closed period whose time has come, or that an admin wants locked before."""
    if period.status != "closed":
        return False
    return office.calendar.lock_at(period.ends_at) <= now or lock_asked(db, period.id) is not None


def ask_lock(db: Db, period_id: int, user_id: int) -> None:
    """Let the next tick lock a closed period before its time; it tells this admin when it did."""
    offices.set_setting(db, f"{LOCK_ASKED}{period_id}", user_id)


def lock_asked(db: Db, period_id: int) -> int | None:
    """The admin who wants this closed period locked before its time."""
    user_id: int | None = offices.setting(db, f"{LOCK_ASKED}{period_id}")
    return user_id


def recount_due(db: Db, office: Office, period: Current, now: datetime) -> bool:
    """Once a day of the office, once after the close, and after every revision."""
    last = offices.setting(db, f"recount:{period.id}")
    return bool(last != _stamp(db, office, period, now))


def _stamp(db: Db, office: Office, period: Current, now: datetime) -> str:
    number = revisions.number(db, period.id)
    return f"{office.calendar.day(now).isoformat()} {period.status} {number}"


def keep(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> None:
    """Store what a recount found, and repair tallies that disagree with it."""
    registered = office.instruments[period.instrument_id]
    periods.hold(db, period.id)
    if _outdated(tallies.stored(db, period.id), period, counted):
        return  # the next tick counts again
    if counted.differences:
        _repair(db, office, period, counted, now)
    if not _tells_of_few(db, office, period, counted):
        results.store(db, registered, period.id, counted.found, now)
        if office.pulse and period.status == "open":
            pulse.tell_drop(db, office, period, now)
    offices.set_setting(db, f"recount:{period.id}", _stamp(db, office, period, now))


def _outdated(stored: Counter[Cell], period: Current, counted: Recount) -> bool:
    """Whether what changed meanwhile forbids to keep a recount.

    Whoever sent while an open period was counted comes with the next night, or a busy office would
    count for ever; but nothing is kept of who erased meanwhile, and a repair takes nothing away.
    """
    if period.status != "open" or counted.differences:
        return stored != counted.stored
    return any(stored[cell] < n for cell, n in counted.stored.items())


def _tells_of_few(db: Db, office: Office, period: Current, counted: Recount) -> bool:
    """Whether the figures of an open period would differ from last night's by a few people only."""
    if period.status != "open":
        return False
    registered = office.instruments[period.instrument_id]
    before = results.of_office(db, registered, period.id)
    after = counted.found.get((Scope.OFFICE, 0))
    if before is None or after is None:
        return False
    return abs(after.score.n - before.score.n) < office.min_responses


def _repair(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> None:
    log.error("tallies disagree with the answers", period=period.label, cells=counted.differences)
    tallies.repair(db, period.id, counted.cells)
    people.record(db, now, None, "perbaiki_rekap", period.label, after=counted.differences)
    text = office.words.office.recount_differs(period=period.label, cells=counted.differences)
    notices.tell_admins(db, text, now)


def _tell_of_lock(db: Db, office: Office, period: Current, now: datetime) -> None:
    asked_by = lock_asked(db, period.id)
    people.record(db, now, asked_by, "kunci_periode", period.label)
    if asked_by is None:
        return
    offices.forget_setting(db, f"{LOCK_ASKED}{period.id}")
    named = title(office.calendar.named(period))
    notices.tell(db, asked_by, office.words.period.locked_now(period=named), now)


def lock(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> bool:
    """Fix the results, put the summary into the ledger; False when answers changed meanwhile."""
    periods.hold(db, period.id)  # an erasure under way ends first
    if tallies.stored(db, period.id) != counted.stored:
        return False
    if counted.differences:
        _repair(db, office, period, counted, now)
    if not periods.lock(db, period.id, now):
        return True  # another process was faster
    registered = office.instruments[period.instrument_id]
    results.store(db, registered, period.id, counted.found, now)
    _tell_of_lock(db, office, period, now)
    offices.set_setting(db, f"{UNLINKING}{period.id}", 0)
    notices.announce(db, office, notices.SUMMARY, period, now)
    return True


def lock_units(db: Db, office: Office, period: Current, now: datetime) -> None:
    """Fix the unit heads' index; what they left in the journal goes with it."""
    if unit_heads.lock(db, office, period, now):
        offices.set_setting(db, f"{UNLINKING}{period.id}", 0)
