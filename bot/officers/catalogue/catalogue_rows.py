"""What units, services and counters share: they are renamed, marked, deactivated, never deleted.

A button that changes a row carries its number of changes: an outdated button changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bot.officers.access import gone
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from storage import audit, catalogue
from storage.catalogue import Noun, Service, ServiceCounter, Unit
from storage.database import ROW_IDS, Db

Row: TypeAlias = Unit | Service | ServiceCounter
ScreenOf: TypeAlias = Callable[[Turn, int], Screen]

READ: Mapping[Noun, Callable[[Db, int], Row | None]] = {
    Noun.UNIT: catalogue.unit,
    Noun.SERVICE: catalogue.service,
    Noun.COUNTER: catalogue.counter,
}
REVISIONS = 100_000  # more than a button's revision can hold


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean column that a button sets or clears; `blocked` gives the toast when it may not."""

    noun: Noun
    word: str  # of its route and its audit
    column: str
    blocked: Callable[[Turn, Row, bool], str | None] = lambda _turn, _row, _on: None


def known(turn: Turn, noun: Noun, number: int) -> Row | None:
    """The row of a button; None when there is none."""
    return READ[noun](turn.db, number) if number in ROW_IDS else None


def target(db: Db, noun: Noun, row: Row) -> str:
    """The target of the audit entries about a row."""
    if isinstance(row, ServiceCounter):
        service = catalogue.service(db, row.service_id)
        return f"{noun} {service.slug if service else ''}_{row.slug}"
    return f"{noun} {row.slug}"


def revision(turn: Turn, audit_target: str) -> int:
    """The number of changes of a target, as buttons carry it."""
    return audit.change_count(turn.db, audit_target) % REVISIONS


def label(turn: Turn, row: Row) -> str:
    """A row's name in a list; an inactive row is marked."""
    return row.name if row.active else turn.office.words.manage.inactive_item(name=row.name)


def rename_button(turn: Turn, noun: Noun, row: Row) -> Button:
    """*Ubah nama*."""
    return Button(turn.office.words.manage.rename(), to(f"nama-{noun}", row.id))


def flag_button(turn: Turn, flag: Flag, row: Row, put: str, take: str) -> Button:
    """A button to set the flag, or to clear it where it is set."""
    on = bool(getattr(row, flag.column))
    seen = revision(turn, target(turn.db, flag.noun, row))
    return Button(take if on else put, to(f"{flag.word}-{flag.noun}", row.id, int(not on), seen))


def active_button(turn: Turn, flag: Flag, row: Row) -> Button:
    """*Nonaktifkan*, or *Aktifkan*."""
    words = turn.office.words.manage
    return flag_button(turn, flag, row, words.activate(), words.deactivate())


def listed(
    turn: Turn,
    text: str,
    noun: Noun,
    listed_rows: Sequence[Row],
    page: int,
    turn_to: Callable[[int], Tap],
    *last: Button,
) -> Screen:
    """A page of rows, each a button to its own screen, above these last buttons."""
    rows = paged(
        turn.office.words.of("id"),
        listed_rows,
        page,
        lambda row: Button(label(turn, row), to(f"{noun}-satu", row.id)),
        turn_to,
    )
    return Screen(text, (*rows, *((button,) for button in last)))


def row_routes(noun: Noun, screen: ScreenOf, *flags: Flag) -> dict[str, Route]:
    """The routes of a row's screen, of renaming it, and of these flags."""
    form = _renaming(noun, screen)
    routes: dict[str, Route] = {}
    routes[f"{noun}-satu"] = Route(ADMIN, partial(_on_one, noun=noun, screen=screen))
    routes[f"nama-{noun}"] = Route(ADMIN, partial(_on_rename, noun=noun, form=form))
    for flag in flags:
        routes[f"{flag.word}-{noun}"] = Route(ADMIN, partial(_on_flag, flag=flag, screen=screen))
    return routes


def _on_one(
    turn: Turn, press: Press, tap: Tap, *, noun: Noun, screen: ScreenOf
) -> Sequence[Effect]:
    if known(turn, noun, tap.response) is None:
        return gone(turn, press)
    return edited(press, screen(turn, tap.response))


def _on_flag(
    turn: Turn, press: Press, tap: Tap, *, flag: Flag, screen: ScreenOf
) -> Sequence[Effect]:
    row = known(turn, flag.noun, tap.response)
    if row is None:
        return gone(turn, press)
    audit_target, on = target(turn.db, flag.noun, row), bool(tap.value)
    toast = None if press.again else stale(turn, tap, audit_target) or flag.blocked(turn, row, on)
    before = bool(getattr(row, flag.column))
    if not press.again and toast is None and before != on:
        catalogue.change(turn.db, flag.noun, row.id, **{flag.column: on})
        action = f"{flag.word}_{flag.noun}"
        user = press.person.chat_id
        audit.record(turn.db, turn.now, user, action, audit_target, before=before, after=on)
    return edited(press, screen(turn, row.id), toast)


