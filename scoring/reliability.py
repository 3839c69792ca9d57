"""What practitioners ask of a questionnaire: validity, reliability, and answers all alike.

Only responses that answered every item are studied (`baris lengkap`): sums of fewer items would
not compare. Nobody is left out of the index by any of this. Patterns are equal responses counted
together: (item code -> nilai, how often); of rows, `((row, 1) for row in rows)`.
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
from scoring.spread import root

Row: TypeAlias = Mapping[str, int | None]
Patterns: TypeAlias = Iterable[tuple[Row, int]]

VALID_FROM = Decimal("0.30")  # a rule of thumb of practitioners, not of the regulation
RELIABLE_FROM = Fraction("0.70")  # the same


@dataclass(frozen=True, slots=True)
class ItemTotal:
    """One item against the sum of the others; `r` None: everybody answered one of them alike."""

    code: str
    r: Decimal | None

    @property
    def valid(self) -> bool | None:
        """Whether it measures what the others do, by the rule of thumb."""
        return None if self.r is None else self.r >= VALID_FROM


@dataclass(frozen=True, slots=True)
class Reliability:
    """A study of `n` complete responses; `incomplete` were left out. `alpha` None is "tidak dapat
    dihitung": fewer than two complete responses or items, or all sums alike."""

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
    """`n` responses gave one nilai throughout (`jawaban seragam`): the index with and without."""

    n: int
    share: Fraction | None  # of all responses
    everybody: Score
    varied: Score


def study(instrument: Questionnaire, patterns: Patterns) -> Reliability:
    """Corrected item-total correlations and Cronbach's alpha, exact until the last root.

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
        code: ItemTotal(code, _correlation(n, ((a[at], sum(a) - a[at], t) for a, t in complete)))
        for at, code in enumerate(instrument.codes)
    }
    return Reliability(n, incomplete, items, _alpha(len(items), n, complete))


def uniform(instrument: Instrument, patterns: Patterns, mode: Mode = EXACT) -> Uniform:
    """Responses whose answers are all alike, two at least; flagged, for honest ones look the same.

    Raises:
        ValueError: a nilai that is not on the scale.
    """
    known = list(patterns)
    varied = [(row, times) for row, times in known if not _all_alike(instrument, row)]
    everybody, rest = (
        ikm.score(instrument, ikm.tally_of(instrument, _rows(each)), mode)
        for each in (known, varied)
    )
    n = everybody.n - rest.n
    return Uniform(n, Fraction(n, everybody.n) if everybody.n else None, everybody, rest)


def _nilai(instrument: Questionnaire, code: str, row: Row) -> int:
    nilai = row.get(code) or 0
    if nilai and nilai not in instrument.steps:
        raise ValueError(f"{code}: {nilai!r} is not on the scale of {instrument.code}")
    return nilai


def _correlation(n: int, pairs: Iterable[tuple[int, int, int]]) -> Decimal | None:
    """Pearson's r of (x, y, how often); None where one of them does not vary."""
    sums = [0] * 5
    for x, y, times in pairs:
        for at, part in enumerate((x, y, x * x, y * y, x * y)):
            sums[at] += times * part
    x, y, xx, yy, xy = sums
    spread = (n * xx - x * x) * (n * yy - y * y)
    if not spread:
        return None
    together = n * xy - x * y
    return root(Fraction(together**2, spread)).copy_sign(together)


def _alpha(k: int, n: int, complete: list[tuple[list[int], int]]) -> Fraction | None:
    """k ÷ (k − 1) × (1 − Σ variance of items ÷ variance of sums)."""
    if n < 2 or k < 2:
        return None
    each = sum(_spread(n, ((a[at], times) for a, times in complete)) for at in range(k))
    whole = _spread(n, ((sum(a), times) for a, times in complete))
    return Fraction(k, k - 1) * (1 - Fraction(each, whole)) if whole else None


def _spread(n: int, values: Iterable[tuple[int, int]]) -> int:
    """n² times the variance; the factor falls out of a ratio."""
    known = list(values)
    squares = sum(times * value**2 for value, times in known)
    return n * squares - sum(times * value for value, times in known) ** 2


def _all_alike(instrument: Questionnaire, row: Row) -> bool:
    given = [nilai for code in instrument.codes if (nilai := row.get(code))]
    return len(given) > 1 and len(set(given)) == 1


def _rows(patterns: Patterns) -> Iterator[Row]:
    return chain.from_iterable(repeat(row, times) for row, times in patterns)
