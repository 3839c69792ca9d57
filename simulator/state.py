"""What a world is made of, and the file it is kept in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from simulator.arguments import Json
from simulator.bots import Bot
from simulator.chats import Chat
from simulator.files import Shelf
from simulator.pace import Limits
from simulator.people import Person


@dataclass(slots=True)
class State:
    """Everybody and everything in a world."""

    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    groups: dict[int, Chat] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    toasts: dict[int, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Saved:
    """A world at one moment.

    Args:
        state: its people, bots, chats and files.
        now: what its clock showed.
        ran_on: whether the clock was running.
        limits: how fast a bot might write.
        latency: seconds a call took.
        written: the real time.
    """

    state: State
    now: datetime
    ran_on: bool
    limits: Limits | None
    latency: float
    written: datetime = field(default_factory=lambda: datetime.now(UTC))

    def moment(self) -> datetime:
        """What the clock shows now: it ran on, unless it stood still."""
        return self.now + (datetime.now(UTC) - self.written) if self.ran_on else self.now

    def write(self, path: Path) -> None:
        """Write the file anew, whole or not at all."""
        new = path.with_name(f"{path.name}.new")
        new.write_bytes(_SAVED.dump_json(self))
        new.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Saved":
        """What a file holds."""
        return _SAVED.validate_json(path.read_bytes())


_SAVED = TypeAdapter(Saved)
