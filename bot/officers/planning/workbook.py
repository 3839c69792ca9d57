"""The workbook of a plan in the chat: asked for, sent, and applied after a look at its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message

from bot.officers import access
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.routes import Route
from bot.turn.turn import edited
from office import outbox_bodies
from office.conversation import Tap
from office.outbox_bodies import PlanFileBody, PlanWorkbookBody
from office.roles import ADMIN, READERS
from office.survey.screens import Screen
from office.turn import Turn
from reports.publication.public_figures import public_text
from scoring.paper import MAX_BYTES
from storage import outbox
from storage.database import ROW_IDS
from storage.planning import plans

WORKBOOK, APPLY = "rencana-lembar", "rencana-terapkan"


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
    if (document.file_size or 0) > MAX_BYTES:
        most = MAX_BYTES // 2**20
        return [Show(person.chat_id, Screen(turn.office.words.paper.paper_too_big(most=most)))]
    if not again:
        body = PlanFileBody(document.file_id, public_text(document.file_name or ""))
        outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(turn.office.words.plan.file_coming()))]


def on_apply(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Terapkan*: download the file of this outbox row again and apply what was shown."""
    row = outbox.by_id(turn.db, tap.response) if tap.response in ROW_IDS else None
    chat = press.person.chat_id
    if row is None or row.kind != PlanFileBody.KIND or row.chat_id != chat:
        return access.gone(turn, press)
    if not press.again:
        body = replace(outbox_bodies.read(row, PlanFileBody), shown=tap.value)
        outbox_bodies.put(turn.db, body, chat, turn.now)
    return edited(press, Screen(turn.office.words.plan.applying()))


BUTTONS: dict[str, Route] = {
    WORKBOOK: Route(READERS, on_workbook),
    APPLY: Route(ADMIN, on_apply),
}
