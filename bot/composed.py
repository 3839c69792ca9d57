"""A letter of the outbox, ready to go."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens import Rows


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to go."""

    text: str
    photo: bytes | None = None
    stored: str | None = None  # the id of a file that Telegram has
    rows: Rows = ()  # of buttons
    document: tuple[str, bytes] | None = None  # its name and content
    edits: int | None = None  # the message that the text takes the place of
