"""What a handler returns: screens, toasts, menus and pictures to show after the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from office.roles import Roles
from office.survey.screens import Screen


@dataclass(frozen=True, slots=True)
class Show:
    """Show a screen: by editing a message, or as a new message, which may reply to another."""

    chat_id: int
    screen: Screen
    message_id: int | None = None
    topic_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a button press, with or without a line of text."""

    callback_id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Set a chat's menu: the citizens' commands, then the officers' commands of these roles."""

    chat_id: int
    roles: Roles


@dataclass(frozen=True, slots=True)
class Clear:
    """Delete a message of a chat, also a person's own: the phone's next user must not read it."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Send a picture below the screen; drawn once for each `key`.

    `draw` blocks for a moment; None when there is nothing to draw.
    """

    chat_id: int
    key: str
    draw: Callable[[], bytes | None]


Effect: TypeAlias = Show | Toast | Menu | Clear | Picture
