"""Services: the list, one service, a new one, *gratis*, and the order that citizens see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.catalogue.catalogue_rows import Flag, Row
from bot.officers.forms import forms
from bot.officers.forms.form import Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import PAGE, Button, Screen
from office.turn import Turn
from storage import audit, catalogue
from storage.catalogue import Noun, Service

LIST = "layanan"


def _without_unit(turn: Turn, row: Row, on: bool) -> str | None:  # a Flag's shape
    unit = catalogue.unit(turn.db, row.unit_id) if isinstance(row, Service) else None
    closed = unit is not None and not unit.active
    return turn.office.words.manage.unit_is_inactive() if on and closed else None


ACTIVE = Flag(Noun.SERVICE, "aktif", "active", _without_unit)
GRATIS = Flag(Noun.SERVICE, "gratis", "gratis")


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Every service, a page of them."""
    return edited(press, _list(turn, tap.value))


def _list(turn: Turn, page: int) -> Screen:
    words = turn.office.words.manage
    return catalogue_rows.listed(
        turn,
        words.services_screen(),
        Noun.SERVICE,
        catalogue.services(turn.db),
        page,
        lambda number: to(LIST, value=number),
        Button(words.add_service(), to("layanan-tambah")),
        Button(words.back(), to(routes.MANAGE)),
    )


def screen(turn: Turn, service_id: int) -> Screen:
    """A service, with its buttons."""
    words = turn.office.words.manage
    order = catalogue.services(turn.db)
    position, service = next((n, s) for n, s in enumerate(order) if s.id == service_id)
    unit = catalogue.unit(turn.db, service.unit_id)
    counters = catalogue.counters(turn.db, service.id)
    text = words.service_screen(
        name=service.name,
        slug=service.slug,
        unit=unit.name if unit else "",
        cost=words.is_gratis() if service.gratis else words.is_not_gratis(),
        state=words.is_active() if service.active else words.is_inactive(),
        place=position + 1,
        total=len(order),
        link=catalogue_rows.start_link(turn, service),
    )
    seen = catalogue_rows.revision(turn, catalogue_rows.target(turn.db, Noun.SERVICE, service))
    gratis = catalogue_rows.flag_button(
        turn, GRATIS, service, words.mark_gratis(), words.unmark_gratis()
    )
    return Screen(
        text,
        (
            (
                catalogue_rows.rename_button(turn, Noun.SERVICE, service),
                catalogue_rows.active_button(turn, ACTIVE, service),
            ),
            (gratis,),
            (
                Button(words.move_up(), to("layanan-geser", service.id, 0, seen)),
                Button(words.move_down(), to("layanan-geser", service.id, 1, seen)),
            ),
            (Button(words.counters_of(count=len(counters)), to("loket", service.id)),),
            (Button(words.back(), to(LIST, value=position // PAGE)),),
        ),
    )


def on_move(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Naik* and *Turun*."""
    service = catalogue_rows.known(turn, Noun.SERVICE, tap.response)
    if service is None:
        return access.gone(turn, press)
    target = catalogue_rows.target(turn.db, Noun.SERVICE, service)
    toast = None if press.again else catalogue_rows.stale(turn, tap, target)
    if not press.again and toast is None:
        moved = catalogue.move(turn.db, service.id, 1 if tap.value else -1)
        if moved is None:
            toast = turn.office.words.manage.at_the_end()
        else:
            user, action = press.person.chat_id, "urutan_layanan"
            before, after = moved
            audit.record(turn.db, turn.now, user, action, target, before=before, after=after)
    return edited(press, screen(turn, service.id), toast)


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A new service begins with its name."""
    if not catalogue.units_with_services(turn.db):
        return edited(press, _list(turn, tap.value), turn.office.words.manage.no_unit())
    return forms.begin(turn, press.person, ADDING, {}, press)


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    units = [unit.id for unit in catalogue.units_with_services(turn.db)]
    unit_id = values.get("unit", units[0] if units else 0)
    if unit_id not in units:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.no_unit()))])
    number = catalogue.add_service(turn.db, unit_id, values["slug"], values["name"])
    return catalogue_rows.added(turn, person, Noun.SERVICE, number, screen)


def _unit_name(turn: Turn, unit_id: int) -> str:
    unit = catalogue.unit(turn.db, unit_id)
    return unit.name if unit else ""


ADDING = register(
    Form(
        "layanan-baru",
        lambda turn, _values: turn.office.words.manage.new_service(),
        ADMIN,
        (
            *catalogue_rows.naming(Noun.SERVICE),
            Field(
                "unit",
                lambda words: words.manage.label_unit.plain(),
                lambda turn, _values: turn.office.words.manage.ask_unit(),
                choices=lambda turn, _values: [
                    (unit.name, unit.id) for unit in catalogue.units_with_services(turn.db)
                ],
                show=_unit_name,
                wanted=lambda turn, _values: len(catalogue.units_with_services(turn.db)) > 1,
            ),
        ),
        _add,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    "layanan-tambah": Route(ADMIN, on_add),
    "layanan-geser": Route(ADMIN, on_move),
    **catalogue_rows.row_routes(Noun.SERVICE, screen, ACTIVE, GRATIS),
}
