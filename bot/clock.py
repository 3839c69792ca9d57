"""The clock: `tick(now)` closes, recounts, locks and announces the periods that are due."""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial

import structlog
from telegram.error import TelegramError

from bot.turn.effects import Show
from bot.turn.queue import Turns
from office import notices
from office.agenda import reminders
from office.office import TOLERANCE, Office
from office.outbox_bodies import FollowUpNewsBody
from office.papers import paper_import
from office.periods import rating, recount
from office.periods.lifecycle import delete_old_rows, end_idle_responses, turn_over
from office.periods.lock import (
    divided,
    lock,
    lock_due,
    lock_units,
    recount_due,
    store_recount,
    whole,
)
from office.periods.recount import Recount
from office.summary import pulse
from office.survey import news, reminder
from storage import outbox, people, periods
from storage.database import ConcurrentChange, Db
from storage.maintenance import rewriting
from storage.outbox import KindFilter
from storage.periods import PeriodRow
from storage.settings import period_marks, program_state
from storage.survey import batches

log = structlog.get_logger()

RECOUNT_TRIES = 3
PRUNE_EVERY = timedelta(hours=1)  # it reads two days of update ids
ASK_SECONDS = 10.0  # for Telegram's time
# Rows that are due when they are put: all but those for an office hour to come.
IMMEDIATE = KindFilter(
    frozenset({FollowUpNewsBody.KIND, *notices.RATING_KINDS, *notices.SUMMARIES}), others=True
)
LOOK_EVERY = timedelta(minutes=10)
REWRITE_EVERY = timedelta(hours=1)
# Of the office's clock: when large tables are rewritten.
NIGHT, MORNING = time_of_day(1), time_of_day(5)
MISSED = timedelta(days=2)  # of a process that does not run at night


