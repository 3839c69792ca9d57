"""Precision of an IKM: margin of error, interval, the mutu in it, and significance of a change.

A margin is rounded here alone: `stored_margin` for results, `shown_margin` and `margin_text` for
people.
"""

from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from scoring.ikm import Mode, Score, weights
from scoring.instrument import Instrument
from scoring.moments import Moments, variance
from scoring.numbers import comma, half_up, square_root

Change: TypeAlias = Literal["naik nyata", "turun nyata", "belum ada perubahan nyata"]

LARGE_SAMPLE = 30  # from this number of clusters on, the normal quantile is used
NORMAL_QUANTILE = Decimal("1.96")
# Quantiles of Student's t, two-sided 95 %, for 1, 2, … 28 degrees of freedom.
STUDENT_QUANTILES = tuple(
    Decimal(thousandths) / 1000
    for thousandths in (
        *(12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228, 2201, 2179, 2160, 2145),
        *(2131, 2120, 2110, 2101, 2093, 2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2048),
    )
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """An IKM with its margin, series and mode: the input of a comparison."""

    ikm: Decimal | None
    margin: Decimal | None
    series: str
    mode: Mode

    @classmethod
    def from_score(cls, score: Score, margin: Decimal | None) -> "Measurement":
        """The measurement of a score and the margin of its rows."""
        return cls(score.ikm, margin, score.instrument.series, score.mode)


def margin(score: Score, moments: Moments) -> Decimal | None:
    """Half the 95 % interval of the IKM; several responses of one phone are one cluster.

    Linearised, since an index is a sum of ratios: with z = Σ bobot · (x − NRR) · n ÷ n_i over the
    answers x of a response, where an item i has its part of the bobot of its unsur, Z their sum
    over one of the m clusters and s² = m ÷ (m − 1) · Σ Z² ÷ n,
    the margin is 25 · t · s ÷ √n. It is exact up to the square root. No factor for a finite
    population: the respondents select themselves.

    Args:
        score: the result of exactly the responses of the moments.

    Returns:
        Points of IKM, unrounded; None, never 0, when it is not computable: fewer than two
        clusters, no variance, or an unsur without answers.

    Raises:
        ValueError: the moments cannot be those of the score.
    """
    _same_answers(score, moments)
    if score.ikm is None:
        return None
    counts = answered(score)
    bobot = weights(score.instrument, score.mode)
    by_item = parts(score.instrument, counts)
    shares = {code: bobot[unsur] * part for code, (unsur, part) in by_item.items()}
    squared_error = variance(counts, shares, moments)
    if not squared_error:
        return None
    return square_root(squared_error * score.instrument.conversion**2) * quantile(moments.clusters)


def answered(score: Score) -> dict[str, tuple[int, int]]:
    """Item code -> number of answers and their sum, of the items that somebody answered."""
    return {code: (each.n, each.jumlah) for code, each in score.items.items() if each.n}


def parts(instrument: Instrument, answered: Container[str]) -> dict[str, tuple[str, Fraction]]:
    """Item code -> its unsur and its part of the weight of that unsur.

    The items of an unsur that somebody `answered` have equal parts; the others are left out.
    """
    found: dict[str, tuple[str, Fraction]] = {}
    for unsur in instrument.unsur:
        items = [code for code in unsur.items if code in answered]
        found |= {code: (unsur.code, Fraction(1, len(items))) for code in items}
    return found


def stored_margin(margin: Decimal) -> Decimal:
    """A margin as results store it and open data publish it: two decimals."""
    return half_up(margin, 2)


def shown_margin(margin: Decimal, places: int = 1) -> Decimal:
    """A margin as shown, never 0: the index of a sample always has an error.

    >>> shown_margin(Decimal("1.449")), shown_margin(Decimal("0.01"))
    (Decimal('1.4'), Decimal('0.1'))
    >>> shown_margin(Decimal("0.001"), 2)
    Decimal('0.01')
    """
    return half_up(max(margin, Decimal(f"1E-{places}")), places)


def margin_text(margin: Decimal) -> str:
    """A margin as texts show it, one decimal: `1,4`."""
    return comma(shown_margin(margin), 1)


def quantile(clusters: int) -> Decimal:
    """The two-sided 95 % quantile for m clusters: t with m − 1 degrees below 30, then 1,96."""
    return STUDENT_QUANTILES[clusters - 2] if clusters < LARGE_SAMPLE else NORMAL_QUANTILE


def interval(instrument: Instrument, ikm: Decimal, margin: Decimal) -> tuple[Decimal, Decimal]:
    """IKM ± margin, limited to the range of the scale (25–100)."""
    lowest, highest = (Decimal(step * instrument.conversion) for step in instrument.scale)
    return max(lowest, ikm - margin), min(highest, ikm + margin)


def letters(instrument: Instrument, ikm: Decimal, margin: Decimal | None) -> tuple[str, ...]:
    """The mutu that the interval reaches: that of the figure first, then the others, best first.

    ("B", "A") is to be told as "B, mungkin A"; without a margin, the mutu of the figure alone.
    """
    own = instrument.grade(ikm).mutu
    lower, upper = interval(instrument, ikm, margin or Decimal(0))
    best, worst = (instrument.grades.index(instrument.grade(end)) for end in (upper, lower))
    reached = (grade.mutu for grade in instrument.grades[best : worst + 1])
    return own, *(mutu for mutu in reached if mutu != own)


def significant_change(earlier: Measurement, later: Measurement) -> Change | None:
    """Whether the IKM changed by more than √(margin₁² + margin₂²).

    None when they are not comparable: an IKM or margin is missing, or series or mode differ.
    """
    if (earlier.series, earlier.mode) != (later.series, later.mode):
        return None
    if earlier.ikm is None or later.ikm is None or not earlier.margin or not later.margin:
        return None
    change = Fraction(later.ikm) - Fraction(earlier.ikm)
    if change**2 <= Fraction(earlier.margin) ** 2 + Fraction(later.margin) ** 2:
        return "belum ada perubahan nyata"
    return "naik nyata" if change > 0 else "turun nyata"


def _same_answers(score: Score, moments: Moments) -> None:
    """Raise ValueError for moments that cannot be those of the score."""
    if set(moments.codes) != set(score.instrument.codes):
        raise ValueError(f"moments of {moments.codes} for a score of {score.instrument.code}")
    if moments.clusters > score.n:
        raise ValueError(f"{moments.clusters} clusters for a score of {score.n} responses")
    for item, code in enumerate(moments.codes):
        if moments.products[item][item] < score.items[code].n:
            raise ValueError(f"{code}: the moments have fewer answers than the score")
