"""The two forms of *Tindak lanjut*: a new line of a plan, and the progress of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from bot.officers import access
from bot.officers.follow_up import plans
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.routes import Route
from office.conversation import Tap
from office.figures import figures
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from office.words.text import cut
from scoring import naming
from scoring.numbers import comma
from scoring.period import long_day
from storage import audit, follow_ups, periods
from storage.periods import PeriodRow

RESPONSIBLE, TEXT = 120, 300  # UTF-16 units
STATUSES = ("rencana", "berjalan", "selesai", "batal")


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A new line of a period's plan."""
    period = plans.ended(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    if follow_ups.report_signed(turn.db, period.id):
        return plans.refused_as_signed(turn, press, period)
    return forms.begin(turn, press.person, ADDING, {"period": period.id}, press)


def _choices(turn: Turn, values: Values) -> Sequence[Choice]:
    """The unsur, the lowest of that period first and marked."""
    words, period = turn.office.words.paper, plans.ended(turn, values["period"])
    if period is None:
        return ()
    instrument = turn.office.instruments[period.instrument_id].instrument
    lowest = _lowest(turn, period)
    first = [
        (words.unsur_lowest.plain(unsur=instrument.title(code), nrr=comma(nrr, 3)), code)
        for code, nrr in lowest.items()
    ]
    return [
        *first,
        *((instrument.title(code), code) for code in instrument.unsur_codes if code not in lowest),
    ]


def _lowest(turn: Turn, period: PeriodRow) -> dict[str, Fraction]:
    """The priorities with their NRR, lowest first; none before the lock."""
    if period.status != "locked" or period.runs_into is not None:
        return {}
    found = figures.of_period(turn.db, turn.office, period)
    lowest, low_mutu = naming.priorities(found.score, found.moments)
    return {unsur.code: unsur.nrr for unsur in (*lowest, *low_mutu)}


def _unsur(turn: Turn, code: str) -> str:
    instrument = turn.office.instruments[turn.period().instrument_id].instrument
    return instrument.title(code) if code in instrument.codes else code


def _typed(turn: Turn, _values: Values, text: str, *, most: int) -> str:
    return fields.line(turn, text, most)


def _day(turn: Turn, _values: Values, text: str) -> str:
    return fields.day(turn, text).isoformat()


def _past(turn: Turn, values: Values) -> Sequence[str]:
    due = values.get("due")
    past = due is not None and date.fromisoformat(due) < turn.office.calendar.day(turn.now)
    return [turn.office.words.paper.due_past()] if past else []


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    period = plans.ended(turn, values["period"])
    if period is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    if follow_ups.report_signed(turn.db, period.id):
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.paper.already_signed()))])
    due = date.fromisoformat(values["due"]) if values["due"] else None
    number = follow_ups.add(
        turn.db, period.id, values["unsur"], values["kegiatan"], values["responsible"], due,
        person.chat_id, turn.now,
    )  # fmt: skip
    target = _audit_target(number, period)
    user, action = person.chat_id, "tambah_tindak_lanjut"
    audit.record(turn.db, turn.now, user, action, target, after=values["kegiatan"])
    return [Show(person.chat_id, plans.plan_screen(turn, person.chat_id, period))]


def _audit_target(number: int, period: PeriodRow) -> str:
    return f"tindak lanjut {period.label} no. {number}"


UNSUR = Field(
    "unsur",
    lambda words: words.paper.label_unsur.plain(),
    lambda turn, _values: turn.office.words.paper.ask_unsur(),
    choices=_choices,
    show=_unsur,
)
ADDING = register(
    Form(
        "tindak-baru",
        lambda turn, values: _form_title(turn, values),
        ADMIN,
        (
            UNSUR,
            Field(
                "kegiatan",
                lambda words: words.paper.label_kegiatan.plain(),
                lambda turn, _values: turn.office.words.paper.ask_kegiatan(most=plans.KEGIATAN),
                partial(_typed, most=plans.KEGIATAN),
            ),
            Field(
                "responsible",
                lambda words: words.paper.label_responsible.plain(),
                lambda turn, _values: turn.office.words.paper.ask_responsible(most=RESPONSIBLE),
                partial(_typed, most=RESPONSIBLE),
            ),
            Field(
                "due",
                lambda words: words.paper.label_due.plain(),
                lambda turn, _values: turn.office.words.paper.ask_due(),
                _day,
                show=lambda _turn, value: long_day(date.fromisoformat(value)),
                optional=True,
            ),
        ),
        _add,
        notes=_past,
    )
)


