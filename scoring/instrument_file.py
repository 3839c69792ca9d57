"""Instrument files: loading, schema and validation."""

import json
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path
from string import ascii_lowercase
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from scoring import option_words
from scoring.data_file import (
    REASONS,
    ByLanguage,
    FileType,
    Key,
    Label,
    LocalText,
    LongText,
    Problem,
    Problems,
    Prose,
    StrictModel,
    duplicates,
    matching,
    validated,
)
from scoring.instrument import (
    DECLINED,
    PLACE_COLUMNS,
    Attribute,
    Grade,
    Instrument,
    Item,
    Option,
    Subject,
    Unsur,
    Wording,
)
from scoring.numbers import half_up
from scoring.written import folded

SHIPPED = Path(__file__).parent / "instruments"
SENSITIVE_SETTING = "survey.sensitive"  # of the config
RESERVED = (*PLACE_COLUMNS, "no_slip", "saran", "response_id")  # columns of sheets and of a query
# Key of an item that does not belong there -> the reason.
UNWANTED = {
    "weight": "ditulis pada [[unsur]]; bobot butir = bobot unsurnya ÷ banyaknya butir",
    "unsur": "tidak ada [[unsur]] dalam berkas ini",
}
BUTTON_LENGTH = 30  # characters that a button of a phone shows on one line

# Office sheets use u1, u2, … as column headings; such a code could mean two different unsur.
ItemCode = Annotated[
    str,
    matching(r"(?!U\d+$)[A-Z][A-Z0-9_]{0,23}", "pakai huruf besar, angka dan _, bukan U1, U2, …"),
]
Name = Annotated[str, matching(r"[a-z][a-z_]{0,23}", "pakai huruf kecil dan _")]
Share = Annotated[
    str, matching(r"[1-9]\d{0,3}/[1-9]\d{0,3}|0\.\d{1,6}|1", 'tulis seperti "1/9" atau "0.25"')
]
Rounded = Annotated[str, matching(r"0\.\d{1,6}", 'tulis seperti "0.111"')]
Limit = Annotated[str, matching(r"\d{1,3}\.\d\d", 'tulis dengan dua desimal seperti "88.31"')]


class InstrumentError(ValueError):
    """An instrument file cannot be used; the message has one Indonesian line for each problem."""


class WordingFile(StrictModel):
    """A question and its labels, from worst to best."""

    question: Prose
    labels: list[Label]


class UnsurFile(StrictModel):
    """One unsur of a file whose items name theirs."""

    code: ItemCode
    name: LocalText
    weight: Share
    source: Prose
    definition: LongText | None = None


class ItemFile(StrictModel):
    """One question: an unsur with weight and source, or an item of the unsur it names."""

    code: ItemCode
    unsur: ItemCode | None = None
    name: LocalText
    weight: Share | None = None
    source: Prose | None = None
    definition: LongText | None = None
    resmi: ByLanguage[WordingFile]
    mudah: ByLanguage[WordingFile]


