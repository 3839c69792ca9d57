"""Required sample size for a population."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from scoring.numbers import half_up

CHI_SQUARE = Fraction("3.841")  # one degree of freedom, 95 %
PROPORTION = Fraction("0.5")  # P, and Q = 1 − P
ERROR = Fraction("0.05")  # d

STEP = 5  # officials see in steps of so many how many rated, before the lock

Rounding = Literal["half-up", "up"]


def krejcie_morgan(population: int, rounding: Rounding = "half-up") -> int:
    """Required responses for the number of users of a unit in a period; some vendors round up.

    Source: Krejcie & Morgan, S = χ²·N·P·Q ÷ (d²·(N − 1) + χ²·P·Q).

    Raises:
        ValueError: a negative population, or an unknown rounding.
    """
    _validate(population, rounding)
    variance = CHI_SQUARE * PROPORTION * (1 - PROPORTION)
    return _rounded(variance * population / (ERROR**2 * (population - 1) + variance), rounding)


def slovin(population: int, error: Decimal | Fraction, rounding: Rounding = "half-up") -> int:
    """Required responses by Slovin's formula; `error` is a share, such as Decimal("0.05").

    Source: Slovin, n = N ÷ (1 + N·e²).

    Raises:
        ValueError: a negative population, an error not above 0, or an unknown rounding.
    """
    _validate(population, rounding)
    if error <= 0:
        raise ValueError("galat harus lebih dari 0, misalnya 0.05.")
    return _rounded(population / (1 + population * Fraction(error) ** 2), rounding)


def _validate(population: int, rounding: str) -> None:
    if population < 0:
        raise ValueError("jumlah pengguna layanan tidak boleh kurang dari 0.")
    if rounding not in ("half-up", "up"):
        raise ValueError(f'pembulatan sampel "{rounding}" tidak dikenal; pilih: half-up, up.')


def _rounded(required: Fraction, rounding: Rounding) -> int:
    return ceil(required) if rounding == "up" else int(half_up(required, 0))
