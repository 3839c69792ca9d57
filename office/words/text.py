"""Texts that people read: a text knows its placeholders, and escapes what is filled in."""

from __future__ import annotations

import html
import string
from dataclasses import dataclass
from typing import Annotated
from unicodedata import category

from pydantic import BaseModel, BeforeValidator, ConfigDict


@dataclass(frozen=True, slots=True)
class Html:
    """Text that is markup already and is not escaped again."""

    markup: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its placeholders; what is filled in is escaped."""

    template: str
    slots: frozenset[str]

    def __call__(self, **values: object) -> str:
        """Fill it in; exactly its placeholders must be given."""
        if values.keys() != self.slots:
            raise TypeError(f"this text takes {sorted(self.slots)}, not {sorted(values)}")
        return self.template.format_map({name: _shown(value) for name, value in values.items()})


def escaped(text: str) -> str:
    """What somebody typed, as HTML that shows just that."""
    return html.escape(text, quote=False)


def length(text: str) -> int:
    """How long Telegram finds it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis."""
    if length(text) <= most:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def storable(text: str) -> str:
    """What somebody typed, without the signs that databases or spreadsheets refuse."""
    return "".join(c for c in text if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()


def _shown(value: object) -> str:
    return value.markup if isinstance(value, Html) else escaped(str(value))


def Slots(*names: str) -> BeforeValidator:  # noqa: N802 # it stands where a type's mark stands
    """The placeholders a text must have, no more and no fewer."""
    slots = frozenset(names)

    def read(value: object) -> Text:
        if not isinstance(value, str) or not value:
            raise ValueError("harus teks")
        found = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        if found != slots:
            raise ValueError(f"isian harus tepat: {', '.join(sorted(slots)) or 'tanpa isian'}")
        return Text(value, slots)

    return BeforeValidator(read)


Plain = Annotated[Text, Slots()]


class Part(BaseModel):
    """One file of words."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
