"""The log of API calls that bots made."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from simulator.json_types import Json
from simulator.model.files import Upload

CAPACITY = 200_000


@dataclass(slots=True)
class LoggedCall:
    """One API call; `status` is None while the call runs, or when no response was sent."""

    number: int
    bot: int
    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload]
    when: datetime
    status: int | None = None
    description: str | None = None

    def as_json(self) -> Json:
        """The entry of `/sim/requests`."""
        params = dict(self.values)
        for name, upload in self.files.items():
            params[name] = {"file_name": upload.name, "file_size": len(upload.content)}
        return {
            "number": self.number,
            "bot": self.bot,
            "method": self.method,
            "params": params,
            "status": self.status,
            "description": self.description,
            "when": self.when.isoformat(),
        }


class RequestLog:
    """The newest calls, up to the capacity, and the number of all calls by method."""

    __slots__ = ("_calls", "counts")

    def __init__(self) -> None:
        self._calls: deque[LoggedCall] = deque(maxlen=CAPACITY)
        self.counts: Counter[str] = Counter()

    def add(
        self,
        bot: int,
        method: str,
        values: Mapping[str, Any],
        files: Mapping[str, Upload],
        when: datetime,
    ) -> LoggedCall:
        """Log a call that starts."""
        self.counts[method] += 1
        number = self._calls[-1].number + 1 if self._calls else 1
        call = LoggedCall(number, bot, method, values, files, when)
        self._calls.append(call)
        return call

    def since(self, number: int) -> list[LoggedCall]:
        """The calls after the one with this number."""
        if not self._calls:
            return []
        skipped = max(0, number - self._calls[0].number + 1)
        if skipped > len(self._calls) // 2:
            newest = islice(reversed(self._calls), max(0, len(self._calls) - skipped))
            return list(newest)[::-1]
        return list(islice(self._calls, skipped, None))
