"""Who may open which door. Authorised by user id, never by chat or menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from bot import citizen
from bot.acts import Command, Person, Press, Typed
from bot.flow import Kind, Tap
from bot.screens import Screen
from bot.turn import Effect, Show, Toast, Turn
from storage import people

Roles: TypeAlias = frozenset[str]
OnCommand: TypeAlias = Callable[[Turn, Command], Sequence[Effect]]
OnPress: TypeAlias = Callable[[Turn, Press, Tap], Sequence[Effect]]
OnTyped: TypeAlias = Callable[[Turn, Typed], Sequence[Effect]]

ADMIN: Roles = frozenset({"admin"})
CAMAT: Roles = frozenset({"camat"})
HEADS: Roles = frozenset({"kepala_unit"})
PETUGAS: Roles = frozenset({"petugas"})
READERS: Roles = frozenset({"admin", "camat", "pejabat"})

# Every officer's command; the menu of a person shows those that his roles open, in this order.
COMMANDS: Mapping[str, Roles] = {
    "ringkasan": READERS,
    "iku": READERS,
    "sakip": READERS,
    "profil": READERS,
    "laporan": READERS,
    "poster": ADMIN,
    "kelola": READERS,
    "periode": ADMIN,
    "gugurkan": ADMIN,
    "riwayat": ADMIN,
    "status": ADMIN,
    "nilai": HEADS | READERS,
    "isi_bantu": PETUGAS,
    "undang": ADMIN,
    "pasang_grup": ADMIN,
}

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Door(Generic[R]):
    """A button's or an awaited text's handler, and the roles of which it asks one."""

    roles: Roles
    run: R


def may(turn: Turn, user_id: int, roles: Roles) -> bool:
    """Whether this user holds one of these roles now."""
    return bool(people.roles(turn.db, user_id) & roles)


def names(roles: Roles) -> tuple[str, ...]:
    """The commands that one of these roles opens."""
    return tuple(name for name, asked in COMMANDS.items() if asked & roles)


def refused(turn: Turn, person: Person) -> list[Effect]:
    """One neutral sentence, whatever it was that is not theirs."""
    return [Show(person.chat_id, Screen(citizen.words(turn, person).not_yours()))]


def refused_press(turn: Turn, press: Press) -> list[Effect]:
    """The same, over the screen."""
    return [Toast(press.callback_id, citizen.words(turn, press.person).not_yours())]


def to(route: str, subject: int = 0, value: int = 0, revision: int = 0) -> Tap:
    """What an officer's button carries: a route of the table of buttons, and what it is about."""
    return Tap(Kind.OFFICER, subject, route, value, revision)
