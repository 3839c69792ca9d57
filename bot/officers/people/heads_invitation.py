"""*Undang para kepala unit*: one message with a link for each of several units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, Values, register
from bot.officers.people import joining
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.routes import Route
from office.conversation import Tap
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import Html
from scoring.period import day
from storage import audit, invitations, people, units
from storage.catalogue import Unit

NEW = "undangan-kepala"
ROLE = "kepala_unit"
AT_ONCE = 15  # links of one message: far below what Telegram takes


def on_new(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Begin the form; the units without a head are chosen already, or all when each has one."""
    led = {head.unit_id for head in people.unit_heads(turn.db)}
    every = [unit.id for unit in units.active_kerja(turn.db)]
    chosen = [unit_id for unit_id in every if unit_id not in led] or every
    return forms.begin(turn, press.person, INVITING, {"units": chosen}, press)


def _units(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(unit.name, unit.id) for unit in units.active_kerja(turn.db)]


def _names(turn: Turn, chosen: Sequence[int]) -> str:
    names = units.names(turn.db)
    return ", ".join(names[unit_id] for unit_id in chosen if unit_id in names)


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    """Invite the head of each chosen unit that still exists; the links, in the office's order."""
    words = turn.office.words.head
    chosen = [unit for unit in units.active_kerja(turn.db) if unit.id in values["units"]]
    if not chosen:
        return [Show(person.chat_id, Screen(words.unit_gone()))]
    lines = [_invited(turn, person, unit) for unit in chosen]
    until = day(turn.office.calendar.day(turn.now + invitations.LIFE))
    return [
        Show(
            person.chat_id,
            Screen(
                words.heads_invited(count=len(part), until=until, links=Html("\n\n".join(part)))
            ),
        )
        for part in _parts(lines)
    ]


def _invited(turn: Turn, person: Person, unit: Unit) -> str:
    """Invite the head of one unit; the line with the link, HTML."""
    words = turn.office.words.head
    title = words.head_of.plain(unit=unit.name)
    number, token = invitations.create(
        turn.db, ROLE, title, person.chat_id, turn.now, unit_id=unit.id
    )
    after = {"role": ROLE, "title": title, "unit": unit.id, "counter": None}
    audit.record(turn.db, turn.now, person.chat_id, "undang", f"undangan {number}", after=after)
    return words.head_link(title=title, link=joining.link(turn, token))


def _parts(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    return (lines[first : first + AT_ONCE] for first in range(0, len(lines), AT_ONCE))


INVITING = register(
    Form(
        "undangan-kepala",
        lambda turn, _values: turn.office.words.head.invite_heads_title(),
        ADMIN,
        (
            Field(
                "units",
                lambda words: words.head.label_units.plain(),
                lambda turn, values: turn.office.words.head.ask_units(count=len(values["units"])),
                choices=_units,
                show=_names,
                many=True,
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {NEW: Route(ADMIN, on_new)}
