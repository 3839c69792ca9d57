"""*Ubah*: one cell of a plan by a form, read and checked as a cell of its workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.officers import access
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import routes
from office.conversation import Tap, to
from office.iku import plan_file
from office.iku.plan_file import Checked
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import cut, escaped
from reports.planning.plan_workbook import CHOICES, GENERAL_CHOICES
from scoring import plan_reader
from scoring import plan_sheets as sheets
from scoring.plan_file import PlanFileError, of_rows, tidy
from scoring.plan_sheets import Shape
from storage.database import ROW_IDS
from storage.planning import plans
from storage.planning.plans import YearTaken

CHANGE = "rencana-ubah"
NEW = "baru"  # in place of the number of a tugas or fungsi
LABEL = 60
SHAPES = {shape.name: shape for shape in sheets.SHAPES}
BY_HAND = (sheets.REALISASI, "Sumber")  # of a year: entered together, by a form of their own


def on_change(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask which cell."""
    if tap.response not in ROW_IDS or plans.by_id(turn.db, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, CHANGING, {"plan": tap.response}, press)


def _parts(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(name, name) for name in SHAPES]


def _rows(turn: Turn, values: Values) -> Sequence[Choice]:
    """The rows of a sheet; a tugas and a fungsi may be added."""
    shape, of = SHAPES[values["part"]], sheets.sheets(plans.whole(turn.db, values["plan"]))
    found = []
    for row in of[shape.name]:
        key = [text for title, text in zip(shape.columns, row, strict=True) if title in shape.key]
        text = row[2] if shape in (sheets.DUTIES, sheets.IKUS) else ""
        found.append((cut(f"{_named(key)}{': ' if text else ''}{text}", LABEL), key))
    if shape is sheets.DUTIES:
        added = [(f"{kind} {NEW}", [kind, NEW]) for kind in (sheets.TUGAS, sheets.FUNGSI)]
        return [*added, *found]
    return found


def _named(key: Sequence[str]) -> str:
    return " ".join(f"TW{part}" if at == 2 else part for at, part in enumerate(key))


def _columns(_turn: Turn, values: Values) -> Sequence[Choice]:
    shape = SHAPES[values["part"]]
    left = (*shape.key, *shape.beside, *(BY_HAND if shape is sheets.RESULTS else ()))
    return [(title, title) for title in shape.columns if title not in left]


def _column(turn: Turn, values: Values) -> str:
    return str(values.get("column") or _columns(turn, values)[0][1])


def _words(turn: Turn, values: Values) -> Sequence[Choice]:
    words: Mapping[str, str] = (
        GENERAL_CHOICES.get(values["row"][0])
        if SHAPES[values["part"]] is sheets.GENERAL
        else CHOICES.get(_column(turn, values))
    ) or {}
    return [(word, word) for word in words]


def _ask(turn: Turn, values: Values) -> str:
    words = turn.office.words.plan
    before = cells(turn, values["plan"], SHAPES[values["part"]], values["row"]).get(
        _column(turn, values), ""
    )
    return words.ask_cell(
        what=f"{_named(values['row'])}, {_column(turn, values)}",
        before=before or words.nothing.plain(),
    )


def cells(turn: Turn, plan_id: int, shape: Shape, key: Sequence[str]) -> dict[str, str]:
    """A row as it is stored, by the titles of its columns."""
    for row in sheets.sheets(plans.whole(turn.db, plan_id))[shape.name]:
        by_title = dict(zip(shape.columns, row, strict=True))
        if [by_title[title] for title in shape.key] == list(key):
            return by_title
    return {}


def _read(turn: Turn, values: Values, text: str) -> str:
    shape = SHAPES[values["part"]]
    return read(turn, values["plan"], shape, values["row"], _column(turn, values), text)


def read(turn: Turn, plan_id: int, shape: Shape, key: Sequence[str], column: str, text: str) -> str:
    """A typed text of a cell; raises InvalidInput where it cannot stand there."""
    try:
        checked_row(turn, plan_id, shape, key, {column: tidy(text)})
    except PlanFileError as error:
        raise InvalidInput("\n".join(escaped(line) for line in error.lines)) from None
    return tidy(text)


def _checked(turn: Turn, values: Values, text: str) -> Checked:
    """The plan with this text in the cell; raises PlanFileError."""
    shape, key = SHAPES[values["part"]], values["row"]
    return checked_row(turn, values["plan"], shape, key, {_column(turn, values): text})


def checked_row(
    turn: Turn, plan_id: int, shape: Shape, key: Sequence[str], texts: Mapping[str, str]
) -> Checked:
    """The plan with these texts, by the titles of their columns, in a row.

    Raises:
        PlanFileError: a text is no value of its column, or the bot has the figure itself.
    """
    plan = plans.whole(turn.db, plan_id)
    of = sheets.sheets(plan)
    rows = [_replaced(shape, row, key, texts) for row in of[shape.name]]
    if key[-1] == NEW and shape is sheets.DUTIES:
        rows.append((key[0], NEW, texts["Uraian"]))
    found = of_rows({sheets.GENERAL.name: of[sheets.GENERAL.name], shape.name: rows})
    merged = plan_reader.merged(plan, found)
    return plan_file.checked(turn.db, turn.office, plan_id, plan, merged)


def _replaced(
    shape: Shape, row: sheets.Row, key: Sequence[str], texts: Mapping[str, str]
) -> sheets.Row:
    by_title = dict(zip(shape.columns, row, strict=True))
    if [by_title[title] for title in shape.key] == list(key):
        by_title.update(texts)
    return tuple(by_title.values())


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat = turn.office.words.plan, person.chat_id
    try:
        checked = _checked(turn, values, values["text"] or "")
        if checked.changes:
            plan_file.apply(turn.db, checked, chat, turn.now)
    except PlanFileError as error:
        lines = "\n".join(escaped(line) for line in error.lines)
        raise NotSaved([Show(chat, Screen(lines))]) from None
    except YearTaken as taken:
        text = words.years_taken(name=taken.name)
        raise NotSaved([Show(chat, Screen(text))]) from None
    see = Button(words.see(), to(routes.PLAN, values["plan"]))
    more = Button(words.change(), to(CHANGE, values["plan"]))
    return [Show(chat, Screen(words.applied(name=checked.after.head.name), ((more,), (see,))))]


def _shown_row(_turn: Turn, key: Any) -> str:
    return _named(key)


def _several_columns(turn: Turn, values: Values) -> bool:
    return "part" not in values or len(_columns(turn, values)) > 1


CHANGING = register(
    Form(
        "rencana-ubah",
        lambda turn, values: turn.office.words.plan.change_title(
            name=plans.whole(turn.db, values["plan"]).head.name
        ),
        ADMIN,
        (
            Field(
                "part",
                lambda words: words.plan.label_part.plain(),
                lambda turn, _values: turn.office.words.plan.ask_part(),
                choices=_parts,
            ),
            Field(
                "row",
                lambda words: words.plan.label_row.plain(),
                lambda turn, _values: turn.office.words.plan.ask_row(),
                choices=_rows,
                show=_shown_row,
            ),
            Field(
                "column",
                lambda words: words.plan.label_column.plain(),
                lambda turn, _values: turn.office.words.plan.ask_column(),
                choices=_columns,
                wanted=_several_columns,
            ),
            Field(
                "text",
                lambda words: words.plan.label_text.plain(),
                _ask,
                _read,
                _words,
                optional=True,
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {CHANGE: Route(ADMIN, on_change)}
