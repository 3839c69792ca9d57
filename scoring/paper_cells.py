"""Cells of a paper sheet: the texts that people type, parsed into values."""

import re
from datetime import date

from scoring import dates, hours
from scoring.dates import NotADate, WrongWeekday
from scoring.period import long_day
from scoring.sheet import quoted
from scoring.survey_hours import BANDS, OTHER
from scoring.written import is_dash

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
    band = _band_of_date(cell) or hours.parse(cell)
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
        return hours.parse(time)
    return "08-12" if {found.day, found.month} == BAND_AS_DATE else None


def suggestion(cell: str) -> str | None:
    """The suggestion; None if the cell is empty."""
    if len(cell) > MAX_SUGGESTION:
        raise CellError(f"{len(cell)} huruf; ringkas menjadi paling panjang {MAX_SUGGESTION}.")
    return None if is_dash(cell) else cell or None
