"""How Indonesian text writes numbers, days and moments."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from scoring import period
from scoring.rounding import half_up


def comma(value: Decimal | Fraction | int, places: int = 2) -> str:
    """A number rounded half-up, with a decimal comma: `84,76`."""
    return with_comma(f"{half_up(value, places):f}")


def with_comma(number: object) -> str:
    """A number as it is, not rounded, with a decimal comma: `82,5`."""
    return str(number).replace(".", ",")


def grouped(count: int) -> str:
    """A count with a dot between the thousands: `1.234`."""
    return f"{count:,}".replace(",", ".")


def long_day(day: date) -> str:
    """A day with the full name of its month: `8 Oktober 2026`."""
    return f"{day.day} {period.MONTHS['id'][day.month]} {day.year}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment in the time zone of the office: `7 Okt 2026 08.00 WIB`."""
    local = at.astimezone(zone)
    return f"{period.day(local.date())} {local:%H.%M %Z}"
