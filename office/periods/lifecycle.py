"""The calendar's changes: periods end and begin, and what was left unfinished ends with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from office import conversation, notices
from office.office import INDICES, Index, Office
from office.periods import rating
from office.words.text import Text
from scoring.period import Period, title
from storage import audit, awaited, news_requests, outbox, periods, updates
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks
from storage.survey import open_responses
from storage.survey.open_responses import OpenResponse, OpenResponses, owner_hash_of
from storage.survey.tallies import Deltas

log = structlog.get_logger()

UNFINISHED_LIFE = timedelta(days=7)


def turn_over(db: Db, office: Office, now: datetime) -> datetime:
    """Close periods that ended and open those of `now`; every period in between has its row.

    Returns:
        When the first of the open periods ends.
    """
    return min([_turn_over(db, office, index, now) for index in INDICES])


def _turn_over(db: Db, office: Office, index: Index, now: datetime) -> datetime:
    while True:
        current = periods.current(db, index)
        if current is None:
            following = office.calendar.containing(now, index)
        elif now < current.ends_at:
            return current.ends_at
        else:
            close(db, office, current, now)
            following = after(office, current, index)
        periods.open_period(db, index, following, office.asking(index), now)


def after(office: Office, current: PeriodRow, index: Index) -> Period:
    """The period that begins where this one ends; another kind only where the two kinds meet."""
    before = office.calendar.parse(current.label)
    following = office.calendar.containing(before.end, index)
    return following if following.start == before.end else before.next()


def tell_new_series(db: Db, office: Office, now: datetime) -> None:
    """Say where the next period begins another series than the open one; to the admins once."""
    words = office.words.office
    texts: dict[Index, Text] = {"ikm": words.new_series, "unit": words.new_unit_series}
    for index, text in texts.items():
        current, following = periods.current(db, index), office.asking(index)
        if current is None or office.asked_in(current) == following:
            continue
        log.warning("the next period begins a new series", kind=index, period=current.label)
        if period_marks.note_next_series(db, current.id, following):
            named = title(office.calendar.period_of(current))
            notices.tell_admins(db, text(period=named), now)


def may_close(office: Office, current: PeriodRow, now: datetime) -> bool:
    """Whether this period is open and has begun by the calendar: one opened early has not yet."""
    return current.status == "open" and office.calendar.parse(current.label).start <= now


def close_early(db: Db, office: Office, period_id: int, user_id: int, now: datetime) -> bool:
    """End the open period at this moment, where the next one begins; False when it cannot be."""
    periods.lock_row(db, period_id)
    current = periods.by_id(db, period_id)
    if current is None or current.kind != "ikm" or not may_close(office, current, now):
        return False
    periods.end_now(db, current.id, now)
    close(db, office, current, now, user_id)
    opened = replace(after(office, current, "ikm"), start=now)
    periods.open_period(db, "ikm", opened, office.asking("ikm"), now)
    return True


def end_idle_responses(db: Db, office: Office, now: datetime) -> None:
    """End what nobody touched for seven days."""
    end_unfinished(db, office, open_responses.idle(db, now - UNFINISHED_LIFE), now)


def delete_old_rows(db: Db, now: datetime) -> None:
    """Forget what is old enough."""
    updates.prune(db, now)
    outbox.prune(db, now)
    news_requests.prune(db, now)
    awaited.prune(db, now - UNFINISHED_LIFE)


def close(
    db: Db, office: Office, period: PeriodRow, now: datetime, user_id: int | None = None
) -> None:
    """Close a period: what is unfinished ends first, so that it belongs to it."""
    label = period.label
    if period.kind == "unit":
        rating.close(db, office, period)
        label = f"unit {label}"
    else:
        end_unfinished(db, office, open_responses.open_in(db, period.id), now)
    if periods.close(db, period.id, now):
        audit.record(db, now, user_id, "tutup_periode", label)


def end_unfinished(db: Db, office: Office, unfinished: list[OpenResponse], now: datetime) -> None:
    """End unfinished responses: a whole opinion counts, attributes may be missing; others go."""
    deltas = Deltas()
    opened = OpenResponses(db, office.instruments, now, deltas)
    for place in unfinished:
        period = periods.by_id(db, place.period_id)
        given = conversation.opinion_given(opened.instrument(place), place, office.min_filled)
        if not given or period is None or period.salt is None:
            opened.delete(place)
            continue
        owner = owner_hash_of(office.secret, period.salt, place)
        touched = period.within(place.touched_at)
        opened.complete(
            place, owner, office.calendar.day(touched), office.calendar.survey_hour(touched)
        )
    deltas.apply(db)
