"""The rows of the tables of commands and buttons: a handler, and the roles that may use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from bot.turn.effects import Effect
from bot.turn.events import Command, Press
from office.conversation import Tap
from office.roles import Roles
from office.turn import Turn
from office.words.text import Text

OnCommand: TypeAlias = Callable[[Turn, Command], Sequence[Effect]]
OnPress: TypeAlias = Callable[[Turn, Press, Tap], Sequence[Effect]]

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class CommandRoute(Generic[W]):
    """A command: its line in the menu and in /bantuan, the roles that may send it, its handler.

    Args:
        line: its line, taken from these words; None: it is in no menu.
        roles: one of them is enough; None: everybody may send it.
    """

    name: str
    line: Callable[[W], Text] | None
    roles: Roles | None
    run: OnCommand


@dataclass(frozen=True, slots=True)
class Route:
    """A button: the roles that may press it (one of them is enough), and its handler."""

    roles: Roles
    run: OnPress
