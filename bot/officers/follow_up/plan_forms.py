"""The two forms of *Tindak lanjut*: a new line of a plan, and the progress of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from bot.officers import access
from bot.officers.follow_up import lines, plan_fields, plans
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import routes
from office.conversation import Tap
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from office.words.text import cut
from storage import audit, follow_ups

TEXT = 300  # UTF-16 units
STATUSES = ("rencana", "berjalan", "selesai", "batal")


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A new line of a period's plan."""
    period = lines.ended(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    if follow_ups.report_signed(turn.db, period.id):
        return plans.refused_as_signed(turn, press, period)
    return forms.begin(turn, press.person, ADDING, {"period": period.id}, press)


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    period = lines.ended(turn, values["period"])
    if period is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    if follow_ups.report_signed(turn.db, period.id):
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.paper.already_signed()))])
    due = date.fromisoformat(values["due"]) if values["due"] else None
    number = follow_ups.add(
        turn.db, period.id, values["unsur"], values["kegiatan"], values["responsible"], due,
        person.chat_id, turn.now,
    )  # fmt: skip
    target = f"tindak lanjut {period.label} no. {number}"
    user, action = person.chat_id, "tambah_tindak_lanjut"
    audit.record(turn.db, turn.now, user, action, target, after=values["kegiatan"])
    return [Show(person.chat_id, plans.plan_screen(turn, person.chat_id, period))]


ADDING = register(
    Form(
        "tindak-baru",
        lambda turn, values: _form_title(turn, values),
        ADMIN,
        (
            plan_fields.UNSUR,
            *plan_fields.PLANNED,
        ),
        _add,
        notes=plan_fields.past,
    )
)


def _form_title(turn: Turn, values: Values) -> str:
    period = lines.ended(turn, values["period"])
    named = lines.title(turn, period) if period else ""
    return turn.office.words.paper.plan_title.plain(period=named)


# --- progress ---------------------------------------------------------------------------------


def on_change(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Enter the progress of a line."""
    line = lines.known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    given = {"line": line.id, "kegiatan": cut(line.subject, lines.KEGIATAN)}
    return forms.begin(turn, press.person, CHANGING, given, press)


def _statuses(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(lines.status(turn, status), status) for status in STATUSES]


def _change(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    line = lines.known(turn, values["line"])
    if line is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    written = {name: values[name] or "" for name in ("description", "evidence", "obstacle")}
    before = _progress(line.status, line.description, line.evidence, line.obstacle)
    after = _progress(values["status"], **written)
    if before != after:
        follow_ups.change(
            turn.db, line.id, person.chat_id, turn.now, status=values["status"], **written
        )
        audit.record(
            turn.db, turn.now, person.chat_id, "ubah_tindak_lanjut", lines.audit_target(turn, line),
            before=before, after=after,
        )  # fmt: skip
    changed = lines.known(turn, line.id) or line
    return [Show(person.chat_id, lines.line_screen(turn, person.chat_id, changed))]


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
                show=lines.status,
            ),
            Field(
                "description",
                lambda words: words.paper.label_description.plain(),
                lambda turn, _values: turn.office.words.paper.ask_description(most=TEXT),
                partial(fields.typed, most=TEXT),
                partial(plan_fields.same, name="description"),
                optional=True,
            ),
            Field(
                "evidence",
                lambda words: words.paper.label_evidence.plain(),
                lambda turn, _values: turn.office.words.paper.ask_evidence(most=TEXT),
                partial(fields.typed, most=TEXT),
                partial(plan_fields.same, name="evidence"),
                optional=True,
            ),
            Field(
                "obstacle",
                lambda words: words.paper.label_obstacle.plain(),
                lambda turn, _values: turn.office.words.paper.ask_obstacle(most=TEXT),
                partial(fields.typed, most=TEXT),
                partial(plan_fields.same, name="obstacle"),
                optional=True,
            ),
        ),
        _change,
    )
)

BUTTONS: dict[str, Route] = {
    routes.ADD_FOLLOW_UP: Route(ADMIN, on_add),
    routes.CHANGE_FOLLOW_UP: Route(ADMIN, on_change),
}
