"""Faults ordered in advance: the next calls of a method fail as told."""

from dataclasses import dataclass
from typing import Literal

from simulator.refusal import Refused

Kind = Literal[403, 429, 500, "refuse", "timeout_after", "slow"]
KINDS: tuple[Kind, ...] = (403, 429, 500, "refuse", "timeout_after", "slow")


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of a method.

    Args:
        method: name in any case, or `*` for every method.
        answer: an error code; `refuse`: the connection fails before delivery; `timeout_after`:
            delivered, the answer never comes; `slow`: delivered after `seconds`.
        chat: only calls for that chat.
        times: how often it happens.
        retry_after: the seconds a 429 names.
        seconds: how long `slow` takes.
    """

    method: str
    answer: Kind
    chat: int | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0

    def __post_init__(self) -> None:
        self.method = self.method.lower()
        if self.answer not in KINDS:
            raise Refused(f"answer is one of {', '.join(map(str, KINDS))}")


class Faults:
    """The faults still to come, in the order they were ordered."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, fault: Fault) -> None:
        """Order one more."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Order none any more."""
        self._waiting.clear()

    def take(self, method: str, chat: str) -> Fault | None:
        """The fault this call meets, if any; it is used up by that."""
        for fault in self._waiting:
            if fault.method in ("*", method) and fault.chat in (None, _number(chat)):
                return self._used(fault)
        return None

    def refuses(self, method: str) -> bool:
        """Whether a call fails before anybody read it, and so whatever chat it is for."""
        first = next((fault for fault in self._waiting if fault.method in ("*", method)), None)
        if first is None or first.answer != "refuse" or first.chat is not None:
            return False
        self._used(first)
        return True

    def _used(self, fault: Fault) -> Fault:
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)
        return fault


def _number(chat: str) -> int | None:
    try:
        return int(chat)
    except ValueError:
        return None
