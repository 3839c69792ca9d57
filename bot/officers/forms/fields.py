"""Typed values: a line, a code, a number, a day; raises InvalidInput with one sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bot.officers.forms.form import InvalidInput, Values
from office.turn import Turn
from office.words.text import length
from scoring import dates
from scoring.dates import NotADate, WrongWeekday
from scoring.numbers import grouped
from scoring.period import YEARS, long_day

NAME = 60  # UTF-16 units of a name: it stands on buttons
SLUG = 24
SLUGS = re.compile(rf"[a-z0-9-]{{1,{SLUG}}}")
LARGEST = 9_999_999
SHORTEST_REASON, LONGEST_REASON = 5, 300  # UTF-16 units
UNSEEN = (
    "Zl",
    "Zp",
)  # line and paragraph separators; control and format characters are refused too


def name(turn: Turn, _values: Values, text: str) -> str:
    """A name of a unit, a service, a counter."""
    return line(turn, text, NAME)


def line(turn: Turn, text: str, most: int) -> str:
    """One readable line with single spaces; raises InvalidInput."""
    words = turn.office.words.manage
    kinds = [unicodedata.category(character) for character in text]
    if any(kind[0] == "C" or kind in UNSEEN for kind in kinds):
        raise InvalidInput(words.one_line())
    tidy = " ".join(text.split())
    if not any(character.isalnum() for character in tidy):
        raise InvalidInput(words.no_letters())
    if length(tidy) > most:
        raise InvalidInput(words.too_long(length=length(tidy), most=most))
    return tidy


def typed(turn: Turn, _values: Values, text: str, *, most: int) -> str:
    """One readable line, as a field reads it; raises InvalidInput."""
    return line(turn, text, most)


def lines(turn: Turn, text: str, count: int, most: int) -> str:
    """Some lines, each as `line` reads one; raises InvalidInput."""
    written = [line(turn, each, most) for each in text.splitlines() if each.strip()]
    if len(written) > count:
        raise InvalidInput(turn.office.words.manage.too_many_lines(count=len(written), most=count))
    return "\n".join(written)


def reason(turn: Turn, text: str, too_short: str) -> str:
    """A reason in one line; raises InvalidInput, with `too_short` (HTML) for a word or less."""
    tidy = line(turn, text, LONGEST_REASON)
    if len(tidy) < SHORTEST_REASON:
        raise InvalidInput(too_short)
    return tidy


def slug(turn: Turn, text: str) -> str:
    """A code as it is written in a link; raises InvalidInput."""
    written = text.lower()
    if not SLUGS.fullmatch(written):
        raise InvalidInput(turn.office.words.manage.not_a_slug(most=SLUG))
    return written


def proposed(named: str, taken: Callable[[str], bool]) -> str | None:
    """A free code derived from a name; None when the name has no usable character."""
    plain = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not stem:
        return None
    for number in range(1, 100):
        tail = "" if number == 1 else f"-{number}"
        room = SLUG - len(tail)
        words = stem if len(stem) <= room else stem[: room + 1].rpartition("-")[0]
        code = (words or stem[:room]) + tail
        if not taken(code):
            return code
    return None


def whole(turn: Turn, text: str) -> int:
    """A whole number, also with separators of thousands (1.250); raises InvalidInput."""
    if not re.fullmatch(r"[0-9]{1,7}|[0-9]{1,3}([. ][0-9]{3}){1,2}", text):
        raise InvalidInput(turn.office.words.manage.not_a_number(most=grouped(LARGEST)))
    return int(re.sub("[. ]", "", text))


def decimal(turn: Turn, text: str, most: Decimal) -> Decimal:
    """A number from 0 to `most` with at most two decimals, 71,35 or 71.35; raises InvalidInput."""
    if re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,2})?", text):
        number = Decimal(text.replace(",", "."))
        if number <= most:
            return number
    raise InvalidInput(turn.office.words.manage.not_a_decimal(most=most))


def year(turn: Turn, text: str) -> int:
    """A year of the calendar; raises InvalidInput."""
    if re.fullmatch(r"[0-9]{4}", text) and int(text) in YEARS:
        return int(text)
    raise InvalidInput(turn.office.words.manage.not_a_year())


def day(turn: Turn, text: str) -> date:
    """A day, as it may be written on a paper sheet too; raises InvalidInput."""
    words = turn.office.words.manage
    try:
        return dates.parse(text)
    except WrongWeekday as error:
        raise InvalidInput(
            words.wrong_weekday(
                written=error.written, day=long_day(error.day), weekday=error.weekday
            )
        ) from None
    except NotADate:
        raise InvalidInput(words.not_a_day()) from None


def iso_day(turn: Turn, _values: Values, text: str) -> str:
    """A day as the value of a field; raises InvalidInput."""
    return day(turn, text).isoformat()


def shown_day(_turn: Turn, value: str) -> str:
    """The day of a field's value, in words."""
    return long_day(date.fromisoformat(value))
