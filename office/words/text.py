"""A text of the words files: a template with named placeholders, rendered as HTML or as plain text.

The templates are Telegram's HTML. `text.html(...)`, for which `text(...)` is short, is what a chat
message is composed of. `text.plain(...)` is for whatever shows characters as they are: a button, a
picture, a paper, the terminal. Nothing else in the project converts one into the other.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Annotated
from unicodedata import category

TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Html:
    """A value that is HTML already: `Text.html` does not escape it, `Text.plain` refuses it."""

    markup: str


@dataclass(frozen=True, slots=True)
class Text:
    """A template of HTML with its placeholders, and the same template as plain text."""

    template: str
    slots: frozenset[str]
    plain_template: str

    def html(self, **values: object) -> str:
        """The text as HTML: the values are escaped, except those of type `Html`.

        Raises:
            TypeError: the values are not exactly those of the placeholders.
        """
        self._check(values)
        return self.template.format_map({name: _html(value) for name, value in values.items()})

    __call__ = html

    def plain(self, **values: object) -> str:
        """The text without markup: the values are inserted as they are.

        Raises:
            TypeError: the values are not exactly those of the placeholders, or one is `Html`.
        """
        self._check(values)
        for name, value in values.items():
            if isinstance(value, Html):
                raise TypeError(f"{name} is HTML, which plain text does not take")
        return self.plain_template.format_map(values)

    def _check(self, values: Mapping[str, object]) -> None:
        if values.keys() != self.slots:
            raise TypeError(f"this text takes {sorted(self.slots)}, not {sorted(values)}")


def escaped(text: str) -> str:
    """Plain text as HTML that shows the same characters."""
    return escape(text, quote=False)


def shown_length(markup: str) -> int:
    """The length of HTML as Telegram counts it: UTF-16 units without tags, entities as one."""
    return length(unescape(TAG.sub("", markup)))


def length(text: str) -> int:
    """The length of plain text as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, shortened to `most` UTF-16 units with an ellipsis where it is longer."""
    if length(text) <= most:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def storable(text: str) -> str:
    """Typed text without the characters that databases or spreadsheets refuse."""
    return "".join(c for c in text if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()


def _html(value: object) -> str:
    return value.markup if isinstance(value, Html) else escaped(str(value))


def _plain_template(template: str) -> str:
    """The template as plain text; a brace that an entity stands for stays a brace when filled."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(TAG.sub("", template)):
        parts.append(unescape(literal).replace("{", "{{").replace("}", "}}"))
        parts.append("" if name is None else f"{{{name}}}")
    return "".join(parts)


def Slots(*names: str) -> Callable[[object], Text]:  # noqa: N802 # it is used as a type is
    """How a text with exactly these placeholders is read."""
    slots = frozenset(names)

    def read(value: object) -> Text:
        if not isinstance(value, str) or not value:
            raise ValueError("harus teks")
        fields = [field for field in string.Formatter().parse(value) if field[1] is not None]
        formatted = any(form or conversion for _, _, form, conversion in fields)
        if formatted or {name for _, name, _, _ in fields} != slots:
            raise ValueError(f"isian harus tepat: {', '.join(sorted(slots)) or 'tanpa isian'}")
        return Text(value, slots, _plain_template(value))

    return read


Plain = Annotated[Text, Slots()]


def _phrases(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError("harus daftar teks")
    return frozenset(value)


Phrases = Annotated[frozenset[str], _phrases]


class Part:
    """The words of one file: an annotation names a text, and its metadata is how it is read.

    A text with a value in the class may be left out. Not a model of pydantic, whose schemas of
    1,200 texts took an eighth of the program's imports; so that annotations are values and not
    strings, the modules of these classes do without `from __future__ import annotations`.
    """

    def __init__(self, texts: Mapping[str, object]) -> None:
        """Read all texts.

        Raises:
            PartError: some are missing, unknown, or not what their annotation reads.
        """
        problems = {}
        for name in self.names():
            if name in texts:
                (read,) = type(self).__annotations__[name].__metadata__
                try:
                    setattr(self, name, read(texts[name]))
                except ValueError as error:
                    problems[name] = str(error)
            elif not hasattr(self, name):
                problems[name] = "tidak ada"
        unknown = [name for name in texts if name not in self.names()]
        problems |= dict.fromkeys(unknown, "tidak dikenal")
        if problems:
            raise PartError(problems)

    @classmethod
    def names(cls) -> Collection[str]:
        """The names of the texts, in the order of the class."""
        return cls.__annotations__.keys()


class PartError(Exception):
    """Teks sebuah berkas tidak dapat dipakai; `problems` menyebut apa yang salah pada tiap nama."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems
