"""/kelola: the menu of running the office; each person sees the entries that his roles open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.acts import Command, Press
from bot.flow import Tap
from bot.officers import (
    counters,
    facts,
    groups,
    paper_entry,
    plan_forms,
    plans,
    roster,
    services,
    suggestions,
    units,
    users,
)
from bot.officers.doors import ADMIN, CAMAT, READERS, Door, OnPress, Roles, to
from bot.screens import Button, Screen
from bot.texts import Words
from bot.turn import Effect, Show, Turn, edited
from storage import people


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: its label, the route of its button, and the roles it asks for."""

    label: Callable[[Words], str]
    route: str
    roles: Roles


# In the order of the menu. The roles are those of the route's own door, which asks again.
ENTRIES: tuple[Entry, ...] = (
    Entry(lambda words: words.manage.services(), services.LIST, ADMIN),
    Entry(lambda words: words.manage.units(), units.LIST, ADMIN),
    Entry(lambda words: words.head.people(), roster.HOME, ADMIN),
    Entry(lambda words: words.manage.groups(), groups.LIST, ADMIN),
    Entry(lambda words: words.manage.users(), users.LIST, ADMIN),
    Entry(lambda words: words.paper.paper(), paper_entry.LIST, ADMIN),
    Entry(lambda words: words.paper.plans(), plans.LIST, READERS),
    Entry(lambda words: words.manage.facts(), facts.SCREEN, ADMIN),
    Entry(lambda words: words.manage.suggestions(), suggestions.LIST, CAMAT),
)


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/kelola."""
    return [Show(command.person.chat_id, _menu(turn, command.person.chat_id))]


def on_menu(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Back to the menu."""
    return edited(press, _menu(turn, press.person.chat_id))


def _menu(turn: Turn, user_id: int) -> Screen:
    held = people.roles(turn.db, user_id)
    words = turn.office.words
    rows = tuple(
        (Button(entry.label(words), to(entry.route)),) for entry in ENTRIES if entry.roles & held
    )
    return Screen(words.manage.menu(), rows)


BUTTONS: dict[str, Door[OnPress]] = {
    "kelola": Door(READERS, on_menu),
    **services.BUTTONS,
    **counters.BUTTONS,
    **units.BUTTONS,
    **groups.BUTTONS,
    **users.BUTTONS,
    **facts.BUTTONS,
    **paper_entry.BUTTONS,
    **suggestions.BUTTONS,
    **plans.BUTTONS,
    **plan_forms.BUTTONS,
}
