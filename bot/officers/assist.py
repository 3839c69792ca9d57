"""/isi_bantu: a citizen without Telegram rates on the phone of a petugas, with a slip's number."""

from __future__ import annotations

from collections.abc import Sequence

from bot.citizens import survey
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, Route
from office import conversation
from office.conversation import Tap
from office.roles import PETUGAS
from office.survey.screens import NEXT_ASSISTED, Screen
from office.turn import Turn
from office.words.all_words import OfficeWords
from scoring.channels import CHANNELS
from storage import catalogue, people
from storage.survey import slips
from storage.survey.open_responses import NewResponse
from storage.survey.slips import ASSISTED


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/isi_bantu: ask for the slip's number and the service, then hand over the phone."""
    person = command.person
    known = {"petugas": person.chat_id}
    return _busy(turn, person) or forms.commanded(turn, command, FORM, known)


def on_next(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """*Isi berikutnya*: begin the next one in the message of the thanks."""
    person = press.person
    busy = _busy(turn, person)
    if busy:
        return [Toast(press.callback_id), *busy]
    return forms.begin(turn, person, FORM, {"petugas": person.chat_id}, press)


def _busy(turn: Turn, person: Person) -> Sequence[Effect]:
    """The screens when a response is open in this chat, the petugas' own or an assisted one."""
    response = turn.open_response(person.chat_id)
    if response is None:
        return []
    shown = survey.unfinished(turn, person)
    if response.assisted:
        return [Show(person.chat_id, shown)]
    return [Show(person.chat_id, Screen(turn.office.words.assist.own_open(), shown.rows[:1]))]


def _number(turn: Turn, _values: Values, typed: str) -> str:
    words, number = turn.office.words.assist, slips.normalized(typed)
    if number is None:
        raise InvalidInput(words.number_wrong())
    if slips.is_taken(turn.db, turn.period().id, number):
        raise InvalidInput(words.number_taken())
    return number


def _is_own(turn: Turn, user_id: int, service_id: int) -> bool:
    """Whether it is the service of the petugas' own counter, which is counted apart."""
    duty = people.duty_counter(turn.db, user_id)
    own = catalogue.active_counter(turn.db, duty) if duty is not None else None
    return own is not None and own.service_id == service_id


def _services(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(service.name, service.id) for service in catalogue.active_services(turn.db)]


def _own_note(turn: Turn, values: Values) -> Sequence[str]:
    own = _is_own(turn, values["petugas"], values["service"])
    return [turn.office.words.assist.own_service()] if own else []


def _service_name(turn: Turn, service_id: int) -> str:
    service = catalogue.active_service(turn.db, service_id)
    return "" if service is None else service.name


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    """Begin the response at the hand-over, after checking everything once more."""
    words, chat, period = turn.office.words.assist, person.chat_id, turn.period()
    if busy := _busy(turn, person):
        raise NotSaved(busy)
    service = catalogue.active_service(turn.db, values["service"])
    if service is None:
        raise NotSaved([Show(chat, Screen(words.service_gone()))])
    number = values["number"]
    if not slips.take(turn.db, period.id, number):
        raise NotSaved([Show(chat, Screen(words.taken_meanwhile()))])
    kanal = (CHANNELS[ASSISTED].own if _is_own(turn, chat, service.id) else None) or ASSISTED
    start = NewResponse(chat, service, None, kanal, 1, "id", number)
    response = turn.open_responses.start(
        start, period, turn.office.asked_in(period), conversation.HAND_OVER
    )
    if response.slip != number:  # another process has begun one in this chat
        slips.free(turn.db, period.id, number)
        raise NotSaved(_busy(turn, person))
    return [Show(chat, survey.screen_of(turn, person, response))]


FORM = register(
    Form(
        "isi-bantu",
        lambda turn, _values: turn.office.words.assist.title(),
        PETUGAS,
        (
            Field(
                "number",
                lambda words: words.assist.label_number.plain(),
                lambda turn, _values: turn.office.words.assist.number_ask(),
                read=_number,
            ),
            Field(
                "service",
                lambda words: words.assist.label_service.plain(),
                lambda turn, _values: turn.office.words.assist.service_ask(),
                choices=_services,
                show=_service_name,
            ),
        ),
        _save,
        goes_on=True,
        notes=_own_note,
    )
)

COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("isi_bantu", lambda words: words.cmd_isi_bantu, PETUGAS, on_command),
)

BUTTONS: dict[str, Route] = {NEXT_ASSISTED: Route(PETUGAS, on_next)}
