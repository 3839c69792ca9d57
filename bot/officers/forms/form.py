"""What a form is, and the forms by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.turn.effects import Effect
from bot.turn.events import Person
from office.roles import Roles
from office.turn import Turn
from office.words.all_words import Words

Values: TypeAlias = Mapping[str, Any]
Choice: TypeAlias = tuple[str, Any]  # a button's label, and the JSON value it stands for


class InvalidInput(Exception):
    """The typed text is not a valid value; the message is HTML from the words."""


class NotSaved(Exception):
    """What was confirmed cannot be saved any more; the effects say why."""

    def __init__(self, effects: Sequence[Effect]) -> None:
        super().__init__()
        self.effects = effects


def _always(_turn: Turn, _values: Values) -> bool:
    return True


def _nothing(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return ()


def _as_it_is(_turn: Turn, value: Any) -> str:
    return str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """One question; its value is JSON, from a typed text, a button, or a file.

    Args:
        label: its name on the last screen, plain text.
        ask: the question, HTML.
        read: converts a typed text to a value; raises InvalidInput. None: buttons only.
        choices: buttons to press instead of typing.
        many: one or more of the choices; its value is a list, present when the form begins.
        show: the value on the last screen, plain text.
        optional: may be skipped; its value is then None.
        wanted: whether it is asked, given the values so far.
        decided_by: the field whose value decides that; empty: it is known when the form begins.
        photo: accepts a photo; its value is {"file_id", "size"}.
        file: accepts a document; its value is {"file_id", "name", "size", "mime"}.
        check: converts or refuses a document; raises InvalidInput.
    """

    name: str
    label: Callable[[Words], str]
    ask: Callable[[Turn, Values], str]
    read: Callable[[Turn, Values, str], Any] | None = None
    choices: Callable[[Turn, Values], Sequence[Choice]] = _nothing
    show: Callable[[Turn, Any], str] = _as_it_is
    optional: bool = False
    wanted: Callable[[Turn, Values], bool] = _always
    decided_by: str = ""
    file: bool = False
    photo: bool = False
    many: bool = False
    check: Callable[[Turn, Any], Any] = lambda _turn, value: value


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in their order; `save` runs once, after the person confirmed all values.

    It raises NotSaved where they hold no longer.

    Args:
        notes: lines for the last screen, plain text.
        goes_on: `save` only begins something, so the form ends as received and not as saved.
    """

    name: str
    title: Callable[[Turn, Values], str]  # plain text
    roles: Roles
    fields: tuple[Field, ...]
    save: Callable[[Turn, Person, Values], Sequence[Effect]]
    notes: Callable[[Turn, Values], Sequence[str]] = field(default=lambda _turn, _values: ())
    goes_on: bool = False


# All forms by name; each module registers its own.
FORMS: dict[str, Form] = {}


def register(form: Form) -> Form:
    """Add a form, so that its awaited rows and its buttons are dispatched to it."""
    if FORMS.setdefault(form.name, form) is not form:
        raise ValueError(f"two forms are named {form.name}")
    return form
