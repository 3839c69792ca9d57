"""Files with the unit heads' form: loading, schema and validation."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from scoring import instrument_file
from scoring.data_file import (
    ByLanguage,
    FileType,
    Key,
    Label,
    LocalText,
    Problem,
    Problems,
    Prose,
    StrictModel,
    duplicates,
    matching,
    validated,
)
from scoring.instrument import Item, Wording
from scoring.instrument_file import InstrumentError, ItemCode, Share, label_problems
from scoring.unit_instrument import ArtiPembagi, Aspek, UnitInstrument

SHIPPED = instrument_file.SHIPPED / "unit"

BobotIndikator = Annotated[
    str, matching(r"[1-9]\d{0,3}(/[1-9]\d{0,3})?|\d{1,2}\.\d{1,6}", 'tulis seperti "1" atau "1/7"')
]


Labels = ByLanguage[list[Label]]  # of one question, from worst to best


class IndikatorFile(StrictModel):
    """One indikator; `labels` and `bobot` default to those of the whole file."""

    code: ItemCode
    name: LocalText
    question: LocalText
    labels: Labels | None = None
    bobot: BobotIndikator | None = None


class AspekFile(StrictModel):
    """One aspek."""

    code: ItemCode
    name: LocalText
    bobot: Share
    items: Annotated[list[IndikatorFile], Field(min_length=1)]


class UnitInstrumentFile(StrictModel):
    """The whole file."""

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: LocalText
    source: Prose
    objek: LocalText
    contoh: LocalText | None = None
    arti_pembagi: ArtiPembagi
    pembagi: Annotated[int, Field(ge=1, le=50)]
    scale: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=2, max_length=2)]
    min_filled: Annotated[int, Field(ge=1)]
    bobot_indikator: BobotIndikator
    labels: Labels
    aspek: Annotated[list[AspekFile], Field(min_length=1)]

    def bobot(self, item: IndikatorFile) -> Fraction:
        """The weight of an indikator within its aspek."""
        return Fraction(item.bobot or self.bobot_indikator)


def _from_table(table: dict[str, Any]) -> UnitInstrument:
    file = validated(UnitInstrumentFile, table)
    if problems := [*_code_problems(file), *_scale_problems(file), *_weight_problems(file)]:
        raise Problems(problems)
    return _unit_instrument(file)


UNIT_INSTRUMENT_FILES = FileType("formulir unit", SHIPPED, _from_table, InstrumentError)
named, path_of = UNIT_INSTRUMENT_FILES.named, UNIT_INSTRUMENT_FILES.path_of
parse = UNIT_INSTRUMENT_FILES.parse


def _code_problems(file: UnitInstrumentFile) -> Iterator[Problem]:
    items = [item for aspek in file.aspek for item in aspek.items]
    yield from duplicates("aspek", [aspek.code for aspek in file.aspek])
    yield from duplicates("items", [item.code for item in items])
    if file.min_filled > len(items):
        yield "min_filled", f"lebih banyak daripada indikatornya ({len(items)})"


def _scale_problems(file: UnitInstrumentFile) -> Iterator[Problem]:
    low, high = file.scale
    if low >= high:
        yield "scale", "harus nilai terendah lalu nilai tertinggi, seperti [1, 4]"
        return
    if file.arti_pembagi == "skala_maks" and high != file.pembagi:
        yield "scale", f"nilai tertinggi harus sama dengan pembagi ({file.pembagi}), bukan {high}"
    item_labels = (
        (f"aspek.{aspek.code}.items.{item.code}.labels", item.labels)
        for aspek in file.aspek
        for item in aspek.items
        if item.labels is not None
    )
    for key, labels in (("labels", file.labels), *item_labels):
        for lang, of_language in labels.items():
            yield from label_problems(f"{key}.{lang}", of_language, high - low + 1, button=True)


def _weight_problems(file: UnitInstrumentFile) -> Iterator[Problem]:
    total = sum(Fraction(aspek.bobot) for aspek in file.aspek)
    if total != 1:
        yield "aspek", f'jumlah bobot aspek {total}, harus tepat 1; tulis pecahan seperti "1/3"'
    # Under `jumlah_penilai` the heads who answered divide: `pembagi` is only what is printed.
    divides_by_count = file.arti_pembagi == "jumlah_indikator"
    for aspek in file.aspek:
        key = f"aspek.{aspek.code}.items"
        if divides_by_count and len(aspek.items) != file.pembagi:
            yield key, f"ada {len(aspek.items)} indikator, harus {file.pembagi} (pembagi)"
            continue
        # With this sum, the highest nilai for every indikator gives exactly 100.
        required = file.pembagi if divides_by_count else 1
        weight = sum(file.bobot(item) for item in aspek.items)
        if weight != required:
            yield key, f"jumlah bobot indikator {weight}, harus tepat {required}"


def _unit_instrument(file: UnitInstrumentFile) -> UnitInstrument:
    return UnitInstrument(
        code=file.code,
        version=file.version,
        name=file.name,
        source=file.source,
        objek=file.objek,
        contoh=file.contoh,
        arti_pembagi=file.arti_pembagi,
        pembagi=file.pembagi,
        scale=(file.scale[0], file.scale[1]),
        min_filled=file.min_filled,
        aspek=tuple(_aspek(file, aspek) for aspek in file.aspek),
    )


def _aspek(file: UnitInstrumentFile, aspek: AspekFile) -> Aspek:
    return Aspek(
        aspek.code,
        aspek.name,
        Fraction(aspek.bobot),
        tuple(_item(file, item) for item in aspek.items),
        {item.code: file.bobot(item) for item in aspek.items},
    )


def _item(file: UnitInstrumentFile, item: IndikatorFile) -> Item:
    """An indikator; the screen and the printed form use the same wording."""
    labels = item.labels or file.labels
    wording = {
        lang: Wording(question, tuple(labels[lang]))
        for lang, question in item.question.items()
        if lang in labels
    }
    return Item(item.code, item.name, wording, wording, file.source)
