"""The form with which unit heads rate the kecamatan, as values: aspek and their indikator."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from scoring.instrument import Attribute, Item

# Meaning of the "7" in the printed formula: number of indikator of an aspek, highest nilai, or the
# number of unit heads, whose mean an indikator is already.
ArtiPembagi: TypeAlias = Literal["jumlah_indikator", "skala_maks", "jumlah_penilai"]
READINGS: tuple[ArtiPembagi, ...] = get_args(ArtiPembagi)


FORMULA = "unit-1"  # a change of the formula gets a new number, and so a new series


@dataclass(frozen=True, slots=True)
class Aspek:
    """A group of indikator with its share of the index; `bobot_indikator` by item code."""

    code: str
    name: dict[str, str]
    bobot: Fraction
    items: tuple[Item, ...]
    bobot_indikator: dict[str, Fraction]

    def nilai(self, means: Mapping[str, Fraction], divisor: int) -> Fraction:
        """Nilai aspek: Σ (nilai indikator × bobot indikator) ÷ divisor."""
        weighted = (bobot * means[code] for code, bobot in self.bobot_indikator.items())
        return sum(weighted, Fraction(0)) / divisor


class NotReadable(ValueError):
    """Formulir ini tidak dapat dibaca menurut arti itu."""


@dataclass(frozen=True, slots=True)
class UnitInstrument:
    """One wording of one form for unit heads.

    `objek` is what is rated and is shown first; `contoh` is a note that the form is only an
    example, None for an office's own form. `scale` is (lowest, highest) nilai; `pembagi` is the
    divisor as printed and `arti_pembagi` its meaning; `min_filled` is how many indikator a head
    must answer; `items` are the indikator, aspek by aspek, in the order of the questions, `codes`
    theirs; `steps` are the nilai an answer may have, from worst to best; `formula` is that of a
    result: its version, arti_pembagi and divisor; `series` is the key of comparable results: code,
    formula, scale and every weight; no text, order or version.
    """

    code: str
    version: int
    name: dict[str, str]
    source: str
    objek: dict[str, str]
    contoh: dict[str, str] | None
    arti_pembagi: ArtiPembagi
    pembagi: int
    scale: tuple[int, int]
    min_filled: int
    aspek: tuple[Aspek, ...]
    items: tuple[Item, ...] = field(init=False, repr=False, compare=False)
    codes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    steps: range = field(init=False, repr=False, compare=False)
    formula: str = field(init=False, repr=False, compare=False)
    series: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute these once: every score of a tally reads them."""
        items = tuple(item for aspek in self.aspek for item in aspek.items)
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "codes", tuple(item.code for item in items))
        object.__setattr__(self, "steps", range(self.scale[0], self.scale[1] + 1))
        object.__setattr__(self, "formula", f"{FORMULA} {self.arti_pembagi} {self.pembagi}")
        object.__setattr__(self, "series", _series(self))

    def __hash__(self) -> int:
        return hash((self.code, self.version))

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """None: no question is about the unit head himself."""
        return ()

    @property
    def divisor(self) -> int:
        """What divides a nilai aspek; 1 where the mean over the heads has divided already."""
        return 1 if self.arti_pembagi == "jumlah_penilai" else self.pembagi

    @property
    def conversion(self) -> Fraction:
        """The factor that converts the index to 0–100: 100 ÷ highest nilai, or 100."""
        return Fraction(100, 1 if self.arti_pembagi == "skala_maks" else self.scale[1])

    @property
    def minimum(self) -> Fraction:
        """The exact converted index when every answer is the lowest nilai."""
        return self._index_when_all(self.scale[0])

    @property
    def maximum(self) -> Fraction:
        """The exact converted index when every answer is the highest nilai."""
        return self._index_when_all(self.scale[1])

    def item(self, code: str) -> Item:
        """The indikator with this code; KeyError when there is none."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

    def aspek_of(self, code: str) -> Aspek:
        """The aspek an indikator belongs to; KeyError when there is none."""
        for aspek in self.aspek:
            if code in aspek.bobot_indikator:
                return aspek
        raise KeyError(code)

    def number(self, code: str) -> str:
        """`2.3`: the third indikator of the second aspek."""
        aspek = self.aspek_of(code)
        position = list(aspek.bobot_indikator).index(code) + 1
        return f"{self.aspek.index(aspek) + 1}.{position}"

    def title(self, code: str, lang: str = "id") -> str:
        """Number and name of an indikator, as printed."""
        return f"{self.number(code)} {self.item(code).name[lang]}"

    def read_as(self, arti: ArtiPembagi) -> "UnitInstrument":
        """The same questions and shares under another meaning of the printed number.

        Raises:
            NotReadable: the form has not the shape that this meaning asks for.
        """
        if arti == "skala_maks" and self.scale[1] != self.pembagi:
            low, high = self.scale
            raise NotReadable(f"jawabannya {low}–{high}, bukan sampai {self.pembagi}")
        counts = {len(aspek.items) for aspek in self.aspek}
        if arti == "jumlah_indikator" and counts != {self.pembagi}:
            raise NotReadable(f"tidak setiap aspek memuat {self.pembagi} indikator")
        total = self.pembagi if arti == "jumlah_indikator" else 1
        return replace(
            self, arti_pembagi=arti, aspek=tuple(_shared(each, total) for each in self.aspek)
        )

    def _index_when_all(self, nilai: int) -> Fraction:
        means = dict.fromkeys(self.codes, Fraction(nilai))
        parts = (aspek.bobot * aspek.nilai(means, self.divisor) for aspek in self.aspek)
        return sum(parts, Fraction(0)) * self.conversion


def _shared(aspek: Aspek, total: int) -> Aspek:
    """The aspek with bobot indikator in the same proportions that sum to this total."""
    weight = sum(aspek.bobot_indikator.values())
    shares = {code: bobot * total / weight for code, bobot in aspek.bobot_indikator.items()}
    return replace(aspek, bobot_indikator=shares)


def _series(instrument: UnitInstrument) -> str:
    weights = sorted(
        f"{aspek.code} {aspek.bobot} ("
        + ", ".join(f"{code} {bobot}" for code, bobot in sorted(aspek.bobot_indikator.items()))
        + ")"
        for aspek in instrument.aspek
    )
    low, high = instrument.scale
    return "; ".join((instrument.code, instrument.formula, f"{low}–{high}", *weights))
