"""The calls bots made, and who wants to hear of what happens."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from simulator.arguments import Json, Upload

KEPT = 200_000

Listener = Callable[[Json], None]


@dataclass(slots=True)
class Call:
    """One API call; `status` is None while it is under way or when no answer was given."""

    number: int
    bot: int
    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload]
    when: datetime
    status: int | None = None
    description: str | None = None

    def shown(self) -> Json:
        """As `/sim/requests` shows it."""
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


class Journal:
    """The newest calls one by one, all of them counted."""

    __slots__ = ("_calls", "counts")

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def open(
        self,
        bot: int,
        method: str,
        values: Mapping[str, Any],
        files: Mapping[str, Upload],
        when: datetime,
    ) -> Call:
        """Note a call that begins."""
        self.counts[method] += 1
        number = self._calls[-1].number + 1 if self._calls else 1
        call = Call(number, bot, method, values, files, when)
        self._calls.append(call)
        return call

    def since(self, number: int) -> list[Call]:
        """The calls after the one with that number."""
        if not self._calls:
            return []
        skipped = max(0, number - self._calls[0].number + 1)
        if skipped > len(self._calls) // 2:
            newest = islice(reversed(self._calls), max(0, len(self._calls) - skipped))
            return list(newest)[::-1]
        return list(islice(self._calls, skipped, None))
