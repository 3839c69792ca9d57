"""Dates as people write them, on paper sheets and in the chat's forms: the day before the month."""

import re
from datetime import date, timedelta

from scoring.period import MONTHS, YEARS
from scoring.written import plain

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
OTHER_WEEKDAYS = (
    ("monday", 0), ("tuesday", 1), ("wednesday", 2), ("thursday", 3), ("jum'at", 4),
    ("friday", 4), ("saturday", 5), ("ahad", 6), ("sunday", 6), ("mgg", 6),
)  # fmt: skip
OLD_MONTHS = (("pebruari", 2), ("agt", 8), ("ags", 8), ("nopember", 11))
LAST_SHORT_YEAR = 69  # a year of two digits is one of 2000 to 2069
SERIAL = re.compile(r"([34567][0-9]{4})(?:[.,][0-9]+)?")  # of a cell that lost its date format
SERIAL_START = date(1899, 12, 30)  # spreadsheets count days from here

_WEEKDAY = r"(?:(?:hari )?(?P<weekday>[a-z]{3,9}(?:'at)?)(?:[., ]+|(?=[0-9])))?"
_MONTH_NAME = r"(?P<name>[a-z]{3,9})"
_YEAR = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_TIME = (
    r"(?:(?:t|[,;]? )(?:(?:pukul|pkl|jam)\.? ?)?"
    r"(?P<time>(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]{1,6})?)?"
    r"(?: ?[ap]\.?m\.?)?)"
    r"(?: ?(?:wib|wita|wit|(?:gmt|utc)? ?\+0?[789](?::?00)?))?)?"
)
_FORMS = tuple(
    re.compile(rf"(?:(?:tanggal|tgl)\.?:? ?)?{_WEEKDAY}{form}{_TIME}")
    for form in (
        rf"(?P<year>[0-9]{{4}}) ?(?P<sign>[-/.]) ?{_MONTH} ?(?P=sign) ?{_DAY}",
        rf"{_DAY} ?(?P<sign>[-/. ]) ?{_MONTH} ?(?P=sign) ?{_YEAR}",
        rf"{_DAY}[-/. ]{{0,2}}{_MONTH_NAME}[-/., ]{{0,2}}{_YEAR}",
        rf"{_MONTH_NAME}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
    )
)


class NotADate(ValueError):
    """A text that is no date of the calendar."""


class WrongWeekday(ValueError):
    """A date whose name of the day is another one."""

    def __init__(self, day: date, written: int) -> None:
        super().__init__(day, written)
        self.day = day
        self.written = WEEKDAYS[written]
        self.weekday = WEEKDAYS[day.weekday()]


def parse(text: str) -> date:
    """A date: 8 Oktober 2026, 08/10/26, 8-10-2026, 2026-10-08 10:15, Kamis 8 Okt 2026 pukul 10.15.

    Raises:
        NotADate, WrongWeekday
    """
    return with_time(text)[0]


def with_time(text: str) -> tuple[date, str]:
    """A date and the time of day behind it, "" when there is none; raises like `parse`."""
    written = plain(text).strip(" .,;")
    for form in _FORMS:
        if matched := form.fullmatch(written):
            parts = matched.groupdict()
            return _date(parts), parts["time"] or ""
    raise NotADate


def of_serial(text: str) -> date | None:
    """The date of a spreadsheet's number of days, 46204 or 46204.43; None if it cannot be one."""
    matched = SERIAL.fullmatch(text)
    return None if matched is None else SERIAL_START + timedelta(days=int(matched[1]))


def month(text: str) -> int | None:
    """The number of a month, by its name or an abbreviation from three letters; None: unknown."""
    written = text.casefold().strip(" .")
    names = [(name.casefold(), n) for lang in MONTHS.values() for n, name in enumerate(lang) if n]
    return _by_beginning(written, (*names, *OLD_MONTHS))


def _by_beginning(written: str, names: tuple[tuple[str, int], ...]) -> int | None:
    numbers = {number for name, number in names if len(written) > 2 and name.startswith(written)}
    return numbers.pop() if len(numbers) == 1 else None


def _date(parts: dict[str, str | None]) -> date:
    name, number = parts.get("name"), parts.get("month")
    found = month(name) if name else int(number or 0)
    try:
        day = date(_year(parts["year"] or ""), found or 0, int(parts["day"] or 0))
    except ValueError:
        raise NotADate from None
    _check_weekday(day, parts["weekday"])
    return day


def _year(written: str) -> int:
    year = int(written.lstrip("'"))
    if len(written) < 4:
        year = 2000 + year if year <= LAST_SHORT_YEAR else 0
    return year if year in YEARS else 0


def _check_weekday(day: date, written: str | None) -> None:
    if not written:
        return
    names = tuple((name.casefold(), n) for n, name in enumerate(WEEKDAYS))
    weekday = _by_beginning(written, (*names, *OTHER_WEEKDAYS))
    if weekday is None:
        raise NotADate
    if weekday != day.weekday():
        raise WrongWeekday(day, weekday)
