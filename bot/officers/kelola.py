"""/kelola: the administration menu; a person sees the entries of his roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.officers.catalogue import (
    counters,
    office_data,
    officials,
    population,
    services,
    units,
)
from bot.officers.figures import suggestion, suggestions
from bot.officers.follow_up import lines, plan_forms, plans, recommendations, report_forms
from bot.officers.groups import groups
from bot.officers.papers import corrections, paper_entry
from bot.officers.people import roster
from bot.officers.rating import reading
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN, CAMAT, READERS, Roles
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import OfficeWords, Words
from storage import people


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu: its label, the route of its button, and the roles that see it."""

    label: Callable[[Words], str]
    route: str
    roles: Roles


# In the order of the menu. The roles are those of the route, which checks them again.
ENTRIES: tuple[Entry, ...] = (
    Entry(lambda words: words.manage.services(), services.LIST, ADMIN),
    Entry(lambda words: words.manage.units(), units.LIST, ADMIN),
    Entry(lambda words: words.head.people(), roster.HOME, ADMIN),
    Entry(lambda words: words.head.reading_entry(), reading.SCREEN, ADMIN),
    Entry(lambda words: words.manage.groups(), groups.LIST, ADMIN),
    Entry(lambda words: words.manage.users(), population.LIST, ADMIN),
    Entry(lambda words: words.paper.paper(), routes.PAPER_FILES, ADMIN),
    Entry(lambda words: words.paper.plans(), plans.LIST, READERS),
    Entry(lambda words: words.manage.facts(), office_data.SCREEN, ADMIN),
    Entry(lambda words: words.document.officials(), officials.LIST, ADMIN),
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


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute(routes.MANAGE, lambda words: words.cmd_kelola, READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    routes.MANAGE: Route(READERS, on_menu),
    **services.BUTTONS,
    **counters.BUTTONS,
    **units.BUTTONS,
    **groups.BUTTONS,
    **population.BUTTONS,
    **office_data.BUTTONS,
    **officials.BUTTONS,
    **reading.BUTTONS,
    **paper_entry.BUTTONS,
    **corrections.BUTTONS,
    **suggestions.BUTTONS,
    **suggestion.BUTTONS,
    **plans.BUTTONS,
    **lines.BUTTONS,
    **plan_forms.BUTTONS,
    **report_forms.BUTTONS,
    **recommendations.BUTTONS,
}
