"""*Tambah IKU*: a new indikator of a plan by a form, read and checked as a row of its workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bot.officers import access
from bot.officers.forms import fields, forms
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
from office.words.all_words import Words
from office.words.text import Text, cut, escaped
from scoring import plan_reader
from scoring import plan_sheets as sheets
from scoring.plan_file import PlanFileError, of_rows
from storage.database import ROW_IDS
from storage.planning import plans

ADD = "rencana-iku"
TITLES = ("sasaran", "kode", "indikator", "formulasi", "satuan", "arah", "asal")
SASARAN, INDIKATOR, FORMULASI, SATUAN = 300, 200, 1000, 40  # UTF-16 units
LABEL = 60


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for the new indikator."""
    if tap.response not in ROW_IDS or plans.by_id(turn.db, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, ADDING, {"plan": tap.response}, press)


def _sasaran(turn: Turn, values: Values) -> Sequence[Choice]:
    plan = plans.whole(turn.db, values["plan"])
    return [(cut(each.name, LABEL), each.name) for each in plan.sasaran]


def _checked(turn: Turn, plan_id: int, row: sheets.Row) -> Checked:
    """The plan with the row after the last one of its sasaran; raises PlanFileError."""
    plan = plans.whole(turn.db, plan_id)
    of = sheets.sheets(plan)
    rows = list(of[sheets.IKUS.name])
    at = max((at for at, each in enumerate(rows, 1) if each[0] == row[0]), default=len(rows))
    rows.insert(at, row)
    found = of_rows({sheets.GENERAL.name: of[sheets.GENERAL.name], sheets.IKUS.name: rows})
    return plan_file.checked(turn.db, turn.office, plan_id, plan, plan_reader.merged(plan, found))


def _code(turn: Turn, values: Values, text: str) -> str:
    """A code that no indikator of the plan has; raises InvalidInput."""
    code, words = "_".join(text.upper().split()), turn.office.words.plan
    if not plan_reader.CODE.fullmatch(code):
        raise InvalidInput(words.code_wrong())
    if any(each.code == code for each in plans.whole(turn.db, values["plan"]).iku):
        raise InvalidInput(words.code_taken(code=code))
    return code


def _row(values: Values) -> sheets.Row:
    return tuple(str(values[title]) for title in TITLES)


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat, plan_id = turn.office.words.plan, person.chat_id, values["plan"]
    try:
        checked = _checked(turn, plan_id, _row(values))
    except PlanFileError as error:
        lines = "\n".join(escaped(line) for line in error.lines)
        raise NotSaved([Show(chat, Screen(lines))]) from None
    plan_file.apply(turn.db, checked, chat, turn.now)
    targets = Button(words.fill_targets(), to(routes.TARGETS, value=checked.after.head.first))
    see = Button(words.see(), to(routes.PLAN, plan_id))
    text = words.iku_added(indikator=values["indikator"], name=checked.after.head.name)
    return [Show(chat, Screen(text, ((targets,), (see,))))]


def _line(
    name: str, label: Callable[[Words], Text], ask: Callable[[Words], Text], most: int
) -> Field:
    """A field of one typed line, of at most so many UTF-16 units."""
    return Field(
        name,
        lambda words: label(words).plain(),
        lambda turn, _values: ask(turn.office.words)(),
        partial(fields.typed, most=most),
    )


ADDING = register(
    Form(
        ADD,
        lambda turn, _values: turn.office.words.plan.add_iku_title.plain(),
        ADMIN,
        (
            Field(
                "sasaran",
                lambda words: words.plan.label_sasaran.plain(),
                lambda turn, _values: turn.office.words.plan.ask_sasaran(),
                lambda turn, _values, text: fields.line(turn, text, SASARAN),
                _sasaran,
            ),
            _line(
                "indikator",
                lambda words: words.iku.label_indikator,
                lambda words: words.plan.ask_indikator,
                INDIKATOR,
            ),
            Field(
                "kode",
                lambda words: words.plan.label_code.plain(),
                lambda turn, _values: turn.office.words.plan.ask_code(),
                _code,
            ),
            _line(
                "formulasi",
                lambda words: words.plan.label_formulasi,
                lambda words: words.plan.ask_formulasi,
                FORMULASI,
            ),
            _line(
                "satuan",
                lambda words: words.plan.label_satuan,
                lambda words: words.plan.ask_satuan,
                SATUAN,
            ),
            Field(
                "arah",
                lambda words: words.plan.label_arah.plain(),
                lambda turn, _values: turn.office.words.plan.ask_arah(),
                choices=lambda _turn, _values: [(word, word) for word in sheets.ARAH_WORDS],
            ),
            Field(
                "asal",
                lambda words: words.plan.label_sumber.plain(),
                lambda turn, _values: turn.office.words.plan.ask_sumber(),
                choices=lambda _turn, _values: [(word, word) for word in sheets.SUMBER_WORDS],
            ),
        ),
        _save,
    )
)

BUTTONS: dict[str, Route] = {ADD: Route(ADMIN, on_add)}
