"""What a form is: its fields, in their order; the forms that exist, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.turn.effects import Effect
from bot.turn.events import Person
from bot.turn.turn import Turn
from office.roles import Roles
from office.words.all_words import Words

Values: TypeAlias = Mapping[str, Any]
Choice: TypeAlias = tuple[str, Any]  # a button's label, and the JSON value it stands for


class Wrong(Exception):
    """What was typed cannot be taken; the message is a text of the words, HTML."""


def _always(_turn: Turn, _values: Values) -> bool:
    return True


def _nothing(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return ()


def _as_it_is(_turn: Turn, value: Any) -> str:
    return str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """One question. What it takes is a JSON value: from a text, a button, or a file.

    Args:
        label: its name on the last screen, plain text.
        ask: the question, HTML.
        read: a typed text as a value; raises Wrong. None: only a button will do.
        choices: buttons to press instead of typing.
        many: any number of the choices, at least one; its value is a list, known from the start.
        show: the value as the last screen has it, plain text.
        optional: may be left out; its value is then None.
        wanted: whether it is asked at all, given the values so far.
        file: takes a document; its value is {"file_id", "name", "size", "mime"}.
        check: whether a document will do; raises Wrong.
    """

    name: str
    label: Callable[[Words], str]
    ask: Callable[[Turn, Values], str]
    read: Callable[[Turn, Values, str], Any] | None = None
    choices: Callable[[Turn, Values], Sequence[Choice]] = _nothing
    show: Callable[[Turn, Any], str] = _as_it_is
    optional: bool = False
    wanted: Callable[[Turn, Values], bool] = _always
    file: bool = False
    many: bool = False
    check: Callable[[Turn, Any], Any] = lambda _turn, value: value


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in their order; `save` runs once, when the person has seen and confirmed all of it."""

    name: str
    title: Callable[[Turn, Values], str]  # plain text
    roles: Roles
    fields: tuple[Field, ...]
    save: Callable[[Turn, Person, Values], Sequence[Effect]]
    notes: Callable[[Turn, Values], Sequence[str]] = field(default=lambda _turn, _values: ())


# Every form by its name; a module adds its own where it defines it.
FORMS: dict[str, Form] = {}


def register(form: Form) -> Form:
    """Make a form known, so that its awaited rows and buttons find it."""
    if FORMS.setdefault(form.name, form) is not form:
        raise ValueError(f"two forms are named {form.name}")
    return form
