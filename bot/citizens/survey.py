"""The citizens' survey in a chat: from updates to the survey's views, and back to effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import edited, respondent, words_for
from office.conversation import Kind, Tap
from office.survey import news, screens, survey, views
from office.survey.screens import Button, Screen
from office.survey.views import Current, Opening, Reply, Services, Unstored, View, Why
from office.turn import Turn
from storage import catalogue, updates
from storage.survey.open_responses import OpenResponse
from storage.unit_index import ratings


def screen_of(turn: Turn, person: Person, response: OpenResponse) -> Screen:
    """The current screen of an open response."""
    return views.current(turn, respondent(turn, person), response)


def on_start(turn: Turn, person: Person, payload: str) -> Sequence[Effect]:
    """/mulai, /start, or a scanned QR: `l_<layanan>` or `l_<layanan>_<loket>`."""
    if payload.startswith("l_"):
        service, _, counter = payload[2:].partition("_")
        target = catalogue.by_slug(turn.db, service, counter or None)
        if target is not None:
            return [shown(turn, person, Opening(*target))]
        unknown = Show(person.chat_id, Screen(words_for(turn, person).unknown_service()))
        return [unknown, shown(turn, person, Services())]
    return [shown(turn, person, Services())]


def shown(turn: Turn, person: Person, view: View) -> Show:
    """A view as a new message."""
    return Show(person.chat_id, _screen(turn, person, view))


def _screen(turn: Turn, person: Person, view: View) -> Screen:
    """A view in a chat, where no form has a button that adds a text after *Kirim*."""
    screen = views.screen(turn, respondent(turn, person), view)
    if not isinstance(view, Unstored) or view.why is not Why.SENT or screen.field is None:
        return screen
    add = (Button(screen.field.button, screen.field.tap),)
    return replace(screen, rows=(add, *screen.rows))


def unfinished(turn: Turn, person: Person) -> Screen:
    """The screen of a chat whose response is open: continue, or give it up."""
    return views.screen(turn, respondent(turn, person), Services())


def on_unknown(turn: Turn, press: Press) -> Sequence[Effect]:
    """A button with unknown data."""
    response = turn.open_response(press.person.chat_id)
    view = None if response is None else Current(response)
    return effects(turn, press, Reply(view, survey.UNKNOWN))


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
        news.forget(turn.db, turn.office, chat, turn.now)
    return effects(turn, press, _noted(turn, press, reply))


def _noted(turn: Turn, press: Press, reply: Reply) -> Reply:
    """Note which message shows the own answers, so that they are hidden when the person goes on.

    A message too old to be edited would be shown anew under an unknown number: without answers.
    """
    view = reply.view
    if not isinstance(view, Current) or not view.looked or view.response.shared:
        return reply
    if press.message_id is None:
        return replace(reply, view=Current(view.response))
    response = replace(view.response, answers_in=press.message_id)
    turn.open_responses.replace_silently(response)
    return replace(reply, view=replace(view, response=response))


def effects(turn: Turn, press: Press, reply: Reply) -> Sequence[Effect]:
    """Answer a press, and edit its message to what it led to."""
    toast = None
    if reply.notice is not None:
        toast = getattr(words_for(turn, press.person), reply.notice)()
    if reply.view is None:
        return [Toast(press.callback_id, toast)]
    return edited(press, _screen(turn, press.person, reply.view), toast)


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
        return [shown(turn, person, Current(response))]
    if response.writing:
        response = turn.open_responses.await_suggestion(response, False)
        cancelled_writing = Show(person.chat_id, Screen(words.cancelled_writing()))
        return [cancelled_writing, shown(turn, person, Current(response))]
    turn.open_responses.delete(response)
    cancelled = words.cancelled_assisted if response.assisted else words.cancelled
    return [Show(person.chat_id, Screen(cancelled(service=response.service)))]


def ask_erase(turn: Turn, person: Person) -> Effect:
    """/hapus_data."""
    return Show(person.chat_id, screens.erase(words_for(turn, person)))
