"""/riwayat: the audit (who changed what and why) and the ledger (what was sent where)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.officers import history_words
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import announcement, outbox_bodies
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, on_page, turning
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from office.words.text import Text, cut
from scoring import period as calendar
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
        at=turn.office.calendar.moment(entry.at),
        who=Html(who),
        action=history_words.action(turn, entry),
        target=history_words.target(turn, entry),
    )
    if entry.before is not None or entry.after is not None:
        line += words.entry_change(
            before=_value(turn, entry, entry.before), after=_value(turn, entry, entry.after)
        )
    if entry.reason:
        line += words.entry_reason(reason=cut(entry.reason, REASON))
    return line


def _value(turn: Turn, entry: AuditEntry, value: Any) -> str:
    return cut(history_words.value(turn, entry, value), VALUE)


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
        kind=_kind(turn, row),
        group=announcement.recipient(turn.db, turn.office, row),
        state=states[row.status](),
        at=turn.office.calendar.moment(row.due_at),
        attempts=row.attempts,
    )
    return line + (words.entry_reason(reason=row.reason) if row.reason else "")


def _period(turn: Turn, row: OutboxRow) -> str:
    period = periods.by_id(turn.db, row.period_id or 0)
    return calendar.title(turn.office.calendar.period_of(period)) if period else ""


def _kind(turn: Turn, row: OutboxRow) -> str:
    """What a message is, in words; of an unknown kind its code."""
    words, kind = turn.office.words.history, outbox_bodies.kind_name(row)
    names: Mapping[str, Text] = {
        "ringkasan": words.kind_ringkasan,
        "ringkasan_unit": words.kind_ringkasan_unit,
        "pratinjau": words.kind_pratinjau,
        "nilai_buka": words.kind_nilai_buka,
        "nilai_ingat": words.kind_nilai_ingat,
        "denyut": words.kind_denyut,
        "peringatan": words.kind_peringatan,
        "ralat": words.kind_ralat,
        "agenda": words.kind_agenda,
    }
    return names[kind].plain() if kind in names else kind


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("riwayat", lambda words: words.cmd_riwayat, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    AUDIT: Route(ADMIN, on_audit),
    LEDGER: Route(ADMIN, on_ledger),
}
