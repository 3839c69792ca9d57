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
from bot.turn.turn import CommandRoute, Route, edited
from office import conversation
from office.conversation import Tap, to
from office.notices import RATE
from office.roles import ADMIN, HEADS, READERS
from office.summary import unit_index
from office.survey.screens import Button, Rows, Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from scoring import period
from scoring.unit_instrument import UnitInstrument
from storage import people, periods
from storage.catalogue import Unit
from storage.periods import PeriodRow
from storage.unit_index import ratings, unit_results
from storage.unit_index.ratings import OpenRating

START = "nilai-mulai"


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/nilai: the rating of a unit head, the officials' view, or both."""
    user = command.person.chat_id
    shown = []
    if may(turn, user, READERS):
        shown.append(_index(turn))
    if may(turn, user, ADMIN):
        shown.append(_answered(turn))
    if may(turn, user, HEADS):
        shown.append(home(turn, user))
    return [Show(user, screen) for screen in shown]


# --- the rating ------------------------------------------------------------------------------


def current_period(turn: Turn) -> PeriodRow:
    """The period that unit heads rate now."""
    period_row = periods.current(turn.db, "unit")
    if period_row is None:
        raise LookupError("no period of unit heads is open")
    return period_row


def _form(turn: Turn, instrument_id: int) -> UnitInstrument:
    return turn.office.unit_instruments[instrument_id].instrument


def _title(turn: Turn, current: PeriodRow) -> str:
    return period.title(turn.office.calendar.parse(current.label))


def _mine(turn: Turn, user: int) -> list[Unit]:
    """The unit kerja that this user heads now; read at every press."""
    led = {role.unit_id for role in people.unit_heads(turn.db) if role.user_id == user}
    return [unit for unit in unit_results.active_kerja(turn.db) if unit.id in led]


def home(turn: Turn, user: int) -> Screen:
    """The first screen: that of the unit, or the choice between several units."""
    mine = _mine(turn, user)
    words = turn.office.words.head
    if not mine:
        return Screen(words.no_unit())
    if len(mine) == 1:
        return _of_unit(turn, user, mine[0])
    current = current_period(turn)
    rows = tuple((Button(_label(turn, current, unit), to(RATE, unit.id)),) for unit in mine)
    return Screen(words.choose_unit(period=_title(turn, current)), rows)


def _label(turn: Turn, current: PeriodRow, unit: Unit) -> str:
    """The label of a unit's button: its name and the progress of its rating."""
    words = turn.office.words.head
    if unit.id in dict(ratings.answered_units(turn.db, current.id)):
        return words.unit_rated.plain(unit=unit.name)
    rating = ratings.of_unit(turn.db, current.id, unit.id)
    if rating is None:
        return words.unit_waiting.plain(unit=unit.name)
    total = len(_form(turn, rating.instrument_id).codes)
    filled = conversation.filled(rating)
    return words.unit_begun.plain(unit=unit.name, filled=filled, total=total)


def _of_unit(turn: Turn, user: int, unit: Unit) -> Screen:
    """The screen of a unit: answered, begun, or not begun."""
    current = current_period(turn)
    day = dict(ratings.answered_units(turn.db, current.id)).get(unit.id)
    if day is not None:
        text = turn.office.words.head.rated_already(
            unit=unit.name, period=_title(turn, current), day=period.day(day)
        )
        return Screen(text, _others(turn, user))
    rating = ratings.of_unit(turn.db, current.id, unit.id)
    if rating is not None and rating.chat_id == user:
        return _rating_screen(turn, rating)
    if not _may_rate(turn, current):
        return Screen(_early(turn, current, unit), _others(turn, user))
    return _intro(turn, current, unit, user)


def _may_rate(turn: Turn, current: PeriodRow) -> bool:
    return turn.now >= turn.office.calendar.rating_opens(current)


def _early(turn: Turn, current: PeriodRow, unit: Unit) -> str:
    """From when until when this unit may rate."""
    return turn.office.words.head.rating_early(
        unit=unit.name,
        period=_title(turn, current),
        opens=opens(turn, current),
        until=until(turn, current),
    )


def opens(turn: Turn, current: PeriodRow) -> str:
    """The first day on which unit heads may rate."""
    calendar = turn.office.calendar
    return period.day(calendar.day(calendar.rating_opens(current)))


def until(turn: Turn, current: PeriodRow) -> str:
    """The last day on which unit heads may rate."""
    return period.day(turn.office.calendar.day(current.ends_at - timedelta(microseconds=1)))


def _others(turn: Turn, user: int) -> Rows:
    if len(_mine(turn, user)) < 2:
        return ()
    return ((Button(turn.office.words.head.other_unit(), to(RATE)),),)


def _intro(turn: Turn, current: PeriodRow, unit: Unit, user: int) -> Screen:
    """The introduction: what is rated, for which unit, and how the answers are used."""
    words, form = turn.office.words.head, _form(turn, turn.office.asked_in(current))
    note = "" if form.contoh is None else f" ({form.contoh[LANGUAGE]})"
    text = words.rating_intro(
        period=_title(turn, current),
        unit=unit.name,
        objek=form.objek[LANGUAGE],
        note=note,
        total=len(form.codes),
        aspek=len(form.aspek),
        until=until(turn, current),
        least=unit_results.MIN_HEADS,
    )
    agree = Button(words.agree(), to(START, unit.id))
    return Screen(text, ((agree,), *_others(turn, user)))


