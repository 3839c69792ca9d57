"""The one rounding rule, and numbers as Indonesian text writes them."""

import doctest
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from scoring import numbers
from scoring.numbers import comma, grouped, half_up, with_comma


def test_the_examples_in_the_rounding_rule_hold() -> None:
    results = doctest.testmod(numbers)
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


def test_a_number_is_rounded_half_up_and_has_a_decimal_comma() -> None:
    assert comma(Decimal("88.305")) == "88,31"
    assert comma(Decimal(100)) == "100,00"
    assert comma(Decimal("3.0605"), 3) == "3,061"


def test_a_number_that_is_already_written_keeps_its_digits() -> None:
    assert [with_comma(number) for number in (Decimal("82.5"), "+0.10", 83)] == [
        *("82,5", "+0,10", "83")
    ]


def test_a_dot_separates_thousands() -> None:
    assert [grouped(count) for count in (7, 1234, 10_000_000)] == ["7", "1.234", "10.000.000"]
