"""Units: those whose services are rated, and those whose heads rate the office (*unit kerja*)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers.catalogue import catalogue_rows
from bot.officers.catalogue.catalogue_rows import Flag, Row
from bot.officers.forms import forms
from bot.officers.forms.form import Field, Form, Values, register
from bot.turn.effects import Effect
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from storage import catalogue
from storage.catalogue import Noun

LIST = "unit"


def _with_services(turn: Turn, row: Row, on: bool) -> str | None:  # a Flag's shape
    serves = any(s.active and s.unit_id == row.id for s in catalogue.services(turn.db))
    return turn.office.words.manage.unit_has_services() if serves and not on else None


ACTIVE = Flag(Noun.UNIT, "aktif", "active", _with_services)
KERJA = Flag(Noun.UNIT, "kerja", "kerja")


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Every unit, a page of them."""
    words = turn.office.words.manage
    shown = catalogue_rows.listed(
        turn,
        words.units_screen(),
        Noun.UNIT,
        catalogue.units(turn.db),
        tap.value,
        lambda number: to(LIST, value=number),
        Button(words.add_unit(), to("unit-tambah")),
        Button(words.back(), to(routes.MANAGE)),
    )
    return edited(press, shown)


def screen(turn: Turn, unit_id: int) -> Screen:
    """A unit, with its buttons."""
    words = turn.office.words.manage
    unit = catalogue.unit(turn.db, unit_id)
    if unit is None:
        raise LookupError("a unit without its row")
    text = words.unit_screen(
        name=unit.name,
        slug=unit.slug,
        services=sum(s.active and s.unit_id == unit.id for s in catalogue.services(turn.db)),
        kerja=words.yes() if unit.kerja else words.no(),
        state=words.is_active() if unit.active else words.is_inactive(),
    )
    rates = catalogue_rows.flag_button(turn, KERJA, unit, words.mark_kerja(), words.unmark_kerja())
    return Screen(
        text,
        (
            (
                catalogue_rows.rename_button(turn, Noun.UNIT, unit),
                catalogue_rows.active_button(turn, ACTIVE, unit),
            ),
            (rates,),
            (Button(words.back(), to(LIST)),),
        ),
    )


def on_add(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """A new unit begins with its name."""
    return forms.begin(turn, press.person, ADDING, {}, press)


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    slug, name, kerja = values["slug"], values["name"], values["kerja"]
    number = catalogue.add_unit(turn.db, slug, name, kerja=kerja)
    return catalogue_rows.added(turn, person, Noun.UNIT, number, screen)


ADDING = register(
    Form(
        "unit-baru",
        lambda turn, _values: turn.office.words.manage.new_unit(),
        ADMIN,
        (
            *catalogue_rows.naming(Noun.UNIT),
            Field(
                "kerja",
                lambda words: words.manage.label_kerja.plain(),
                lambda turn, _values: turn.office.words.manage.ask_kerja(),
                choices=lambda turn, _values: [
                    (turn.office.words.manage.yes(), True),
                    (turn.office.words.manage.no(), False),
                ],
                show=lambda turn, kerja: (
                    turn.office.words.manage.yes() if kerja else turn.office.words.manage.no()
                ),
            ),
        ),
        _add,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    "unit-tambah": Route(ADMIN, on_add),
    **catalogue_rows.row_routes(Noun.UNIT, screen, ACTIVE, KERJA),
}