@dataclass(slots=True)
class Ticks:
    """Periodic work of one office."""

    office: Office
    turns: Turns
    ask_telegram: Callable[[], Awaitable[object]]  # any call: its answer has Telegram's time
    clock_trouble: str | None = None  # why closing, locking and posting wait, for health
    in_doubt: bool = True  # whether the database may hold a doubt of this computer's clock
    pruned: datetime | None = None
    looked_for_due: datetime | None = None  # what an admin should do
    rewritten: datetime | None = None  # the tables of open responses
    outbox_rows: Mapping[str, int] = field(default_factory=dict)  # by status
    overdue: int | None = None  # the outbox row that is due the longest
    overdue_since: float | None = None  # since when it is the same row; the monotonic clock

    async def tick(self, now: datetime) -> None:
        """Do everything that is due at `now`; idempotent, also in two processes.

        While Telegram's time does not confirm the clock, what depends on the date waits.
        """
        if await self._confirmed(now):
            await self._follow_calendar(now)
        await self._rewrite(now)
        if await self.office.read(partial(batches.has_leftovers, real_now=datetime.now(UTC))):
            await paper_import.sweep(self.turns.do, lambda: datetime.now(UTC))
        await self._check_outbox(self.office.telegram_time.not_ahead(now))

    async def _confirmed(self, now: datetime) -> bool:
        """Whether Telegram's time confirms the clock; where it does not, the admins are told once.

        A header from before the computer slept disagrees too: Telegram is asked again first.
        """
        telegram, office = self.office.telegram_time, self.office
        answered = True
        if not telegram.confirms(now):
            answered = await self._telegram_answers()
        if telegram.confirms(now):
            self.clock_trouble = None
            if self.in_doubt:
                await self.turns.do(partial(_end_clock_doubt, now=now))
                self.in_doubt = False
            return True
        known = telegram.now() if answered else None
        times = {
            "computer": office.calendar.moment(now),
            "telegram": "tidak diketahui" if known is None else office.calendar.moment(known),
        }
        self.clock_trouble = "{computer}; Telegram {telegram}".format_map(times)
        log.error("clock not confirmed", **times)
        self.in_doubt = True
        await self.turns.do(
            partial(_doubt_clock, office=office, now=now, times=times if answered else None)
        )
        return False

    async def _telegram_answers(self) -> bool:
        before = self.office.telegram_time.noted
        try:
            async with asyncio.timeout(ASK_SECONDS):
                await self.ask_telegram()
        except (TelegramError, TimeoutError):  # a refusal is an answer too
            return self.office.telegram_time.noted != before
        return True

    async def _follow_calendar(self, now: datetime) -> None:
        await self.turns.do(partial(_housekeeping, office=self.office, now=now))
        if self.pruned is None or now - self.pruned >= PRUNE_EVERY:
            await self.turns.do(partial(delete_old_rows, now=now))
            self.pruned = now
        await self._look_for_jumps(now)
        await self._remind_idle(now)
        await self._lock_due(now)
        await self._remind(now)

    async def _remind(self, now: datetime) -> None:
        """Tell the admins what is due; looked for every ten minutes."""
        office, last = self.office, self.looked_for_due
        if not office.reminders or (last is not None and timedelta() <= now - last < LOOK_EVERY):
            return
        due = await office.read(partial(reminders.due, office=office, now=now))
        if due:
            await self.turns.do(partial(reminders.put, reminders=due, now=now))
        self.looked_for_due = now

    async def _lock_due(self, now: datetime) -> None:
        office = self.office
        # First, so that in a group the picture of the citizens' index is the last one.
        for period in await office.read(lambda db: periods.closed(db, "unit")):
            if await office.read(partial(lock_due, office=office, period=period, now=now)):
                await self.turns.do(partial(lock_units, office=office, period=period, now=now))
        for period in await office.read(lambda db: periods.unlocked(db, "ikm")):
            if await office.read(partial(lock_due, office=office, period=period, now=now)):
                await self._lock(period, now)
            elif await office.read(partial(recount_due, office=office, period=period, now=now)):
                await self._recount(period, now)

    async def _look_for_jumps(self, now: datetime) -> None:
        office = self.office
        jumps = await office.read(partial(pulse.look, office=office, now=now))
        if jumps is not None:
            await self.turns.do(partial(pulse.tell, office=office, jumps=jumps, now=now))

    async def _remind_idle(self, now: datetime) -> None:
        office = self.office
        if await office.read(partial(reminder.is_due, office=office, now=now)):
            screens = await self.turns.do(partial(reminder.remind, office=office, now=now))
            self.turns.show([Show(chat_id, screen) for chat_id, screen in screens])

    async def _check_outbox(self, now: datetime) -> None:
        self.outbox_rows = await self.office.read(outbox.by_status)
        overdue = await self.office.read(partial(outbox.longest_due, now=now))
        if overdue != self.overdue:
            self.overdue_since = None if overdue is None else time.monotonic()
        self.overdue = overdue

    async def _counted(self, period: PeriodRow) -> list[Recount] | None:
        """The recounts of the earlier periods that run into this one, and of this one.

        None when another process locked them meanwhile.
        """

        def counted(db: Db) -> list[Recount]:
            registered = self.office.instruments[period.instrument_id]
            together = [*periods.running_into(db, period.id), period]
            return [recount.of_period(db, registered, each.id) for each in together]

        try:
            return await self.office.read(counted)
        except ConcurrentChange:
            return None

    async def _recount(self, period: PeriodRow, now: datetime) -> None:
        counted = await self._counted(period)
        if counted is None:
            return
        office = self.office
        known = await office.read(lambda db: whole(db, office, period, counted))
        await self.turns.do(lambda db: store_recount(db, office, period, counted, known, now))

    async def _lock(self, period: PeriodRow, now: datetime) -> None:
        for _ in range(RECOUNT_TRIES):
            counted = await self._counted(period)
            if counted is None:
                return
            made = await self.office.read(
                partial(divided, office=self.office, period=period, counted=counted)
            )
            if await self.turns.do(
                partial(
                    lock, office=self.office, period=period, counted=counted, made=made, now=now
                )
            ):
                return
        log.warning("period changes while it is counted", period=period.label)

    async def _rewrite(self, now: datetime) -> None:
        """Let what was deleted leave the files: open responses within the hour, the rest at night.

        SQLite only has its journal emptied, which takes no time: at once.
        """
        due = self.rewritten is None or now - self.rewritten >= REWRITE_EVERY
        if due and await self.turns.rewrite(rewriting.rewrite_open):
            await self.turns.do(partial(rewriting.write_anew, tables=rewriting.HOURLY))
            self.rewritten = now
        deleted_on = await self.office.read(program_state.deletion_day)
        if deleted_on is None:
            return
        if not (self.office.database.is_sqlite or self._is_night_after(deleted_on, now)):
            return
        if await self.turns.rewrite(rewriting.rewrite_others):
            await self.turns.do(partial(_end_deletion, day=deleted_on))

    def _is_night_after(self, day: date, now: datetime) -> bool:
        """Whether it is a night after this day, or two of them were missed."""
        here = now.astimezone(self.office.calendar.zone)
        if here.date() - day > MISSED:
            return True
        return here.date() > day and NIGHT <= here.time() < MORNING


def _end_deletion(db: Db, day: date) -> None:
    rewriting.write_anew(db)
    program_state.end_deletion(db, day)


def _housekeeping(db: Db, office: Office, now: datetime) -> None:
    turn_over(db, office, now)
    period_marks.note_first_answer(db, now)
    end_idle_responses(db, office, now)
    rating.tell_due(db, office, now)
    news.send_waiting(db, office, now)
    if office.pulse:
        pulse.tell_week(db, office, now)
    program_state.note_tick(db, now)  # a write: a full disk raises here


def _doubt_clock(db: Db, office: Office, now: datetime, times: Mapping[str, str] | None) -> None:
    """Tell the admins both times, once a disagreement; without an answer nobody can be told."""
    program_state.note_tick(db, now)
    if times is None:
        return
    due = office.telegram_time.not_ahead(now) - TOLERANCE  # at once, by either clock
    outbox.bring_forward(db, due, IMMEDIATE)
    if people.has_admin(db) and program_state.begin_clock_doubt(db, platform.node(), now):
        notices.tell_admins(db, office.words.office.clock_doubted(**times), due)


def _end_clock_doubt(db: Db, now: datetime) -> None:
    if program_state.end_clock_doubt(db, platform.node()):
        outbox.bring_forward(db, now, IMMEDIATE)
