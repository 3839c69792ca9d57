"""The citizens' survey in a chat: from updates to the survey's views, and back to effects."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message

from bot.turn.effects import Clear, Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import edited, respondent, words_for
from office.conversation import Kind, Tap
from office.survey import screens, survey, views
from office.survey.screens import Screen
from office.survey.views import Current, Opening, Reply, Services, View
from office.turn import Turn
from office.words.text import storable
from storage import catalogue, ratings, updates
from storage.survey import open_responses
from storage.survey.open_responses import OpenResponse


def screen_of(turn: Turn, person: Person, response: OpenResponse) -> Screen:
    """The current screen of an open response."""
    return views.current(turn, respondent(turn, person), response)


def on_start(turn: Turn, person: Person, payload: str) -> Sequence[Effect]:
    """/mulai, /start, or a scanned QR: `l_<layanan>` or `l_<layanan>_<loket>`."""
    if payload.startswith("l_"):
        service, _, counter = payload[2:].partition("_")
        target = catalogue.by_slug(turn.db, service, counter or None)
        if target is not None:
            return [_shown(turn, person, Opening(*target))]
        unknown = Show(person.chat_id, Screen(words_for(turn, person).unknown_service()))
        return [unknown, _shown(turn, person, Services())]
    return [_shown(turn, person, Services())]


def _shown(turn: Turn, person: Person, view: View) -> Effect:
    return Show(person.chat_id, views.screen(turn, respondent(turn, person), view))


def unfinished(turn: Turn, person: Person) -> Screen:
    """The screen of a chat whose response is open: continue, or give it up."""
    return views.screen(turn, respondent(turn, person), Services())


def on_unknown(turn: Turn, press: Press) -> Sequence[Effect]:
    """A button with unknown data."""
    response = turn.open_response(press.person.chat_id)
    view = None if response is None else Current(response)
    return _effects(turn, press, Reply(view, survey.UNKNOWN))


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of the survey or of the screens before it."""
    chat = press.person.chat_id
    before = turn.open_response(chat)
    reply = survey.on_tap(turn, respondent(turn, press.person), tap, press.again)
    if tap.kind == Kind.ERASE and not press.again:
        ratings.delete_of_chat(turn.db, chat)
        if before is not None and not before.assisted:
            updates.delete_of_key(turn.db, before.key)
        updates.delete_of_chat(turn.db, chat)
    return _effects(turn, press, reply)


def _effects(turn: Turn, press: Press, reply: Reply) -> Sequence[Effect]:
    toast = None
    if reply.notice is not None:
        toast = getattr(words_for(turn, press.person), reply.notice)()
    if reply.view is None:
        return [Toast(press.callback_id, toast)]
    return edited(press, views.screen(turn, respondent(turn, press.person), reply.view), toast)


def on_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A text, sticker, photo or voice message: the suggestion when one is awaited."""
    response = turn.open_response(person.chat_id)
    if response is None:
        return [Show(person.chat_id, _matching_services(turn, person, message.text or ""))]
    if again:
        return [_shown(turn, person, Current(response))]
    if response.writing and message.text is not None:
        cleared = _cleared(response, message)
        return [*cleared, _suggestion(turn, person, response, message.text)]
    if response.repeated == response.revision:
        return []
    turn.open_responses.replace_silently(open_responses.mark_repeated(response))
    hint = Screen(words_for(turn, person).use_buttons())
    return [Show(person.chat_id, hint), _shown(turn, person, Current(response))]


def _matching_services(turn: Turn, person: Person, text: str) -> Screen:
    """The services that match a typed text, where the list of services is long."""
    typed = " ".join(text.split())[: screens.TYPED]
    if not typed or len(catalogue.active_services(turn.db)) <= screens.LONG:
        return Screen(words_for(turn, person).nothing_open())
    return views.screen(turn, respondent(turn, person), Services(typed=typed))


def _cleared(response: OpenResponse, message: Message) -> Sequence[Effect]:
    """Delete what a citizen typed on the phone of a petugas, who must not read it."""
    return [Clear(response.person, message.message_id)] if response.assisted else []


def _suggestion(turn: Turn, person: Person, response: OpenResponse, typed: str) -> Effect:
    reply = survey.on_suggestion(turn, response, typed)
    if reply is None or reply.view is None:
        length, most = len(storable(typed)), screens.SUGGESTION_MOST
        refusal = words_for(turn, person).suggestion_too_long(length=length, most=most)
        return Show(person.chat_id, Screen(refusal))
    return _shown(turn, person, reply.view)


def on_language_command(turn: Turn, person: Person) -> Sequence[Effect]:
    """/bahasa."""
    return [Show(person.chat_id, views.languages(turn, respondent(turn, person)))]


def on_cancel(turn: Turn, person: Person, again: bool) -> Sequence[Effect]:
    """/batal: stop typing a suggestion, or delete the open response with its answers."""
    words = words_for(turn, person)
    response = turn.open_response(person.chat_id)
    if response is None:
        return [Show(person.chat_id, Screen(words.nothing_open()))]
    if again:
        return [_shown(turn, person, Current(response))]
    if response.writing:
        response = turn.open_responses.await_suggestion(response, False)
        cancelled_writing = Show(person.chat_id, Screen(words.cancelled_writing()))
        return [cancelled_writing, _shown(turn, person, Current(response))]
    turn.open_responses.delete(response)
    cancelled = words.cancelled_assisted if response.assisted else words.cancelled
    return [Show(person.chat_id, Screen(cancelled(service=response.service)))]


def ask_erase(turn: Turn, person: Person) -> Effect:
    """/hapus_data."""
    return Show(person.chat_id, screens.erase(words_for(turn, person)))
