"""The shape of an instrument file, and what each mistake in one is called."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from scoring import instrument
from scoring.data_file import Problem, Problems, repeated
from scoring.data_shape import (
    Key,
    Label,
    Prose,
    ProseFile,
    Strict,
    matching,
    shaped,
)
from scoring.rounding import half_up

BUTTON = 30  # characters that a button of a phone shows on one line

# Bare u1, u2, … head the columns of office sheets; a code of that form could mean two unsur.
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


class WordingFile(Strict):
    """A question and its labels, worst to best."""

    question: Prose
    labels: list[Label]


class WordingsFile(Strict):
    """A wording in both languages."""

    id: WordingFile
    en: WordingFile


class ItemFile(Strict):
    """One unsur of the file."""

    code: ItemCode
    name: ProseFile
    weight: Share
    source: Prose
    resmi: WordingsFile
    mudah: WordingsFile


class OptionFile(Strict):
    """One answer to an attribute."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    label: ProseFile
    paper: Label | None = None


class AttributeFile(Strict):
    """One question about the respondent."""

    code: Name
    name: ProseFile
    question: ProseFile
    options: Annotated[list[OptionFile], Field(min_length=2)]


class GradeFile(Strict):
    """One mutu with its lower limit."""

    mutu: Annotated[str, StringConstraints(min_length=1, max_length=2)]
    kinerja: Label
    lower: Limit


class InstrumentFile(Strict):
    """The whole file."""

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: ProseFile
    source: Prose
    scale: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=2, max_length=2)]
    conversion: Annotated[int, Field(ge=1, le=100)]
    min_filled: Annotated[int, Field(ge=1)]
    compatibility_weights: list[Rounded] = Field(default_factory=list)
    form_order: list[ItemCode] | None = None
    grades: Annotated[list[GradeFile], Field(min_length=1)]
    items: Annotated[list[ItemFile], Field(min_length=1)]
    attributes: list[AttributeFile]


def parse(raw: dict[str, Any]) -> instrument.Instrument:
    """The instrument that a parsed TOML file describes.

    Raises:
        Problems: everything that is wrong with it.
    """
    file = shaped(InstrumentFile, raw)
    if contradictions := [*_of_items(file), *_of_numbers(file), *_of_attributes(file)]:
        raise Problems(contradictions)
    return _built(file)


def _of_items(file: InstrumentFile) -> Iterator[Problem]:
    codes = [item.code for item in file.items]
    yield from repeated("items", codes)
    for item in file.items:
        yield from _of_wordings(item, file)
    if file.form_order is not None and sorted(file.form_order) != sorted(codes):
        yield "form_order", "harus memuat setiap kode unsur tepat satu kali"
    if file.min_filled > len(codes):
        yield "min_filled", f"lebih banyak daripada unsurnya ({len(codes)})"


def _of_wordings(item: ItemFile, file: InstrumentFile) -> Iterator[Problem]:
    steps = file.scale[1] - file.scale[0] + 1
    for kind, wordings in (("resmi", item.resmi), ("mudah", item.mudah)):
        for lang, wording in (("id", wordings.id), ("en", wordings.en)):
            key = f"items.{item.code}.{kind}.{lang}.labels"
            yield from of_labels(key, wording.labels, steps, button=kind == "mudah")


def of_labels(key: str, labels: Sequence[str], steps: int, *, button: bool) -> Iterator[Problem]:
    """What is wrong with the labels of a question; those of buttons must fit a phone."""
    if len(labels) != steps:
        yield key, f"harus {steps} label, satu untuk setiap nilai; ada {len(labels)}"
    yield from repeated(key, labels)
    for label in labels:
        if button and len(label) > BUTTON:
            yield key, f'"{label}" terlalu panjang untuk tombol ({BUTTON} huruf)'


def _of_numbers(file: InstrumentFile) -> Iterator[Problem]:
    shares = [Fraction(item.weight) for item in file.items]
    k = len(shares)
    if sum(shares) != 1:
        yield "items", f'jumlah weight {sum(shares)}, harus tepat 1; tulis misalnya "1/{k}"'
    elif len(set(shares)) > 1 and file.compatibility_weights:
        yield "compatibility_weights", "hanya berlaku bila semua weight sama; kosongkan: []"
    for text in file.compatibility_weights:
        if half_up(Fraction(1, k), len(text) - 2) != Decimal(text):
            yield "compatibility_weights", f'"{text}" bukan 1/{k} yang dibulatkan'
    if file.scale[0] >= file.scale[1]:
        yield "scale", "harus nilai terendah lalu nilai tertinggi, seperti [1, 4]"
    if file.scale[1] * file.conversion != 100:
        yield "conversion", f"nilai tertinggi ({file.scale[1]}) kali conversion harus 100"
    yield from _of_grades(file)


def _of_grades(file: InstrumentFile) -> Iterator[Problem]:
    lowers = [Decimal(grade.lower) for grade in file.grades]
    yield from repeated("grades", [grade.mutu for grade in file.grades])
    if any(lower <= following for lower, following in pairwise(lowers)):
        yield "grades", "batas bawah (lower) harus menurun dari mutu terbaik ke terburuk"
    least, most = (step * file.conversion for step in file.scale)
    if lowers[-1] != least:
        yield "grades", f'batas bawah mutu terakhir harus nilai terkecil, "{least}.00"'
    if lowers[0] > most:
        yield "grades", f"batas bawah mutu pertama melebihi nilai terbesar, {most}"


def _of_attributes(file: InstrumentFile) -> Iterator[Problem]:
    yield from repeated("attributes", [attribute.code for attribute in file.attributes])
    for attribute in file.attributes:
        codes = [option.code for option in attribute.options]
        yield from repeated(f"attributes.{attribute.code}.options", codes)
        for option in attribute.options:
            if option.paper is not None and option.paper not in codes:
                key = f"attributes.{attribute.code}.options.{option.code}.paper"
                yield key, f'"{option.paper}" bukan salah satu pilihannya'


def _built(file: InstrumentFile) -> instrument.Instrument:
    codes = tuple(item.code for item in file.items)
    return instrument.Instrument(
        code=file.code,
        version=file.version,
        name=file.name.model_dump(),
        source=file.source,
        items=tuple(_item(item) for item in file.items),
        attributes=tuple(_attribute(attribute) for attribute in file.attributes),
        scale=(file.scale[0], file.scale[1]),
        conversion=file.conversion,
        weights={item.code: Fraction(item.weight) for item in file.items},
        grades=tuple(
            instrument.Grade(grade.mutu, grade.kinerja, Decimal(grade.lower))
            for grade in file.grades
        ),
        compatibility_weights=tuple(file.compatibility_weights),
        min_filled=file.min_filled,
        form_order=tuple(file.form_order or codes),
    )


def _item(file: ItemFile) -> instrument.Item:
    return instrument.Item(
        file.code, file.name.model_dump(), _wordings(file.resmi), _wordings(file.mudah), file.source
    )


def _wordings(file: WordingsFile) -> dict[str, instrument.Wording]:
    return {
        lang: instrument.Wording(wording.question, tuple(wording.labels))
        for lang, wording in (("id", file.id), ("en", file.en))
    }


def _attribute(file: AttributeFile) -> instrument.Attribute:
    options = tuple(
        instrument.Option(option.code, option.label.model_dump(), option.paper)
        for option in file.options
    )
    return instrument.Attribute(
        file.code, file.name.model_dump(), file.question.model_dump(), options
    )
