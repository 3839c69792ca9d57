"""Validity and reliability of a questionnaire, and uniform responses.

Only complete responses are analysed (`baris lengkap`): sums of fewer items are not comparable. The
index itself always counts every response. Patterns are equal responses counted together: (item
code -> nilai, number of responses); for single rows, `((row, 1) for row in rows)`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain, repeat
from typing import TypeAlias

from scoring import ikm
from scoring.ikm import EXACT, Mode, Score
from scoring.instrument import Instrument, Questionnaire
from scoring.numbers import square_root

Row: TypeAlias = Mapping[str, int | None]
Patterns: TypeAlias = Iterable[tuple[Row, int]]

# Rules of thumb of practitioners, not of the regulation.
VALID_FROM = Decimal("0.30")
RELIABLE_FROM = Fraction("0.70")


@dataclass(frozen=True, slots=True)
class ItemTotal:
    """Correlation of one item with the sum of the others; `r` None: one of the two is constant."""

    code: str
    r: Decimal | None

    @property
    def valid(self) -> bool | None:
        """Whether the item measures the same as the others, by the rule of thumb."""
        return None if self.r is None else self.r >= VALID_FROM


@dataclass(frozen=True, slots=True)
class Reliability:
    """Result for `n` complete responses; `incomplete` is the number of excluded ones. `alpha` None
    is "tidak dapat dihitung": fewer than two complete responses or items, or all sums equal."""

    n: int
    incomplete: int
    items: dict[str, ItemTotal]
    alpha: Fraction | None

    @property
    def reliable(self) -> bool | None:
        """Whether the items agree, by the rule of thumb."""
        return None if self.alpha is None else self.alpha >= RELIABLE_FROM


@dataclass(frozen=True, slots=True)
class Uniform:
    """`n` responses have the same nilai for every item (`jawaban seragam`).

    `everybody` is the index with them, `varied` the index without.
    """

    n: int
    share: Fraction | None  # of all responses
    everybody: Score
    varied: Score


def analysis(instrument: Questionnaire, patterns: Patterns) -> Reliability:
    """Corrected item-total correlations and Cronbach's alpha, exact up to the square root.

    Raises:
        ValueError: a nilai that is not on the scale.
    """
    complete, incomplete = [], 0
    for row, times in patterns:
        answers = [_nilai(instrument, code, row) for code in instrument.codes]
        if all(answers):
            complete.append((answers, times))
        else:
            incomplete += times
    n = sum(times for _, times in complete)
    items = {
        code: ItemTotal(
            code,
            _correlation(n, ((each[i], sum(each) - each[i], times) for each, times in complete)),
        )
        for i, code in enumerate(instrument.codes)
    }
    return Reliability(n, incomplete, items, _alpha(len(items), n, complete))


def uniform(instrument: Instrument, patterns: Patterns, mode: Mode = EXACT) -> Uniform:
    """Responses with at least two answers, all equal; counted only, since they may be honest.

    Raises:
        ValueError: a nilai that is not on the scale.
    """
    all_patterns = list(patterns)
    not_uniform = [each for each in all_patterns if not _is_uniform(instrument, each[0])]
    everybody, varied = (
        ikm.score(instrument, ikm.tally_of(instrument, _rows(each)), mode)
        for each in (all_patterns, not_uniform)
    )
    n = everybody.n - varied.n
    return Uniform(n, Fraction(n, everybody.n) if everybody.n else None, everybody, varied)


def _nilai(instrument: Questionnaire, code: str, row: Row) -> int:
    nilai = row.get(code) or 0
    if nilai and nilai not in instrument.steps:
        raise ValueError(f"{code}: {nilai!r} is not on the scale of {instrument.code}")
    return nilai


def _correlation(n: int, pairs: Iterable[tuple[int, int, int]]) -> Decimal | None:
    """Pearson's r of (x, y, number of times); None when x or y is constant."""
    sums = [0] * 5
    for x, y, times in pairs:
        for i, term in enumerate((x, y, x * x, y * y, x * y)):
            sums[i] += times * term
    x, y, xx, yy, xy = sums
    variances = (n * xx - x * x) * (n * yy - y * y)
    if not variances:
        return None
    covariance = n * xy - x * y
    return square_root(Fraction(covariance**2, variances)).copy_sign(covariance)


def _alpha(k: int, n: int, complete: list[tuple[list[int], int]]) -> Fraction | None:
    """k ÷ (k − 1) × (1 − Σ variance of items ÷ variance of sums)."""
    if n < 2 or k < 2:
        return None
    of_items = sum(_variance(n, ((each[i], times) for each, times in complete)) for i in range(k))
    of_sums = _variance(n, ((sum(each), times) for each, times in complete))
    return Fraction(k, k - 1) * (1 - Fraction(of_items, of_sums)) if of_sums else None


def _variance(n: int, values: Iterable[tuple[int, int]]) -> int:
    """n² times the variance of (value, number of times); the factor cancels in a ratio."""
    pairs = list(values)
    squares = sum(times * value**2 for value, times in pairs)
    return n * squares - sum(times * value for value, times in pairs) ** 2


def _is_uniform(instrument: Questionnaire, row: Row) -> bool:
    answers = [nilai for code in instrument.codes if (nilai := row.get(code))]
    return len(answers) > 1 and len(set(answers)) == 1


def _rows(patterns: Patterns) -> Iterator[Row]:
    return chain.from_iterable(repeat(row, times) for row, times in patterns)
