"""The state of a simulated Telegram, and the file that keeps it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from simulator.errors import Json
from simulator.model.bots import Bot
from simulator.model.chats import Chat
from simulator.model.files import FileStore
from simulator.model.people import Person
from simulator.rate_limiter import Limits


@dataclass(slots=True)
class State:
    """All people, bots, groups, files and toasts; `toasts` are callback answers by person."""

    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    groups: dict[int, Chat] = field(default_factory=dict)
    files: FileStore = field(default_factory=FileStore)
    toasts: dict[int, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Snapshot:
    """The state and settings at one moment.

    Args:
        state: people, bots, chats and files.
        now: the time of the simulated clock.
        clock_runs: whether the clock was running.
        limits: the rate limits.
        latency: of every call, in seconds.
        saved_at: the real time.
    """

    state: State
    now: datetime
    clock_runs: bool
    limits: Limits | None
    latency: float
    saved_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def clock_time(self) -> datetime:
        """The time the clock shows now: a running clock went on since the snapshot."""
        return self.now + (datetime.now(UTC) - self.saved_at) if self.clock_runs else self.now

    def write(self, path: Path) -> None:
        """Replace the file atomically."""
        new = path.with_name(f"{path.name}.new")
        new.write_bytes(_SNAPSHOT.dump_json(self))
        new.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Snapshot":
        """Read the file."""
        return _SNAPSHOT.validate_json(path.read_bytes())


_SNAPSHOT = TypeAdapter(Snapshot)
