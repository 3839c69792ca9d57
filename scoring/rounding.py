"""The one rounding rule: a half goes up, once, at the end."""

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """An exact value rounded to `places` decimals, a half always away from zero.

    >>> half_up(Fraction(77375, 1000), 2)
    Decimal('77.38')
    >>> half_up(Decimal("88.305"), 2), half_up(Decimal("88.3049"), 2)
    (Decimal('88.31'), Decimal('88.30'))
    >>> half_up(Fraction(2, 3), 3), half_up(4, 2), half_up(Decimal("-0.125"), 2)
    (Decimal('0.667'), Decimal('4.00'), Decimal('-0.13'))

    Raises:
        TypeError: for a float, which has already lost what is to be rounded.
    """
    if isinstance(value, float):
        raise TypeError(f"a float cannot be rounded exactly: {value!r}")
    above, below = value.as_integer_ratio()  # whole numbers: Fraction takes four times as long
    units = (2 * abs(above) * 10**places + below) // (2 * below)
    # Read from digits, for arithmetic would round to the caller's decimal context.
    return Decimal(f"{'-' if above < 0 < units else ''}{units}E-{places}")
