"""Cells of a paper sheet: the texts that people type, parsed into values."""

import re
from collections.abc import Mapping
from datetime import date

from scoring.instrument import Attribute
from scoring.sheet import quoted
from scoring.survey_hours import BANDS, OTHER, band_of

# A spreadsheet reads a typed "08-12" as 8 December, or as 12 August.
BAND_AS_DATE = re.compile(r"\d{4}-(?:12-08|08-12)")
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?")
LOCAL_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
CLOCK_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?")
SLIP_NUMBER = re.compile(r"[A-Z0-9-]{1,20}", re.ASCII)
SLIP_DIGITS = 4  # as printed on slips; spreadsheets remove the leading zeros
MAX_SUGGESTION = 1_000  # characters
AGE = re.compile(r"\d{1,3}")
AGE_BAND = re.compile(r"<(?P<below>\d+)|(?P<first>\d+)-(?P<last>\d+)|>(?P<above>\d+)")


class CellError(Exception):
    """An invalid cell; the message is printed after its row and column."""


def normalized(text: str) -> str:
    """A code or name for comparison: lower case, plain hyphens, single spaces."""
    return " ".join(text.replace("–", "-").casefold().split())


def slip_number(cell: str) -> str | None:
    """A slip's number in capitals, with the leading zeros that spreadsheets remove."""
    number = cell.upper()
    if number and not SLIP_NUMBER.fullmatch(number):
        raise CellError(
            f"{quoted(cell)} bukan nomor lembar; huruf, angka dan -, paling panjang 20."
        )
    return (number.zfill(SLIP_DIGITS) if number.isdecimal() else number) or None


def day(cell: str) -> date:
    """A date in ISO or local format."""
    if not cell:
        raise CellError("kosong; tulis tanggal survei, misalnya 2026-10-08 atau 08/10/2026.")
    iso, local = ISO_DATE.fullmatch(cell), LOCAL_DATE.fullmatch(cell)
    parts = iso.groups() if iso else local.groups()[::-1] if local else ()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise CellError(
            f"{quoted(cell)} bukan tanggal; tulis seperti 2026-10-08 atau 08/10/2026."
        ) from None


def hour_band(cell: str) -> str | None:
    """The band of hours of a visit; None if the cell is empty."""
    text = normalized(cell)
    if text in ("", OTHER, *BANDS):
        return text or None
    if BAND_AS_DATE.match(text):
        return "08-12"
    clock = CLOCK_TIME.fullmatch(text)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise CellError(f"{quoted(cell)} bukan jam; tulis {', '.join(BANDS)}, {OTHER}, atau 09:30.")
    return band_of(int(clock[1]))


def suggestion(cell: str) -> str | None:
    """The suggestion; None if the cell is empty."""
    if len(cell) > MAX_SUGGESTION:
        raise CellError(f"{len(cell)} huruf; ringkas menjadi paling panjang {MAX_SUGGESTION}.")
    return cell or None


def options(attribute: Attribute) -> dict[str, str]:
    """Normalized code or label -> code of the option, or of the one that replaces it on paper."""
    return {
        normalized(name): option.paper or option.code
        for option in attribute.options
        for name in (option.label["id"], option.code)
    }


def option_of_age(cell: str, options: Mapping[str, str]) -> str:
    """The option for an age in years; the cell itself if it is not an age."""
    if not AGE.fullmatch(cell):
        return cell
    years = int(cell)
    for code in options.values():
        band = AGE_BAND.fullmatch(code)
        if band is not None and _contains(band, years):
            return code
    return cell


def _contains(band: re.Match[str], years: int) -> bool:
    if band["below"]:
        return years < int(band["below"])
    if band["above"]:
        return years > int(band["above"])
    return int(band["first"]) <= years <= int(band["last"])
