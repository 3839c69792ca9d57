"""The language of a person, and the words in it."""

from __future__ import annotations

from bot.turn.events import Person
from bot.turn.turn import Turn
from office.words.all_words import CitizenWords, language_of
from storage import people


def language_for(turn: Turn, person: Person) -> str:
    """The language of the open response, else the chosen one, else that of the phone."""
    response = turn.open_response(person.chat_id)
    if response is not None:
        return response.language
    chosen = people.language(turn.db, people.person_key(turn.office.secret, person.chat_id))
    return chosen or language_of(person.phone_language)


def words_for(turn: Turn, person: Person) -> CitizenWords:
    """The words in this person's language."""
    return turn.office.words.of(language_for(turn, person))
