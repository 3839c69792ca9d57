"""What the ledger says of a period's summary, and the buttons that send it to the groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from office.conversation import to
from office.notices import SEND_AGAIN, SUMMARIES
from office.office import Office
from office.roles import ADMIN, APPROVERS
from office.survey.screens import Button, Rows
from office.words.all_words import Html
from office.words.text import cut
from scoring import period as calendar
from storage import groups, outbox, people, periods
from storage.database import Db
from storage.outbox import OutboxRow
from storage.periods import PeriodRow

SEND_NOW, PREVIEW = "kirim-sekarang", "pratinjau"  # routes of buttons: the period
UNSETTLED = ("uncertain", "failed")
NAMED, TITLE, REASON = 3, 60, 80  # groups of one state; UTF-16 units of a title, of a reason


def states(db: Db, office: Office, period: PeriodRow, now: datetime) -> str:
    """What became of a period's summary; with several groups, each state names its own. HTML."""
    words = office.words.office
    rows = outbox.of_period(db, SUMMARIES, period.id)
    named: dict[str, list[str]] = {}
    for row in rows:
        named.setdefault(_state(office, row, now), []).append(recipient(db, office, row))
    if len(rows) < 2:
        return next(iter(named), words.ledger_none())
    parts = [
        words.ledger_state(state=Html(state), groups=_listed(office, titles))
        for state, titles in named.items()
    ]
    return "; ".join(parts)


def buttons(
    db: Db, office: Office, period: PeriodRow, roles: Collection[str], now: datetime
) -> Rows:
    """*Kirim sekarang* while groups wait for it; *Kirim lagi* for each that may not have it."""
    rows = outbox.of_period(db, SUMMARIES, period.id)
    shown: list[tuple[Button, ...]] = []
    if APPROVERS & set(roles) and any(_waits(row, now) for row in rows):
        shown.append((Button(office.words.office.send_now(), to(SEND_NOW, period.id)),))
    if ADMIN & set(roles):
        unsettled = [row for row in rows if row.status in UNSETTLED]
        named = office.calendar.titles([period.label])
        shown += [(send_again(db, office, row, named),) for row in unsettled]
    return tuple(shown)


def newest(db: Db, office: Office) -> Rows:
    """The button that shows the summary of the newest locked period, if there is one."""
    period = periods.latest_locked(db, "ikm")
    if period is None:
        return ()
    named = calendar.title(office.calendar.period_of(period))
    label = office.words.office.preview_locked.plain(period=named)
    return ((Button(label, to(PREVIEW, period.id)),),)


def send_again(db: Db, office: Office, row: OutboxRow, period: str) -> Button:
    """*Kirim lagi* for a row of the ledger that may not have arrived."""
    again = office.words.manage.send_again_to.plain(period=period, group=recipient(db, office, row))
    return Button(again, to(SEND_AGAIN, row.id, revision=row.attempts))


def _waits(row: OutboxRow, now: datetime) -> bool:
    return row.status == "due" and row.due_at > now


def _state(office: Office, row: OutboxRow, now: datetime) -> str:
    words, moment = office.words.office, office.calendar.moment
    if _waits(row, now):
        return words.ledger_waits(at=moment(row.due_at))
    match row.status:
        case "sent":
            return words.ledger_sent(at=moment(row.finished_at or row.due_at))
        case "uncertain":
            return words.ledger_uncertain()
        case "failed":
            return words.ledger_failed(reason=cut(row.reason or "", REASON))
        case "skipped" if row.chat_id == outbox.NO_GROUP:
            return words.ledger_no_group()
        case "skipped":
            return words.ledger_skipped(reason=cut(row.reason or "", REASON))
    return words.ledger_sending()


def recipient(db: Db, office: Office, row: OutboxRow) -> str:
    """The group or the person of a row, by title; plain text."""
    if row.chat_id == outbox.NO_GROUP:
        return office.words.manage.no_group.plain()
    group = groups.by_chat(db, row.chat_id)
    title = group.title if group else people.titles(db, [row.chat_id]).get(row.chat_id)
    return cut(title, TITLE) if title else str(row.chat_id)


def _listed(office: Office, titles: Sequence[str]) -> str:
    shown, more = ", ".join(titles[:NAMED]), len(titles) - NAMED
    return shown if more <= 0 else office.words.manage.and_others.plain(units=shown, count=more)
