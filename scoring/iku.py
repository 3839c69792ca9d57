"""The IKU table: target, realisasi and capaian of every indikator, year by year.

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
from scoring.rounding import half_up

TABLE = Path(__file__).parent / "regulations" / "capaian.toml"

Arah: TypeAlias = Literal["naik", "turun"]  # what is better: higher, or lower
# How several periods make a year's figure: over all its answers, or the mean of the figures.
Yearly: TypeAlias = Literal["gabungan", "rerata_periode"]
Asked = TypeVar("Asked", bound=Questionnaire)


@dataclass(frozen=True, slots=True)
class Kategori:
    """One category; `lower` is the lowest capaian that still has it, None for the last."""

    name: str
    lower: Decimal | None


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at; one given as a predikat needs a number beside it to be reckoned with."""

    nilai: Decimal | None = None
    predikat: str | None = None


@dataclass(frozen=True, slots=True)
class Realisasi:
    """What was reached, None when it is missing; `by_hand` marks a figure the bot did not make."""

    nilai: Decimal | None
    sumber: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Capaian:
    """Exact per cent, neither rounded nor capped; None with the reason why there is none."""

    nilai: Fraction | None
    reason: str | None = None

    def shown(self, cap: Decimal | None = None) -> Decimal | None:
        """Rounded to 2 places, and not above the cap that an office may show at most."""
        if self.nilai is None:
            return None
        rounded = half_up(self.nilai, 2)
        return rounded if cap is None else min(rounded, cap)


@dataclass(frozen=True, slots=True)
class IkuRow:
    """One indikator in one year; capaian n/a says its `reason`, and has no kategori."""

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
    """A year's figure and how it was made; None with the reason why there is none."""

    nilai: Decimal | None
    cara: Yearly
    periods: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year beside the earlier ones (year -> realisasi) and the target of the Renstra's end."""

    earlier: dict[int, Decimal | None]
    change: Decimal | None  # against the year before
    end_target: Target
    progress: Capaian  # this year's realisasi against the end target


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
    reached = capaian(target, realisasi.nilai, arah)
    grade = None if reached.nilai is None else kategori(reached.nilai)
    return IkuRow(sasaran, indikator, satuan, arah, tahun, target, realisasi, reached, grade)


def capaian(target: Target, realisasi: Decimal | None, arah: Arah = "naik") -> Capaian:
    """R ÷ T × 100, or (2T − R) ÷ T × 100 when lower is better; n/a is never 0."""
    if target.nilai is None:
        if target.predikat is None:
            return Capaian(None, "target belum diisi")
        return Capaian(None, f"target berupa predikat {target.predikat}; tulis angkanya")
    if target.nilai == 0:
        return Capaian(None, "target 0 tidak dapat menjadi pembagi")
    if realisasi is None:
        return Capaian(None, "realisasi belum ada")
    aimed, reached = Fraction(target.nilai), Fraction(realisasi)
    gained = reached if arah == "naik" else 2 * aimed - reached
    return Capaian(gained / aimed * 100)


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
    reached = (each for each in upper if each.lower is not None and rounded >= each.lower)
    return next(reached, lowest)


def yearly(
    periods: Mapping[str, tuple[Asked, Tally]],
    nilai: Callable[[Asked, Tally], Decimal | None],
    cara: Yearly = "gabungan",
) -> YearFigure:
    """A year's figure from its periods (label -> instrument and tally).

    Args:
        nilai: the figure of one tally, such as `lambda asked, tally: ikm.score(asked, tally).ikm`.
        cara: `gabungan` pools the year's answers; `rerata_periode` is the unweighted mean of the
            periods that have a figure, and names those only.
    """
    if cara == "rerata_periode":
        each = {label: nilai(asked, tally) for label, (asked, tally) in periods.items()}
        told = {label: value for label, value in each.items() if value is not None}
        mean = ikm.mean_of_units(told.values())
        return YearFigure(mean, cara, tuple(told), None if told else "belum dapat dihitung")
    labels = tuple(periods)
    if not periods:
        return YearFigure(None, cara, labels, "belum dapat dihitung")
    asked, *others = (instrument for instrument, _ in periods.values())
    if any(other != asked for other in others):
        reason = "instrumen berganti dalam tahun itu; pakai rerata_periode"
        return YearFigure(None, cara, labels, reason)
    pooled = nilai(asked, ikm.merged(*(tally for _, tally in periods.values())))
    return YearFigure(pooled, cara, labels, None if pooled is not None else "belum dapat dihitung")


def compare(rows: Mapping[int, IkuRow], tahun: int, end_target: Target = Target()) -> Comparison:
    """One indikator's year beside the earlier ones; `rows` by year, all of that indikator."""
    current = rows[tahun]
    earlier = {year: rows[year].realisasi.nilai for year in sorted(rows) if year < tahun}
    before, now = earlier.get(tahun - 1), current.realisasi.nilai
    change = None if before is None or now is None else now - before
    return Comparison(earlier, change, end_target, capaian(end_target, now, current.arah))
