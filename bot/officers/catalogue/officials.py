"""*Pejabat penanda tangan*: who signs the office's papers, from when until when."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from bot.officers import access
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from office.words.all_words import Html, Words
from office.words.document import DocumentWords
from office.words.text import cut
from scoring.period import long_day
from storage import audit
from storage.database import ROW_IDS
from storage.settings import office_facts
from storage.settings.office_facts import Official

LIST, ONE, ADD, CHANGE = "ttd", "ttd-satu", "ttd-tambah", "ttd-ubah"
LENGTHS = {"name": 120, "jabatan": 120, "pangkat": 80, "nip": 30}  # UTF-16 units
SEATS = ("kepala", "atasan")
ACTING = ("", "Plt.", "Plh.")
SUPERIOR = "Bupati"


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Everybody who signs or signed, the latest first."""
    return edited(press, _listed(turn, tap.value))


def _listed(turn: Turn, page: int = 0) -> Screen:
    words, known = turn.office.words.document, office_facts.officials(turn.db)
    lines = [
        words.official_line(
            name=one.name,
            position=one.position,
            seat=_seat(words, one.seat),
            span=_span(words, one, office_facts.last_day_in_office(one, known)),
        )
        for one in known[:20]
    ]
    rows = paged(
        turn.office.words.of("id"), known, page,
        lambda one: Button(cut(f"{one.name} – {one.position}", 60), to(ONE, one.id)),
        lambda number: to(LIST, value=number),
    )  # fmt: skip
    text = words.officials_screen(lines=Html("\n".join(lines) or words.officials_none()))
    last = (Button(words.official_add(), to(ADD)),), (Button(_back(turn), to(routes.MANAGE)),)
    return Screen(text, (*rows, *last))


def _back(turn: Turn) -> str:
    return turn.office.words.manage.back()


def _seat(words: DocumentWords, seat: str) -> str:
    return (words.seat_kepala if seat == "kepala" else words.seat_atasan).plain()


def _span(words: DocumentWords, one: Official, last: date | None) -> str:
    since = long_day(one.since) if one.since else None
    until = long_day(last) if last else None
    if since and until:
        return words.span_both.plain(since=since, until=until)
    if since:
        return words.span_since.plain(since=since)
    return words.span_until.plain(until=until) if until else words.span_always.plain()


