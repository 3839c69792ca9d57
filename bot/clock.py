"""The clock: `tick(now)` closes, recounts, locks and announces the periods that are due."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot.turn.queue import Turns
from office.office import Office
from office.papers import paper_import
from office.periods import rating, recount
from office.periods.lifecycle import delete_old_rows, end_idle_responses, turn_over
from office.periods.lock import anonymize, lock, lock_due, lock_units, recount_due, store_recount
from office.periods.recount import Recount
from office.summary import pulse
from storage import (
    batches,
    outbox,
    periods,
)
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks, program_state

log = structlog.get_logger()

RECOUNT_TRIES = 3
PRUNE_EVERY = timedelta(hours=1)  # it reads two days of update ids


@dataclass(slots=True)
class Ticks:
    """Periodic work of one office."""

    office: Office
    turns: Turns
    pruned: datetime | None = None
    outbox_rows: Mapping[str, int] = field(default_factory=dict)  # by status
    overdue: int | None = None  # the outbox row that is due the longest
    overdue_since: float | None = None  # since when it is the same row; the monotonic clock

    async def tick(self, now: datetime) -> None:
        """Do everything that is due at `now`; idempotent, also in two processes."""
        await self.turns.do(partial(_housekeeping, office=self.office, now=now))
        if self.pruned is None or now - self.pruned >= PRUNE_EVERY:
            await self.turns.do(partial(delete_old_rows, now=now))
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
        await self._anonymize()
        if await self.office.read(partial(batches.has_leftovers, real_now=datetime.now(UTC))):
            await paper_import.sweep(self.turns.do, lambda: datetime.now(UTC))
        await self._check_outbox(now)

    async def _check_outbox(self, now: datetime) -> None:
        self.outbox_rows = await self.office.read(outbox.by_status)
        overdue = await self.office.read(partial(outbox.longest_due, now=now))
        if overdue != self.overdue:
            self.overdue_since = None if overdue is None else time.monotonic()
        self.overdue = overdue

    async def _counted(self, period: PeriodRow) -> Recount:
        registered = self.office.instruments[period.instrument_id]
        return await self.office.read(lambda db: recount.of_period(db, registered, period.id))

    async def _recount(self, period: PeriodRow, now: datetime) -> None:
        counted = await self._counted(period)
        await self.turns.do(lambda db: store_recount(db, self.office, period, counted, now))

    async def _lock(self, period: PeriodRow, now: datetime) -> None:
        for _ in range(RECOUNT_TRIES):
            counted = await self._counted(period)
            if await self.turns.do(
                partial(lock, office=self.office, period=period, counted=counted, now=now)
            ):
                return
        log.warning("period changes while it is counted", period=period.label)

    async def _anonymize(self) -> None:
        """Delete what links answers of a locked period to persons, from the journal too."""
        pending = await self.office.read(period_marks.unfinished_anonymizations)
        for period_id, last in pending.items():
            done: int | None = last
            while done is not None:
                done = await self.turns.do(partial(anonymize, period_id=period_id, after=done))
        if pending and await self.turns.scrub():
            await self.turns.do(partial(period_marks.end_anonymizations, period_ids=list(pending)))


def _housekeeping(db: Db, office: Office, now: datetime) -> None:
    turn_over(db, office, now)
    end_idle_responses(db, office, now)
    rating.remind(db, office, now)
    if office.pulse:
        pulse.tell_week(db, office, now)
    program_state.note_tick(db, now)  # a write: a full disk raises here
