"""Instruments: what is asked, on which scale, with which weights and limits; data, never code."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeVar

from scoring import data_file
from scoring.rounding import half_up

LANGUAGES = ("id", "en")
SHIPPED = Path(__file__).parent / "instruments"


class InstrumentError(ValueError):
    """An instrument file cannot be used; the message has one Indonesian line a problem."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One question with its labels, worst to best: the first label is the lowest nilai."""

    question: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One unsur. `resmi` is the text of reports and paper, `mudah` the text for the screen."""

    code: str
    name: dict[str, str]
    resmi: dict[str, Wording]
    mudah: dict[str, Wording]
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an attribute; `paper` names the option it is counted under on paper, if any."""

    code: str
    label: dict[str, str]
    paper: str | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question about the respondent; every one may be declined."""

    code: str
    name: dict[str, str]
    question: dict[str, str]
    options: tuple[Option, ...]

    def option(self, code: str) -> Option:
        """The option with this code; KeyError when there is none."""
        return _coded(self.options, code)


@dataclass(frozen=True, slots=True)
class Grade:
    """One mutu with its kinerja; `lower` is the lowest rounded NIK that still has it."""

    mutu: str
    kinerja: str
    lower: Decimal


class Questionnaire(Protocol):
    """What a conversation asks, whatever index is made of it."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def attributes(self) -> tuple[Attribute, ...]: ...
    @property
    def scale(self) -> tuple[int, int]: ...
    @property
    def steps(self) -> range: ...
    def item(self, code: str) -> Item:
        """The item with this code; KeyError when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one questionnaire.

    `scale` is (lowest, highest) nilai; `conversion` makes an index a NIK; `weights` are exact and
    sum to 1; `compatibility_weights` are the rounded weights that offices print; `min_filled` is
    how many unsur a response needs to count; `form_order` is the order of common paper forms.
    """

    code: str
    version: int
    name: dict[str, str]
    source: str
    items: tuple[Item, ...]
    attributes: tuple[Attribute, ...]
    scale: tuple[int, int]
    conversion: int
    weights: dict[str, Fraction]
    grades: tuple[Grade, ...]
    compatibility_weights: tuple[str, ...]
    min_filled: int
    form_order: tuple[str, ...]

    def __hash__(self) -> int:
        return hash((self.code, self.version))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the items, in the regulation's order (U1, U2, …)."""
        return tuple(item.code for item in self.items)

    @property
    def steps(self) -> range:
        """Every nilai an answer may have, worst to best."""
        return range(self.scale[0], self.scale[1] + 1)

    def item(self, code: str) -> Item:
        """The item with this code; KeyError when there is none."""
        return _coded(self.items, code)

    def attribute(self, code: str) -> Attribute:
        """The attribute with this code; KeyError when there is none."""
        return _coded(self.attributes, code)

    def number(self, code: str) -> str:
        """`U1`, `U2`, … as tabulations print it; forms disagree on U8 and U9, so see `title`."""
        return f"U{self.codes.index(code) + 1}"

    def title(self, code: str, lang: str = "id") -> str:
        """Number and name, "U8 Penanganan pengaduan, …": what print says of an item."""
        return f"{self.number(code)} {self.item(code).name[lang]}"

    def grade(self, nik: Decimal) -> Grade:
        """The grade of a NIK, rounded half-up to 2 places and compared with lower bounds only.

        The printed intervals have holes (88,305 lies in none), so upper bounds are never used. A
        NIK below every bound, which a compatibility weight can give, has the lowest grade.
        """
        rounded = half_up(nik, 2)
        return next((grade for grade in self.grades if rounded >= grade.lower), self.grades[-1])


Coded = TypeVar("Coded", Item, Attribute, Option)


def _built(raw: dict[str, Any]) -> Instrument:
    from scoring import instrument_file  # it builds what is defined here

    return instrument_file.parse(raw)


FILES = data_file.Kind("instrumen", SHIPPED, _built, InstrumentError)
named, file_of, load, parse = FILES.named, FILES.file_of, FILES.load, FILES.parse


def _coded(values: tuple[Coded, ...], code: str) -> Coded:
    for value in values:
        if value.code == code:
            return value
    raise KeyError(code)
