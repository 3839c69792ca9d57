"""A composed message."""

from __future__ import annotations

from dataclasses import dataclass

from office.survey.screens import Rows


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is ready to send."""

    text: str
    photo: bytes | None = None
    stored: str | None = None  # the id of a file that Telegram has stored
    rows: Rows = ()  # of buttons
    document: tuple[str, bytes] | None = None  # its name and content
    edits: int | None = None  # the id of the message to edit to this text
