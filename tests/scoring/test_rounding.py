"""The one rounding rule."""

import doctest
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from scoring import rounding
from scoring.rounding import half_up


def test_the_examples_in_the_rounding_rule_hold() -> None:
    results = doctest.testmod(rounding)
    assert results.attempted == 3
    assert results.failed == 0


def test_a_float_is_never_rounded() -> None:
    with pytest.raises(TypeError, match="float"):
        half_up(88.305, 2)  # type: ignore[arg-type]  # the mistake under test


def test_a_callers_decimal_context_changes_nothing() -> None:
    with localcontext(prec=3):
        assert half_up(Fraction(1234567, 1000), 2) == Decimal("1234.57")


def test_a_value_rounded_to_zero_has_no_sign() -> None:
    assert str(half_up(Fraction(-1, 1000), 2)) == "0.00"
