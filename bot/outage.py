"""After an outage: Telegram forgets a tap after 150 s, so the question is shown again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import screens
from bot.office import Office
from bot.screens import Screen
from bot.turn import Effect, Show
from storage import offices, responses
from storage.database import Db

TAP_LIFE = timedelta(seconds=150)
ACTIVE = timedelta(hours=2)


def after_outage(db: Db, office: Office, now: datetime) -> Sequence[Effect]:
    """The current screens of those who were active in the last two hours, when taps were lost."""
    alive = offices.setting(db, "alive_at")
    offices.set_setting(db, "alive_at", now.isoformat())
    if alive is None or now - datetime.fromisoformat(alive) <= TAP_LIFE:
        return []
    return shown_again(db, office, now)


def shown_again(db: Db, office: Office, now: datetime) -> Sequence[Effect]:
    """An excuse and the current screen, to everybody active in the last two hours."""
    effects: list[Effect] = []
    for place in responses.active(db, office.instruments, now - ACTIVE):
        spoken = office.words.of(place.language)
        screen = screens.current(
            spoken,
            place.language,
            office.instruments[place.instrument_id].instrument,
            place,
            office.min_filled,
            echo=False,
        )
        effects.append(Show(place.chat_id, Screen(spoken.again_after_outage())))
        effects.append(Show(place.chat_id, screen))
    return effects
