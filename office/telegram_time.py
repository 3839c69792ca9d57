"""Telegram's clock, from the `Date` header of its answers, to check the computer's clock.

A wrong clock would close, lock and announce periods that have not ended, which cannot be undone.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

FRESH = 600.0  # seconds; an older header says nothing
TOLERANCE = timedelta(minutes=10)


class TelegramTime:
    """The newest `Date` header, and when it came by the monotonic clock.

    Args:
        exempt: every moment is confirmed; the program follows the clock of a simulator.
    """

    def __init__(self, exempt: bool = False) -> None:
        self.exempt = exempt
        self.noted: tuple[str, float] | None = None

    def note(self, header: str | None) -> None:
        """Note the header of an answer; it is parsed when somebody asks."""
        if header is not None:
            self.noted = header, time.monotonic()

    def now(self) -> datetime | None:
        """Telegram's time, aware UTC; None without a fresh header.

        The monotonic clock may stand still while the computer sleeps: what disagrees with this
        must be asked again.
        """
        if self.noted is None or time.monotonic() - self.noted[1] > FRESH:
            return None
        return self._continued()

    def _continued(self) -> datetime | None:
        """The newest header, however old, and the monotonic time since it came."""
        if self.noted is None:
            return None
        header, came = self.noted
        with suppress(ValueError, OverflowError):
            date = parsedate_to_datetime(header)
            if date.tzinfo is not None:
                return date + timedelta(seconds=time.monotonic() - came)
        return None

    def confirms(self, moment: datetime) -> bool:
        """Whether Telegram's time is known and within ten minutes of this moment."""
        if self.exempt:
            return True
        known = self.now()
        return known is not None and abs(known - moment) <= TOLERANCE

    def not_ahead(self, moment: datetime) -> datetime:
        """The moment, or Telegram's time where the moment is ahead of it by more than allowed.

        An old header serves too: it is right, or too early, which delays what is due for one tick.
        """
        continued = self._continued()
        if self.exempt or continued is None or moment - continued <= TOLERANCE:
            return moment
        return continued
