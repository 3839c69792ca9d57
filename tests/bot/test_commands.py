"""A command in a module's table is in the router, the menu, /bantuan and the reference page."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from telegram import BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot import commands
from bot.officers import kelola
from bot.officers.forms.form import FORMS
from office import routes
from office.words import all_words
from office.words.history import HistoryWords
from office.words.text import Part
from scoring import sakip
from scoring.instrument import LANGUAGES
from storage import people
from tests.harness import Actor, Harness

WORDS = all_words.load()
PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"


def test_no_name_is_in_two_tables() -> None:
    names = Counter(route.name for route in commands.CITIZENS)
    names.update(route.name for route in commands.OFFICERS)
    assert max(names.values()) == 1
    assert names.keys() == commands.COMMANDS.keys()


def test_no_button_is_in_two_tables() -> None:
    tables = [
        module.BUTTONS
        for module in vars(commands).values()
        if isinstance(module, ModuleType) and hasattr(module, "BUTTONS")
    ]
    assert sum(map(len, tables)) == len(commands.BUTTONS)


def test_every_entry_of_kelola_leads_to_a_button_of_the_same_roles() -> None:
    entries = {entry.route: entry.roles for entry in kelola.ENTRIES}
    assert {route: commands.BUTTONS[route].roles for route in entries} == entries


def test_the_reference_page_names_every_command() -> None:
    named = set(re.findall(r"`/([a-z_]+)", PAGE.read_text("utf-8")))
    assert commands.COMMANDS.keys() - named == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybodys_menu_lists_the_citizens_commands(language: str, office: Harness) -> None:
    shown = await office.app.bot.get_my_commands(
        BotCommandScopeAllPrivateChats(), language_code=None if language == "id" else language
    )
    lines = commands.citizens_menu(WORDS.of(language))
    assert [(command.command, command.description) for command in shown] == lines
    assert [name for name, _ in lines] == [
        "mulai", "hasil", "bahasa", "privasi", "hapus_data", "batal", "bantuan",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_bantuan_lists_the_citizens_commands(language: str) -> None:
    words = WORDS.of(language)
    listed = set(re.findall(r"/([a-z_]+) –", words.help(office="")))
    assert listed == {name for name, _ in commands.citizens_menu(words)} - {"bantuan"}


async def test_an_officers_menu_and_bantuan_list_every_command_of_all_roles(
    office: Harness, person: Callable[..., Actor]
) -> None:
    officer = person(500, name="Pejabat")
    for role in ("admin", "camat", "pejabat", "petugas", "kepala_unit"):
        await office.app.turns.do(
            partial(
                people.grant,
                user_id=officer.id,
                role=role,
                title="Uji",
                granted_by=None,
                now=office.now,
            )
        )
    await officer.says("/bantuan")
    lines = [
        (r.name, r.line(WORDS.office).plain()) for r in commands.OFFICERS if r.roles and r.line
    ]
    assert officer.text.endswith("\n".join(f"/{name} – {line}" for name, line in lines))
    shown = await office.app.bot.get_my_commands(BotCommandScopeChat(officer.id))
    described = [(command.command, command.description) for command in shown]
    assert described == [*commands.citizens_menu(WORDS.of("id")), *lines]


def test_every_label_of_a_form_is_a_text_of_the_words() -> None:
    parts = [getattr(WORDS, part.name) for part in dataclasses.fields(WORDS)]
    words = [part for part in parts if isinstance(part, Part)]
    texts = {text.plain_template for part in words for text in vars(part).values()}
    komponen = {each.name for rules in sakip.regulations().values() for each in rules.komponen}
    labels = {field.label(WORDS) for form in FORMS.values() for field in form.fields}
    assert len(labels) > 30
    assert labels - komponen <= texts


def test_every_route_that_buttons_of_several_modules_lead_to_is_handled() -> None:
    named = {value for name, value in vars(routes).items() if name.isupper()}
    assert len(named) > 20
    assert named <= set(commands.BUTTONS)


def test_every_action_of_the_audit_has_its_words() -> None:
    files = [
        path for room in ("bot", "cli", "office") for path in (PAGE.parents[2] / room).rglob("*.py")
    ]
    code = "\n".join(path.read_text("utf-8") for path in files)
    recorded = set(re.findall(r'audit\.record\([^"]*"([a-z]+_[a-z_]+|undang|klaim|ralat)"', code))
    assert len(recorded) > 20
    assert recorded <= set(HistoryWords.names())
