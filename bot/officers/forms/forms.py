"""Guided entry: a form asks its fields one by one, shows what it understood, and saves once.

Where a form stands is the chat's one awaited row: the form's name, the step, the values so far.
A button carries the step, so one of an older screen changes nothing, and a mark of its choice.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from telegram import Message

from bot.officers.access import may, refused, refused_press
from bot.officers.forms.form import FORMS, Choice, Field, Form, Values, Wrong
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press, Typed
from bot.turn.turn import Turn, edited
from office.conversation import Kind, Tap
from office.survey.screens import PAGE, Button, Screen, paged
from office.words.all_words import Html
from office.words.text import escaped
from reports.public_figures import public_text
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
    """Ask the first question; `values` are known before. In the place of the pressed message.

    A press that was handled before changes nothing: the form may have gone on since.
    """
    if press is not None and press.again:
        return [Toast(press.callback_id)]
    place = turn.open_response(person.chat_id)
    if place is not None and place.writing:
        turn.open_responses.await_suggestion(place, False)
    return _asked(turn, person, form, _next(turn, form, values, -1), values, press)


def commanded(turn: Turn, command: Command, form: Form, values: Values) -> Sequence[Effect]:
    """Begin by a command; one that was handled before shows where the chat's form stands now."""
    if not command.again:
        return begin(turn, command.person, form, values)
    found = awaited.of_chat(turn.db, command.person.chat_id)
    if found is None or found.kind != FORM:
        return []
    return [Show(command.person.chat_id, _screen(turn, *_stands(found.data)))]


def on_typed(turn: Turn, typed: Typed) -> Sequence[Effect]:
    """A text or a file that came while a form was open in this chat."""
    form, step, values = _stands(typed.data)
    person = typed.person
    if not may(turn, person.chat_id, form.roles):
        awaited.forget(turn.db, person.chat_id)
        return refused(turn, person)
    if typed.again:
        return [Show(person.chat_id, _screen(turn, form, step, values))]
    if step >= len(form.fields):
        told = turn.office.words.form.use_buttons()
        shown = _screen(turn, form, step, values)
        return [Show(person.chat_id, Screen(told)), Show(person.chat_id, shown)]
    asked = form.fields[step]
    if asked.read is None and not asked.file and typed.message.text:
        shown = _screen(turn, form, step, values, typed=typed.message.text)
        if len(shown.rows) > 1 and len(asked.choices(turn, values)) > AT_ONCE:
            return [Show(person.chat_id, shown)]
    try:
        value = _taken(turn, asked, values, typed.message)
    except Wrong as wrong:
        return [Show(person.chat_id, Screen(str(wrong)))]
    values = {**values, asked.name: value}
    return _asked(turn, person, form, _next(turn, form, values, step), values, None)


