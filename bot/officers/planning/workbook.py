"""The workbook of a plan in the chat: asked for, sent, and applied after a look at its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message

from bot.officers import access, uploads
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import outbox_bodies, routes
from office.conversation import Tap
from office.outbox_bodies import PlanFileBody, PlanWorkbookBody
from office.roles import ADMIN, READERS
from office.survey.screens import Screen
from office.turn import Turn
from reports.publication.public_figures import public_text
from storage.database import ROW_IDS
from storage.planning import plans

WORKBOOK = "rencana-lembar"


def on_workbook(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Send the workbook of a plan by the outbox."""
    if tap.response not in ROW_IDS or plans.by_id(turn.db, tap.response) is None:
        return access.gone(turn, press)
    if not press.again:
        body = PlanWorkbookBody(tap.response)
        outbox_bodies.put(turn.db, body, press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.plan.workbook_coming())]


def on_document(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A file that an admin sends, without a form that waits for one: a workbook of a plan."""
    document = message.document
    if document is None:
        return []
    if refused := uploads.too_big(turn, person, document.file_size or 0):
        return refused
    if not again:
        body = PlanFileBody(document.file_id, public_text(document.file_name or ""))
        outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(turn.office.words.plan.file_coming()))]


def on_apply(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Terapkan*: apply the changes that were shown of the file."""
    text = turn.office.words.plan.applying()
    return uploads.take(
        turn, press, tap, PlanFileBody, lambda body: replace(body, shown=tap.value), text
    )


BUTTONS: dict[str, Route] = {
    WORKBOOK: Route(READERS, on_workbook),
    routes.APPLY_PLAN_FILE: Route(ADMIN, on_apply),
}
