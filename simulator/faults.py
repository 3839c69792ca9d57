"""Faults: errors that the next calls of a method run into, for tests."""

from dataclasses import dataclass
from typing import Literal, get_args

from simulator.errors import InvalidAction

FaultAnswer = Literal[401, 403, 404, 409, 429, 500, 502, "refuse", "timeout_after", "slow"]
FAULT_ANSWERS: tuple[FaultAnswer, ...] = get_args(FaultAnswer)


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of a method.

    Args:
        method: its name in upper or lower case, or `*` for every method.
        answer: an error code; `refuse`: the connection fails before the call is carried out;
            `timeout_after`: the call is carried out, but its response is never sent; `slow`: the
            call is carried out after `seconds`.
        chat: only calls for this chat; None for every chat.
        times: the number of calls.
        retry_after: the seconds to wait that a 429 names.
        seconds: the delay of `slow`.
    """

    method: str
    answer: FaultAnswer
    chat: int | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0

    def __post_init__(self) -> None:
        self.method = self.method.lower()
        if self.answer not in FAULT_ANSWERS:
            raise InvalidAction(f"answer is one of {', '.join(map(str, FAULT_ANSWERS))}")


class Faults:
    """The pending faults, oldest first."""

    __slots__ = ("_pending",)

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._pending)

    def add(self, fault: Fault) -> None:
        """Append a fault."""
        self._pending.append(fault)

    def clear(self) -> None:
        """Remove all pending faults."""
        self._pending.clear()

    def take(self, method: str, chat: str) -> Fault | None:
        """Count down and return the first fault that applies to this call; None when none does."""
        for fault in self._pending:
            if fault.method in ("*", method) and fault.chat in (None, _number(chat)):
                return self._counted(fault)
        return None

    def take_refusal(self, method: str) -> bool:
        """Count down a `refuse` fault if the next fault of the method is one, for any chat.

        The server asks this after reading only the request's head, so it cannot know the chat.
        """
        first = next((fault for fault in self._pending if fault.method in ("*", method)), None)
        if first is None or first.answer != "refuse" or first.chat is not None:
            return False
        self._counted(first)
        return True

    def _counted(self, fault: Fault) -> Fault:
        fault.times -= 1
        if fault.times <= 0:
            self._pending.remove(fault)
        return fault


def _number(chat: str) -> int | None:
    try:
        return int(chat)
    except ValueError:
        return None
