"""Entries of the history in words: names for codes and numbers, dates and commas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.officers.catalogue.office_data import FACTS
from bot.officers.follow_up import lines
from bot.officers.people import roster
from office.iku import labels
from office.turn import Turn
from office.words.history import HistoryWords
from office.words.text import Text
from scoring import period as calendar
from scoring.channels import CHANNELS
from scoring.numbers import grouped
from scoring.unit_instrument import READINGS
from storage import catalogue, groups
from storage.audit import AuditEntry
from storage.catalogue import Noun, Service, Unit
from storage.unit_index import units

LABEL = re.compile(r"\b(20\d\d-(?:TW[1-4]|S[12]))\b")
MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
DECIMAL = re.compile(r"\b(\d+)\.(\d{1,2})\b")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FIGURES = ("lhe_sakip", "target_iku", "realisasi_iku", "ralat", "ubah_rencana")
KEYS = {  # of values, where the code says it otherwise than an admin would
    "role": "peran", "title": "sebutan", "counter": "loket", "isian_kertas": "isian kertas",
}  # fmt: skip


def action(turn: Turn, entry: AuditEntry) -> str:
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


def target(turn: Turn, entry: AuditEntry) -> str:
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


def value(turn: Turn, entry: AuditEntry, written: Any, key: str = "") -> str:
    """A value before or after, plain text."""
    words = turn.office.words.manage
    match written:
        case None | "":
            return words.empty()
        case bool():
            return words.yes() if written else words.no()
        case dict():
            parts = (
                f"{_key(turn, entry, name)}: {value(turn, entry, each, name)}"
                for name, each in written.items()
            )
            return ", ".join(parts)
        case list():
            return ", ".join(value(turn, entry, each, key) for each in written)
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
        "unit": lambda: units.names(turn.db),
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
