"""The shape of a file with the unit heads' form, and what each mistake in one is called."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from scoring import unit_instrument
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
from scoring.instrument import LANGUAGES, Item, Wording
from scoring.instrument_file import ItemCode, Share, of_labels
from scoring.unit_instrument import Aspek, Reading, UnitInstrument

BobotIndikator = Annotated[
    str, matching(r"[1-9]\d{0,3}(/[1-9]\d{0,3})?|\d{1,2}\.\d{1,6}", 'tulis seperti "1" atau "1/7"')
]


class LabelsFile(Strict):
    """The labels of one question, worst to best, in both languages."""

    id: list[Label]
    en: list[Label]


class IndikatorFile(Strict):
    """One indikator; without `labels` and `bobot` those of the file apply."""

    code: ItemCode
    name: ProseFile
    question: ProseFile
    labels: LabelsFile | None = None
    bobot: BobotIndikator | None = None


class AspekFile(Strict):
    """One aspek of the file."""

    code: ItemCode
    name: ProseFile
    bobot: Share
    items: Annotated[list[IndikatorFile], Field(min_length=1)]


class UnitInstrumentFile(Strict):
    """The whole file."""

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: ProseFile
    source: Prose
    objek: ProseFile
    contoh: ProseFile | None = None
    arti_pembagi: Reading
    pembagi: Annotated[int, Field(ge=1, le=50)]
    scale: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=2, max_length=2)]
    min_filled: Annotated[int, Field(ge=1)]
    bobot_indikator: BobotIndikator
    labels: LabelsFile
    aspek: Annotated[list[AspekFile], Field(min_length=1)]

    def bobot(self, item: IndikatorFile) -> Fraction:
        """What an indikator weighs within its aspek."""
        return Fraction(item.bobot or self.bobot_indikator)


def parse(raw: dict[str, Any]) -> UnitInstrument:
    """The form that a parsed TOML file describes.

    Raises:
        Problems: everything that is wrong with it.
    """
    file = shaped(UnitInstrumentFile, raw)
    if contradictions := [*_of_codes(file), *_of_scale(file), *_of_weights(file)]:
        raise Problems(contradictions)
    return _built(file)


def _of_codes(file: UnitInstrumentFile) -> Iterator[Problem]:
    items = [item for aspek in file.aspek for item in aspek.items]
    yield from repeated("aspek", [aspek.code for aspek in file.aspek])
    yield from repeated("items", [item.code for item in items])
    if file.min_filled > len(items):
        yield "min_filled", f"lebih banyak daripada indikatornya ({len(items)})"


def _of_scale(file: UnitInstrumentFile) -> Iterator[Problem]:
    low, high = file.scale
    if low >= high:
        yield "scale", "harus nilai terendah lalu nilai tertinggi, seperti [1, 4]"
        return
    if file.arti_pembagi == "skala_maks" and high != file.pembagi:
        yield "scale", f"nilai tertinggi harus sama dengan pembagi ({file.pembagi}), bukan {high}"
    own = (
        (f"aspek.{aspek.code}.items.{item.code}.labels", item.labels)
        for aspek in file.aspek
        for item in aspek.items
        if item.labels is not None
    )
    for key, labels in (("labels", file.labels), *own):
        for lang in LANGUAGES:
            yield from of_labels(
                f"{key}.{lang}", getattr(labels, lang), high - low + 1, button=True
            )


def _of_weights(file: UnitInstrumentFile) -> Iterator[Problem]:
    total = sum(Fraction(aspek.bobot) for aspek in file.aspek)
    if total != 1:
        yield "aspek", f'jumlah bobot aspek {total}, harus tepat 1; tulis pecahan seperti "1/3"'
    counted = file.arti_pembagi == "jumlah_indikator"
    for aspek in file.aspek:
        key = f"aspek.{aspek.code}.items"
        if counted and len(aspek.items) != file.pembagi:
            yield key, f"ada {len(aspek.items)} indikator, harus {file.pembagi} (pembagi)"
            continue
        # Either way a head who gives the best nilai throughout makes exactly 100.
        due = file.pembagi if counted else 1
        weight = sum(file.bobot(item) for item in aspek.items)
        if weight != due:
            yield key, f"jumlah bobot indikator {weight}, harus tepat {due}"


def _built(file: UnitInstrumentFile) -> UnitInstrument:
    return unit_instrument.UnitInstrument(
        code=file.code,
        version=file.version,
        name=file.name.model_dump(),
        source=file.source,
        objek=file.objek.model_dump(),
        contoh=None if file.contoh is None else file.contoh.model_dump(),
        arti_pembagi=file.arti_pembagi,
        pembagi=file.pembagi,
        scale=(file.scale[0], file.scale[1]),
        min_filled=file.min_filled,
        aspek=tuple(_aspek(file, aspek) for aspek in file.aspek),
    )


def _aspek(file: UnitInstrumentFile, aspek: AspekFile) -> Aspek:
    return Aspek(
        aspek.code,
        aspek.name.model_dump(),
        Fraction(aspek.bobot),
        tuple(_item(file, item) for item in aspek.items),
        {item.code: file.bobot(item) for item in aspek.items},
    )


def _item(file: UnitInstrumentFile, item: IndikatorFile) -> Item:
    """An indikator; its one wording serves the screen and paper alike."""
    labels = item.labels or file.labels
    wording = {
        lang: Wording(getattr(item.question, lang), tuple(getattr(labels, lang)))
        for lang in LANGUAGES
    }
    return Item(item.code, item.name.model_dump(), wording, wording, file.source)