class OptionFile(StrictModel):
    """One answer to an attribute."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    label: LocalText
    paper: Label | None = None
    words: list[Label] = Field(default_factory=list)
    consent: LocalText | None = None


class AttributeFile(StrictModel):
    """One question without a score."""

    code: Name
    name: LocalText
    question: LocalText
    options: Annotated[list[OptionFile], Field(min_length=2)]
    consent: LocalText | None = None

    @property
    def switches(self) -> Iterator[str]:
        """The names of what is offered only when it is named: the question, or an option."""
        if self.consent is not None:
            yield self.code
        for option in self.options:
            if option.consent is not None:
                yield f"{self.code}.{option.code}"


class GradeFile(StrictModel):
    """One mutu with its lower limit."""

    mutu: Annotated[str, StringConstraints(min_length=1, max_length=2)]
    kinerja: Label
    lower: Limit


class InstrumentFile(StrictModel):
    """The whole file.

    `sensitive` names what is offered though it is sensitive; `configured` is what `with_sensitive`
    adds to it.
    """

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: LocalText
    source: Prose
    scale: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=2, max_length=2)]
    conversion: Annotated[int, Field(ge=1, le=100)]
    min_filled: Annotated[int, Field(ge=1)]
    compatibility_weights: list[Rounded] = Field(default_factory=list)
    form_order: list[ItemCode] | None = None
    grades: Annotated[list[GradeFile], Field(min_length=1)]
    unsur: list[UnsurFile] = Field(default_factory=list)
    items: Annotated[list[ItemFile], Field(min_length=1)]
    questions: list[AttributeFile] = Field(default_factory=list)
    attributes: list[AttributeFile]
    sensitive: list[str] = Field(default_factory=list)
    configured: Annotated[list[str], Field(alias=SENSITIVE_SETTING)] = Field(default_factory=list)

    @property
    def unscored(self) -> list[AttributeFile]:
        """Every question without a score, in the order they are asked."""
        return [*self.questions, *self.attributes]

    @property
    def offered(self) -> frozenset[str]:
        """What is sensitive and offered."""
        return frozenset((*self.sensitive, *self.configured))


def _from_table(table: dict[str, Any]) -> Instrument:
    file = validated(InstrumentFile, table)
    problems = [
        *_item_problems(file),
        *_unsur_problems(file),
        *_number_problems(file),
        *_attribute_problems(file),
    ]
    if problems:
        raise Problems(problems)
    return _instrument(file)


INSTRUMENT_FILES = FileType("instrumen", SHIPPED, _from_table, InstrumentError)
named, path_of = INSTRUMENT_FILES.named, INSTRUMENT_FILES.path_of
load, parse = INSTRUMENT_FILES.load, INSTRUMENT_FILES.parse


def with_sensitive(content: str, names: Sequence[str]) -> str:
    """The content of a file in which these sensitive questions and options are offered, too."""
    return f'"{SENSITIVE_SETTING}" = {json.dumps(list(names))}\n{content}' if names else content


def _item_problems(file: InstrumentFile) -> Iterator[Problem]:
    codes = [item.code for item in file.items]
    yield from duplicates("items", codes)
    for item in file.items:
        yield from _wording_problems(item, file)
    if file.form_order is not None and sorted(file.form_order) != sorted(codes):
        yield "form_order", "harus memuat setiap kode unsur tepat satu kali"
    if file.min_filled > len(codes):
        asked = "butirnya" if file.unsur else "unsurnya"
        yield "min_filled", f"lebih banyak daripada {asked} ({len(codes)})"


def _unsur_problems(file: InstrumentFile) -> Iterator[Problem]:
    unsur_codes = [each.code for each in file.unsur]
    yield from duplicates("unsur", unsur_codes)
    unwanted = ("weight",) if file.unsur else ("unsur",)
    for item in file.items:
        for key in ("unsur",) if file.unsur else ("weight", "source"):
            if getattr(item, key) is None:
                yield f"items.{item.code}.{key}", REASONS["missing"]
        for key in unwanted:
            if getattr(item, key) is not None:
                yield f"items.{item.code}.{key}", UNWANTED[key]
        if file.unsur and item.unsur is not None and item.unsur not in unsur_codes:
            yield f"items.{item.code}.unsur", f'"{item.unsur}" tidak ada di antara [[unsur]]'
    if file.unsur:
        yield from _group_problems(file)


def _group_problems(file: InstrumentFile) -> Iterator[Problem]:
    unsur_of = {item.code: item.unsur for item in file.items}
    named = [unsur for unsur, _ in groupby(unsur_of.values())]
    if set(named) == {each.code for each in file.unsur} and len(named) > len(set(named)):
        yield "items", "butir satu unsur harus berurutan, tanpa butir unsur lain di antaranya"
    elif set(named) == {each.code for each in file.unsur} and named != [
        each.code for each in file.unsur
    ]:
        yield "items", "urutannya harus sama dengan urutan [[unsur]]"
    for each in file.unsur:
        items = [code for code, unsur in unsur_of.items() if unsur == each.code]
        if not items:
            yield f"unsur.{each.code}", "belum ada satu butir pun ([[items]]) yang menyebutnya"
        if len(items) > len(ascii_lowercase):
            yield f"unsur.{each.code}", f"butirnya lebih dari {len(ascii_lowercase)}"
        if each.code in unsur_of and items != [each.code]:
            yield (
                f"items.{each.code}.code",
                "sama dengan kode unsur; hanya boleh bagi satu-satunya butir unsur itu",
            )
    ordered = [unsur for unsur, _ in groupby(unsur_of.get(code) for code in file.form_order or ())]
    if len(ordered) > len(set(ordered)):
        yield "form_order", "butir satu unsur harus berurutan"


def _wording_problems(item: ItemFile, file: InstrumentFile) -> Iterator[Problem]:
    steps = file.scale[1] - file.scale[0] + 1
    for kind, wordings in (("resmi", item.resmi), ("mudah", item.mudah)):
        for lang, wording in wordings.items():
            key = f"items.{item.code}.{kind}.{lang}.labels"
            yield from label_problems(key, wording.labels, steps, button=kind == "mudah")


def label_problems(
    key: str, labels: Sequence[str], steps: int, *, button: bool
) -> Iterator[Problem]:
    """Problems of the labels of a question; a label of a button must fit the phone's width."""
    if len(labels) != steps:
        yield key, f"harus {steps} label, satu untuk setiap nilai; ada {len(labels)}"
    yield from duplicates(key, labels)
    for label in labels:
        if button and len(label) > BUTTON_LENGTH:
            yield key, f'"{label}" terlalu panjang untuk tombol ({BUTTON_LENGTH} huruf)'


