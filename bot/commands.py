"""All commands and all officers' buttons: joined from the tables of the modules.

The order is that of the menu and of /bantuan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.citizens import commands as citizens
from bot.officers import access, assist, history, kelola, status
from bot.officers.figures import details, iku, profile, sakip, summaries
from bot.officers.groups import linking
from bot.officers.papers import posters, reports
from bot.officers.people import invitations
from bot.officers.period import period, void
from bot.officers.planning import edits as planning_edits
from bot.officers.planning import forms as planning_forms
from bot.officers.planning import indicators as planning_indicators
from bot.officers.planning import papers as planning_papers
from bot.officers.planning import quarters as planning_quarters
from bot.officers.planning import screens as planning_screens
from bot.officers.rating import heads
from bot.turn.effects import Effect, Show
from bot.turn.events import Command
from bot.turn.turn import CommandRoute, Route, words_for
from office.roles import Roles
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import CitizenWords, Html, OfficeWords, Words
from office.words.text import Text
from storage import people
from storage.settings import office_facts


def _on_help(turn: Turn, command: Command) -> Sequence[Effect]:
    """/bantuan: the citizens' commands, then those of the officer's roles."""
    chat = command.person.chat_id
    text = words_for(turn, command.person).help(office=office_facts.name(turn.db))
    words = turn.office.words.office
    lines = [
        f"/{name} – {line(words).html()}" for name, line in _of_roles(people.roles(turn.db, chat))
    ]
    if not lines:
        return [Show(chat, Screen(text))]
    text += words.help_officers(commands=Html("\n".join(lines)))
    return [Show(chat, Screen(text)), access.menu(turn, chat)]


CITIZENS: tuple[CommandRoute[CitizenWords], ...] = (
    *citizens.COMMANDS,
    CommandRoute("bantuan", lambda words: words.cmd_bantuan, None, _on_help),
)

OFFICERS: tuple[CommandRoute[OfficeWords], ...] = (
    *summaries.COMMANDS,
    *iku.COMMANDS,
    *sakip.COMMANDS,
    *profile.COMMANDS,
    *reports.COMMANDS,
    *posters.COMMANDS,
    *kelola.COMMANDS,
    *period.COMMANDS,
    *void.COMMANDS,
    *history.COMMANDS,
    *status.COMMANDS,
    *heads.COMMANDS,
    *assist.COMMANDS,
    *invitations.COMMANDS,
    *linking.COMMANDS,
)

COMMANDS: dict[str, CommandRoute[CitizenWords] | CommandRoute[OfficeWords]] = {
    **{route.name: route for route in CITIZENS},
    **{route.name: route for route in OFFICERS},
}

BUTTONS: dict[str, Route] = {
    **summaries.BUTTONS,
    **details.BUTTONS,
    **iku.BUTTONS,
    **planning_screens.BUTTONS,
    **planning_forms.BUTTONS,
    **planning_papers.BUTTONS,
    **planning_edits.BUTTONS,
    **planning_quarters.BUTTONS,
    **planning_indicators.BUTTONS,
    **sakip.BUTTONS,
    **reports.BUTTONS,
    **posters.BUTTONS,
    **kelola.BUTTONS,
    **period.BUTTONS,
    **history.BUTTONS,
    **status.BUTTONS,
    **heads.BUTTONS,
    **assist.BUTTONS,
    **invitations.BUTTONS,
}


def _of_roles(roles: Roles) -> list[tuple[str, Callable[[OfficeWords], Text]]]:
    """The name and the line of each officers' command that one of these roles may send."""
    return [
        (route.name, route.line)
        for route in OFFICERS
        if route.line is not None and route.roles is not None and route.roles & roles
    ]


def citizens_menu(words: CitizenWords) -> list[tuple[str, str]]:
    """The menu of everybody: names and lines."""
    return [(route.name, route.line(words).plain()) for route in CITIZENS if route.line]


def officers_menu(words: Words, roles: Roles) -> list[tuple[str, str]]:
    """The menu of somebody with these roles; empty when no officers' command is his."""
    officers = [(name, line(words.office).plain()) for name, line in _of_roles(roles)]
    return [*citizens_menu(words.of("id")), *officers] if officers else []
