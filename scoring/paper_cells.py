"""Cells of a paper sheet: the texts that people type, parsed into values."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

from scoring import dates
from scoring.dates import NotADate, WrongWeekday
from scoring.period import long_day
from scoring.sheet import quoted
from scoring.survey_hours import BANDS, OTHER, band_of
from scoring.written import is_dash, plain

OTHERS = ("lain", "lainnya", "lain-lain")
# A part of the day: the hours it may be written with, and what to add to them.
PARTS = {
    "am": {12: -12} | dict.fromkeys(range(1, 12), 0),
    "pm": {12: 0} | dict.fromkeys(range(1, 12), 12),
    "pagi": dict.fromkeys(range(12), 0),
    "siang": dict.fromkeys((10, 11, 12, 13, 14, 15), 0) | dict.fromkeys((1, 2, 3), 12),
    "sore": dict.fromkeys((3, 4, 5, 6), 12) | dict.fromkeys((15, 16, 17, 18), 0),
    "malam": {12: -12} | dict.fromkeys(range(6, 12), 12) | dict.fromkeys(range(18, 24), 0),
}
EARLY = range(1, 5)  # without a part of the day, 2 may be 14.00
_CLOCK = (
    r"(?:(?:jam|pukul|pkl|pk)\.? ?)?"
    r"(?P<hour{n}>[01]?[0-9]|2[0-3])(?:[:.,]?(?P<minute{n}>[0-5][0-9])(?:[:.][0-5][0-9])?)?"
    r"(?: ?(?P<part{n}>[ap]\.?m\.?|pagi|siang|sore|malam))?(?: ?(?:wib|wita|wit))?"
)
_TO = r" ?(?:-|/|~|s ?/ ?d|s\. ?d\.?|sd|sampai(?: dengan)?|hingga) ?"
CLOCK = re.compile(_CLOCK.format(n=1))
SPAN = re.compile(_CLOCK.format(n=1) + _TO + _CLOCK.format(n=2))
DAY_FRACTION = re.compile(r"0[.,]([0-9]{3,17})")  # of a cell that lost its time format
# A spreadsheet reads a typed "08-12" as 8 December, or as 12 August, and may show it as "08-Des".
BAND_AS_DATE = {8, 12}
SHORT_DATE = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3})")
SLIP_NUMBER = re.compile(r"[A-Z0-9-]{1,20}", re.ASCII)
WITH_DECIMALS = re.compile(r"([0-9]+)[.,]00?")  # a whole number as some spreadsheets show it
SLIP_DIGITS = 4  # as printed on slips; spreadsheets remove the leading zeros
MAX_SUGGESTION = 1_000  # characters


class CellError(Exception):
    """An invalid cell; the message is printed after its row and column."""


def normalized(text: str) -> str:
    """A code or name for comparison: lower case, plain hyphens, single spaces."""
    return " ".join(text.replace("–", "-").casefold().split())


def slip_number(cell: str) -> str | None:
    """A slip's number in capitals, with the leading zeros that spreadsheets remove."""
    decimals = WITH_DECIMALS.fullmatch(cell)
    number = decimals[1] if decimals else cell.upper()
    if not number or is_dash(number):
        return None
    if not SLIP_NUMBER.fullmatch(number):
        raise CellError(
            f"{quoted(cell)} bukan nomor lembar; huruf, angka dan -, paling panjang 20."
        )
    return number.zfill(SLIP_DIGITS) if number.isdecimal() else number


def day(cell: str) -> date:
    """A date as people write it, or as the number of a spreadsheet."""
    if not cell:
        raise CellError("kosong; tulis tanggal survei, misalnya 2026-10-08 atau 08/10/2026.")
    try:
        return dates.of_serial(cell) or dates.parse(cell)
    except WrongWeekday as error:
        raise CellError(
            f"{quoted(cell)} hari {error.written}, padahal {long_day(error.day)} hari"
            f" {error.weekday}."
        ) from None
    except NotADate:
        raise CellError(
            f"{quoted(cell)} bukan tanggal; tulis hari, bulan, tahun seperti 08/10/2026 atau"
            " 8 Oktober 2026."
        ) from None


def hour_band(cell: str) -> str | None:
    """The band of hours of a visit; None if the cell is empty."""
    if not cell or is_dash(cell):
        return None
    band = _band_of_date(cell) or parse_hours(cell)
    if band is None:
        raise CellError(
            f"{quoted(cell)} bukan jam; tulis {', '.join(BANDS)}, {OTHER}, atau 09:30 (lewat tengah"
            " hari 13:30)."
        )
    return band


def _band_of_date(cell: str) -> str | None:
    """The band in a cell that a spreadsheet turned into a date, or that has a date and a time."""
    short = SHORT_DATE.fullmatch(cell)
    if short and {int(short[1]), dates.month(short[2])} == BAND_AS_DATE:
        return "08-12"
    try:
        found, time = dates.with_time(cell)
    except (NotADate, WrongWeekday):
        return None
    if time.strip("0:."):  # midnight is the time of a date alone
        return parse_hours(time)
    return "08-12" if {found.day, found.month} == BAND_AS_DATE else None


def suggestion(cell: str) -> str | None:
    """The suggestion; None if the cell is empty."""
    if len(cell) > MAX_SUGGESTION:
        raise CellError(f"{len(cell)} huruf; ringkas menjadi paling panjang {MAX_SUGGESTION}.")
    return None if is_dash(cell) else cell or None


def parse_hours(text: str) -> str | None:
    """The band of hours as people write them: 8:30 WIB, 08.00 s/d 12.00, 1 PM, 2 siang, lain.

    Returns:
        None for a text that is no hour, that reaches into two bands, or that two bands fit.
    """
    written = plain(text).strip(" .")
    if written in OTHERS:
        return OTHER
    if fraction := DAY_FRACTION.fullmatch(written):
        return band_of(_minute(fraction[1]) // 60)
    bands = set(_bands(written))
    return bands.pop() if len(bands) == 1 else None


def _minute(decimals: str) -> int:
    """The nearest minute of a decimal part of a day."""
    parts: int = 10 ** len(decimals)
    return (2 * 24 * 60 * int(decimals) + parts) // (2 * parts)


def _bands(written: str) -> Iterator[str]:
    """The bands of each way to read the text."""
    if clock := CLOCK.fullmatch(written):
        yield from (band_of(start // 60) for start in _minutes(clock, 1))
    elif span := SPAN.fullmatch(written):
        for start, end in product(_minutes(span, 1), _minutes(span, 2)):
            if start < end and (band := _band_of_span(start, end)):
                yield band


def _minutes(matched: re.Match[str], n: int) -> list[int]:
    """The minutes of the day that a written clock may mean."""
    hour, minute = int(matched[f"hour{n}"]), int(matched[f"minute{n}"] or 0)
    part = (matched[f"part{n}"] or "").replace(".", "")
    if part:
        added = PARTS[part].get(hour)
        return [] if added is None else [60 * (hour + added) + minute]
    return [60 * (hour + more) + minute for more in ((0, 12) if hour in EARLY else (0,))]


def _band_of_span(start: int, end: int) -> str | None:
    """The band that holds all of a span of minutes; None if it reaches into several."""
    limits = {band: (60 * hours.start, 60 * hours.stop) for band, hours in BANDS.items()}
    for band, (first, last) in limits.items():
        if first <= start and end <= last:
            return band
    apart = all(end <= first or last <= start for first, last in limits.values())
    return OTHER if apart else None
