"""The simulated clock, for dates and expiry times; a test can advance it by months at once."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that can be set; it advances with real time unless frozen.

    Args:
        start: the first time, aware; the real time when absent.
        frozen: whether only `set` and `advance` change it.
    """

    __slots__ = ("_anchor", "_moment", "frozen")

    def __init__(self, start: datetime | None = None, frozen: bool = False) -> None:
        self.frozen = frozen
        self._moment = 0.0
        self._anchor = 0.0
        self.set(start or datetime.now(UTC))

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """The time in seconds since 1970."""
        if self.frozen:
            return self._moment
        return self._moment + time.time() - self._anchor

    def set(self, moment: datetime) -> None:
        """Set the time, forward or back.

        Raises:
            ValueError: the time has no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        self._moment = moment.timestamp()
        self._anchor = time.time()

    def advance(self, seconds: float) -> None:
        """Advance by this many seconds."""
        self.set(self.now() + timedelta(seconds=seconds))