def _taken(turn: Turn, asked: Field, values: Values, message: Message) -> Any:
    spoken = turn.office.words.form
    if asked.file:
        document = message.document
        if document is None:
            raise Wrong(spoken.use_file())
        value = {
            "file_id": document.file_id,
            "name": public_text(document.file_name or ""),
            "size": document.file_size or 0,
            "mime": document.mime_type or "",
        }
        return asked.check(turn, value)
    if asked.read is None:
        raise Wrong(spoken.use_buttons())
    if message.text is None or not message.text.strip():
        raise Wrong(spoken.use_text())
    return asked.read(turn, values, message.text.strip())


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a form: a choice, *Lewati*, *Kembali*, *Batal*, *Simpan*."""
    person = press.person
    found = awaited.of_chat(turn.db, person.chat_id)
    spoken = turn.office.words.form
    if found is None or found.kind != FORM:
        return edited(press, Screen(spoken.over()))
    form, step, values = _stands(found.data)
    if not may(turn, person.chat_id, form.roles):
        awaited.forget(turn.db, person.chat_id)
        return refused_press(turn, press)
    if press.again or tap.revision != step:
        toast = None if press.again else spoken.stale()
        return edited(press, _screen(turn, form, step, values), toast)
    match tap.item:
        case Act.CANCEL:
            awaited.forget(turn.db, person.chat_id)
            return edited(press, Screen(spoken.cancelled()))
        case Act.SAVE if step >= len(form.fields):
            awaited.forget(turn.db, person.chat_id)
            return [Toast(press.callback_id), *form.save(turn, person, values)]
        case Act.BACK:
            return _asked(turn, person, form, _before(turn, form, values, step), values, press)
        case Act.PAGE if step < len(form.fields):
            return edited(press, _screen(turn, form, step, values, tap.value))
        case Act.SKIP if step < len(form.fields) and form.fields[step].optional:
            return _went_on(turn, press, form, step, values, None)
        case Act.PICK | Act.DROP if step < len(form.fields):
            choices = form.fields[step].choices(turn, values)
            same = tap.value < len(choices) and _mark(choices[tap.value][1]) == tap.response
            if same and form.fields[step].many:
                return _toggled(turn, press, tap, form, step, values)
            if same and tap.item == Act.PICK:
                return _went_on(turn, press, form, step, values, choices[tap.value][1])
        case Act.DONE if step < len(form.fields) and form.fields[step].many:
            if values[form.fields[step].name]:
                return _asked(turn, person, form, _next(turn, form, values, step), values, press)
            return edited(press, _screen(turn, form, step, values), spoken.none_chosen())
    return edited(press, _screen(turn, form, step, values), spoken.stale())


def _mark(value: Any) -> int:
    """Tells a choice from another that came into its place since the list was shown."""
    return zlib.crc32(json.dumps(value, sort_keys=True, default=str).encode())


def _went_on(
    turn: Turn, press: Press, form: Form, step: int, values: Values, value: Any
) -> Sequence[Effect]:
    values = {**values, form.fields[step].name: value}
    return _asked(turn, press.person, form, _next(turn, form, values, step), values, press)


def _toggled(
    turn: Turn, press: Press, tap: Tap, form: Form, step: int, values: Values
) -> Sequence[Effect]:
    """One of many is taken in or away, as the button says; its page stays."""
    asked = form.fields[step]
    choices = asked.choices(turn, values)
    one = choices[tap.value][1]
    wanted = [each for each in values[asked.name] if each != one]
    if tap.item == Act.PICK:
        wanted.append(one)
    page = tap.value // PAGE if len(choices) > AT_ONCE else 0
    return _asked(turn, press.person, form, step, {**values, asked.name: wanted}, press, page)


def _stands(data: Values) -> tuple[Form, int, Values]:
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


def _screen(
    turn: Turn, form: Form, step: int, values: Values, page: int = 0, typed: str = ""
) -> Screen:
    if step >= len(form.fields):
        return _confirm(turn, form, values)
    spoken = turn.office.words.form
    asked = form.fields[step]
    choices = asked.choices(turn, values)
    hints = [spoken.choose_many() if asked.many else spoken.choose_below()] if choices else []
    if len(choices) > AT_ONCE:
        hints.append(spoken.look_for())
    if asked.file:
        hints.append(spoken.send_file())
    elif asked.read is not None:
        hints.append(spoken.type_below())
    question = f"{asked.ask(turn, values)}\n\n<i>{' '.join(hints)}</i>"
    wanted = [number for number, f in enumerate(form.fields) if f.wanted(turn, values)]
    text = spoken.step(
        title=form.title(turn, values),
        number=wanted.index(step) + 1,
        total=len(wanted),
        question=Html(question),
    )
    chosen = values[asked.name] if asked.many else None
    rows = _choices(turn, choices, step, page, typed, chosen)
    last = [Button(spoken.cancel(), Tap(Kind.FORM, item=Act.CANCEL, revision=step))]
    if step != wanted[0]:
        last.insert(0, Button(spoken.back(), Tap(Kind.FORM, item=Act.BACK, revision=step)))
    if asked.many:
        last.append(Button(spoken.done(), Tap(Kind.FORM, item=Act.DONE, revision=step)))
    if asked.optional:
        last.append(Button(spoken.leave_out(), Tap(Kind.FORM, item=Act.SKIP, revision=step)))
    return Screen(text, (*rows, tuple(last)))


def _choices(
    turn: Turn,
    choices: Sequence[Choice],
    step: int,
    page: int,
    typed: str,
    chosen: Sequence[Any] | None,
) -> Sequence[tuple[Button, ...]]:
    """One button a row; where there are more than a screen holds well, a page of them.

    Args:
        typed: what the label must have in it, word by word; of more the first ones.
        chosen: of many, those that are in already; None: one choice goes on.
    """
    words = typed.casefold().split()

    def button(numbered: tuple[int, Choice]) -> Button:
        number, (label, value) = numbered
        if chosen is not None:
            act, mark = (Act.DROP, CHOSEN) if value in chosen else (Act.PICK, FREE)
            return Button(mark + label, Tap(Kind.FORM, _mark(value), act, number, step))
        return Button(label, Tap(Kind.FORM, _mark(value), Act.PICK, number, step))

    found = [
        (number, choice)
        for number, choice in enumerate(choices)
        if all(word in choice[0].casefold() for word in words)
    ]
    if words or len(found) <= AT_ONCE:
        return [(button(each),) for each in found[:AT_ONCE]]
    return paged(
        turn.office.words.of("id"),
        found,
        page,
        button,
        lambda number: Tap(Kind.FORM, item=Act.PAGE, value=number, revision=step),
    )


def _confirm(turn: Turn, form: Form, values: Values) -> Screen:
    spoken = turn.office.words.form
    step = len(form.fields)
    lines = [
        spoken.line(
            name=asked.label(turn.office.words), value=_shown(turn, asked, values.get(asked.name))
        )
        for asked in form.fields
        if asked.wanted(turn, values)
    ]
    lines += [escaped(note) for note in form.notes(turn, values)]
    text = spoken.confirm(title=form.title(turn, values), lines=Html("\n".join(lines)))
    buttons = (
        (Button(spoken.save(), Tap(Kind.FORM, item=Act.SAVE, revision=step)),),
        (
            Button(spoken.back(), Tap(Kind.FORM, item=Act.BACK, revision=step)),
            Button(spoken.cancel(), Tap(Kind.FORM, item=Act.CANCEL, revision=step)),
        ),
    )
    return Screen(text, buttons)


def _shown(turn: Turn, asked: Field, value: Any) -> str:
    if value is None:
        return turn.office.words.form.left_out()
    told = str(value["name"]) if asked.file else asked.show(turn, value)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]} …"
