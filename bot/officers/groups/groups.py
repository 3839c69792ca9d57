"""Groups: the units whose summaries a group receives, and their name in its messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import notices, routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.summary import content
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from storage import audit, catalogue, groups
from storage.catalogue import Unit
from storage.groups import Group
from storage.settings import office_facts

LIST, CARD, UNITS, WHOLE = "grup", "grup-satu", "grup-unit", "grup-kantor"
NAMED = 10  # units named on a screen; the others are counted


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The linked groups, a page of them."""
    words = turn.office.words.manage
    rows = paged(
        turn.office.words.of("id"),
        groups.linked(turn.db),
        tap.value,
        lambda group: Button(_label(turn, group), to(CARD, -group.chat_id)),
        lambda number: to(LIST, value=number),
    )
    shown = Screen(words.groups_screen(), (*rows, (Button(words.back(), to(routes.MANAGE)),)))
    return edited(press, shown)


def on_card(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One group, and the units of its summaries."""
    group = _linked(turn, -tap.response)
    if group is None:
        return access.gone(turn, press)
    return edited(press, _screen(turn, group))


def on_units(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Unit grup ini*: the form that chooses the units."""
    group = _linked(turn, -tap.response)
    if group is None:
        return access.gone(turn, press)
    target = _audit_target(group.chat_id)
    values = {
        "chat": group.chat_id,
        "seen": catalogue_rows.revision(turn, target),
        "units": [*group.units],
    }
    return forms.begin(turn, press.person, BINDING, values, press)


def on_whole(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Seluruh kantor*: the group receives the summaries of the whole office."""
    group = _linked(turn, -tap.response)
    if group is None:
        return access.gone(turn, press)
    toast = None if press.again else catalogue_rows.stale(turn, tap, _audit_target(group.chat_id))
    if not press.again and toast is None and group.units:
        _bind(turn, press.person, group, None, [])
        group = _linked(turn, group.chat_id) or group
    return edited(press, _screen(turn, group), toast)


def _linked(turn: Turn, chat_id: int) -> Group | None:
    group = groups.by_chat(turn.db, chat_id) if chat_id < 0 else None
    return group if group is not None and group.status == "linked" else None


def _audit_target(chat_id: int) -> str:
    """The target of the audit entries about a group."""
    return str(chat_id)


def _label(turn: Turn, group: Group) -> str:
    title = group.title or str(group.chat_id)
    if not group.units:
        return title
    return turn.office.words.manage.group_item(title=title, units=len(group.units))


def _screen(turn: Turn, group: Group) -> Screen:
    words = turn.office.words.manage
    seen = catalogue_rows.revision(turn, _audit_target(group.chat_id))
    choose = Button(words.group_choose(), to(UNITS, -group.chat_id))
    whole = Button(words.group_whole(), to(WHOLE, -group.chat_id, revision=seen))
    title = group.title or str(group.chat_id)
    if group.units:
        names = {unit.id: unit.name for unit in catalogue.units(turn.db)}
        name = content.called(group, names) or office_facts.name(turn.db)
        units = _named(turn, group.units)
        text = words.group_of_units(title=title, name=name, units=units, count=len(group.units))
    else:
        text = words.group_of_all(title=title)
    rows = ((choose,), (whole,)) if group.units else ((choose,),)
    return Screen(text, (*rows, (Button(words.back(), to(LIST)),)))


def _offered(turn: Turn) -> list[Unit]:
    """The units that have services, also inactive ones: a group keeps its units."""
    serving = {service.unit_id for service in catalogue.services(turn.db)}
    return [unit for unit in catalogue.units(turn.db) if unit.id in serving or not unit.kerja]


def _named(turn: Turn, chosen: Sequence[int]) -> str:
    names = [unit.name for unit in catalogue.units(turn.db) if unit.id in set(chosen)]
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else turn.office.words.manage.and_others(units=shown, count=more)


def _title(turn: Turn, values: Values) -> str:
    group = _linked(turn, values["chat"])
    title = group.title if group and group.title else str(values["chat"])
    return turn.office.words.manage.group_form(title=title)


def _ask_units(turn: Turn, values: Values) -> str:
    words = turn.office.words.manage
    chosen = values["units"]
    if not chosen:
        return words.ask_group_units()
    return words.ask_more_group_units(count=len(chosen), units=_named(turn, chosen))


def _names(turn: Turn, values: Values) -> Sequence[Choice]:
    """Names to choose: the current one, that of its only unit, that of the group."""
    group = _linked(turn, values["chat"])
    if group is None:
        return []
    units = {unit.id: unit.name for unit in catalogue.units(turn.db)}
    one = [units[number] for number in values["units"]] if len(values["units"]) == 1 else []
    return [(name, name) for name in dict.fromkeys([group.name, *one, group.title]) if name]


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    group = _linked(turn, values["chat"])
    words = turn.office.words
    if group is None:
        raise NotSaved([Show(person.chat_id, Screen(words.manage.gone()))])
    if catalogue_rows.revision(turn, _audit_target(group.chat_id)) != values["seen"]:
        stale = Show(person.chat_id, Screen(words.form.stale()))
        raise NotSaved([stale, Show(person.chat_id, _screen(turn, group))])
    owed = _bind(turn, person, group, values["name"], values["units"])
    shown = Show(person.chat_id, _screen(turn, _linked(turn, group.chat_id) or group))
    if not owed:
        return [shown]
    return [Show(person.chat_id, Screen(words.manage.group_owed(count=owed))), shown]


def _bind(turn: Turn, person: Person, group: Group, name: str | None, units: Sequence[int]) -> int:
    """Bind the group to the units, record it in the audit; the number of summaries now due."""
    before, after = _state(turn, group.name, group.units), _state(turn, name, units)
    if before == after:
        return 0
    groups.bind(turn.db, group.chat_id, name, units, turn.now)
    user, target = person.chat_id, _audit_target(group.chat_id)
    audit.record(turn.db, turn.now, user, "unit_grup", target, before=before, after=after)
    bound = groups.by_chat(turn.db, group.chat_id)
    now = turn.office.telegram_time.not_ahead(turn.now)
    return notices.send_missed(turn.db, bound, now) if bound is not None and bound.units else 0


def _state(turn: Turn, name: str | None, units: Sequence[int]) -> dict[str, Any] | None:
    """The binding as the audit records it; None: the whole office."""
    if not units:
        return None
    codes = [unit.slug for unit in catalogue.units(turn.db) if unit.id in set(units)]
    return {"nama": name, "unit": codes}


BINDING = register(
    Form(
        "grup-unit",
        _title,
        ADMIN,
        (
            Field(
                "units",
                lambda words: words.manage.label_group_units.plain(),
                _ask_units,
                choices=lambda turn, _values: [
                    (catalogue_rows.label(turn, unit), unit.id) for unit in _offered(turn)
                ],
                show=_named,
                many=True,
            ),
            Field(
                "name",
                lambda words: words.manage.label_group_name.plain(),
                lambda turn, _values: turn.office.words.manage.ask_group_name(most=fields.NAME),
                fields.name,
                _names,
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    CARD: Route(ADMIN, on_card),
    UNITS: Route(ADMIN, on_units),
    WHOLE: Route(ADMIN, on_whole),
}
