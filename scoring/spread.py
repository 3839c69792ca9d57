"""How sure a measured index is: its margin, its interval, and whether a change is real."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Literal, TypeAlias

from scoring.instrument import Instrument
from scoring.mode import Mode, weights

if TYPE_CHECKING:
    from scoring.ikm import Score

Change: TypeAlias = Literal["naik nyata", "turun nyata", "belum ada perubahan nyata"]

LARGE = 30  # responses from which the normal quantile serves
NORMAL = Decimal("1.96")
# Student's t, two-sided 95 %, of 1, 2, … 28 degrees of freedom.
STUDENT = tuple(
    Decimal(thousandths) / 1000
    for thousandths in (
        *(12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228, 2201, 2179, 2160, 2145),
        *(2131, 2120, 2110, 2101, 2093, 2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2048),
    )
)


@dataclass(frozen=True, slots=True)
class Measured:
    """An IKM with its margin, and what it was measured with: what a comparison needs to know."""

    ikm: Decimal | None
    margin: Decimal | None
    instrument: tuple[str, int]
    mode: Mode

    @classmethod
    def of(cls, score: "Score", margin: Decimal | None) -> "Measured":
        """A score and the margin of its rows."""
        used = score.instrument
        return cls(score.ikm, margin, (used.code, used.version), score.mode)


def margin(
    score: "Score", rows: Iterable[Mapping[str, int | None]], population: int | None = None
) -> Decimal | None:
    """Half the 95 % interval of the IKM, linearised since an index is a sum of ratios.

    Exact until the last root, so neither the order of the rows nor the machine changes a digit.

    Args:
        score: the result of exactly these rows; their averages come from it.
        rows: one mapping a response, item code -> nilai, None where skipped; read once.
        population: users of the unit in the period; makes the margin smaller, None leaves it out.

    Returns:
        Points of IKM, unrounded; None, never 0, when it cannot be told: fewer than two
        responses, no spread at all, an unsur nobody answered, everybody asked.

    Raises:
        ValueError: the rows are not those of the score.
    """
    return margin_of_patterns(score, ((row, 1) for row in rows), population)


def margin_of_patterns(
    score: "Score",
    patterns: Iterable[tuple[Mapping[str, int | None], int]],
    population: int | None = None,
) -> Decimal | None:
    """The same margin, from equal responses counted together: (response, how often)."""
    if score.ikm is None or score.n < 2:
        return None
    parts, unit = _parts(score)
    n, squares = _squares(patterns, parts)
    if n != score.n:
        raise ValueError(f"{n} rows for a score of {score.n} responses")
    variance = Fraction(squares, unit**2 * (n - 1))
    remaining = max(Fraction(0), 1 - Fraction(n, population)) if population else Fraction(1)
    spread = variance / n * remaining * score.instrument.conversion**2
    return root(spread) * quantile(n) if spread else None


def quantile(n: int) -> Decimal:
    """The two-sided 95 % quantile for n responses: t of n − 1 degrees below 30, then 1,96."""
    return STUDENT[n - 2] if n < LARGE else NORMAL


def interval(instrument: Instrument, ikm: Decimal, margin: Decimal) -> tuple[Decimal, Decimal]:
    """IKM ± margin, clipped to what the scale can give (25–100)."""
    least, most = (Decimal(step * instrument.conversion) for step in instrument.scale)
    return max(least, ikm - margin), min(most, ikm + margin)


def significant_change(earlier: Measured, later: Measured) -> Change | None:
    """Whether the IKM really moved: by more than the root of the two margins' squares.

    None when it cannot be told: a margin or an IKM is missing, or instrument or mode differ.
    """
    if (earlier.instrument, earlier.mode) != (later.instrument, later.mode):
        return None
    if earlier.ikm is None or later.ikm is None or not earlier.margin or not later.margin:
        return None
    change = Fraction(later.ikm) - Fraction(earlier.ikm)
    if change**2 <= Fraction(earlier.margin) ** 2 + Fraction(later.margin) ** 2:
        return "belum ada perubahan nyata"
    return "naik nyata" if change > 0 else "turun nyata"


def root(value: Fraction) -> Decimal:
    """The square root of an exact value, to 28 digits."""
    with localcontext(prec=28):
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def _parts(score: "Score") -> tuple[dict[str, dict[int | None, int]], int]:
    """What each answer adds to its response's z, as whole multiples of 1/unit."""
    shares = weights(score.instrument, score.mode)
    exact = {
        code: {
            nilai: shares[code] * (nilai - Fraction(unsur.jumlah, unsur.n)) * score.n / unsur.n
            for nilai in score.instrument.steps
        }
        for code, unsur in score.unsur.items()
    }
    unit = lcm(*(part.denominator for parts in exact.values() for part in parts.values()))
    return {
        code: {None: 0, 0: 0} | {nilai: int(part * unit) for nilai, part in parts.items()}
        for code, parts in exact.items()
    }, unit


def _squares(
    patterns: Iterable[tuple[Mapping[str, int | None], int]],
    parts: Mapping[str, Mapping[int | None, int]],
) -> tuple[int, int]:
    n = squares = 0
    columns = list(parts.items())
    try:
        for row, times in patterns:
            n += times
            squares += times * sum([part[row.get(code)] for code, part in columns]) ** 2
    except KeyError as error:
        raise ValueError(f"{error} is not on the scale") from error
    return n, squares
