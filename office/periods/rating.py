"""What the calendar means for the unit heads: when they rate, are reminded, counted, locked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from office import conversation, notices, outbox_bodies
from office.conversation import Kind, Tap
from office.office import Office
from office.outbox_bodies import RatingOpenedBody, RatingReminderBody, UnitSummaryBody
from office.words.text import Text
from scoring import period
from storage import audit, people, periods
from storage.database import Db
from storage.people import RoleRow
from storage.periods import PeriodRow
from storage.unit_index import ratings, unit_results


def tell_due(db: Db, office: Office, now: datetime) -> None:
    """Tell heads that they may rate now, and remind those who have not; each once a period.

    Who became a head after the opening was told so when he accepted the invitation.
    """
    current = periods.current(db, "unit")
    opens = None if current is None else office.calendar.rating_opens(current)
    if current is None or opens is None or now < opens:
        return
    heads = _owing(db, current)
    words = office.words.head
    told = {role.user_id for role in heads if role.granted_at < opens}
    _tell(db, office, current, RatingOpenedBody, words.opened, told, now)
    if now >= office.calendar.remind_at(current):
        reminded = {role.user_id for role in heads}
        _tell(db, office, current, RatingReminderBody, words.reminder, reminded, now)


def _owing(db: Db, current: PeriodRow) -> list[RoleRow]:
    """The heads of the units that have not rated."""
    answered = {unit_id for unit_id, _ in ratings.answered_units(db, current.id)}
    waiting = {unit.id for unit in unit_results.active_kerja(db)} - answered
    return [role for role in people.unit_heads(db) if role.unit_id in waiting]


def remind(db: Db, office: Office, current: PeriodRow, now: datetime) -> bool:
    """Remind the heads who have not rated once more, as an admin asks; False when none is told."""
    heads = {role.user_id for role in _owing(db, current)}
    text = office.words.head.reminder
    return _tell(db, office, current, RatingReminderBody, text, heads, now, notices.ASKED_FOR)


def _tell(
    db: Db,
    office: Office,
    current: PeriodRow,
    body_type: type[RatingOpenedBody | RatingReminderBody],
    text: Text,
    heads: Collection[int],
    now: datetime,
    part: str = "",
) -> bool:
    due = office.calendar.office_hour(now)
    if due >= current.ends_at:
        return False
    named = office.calendar.parse(current.label)
    last = office.calendar.day(current.ends_at - timedelta(microseconds=1))
    told = text(period=period.title(named), until=period.day(last))
    button = (
        office.words.head.rate_now(),
        conversation.write_tap(Tap(Kind.OFFICER, item=notices.RATE)),
    )
    body = body_type(told, button)
    put = [
        outbox_bodies.put(db, body, head, due, part=part, period_id=current.id)
        for head in sorted(heads)
    ]
    return any(put)


def close(db: Db, office: Office, current: PeriodRow) -> None:
    """End what heads began and did not send: a whole opinion counts, the rest is deleted."""
    for place in ratings.open_in(db, current.id):
        registered = office.unit_instruments[place.instrument_id]
        form = registered.instrument
        if conversation.opinion_given(form, place, form.min_filled):
            ratings.send(db, registered, place, office.calendar.day(place.touched_at))
        else:
            ratings.delete_open(db, place)


def lock(db: Db, office: Office, current: PeriodRow, now: datetime) -> bool:
    """Fix the index and put its message into the ledger; False when another was faster."""
    if not periods.lock(db, current.id, now):
        return False
    registered = office.unit_instruments[current.instrument_id]
    answered = {unit_id for unit_id, _ in ratings.answered_units(db, current.id)}
    there = answered | {unit.id for unit in unit_results.active_kerja(db)}
    found = unit_results.computed(registered, ratings.tally(db, registered, current.id), len(there))
    unit_results.store(db, current.id, found, now)
    audit.record(db, now, None, "kunci_periode", f"unit {current.label}")
    if answered or people.unit_heads(db):  # an office that invited no head is not bothered
        notices.announce(db, office, UnitSummaryBody(current.id), current, now)
    return True
