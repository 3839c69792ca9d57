"""Files that officers send: checked by the outbox first, then taken as they were shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.officers import access
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import edited
from office import outbox_bodies
from office.conversation import Tap
from office.outbox_bodies import Body
from office.survey.screens import Screen
from office.turn import Turn
from scoring.paper import MAX_BYTES
from storage import outbox
from storage.database import ROW_IDS

MEGABYTES = MAX_BYTES // 2**20

B = TypeVar("B", bound=Body)


def too_big(turn: Turn, person: Person, size: int) -> Sequence[Effect]:
    """What the sender of a file of so many bytes is told; nothing where it can be read."""
    if size <= MAX_BYTES:
        return []
    return [Show(person.chat_id, Screen(turn.office.words.paper.paper_too_big(most=MEGABYTES)))]


def take(
    turn: Turn, press: Press, tap: Tap, body: type[B], confirmed: Callable[[B], B], text: str
) -> Sequence[Effect]:
    """The button below a checked file: the outbox downloads it again, and takes it.

    Args:
        body: of the outbox row of the check, which the tap names.
        confirmed: the body of the row that takes the file.
        text: what the message says until then, HTML.
    """
    row = outbox.by_id(turn.db, tap.response) if tap.response in ROW_IDS else None
    chat = press.person.chat_id
    if row is None or row.kind != body.KIND or row.chat_id != chat:
        return access.gone(turn, press)
    if not press.again:
        outbox_bodies.put(turn.db, confirmed(outbox_bodies.read(row, body)), chat, turn.now)
    return edited(press, Screen(text))
