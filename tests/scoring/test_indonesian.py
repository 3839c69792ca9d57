"""Numbers, days and moments as Indonesian text writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from scoring.indonesian import comma, grouped, long_day, moment, with_comma
from scoring.period import WIB


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


def test_a_day_has_the_full_name_of_its_month() -> None:
    assert long_day(date(2026, 10, 8)) == "8 Oktober 2026"


def test_a_moment_is_written_in_the_time_zone_of_the_office() -> None:
    assert moment(datetime(2026, 10, 6, 17, 5, tzinfo=UTC), WIB) == "7 Okt 2026 00.05 WIB"
