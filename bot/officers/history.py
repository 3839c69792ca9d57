"""/riwayat: the audit in words, who changed what and why, and the ledger, what was sent where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.officers.catalogue.office_data import FACTS
from bot.officers.follow_up import lines
from bot.officers.people import roster
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import announcement, outbox_bodies
from office.conversation import Tap, to
from office.iku import labels
from office.roles import ADMIN
from office.survey.screens import Button, Screen, on_page, turning
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from office.words.history import HistoryWords
from office.words.text import Text, cut
from scoring import period as calendar
from scoring.channels import CHANNELS
from scoring.numbers import grouped
from scoring.unit_instrument import READINGS
from storage import audit, catalogue, groups, outbox, people, periods
from storage.audit import AuditEntry
from storage.catalogue import Noun, Service, Unit
from storage.outbox import OutboxRow
from storage.unit_index import unit_results

LABEL = re.compile(r"\b(20\d\d-(?:TW[1-4]|S[12]))\b")
MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
DECIMAL = re.compile(r"\b(\d+)\.(\d{1,2})\b")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FIGURES = ("lhe_sakip", "target_iku", "realisasi_iku", "ralat", "ubah_rencana")
KEYS = {  # of values, where the code says it otherwise than an admin would
    "role": "peran", "title": "sebutan", "counter": "loket", "isian_kertas": "isian kertas",
}  # fmt: skip
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
        action=action_name(turn, entry),
        target=target_name(turn, entry),
    )
    if entry.before is not None or entry.after is not None:
        line += words.entry_change(
            before=_value(turn, entry, entry.before), after=_value(turn, entry, entry.after)
        )
    if entry.reason:
        line += words.entry_reason(reason=cut(entry.reason, REASON))
    return line


def _value(turn: Turn, entry: AuditEntry, value: Any) -> str:
    return cut(value_text(turn, entry, value), VALUE)


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


def action_name(turn: Turn, entry: AuditEntry) -> str:
    """What was done, plain text; of an unknown action its code with spaces."""
    words = turn.office.words.history
    of_row: Mapping[str, Text] = {
        "tambah": words.tambah,
        "ubah_nama": words.ubah_nama,
        "aktif": words.aktif,
        "gratis": words.gratis,
        "kerja": words.kerja,
    }
    verb, _, noun = entry.action.rpartition("_")
    if verb in of_row and noun in set(Noun):
        return of_row[verb].plain(noun=noun).capitalize()
    if entry.action in HistoryWords.names():
        named: Text = getattr(words, entry.action)
        return named.plain()
    return entry.action.replace("_", " ").capitalize()


def target_name(turn: Turn, entry: AuditEntry) -> str:
    """What it was done to, plain text."""
    words, written = turn.office.words.history, entry.target
    kind, _, rest = written.partition(" ")
    if re.fullmatch(r"-?\d+", written):
        group = groups.by_chat(turn.db, int(written))
        return group.title if group and group.title else written
    if written.startswith("data kantor: "):
        key = written.removeprefix("data kantor: ")
        manage = turn.office.words.manage
        return next((fact.label(manage) for fact in FACTS if fact.key == key), key)
    if kind == "undangan":
        return words.invitation.plain(number=rest)
    if kind in roster.ROLES and rest:
        return words.of_role.plain(role=roster.role_name(turn.office.words.head, kind), user=rest)
    if kind == "unit" and _titled(turn, rest) != rest:
        return words.unit_period.plain(period=_titled(turn, rest))
    if kind in set(Noun):
        return f"{kind} {_named(turn, rest)}"
    if entry.action == "pengguna_layanan" and rest:
        return f"{_titled(turn, kind)}, {_named(turn, rest)}"
    return _titled(turn, written)


def _titled(turn: Turn, text: str) -> str:
    """A text with the titles of periods in place of their labels."""

    def titled(found: re.Match[str]) -> str:
        return calendar.title(turn.office.calendar.parse(found[0]))

    return (MONTH if MONTH.fullmatch(text) else LABEL).sub(titled, text)


def _named(turn: Turn, slug: str) -> str:
    """The name of a service, a counter or a unit by its code; the code when it has none."""
    service, _, counter = slug.partition("_")
    rows: list[Service | Unit] = [*catalogue.services(turn.db), *catalogue.units(turn.db)]
    row = next((row for row in rows if row.slug == service), None)
    if row is None:
        return slug
    if not counter:
        return row.name
    desks = catalogue.counters(turn.db, row.id)
    return next((f"{desk.name} ({row.name})" for desk in desks if desk.slug == counter), slug)


def value_text(turn: Turn, entry: AuditEntry, written: Any, key: str = "") -> str:
    """A value before or after, plain text."""
    words = turn.office.words.manage
    match written:
        case None | "":
            return words.empty()
        case bool():
            return words.yes() if written else words.no()
        case dict():
            parts = (
                f"{_key(turn, entry, name)}: {value_text(turn, entry, each, name)}"
                for name, each in written.items()
            )
            return ", ".join(parts)
        case list():
            return ", ".join(value_text(turn, entry, each, key) for each in written)
        case int():
            return _number(turn, written, key)
    return _text(turn, entry, str(written), key)


def _key(turn: Turn, entry: AuditEntry, name: str) -> str:
    if entry.action == "pengguna_layanan":
        return _named(turn, name)
    return KEYS.get(name) or _titled(turn, name)


def _number(turn: Turn, number: int, key: str) -> str:
    """A number, or the name of the row that has this id."""
    names: Mapping[str, Callable[[], Mapping[int, str]]] = {
        "unit": lambda: unit_results.unit_names(turn.db),
        "counter": lambda: catalogue.counter_names(turn.db),
        "layanan": lambda: {row.id: row.name for row in catalogue.services(turn.db)},
    }
    if key in names:
        return names[key]().get(number, str(number))
    return grouped(number) if key in ("", "lembar") and number < 10_000_000 else str(number)


def _text(turn: Turn, entry: AuditEntry, text: str, key: str) -> str:
    if key == "role":
        return roster.role_name(turn.office.words.head, text)
    if key == "keadaan":
        return lines.status(turn, text)
    if key == "kanal" and text in CHANNELS:
        return CHANNELS[text].name
    if key == "unit":
        return _named(turn, text)
    if text in READINGS and entry.action == "ubah_arti_pembagi":
        return labels.reading(turn.office.words.head, text)
    if DAY.fullmatch(text):
        return calendar.long_day(date.fromisoformat(text))
    if entry.action in FIGURES:
        text = DECIMAL.sub(r"\1,\2", text)
    return _titled(turn, text)