def _rating_screen(turn: Turn, rating: OpenRating) -> Screen:
    form = _form(turn, rating.instrument_id)
    return rating_screens.current(turn.office.words, form, rating)


def on_home(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Mulai menilai* under a notice, or one unit of two."""
    user = press.person.chat_id
    unit = next((unit for unit in _mine(turn, user) if unit.id == tap.response), None)
    return edited(press, home(turn, user) if unit is None else _of_unit(turn, user, unit))


def on_start(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Setuju, mulai*; a second press shows the rating that has begun."""
    user = press.person.chat_id
    unit = next((unit for unit in _mine(turn, user) if unit.id == tap.response), None)
    if unit is None:
        return edited(press, home(turn, user), turn.office.words.head.toast_over())
    current = current_period(turn)
    if not press.again and _may_rate(turn, current):
        form_id = turn.office.asked_in(current)
        step = conversation.first(_form(turn, form_id))
        ratings.start(turn.db, current, form_id, unit.id, user, step, turn.now)
    return edited(press, _of_unit(turn, user, unit))


def on_walk(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a question or of the review."""
    user, words = press.person.chat_id, turn.office.words.head
    rating = ratings.by_key(turn.db, tap.response)
    if rating is None or not _is_mine(turn, user, rating):
        return edited(press, home(turn, user), None if press.again else words.toast_over())
    if press.again:
        return edited(press, _rating_screen(turn, rating))
    form = _form(turn, rating.instrument_id)
    change = conversation.take(form, rating, rating_screens.tap_of(rating, tap), form.min_filled)
    match change:
        case conversation.Answered(item, nilai, step):
            ratings.answer(turn.db, rating, item, nilai, step, turn.now)
        case conversation.Moved(step):
            ratings.set_step(turn.db, rating, step, turn.now)
        case conversation.Refilled(items, step):
            ratings.ask_again(turn.db, rating, items, step, turn.now)
        case conversation.Sent():
            return _send(turn, press, rating)
        case (
            conversation.Stale()
            | conversation.Described()
            | conversation.Writing()
            | conversation.Unsaid()
            | conversation.Looked()
        ):  # a rating has neither attributes nor a suggestion
            return edited(press, _rating_screen(turn, rating), words.toast_stale())
        case _:
            assert_never(change)
    moved = ratings.by_key(turn.db, rating.key)
    if moved is None:
        raise LookupError("a rating that was just changed is gone")
    return edited(press, _rating_screen(turn, moved))


def _is_mine(turn: Turn, user: int, rating: OpenRating) -> bool:
    led = {unit.id for unit in _mine(turn, user)}
    return rating.chat_id == user and rating.unit_id in led


def _send(turn: Turn, press: Press, rating: OpenRating) -> Sequence[Effect]:
    registered = turn.office.unit_instruments[rating.instrument_id]
    ratings.send(turn.db, registered, rating, turn.office.calendar.day(turn.now))
    sent = turn.office.words.head.rating_sent(
        period=_title(turn, current_period(turn)), unit=rating.unit
    )
    return edited(press, Screen(sent, _others(turn, press.person.chat_id)))


# --- the officials' view ---------------------------------------------------------------------


def _index(turn: Turn) -> Screen:
    """The newest locked index, as it was sent to the group."""
    locked = unit_results.latest(turn.db, turn.office.unit_instruments)
    if locked is None:
        return Screen(turn.office.words.head.no_index())
    unit_figures = unit_index.read(turn.db, turn.office, locked[0])
    return Screen(unit_index.text(unit_figures, turn.office.words))


def _answered(turn: Turn) -> Screen:
    """Which units have answered and on which day; never their answers."""
    words, current = turn.office.words.head, current_period(turn)
    days = dict(ratings.answered_units(turn.db, current.id))
    led = {role.unit_id for role in people.unit_heads(turn.db)}
    lines, unit_rows = [], unit_results.active_kerja(turn.db)
    for unit in unit_rows:
        if unit.id in days:
            lines.append(words.answered_yes(unit=unit.name, day=period.day(days[unit.id])))
        else:
            line = words.answered_no if unit.id in led else words.answered_nobody
            lines.append(line(unit=unit.name))
    text = words.answered(
        period=_title(turn, current),
        n=len(days.keys() & {unit.id for unit in unit_rows}),
        units=len(unit_rows),
        lines=Html("\n".join(lines)),
    )
    if not _may_rate(turn, current):
        text += words.answered_early(opens=opens(turn, current))
    return Screen(text)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("nilai", lambda words: words.cmd_nilai, HEADS | READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    RATE: Route(HEADS, on_home),
    START: Route(HEADS, on_start),
    **{route: Route(HEADS, on_walk) for route in WALK},
}
