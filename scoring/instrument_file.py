"""The shape of an instrument file, and what each mistake in one is called."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from scoring import instrument
from scoring.rounding import half_up

Problem = tuple[str, str]  # key in the file, reason in Indonesian

BUTTON = 30  # characters that a button of a phone shows on one line

REASONS = {
    "missing": "kunci ini wajib ada",
    "extra_forbidden": "kunci ini tidak dikenal; hapus, atau perbaiki ejaannya",
    "string_type": "harus teks dalam tanda kutip",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "terlalu panjang (paling banyak {max_length} huruf)",
    "int_type": "harus bilangan bulat tanpa tanda kutip",
    "list_type": "harus daftar di antara [ dan ]",
    "tuple_type": "harus daftar di antara [ dan ]",
    "too_short": "isinya kurang (paling sedikit {min_length})",
    "too_long": "isinya berlebih (paling banyak {max_length})",
    "model_type": "harus tabel { … } dengan kuncinya",
    "greater_than_equal": "tidak boleh kurang dari {ge}",
    "less_than_equal": "tidak boleh lebih dari {le}",
}


class InstrumentFileError(ValueError):
    """A file's mistakes, each with its key and reason."""

    def __init__(self, lines: Sequence[Problem]) -> None:
        super().__init__(lines)
        self.lines = list(lines)


def _matching(pattern: str, reason: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f'"{text}" tidak sah: {reason}')
        return text

    return AfterValidator(check)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Key = Annotated[
    str,
    _matching(
        r"[a-z0-9][a-z0-9-]{0,39}", "pakai huruf kecil, angka dan tanda hubung, paling banyak 40"
    ),
]
# Bare u1, u2, … head the columns of office sheets; a code of that form could mean two unsur.
ItemCode = Annotated[
    str,
    _matching(r"(?!U\d+$)[A-Z][A-Z0-9_]{0,23}", "pakai huruf besar, angka dan _, bukan U1, U2, …"),
]
Name = Annotated[str, _matching(r"[a-z][a-z_]{0,23}", "pakai huruf kecil dan _")]
Share = Annotated[
    str, _matching(r"[1-9]\d{0,3}/[1-9]\d{0,3}|0\.\d{1,6}|1", 'tulis seperti "1/9" atau "0.25"')
]
Rounded = Annotated[str, _matching(r"0\.\d{1,6}", 'tulis seperti "0.111"')]
Limit = Annotated[str, _matching(r"\d{1,3}\.\d\d", 'tulis dengan dua desimal seperti "88.31"')]


class Strict(BaseModel):
    """A table of the file: every key known, nothing converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProseFile(Strict):
    """A text in both languages."""

    id: Prose
    en: Prose


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
    compatibility_weights: list[Rounded] = []
    form_order: list[ItemCode] | None = None
    grades: Annotated[list[GradeFile], Field(min_length=1)]
    items: Annotated[list[ItemFile], Field(min_length=1)]
    attributes: list[AttributeFile]


def parse(raw: dict[str, Any]) -> instrument.Instrument:
    """The instrument that a parsed TOML file describes.

    Raises:
        InstrumentFileError: everything that is wrong with it.
    """
    try:
        file = InstrumentFile.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise InstrumentFileError([_problem(detail, raw) for detail in found]) from None
    if contradictions := [*_of_items(file), *_of_numbers(file), *_of_attributes(file)]:
        raise InstrumentFileError(contradictions)
    return _built(file)


def _problem(detail: ErrorDetails, raw: dict[str, Any]) -> Problem:
    if detail["type"] == "value_error":
        return _key(detail["loc"], raw), str(detail["ctx"]["error"])
    reason = REASONS.get(detail["type"], detail["msg"])
    return _key(detail["loc"], raw), reason.format_map(detail.get("ctx", {}))


def _key(location: tuple[int | str, ...], raw: object) -> str:
    """`items.BIAYA.mudah.id.labels`: an entry with a code goes by it, another by its place."""
    steps = []
    for step in location:
        raw = _inside(raw, step)
        code = raw.get("code") if isinstance(step, int) and isinstance(raw, dict) else None
        steps.append(str(code or (step + 1 if isinstance(step, int) else step)))
    return ".".join(steps)


def _inside(raw: object, step: int | str) -> object:
    match raw, step:
        case dict(), str():
            return raw.get(step)
        case list(), int() if step < len(raw):
            return raw[step]
    return None


def _of_items(file: InstrumentFile) -> Iterator[Problem]:
    codes = [item.code for item in file.items]
    yield from _repeated("items", codes)
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
            if len(wording.labels) != steps:
                found = len(wording.labels)
                yield key, f"harus {steps} label, satu untuk setiap nilai; ada {found}"
            yield from _repeated(key, wording.labels)
            for label in wording.labels:
                if kind == "mudah" and len(label) > BUTTON:
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
    yield from _repeated("grades", [grade.mutu for grade in file.grades])
    if any(lower <= following for lower, following in pairwise(lowers)):
        yield "grades", "batas bawah (lower) harus menurun dari mutu terbaik ke terburuk"
    least, most = (step * file.conversion for step in file.scale)
    if lowers[-1] != least:
        yield "grades", f'batas bawah mutu terakhir harus nilai terkecil, "{least}.00"'
    if lowers[0] > most:
        yield "grades", f"batas bawah mutu pertama melebihi nilai terbesar, {most}"


def _of_attributes(file: InstrumentFile) -> Iterator[Problem]:
    yield from _repeated("attributes", [attribute.code for attribute in file.attributes])
    for attribute in file.attributes:
        codes = [option.code for option in attribute.options]
        yield from _repeated(f"attributes.{attribute.code}.options", codes)
        for option in attribute.options:
            if option.paper is not None and option.paper not in codes:
                key = f"attributes.{attribute.code}.options.{option.code}.paper"
                yield key, f'"{option.paper}" bukan salah satu pilihannya'


def _repeated(key: str, values: list[str]) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield key, f'"{value}" tertulis {count} kali; setiap isi harus berbeda'


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
