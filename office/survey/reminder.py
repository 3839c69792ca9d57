"""Screens that nobody pressed for: a reminder, and the question again after an outage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from office.office import Office
from office.survey import screens
from office.survey.screens import Screen
from storage.database import Db
from storage.settings import program_state
from storage.survey import open_responses

TAP_LIFE = timedelta(seconds=150)
ACTIVE = timedelta(hours=2)
IDLE = timedelta(hours=4)
MOST = 50  # at a time: taps wait for the rate limit behind them


def is_due(db: Db, office: Office, now: datetime) -> bool:
    """Whether somebody is to be reminded now, on a snapshot."""
    if not office.calendar.works_at(now):
        return False
    return open_responses.any_unreminded(db, *_stopped(office, now))


def remind(db: Db, office: Office, now: datetime) -> Sequence[tuple[int, Screen]]:
    """Mark those who are reminded now; their chats, and what each is shown after the commit.

    If the program ends between the two, nobody is reminded twice: the reminder is lost.
    """
    reminded = open_responses.remind(db, *_stopped(office, now), MOST)
    return [
        (
            place.person,
            screens.reminder(
                office.words.of(place.language),
                office.instruments[place.instrument_id].instrument,
                place,
                office.min_filled,
            ),
        )
        for place in reminded
    ]


def _stopped(office: Office, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments they stopped: hours ago, at the earliest yesterday."""
    calendar = office.calendar
    yesterday = calendar.day(now) - timedelta(days=1)
    return datetime.combine(yesterday, time(), calendar.zone), now - IDLE


def after_outage(db: Db, office: Office, now: datetime) -> Sequence[tuple[int, Screen]]:
    """Updates come through now; when they did not for long, what to show to whom again."""
    alive = program_state.alive_at(db)
    program_state.note_alive(db, now)
    if alive is None or now - alive <= TAP_LIFE:
        return []
    return shown_again(db, office, alive)


def shown_again(db: Db, office: Office, alive: datetime) -> Sequence[tuple[int, Screen]]:
    """An excuse and the current screen, to everybody active in the two hours before the outage."""
    screens_of: list[tuple[int, Screen]] = []
    for place in open_responses.active(db, alive - ACTIVE):
        instrument = office.instruments[place.instrument_id].instrument
        language = instrument.spoken(office.words.offered(place.language))
        words = office.words.of(language)
        screen = screens.current(words, language, instrument, place, office.min_filled)
        screens_of.append((place.person, Screen(words.again_after_outage())))
        screens_of.append((place.person, screen))
    return screens_of