def _number_problems(file: InstrumentFile) -> Iterator[Problem]:
    shares = [*_shares(file).values()]
    k = len(file.unsur or file.items)
    if len(shares) == k and sum(shares) != 1:
        key = "unsur" if file.unsur else "items"
        yield key, f'jumlah weight {sum(shares)}, harus tepat 1; tulis misalnya "1/{k}"'
    elif len(set(shares)) > 1 and file.compatibility_weights:
        yield "compatibility_weights", "hanya berlaku bila semua weight sama; kosongkan: []"
    for text in file.compatibility_weights:
        if half_up(Fraction(1, k), len(text) - 2) != Decimal(text):
            yield "compatibility_weights", f'"{text}" bukan 1/{k} yang dibulatkan'
    if file.scale[0] >= file.scale[1]:
        yield "scale", "harus nilai terendah lalu nilai tertinggi, seperti [1, 4]"
    if file.scale[1] * file.conversion != 100:
        yield "conversion", f"nilai tertinggi ({file.scale[1]}) kali conversion harus 100"
    yield from _grade_problems(file)


def _shares(file: InstrumentFile) -> dict[str, Fraction]:
    """Unsur code -> weight, of those that have one."""
    given = {each.code: each.weight for each in file.unsur or file.items}
    return {code: Fraction(weight) for code, weight in given.items() if weight is not None}


def _grade_problems(file: InstrumentFile) -> Iterator[Problem]:
    lowers = [Decimal(grade.lower) for grade in file.grades]
    yield from duplicates("grades", [grade.mutu for grade in file.grades])
    if any(lower <= next_lower for lower, next_lower in pairwise(lowers)):
        yield "grades", "batas bawah (lower) harus menurun dari mutu terbaik ke terburuk"
    lowest, highest = (step * file.conversion for step in file.scale)
    if lowers[-1] != lowest:
        yield "grades", f'batas bawah mutu terakhir harus nilai terkecil, "{lowest}.00"'
    if lowers[0] > highest:
        yield "grades", f"batas bawah mutu pertama melebihi nilai terbesar, {highest}"


