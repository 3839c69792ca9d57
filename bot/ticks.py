"""The clock: `tick(now)` closes, recounts, locks and posts whatever is due; the database says what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot import flow, notices, recount
from bot.intake import Turns
from bot.office import Office
from bot.recount import Recount
from scoring import period as calendar
from storage import offices, outbox, people, periods, responses, results, tallies, updates
from storage.database import Db
from storage.periods import Current
from storage.responses import Desk, Open
from storage.tallies import Deltas

log = structlog.get_logger()

R = TypeVar("R")

UNFINISHED_LIFE = timedelta(days=7)
LATE = timedelta(hours=1)
RECOUNT_TRIES = 3


@dataclass(slots=True)
class Ticks:
    """The clock's work on one office."""

    office: Office
    turns: Turns

    async def tick(self, now: datetime) -> None:
        """Everything that is due at `now`; doing it twice, or in two processes, does it once."""
        await self.turns.do(lambda db: turn_over(db, self.office, now))
        for period in await self._read(lambda db: periods.unlocked(db, "ikm")):
            if period.status == "closed" and self.office.calendar.lock_at(period.ends_at) <= now:
                await self._lock(period, now)
            elif await self._read(partial(recount_due, office=self.office, period=period, now=now)):
                await self._recount(period, now)

    async def _read(self, work: Callable[[Db], R]) -> R:
        def snapshot() -> R:
            with self.office.database.read() as db:
                return work(db)

        return await asyncio.to_thread(snapshot)

    async def _counted(self, period: Current) -> Recount:
        registered = self.office.instruments[period.instrument_id]
        return await self._read(lambda db: recount.of_period(db, registered, period.id))

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


def turn_over(db: Db, office: Office, now: datetime) -> None:
    """Close periods that ended, open the one of `now`, end what was left unfinished, forget the old."""
    while True:
        current = periods.current(db, "ikm")
        if current is None:
            following = office.calendar.containing(now)
        elif now < current.ends_at:
            break
        else:
            close(db, office, current, now)
            following = calendar.following(office.calendar.parse(current.label))
        periods.open_period(db, "ikm", following, office.instrument_id, now)
    for place in responses.idle(db, office.instruments, now - UNFINISHED_LIFE):
        end(db, office, [place], now)
    updates.prune(db, now)
    outbox.prune(db, now)


def close(db: Db, office: Office, period: Current, now: datetime) -> None:
    """Close a period: unfinished responses end first, so that they belong to it."""
    end(db, office, responses.open_in(db, office.instruments, period.id), now)
    if periods.close(db, period.id, now):
        people.record(db, now, None, "tutup_periode", period.label)


def end(db: Db, office: Office, unfinished: list[Open], now: datetime) -> None:
    """End unfinished responses: a given opinion counts (its attributes may be missing), others go."""
    deltas = Deltas()
    desk = Desk(db, office.instruments, now, deltas)
    for place in unfinished:
        period = periods.by_id(db, place.period_id)
        given = flow.opinion_given(desk.instrument(place), place, office.min_filled)
        if not given or period is None or period.salt is None:
            desk.drop(place)
            continue
        owner = responses.owner(office.secret, period.salt, place.chat_id)
        touched = min(place.touched_at, period.ends_at - timedelta(microseconds=1))
        desk.complete(
            place, owner, office.calendar.day(touched), office.calendar.survey_hour(touched)
        )
    deltas.apply(db)


def recount_due(db: Db, office: Office, period: Current, now: datetime) -> bool:
    """Once a day of the office, and once after the close."""
    last = offices.setting(db, f"recount:{period.id}")
    return bool(last != _stamp(office, period, now))


def _stamp(office: Office, period: Current, now: datetime) -> str:
    return f"{office.calendar.day(now).isoformat()} {period.status}"


def keep(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> None:
    """Store what a recount found; tallies that disagree and stood still meanwhile are repaired."""
    registered = office.instruments[period.instrument_id]
    if counted.differences and tallies.stored(db, period.id) == counted.stored:
        _repair(db, office, period, counted, now)
    results.store(db, registered, period.id, counted.found, now)
    offices.set_setting(db, f"recount:{period.id}", _stamp(office, period, now))


def _repair(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> None:
    log.error("tallies disagree with the answers", period=period.label, cells=counted.differences)
    tallies.repair(db, period.id, counted.cells)
    people.record(db, now, None, "perbaiki_rekap", period.label, after=counted.differences)
    text = office.words.office.recount_differs(period=period.label, cells=counted.differences)
    notices.tell_admins(db, text, now)


def lock(db: Db, office: Office, period: Current, counted: Recount, now: datetime) -> bool:
    """Fix the results and put the summary into the ledger; False when the answers changed meanwhile."""
    if tallies.stored(db, period.id) != counted.stored:
        return False
    if counted.differences:
        _repair(db, office, period, counted, now)
    if not periods.lock(db, period.id, now):
        return True  # another process was faster
    registered = office.instruments[period.instrument_id]
    results.store(db, registered, period.id, counted.found, now)
    people.record(db, now, None, "kunci_periode", period.label)
    due = office.calendar.lock_at(period.ends_at)
    late = now - due > LATE
    body = {"period": period.id}
    linked = [group for group in offices.groups(db) if group.unit_id is None]
    for group in linked:
        outbox.put(
            db, notices.SUMMARY, group.chat_id, body, now,
            topic_id=group.topic_id, period_id=period.id, late=late,
        )  # fmt: skip
    if not linked:
        nowhere = "belum ada grup"
        outbox.put(
            db,
            notices.SUMMARY,
            outbox.NO_GROUP,
            body,
            now,
            period_id=period.id,
            late=late,
            skipped=nowhere,
        )
    return True
