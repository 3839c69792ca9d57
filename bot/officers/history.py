"""/riwayat: the audit (who changed what and why) and the ledger (what was sent where)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.routes import CommandRoute, Route
from bot.turn.turn import edited
from office import announcement
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, on_page, turning
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from office.words.text import cut
from storage import audit, outbox, people, periods
from storage.audit import AuditEntry
from storage.outbox import OutboxRow

AUDIT, LEDGER = "riwayat", "kiriman"
PAGE = 5
# UTF-16 units: five entries of the longest fit into one message.
VALUE, REASON, TITLE = 150, 150, 60


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/riwayat: the newest changes."""
    return [Show(command.person.chat_id, _audit(turn, audit.newest_id(turn.db), 0))]


def on_audit(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of the audit up to the entry that was newest at its opening (`response`)."""
    upto = min(tap.response, audit.newest_id(turn.db)) or audit.newest_id(turn.db)
    return edited(press, _audit(turn, upto, tap.value))


def _audit(turn: Turn, upto: int, page: int) -> Screen:
    words = turn.office.words.manage
    total = audit.count(turn.db, upto)
    page = on_page(page, total, PAGE)
    entries = audit.entries(turn.db, upto, page * PAGE, PAGE)
    titles = people.titles(turn.db, {entry.user_id for entry in entries if entry.user_id})
    lines = [_entry(turn, entry, titles) for entry in entries] or [words.nothing_changed()]
    text = words.audit_screen(total=total, entries=Html("\n\n".join(lines)))
    turned = turning(
        turn.office.words.of("id"), page, total, PAGE, lambda number: to(AUDIT, upto, number)
    )
    return Screen(text, (*turned, (Button(words.to_ledger(), to(LEDGER)),)))


def _entry(turn: Turn, entry: AuditEntry, titles: dict[int, str]) -> str:
    words = turn.office.words.manage
    who = words.by_itself()
    if entry.user_id is not None:
        title = titles.get(entry.user_id, words.without_title())
        who = words.by(title=cut(title, TITLE), user=entry.user_id)
    line = words.entry(
        at=moment(turn, entry.at),
        who=Html(who),
        action=entry.action.replace("_", " ").capitalize(),
        target=entry.target,
    )
    if entry.before is not None or entry.after is not None:
        line += words.entry_change(
            before=_value(turn, entry.before), after=_value(turn, entry.after)
        )
    if entry.reason:
        line += words.entry_reason(reason=cut(entry.reason, REASON))
    return line


def moment(turn: Turn, at: datetime) -> str:
    """A moment in the time zone of the office: `6 Jul 2026 09.00 WIB`."""
    return turn.office.calendar.moment(at)


def _value(turn: Turn, value: Any) -> str:
    words = turn.office.words.manage
    match value:
        case None | "":
            return words.empty()
        case bool():
            return words.yes() if value else words.no()
        case dict():
            return cut(", ".join(f"{k}: {_value(turn, v)}" for k, v in value.items()), VALUE)
        case list():
            return cut(", ".join(_value(turn, each) for each in value), VALUE)
    return cut(str(value), VALUE)


def on_ledger(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of the ledger, with *Kirim lagi* for rows that may not have arrived."""
    words = turn.office.words.manage
    total = outbox.in_ledger(turn.db)
    page = on_page(tap.value, total, PAGE)
    outbox_rows = outbox.ledger(turn.db, page * PAGE, PAGE)
    lines = [_outbox_row(turn, row) for row in outbox_rows] or [words.nothing_sent()]
    text = words.ledger_screen(total=total, letters=Html("\n\n".join(lines)))
    again = [
        (announcement.send_again(turn.db, turn.office, row, _period(turn, row)),)
        for row in outbox_rows
        if row.status in announcement.UNSETTLED
    ]
    turned = turning(
        turn.office.words.of("id"), page, total, PAGE, lambda number: to(LEDGER, value=number)
    )
    back = (Button(words.to_audit(), to(AUDIT)),)
    return edited(press, Screen(text, (*again, *turned, back)))


def _outbox_row(turn: Turn, row: OutboxRow) -> str:
    words = turn.office.words.manage
    states = {
        "due": words.state_due,
        "claimed": words.state_due,
        "sending": words.state_sending,
        "sent": words.state_sent,
        "skipped": words.state_skipped,
        "uncertain": words.state_uncertain,
        "failed": words.state_failed,
    }
    line = words.letter(
        period=_period(turn, row),
        kind=row.kind,
        group=announcement.recipient(turn.db, turn.office, row),
        state=states[row.status](),
        at=moment(turn, row.due_at),
        attempts=row.attempts,
    )
    return line + (words.entry_reason(reason=row.reason) if row.reason else "")


def _period(turn: Turn, row: OutboxRow) -> str:
    period = periods.by_id(turn.db, row.period_id or 0)
    return period.label if period else ""


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("riwayat", lambda words: words.cmd_riwayat, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    AUDIT: Route(ADMIN, on_audit),
    LEDGER: Route(ADMIN, on_ledger),
}
