"""An officer whose messages and taps are counted by what he gets done with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.harness import Actor


@dataclass(repr=False)
class CountedActor(Actor):
    """Counts every message, file and tap; `jobs` has those that each job took."""

    done: int = 0
    jobs: dict[str, int] = field(default_factory=dict)

    async def says(self, words: str) -> None:
        """Send a text."""
        self.done += 1
        await super().says(words)

    async def sends(self, name: str, content: bytes, caption: str = "") -> None:
        """Send a document."""
        self.done += 1
        await super().sends(name, content, caption)

    def press(self, label: str, on: dict[str, Any] | None = None) -> None:
        """Press a button."""
        self.done += 1
        super().press(label, on)

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Count what is done in this block as a job of this name, which always costs the same."""
        before = self.done
        yield
        cost = self.done - before
        assert self.jobs.setdefault(name, cost) == cost, name
