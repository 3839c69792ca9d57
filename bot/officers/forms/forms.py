"""Forms: the fields are asked one by one, the values are shown once more, then saved.

The state of a form is the chat's awaited row: the form's name, the step, the values so far.
A button carries the step, so a button of an older screen changes nothing, and a checksum of its
choice.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from telegram import Message

from bot.officers.access import may, refused, refused_press
from bot.officers.forms.form import (
    FORMS,
    Choice,
    Field,
    Form,
    InvalidInput,
    NotSaved,
    Values,
)
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press, Typed
from bot.turn.turn import edited
from office.conversation import Kind, Tap
from office.survey.screens import PAGE, Button, Screen, paged
from office.turn import Turn
from office.words.all_words import Html
from office.words.form import FormWords
from office.words.text import escaped
from reports.publication.public_figures import public_text
from storage import awaited

FORM = "formulir"  # the kind of the awaited row
LONGEST = 500  # characters of a value on the last screen
CHOSEN, FREE = "☑ ", "☐ "  # before a choice of many
AT_ONCE = 12  # choices on one screen; of more a page is shown


class Act(StrEnum):
    """What a form's button does."""

    PICK = "pilih"
    DROP = "lepas"
    DONE = "lanjut"
    SKIP = "lewat"
    BACK = "kembali"
    CANCEL = "batal"
    SAVE = "simpan"
    PAGE = "halaman"


def begin(
    turn: Turn, person: Person, form: Form, values: Values, press: Press | None = None
) -> Sequence[Effect]:
    """Ask the first question, in the pressed message; `values` are known already.

    A press that was handled before changes nothing: the form may be further on by now.
    """
    if press is not None and press.again:
        return [Toast(press.callback_id)]
    response = turn.open_response(person.chat_id)
    if response is not None and response.writing:
        turn.open_responses.await_suggestion(response, False)
    return _asked(turn, person, form, _next(turn, form, values, -1), values, press)


def commanded(turn: Turn, command: Command, form: Form, values: Values) -> Sequence[Effect]:
    """Begin by a command; a command handled before shows the current screen of the form."""
    if not command.again:
        return begin(turn, command.person, form, values)
    row = awaited.of_chat(turn.db, command.person.chat_id)
    if row is None or row.kind != FORM:
        return []
    return [Show(command.person.chat_id, _screen(turn, *_state(row.data)))]


def on_typed(turn: Turn, typed: Typed) -> Sequence[Effect]:
    """A text or a file, sent while a form is open in this chat."""
    form, step, values = _state(typed.data)
    person = typed.person
    if not may(turn, person.chat_id, form.roles):
        awaited.forget(turn.db, person.chat_id)
        return refused(turn, person)
    if typed.again:
        return [Show(person.chat_id, _screen(turn, form, step, values))]
    if step >= len(form.fields):
        hint = turn.office.words.form.use_buttons()
        shown = _screen(turn, form, step, values)
        return [Show(person.chat_id, Screen(hint)), Show(person.chat_id, shown)]
    field = form.fields[step]
    if field.read is None and not field.file and typed.message.text:
        shown = _screen(turn, form, step, values, typed=typed.message.text)
        if len(shown.rows) > 1 and len(field.choices(turn, values)) > AT_ONCE:
            return [Show(person.chat_id, shown)]
    try:
        value = _taken(turn, field, values, typed.message)
    except InvalidInput as refusal:
        return [Show(person.chat_id, Screen(str(refusal)))]
    values = {**values, field.name: value}
    return _asked(turn, person, form, _next(turn, form, values, step), values, None)


