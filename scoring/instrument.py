"""Instruments as values: what is asked, on which scale, with which weights and limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from string import ascii_lowercase
from typing import Literal, Protocol, TypeVar

from scoring.numbers import each_half_up

OFFICE_LANGUAGE = "id"  # of reports and officers; every text has it
LANGUAGES = (OFFICE_LANGUAGE, "en")  # of citizens, unless the config names others
# Columns of an export before the unsur, and the attributes that everybody is asked.
PLACE_COLUMNS = (
    "instrumen", "periode", "unit", "layanan", "loket", "kanal", "urutan", "tanggal", "jam",
)  # fmt: skip
USUAL_ATTRIBUTES = ("jenis_kelamin", "umur", "pendidikan", "pekerjaan")
Subject = Literal["responden", "layanan"]
DECLINED = "-"  # the code of an attribute that was asked and not told


@dataclass(frozen=True, slots=True)
class Wording:
    """One question with its labels, from worst to best: the first label is the lowest nilai."""

    question: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: an unsur, or a part of one.

    `resmi` is the text of reports and paper, `mudah` the text for the screen. `definition` is
    what the regulation says that an unsur means; an office's own may lack it.
    """

    code: str
    name: dict[str, str]
    resmi: dict[str, Wording]
    mudah: dict[str, Wording]
    source: str
    definition: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Unsur:
    """One unsur with the codes of its items; its NRR is the mean of theirs."""

    code: str
    name: dict[str, str]
    source: str
    items: tuple[str, ...]
    definition: dict[str, str] | None = None

    @property
    def divided(self) -> bool:
        """Whether it is asked with several questions."""
        return len(self.items) > 1


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an attribute.

    `paper` is the option that replaces it on paper forms, if any; `words` are what people write for
    it besides its code and labels; `consent` is what a sensitive one adds to the consent screen.
    """

    code: str
    label: dict[str, str]
    paper: str | None
    words: tuple[str, ...] = ()
    consent: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question without a score, which the respondent may decline to answer.

    `subject` is what it is about; `withheld` are sensitive options that are not offered: answers
    given before stay readable. `consent` is what a sensitive one adds to the consent screen.
    """

    code: str
    name: dict[str, str]
    question: dict[str, str]
    options: tuple[Option, ...]
    subject: Subject = "responden"
    withheld: tuple[Option, ...] = ()
    consent: dict[str, str] | None = None

    def option(self, code: str) -> Option:
        """The option with this code; KeyError when there is none."""
        return _with_code(self.options, code)


@dataclass(frozen=True, slots=True)
class Grade:
    """One mutu with its kinerja; `lower` is the lowest rounded NIK of this mutu."""

    mutu: str
    kinerja: str
    lower: Decimal


class Questionnaire(Protocol):
    """What a conversation needs to know of an instrument, for either index."""

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
    @property
    def series(self) -> str: ...
    def item(self, code: str) -> Item:
        """The item with this code; KeyError when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Instrument:
    """One wording of one questionnaire.

    `scale` is (lowest, highest) nilai; `conversion` is the factor from index to NIK; `weights` are
    those of the unsur, exact, and sum to 1; `compatibility_weights` are the rounded weights that
    offices print; `min_filled` is how many items a response must answer to count; `form_order` is
    the order of the items on common paper forms; `attributes` are those that are asked, about the
    service first; `grouped` are the unsur of a file that names them: without them each item is its
    unsur; `codes` are those of the items, in the regulation's order; `unsur` are U1, U2, …; `steps`
    are the nilai an answer may have, from worst to best; `languages` are those that every text has;
    `series` is the key of comparable results: code, scale, conversion, weights by unsur with its
    items, and limits of mutu. Texts, languages, order, attributes and version are not in it: with
    others of these results stay comparable.
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
    grouped: tuple[Unsur, ...] = ()
    unsur: tuple[Unsur, ...] = field(init=False, repr=False, compare=False)
    unsur_codes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    codes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    steps: range = field(init=False, repr=False, compare=False)
    languages: tuple[str, ...] = field(init=False, repr=False, compare=False)
    series: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute once what every score of a tally and every screen reads."""
        object.__setattr__(self, "codes", tuple(item.code for item in self.items))
        alone = (
            Unsur(each.code, each.name, each.source, (each.code,), each.definition)
            for each in self.items
        )
        object.__setattr__(self, "unsur", self.grouped or tuple(alone))
        object.__setattr__(self, "unsur_codes", tuple(each.code for each in self.unsur))
        object.__setattr__(self, "steps", range(self.scale[0], self.scale[1] + 1))
        languages = tuple(code for code in self.name if not untranslated(self, code))
        object.__setattr__(self, "languages", languages)
        object.__setattr__(self, "series", _series(self))

    def __hash__(self) -> int:
        return hash((self.code, self.version))

    def item(self, code: str) -> Item:
        """The item with this code; KeyError when there is none."""
        return _with_code(self.items, code)

    def attribute(self, code: str) -> Attribute:
        """The attribute with this code; KeyError when there is none."""
        return _with_code(self.attributes, code)

    def unsur_of(self, item: str) -> Unsur:
        """The unsur that an item belongs to; KeyError for another code."""
        for unsur in self.unsur:
            if item in unsur.items:
                return unsur
        raise KeyError(item)

    def numbers(self, order: Sequence[str]) -> dict[str, str]:
        """Item code -> `1`, or `1a`, `1b` where its unsur has several, counted in this order."""
        items_of: dict[str, list[str]] = {}
        for code in order:
            items_of.setdefault(self.unsur_of(code).code, []).append(code)
        return {
            code: f"{number}{letter if len(codes) > 1 else ''}"
            for number, codes in enumerate(items_of.values(), 1)
            for letter, code in zip(ascii_lowercase, codes, strict=False)
        }

    def number(self, code: str) -> str:
        """`U1`, `U2`, … of an unsur, `U1a` of an item, as in tabulations.

        Forms differ in U8 and U9: show `title` to people.
        """
        if code in self.unsur_codes:
            return f"U{self.unsur_codes.index(code) + 1}"
        return f"U{self.numbers(self.codes)[code]}"

    def name_of(self, code: str, language: str = OFFICE_LANGUAGE) -> str:
        """The name of an unsur or an item."""
        if code in self.unsur_codes:
            return _with_code(self.unsur, code).name[language]
        return self.item(code).name[language]

    def title(self, code: str) -> str:
        """Number and name of an unsur or item, as printed: "U8 Penanganan pengaduan, …"."""
        return f"{self.number(code)} {self.name_of(code)}"

    def spoken(self, language: str) -> str:
        """This language, or Indonesian where a text lacks it."""
        return language if language in self.languages else OFFICE_LANGUAGE

    def grade(self, nik: Decimal) -> Grade:
        """The grade of a NIK, rounded half-up to 2 places and compared with lower bounds only.

        The printed intervals have gaps (88,305 is in none), so upper bounds are never used. A NIK
        below every bound, which is possible with a compatibility weight, has the lowest grade.
        """
        return self.grades_of([nik])[0]

    def grades_of(self, niks: Sequence[Decimal]) -> list[Grade]:
        """The grade of each NIK."""
        return [
            next((grade for grade in self.grades if nik >= grade.lower), self.grades[-1])
            for nik in each_half_up(niks, 2)
        ]


def untranslated(instrument: Instrument, language: str) -> list[str]:
    """The keys of the file's texts that this language lacks."""
    return [f"{key}.{language}" for key, texts in _texts(instrument) if language not in texts]


