"""Counting and locking a period: its blocks are stored and its summary is put into the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog

from office import notices
from office.figures import figures
from office.office import Office
from office.outbox_bodies import SummaryBody
from office.periods import division, rating, recount
from office.periods.division import Division, Whole
from office.periods.recount import Recount, together
from office.summary import pulse
from scoring import precision
from scoring.naming import Levy, levies_together
from scoring.period import title
from scoring.precision import Measurement
from storage import audit, catalogue, people, periods, results
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks, program_state
from storage.settings.period_marks import RecountMark, Standing
from storage.survey import tallies
from storage.survey.tallies import Cell

log = structlog.get_logger()

ENOUGH = 30  # people; of fewer, officials know no letter before the lock


def lock_due(db: Db, office: Office, period: PeriodRow, now: datetime) -> bool:
    """A closed period whose time has come, or that an admin wants locked before.

    A period before the office's first answer has nothing to lock and nobody to tell.
    """
    if period.status != "closed" or period.runs_into is not None:
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


def whole(db: Db, office: Office, period: PeriodRow, counted: Sequence[Recount]) -> Whole:
    """What a recount says of all answers; to be computed on a read snapshot."""
    read, services = together([each.read for each in counted]), catalogue.services_by_id(db)
    registered = office.instruments[period.instrument_id]
    return division.whole(registered, read, services, office.min_responses)


def divided(db: Db, office: Office, period: PeriodRow, counted: Sequence[Recount]) -> Division:
    """What a lock stores; to be computed on a read snapshot."""
    read, services = together([each.read for each in counted]), catalogue.services_by_id(db)
    registered = office.instruments[period.instrument_id]
    return division.division(registered, read, services, office.min_responses)


def store_recount(
    db: Db,
    office: Office,
    period: PeriodRow,
    counted: Sequence[Recount],
    known: Whole,
    now: datetime,
) -> None:
    """Repair tallies that disagree with a recount, and note what officials may know.

    Args:
        counted: of the earlier periods that run into this one, and of this one.
        known: what `whole` makes of them.
    """
    own = counted[-1]
    periods.lock_row(db, period.id)
    if _outdated(tallies.stored_cells(db, period.id), period, own):
        return  # the next tick counts again
    if own.differences:
        _repair(db, office, period, own, now)
    if period.runs_into is None:
        _note_standing(db, office, period, known, now)
    period_marks.note_recount(db, period.id, _mark(db, office, period, now))


def _outdated(stored: Counter[Cell], period: PeriodRow, counted: Recount) -> bool:
    """Whether changes since the snapshot forbid storing this recount.

    Responses added to an open period meanwhile do not: the next night counts them, since a busy
    office would never finish. A deletion does, and any change when tallies must be repaired.
    """
    if period.status != "open" or counted.differences:
        return stored != counted.stored
    return any(stored[cell] < n for cell, n in counted.stored.items())


def _note_standing(db: Db, office: Office, period: PeriodRow, known: Whole, now: datetime) -> None:
    """Note the letter and the verdict of a period of 30 people or more, and the levy's count."""
    mutu = change = None
    if known.people >= ENOUGH:
        here = Measurement.from_score(known.score, known.margin)
        earlier = figures.earlier(db, office, period)
        mutu = known.score.mutu
        if earlier:
            change = precision.significant_change(earlier[0].measured, here)
    drops = _drops(db, office, period, now) if change == "turun nyata" else 0
    period_marks.note_standing(db, period.id, Standing(mutu, change, drops))
    if office.pulse and period.status == "open":
        pulse.tell_drop(db, office, period, now)
    counted_once(db, office, period, known.levy, now)


def _drops(db: Db, office: Office, period: PeriodRow, now: datetime) -> int:
    """The nights in a row with a drop, this one included; later recounts of a day add none."""
    before = period_marks.standing(db, period.id).drops
    last = period_marks.recount_mark(db, period.id)
    again = last is not None and last.day == office.calendar.day(now)
    return max(before, 1) if again else before + 1


def _repair(db: Db, office: Office, period: PeriodRow, counted: Recount, now: datetime) -> None:
    log.error("tallies disagree with the answers", period=period.label, cells=counted.differences)
    tallies.repair(db, period.id, counted.cells)
    audit.record(db, now, None, "perbaiki_rekap", period.label, after=counted.differences)
    named = title(office.calendar.period_of(period))
    text = office.words.office.recount_differs(period=named, cells=counted.differences)
    notices.tell_admins(db, text, now)


