"""Hours as people write them, put into the bands of the form."""

import re
from collections.abc import Iterator
from itertools import product

from scoring.survey_hours import BANDS, OTHER, band_of
from scoring.written import plain

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


def parse(text: str) -> str | None:
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
