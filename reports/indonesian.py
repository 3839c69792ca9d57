"""How Indonesian print writes numbers and days."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.period import MONTHS
from scoring.rounding import half_up


def comma(value: Decimal | Fraction | int, places: int = 2) -> str:
    """A figure rounded half-up, with a decimal comma: `84,76`."""
    return f"{half_up(value, places):f}".replace(".", ",")


def grouped(count: int) -> str:
    """A count with its thousands apart: `1.234`."""
    return f"{count:,}".replace(",", ".")


def long_day(day: date) -> str:
    """A day as letters write it: `8 Oktober 2026`."""
    return f"{day.day} {MONTHS['id'][day.month]} {day.year}"
