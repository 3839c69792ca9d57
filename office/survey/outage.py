"""After an outage: Telegram forgets a tap after 150 s, so the question is shown again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from office.office import Office
from office.survey import screens
from office.survey.screens import Screen
from storage.database import Db
from storage.settings import program_state
from storage.survey import open_responses

TAP_LIFE = timedelta(seconds=150)
ACTIVE = timedelta(hours=2)


def note(db: Db, office: Office, now: datetime) -> Sequence[tuple[int, Screen]]:
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
