"""The citizens' commands, in the order of their menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.citizens import news, survey
from bot.turn.effects import Effect, Picture, Show
from bot.turn.events import Command, Person
from bot.turn.turn import CommandRoute, respondent, words_for
from office.survey import results
from office.survey.screens import Screen
from office.turn import Turn, language_for
from office.words.all_words import CitizenWords
from storage import awaited


def on_start(turn: Turn, command: Command) -> Sequence[Effect]:
    """/mulai, /start, or the link of a QR or of the newest result."""
    if command.argument.startswith("r_hasil"):
        return on_result(turn, command.person)
    return survey.on_start(turn, command.person, command.argument)


def on_result(turn: Turn, person: Person) -> Sequence[Effect]:
    """/hasil: the office's index, its letter and its unsur, and the publication sheet as a picture.

    Without any figure there is no picture.
    """
    language = language_for(turn, respondent(turn, person))
    result = results.newest(turn.db, turn.office, words_for(turn, person), language)
    if result.label is None:
        return [Show(person.chat_id, result.screen)]
    draw = partial(results.sheet, turn.office, result.label)
    return [
        Show(person.chat_id, result.screen),
        Picture(person.chat_id, results.sheet_key(turn.db, result.label), draw),
    ]


def _on_privacy(turn: Turn, command: Command) -> Sequence[Effect]:
    person = command.person
    text = f"{words_for(turn, person).privacy()}{news.kept(turn, person)}"
    return [Show(person.chat_id, Screen(text))]


def _on_cancel(turn: Turn, command: Command) -> Sequence[Effect]:
    """/batal: cancel a form, the typing of a suggestion, or the open response."""
    person = command.person
    response = turn.open_response(person.chat_id)
    writing = response is not None and response.writing
    if not writing and not command.again and awaited.forget(turn.db, person.chat_id):
        return [Show(person.chat_id, Screen(turn.office.words.form.cancelled()))]
    return survey.on_cancel(turn, person, command.again)


COMMANDS: tuple[CommandRoute[CitizenWords], ...] = (
    CommandRoute("mulai", lambda words: words.cmd_mulai, None, on_start),
    CommandRoute("start", None, None, on_start),  # what Telegram's START button sends
    CommandRoute(
        "hasil",
        lambda words: words.cmd_hasil,
        None,
        lambda turn, command: on_result(turn, command.person),
    ),
    CommandRoute(
        "bahasa",
        lambda words: words.cmd_bahasa,
        None,
        lambda turn, command: survey.on_language_command(turn, command.person),
    ),
    CommandRoute("privasi", lambda words: words.cmd_privasi, None, _on_privacy),
    CommandRoute(
        "hapus_data",
        lambda words: words.cmd_hapus_data,
        None,
        lambda turn, command: [survey.ask_erase(turn, command.person)],
    ),
    CommandRoute("batal", lambda words: words.cmd_batal, None, _on_cancel),
)
