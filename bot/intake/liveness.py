"""When updates last arrived; after a longer gap questions are shown again."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.delivery.display import Display
from bot.turn.effects import Show
from bot.turn.queue import Turns
from office.office import Office
from office.survey import reminder

EVERY = timedelta(seconds=20)  # how often it is stored that updates arrive


class Liveness:
    """When updates last arrived; after a longer gap taps are lost, so questions are repeated."""

    def __init__(self, office: Office, turns: Turns, display: Display) -> None:
        self._office = office
        self._turns = turns
        self._display = display
        self._noted: datetime | None = None
        self.token_refused = False  # whether Telegram's last answer was 401 or 404

    async def note(self) -> None:
        """Record that updates arrive at this moment."""
        self.token_refused = False
        now = self._office.clock()
        if self._noted is not None and abs(now - self._noted) < EVERY:
            return
        note = partial(reminder.after_outage, office=self._office, now=now)
        screens = await self._turns.do(note)
        self._display.show([Show(chat_id, screen) for chat_id, screen in screens])
        self._noted = now
