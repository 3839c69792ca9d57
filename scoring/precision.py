"""Precision of an IKM: margin of error, interval, and significance of a change.

A margin is rounded here alone: `stored_margin` for results, `shown_margin` and `margin_text` for
people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias

from scoring.ikm import Mode, Score, weights
from scoring.instrument import Instrument
from scoring.numbers import comma, half_up, square_root

Change: TypeAlias = Literal["naik nyata", "turun nyata", "belum ada perubahan nyata"]

LARGE_SAMPLE = 30  # from this number of responses on, the normal quantile is used
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
    """An IKM with its margin, instrument (code, version) and mode: the input of a comparison."""

    ikm: Decimal | None
    margin: Decimal | None
    instrument: tuple[str, int]
    mode: Mode

    @classmethod
    def from_score(cls, score: Score, margin: Decimal | None) -> "Measurement":
        """The measurement of a score and the margin of its rows."""
        instrument = score.instrument
        return cls(score.ikm, margin, (instrument.code, instrument.version), score.mode)


def margin(
    score: Score, rows: Iterable[Mapping[str, int | None]], population: int | None = None
) -> Decimal | None:
    """Half the 95 % interval of the IKM, by linearisation, since an index is a sum of ratios.

    The calculation is exact up to the square root, so the order of the rows changes no digit.

    Args:
        score: the result of exactly these rows; their averages come from it.
        rows: one mapping for each response, item code -> nilai, None where skipped; read once.
        population: users of the unit in the period, for the finite population correction; or None.

    Returns:
        Points of IKM, unrounded; None, never 0, when it is not computable: fewer than two
        responses, no variance, an unsur without answers, or the whole population responded.

    Raises:
        ValueError: the rows are not those of the score.
    """
    return margin_of_patterns(score, ((row, 1) for row in rows), population)


def margin_of_patterns(
    score: Score,
    patterns: Iterable[tuple[Mapping[str, int | None], int]],
    population: int | None = None,
) -> Decimal | None:
    """The same margin, from equal responses counted together: (response, number of them)."""
    if score.ikm is None or score.n < 2:
        return None
    contributions, denominator = _contributions(score)
    n, squares = _sum_of_squares(patterns, contributions)
    if n != score.n:
        raise ValueError(f"{n} rows for a score of {score.n} responses")
    variance = Fraction(squares, denominator**2 * (n - 1))
    correction = max(Fraction(0), 1 - Fraction(n, population)) if population else Fraction(1)
    squared_error = variance / n * correction * score.instrument.conversion**2
    return square_root(squared_error) * quantile(n) if squared_error else None


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


def quantile(n: int) -> Decimal:
    """The two-sided 95 % quantile for n responses: t with n − 1 degrees below 30, then 1,96."""
    return STUDENT_QUANTILES[n - 2] if n < LARGE_SAMPLE else NORMAL_QUANTILE


def interval(instrument: Instrument, ikm: Decimal, margin: Decimal) -> tuple[Decimal, Decimal]:
    """IKM ± margin, limited to the range of the scale (25–100)."""
    lowest, highest = (Decimal(step * instrument.conversion) for step in instrument.scale)
    return max(lowest, ikm - margin), min(highest, ikm + margin)


def significant_change(earlier: Measurement, later: Measurement) -> Change | None:
    """Whether the IKM changed by more than √(margin₁² + margin₂²).

    None when they are not comparable: an IKM or margin is missing, or instrument or mode differ.
    """
    if (earlier.instrument, earlier.mode) != (later.instrument, later.mode):
        return None
    if earlier.ikm is None or later.ikm is None or not earlier.margin or not later.margin:
        return None
    change = Fraction(later.ikm) - Fraction(earlier.ikm)
    if change**2 <= Fraction(earlier.margin) ** 2 + Fraction(later.margin) ** 2:
        return "belum ada perubahan nyata"
    return "naik nyata" if change > 0 else "turun nyata"


def _contributions(score: Score) -> tuple[dict[str, dict[int | None, int]], int]:
    """What each answer adds to its response's z, as integers over one common denominator."""
    shares = weights(score.instrument, score.mode)
    exact = {
        code: {
            nilai: shares[code] * (nilai - Fraction(unsur.jumlah, unsur.n)) * score.n / unsur.n
            for nilai in score.instrument.steps
        }
        for code, unsur in score.unsur.items()
    }
    denominator = lcm(*(z.denominator for by_nilai in exact.values() for z in by_nilai.values()))
    return {
        code: {None: 0, 0: 0} | {nilai: int(z * denominator) for nilai, z in by_nilai.items()}
        for code, by_nilai in exact.items()
    }, denominator


def _sum_of_squares(
    patterns: Iterable[tuple[Mapping[str, int | None], int]],
    contributions: Mapping[str, Mapping[int | None, int]],
) -> tuple[int, int]:
    n = squares = 0
    columns = list(contributions.items())
    try:
        for row, times in patterns:
            n += times
            squares += times * sum([by_nilai[row.get(code)] for code, by_nilai in columns]) ** 2
    except KeyError as error:
        raise ValueError(f"{error} is not on the scale") from error
    return n, squares
