"""/ringkasan: a preview of a summary; and *Kirim lagi* for a summary that may be lost."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.routes import CommandRoute, Route
from bot.turn.turn import Turn, edited
from office import outbox_bodies
from office.conversation import Tap
from office.notices import SEND_AGAIN
from office.outbox_bodies import PreviewBody
from office.roles import ADMIN, READERS
from office.survey.screens import Screen
from office.words.all_words import OfficeWords
from storage import audit, outbox, periods


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/ringkasan [periode]: a private preview, drawn and sent by the outbox."""
    person, label = command.person, command.argument
    words = turn.office.words.office
    period = periods.by_label(turn.db, "ikm", label.upper()) if label else turn.period()
    if period is None:
        return [Show(person.chat_id, Screen(words.no_period()))]
    if not command.again:
        outbox_bodies.put(turn.db, PreviewBody(period.id), person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(words.preview_coming()))]


def on_send_again(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Kirim lagi* under the notice that a summary may not have arrived."""
    words = turn.office.words.office
    text = words.sent_again()
    if not press.again:
        if outbox.send_again(turn.db, tap.response, tap.revision, turn.now):
            target = f"outbox {tap.response}"
            audit.record(turn.db, turn.now, press.person.chat_id, "kirim_lagi", target)
        else:
            text = words.settled_already()
    return edited(press, Screen(text), text)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("ringkasan", lambda words: words.cmd_ringkasan, READERS, on_command),
)

BUTTONS: dict[str, Route] = {SEND_AGAIN: Route(ADMIN, on_send_again)}
