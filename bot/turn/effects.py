"""What a handler returns: screens, toasts, menus and pictures to show after the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.turn.events import Press
from office.survey.screens import Screen


@dataclass(frozen=True, slots=True)
class Show:
    """Put a screen into a chat: in the place of a message, or as a new one."""

    chat_id: int
    screen: Screen
    message_id: int | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a press of a button, with a line of text or without."""

    callback_id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Set a chat's menu: the citizens' commands, then these officers' commands."""

    chat_id: int
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """Take a message out of a chat, a person's own too: the next person must not read it."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Put a picture under what was shown; `key` says what of: it is drawn once for all who look.

    `draw` blocks for a moment, and gives None when there is nothing to see.
    """

    chat_id: int
    key: str
    draw: Callable[[], bytes | None]


Effect: TypeAlias = Show | Toast | Menu | Clear | Picture


def edited(press: Press, screen: Screen, toast: str | None = None) -> list[Effect]:
    """Answer a press, and put the screen into the place of the message its button hangs on."""
    return [
        Toast(press.callback_id, toast),
        Show(press.person.chat_id, screen, press.message_id),
    ]
