"""What citizens type in a chat: suggestions, their edits, greetings, names of services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message

from bot.citizens.survey import effects, shown
from bot.turn.effects import Clear, Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import respondent, words_for
from office.conversation import REVIEW, Tap
from office.survey import personal, screens, suggestions, survey, views
from office.survey.screens import Screen
from office.survey.suggestions import Typed
from office.survey.views import Current, Services, Unstored, Why
from office.turn import Turn
from storage import catalogue
from storage.survey import open_responses, responses
from storage.survey.open_responses import OpenResponse
from storage.tables import Door


def on_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A text, sticker, photo or voice message: at the review a text is the suggestion."""
    response = turn.open_response(person.chat_id)
    if response is None:
        return [_with_nothing_open(turn, person, message)]
    if again:
        return [shown(turn, person, Current(response))]
    if message.text is not None and _is_suggestion(turn, response, message.text):
        return _said(turn, person, response, message, message.text)
    if response.repeated == response.revision:
        return []
    turn.open_responses.replace_silently(open_responses.mark_repeated(response))
    hint = Screen(words_for(turn, person).use_buttons())
    return [Show(person.chat_id, hint), shown(turn, person, Current(response))]


def on_edited(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """An edited message: a part of the suggestion changes; another one may become a part."""
    response, text = turn.open_response(person.chat_id), message.text
    if text is None:
        return []
    if response is None:
        late = None if text.startswith("/") else _late(turn, person, message)
        return [] if late is None else [late]
    part = str(message.message_id)
    is_part = part in response.saran_parts
    new = _is_suggestion(turn, response, text) and not text.startswith("/")
    if again or not (is_part or new):
        return [shown(turn, person, Current(response))] if is_part or new else []
    if is_part and not suggestions.fits(response, part, text):
        most = screens.SUGGESTION_MOST
        refusal = Screen(words_for(turn, person).edit_not_taken(most=most))
        return [Show(person.chat_id, refusal, reply_to=message.message_id)]
    return _said(turn, person, response, message, text)


def _is_suggestion(turn: Turn, response: OpenResponse, text: str) -> bool:
    if response.writing:
        return True
    return response.step == REVIEW and not personal.is_greeting(turn.office.words, text)


def _said(
    turn: Turn, person: Person, response: OpenResponse, message: Message, text: str
) -> Sequence[Effect]:
    """Take a message as a part of the suggestion; delete it from the phone of a petugas."""
    view = suggestions.on_text(turn, response, str(message.message_id), text)
    if not response.assisted:
        return [_answer(turn, person, view, message)]
    cleared = Clear(person.chat_id, message.message_id)
    if isinstance(view, Unstored) and view.why is Why.PERSONAL:
        words = words_for(turn, person)
        refusal = words.personal_assisted(what=views.what_tells(words, text))
        return [cleared, Show(person.chat_id, Screen(refusal))]
    return [cleared, shown(turn, person, view)]


def _answer(turn: Turn, person: Person, view: Current | Unstored, message: Message) -> Effect:
    """What a message led to; the answer to one that is not stored replies to it."""
    answer = shown(turn, person, view)
    if isinstance(view, Unstored):
        return replace(answer, reply_to=message.message_id)
    return answer


def _with_nothing_open(turn: Turn, person: Person, message: Message) -> Effect:
    """The services that match; after *Kirim* the truth about another text; else all services."""
    typed = " ".join((message.text or "").split())
    if not typed or personal.is_greeting(turn.office.words, typed):
        return shown(turn, person, Services())
    if not catalogue.matching(turn.db, typed):
        late = _late(turn, person, message)
        if late is not None:
            return late
    return shown(turn, person, Services(typed=typed[: screens.TYPED]))


def _late(turn: Turn, person: Person, message: Message) -> Effect | None:
    """That a text came after *Kirim* and is not stored; None for who has sent nothing."""
    text, words = message.text or "", turn.office.words
    if personal.is_greeting(words, text):
        return None
    secret = turn.office.secret
    if responses.newest_of(turn.db, secret, person.chat_id, Door.TELEGRAM) is None:
        return None
    return _answer(turn, person, suggestions.unsent(text), message)


def on_chosen(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button below the answer to a message that is not stored; the message is read again."""
    message = press.reply_to
    typed = None
    if message is not None and message.text is not None:
        typed = Typed(str(message.message_id), message.text)
    reply = survey.on_chosen(turn, respondent(turn, press.person), tap, typed, press.again)
    return effects(turn, press, reply)


def hidden(turn: Turn, chat: int, message_id: int | None) -> Sequence[Effect]:
    """Hide the answers that the review shows, before anything else is done in the chat.

    Args:
        message_id: of the message whose button is pressed; it is edited anyway.
    """
    response = turn.open_response(chat)
    if response is None or response.answers_in is None:
        return []
    turn.open_responses.replace_silently(replace(response, answers_in=None))
    if response.answers_in == message_id:
        return []
    words = turn.office.words.of(response.language)
    return [Show(chat, Screen(words.answers_hidden()), response.answers_in)]