def _finish_lock_request(db: Db, office: Office, period: PeriodRow, now: datetime) -> None:
    asked_by = period_marks.lock_requested_by(db, period.id)
    audit.record(db, now, asked_by, "kunci_periode", period.label)
    if asked_by is None:
        return
    period_marks.end_lock_request(db, period.id)
    named = title(office.calendar.period_of(period))
    notices.tell(db, asked_by, office.words.period.locked_now(period=named), now)


def lock(
    db: Db,
    office: Office,
    period: PeriodRow,
    counted: Sequence[Recount],
    made: Division,
    now: datetime,
) -> bool:
    """Store the blocks of a period, and put the summary into the outbox.

    A period of too few people is not locked: its answers run on into the next one.

    Args:
        counted: of the earlier periods that run into this one, and of this one.
        made: what `divided` makes of them.

    Returns:
        False when tallies changed meanwhile.
    """
    rows = [*periods.running_into(db, period.id), period]
    for row in rows:
        periods.lock_row(db, row.id)  # an erasure under way ends first
    if len(rows) != len(counted) or any(
        tallies.stored_cells(db, row.id) != one.stored
        for row, one in zip(rows, counted, strict=True)
    ):
        return False
    for row, one in zip(rows, counted, strict=True):
        if one.differences:
            _repair(db, office, row, one, now)
    if not any(block.published for block in made.blocks) and _run_on(db, office, period, now):
        return True
    for row in rows:
        if not periods.lock(db, row.id, now):
            return True  # another process was faster
    registered = office.instruments[period.instrument_id]
    levy = counted_once(db, office, period, made.levy, now)
    results.store(db, registered, period.id, made.blocks, made.attributes, levy, now)
    for row in rows:
        period_marks.forget_standing(db, row.id)
    _finish_lock_request(db, office, period, now)
    program_state.note_deletion(db, office.calendar.day(now))
    notices.announce(db, office, SummaryBody(period.id), period, now)
    return True


def _run_on(db: Db, office: Office, period: PeriodRow, now: datetime) -> bool:
    """Leave a period of too few people to the next one, and say so.

    Returns:
        False when the next one begins another series: this one is locked without any figure.
    """
    following = periods.next_unlocked(db, period)
    if following is None or _series(office, following) != _series(office, period):
        return False
    periods.run_into(db, period, following)
    asked_by = period_marks.lock_requested_by(db, period.id)
    period_marks.end_lock_request(db, period.id)
    audit.record(db, now, asked_by, "periode_berlanjut", period.label, after=following.label)
    if asked_by is not None:
        named, later = (title(office.calendar.period_of(each)) for each in (period, following))
        text = office.words.paper.runs_on(period=named, following=later)
        notices.tell(db, asked_by, text, now)
    notices.announce(db, office, SummaryBody(period.id), period, now)
    return True


def _series(office: Office, period: PeriodRow) -> str:
    return office.instruments[period.instrument_id].instrument.series


def store_missing(db: Db, office: Office, now: datetime) -> None:
    """Store the blocks of periods that an older version locked; their owners are unknown."""
    services = catalogue.services_by_id(db)
    for period_id in results.without_result(db):
        period = periods.by_id(db, period_id)
        if period is None:
            continue
        registered = office.instruments[period.instrument_id]
        read = recount.of_period(db, registered, period_id).read
        made = division.division(registered, read, services, office.min_responses)
        results.store(db, registered, period_id, made.blocks, made.attributes, made.levy, now)


def lock_units(db: Db, office: Office, period: PeriodRow, now: datetime) -> None:
    """Lock the unit heads' index."""
    if rating.lock(db, office, period, now):
        program_state.note_deletion(db, office.calendar.day(now))


def counted_once(
    db: Db, office: Office, period: PeriodRow, counted: Levy | None, now: datetime
) -> Levy | None:
    """The count of a period, told to the Camat when it is made; None while people are too few.

    Those that were told of it and of the earlier periods that run into it stand.

    Args:
        counted: of the answers now (`division.levy`).
    """
    together = (*periods.running_into(db, period.id), period)
    told = levies_together(period_marks.levy(db, each.id) for each in together)
    if told is not None or counted is None:
        return told
    period_marks.note_levy(db, period.id, counted)
    services = catalogue.services_by_id(db)
    named = ", ".join(services[number].name for number in counted.services)
    text = office.words.office.levy(
        paid=counted.paid,
        answered=counted.answered,
        services=office.words.office.levy_services(services=named) if named else "",
        period=title(office.calendar.period_of(period)),
    )
    for user_id in people.users_with_role(db, "camat"):
        notices.tell(db, user_id, text, now)
    return counted
