"""The counters of a service, each with the link its QR carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.catalogue.catalogue_rows import Flag
from bot.officers.forms import forms
from bot.officers.forms.form import Form, Values, register
from bot.turn.effects import Effect
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from storage import catalogue
from storage.catalogue import Noun, Service

ACTIVE = Flag(Noun.COUNTER, "aktif", "active")


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The counters of a service, a page of them."""
    service = catalogue_rows.known(turn, Noun.SERVICE, tap.response)
    if not isinstance(service, Service):
        return access.gone(turn, press)
    words = turn.office.words.manage
    link = catalogue_rows.start_link(turn, service)
    shown = catalogue_rows.listed(
        turn,
        words.counters_screen(service=service.name, link=link),
        Noun.COUNTER,
        catalogue.counters(turn.db, service.id),
        tap.value,
        lambda number: to("loket", service.id, number),
        Button(words.add_counter(), to("loket-tambah", service.id)),
        Button(words.back(), to("layanan-satu", service.id)),
    )
    return edited(press, shown)


def screen(turn: Turn, counter_id: int) -> Screen:
    """A counter, with its buttons."""
    words = turn.office.words.manage
    counter = catalogue.counter(turn.db, counter_id)
    service = None if counter is None else catalogue.service(turn.db, counter.service_id)
    if counter is None or service is None:
        raise LookupError("a counter without its row")
    text = words.counter_screen(
        name=counter.name,
        service=service.name,
        slug=counter.slug,
        state=words.is_active() if counter.active else words.is_inactive(),
        link=catalogue_rows.start_link(turn, service, counter),
    )
    return Screen(
        text,
        (
            (
                catalogue_rows.rename_button(turn, Noun.COUNTER, counter),
                catalogue_rows.active_button(turn, ACTIVE, counter),
            ),
            (Button(words.back(), to("loket", service.id)),),
        ),
    )


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A new counter of this service."""
    if catalogue_rows.known(turn, Noun.SERVICE, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, ADDING, {"service": tap.response}, press)


def _title(turn: Turn, values: Values) -> str:
    service = cast("Service", catalogue.service(turn.db, values["service"]))  # never deleted
    return turn.office.words.manage.new_counter() + f" · {service.name}"


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    number = catalogue.add_counter(turn.db, values["service"], values["slug"], values["name"])
    return catalogue_rows.added(turn, person, Noun.COUNTER, number, screen)


ADDING = register(Form("loket-baru", _title, ADMIN, catalogue_rows.naming(Noun.COUNTER), _add))

BUTTONS: dict[str, Route] = {
    "loket": Route(ADMIN, on_list),
    "loket-tambah": Route(ADMIN, on_add),
    **catalogue_rows.row_routes(Noun.COUNTER, screen, ACTIVE),
}
