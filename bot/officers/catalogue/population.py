"""*Pengguna layanan*: how many used each unit's services in a period, until its lock."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Field, Form, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.routes import Route
from bot.turn.turn import Turn, edited
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import PAGE, Button, Screen, on_page, paged, turning
from office.words.all_words import Html
from scoring import period as calendar
from scoring import sample
from scoring.numbers import grouped
from storage import audit, catalogue, periods
from storage.catalogue import Noun, Unit
from storage.database import ROW_IDS
from storage.periods import PeriodRow

LIST = "pengguna"
LOCKED = "locked"


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The periods whose users can still be entered, and the one locked last."""
    words = turn.office.words.manage
    locked = periods.latest_locked(turn.db, "ikm")
    shown = [*reversed(periods.unlocked(turn.db, "ikm")), *([locked] if locked else [])]
    rows = [(Button(_named(turn, period), to("pengguna-periode", period.id)),) for period in shown]
    back = (Button(words.back(), to("kelola")),)
    return edited(press, Screen(words.users_screen(), (*rows, back)))


def _named(turn: Turn, period: PeriodRow) -> str:
    title = calendar.title(turn.office.calendar.parse(period.label))
    return f"🔒 {title}" if period.status == LOCKED else title


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The users of each unit in a period."""
    period = _known(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    toast = turn.office.words.manage.users_locked() if period.status == LOCKED else None
    return edited(press, _screen(turn, period, tap.value), toast)


def _known(turn: Turn, number: int) -> PeriodRow | None:
    period = periods.by_id(turn.db, number) if number in ROW_IDS else None
    return period if period and period.kind == "ikm" else None


def _screen(turn: Turn, period: PeriodRow, page: int = 0) -> Screen:
    words = turn.office.words.manage
    users = catalogue.users_by_unit(turn.db, period.id)
    units = catalogue.units_with_services(turn.db)
    page = on_page(page, len(units), PAGE)
    lines = [_line(turn, unit, users) for unit in units[page * PAGE : (page + 1) * PAGE]]
    locked = period.status == LOCKED
    text = words.users_of_period(
        period=calendar.title(turn.office.calendar.parse(period.label)),
        units=Html("\n".join(lines)),
        note=words.users_locked() if locked else words.users_help(),
    )
    citizen_words, again = turn.office.words.of("id"), "pengguna-periode"
    rows = paged(
        citizen_words,
        units,
        page,
        lambda unit: Button(unit.name, to("pengguna-isi", period.id, unit.id)),
        lambda number: to(again, period.id, number),
    )
    if locked:
        rows = turning(
            citizen_words, page, len(units), PAGE, lambda number: to(again, period.id, number)
        )
    return Screen(text, (*rows, (Button(words.back(), to(LIST)),)))


def _line(turn: Turn, unit: Unit, users: dict[int, int]) -> str:
    words = turn.office.words.manage
    if unit.id not in users:
        return words.users_unknown(unit=unit.name)
    count = users[unit.id]
    required = sample.krejcie_morgan(count)
    return words.users_known(unit=unit.name, users=grouped(count), sample=grouped(required))


def on_fill(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for the users of a unit; after the lock, a toast says why not."""
    period, unit = _known(turn, tap.response), catalogue_rows.known(turn, Noun.UNIT, tap.value)
    if period is None or unit is None:
        return access.gone(turn, press)
    if period.status == LOCKED:
        return edited(press, _screen(turn, period), turn.office.words.manage.users_locked())
    given = {"period": period.id, "unit": unit.id, "name": unit.name, "label": period.label}
    return forms.begin(turn, press.person, FILLING, given, press)


def _fill(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    periods.lock_row(turn.db, values["period"])  # wait for a lock in progress
    period, unit = _known(turn, values["period"]), catalogue.unit(turn.db, values["unit"])
    if period is None or unit is None or period.status == LOCKED:
        return [Show(person.chat_id, Screen(turn.office.words.manage.users_locked()))]
    before = catalogue.users_by_unit(turn.db, period.id).get(unit.id, 0)
    if before != values["users"]:
        catalogue.set_users(turn.db, period.id, unit.id, values["users"])
        audit.record(
            turn.db, turn.now, person.chat_id, "pengguna_layanan", f"{period.label} {unit.slug}",
            before=before, after=values["users"],
        )  # fmt: skip
    return [Show(person.chat_id, _screen(turn, period))]


FILLING = register(
    Form(
        "pengguna",
        lambda turn, values: turn.office.words.manage.users_title(period=values["label"]),
        ADMIN,
        (
            Field(
                "users",
                lambda words: words.manage.label_users.plain(),
                lambda turn, values: turn.office.words.manage.ask_users(unit=values["name"]),
                lambda turn, _values, text: fields.whole(turn, text),
                show=lambda _turn, users: grouped(users),
            ),
        ),
        _fill,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    "pengguna-periode": Route(ADMIN, on_period),
    "pengguna-isi": Route(ADMIN, on_fill),
}
