"""What a person did: typed a command or a text, sent a file, pressed a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Message


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts in his private chat (its id is his), in which language his phone speaks."""

    chat_id: int
    phone_language: str | None


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed: the callback to answer, the message to edit (None: too old, send anew)."""

    person: Person
    callback_id: str
    message_id: int | None
    again: bool  # delivered before: it may show, not change


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
    """A text or a file that a chat was asked for; `data` is what was noted when asking."""

    person: Person
    message: Message
    data: Mapping[str, Any]
    again: bool
