"""/nilai: a unit head rates the office; officials see who has answered, and the locked index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from bot.officers.access import may
from bot.officers.rating import rating_screens
from bot.officers.rating.rating_screens import LANGUAGE, WALK
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.routes import CommandRoute, Route
from bot.turn.turn import Turn, edited
from office import conversation
from office.conversation import Tap, to
from office.notices import RATE
from office.roles import ADMIN, HEADS, READERS
from office.summary import unit_index
from office.survey.screens import Button, Rows, Screen
from office.words.all_words import Html, OfficeWords
from scoring import period
from scoring.unit_instrument import UnitInstrument
from storage import people, periods, ratings, unit_results, units
from storage.catalogue import Unit
from storage.periods import PeriodRow
from storage.ratings import OpenRating

START = "nilai-mulai"


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/nilai: a head's own way, an official's view, or both."""
    user = command.person.chat_id
    shown = []
    if may(turn, user, READERS):
        shown.append(_index(turn))
    if may(turn, user, ADMIN):
        shown.append(_answered(turn))
    if may(turn, user, HEADS):
        shown.append(home(turn, user))
    return [Show(user, screen) for screen in shown]


# --- the head's way --------------------------------------------------------------------------


def _current(turn: Turn) -> PeriodRow:
    found = periods.current(turn.db, "unit")
    if found is None:
        raise LookupError("no period of unit heads is open")
    return found


def _form(turn: Turn, instrument_id: int) -> UnitInstrument:
    return turn.office.unit_instruments[instrument_id].instrument


def _title(turn: Turn, current: PeriodRow) -> str:
    return period.title(turn.office.calendar.parse(current.label))


def _mine(turn: Turn, user: int) -> list[Unit]:
    """The unit kerja this user leads now: asked anew at every press."""
    led = {role.unit_id for role in people.unit_heads(turn.db) if role.user_id == user}
    return [unit for unit in units.active_kerja(turn.db) if unit.id in led]


def home(turn: Turn, user: int) -> Screen:
    """The first screen: the unit's own, or which of two units."""
    mine = _mine(turn, user)
    spoken = turn.office.words.head
    if not mine:
        return Screen(spoken.no_unit())
    if len(mine) == 1:
        return _of_unit(turn, user, mine[0])
    current = _current(turn)
    rows = tuple((Button(_label(turn, current, unit), to(RATE, unit.id)),) for unit in mine)
    return Screen(spoken.choose_unit(period=_title(turn, current)), rows)


def _label(turn: Turn, current: PeriodRow, unit: Unit) -> str:
    """A unit on its button, plain text: how far its rating is."""
    spoken = turn.office.words.head
    if unit.id in dict(ratings.answered_units(turn.db, current.id)):
        return spoken.unit_rated.template.format(unit=unit.name)
    place = ratings.of_unit(turn.db, turn.office.unit_instruments, current.id, unit.id)
    if place is None:
        return spoken.unit_waiting.template.format(unit=unit.name)
    total = len(_form(turn, place.instrument_id).codes)
    filled = conversation.filled(place)
    return spoken.unit_begun.template.format(unit=unit.name, filled=filled, total=total)


def _of_unit(turn: Turn, user: int, unit: Unit) -> Screen:
    """Where this unit's rating stands: answered, begun, or yet to begin."""
    current = _current(turn)
    day = dict(ratings.answered_units(turn.db, current.id)).get(unit.id)
    if day is not None:
        text = turn.office.words.head.rated_already(
            unit=unit.name, period=_title(turn, current), day=period.day(day)
        )
        return Screen(text, _others(turn, user))
    place = ratings.of_unit(turn.db, turn.office.unit_instruments, current.id, unit.id)
    if place is not None and place.chat_id == user:
        return _standing(turn, place)
    return _intro(turn, current, unit, user)


def _others(turn: Turn, user: int) -> Rows:
    if len(_mine(turn, user)) < 2:
        return ()
    return ((Button(turn.office.words.head.other_unit(), to(RATE)),),)


def _intro(turn: Turn, current: PeriodRow, unit: Unit, user: int) -> Screen:
    """What is rated, for which unit, and what becomes of the answers."""
    spoken, form = turn.office.words.head, _form(turn, current.instrument_id)
    note = "" if form.contoh is None else f" ({form.contoh[LANGUAGE]})"
    last = turn.office.calendar.day(current.ends_at - timedelta(microseconds=1))
    text = spoken.rating_intro(
        period=_title(turn, current),
        unit=unit.name,
        objek=form.objek[LANGUAGE],
        note=note,
        total=len(form.codes),
        aspek=len(form.aspek),
        until=period.day(last),
        least=unit_results.MIN_HEADS,
    )
    agree = Button(spoken.agree(), to(START, unit.id))
    return Screen(text, ((agree,), *_others(turn, user)))


