"""*Undang para kepala unit*: one message with a link for each of several units, or of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.officers import uploads
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import head_invitations, outbox_bodies, routes
from office.conversation import Tap
from office.outbox_bodies import HeadsFileBody
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import Html
from scoring.period import day
from storage import invitations, people
from storage.catalogue import Unit
from storage.unit_index import unit_results

NEW = "undangan-kepala"
FROM_SHEET = "undangan-lembar"
AT_ONCE = 15  # links of one message: far below what Telegram takes


def on_new(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Begin the form; the units without a head are chosen already, or all when each has one."""
    led = {head.unit_id for head in people.unit_heads(turn.db)}
    every = [unit.id for unit in unit_results.active_kerja(turn.db)]
    chosen = [unit_id for unit_id in every if unit_id not in led] or every
    return forms.begin(turn, press.person, INVITING, {"units": chosen}, press)


def active_units(turn: Turn, _values: Values) -> Sequence[Choice]:
    """The units whose heads may be invited."""
    return [(unit.name, unit.id) for unit in unit_results.active_kerja(turn.db)]


def _names(turn: Turn, chosen: Sequence[int]) -> str:
    names = unit_results.unit_names(turn.db)
    return ", ".join(names[unit_id] for unit_id in chosen if unit_id in names)


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    """Invite the head of each chosen unit that still exists; the links, in the office's order."""
    words = turn.office.words.head
    chosen = [unit for unit in unit_results.active_kerja(turn.db) if unit.id in values["units"]]
    if not chosen:
        raise NotSaved([Show(person.chat_id, Screen(words.unit_gone()))])
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
    link = head_invitations.invite(turn.db, turn.office, unit, title, person.chat_id)
    return words.head_link(title=title, link=link)


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
                choices=active_units,
                show=_names,
                many=True,
            ),
        ),
        _save,
    )
)

# --- from a sheet -----------------------------------------------------------------------------


def on_file(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Ask for the sheet."""
    return forms.begin(turn, press.person, FROM_FILE, {}, press)


def _sent(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    file = values["file"]
    if refused := uploads.too_big(turn, person, file["size"]):
        raise NotSaved(refused)
    body = HeadsFileBody(file["file_id"], file["name"])
    outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(turn.office.words.head.heads_file_coming()))]


def on_invite(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Undang*: invite who was shown of the sheet."""
    text = turn.office.words.head.heads_inviting()
    return uploads.take(
        turn, press, tap, HeadsFileBody, lambda body: replace(body, shown=tap.value), text
    )


FROM_FILE = register(
    Form(
        "undangan-lembar",
        lambda turn, _values: turn.office.words.head.heads_file_title(),
        ADMIN,
        (
            Field(
                "file",
                lambda words: words.head.label_heads_file.plain(),
                lambda turn, _values: turn.office.words.head.ask_heads_file(),
                file=True,
            ),
        ),
        _sent,
        goes_on=True,
    )
)

BUTTONS: dict[str, Route] = {
    NEW: Route(ADMIN, on_new),
    FROM_SHEET: Route(ADMIN, on_file),
    routes.INVITE_LISTED: Route(ADMIN, on_invite),
}
