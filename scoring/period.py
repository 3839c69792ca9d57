"""Periods: a label and its half-open UTC interval in the office's time zone."""

import re
from collections.abc import Collection, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import total_ordering
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["tahun", "semester", "triwulan", "bulan", "minggu"]

WIB = ZoneInfo("Asia/Jakarta")
YEARS = range(1970, 2200)
LABEL = re.compile(r"(\d{4})(?:-(?:S([12])|TW([1-4])|(\d\d)|W(\d\d)))?", re.ASCII)
ROMAN = ("", "I", "II", "III", "IV")
MONTHS = {
    "id": (
        *("", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
        *("Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("", "January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


@dataclass(frozen=True, slots=True)
class DateNames:
    """How a language writes months and periods.

    `months` and `short` begin with January; the templates take `{year}`, and all but that of a year
    `{part}`: a Roman number, the name of a month, the number of a week.
    """

    months: tuple[str, ...]
    short: tuple[str, ...]
    year: str
    semester: str
    quarter: str
    month: str
    week: str


INDONESIAN = DateNames(
    MONTHS["id"][1:],
    ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "Tahun {year}",
    "Semester {part} {year}",
    "Triwulan {part} {year}",
    "{part} {year}",
    "Minggu ke-{part} {year}",
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """The interval [start, end) in aware UTC, with a label such as `2026-TW3`; ordered by time.

    `zone` is the time zone of its first and last day; comparisons ignore it.
    """

    label: str
    start: datetime
    end: datetime
    zone: ZoneInfo = field(default=WIB, compare=False, repr=False)

    def __lt__(self, other: "Period") -> bool:
        return (self.start, self.end, self.label) < (other.start, other.end, other.label)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def previous(self) -> "Period":
        """The period of the same kind that ends where this one starts."""
        return previous(self)

    def next(self) -> "Period":
        """The period of the same kind that starts where this one ends."""
        return following(self)


def parse(label: str, zone: ZoneInfo) -> Period:
    """The period of a label: `2026` · `2026-S1` · `2026-TW1` · `2026-03` · `2026-W14`.

    Raises:
        ValueError: an unknown label; the message is a sentence for the user.
    """
    normalized = label.strip().upper()
    bounds = _bounds(normalized)
    if bounds is None:
        raise ValueError(
            f'periode "{label[:20]}" tidak dikenal; tulis seperti 2026, 2026-S1, 2026-TW1, 2026-03'
            " atau 2026-W14."
        )
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in bounds)
    return Period(normalized, start, end, zone)


def kind(period: Period) -> Kind:
    """The kind of a period."""
    return _parts(period.label)[0]


def containing(moment: datetime, kind: Kind, zone: ZoneInfo) -> Period:
    """The period of this kind that contains an aware moment, in local time of the zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    day = moment.astimezone(zone).date()
    match kind:
        case "tahun":
            label = f"{day.year:04}"
        case "semester":
            label = f"{day.year:04}-S{(day.month + 5) // 6}"
        case "triwulan":
            label = f"{day.year:04}-TW{(day.month + 2) // 3}"
        case "bulan":
            label = f"{day.year:04}-{day.month:02}"
        case "minggu":
            label = "{:04}-W{:02}".format(*day.isocalendar()[:2])
    return parse(label, zone)


def previous(period: Period) -> Period:
    """The period of the same kind that ends where this one starts."""
    return containing(_checked(period).start - timedelta(microseconds=1), kind(period), period.zone)


def following(period: Period) -> Period:
    """The period of the same kind that starts where this one ends."""
    return containing(_checked(period).end, kind(period), period.zone)


def title(period: Period, names: DateNames = INDONESIAN) -> str:
    """The name for people: `Triwulan III 2026`, `Maret 2026`, `Minggu ke-14 2026`."""
    kind, year, number = _parts(period.label)
    match kind:
        case "tahun":
            return names.year.format(year=year)
        case "semester":
            return names.semester.format(part=ROMAN[number], year=year)
        case "triwulan":
            return names.quarter.format(part=ROMAN[number], year=year)
        case "bulan":
            return names.month.format(part=names.months[number - 1], year=year)
        case "minggu":
            return names.week.format(part=number, year=year)


def short_title(period: Period) -> str:
    """The short name of a period, for trends and comparisons: `TW II 2026`."""
    return title(period).replace("Triwulan", "TW").replace("Semester", "Sem.")


def span(period: Period, zone: ZoneInfo, names: DateNames = INDONESIAN) -> str:
    """Its first and last day: `1 Jul–30 Sep 2026`, `1–31 Mar 2026`, `28 Des 2026–3 Jan 2027`."""
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {names.short[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start}–{last.day} {names.short[last.month - 1]} {last.year}"


def day(date: date, names: DateNames = INDONESIAN) -> str:
    """A date for people: `7 Okt 2026`."""
    return f"{date.day} {names.short[date.month - 1]} {date.year}"


def long_day(day: date) -> str:
    """A day with the full name of its month: `8 Oktober 2026`."""
    return f"{day.day} {MONTHS['id'][day.month]} {day.year}"


def long_span(first: date, last: date) -> str:
    """Two days with the full names of their months: `1 Juli–30 September 2026`."""
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {MONTHS['id'][first.month]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start}–{long_day(last)}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment in the time zone of the office: `7 Okt 2026 08.00 WIB`."""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H.%M %Z}"


def working_day(
    after: date, count: int, work_days: Set[int], holidays: Collection[date] = ()
) -> date:
    """The count-th working day after a date; for count 0, the date itself.

    Args:
        work_days: numbers as of `date.weekday()`, Monday 0 to Sunday 6.
        holidays: days off, whatever their weekday.

    Raises:
        ValueError: no or invalid work days, a negative count, or no working day within ten years.
    """
    if count < 0 or not work_days or not work_days <= set(range(7)):
        raise ValueError(f"no {count}. working day with work days {sorted(work_days)}")
    day = after
    for _ in range(count):
        day = _next_working_day(day, work_days, holidays)
    return day


def _next_working_day(after: date, work_days: Set[int], holidays: Collection[date]) -> date:
    for days in range(1, 3660):
        day = after + timedelta(days=days)
        if day.weekday() in work_days and day not in holidays:
            return day
    raise ValueError(f"no working day within ten years after {after}")


def _checked(period: Period) -> Period:
    # A period built from stored columns may have the wrong zone; its neighbours would be wrong.
    if parse(period.label, period.zone) != period:
        raise ValueError(f"{period.label} does not start at {period.start} in {period.zone}")
    return period


def _parts(label: str) -> tuple[Kind, int, int]:
    match = LABEL.fullmatch(label)
    if match is None:
        raise ValueError(f"{label!r} is not the label of a period")
    year, semester, quarter, month, week = (int(part or 0) for part in match.groups())
    if semester:
        return "semester", year, semester
    if quarter:
        return "triwulan", year, quarter
    if match[4]:
        return "bulan", year, month
    if match[5]:
        return "minggu", year, week
    return "tahun", year, 0


def _bounds(label: str) -> tuple[date, date] | None:
    if not LABEL.fullmatch(label):
        return None
    kind, year, number = _parts(label)
    if year not in YEARS:
        return None
    match kind:
        case "tahun":
            return date(year, 1, 1), date(year + 1, 1, 1)
        case "semester":
            return _months(year, 6, number)
        case "triwulan":
            return _months(year, 3, number)
        case "bulan":
            return _months(year, 1, number) if 1 <= number <= 12 else None
        case "minggu":
            return _week(year, number)


def _months(year: int, length: int, number: int) -> tuple[date, date]:
    start, end = (number - 1) * length, number * length  # months since January
    return date(year, start + 1, 1), date(year + end // 12, end % 12 + 1, 1)


def _week(year: int, number: int) -> tuple[date, date] | None:
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=7)
