"""Numbers and days as Indonesians write them."""

from datetime import date
from decimal import Decimal

from reports.indonesian import comma, grouped, long_day


def test_numbers_carry_a_decimal_comma_and_round_half_up() -> None:
    assert comma(Decimal("88.305")) == "88,31"
    assert comma(Decimal(100)) == "100,00"
    assert comma(Decimal("3.0605"), 3) == "3,061"


def test_thousands_stand_apart() -> None:
    assert [grouped(count) for count in (7, 1234, 10_000_000)] == ["7", "1.234", "10.000.000"]


def test_a_day_is_written_out() -> None:
    assert long_day(date(2026, 10, 8)) == "8 Oktober 2026"
