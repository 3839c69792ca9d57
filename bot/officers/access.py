"""Who may open which door. Authorised by user id, never by chat or menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from bot.citizens import survey
from bot.turn.effects import Effect, Menu, Show, Toast
from bot.turn.events import Command, Person, Press, Typed
from bot.turn.turn import Turn
from office.conversation import Tap
from office.roles import ADMIN, HEADS, PETUGAS, READERS, Roles
from office.survey.screens import Screen
from storage import people

OnCommand: TypeAlias = Callable[[Turn, Command], Sequence[Effect]]
OnPress: TypeAlias = Callable[[Turn, Press, Tap], Sequence[Effect]]
OnTyped: TypeAlias = Callable[[Turn, Typed], Sequence[Effect]]


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
class Route(Generic[R]):
    """A button's or an awaited text's handler, and the roles of which it asks one."""

    roles: Roles
    run: R


def may(turn: Turn, user_id: int, roles: Roles) -> bool:
    """Whether this user holds one of these roles now."""
    return bool(people.roles(turn.db, user_id) & roles)


def names(roles: Roles) -> tuple[str, ...]:
    """The commands that one of these roles opens."""
    return tuple(name for name, asked in COMMANDS.items() if asked & roles)


def menu(turn: Turn, user_id: int) -> Menu:
    """The menu that this user's roles open now."""
    return Menu(user_id, names(people.roles(turn.db, user_id)))


def refused(turn: Turn, person: Person) -> list[Effect]:
    """One neutral sentence, whatever it was that is not theirs."""
    return [Show(person.chat_id, Screen(survey.words(turn, person).not_yours()))]


def refused_press(turn: Turn, press: Press) -> list[Effect]:
    """The same, over the screen."""
    return [Toast(press.callback_id, survey.words(turn, press.person).not_yours())]
