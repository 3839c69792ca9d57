"""What came in: a command, a text, a file, a press; or an update that cannot be parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Message


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that cannot be parsed: its number and kind, where parsing failed, no content."""

    update_id: int
    kind: str
    error: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a private chat (its id is the person's), and the language of the phone."""

    chat_id: int
    phone_language: str | None


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: the callback to answer, the message to edit (None: too old for that)."""

    person: Person
    callback_id: str
    message_id: int | None
    again: bool  # delivered before: shows again, changes nothing
    reply_to: Message | None = None  # the message that the message of the button replies to


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was typed: `/name@bot argument`."""

    name: str
    argument: str
    person: Person
    message: Message
    again: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """A text or file that a form asked for; `data` is what the form stored with the question."""

    person: Person
    message: Message
    data: Mapping[str, Any]
    again: bool
