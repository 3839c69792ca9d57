"""The role check: by user id, never by chat or menu."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Menu, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import words_for
from office.roles import Roles
from office.survey.screens import Screen
from office.turn import Turn
from storage import people


def may(turn: Turn, user_id: int, roles: Roles) -> bool:
    """Whether this user holds one of these roles now."""
    return bool(people.roles(turn.db, user_id) & roles)


def menu(turn: Turn, user_id: int) -> Menu:
    """The menu of the roles that this user holds now."""
    return Menu(user_id, people.roles(turn.db, user_id))


def refused(turn: Turn, person: Person) -> list[Effect]:
    """The answer to a command that this person may not use: one neutral sentence."""
    return [Show(person.chat_id, Screen(words_for(turn, person).not_yours()))]


def refused_press(turn: Turn, press: Press) -> list[Effect]:
    """The answer to a button that this person may not press: the same sentence as a toast."""
    return [Toast(press.callback_id, words_for(turn, press.person).not_yours())]


def gone(turn: Turn, press: Press) -> Sequence[Effect]:
    """The toast for a button whose row no longer exists."""
    return [Toast(press.callback_id, turn.office.words.manage.gone())]
