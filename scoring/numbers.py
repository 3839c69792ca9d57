"""From exact values to digits: rounding half up, and numbers as Indonesian text writes them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

NONE = "–"  # where there is no number


def half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """An exact value rounded to `places` decimals, a half always away from zero.

    >>> half_up(Fraction(77375, 1000), 2)
    Decimal('77.38')
    >>> half_up(Decimal("88.305"), 2), half_up(Decimal("88.3049"), 2)
    (Decimal('88.31'), Decimal('88.30'))
    >>> half_up(Fraction(2, 3), 3), half_up(4, 2), half_up(Decimal("-0.125"), 2)
    (Decimal('0.667'), Decimal('4.00'), Decimal('-0.13'))

    Raises:
        TypeError: for a float, which is no longer exact.
    """
    if isinstance(value, float):
        raise TypeError(f"a float cannot be rounded exactly: {value!r}")
    numerator, denominator = value.as_integer_ratio()  # integers are four times faster
    units = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    # Built from digits: Decimal arithmetic would round to the caller's decimal context.
    return Decimal(f"{'-' if numerator < 0 < units else ''}{units}E-{places}")


def each_half_up(values: Sequence[Fraction | Decimal], places: int) -> list[Decimal]:
    """Several exact values, each rounded half-up."""
    return [half_up(value, places) for value in values]


def square_root(value: Fraction) -> Decimal:
    """The square root of an exact value, to 28 digits."""
    with localcontext(prec=28):
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def comma(value: Decimal | Fraction | int, places: int = 2) -> str:
    """A number rounded half-up, with a decimal comma: `84,76`."""
    return with_comma(f"{half_up(value, places):f}")


def with_comma(number: object) -> str:
    """A number as it is, not rounded, with a decimal comma: `82,5`."""
    return str(number).replace(".", ",")


def grouped(count: int) -> str:
    """A count with a dot between the thousands: `1.234`."""
    return f"{count:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """A share with one decimal, `60,2 %`; a dash when `whole` is 0."""
    return f"{comma(Fraction(100 * part, whole), 1)}\u00a0%" if whole else NONE


def with_shares(counts: Iterable[int], whole: int) -> list[str]:
    """Each count with its share, `12 (60,2 %)`; dashes when `whole` is 0."""
    return [f"{grouped(n)} ({percent(n, whole)})" if whole else NONE for n in counts]
