"""/ringkasan: a summary in private; *Kirim sekarang* and *Kirim lagi* for the groups."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import announcement, notices, outbox_bodies
from office.conversation import Tap
from office.notices import SEND_AGAIN
from office.outbox_bodies import PreviewBody
from office.roles import ADMIN, APPROVERS, READERS
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from scoring import period as calendar
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


def on_preview(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The same of one period, by a button under another preview."""
    period = periods.by_id(turn.db, tap.response)
    if period is None:
        return access.gone(turn, press)
    if not press.again:
        outbox_bodies.put(turn.db, PreviewBody(period.id), press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.office.preview_coming())]


def on_send_again(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Kirim lagi* under the notice that a summary may not have arrived."""
    words = turn.office.words.office
    text = words.sent_again()
    if not press.again:
        now = turn.office.telegram_time.not_ahead(turn.now)
        if outbox.send_again(turn.db, tap.response, tap.revision, now):
            target = f"outbox {tap.response}"
            audit.record(turn.db, turn.now, press.person.chat_id, "kirim_lagi", target)
        else:
            text = words.settled_already()
    return edited(press, Screen(text), text)


def on_send_now(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Kirim sekarang*: the groups that wait for the summary of a locked period get it now."""
    period = periods.by_id(turn.db, tap.response)
    if period is None or period.status != "locked":
        return access.gone(turn, press)
    words, user = turn.office.words.office, press.person.chat_id
    named = calendar.title(turn.office.calendar.period_of(period))
    now = turn.office.telegram_time.not_ahead(turn.now)
    if not press.again and outbox.release(turn.db, notices.SUMMARIES, period.id, now):
        audit.record(turn.db, turn.now, user, "kirim_sekarang", period.label)
        text = words.sending_now(period=named)
    else:
        states = announcement.states(turn.db, turn.office, period, now)
        text = words.nothing_waits(period=named, states=Html(states))
    return [Toast(press.callback_id), Show(user, Screen(text))]


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("ringkasan", lambda words: words.cmd_ringkasan, READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    announcement.PREVIEW: Route(READERS, on_preview),
    SEND_AGAIN: Route(ADMIN, on_send_again),
    announcement.SEND_NOW: Route(APPROVERS, on_send_now),
}
