"""/gugurkan: void a response, named by its receipt or slip, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Person
from bot.turn.turn import CommandRoute
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import OfficeWords
from office.words.text import escaped
from scoring import period as calendar
from scoring.channels import CHANNELS
from storage import audit, periods
from storage.settings import program_state
from storage.survey import slips, voids
from storage.survey.voids import VoidableResponse


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/gugurkan: code, reason, confirmation."""
    return forms.commanded(turn, command, FORM, {})


def _code(turn: Turn, _values: Values, typed: str) -> dict[str, object]:
    """The responses of a code; a receipt's form is possible for a slip's number too."""
    code = slips.normalized(typed)
    if code is None:
        raise InvalidInput(turn.office.words.period.void_code_wrong())
    matches = voids.by_code(turn.db, code)
    if not matches:
        raise InvalidInput(turn.office.words.period.void_unknown())
    return {"code": code, "ids": [response.id for response in matches]}


def _several(values: Values) -> bool:
    return len(values["code"]["ids"]) > 1


def _which(turn: Turn, values: Values) -> Sequence[Choice]:
    ids = values["code"]["ids"]
    return [(_shown_response(turn, voids.by_id(turn.db, number)), number) for number in ids]


def _chosen(values: Values) -> int:
    """The id of the response: the only one of the code, or the one chosen of several."""
    return int(values["which"] if _several(values) else values["code"]["ids"][0])


def _shown_response(turn: Turn, response: VoidableResponse | None) -> str:
    """A response as it may be shown, without its answers. Plain text."""
    words = turn.office.words.period
    if response is None:
        return words.void_gone()
    day, kanal = calendar.day(response.tanggal), CHANNELS[response.kanal].name
    return " · ".join((response.service, day, kanal, _title(turn, response)))


def _title(turn: Turn, response: VoidableResponse) -> str:
    return calendar.title(turn.office.calendar.parse(response.period))


def _ask_reason(turn: Turn, values: Values) -> str:
    return turn.office.words.period.void_reason_ask(
        what=_shown_response(turn, voids.by_id(turn.db, _chosen(values)))
    )


def _reason(turn: Turn, _values: Values, typed: str) -> str:
    return fields.reason(turn, typed, turn.office.words.period.void_reason_short())


def _notes(turn: Turn, values: Values) -> Sequence[str]:
    words, response = turn.office.words.period, voids.by_id(turn.db, _chosen(values))
    notes = [_shown_response(turn, response), words.void_note()]
    if response is not None and response.closed:
        notes.append(words.void_note_revision(period=_title(turn, response)))
    return notes


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, open_responses, user = turn.office.words.period, turn.open_responses, person.chat_id
    number, reason = _chosen(values), values["reason"]
    response = voids.by_id(turn.db, number)
    try:
        numbered = voids.void(
            turn.db, open_responses.known, open_responses.deltas, number, user, reason, turn.now
        )
    except (voids.NotVoidable, periods.Locked) as refused:
        raise NotSaved([Show(user, Screen(escaped(str(refused))))]) from None
    if response is None:  # counted only after the first statement
        raise LookupError("a response was voided that did not exist before")
    program_state.note_deletion(turn.db, turn.office.calendar.day(turn.now))  # its suggestion
    before = {
        "layanan": response.service,
        "tanggal": response.tanggal.isoformat(),
        "kanal": response.kanal,
        "urutan": response.urutan,
        "petugas": response.petugas,
    }
    audit.record(
        turn.db, turn.now, user, "gugurkan", response.period,
        before=before, after={"revisi": numbered}, reason=reason,
    )  # fmt: skip
    text = words.voided(what=_shown_response(turn, response))
    if numbered is not None:
        text += words.voided_revision(number=numbered, period=_title(turn, response))
    return [Show(user, Screen(text))]


def _label_code(_turn: Turn, value: dict[str, str]) -> str:
    return value["code"]


FORM = register(
    Form(
        "gugurkan",
        lambda turn, _values: turn.office.words.period.void_title(),
        ADMIN,
        (
            Field(
                "code",
                lambda words: words.period.label_code.plain(),
                lambda turn, _values: turn.office.words.period.void_code_ask(),
                read=_code,
                show=_label_code,
            ),
            Field(
                "which",
                lambda words: words.period.label_which.plain(),
                lambda turn, _values: turn.office.words.period.void_which_ask(),
                choices=_which,
                show=lambda turn, number: _shown_response(turn, voids.by_id(turn.db, number)),
                wanted=lambda _turn, values: "code" in values and _several(values),
                decided_by="code",
            ),
            Field(
                "reason", lambda words: words.period.label_reason.plain(), _ask_reason, read=_reason
            ),
        ),
        _save,
        _notes,
    )
)


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("gugurkan", lambda words: words.cmd_gugurkan, ADMIN, on_command),
)