def on_one(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One official."""
    one = _known(turn, tap.response)
    return access.gone(turn, press) if one is None else edited(press, _screen(turn, one))


def _known(turn: Turn, number: int) -> Official | None:
    return office_facts.official(turn.db, number) if number in ROW_IDS else None


def _screen(turn: Turn, one: Official) -> Screen:
    words = turn.office.words.document
    text = words.official_screen(
        name=one.name,
        position=one.position,
        pangkat=one.pangkat or words.empty(),
        nip=one.nip or words.empty(),
        seat=_seat(words, one.seat),
        span=_span(
            words, one, office_facts.last_day_in_office(one, office_facts.officials(turn.db))
        ),
    )
    change = Button(words.official_change(), to(CHANGE, one.id))
    return Screen(text, ((change,), (Button(_back(turn), to(LIST)),)))


# --- the form ---------------------------------------------------------------------------------


def on_add(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """A new official."""
    return forms.begin(turn, press.person, FORM, {}, press)


def on_change(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for all of one official again; each value may be kept by one press."""
    if _known(turn, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, FORM, {"id": tap.response}, press)


def _seats(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(_seat(turn.office.words.document, seat), seat) for seat in SEATS]


def _acting(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(_acting_name(turn, each), each) for each in ACTING]


def _acting_name(turn: Turn, acting: Any) -> str:
    return acting or turn.office.words.document.acting_none.plain()


def _kept(turn: Turn, values: Values, *, name: str) -> Sequence[Choice]:
    """The value that it has now; for a new one's jabatan the usual one."""
    one = _known(turn, values.get("id", 0))
    if one is None:
        return [(usual, usual)] if name == "jabatan" and (usual := _usual(turn, values)) else ()
    value = getattr(one, name)
    if not value:
        return ()
    shown = long_day(value) if isinstance(value, date) else value
    stored = value.isoformat() if isinstance(value, date) else value
    return [(turn.office.words.paper.as_it_is.plain(value=cut(shown, 40)), stored)]


def _usual(turn: Turn, values: Values) -> str:
    return SUPERIOR if values["seat"] == "atasan" else office_facts.read(turn.db).jabatan


def _line(turn: Turn, _values: Values, text: str, *, name: str) -> str:
    written = fields.line(turn, text, LENGTHS[name])
    if name == "nip" and not re.fullmatch(r"[0-9 ]+", written):
        raise InvalidInput(turn.office.words.document.not_a_nip())
    return written


def _day(turn: Turn, values: Values, text: str, *, name: str) -> str:
    day, since = fields.day(turn, text).isoformat(), values.get("since")
    if name == "until" and since and day < since:
        raise InvalidInput(turn.office.words.document.until_before_since())
    return day


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    before = _known(turn, values.get("id", 0))
    since, until = (
        date.fromisoformat(day) if (day := values[name]) else None for name in ("since", "until")
    )
    texts = {name: values[name] or "" for name in ("seat", "acting", *LENGTHS)}
    number = office_facts.put_official(
        turn.db, before.id if before else None, **texts, since=since, until=until
    )
    after = office_facts.official(turn.db, number)
    if after is None:
        raise LookupError("an official without its row")
    if before != after:
        action = "tambah_pejabat" if before is None else "ubah_pejabat"
        target = office_facts.official_target(number)
        audit.record(
            turn.db, turn.now, person.chat_id, action, target,
            before=_audited(turn, before) if before else None, after=_audited(turn, after),
        )  # fmt: skip
    return [Show(person.chat_id, _listed(turn))]


def _audited(turn: Turn, one: Official) -> Mapping[str, str]:
    words = turn.office.words.document
    return {
        "nama": one.name, "jabatan": one.position, "pangkat": one.pangkat, "NIP": one.nip,
        "sebagai": _seat(words, one.seat), "masa jabatan": _span(words, one, one.until),
    }  # fmt: skip


def _text(
    name: str,
    label: Callable[[Words], str],
    ask: Callable[[Turn, Values], str],
    *,
    optional: bool = False,
) -> Field:
    read = partial(_line, name=name)
    return Field(name, label, ask, read, partial(_kept, name=name), optional=optional)


def _date(name: str, label: Callable[[Words], str], ask: Callable[[Turn, Values], str]) -> Field:
    return Field(
        name, label, ask, partial(_day, name=name), partial(_kept, name=name), optional=True,
        show=fields.shown_day,
    )  # fmt: skip


FORM = register(
    Form(
        "pejabat-ttd",
        lambda turn, _values: turn.office.words.document.official_title.plain(),
        ADMIN,
        (
            Field(
                "seat",
                lambda words: words.document.label_seat.plain(),
                lambda turn, _values: turn.office.words.document.ask_seat(),
                choices=_seats,
                show=lambda turn, seat: _seat(turn.office.words.document, seat),
            ),
            _text(
                "name",
                lambda words: words.document.label_name.plain(),
                lambda turn, _values: turn.office.words.document.ask_name(),
            ),
            _text(
                "jabatan",
                lambda words: words.document.label_jabatan.plain(),
                lambda turn, values: turn.office.words.document.ask_jabatan(
                    example=_usual(turn, values) or SUPERIOR
                ),
            ),
            Field(
                "acting",
                lambda words: words.document.label_acting.plain(),
                lambda turn, _values: turn.office.words.document.ask_acting(),
                choices=_acting,
                show=_acting_name,
            ),
            _text(
                "pangkat",
                lambda words: words.document.label_pangkat.plain(),
                lambda turn, _values: turn.office.words.document.ask_pangkat(),
                optional=True,
            ),
            _text(
                "nip",
                lambda words: words.document.label_nip.plain(),
                lambda turn, _values: turn.office.words.document.ask_nip(),
                optional=True,
            ),
            _date(
                "since",
                lambda words: words.document.label_since.plain(),
                lambda turn, _values: turn.office.words.document.ask_since(),
            ),
            _date(
                "until",
                lambda words: words.document.label_until.plain(),
                lambda turn, _values: turn.office.words.document.ask_until(),
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    ONE: Route(ADMIN, on_one),
    ADD: Route(ADMIN, on_add),
    CHANGE: Route(ADMIN, on_change),
}
