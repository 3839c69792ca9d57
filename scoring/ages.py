"""Ages as people write them, one or several: 34 th, 26 s/d 35 tahun, di atas 65."""

import re
from typing import NamedTuple

from scoring.written import plain

PLAUSIBLE = range(10, 111)  # a lower number is more likely the number of an option
MOST = 999

_UNIT = r"(?: ?(?:tahun|thn|th|years?(?: old)?))?\.?"
_NUMBER = rf"([0-9]{{1,3}})(?:[.,]00?)?{_UNIT}"
_TO = r" ?(?:-|~|s ?/ ?d|s\. ?d\.?|sd|sampai(?: dengan)?|hingga|to) ?"
_PREFIX = r"(?:(?:umur|usia):? ?)?"
SINGLE = re.compile(rf"{_PREFIX}{_NUMBER}(?: [0-9]{{1,2}} (?:bulan|bln)\.?)?")
SPAN = re.compile(rf"{_PREFIX}{_NUMBER}{_TO}{_NUMBER}")
BELOW = re.compile(rf"{_PREFIX}(?:<|di ?bawah|kurang dari|under|below) ?{_NUMBER}")
ABOVE = re.compile(rf"{_PREFIX}(?:>|di ?atas|lebih dari|over|above) ?{_NUMBER}")
AT_MOST = re.compile(rf"{_PREFIX}(?:(?:<=|≤) ?{_NUMBER}|{_NUMBER} ke ?bawah)")
AT_LEAST = re.compile(rf"{_PREFIX}(?:(?:>=|≥) ?{_NUMBER}|{_NUMBER}(?: ke ?atas| ?\+))")


class Ages(NamedTuple):
    """The first and the last of some ages in years."""

    first: int
    last: int


def parse(text: str) -> Ages | None:
    """The ages that a text names; None if it names none."""
    written = plain(text)
    if matched := SINGLE.fullmatch(written):
        return Ages(int(matched[1]), int(matched[1]))
    if matched := SPAN.fullmatch(written):
        return Ages(int(matched[1]), int(matched[2]))
    if matched := BELOW.fullmatch(written):
        return Ages(0, int(matched[1]) - 1)
    if matched := ABOVE.fullmatch(written):
        return Ages(int(matched[1]) + 1, MOST)
    if matched := AT_MOST.fullmatch(written):
        return Ages(0, int(matched[1] or matched[2]))
    if matched := AT_LEAST.fullmatch(written):
        return Ages(int(matched[1] or matched[2]), MOST)
    return None


def plausible(ages: Ages) -> bool:
    """Whether respondents can have these ages."""
    first, last = ages
    begins = first in PLAUSIBLE or (first == 0 and last > 0)
    ends = last in PLAUSIBLE or (last == MOST and first < MOST)
    return begins and ends and first <= last


def within(ages: Ages, band: Ages) -> bool:
    """Whether a band holds all of these ages."""
    return band.first <= ages.first and ages.last <= band.last