def _taken(turn: Turn, field: Field, values: Values, message: Message) -> Any:
    words = turn.office.words.form
    if field.file:
        document = message.document
        if document is None:
            raise InvalidInput(words.use_file())
        value = {
            "file_id": document.file_id,
            "name": public_text(document.file_name or ""),
            "size": document.file_size or 0,
            "mime": document.mime_type or "",
        }
        return field.check(turn, value)
    if field.photo:
        if not message.photo:
            raise InvalidInput(words.use_photo())
        largest = message.photo[-1]
        return {"file_id": largest.file_id, "size": largest.file_size or 0}
    if field.read is None:
        raise InvalidInput(words.use_buttons())
    if message.text is None or not message.text.strip():
        raise InvalidInput(words.use_text())
    return field.read(turn, values, message.text.strip())


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a form: a choice, *Lewati*, *Kembali*, *Batal*, *Simpan*."""
    person = press.person
    row = awaited.of_chat(turn.db, person.chat_id)
    words = turn.office.words.form
    if row is None or row.kind != FORM:
        if tap.item == Act.SAVE:  # pressed twice: the message shows what was saved
            return [Toast(press.callback_id, words.over())]
        return edited(press, Screen(words.over()))
    form, step, values = _state(row.data)
    if not may(turn, person.chat_id, form.roles):
        awaited.forget(turn.db, person.chat_id)
        return refused_press(turn, press)
    if press.again or tap.revision != step:
        toast = None if press.again else words.stale()
        return edited(press, _screen(turn, form, step, values), toast)
    match tap.item:
        case Act.CANCEL:
            awaited.forget(turn.db, person.chat_id)
            return edited(press, Screen(words.cancelled()))
        case Act.SAVE if step >= len(form.fields):
            return _save(turn, press, form, values)
        case Act.BACK:
            return _asked(turn, person, form, _before(turn, form, values, step), values, press)
        case Act.PAGE if step < len(form.fields):
            return edited(press, _screen(turn, form, step, values, tap.value))
        case Act.SKIP if step < len(form.fields) and form.fields[step].optional:
            return _take(turn, press, form, step, values, None)
        case Act.PICK | Act.DROP if step < len(form.fields):
            choices = form.fields[step].choices(turn, values)
            same = tap.value < len(choices) and _checksum(choices[tap.value][1]) == tap.response
            if same and form.fields[step].many:
                return _toggle(turn, press, tap, form, step, values)
            if same and tap.item == Act.PICK:
                return _take(turn, press, form, step, values, choices[tap.value][1])
        case Act.DONE if step < len(form.fields) and form.fields[step].many:
            if values[form.fields[step].name]:
                return _asked(turn, person, form, _next(turn, form, values, step), values, press)
            return edited(press, _screen(turn, form, step, values), words.none_chosen())
    return edited(press, _screen(turn, form, step, values), words.stale())


def _save(turn: Turn, press: Press, form: Form, values: Values) -> Sequence[Effect]:
    """Save what was confirmed; the message goes on showing it, without its buttons."""
    words, lines = turn.office.words.form, Html("\n".join(_lines(turn, form, values)))
    title = form.title(turn, values)
    awaited.forget(turn.db, press.person.chat_id)
    try:
        effects = form.save(turn, press.person, values)
    except NotSaved as refused:
        effects, ended = refused.effects, words.not_saved
    else:
        ended = words.received if form.goes_on else words.saved
    return [*edited(press, Screen(ended(title=title, lines=lines))), *effects]


def _checksum(value: Any) -> int:
    """A checksum of a choice: at the same position there may be another choice by now."""
    return zlib.crc32(json.dumps(value, sort_keys=True, default=str).encode())


def _take(
    turn: Turn, press: Press, form: Form, step: int, values: Values, value: Any
) -> Sequence[Effect]:
    values = {**values, form.fields[step].name: value}
    return _asked(turn, press.person, form, _next(turn, form, values, step), values, press)


def _toggle(
    turn: Turn, press: Press, tap: Tap, form: Form, step: int, values: Values
) -> Sequence[Effect]:
    """Add or remove one of many, as the button says; the page stays."""
    field = form.fields[step]
    choices = field.choices(turn, values)
    toggled = choices[tap.value][1]
    wanted = [each for each in values[field.name] if each != toggled]
    if tap.item == Act.PICK:
        wanted.append(toggled)
    page = tap.value // PAGE if len(choices) > AT_ONCE else 0
    return _asked(turn, press.person, form, step, {**values, field.name: wanted}, press, page)


def _state(data: Values) -> tuple[Form, int, Values]:
    return FORMS[data["form"]], int(data["step"]), data["values"]


def _asked(
    turn: Turn,
    person: Person,
    form: Form,
    step: int,
    values: Values,
    press: Press | None,
    page: int = 0,
) -> Sequence[Effect]:
    data = {"form": form.name, "step": step, "values": dict(values)}
    awaited.put(turn.db, person.chat_id, FORM, data, turn.now)
    turn.open_responses.stop_awaiting(person.chat_id)
    screen = _screen(turn, form, step, values, page)
    return [Show(person.chat_id, screen)] if press is None else edited(press, screen)


def _next(turn: Turn, form: Form, values: Values, step: int) -> int:
    for following in range(step + 1, len(form.fields)):
        if form.fields[following].wanted(turn, values):
            return following
    return len(form.fields)


def _before(turn: Turn, form: Form, values: Values, step: int) -> int:
    for earlier in range(step - 1, -1, -1):
        if form.fields[earlier].wanted(turn, values):
            return earlier
    return step


def _hints(words: FormWords, field: Field, choices: int) -> Iterator[str]:
    """How the question of a field is answered."""
    typed = field.read is not None and not (field.file or field.photo)
    if field.many and choices:
        yield words.choose_many()
    elif choices:
        yield words.choose_or_type() if typed else words.choose_below()
    if choices > AT_ONCE:
        yield words.look_for()
    if field.file:
        yield words.send_file()
    elif field.photo:
        yield words.send_photo()
    elif typed and (field.many or not choices):
        yield words.type_below()


def _screen(
    turn: Turn, form: Form, step: int, values: Values, page: int = 0, typed: str = ""
) -> Screen:
    if step >= len(form.fields):
        return _confirm(turn, form, values)
    words = turn.office.words.form
    field = form.fields[step]
    choices = field.choices(turn, values)
    hints = " ".join(_hints(words, field, len(choices)))
    question = f"{field.ask(turn, values)}\n\n<i>{hints}</i>"
    wanted = [number for number, f in enumerate(form.fields) if f.wanted(turn, values)]
    text = words.step(
        title=form.title(turn, values),
        step=Html(_counted(turn, form, step, wanted)),
        question=Html(question),
    )
    chosen = values[field.name] if field.many else None
    rows = _choices(turn, choices, step, page, typed, chosen)
    last = [Button(words.cancel(), Tap(Kind.FORM, item=Act.CANCEL, revision=step))]
    if step != wanted[0]:
        last.insert(0, Button(words.back(), Tap(Kind.FORM, item=Act.BACK, revision=step)))
    if field.many:
        last.append(Button(words.done(), Tap(Kind.FORM, item=Act.DONE, revision=step)))
    if field.optional:
        last.append(Button(words.leave_out(), Tap(Kind.FORM, item=Act.SKIP, revision=step)))
    return Screen(text, (*rows, tuple(last)))


def _counted(turn: Turn, form: Form, step: int, wanted: Sequence[int]) -> str:
    """Which step of how many; without the total while an answer still decides it, HTML."""
    words, number = turn.office.words.form, wanted.index(step) + 1
    to_come = {field.name for field in form.fields[step:]}
    if any(field.decided_by in to_come for field in form.fields[step + 1 :]):
        return words.step_number(number=number)
    return words.step_of(number=number, total=len(wanted)) if len(wanted) > 1 else ""


def _choices(
    turn: Turn,
    choices: Sequence[Choice],
    step: int,
    page: int,
    typed: str,
    chosen: Sequence[Any] | None,
) -> Sequence[tuple[Button, ...]]:
    """One button a row; a page of them where there are more than AT_ONCE.

    Args:
        typed: words that a label must contain; only the first matches are shown.
        chosen: the values chosen so far; None: a single choice, which goes on to the next field.
    """
    typed_words = typed.casefold().split()

    def button(numbered: tuple[int, Choice]) -> Button:
        number, (label, value) = numbered
        if chosen is not None:
            act, mark = (Act.DROP, CHOSEN) if value in chosen else (Act.PICK, FREE)
            return Button(mark + label, Tap(Kind.FORM, _checksum(value), act, number, step))
        return Button(label, Tap(Kind.FORM, _checksum(value), Act.PICK, number, step))

    matching = [
        (number, choice)
        for number, choice in enumerate(choices)
        if all(word in choice[0].casefold() for word in typed_words)
    ]
    if typed_words or len(matching) <= AT_ONCE:
        return [(button(each),) for each in matching[:AT_ONCE]]
    return paged(
        turn.office.words.of("id"),
        matching,
        page,
        button,
        lambda number: Tap(Kind.FORM, item=Act.PAGE, value=number, revision=step),
    )


def _lines(turn: Turn, form: Form, values: Values) -> list[str]:
    """The values that were asked for, with their names, and the notes, HTML."""
    lines = [
        turn.office.words.form.line(
            name=field.label(turn.office.words), value=_shown(turn, field, values.get(field.name))
        )
        for field in form.fields
        if field.wanted(turn, values)
    ]
    return [*lines, *(escaped(note) for note in form.notes(turn, values))]


def _confirm(turn: Turn, form: Form, values: Values) -> Screen:
    words = turn.office.words.form
    step = len(form.fields)
    lines = Html("\n".join(_lines(turn, form, values)))
    text = words.confirm(title=form.title(turn, values), lines=lines)
    buttons = (
        (Button(words.save(), Tap(Kind.FORM, item=Act.SAVE, revision=step)),),
        (
            Button(words.back(), Tap(Kind.FORM, item=Act.BACK, revision=step)),
            Button(words.cancel(), Tap(Kind.FORM, item=Act.CANCEL, revision=step)),
        ),
    )
    return Screen(text, buttons)


def _shown(turn: Turn, field: Field, value: Any) -> str:
    if value is None:
        return turn.office.words.form.left_out()
    shown = str(value["name"]) if field.file else field.show(turn, value)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} …"
