"""/riwayat: the audit, who changed what and why; and the ledger, what was sent where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.routes import CommandRoute, Route
from bot.turn.turn import Turn, edited
from office.conversation import Tap, to
from office.notices import SEND_AGAIN
from office.roles import ADMIN
from office.survey.screens import Button, Screen, on_page, turning
from office.words.all_words import Html, OfficeWords
from office.words.text import cut
from storage import audit, groups, outbox, people, periods
from storage.audit import AuditEntry
from storage.outbox import OutboxRow

AUDIT, LEDGER = "riwayat", "kiriman"
PAGE = 5
# UTF-16 units: five entries of the longest fit into one message.
VALUE, REASON, TITLE = 150, 150, 60
UNSETTLED = ("uncertain", "failed")


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/riwayat: the newest changes."""
    return [Show(command.person.chat_id, _audit(turn, audit.newest_id(turn.db), 0))]


def on_audit(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of the audit, as it stood when it was opened (`response`: its newest entry then)."""
    upto = min(tap.response, audit.newest_id(turn.db)) or audit.newest_id(turn.db)
    return edited(press, _audit(turn, upto, tap.value))


def _audit(turn: Turn, upto: int, page: int) -> Screen:
    spoken = turn.office.words.manage
    total = audit.count(turn.db, upto)
    page = on_page(page, total, PAGE)
    found = audit.entries(turn.db, upto, page * PAGE, PAGE)
    titles = people.titles(turn.db, {entry.user_id for entry in found if entry.user_id})
    lines = [_entry(turn, entry, titles) for entry in found] or [spoken.nothing_changed()]
    text = spoken.audit_screen(total=total, entries=Html("\n\n".join(lines)))
    turned = turning(
        turn.office.words.of("id"), page, total, PAGE, lambda number: to(AUDIT, upto, number)
    )
    return Screen(text, (*turned, (Button(spoken.to_ledger(), to(LEDGER)),)))


def _entry(turn: Turn, entry: AuditEntry, titles: dict[int, str]) -> str:
    spoken = turn.office.words.manage
    who = spoken.by_itself()
    if entry.user_id is not None:
        title = titles.get(entry.user_id, spoken.without_title())
        who = spoken.by(title=cut(title, TITLE), user=entry.user_id)
    line = spoken.entry(
        at=moment(turn, entry.at),
        who=Html(who),
        action=entry.action.replace("_", " ").capitalize(),
        target=entry.target,
    )
    if entry.before is not None or entry.after is not None:
        line += spoken.entry_change(
            before=_value(turn, entry.before), after=_value(turn, entry.after)
        )
    if entry.reason:
        line += spoken.entry_reason(reason=cut(entry.reason, REASON))
    return line


def moment(turn: Turn, at: datetime) -> str:
    """A moment in the time zone of the office: `6 Jul 2026 09.00 WIB`."""
    return turn.office.calendar.told(at)


def _value(turn: Turn, value: Any) -> str:
    spoken = turn.office.words.manage
    match value:
        case None | "":
            return spoken.empty()
        case bool():
            return spoken.yes() if value else spoken.no()
        case dict():
            return cut(", ".join(f"{k}: {_value(turn, v)}" for k, v in value.items()), VALUE)
        case list():
            return cut(", ".join(_value(turn, each) for each in value), VALUE)
    return cut(str(value), VALUE)


def on_ledger(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of the ledger, with *Kirim lagi* for what may not have arrived."""
    spoken = turn.office.words.manage
    total = outbox.in_ledger(turn.db)
    page = on_page(tap.value, total, PAGE)
    letters = outbox.ledger(turn.db, page * PAGE, PAGE)
    lines = [_letter(turn, letter) for letter in letters] or [spoken.nothing_sent()]
    text = spoken.ledger_screen(total=total, letters=Html("\n\n".join(lines)))
    again = [
        (
            Button(
                spoken.send_again_to.plain(
                    period=_period(turn, letter), group=_group(turn, letter)
                ),
                to(SEND_AGAIN, letter.id, revision=letter.attempts),
            ),
        )
        for letter in letters
        if letter.status in UNSETTLED
    ]
    turned = turning(
        turn.office.words.of("id"), page, total, PAGE, lambda number: to(LEDGER, value=number)
    )
    back = (Button(spoken.to_audit(), to(AUDIT)),)
    return edited(press, Screen(text, (*again, *turned, back)))


def _letter(turn: Turn, letter: OutboxRow) -> str:
    spoken = turn.office.words.manage
    states = {
        "due": spoken.state_due,
        "claimed": spoken.state_due,
        "sending": spoken.state_sending,
        "sent": spoken.state_sent,
        "skipped": spoken.state_skipped,
        "uncertain": spoken.state_uncertain,
        "failed": spoken.state_failed,
    }
    line = spoken.letter(
        period=_period(turn, letter),
        kind=letter.kind,
        group=_group(turn, letter),
        state=states[letter.status](),
        at=moment(turn, letter.due_at),
        attempts=letter.attempts,
    )
    return line + (spoken.entry_reason(reason=letter.reason) if letter.reason else "")


def _period(turn: Turn, letter: OutboxRow) -> str:
    found = periods.by_id(turn.db, letter.period_id or 0)
    return found.label if found else ""


def _group(turn: Turn, letter: OutboxRow) -> str:
    spoken = turn.office.words.manage
    if letter.chat_id == outbox.NO_GROUP:
        return spoken.no_group()
    group = groups.by_chat(turn.db, letter.chat_id)
    return cut(group.title, TITLE) if group and group.title else str(letter.chat_id)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("riwayat", lambda words: words.cmd_riwayat, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    AUDIT: Route(ADMIN, on_audit),
    LEDGER: Route(ADMIN, on_ledger),
}