def _form_title(turn: Turn, values: Values) -> str:
    period = plans.ended(turn, values["period"])
    named = plans.title(turn, period) if period else ""
    return turn.office.words.paper.plan_title.plain(period=named)


# --- progress ---------------------------------------------------------------------------------


def on_change(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Enter the progress of a line."""
    line = plans.known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    given = {"line": line.id, "kegiatan": line.kegiatan}
    return forms.begin(turn, press.person, CHANGING, given, press)


def _statuses(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(plans.status(turn, status), status) for status in STATUSES]


def _same(turn: Turn, values: Values, *, name: str) -> Sequence[Choice]:
    """The current value, kept by one press."""
    line = plans.known(turn, values["line"])
    value = str(getattr(line, name)) if line else ""
    if not value:
        return ()
    return [(turn.office.words.paper.as_it_is.plain(value=cut(value, 40)), value)]


def _change(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    line = plans.known(turn, values["line"])
    period = periods.by_id(turn.db, line.period_id) if line else None
    if line is None or period is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    written = {name: values[name] or "" for name in ("description", "evidence", "obstacle")}
    before = _progress(line.status, line.description, line.evidence, line.obstacle)
    after = _progress(values["status"], **written)
    if before != after:
        follow_ups.change(
            turn.db, line.id, person.chat_id, turn.now, status=values["status"], **written
        )
        audit.record(
            turn.db, turn.now, person.chat_id, "ubah_tindak_lanjut", _audit_target(line.id, period),
            before=before, after=after,
        )  # fmt: skip
    changed = plans.known(turn, line.id) or line
    return [Show(person.chat_id, plans.line_screen(turn, person.chat_id, changed))]


def _progress(status: str, description: str, evidence: str, obstacle: str) -> Mapping[str, str]:
    """The progress of a line, as the audit records it."""
    progress = {"keadaan": status, "uraian": description, "bukti": evidence}
    return progress | {"hambatan": obstacle}


CHANGING = register(
    Form(
        "tindak-kemajuan",
        lambda turn, _values: turn.office.words.paper.change_plan_title(),
        ADMIN,
        (
            Field(
                "status",
                lambda words: words.paper.label_status.plain(),
                lambda turn, values: turn.office.words.paper.ask_status(
                    kegiatan=values["kegiatan"]
                ),
                choices=_statuses,
                show=plans.status,
            ),
            Field(
                "description",
                lambda words: words.paper.label_description.plain(),
                lambda turn, _values: turn.office.words.paper.ask_description(most=TEXT),
                partial(_typed, most=TEXT),
                partial(_same, name="description"),
                optional=True,
            ),
            Field(
                "evidence",
                lambda words: words.paper.label_evidence.plain(),
                lambda turn, _values: turn.office.words.paper.ask_evidence(most=TEXT),
                partial(_typed, most=TEXT),
                partial(_same, name="evidence"),
                optional=True,
            ),
            Field(
                "obstacle",
                lambda words: words.paper.label_obstacle.plain(),
                lambda turn, _values: turn.office.words.paper.ask_obstacle(most=TEXT),
                partial(_typed, most=TEXT),
                partial(_same, name="obstacle"),
                optional=True,
            ),
        ),
        _change,
    )
)

BUTTONS: dict[str, Route] = {
    plans.ADD: Route(ADMIN, on_add),
    plans.CHANGE: Route(ADMIN, on_change),
}
