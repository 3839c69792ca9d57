"""/hasil: the newest locked result, with the publication sheet as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.turn.effects import Effect, Picture, Show
from bot.turn.events import Person
from bot.turn.language import language_for, words_for
from bot.turn.turn import Turn
from office.survey import results
from office.survey.screens import Screen


def on_result(turn: Turn, person: Person) -> Sequence[Effect]:
    """The office's index, its letter and its unsur, and the publication sheet as a picture.

    Too few answers give no figure, and no picture.
    """
    words = words_for(turn, person)
    locked = results.newest_locked(turn.db)
    if locked is None:
        return [Show(person.chat_id, Screen(words.no_result()))]
    screen = results.screen(turn.db, turn.office, locked, words, language_for(turn, person))
    draw = partial(results.sheet, turn.office, locked.label)
    return [
        Show(person.chat_id, screen),
        Picture(person.chat_id, results.sheet_key(turn.db, locked), draw),
    ]