def _standing(turn: Turn, place: OpenRating) -> Screen:
    form = _form(turn, place.instrument_id)
    return rating_screens.current(turn.office.words, form, place)


def on_home(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Mulai menilai* under a notice, or one unit of two."""
    user = press.person.chat_id
    unit = next((unit for unit in _mine(turn, user) if unit.id == tap.response), None)
    return edited(press, home(turn, user) if unit is None else _of_unit(turn, user, unit))


def on_start(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Setuju, mulai*; pressed twice, it has begun already."""
    user = press.person.chat_id
    unit = next((unit for unit in _mine(turn, user) if unit.id == tap.response), None)
    if unit is None:
        return edited(press, home(turn, user), turn.office.words.head.toast_over())
    if not press.again:
        current = _current(turn)
        step = conversation.first(_form(turn, current.instrument_id))
        known = turn.office.unit_instruments
        ratings.start(turn.db, known, current, unit.id, user, step, turn.now)
    return edited(press, _of_unit(turn, user, unit))


def on_walk(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of the rating itself."""
    user, spoken = press.person.chat_id, turn.office.words.head
    known = turn.office.unit_instruments
    place = ratings.by_key(turn.db, known, tap.response)
    if place is None or not _is_mine(turn, user, place):
        return edited(press, home(turn, user), None if press.again else spoken.toast_over())
    if press.again:
        return edited(press, _standing(turn, place))
    registered = known[place.instrument_id]
    form = registered.instrument
    change = conversation.take(form, place, rating_screens.tap_of(place, tap), form.min_filled)
    match change:
        case conversation.Answered(item, nilai, step):
            ratings.answer(turn.db, place, registered.item_ids[item], nilai)
            ratings.set_step(turn.db, place, step, turn.now)
        case conversation.Moved(step):
            ratings.set_step(turn.db, place, step, turn.now)
        case conversation.Refilled(items, step):
            ratings.ask_again(turn.db, place, (registered.item_ids[item] for item in items))
            ratings.set_step(turn.db, place, step, turn.now)
        case conversation.Sent():
            return _send(turn, press, place)
        case (
            conversation.Stale() | conversation.Described() | conversation.Writing()
        ):  # a head is asked neither
            return edited(press, _standing(turn, place), spoken.toast_stale())
        case _:
            assert_never(change)
    moved = ratings.by_key(turn.db, known, place.key)
    if moved is None:
        raise LookupError("a rating that was just changed is gone")
    return edited(press, _standing(turn, moved))


def _is_mine(turn: Turn, user: int, place: OpenRating) -> bool:
    led = {unit.id for unit in _mine(turn, user)}
    return place.chat_id == user and place.unit_id in led


def _send(turn: Turn, press: Press, place: OpenRating) -> Sequence[Effect]:
    ratings.send(turn.db, place, turn.office.calendar.day(turn.now))
    sent = turn.office.words.head.rating_sent(period=_title(turn, _current(turn)), unit=place.unit)
    return edited(press, Screen(sent, _others(turn, press.person.chat_id)))


# --- the officials' view ---------------------------------------------------------------------


def _index(turn: Turn) -> Screen:
    """The newest locked index, as the group was told it."""
    found = unit_results.latest(turn.db, turn.office.unit_instruments)
    if found is None:
        return Screen(turn.office.words.head.no_index())
    facts = unit_index.read(turn.db, turn.office, found[0])
    return Screen(unit_index.text(facts, turn.office.words))


def _answered(turn: Turn) -> Screen:
    """Which units have answered and on which day; what they said is nowhere to be seen."""
    spoken, current = turn.office.words.head, _current(turn)
    days = dict(ratings.answered_units(turn.db, current.id))
    led = {role.unit_id for role in people.unit_heads(turn.db)}
    lines, there = [], units.active_kerja(turn.db)
    for unit in there:
        if unit.id in days:
            lines.append(spoken.answered_yes(unit=unit.name, day=period.day(days[unit.id])))
        else:
            told = spoken.answered_no if unit.id in led else spoken.answered_nobody
            lines.append(told(unit=unit.name))
    text = spoken.answered(
        period=_title(turn, current),
        n=len(days.keys() & {unit.id for unit in there}),
        units=len(there),
        lines=Html("\n".join(lines)),
    )
    return Screen(text)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("nilai", lambda words: words.cmd_nilai, HEADS | READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    RATE: Route(HEADS, on_home),
    START: Route(HEADS, on_start),
    **{route: Route(HEADS, on_walk) for route in WALK},
}
