"""*Isi realisasi triwulan*: what an indikator reached in a quarter, and why, by a form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.officers import access
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.officers.planning import edits
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import routes
from office.conversation import Tap, to
from office.iku import plan_file, table
from office.iku.papers import KINDS
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import cut, escaped
from scoring import plan_sheets as sheets
from scoring.numbers import comma
from scoring.period import ROMAN, YEARS
from scoring.plan import QUARTERS
from scoring.plan_file import PlanFileError
from storage.planning import ikus, plans

FILL = "rencana-triwulan"
REACHED, CAUSE = sheets.REALISASI, "Penyebab"  # columns
KEPT = 40  # UTF-16 units of what stands there, on its button


def on_fill(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask which indikator; `response`: the year, `value`: the quarter."""
    row = plans.of_year(turn.db, tap.response) if tap.response in YEARS else None
    if row is None or tap.value not in QUARTERS:
        return access.gone(turn, press)
    given = {"plan": row.id, "year": tap.response, "quarter": tap.value}
    return forms.begin(turn, press.person, FILLING, given, press)


def _indicators(turn: Turn, values: Values) -> Sequence[Choice]:
    return [(one.indikator[:60], one.code) for one in ikus.of_year(turn.db, values["year"])]


def _named(turn: Turn, values: Values) -> str:
    of_year = ikus.of_year(turn.db, values["year"])
    return next((one.indikator for one in of_year if one.code == values["iku"]), values["iku"])


def _key(values: Values) -> list[str]:
    return [values["iku"], str(values["year"]), str(values["quarter"])]


def _own(turn: Turn, values: Values) -> str:
    """The figure that the bot has itself; empty where it has none."""
    year, quarter = values["year"], values["quarter"]
    of_year = ikus.of_year(turn.db, year)
    sumber = next((one.sumber for one in of_year if one.code == values.get("iku")), "")
    own = table.own_of_quarter(turn.db, turn.office, sumber, year, quarter)
    return "" if own is None else comma(own)


def _read(turn: Turn, values: Values, text: str, *, column: str) -> str:
    return edits.read(turn, values["plan"], sheets.ACTIONS, _key(values), column, text)


def _kept(turn: Turn, values: Values, *, column: str) -> Sequence[Choice]:
    """What stands there, kept by one press."""
    now = edits.cells(turn, values["plan"], sheets.ACTIONS, _key(values)).get(column, "")
    return [(turn.office.words.paper.as_it_is.plain(value=cut(now, KEPT)), now)] if now else []


def _ask_reached(turn: Turn, values: Values) -> str:
    quarter = ROMAN[values["quarter"]]
    return turn.office.words.plan.ask_reached(
        indikator=_named(turn, values), quarter=quarter, year=values["year"]
    )


def _ask_cause(turn: Turn, values: Values) -> str:
    words, own = turn.office.words.plan, _own(turn, values)
    text = words.reached_own(nilai=own) if own else ""
    return text + words.ask_cause(indikator=_named(turn, values))


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat = turn.office.words.plan, person.chat_id
    texts = {CAUSE: values["cause"] or ""}
    if "reached" in values:
        texts[REACHED] = values["reached"] or ""
    try:
        checked = edits.checked_row(turn, values["plan"], sheets.ACTIONS, _key(values), texts)
    except PlanFileError as error:
        lines = "\n".join(escaped(line) for line in error.lines)
        raise NotSaved([Show(chat, Screen(lines))]) from None
    if checked.changes:
        plan_file.apply(turn.db, checked, chat, turn.now)
    year, quarter = values["year"], values["quarter"]
    paper = year * 10 + KINDS.index(("aksi", quarter))
    buttons = (
        Button(words.another(), to(FILL, year, quarter)),
        Button(words.see_paper(), to(routes.PLANNING_PAPER, paper)),
    )
    text = words.reached_saved(indikator=_named(turn, values), quarter=ROMAN[quarter], year=year)
    return [Show(chat, Screen(text, tuple((one,) for one in buttons)))]


FILLING = register(
    Form(
        FILL,
        lambda turn, values: turn.office.words.plan.reached_title.plain(
            quarter=ROMAN[values["quarter"]], year=values["year"]
        ),
        ADMIN,
        (
            Field(
                "iku",
                lambda words: words.iku.label_indikator.plain(),
                lambda turn, _values: turn.office.words.iku.which_indicator(),
                choices=_indicators,
            ),
            Field(
                "reached",
                lambda words: words.iku.label_realisasi.plain(),
                _ask_reached,
                partial(_read, column=REACHED),
                partial(_kept, column=REACHED),
                optional=True,
                wanted=lambda turn, values: not _own(turn, values),
                decided_by="iku",
            ),
            Field(
                "cause",
                lambda words: words.plan.label_cause.plain(),
                _ask_cause,
                partial(_read, column=CAUSE),
                partial(_kept, column=CAUSE),
                optional=True,
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {FILL: Route(ADMIN, on_fill)}