def stale(turn: Turn, tap: Tap, audit_target: str) -> str | None:
    """The toast when the row was changed after the button was shown; else None."""
    return None if tap.revision == revision(turn, audit_target) else turn.office.words.form.stale()


def _on_rename(turn: Turn, press: Press, tap: Tap, *, noun: Noun, form: Form) -> Sequence[Effect]:
    row = known(turn, noun, tap.response)
    if row is None:
        return gone(turn, press)
    return forms.begin(turn, press.person, form, {"id": row.id, "before": row.name}, press)


def _renaming(noun: Noun, screen: ScreenOf) -> Form:
    def read(turn: Turn, values: Values, text: str) -> str:
        row = READ[noun](turn.db, values["id"])
        beside = siblings(turn.db, noun, row.service_id if isinstance(row, ServiceCounter) else 0)
        return free_name(turn, values, text, beside)

    def save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
        row = READ[noun](turn.db, values["id"])
        if row is not None and row.name != values["name"]:
            catalogue.change(turn.db, noun, row.id, name=values["name"])
            audit_target = target(turn.db, noun, row)
            audit.record(
                turn.db, turn.now, person.chat_id, f"ubah_nama_{noun}", audit_target,
                before=row.name, after=values["name"],
            )  # fmt: skip
        return [Show(person.chat_id, screen(turn, values["id"]))]

    return register(
        Form(
            f"nama-{noun}",
            lambda turn, values: turn.office.words.manage.rename_title(),
            ADMIN,
            (
                Field(
                    "name",
                    lambda words: words.manage.label_name.plain(),
                    lambda turn, values: turn.office.words.manage.ask_new_name(
                        before=values["before"], most=fields.NAME
                    ),
                    read,
                ),
            ),
            save,
        )
    )


def siblings(db: Db, noun: Noun, service_id: int = 0) -> Sequence[Row]:
    """The rows among which a name must be unique."""
    match noun:
        case Noun.UNIT:
            return catalogue.units(db)
        case Noun.SERVICE:
            return catalogue.services(db)
        case Noun.COUNTER:
            return catalogue.counters(db, service_id)


def free_name(turn: Turn, values: Values, text: str, beside: Iterable[Row]) -> str:
    """A name that no other active row has; `values["id"]` is the row being renamed."""
    named = fields.name(turn, values, text)
    for row in beside:
        same = row.name.casefold() == named.casefold()
        if same and row.active and row.id != values.get("id"):
            raise InvalidInput(turn.office.words.manage.name_taken())
    return named


def naming(noun: Noun) -> tuple[Field, Field]:
    """The two fields of a new row: its name, and its code, which is proposed.

    A counter's form has its service as `service` among its values.
    """

    def beside(turn: Turn, values: Values) -> Sequence[Row]:
        return siblings(turn.db, noun, values.get("service", 0))

    def read_name(turn: Turn, values: Values, text: str) -> str:
        return free_name(turn, values, text, beside(turn, values))

    def read_slug(turn: Turn, values: Values, text: str) -> str:
        code = fields.slug(turn, text)
        if any(row.slug == code for row in beside(turn, values)):
            raise InvalidInput(turn.office.words.manage.slug_taken())
        return code

    def proposals(turn: Turn, values: Values) -> Sequence[Choice]:
        taken = {row.slug for row in beside(turn, values)}
        code = fields.proposed(values["name"], taken.__contains__)
        return [] if code is None else [(code, code)]

    return (
        Field(
            "name",
            lambda words: words.manage.label_name.plain(),
            lambda turn, values: turn.office.words.manage.ask_name(most=fields.NAME),
            read_name,
        ),
        Field(
            "slug",
            lambda words: words.manage.label_slug.plain(),
            lambda turn, values: turn.office.words.manage.ask_slug(most=fields.SLUG),
            read_slug,
            proposals,
        ),
    )


def added(
    turn: Turn, person: Person, noun: Noun, number: int | None, screen: ScreenOf
) -> Sequence[Effect]:
    """Record a new row in the audit and show it; None: its code was taken meanwhile."""
    row = None if number is None else READ[noun](turn.db, number)
    if row is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.slug_taken()))])
    audit_target = target(turn.db, noun, row)
    audit.record(turn.db, turn.now, person.chat_id, f"tambah_{noun}", audit_target, after=row.name)
    return [Show(person.chat_id, screen(turn, row.id))]


def start_link(turn: Turn, service: Service, counter: ServiceCounter | None = None) -> str:
    """The link of a QR code."""
    desk = "" if counter is None else f"_{counter.slug}"
    return f"https://t.me/{turn.office.username}?start=l_{service.slug}{desk}"
