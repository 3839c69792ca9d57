"""The world's clock: dates and expiries follow it, so a test can move a quarter in no time."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A moment that runs on with real time unless frozen.

    Args:
        start: the moment to begin at, aware; now when absent.
        frozen: whether only `set` and `advance` move it.
    """

    __slots__ = ("_anchor", "_moment", "frozen")

    def __init__(self, start: datetime | None = None, frozen: bool = False) -> None:
        self.frozen = frozen
        self._moment = 0.0
        self._anchor = 0.0
        self.set(start or datetime.now(UTC))

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """The moment in seconds since 1970."""
        if self.frozen:
            return self._moment
        return self._moment + time.time() - self._anchor

    def set(self, moment: datetime) -> None:
        """Move to a moment, forth or back.

        Raises:
            ValueError: the moment has no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        self._moment = moment.timestamp()
        self._anchor = time.time()

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass at once."""
        self.set(self.now() + timedelta(seconds=seconds))
