"""Validity and reliability of a questionnaire, and uniform responses.

Only complete responses are analysed (`baris lengkap`): sums of fewer items are not comparable. The
index itself always counts every response.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain, repeat
from typing import TypeAlias

from scoring import ikm
from scoring.ikm import EXACT, Mode, Score
from scoring.instrument import Instrument, Questionnaire
from scoring.moments import Moments, Row
from scoring.numbers import square_root

# Equal responses counted together: (item code -> nilai, number of responses).
Patterns: TypeAlias = Iterable[tuple[Row, int]]

# Rules of thumb of practitioners, not of the regulation.
COMPLETE_FROM = 30  # complete responses
VALID_FROM = Decimal("0.30")
RELIABLE_FROM = Fraction("0.70")


@dataclass(frozen=True, slots=True)
class ItemTotal:
    """Correlation of one item with the sum of the others.

    `r` is None if one of the two is constant, or of fewer than 30 complete responses.
    """

    code: str
    r: Decimal | None

    @property
    def valid(self) -> bool | None:
        """Whether the item measures the same as the others, by the rule of thumb."""
        return None if self.r is None else self.r >= VALID_FROM


@dataclass(frozen=True, slots=True)
class Reliability:
    """Result for `n` complete responses; `incomplete` is the number of excluded ones.

    `alpha` is None if not computable: fewer than 30 complete responses, a single item, or all sums
    equal.
    """

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


def analysis(moments: Moments, responses: int) -> Reliability:
    """Corrected item-total correlations and Cronbach's alpha, exact up to the square root.

    Args:
        responses: how many there are, with the incomplete ones.
    """
    n, sums, products = moments.complete, moments.complete_sums, moments.complete_products
    if n < COMPLETE_FROM:
        none = {code: ItemTotal(code, None) for code in moments.codes}
        return Reliability(n, responses - n, none, None)
    # n² times each variance and covariance; the factor cancels in every ratio.
    covariances = [
        [n * product - sums[i] * sums[j] for j, product in enumerate(row)]
        for i, row in enumerate(products)
    ]
    with_sum = [sum(row) for row in covariances]
    of_items = [covariances[i][i] for i in range(len(sums))]
    of_sum = sum(with_sum)
    items = {}
    for code, of_item, item_and_sum in zip(moments.codes, of_items, with_sum, strict=True):
        of_others = of_sum - 2 * item_and_sum + of_item
        items[code] = ItemTotal(code, _correlation(item_and_sum - of_item, of_item, of_others))
    return Reliability(n, responses - n, items, _alpha(sum(of_items), of_sum, len(items)))


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


def _correlation(covariance: int, of_item: int, of_others: int) -> Decimal | None:
    """Pearson's r; None when a variance is 0."""
    if not of_item * of_others:
        return None
    squared = Fraction(covariance**2, of_item * of_others)
    return square_root(squared).copy_sign(covariance)


def _alpha(of_items: int, of_sum: int, k: int) -> Fraction | None:
    """k ÷ (k − 1) × (1 − Σ variance of items ÷ variance of sums)."""
    return Fraction(k, k - 1) * (1 - Fraction(of_items, of_sum)) if k > 1 and of_sum else None


def _is_uniform(instrument: Questionnaire, row: Row) -> bool:
    answers = [nilai for code in instrument.codes if (nilai := row.get(code))]
    return len(answers) > 1 and len(set(answers)) == 1


def _rows(patterns: Patterns) -> Iterator[Row]:
    return chain.from_iterable(repeat(row, times) for row, times in patterns)
