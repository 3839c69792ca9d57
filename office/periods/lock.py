"""Counting and locking a period: its results are stored and its summary is put into the outbox."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import structlog

from office import notices
from office.office import Office
from office.outbox_bodies import SummaryBody
from office.periods import rating
from office.periods.recount import Recount
from office.summary import pulse
from scoring.period import title
from storage import audit, periods, results
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks, program_state
from storage.settings.period_marks import RecountMark
from storage.survey import tallies
from storage.survey.tallies import Cell
from storage.tables import Scope

log = structlog.get_logger()


def lock_due(db: Db, office: Office, period: PeriodRow, now: datetime) -> bool:
    """A closed period whose time has come, or that an admin wants locked before.

    A period before the office's first answer has nothing to lock and nobody to tell.
    """
    if period.status != "closed":
        return False
    if period_marks.lock_requested_by(db, period.id) is not None:
        return True
    if office.calendar.lock_at(period.ends_at) > now:
        return False
    return not period_marks.ended_unanswered(db, period.ends_at)


def recount_due(db: Db, office: Office, period: PeriodRow, now: datetime) -> bool:
    """Whether to count again: once a day, once after the close, and after every revision."""
    return period_marks.recount_mark(db, period.id) != _mark(db, office, period, now)


def _mark(db: Db, office: Office, period: PeriodRow, now: datetime) -> RecountMark:
    revision = periods.newest_revision(db, period.id)
    return RecountMark(office.calendar.day(now), period.status, revision)


def store_recount(
    db: Db, office: Office, period: PeriodRow, counted: Recount, now: datetime
) -> None:
    """Store the results of a recount, and repair tallies that disagree with it."""
    registered = office.instruments[period.instrument_id]
    periods.lock_row(db, period.id)
    if _outdated(tallies.stored_cells(db, period.id), period, counted):
        return  # the next tick counts again
    if counted.differences:
        _repair(db, office, period, counted, now)
    if not _reveals_few_people(db, office, period, counted):
        results.store(db, registered, period.id, counted.found, now)
        if office.pulse and period.status == "open":
            pulse.tell_drop(db, office, period, now)
    period_marks.note_recount(db, period.id, _mark(db, office, period, now))


def _outdated(stored: Counter[Cell], period: PeriodRow, counted: Recount) -> bool:
    """Whether changes since the snapshot forbid storing this recount.

    Responses added to an open period meanwhile do not: the next night counts them, since a busy
    office would never finish. A deletion does, and any change when tallies must be repaired.
    """
    if period.status != "open" or counted.differences:
        return stored != counted.stored
    return any(stored[cell] < n for cell, n in counted.stored.items())


def _reveals_few_people(db: Db, office: Office, period: PeriodRow, counted: Recount) -> bool:
    """Whether results stored now would differ from the last ones by a few people only."""
    if period.status != "open":
        return False
    registered = office.instruments[period.instrument_id]
    before = results.of_office(db, registered, period.id)
    after = counted.found.get((Scope.OFFICE, 0))
    if before is None or after is None:
        return False
    return abs(after.score.n - before.score.n) < office.min_responses


def _repair(db: Db, office: Office, period: PeriodRow, counted: Recount, now: datetime) -> None:
    log.error("tallies disagree with the answers", period=period.label, cells=counted.differences)
    tallies.repair(db, period.id, counted.cells)
    audit.record(db, now, None, "perbaiki_rekap", period.label, after=counted.differences)
    text = office.words.office.recount_differs(period=period.label, cells=counted.differences)
    notices.tell_admins(db, text, now)


def _finish_lock_request(db: Db, office: Office, period: PeriodRow, now: datetime) -> None:
    asked_by = period_marks.lock_requested_by(db, period.id)
    audit.record(db, now, asked_by, "kunci_periode", period.label)
    if asked_by is None:
        return
    period_marks.end_lock_request(db, period.id)
    named = title(office.calendar.period_of(period))
    notices.tell(db, asked_by, office.words.period.locked_now(period=named), now)


def lock(db: Db, office: Office, period: PeriodRow, counted: Recount, now: datetime) -> bool:
    """Store the results, put the summary into the outbox; False when tallies changed meanwhile."""
    periods.lock_row(db, period.id)  # an erasure under way ends first
    if tallies.stored_cells(db, period.id) != counted.stored:
        return False
    if counted.differences:
        _repair(db, office, period, counted, now)
    if not periods.lock(db, period.id, now):
        return True  # another process was faster
    registered = office.instruments[period.instrument_id]
    results.store(db, registered, period.id, counted.found, now)
    _finish_lock_request(db, office, period, now)
    program_state.note_deletion(db, office.calendar.day(now))
    notices.announce(db, office, SummaryBody(period.id), period, now)
    return True


def lock_units(db: Db, office: Office, period: PeriodRow, now: datetime) -> None:
    """Lock the unit heads' index."""
    if rating.lock(db, office, period, now):
        program_state.note_deletion(db, office.calendar.day(now))
