"""A line of `puas check`."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = 10  # that anything asked over the network may take
OK, BAD, HINT = "✓", "✗", "–"


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one part, and how it stands."""

    mark: str
    part: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.part}: {self.text}"
