"""Cells of a paper sheet: what people write into them, as the value it stands for."""

import re
from collections.abc import Mapping
from datetime import date

from scoring.instrument import Attribute
from scoring.sheet import shown

BANDS = {"08-12": (8, 12), "13-17": (13, 17)}
OTHER = "lain"
# A spreadsheet takes a typed "08-12" for a day of December, or for the 12th of August.
TAKEN_FOR_DATES = re.compile(r"\d{4}-(?:12-08|08-12)")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?")
WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?")
SLIP = re.compile(r"[A-Z0-9-]{1,20}", re.ASCII)
SLIP_DIGITS = 4  # as slips are printed: a spreadsheet takes the zeros away
SUGGESTION = 1_000  # characters
AGE = re.compile(r"\d{1,3}")
BAND = re.compile(r"<(?P<below>\d+)|(?P<first>\d+)-(?P<last>\d+)|>(?P<above>\d+)")


class Wrong(Exception):
    """A cell that cannot be taken; the message follows its place."""


def folded(text: str) -> str:
    """A code or a name as it is compared: small letters, plain dashes, single spaces."""
    return " ".join(text.replace("–", "-").casefold().split())


def slip_number(cell: str) -> str | None:
    """A slip's number in capitals, with the zeros that spreadsheets take away."""
    written = cell.upper()
    if written and not SLIP.fullmatch(written):
        raise Wrong(f"{shown(cell)} bukan nomor lembar; huruf, angka dan -, paling panjang 20.")
    return (written.zfill(SLIP_DIGITS) if written.isdecimal() else written) or None


def day(cell: str) -> date:
    """A day as people write it."""
    if not cell:
        raise Wrong("kosong; tulis tanggal survei, misalnya 2026-10-08 atau 08/10/2026.")
    iso, written = ISO.fullmatch(cell), WRITTEN.fullmatch(cell)
    parts = iso.groups() if iso else written.groups()[::-1] if written else ()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise Wrong(
            f"{shown(cell)} bukan tanggal; tulis seperti 2026-10-08 atau 08/10/2026."
        ) from None


def band(cell: str) -> str | None:
    """The band of hours of the survey; None where none is written."""
    written = folded(cell)
    if written in ("", OTHER, *BANDS):
        return written or None
    if TAKEN_FOR_DATES.match(written):
        return "08-12"
    clock = CLOCK.fullmatch(written)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise Wrong(f"{shown(cell)} bukan jam; tulis {', '.join(BANDS)}, {OTHER}, atau 09:30.")
    hour = int(clock[1])
    return next((band for band, (first, end) in BANDS.items() if first <= hour < end), OTHER)


def suggestion(cell: str) -> str | None:
    """What the person wrote; None for nothing."""
    if len(cell) > SUGGESTION:
        raise Wrong(f"{len(cell)} huruf; ringkas menjadi paling panjang {SUGGESTION}.")
    return cell or None


def options(attribute: Attribute) -> dict[str, str]:
    """Folded code or label -> the option's code; one that paper lacks counts under another."""
    return {
        folded(name): option.paper or option.code
        for option in attribute.options
        for name in (option.label["id"], option.code)
    }


def aged(cell: str, options: Mapping[str, str]) -> str:
    """The option for an age written in years; the cell itself when it is none."""
    if not AGE.fullmatch(cell):
        return cell
    years = int(cell)
    for code in options.values():
        band = BAND.fullmatch(code)
        if band is not None and _holds(band, years):
            return code
    return cell


def _holds(band: re.Match[str], years: int) -> bool:
    if band["below"]:
        return years < int(band["below"])
    if band["above"]:
        return years > int(band["above"])
    return int(band["first"]) <= years <= int(band["last"])
