"""The letters of the outbox in an officer's hands: previews, and *Kirim lagi*."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.routes import CommandRoute, Route
from bot.turn.turn import Turn, edited
from office.conversation import Tap
from office.notices import PREVIEW, SEND_AGAIN
from office.roles import ADMIN, READERS
from office.survey.screens import Screen
from office.words.all_words import OfficeWords
from storage import audit, outbox, periods


def on_summary(turn: Turn, command: Command) -> Sequence[Effect]:
    """/ringkasan [periode]: a preview in private; drawn and sent by the outbox."""
    person, label = command.person, command.argument
    spoken = turn.office.words.office
    found = periods.by_label(turn.db, "ikm", label.upper()) if label else turn.period()
    if found is None:
        return [Show(person.chat_id, Screen(spoken.no_period()))]
    if not command.again:
        outbox.put(turn.db, PREVIEW, person.chat_id, {"period": found.id}, turn.now)
    return [Show(person.chat_id, Screen(spoken.preview_coming()))]


def on_send_again(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Kirim lagi* under the news that a summary may not have arrived."""
    spoken = turn.office.words.office
    told = spoken.sent_again()
    if not press.again:
        if outbox.send_again(turn.db, tap.response, tap.revision, turn.now):
            target = f"outbox {tap.response}"
            audit.record(turn.db, turn.now, press.person.chat_id, "kirim_lagi", target)
        else:
            told = spoken.settled_already()
    return edited(press, Screen(told), told)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("ringkasan", lambda words: words.cmd_ringkasan, READERS, on_summary),
)

BUTTONS: dict[str, Route] = {SEND_AGAIN: Route(ADMIN, on_send_again)}