def _texts(instrument: Instrument) -> Iterator[tuple[str, Mapping[str, object]]]:
    yield "name", instrument.name
    for unsur in instrument.grouped:
        yield f"unsur.{unsur.code}.name", unsur.name
    for item in instrument.items:
        key = f"items.{item.code}"
        yield f"{key}.name", item.name
        yield f"{key}.resmi", item.resmi
        yield f"{key}.mudah", item.mudah
    for attribute in instrument.attributes:
        key = f"attributes.{attribute.code}"
        yield f"{key}.name", attribute.name
        yield f"{key}.question", attribute.question
        for option in attribute.options:
            yield f"{key}.options.{option.code}.label", option.label
    yield from _consents(instrument)


def consents(instrument: Questionnaire, language: str) -> list[str]:
    """What sensitive questions and options that are offered add to the consent screen."""
    return [texts[language] for _, texts in _consents(instrument)]


def _consents(instrument: Questionnaire) -> Iterator[tuple[str, Mapping[str, str]]]:
    for attribute in instrument.attributes:
        key = f"attributes.{attribute.code}"
        if attribute.consent is not None:
            yield f"{key}.consent", attribute.consent
        for option in attribute.options:
            if option.consent is not None:
                yield f"{key}.options.{option.code}.consent", option.consent


def _series(instrument: Instrument) -> str:
    low, high = instrument.scale
    items = {unsur.code: _items_in_series(unsur) for unsur in instrument.grouped}
    weights = (
        f"{code} {weight}{items.get(code, '')}"
        for code, weight in sorted(instrument.weights.items())
    )
    rounded = sorted(instrument.compatibility_weights)
    limits = (f"{grade.mutu} {grade.lower}" for grade in instrument.grades)
    scale = f"{low}–{high} × {instrument.conversion}"
    return "; ".join((instrument.code, scale, *weights, *rounded, *limits))


def _items_in_series(unsur: Unsur) -> str:
    """The items of an unsur; nothing where it is its own item, as series had it before."""
    return "" if unsur.items == (unsur.code,) else f" = {' + '.join(sorted(unsur.items))}"


def same_wording(earlier: Instrument, later: Instrument) -> bool:
    """Whether two instruments of one series ask their unsur in the same Indonesian words.

    Compared are question and labels, `resmi` and `mudah`; other languages, the order, the names and
    the attributes are not.

    Raises:
        ValueError: the instruments belong to two series.
    """
    if earlier.series != later.series:
        raise ValueError("instruments of two series have no wording in common")
    return _asked(earlier) == _asked(later)


def _asked(instrument: Instrument) -> dict[str, tuple[Wording, Wording]]:
    return {item.code: (item.resmi["id"], item.mudah["id"]) for item in instrument.items}


Element = TypeVar("Element", Item, Unsur, Attribute, Option)


def _with_code(values: tuple[Element, ...], code: str) -> Element:
    for value in values:
        if value.code == code:
            return value
    raise KeyError(code)