def _attribute_problems(file: InstrumentFile) -> Iterator[Problem]:
    yield from duplicates("attributes", [attribute.code for attribute in file.unscored])
    switches = {name for attribute in file.unscored for name in attribute.switches}
    for key, names in (("sensitive", file.sensitive), (SENSITIVE_SETTING, file.configured)):
        for name in names:
            if name not in switches:
                known = ", ".join(sorted(switches)) or "tidak ada"
                yield key, f'"{name}" tidak punya consent di berkas ini; yang punya: {known}'
    for attribute in file.unscored:
        if attribute.code in RESERVED:
            yield f"attributes.{attribute.code}", "nama itu sudah dipakai kolom lain; ganti kodenya"
        codes = [option.code for option in attribute.options]
        yield from duplicates(f"attributes.{attribute.code}.options", codes)
        for option in attribute.options:
            if option.code == DECLINED:
                key = f"attributes.{attribute.code}.options"
                yield key, f'kode "{DECLINED}" berarti tidak menjawab; ganti kodenya'
            if option.paper is not None and option.paper not in codes:
                key = f"attributes.{attribute.code}.options.{option.code}.paper"
                yield key, f'"{option.paper}" bukan salah satu pilihannya'
        yield from _word_problems(attribute)


def _word_problems(attribute: AttributeFile) -> Iterator[Problem]:
    key = f"attributes.{attribute.code}.options"
    for option in attribute.options:
        for word in option.words:
            if not folded(word):
                yield f"{key}.{option.code}.words", f'"{word}" tidak berisi huruf atau angka'
    for code, word, other in option_words.conflicts(
        _attribute(attribute, "responden", frozenset(attribute.switches))
    ):
        yield f"{key}.{code}.words", f'"{word}" juga berarti pilihan "{other}"'


def _instrument(file: InstrumentFile) -> Instrument:
    codes = tuple(item.code for item in file.items)
    return Instrument(
        code=file.code,
        version=file.version,
        name=file.name,
        source=file.source,
        items=tuple(_item(item, file) for item in file.items),
        attributes=(*_asked(file, "layanan"), *_asked(file, "responden")),
        scale=(file.scale[0], file.scale[1]),
        conversion=file.conversion,
        weights=_shares(file),
        grades=tuple(
            Grade(grade.mutu, grade.kinerja, Decimal(grade.lower)) for grade in file.grades
        ),
        compatibility_weights=tuple(file.compatibility_weights),
        min_filled=file.min_filled,
        form_order=tuple(file.form_order or codes),
        grouped=tuple(_unsur(unsur, file) for unsur in file.unsur),
    )


def _unsur(unsur: UnsurFile, file: InstrumentFile) -> Unsur:
    items = tuple(item.code for item in file.items if item.unsur == unsur.code)
    return Unsur(unsur.code, unsur.name, unsur.source, items, unsur.definition)


def _item(item: ItemFile, file: InstrumentFile) -> Item:
    """An item; without a source it has that of its unsur."""
    of_unsur = next((each.source for each in file.unsur if each.code == item.unsur), "")
    source = item.source or of_unsur
    resmi, mudah = _wordings(item.resmi), _wordings(item.mudah)
    return Item(item.code, item.name, resmi, mudah, source, item.definition)


def _wordings(files: dict[str, WordingFile]) -> dict[str, Wording]:
    return {
        lang: Wording(wording.question, tuple(wording.labels)) for lang, wording in files.items()
    }


def _asked(file: InstrumentFile, subject: Subject) -> Iterator[Attribute]:
    """The questions without a score that are offered."""
    for attribute in file.questions if subject == "layanan" else file.attributes:
        if attribute.consent is None or attribute.code in file.offered:
            yield _attribute(attribute, subject, file.offered)


def _attribute(file: AttributeFile, subject: Subject, offered: Set[str]) -> Attribute:
    options = [
        Option(option.code, option.label, option.paper, tuple(option.words), option.consent)
        for option in file.options
    ]
    withheld = tuple(
        option
        for option in options
        if option.consent is not None and f"{file.code}.{option.code}" not in offered
    )
    given = tuple(option for option in options if option not in withheld)
    return Attribute(file.code, file.name, file.question, given, subject, withheld, file.consent)
