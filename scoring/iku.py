"""The IKU table: target, realisasi and capaian of every indikator, for each year.

Source: capaian by the practice of LKIP; kategori by Permendagri 86/2017, regulations/capaian.toml.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from scoring import ikm
from scoring.ikm import Tally
from scoring.instrument import Questionnaire
from scoring.numbers import half_up

NOT_COMPUTABLE = "belum dapat dihitung"
TABLE = Path(__file__).parent / "regulations" / "capaian.toml"

Arah: TypeAlias = Literal["naik", "turun"]  # whether a higher or a lower realisasi is better
# How the figure of a year is made of its periods: pooled answers, or mean of the figures.
YearMethod: TypeAlias = Literal["gabungan", "rerata_periode"]
AnyQuestionnaire = TypeVar("AnyQuestionnaire", bound=Questionnaire)


@dataclass(frozen=True, slots=True)
class Kategori:
    """One category; `lower` is its lowest capaian, None for the last category."""

    name: str
    lower: Decimal | None


@dataclass(frozen=True, slots=True)
class Target:
    """A target; if it is a predikat, it needs a nilai too for the capaian to be calculated."""

    nilai: Decimal | None = None
    predikat: str | None = None


@dataclass(frozen=True, slots=True)
class Realisasi:
    """A realisasi, None if missing; `by_hand`: entered by an officer, not computed."""

    nilai: Decimal | None
    sumber: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Capaian:
    """Exact percentage, neither rounded nor capped; None with the reason if not computable."""

    nilai: Fraction | None
    reason: str | None = None

    def shown(self, cap: Decimal | None = None) -> Decimal | None:
        """Rounded to 2 places, and at most `cap`, the maximum that an office shows."""
        if self.nilai is None:
            return None
        rounded = half_up(self.nilai, 2)
        return rounded if cap is None else min(rounded, cap)


@dataclass(frozen=True, slots=True)
class IkuRow:
    """One indikator in one year; without capaian there is a `reason` and no kategori."""

    sasaran: str
    indikator: str
    satuan: str
    arah: Arah
    tahun: int
    target: Target
    realisasi: Realisasi
    capaian: Capaian
    kategori: Kategori | None

    @property
    def reason(self) -> str | None:
        """Why there is no capaian."""
        return self.capaian.reason


@dataclass(frozen=True, slots=True)
class YearFigure:
    """The figure of a year, its method and periods; None with the reason if not computable."""

    nilai: Decimal | None
    method: YearMethod
    periods: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year compared with earlier years (year -> realisasi) and with the Renstra's end target."""

    earlier: dict[int, Decimal | None]
    change: Decimal | None  # from the year before
    progress: Capaian  # of this year's realisasi against the end target


def row(
    sasaran: str,
    indikator: str,
    satuan: str,
    arah: Arah,
    tahun: int,
    target: Target,
    realisasi: Realisasi,
) -> IkuRow:
    """The row of an indikator, with its capaian and kategori."""
    result = capaian(target, realisasi.nilai, arah)
    category = None if result.nilai is None else kategori(result.nilai)
    return IkuRow(sasaran, indikator, satuan, arah, tahun, target, realisasi, result, category)


def capaian(target: Target, realisasi: Decimal | None, arah: Arah = "naik") -> Capaian:
    """R ÷ T × 100, or (2T − R) ÷ T × 100 when lower is better; None, never 0, if not computable."""
    if target.nilai is None:
        if target.predikat is None:
            return Capaian(None, "target belum diisi")
        return Capaian(None, f"target berupa predikat {target.predikat}; tulis angkanya")
    if target.nilai == 0:
        return Capaian(None, "target 0 tidak dapat menjadi pembagi")
    if realisasi is None:
        return Capaian(None, "realisasi belum ada")
    t, r = Fraction(target.nilai), Fraction(realisasi)
    return Capaian((r if arah == "naik" else 2 * t - r) / t * 100)


@cache
def categories() -> tuple[Kategori, ...]:
    """Every category, highest first."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Kategori(each["name"], Decimal(each["lower"]) if "lower" in each else None)
        for each in table["kategori"]
    )


def kategori(capaian: Fraction | Decimal) -> Kategori:
    """The category of a capaian, rounded to 2 places and compared with lower bounds only."""
    rounded = half_up(capaian, 2)
    *upper, lowest = categories()
    matching = (each for each in upper if each.lower is not None and rounded >= each.lower)
    return next(matching, lowest)


def year_figure(
    periods: Mapping[str, tuple[AnyQuestionnaire, Tally]],
    nilai: Callable[[AnyQuestionnaire, Tally], Decimal | None],
    method: YearMethod = "gabungan",
) -> YearFigure:
    """The figure of a year from its periods (label -> instrument and tally).

    Args:
        nilai: the figure of a tally: `lambda instrument, tally: ikm.score(instrument, tally).ikm`.
        method: `gabungan` pools the year's answers, of one series; `rerata_periode` is the
            unweighted mean of the periods that have a figure, and lists only those.
    """
    if method == "rerata_periode":
        figures = {}
        for label, (instrument, tally) in periods.items():
            figure = nilai(instrument, tally)
            if figure is not None:
                figures[label] = figure
        reason = None if figures else NOT_COMPUTABLE
        return YearFigure(ikm.mean_of_units(figures.values()), method, tuple(figures), reason)
    labels = tuple(periods)
    if not periods:
        return YearFigure(None, method, labels, NOT_COMPUTABLE)
    first, *others = (instrument for instrument, _ in periods.values())
    if any(other.series != first.series for other in others):
        reason = "instrumen berganti dalam tahun itu; pakai rerata_periode"
        return YearFigure(None, method, labels, reason)
    pooled = nilai(first, ikm.merged(*(tally for _, tally in periods.values())))
    return YearFigure(pooled, method, labels, None if pooled is not None else NOT_COMPUTABLE)


def compare(rows: Mapping[int, IkuRow], tahun: int, end_target: Target = Target()) -> Comparison:
    """The comparison of a year with the earlier ones; `rows` are those of one indikator by year."""
    current = rows[tahun]
    earlier = {year: rows[year].realisasi.nilai for year in sorted(rows) if year < tahun}
    previous, realisasi = earlier.get(tahun - 1), current.realisasi.nilai
    change = None if previous is None or realisasi is None else realisasi - previous
    return Comparison(earlier, change, capaian(end_target, realisasi, current.arah))
