"""What a typed text holds: a NIK, a phone number, an e-mail address, or a greeting alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from office.words.all_words import Words

REPEATED = re.compile(r"(.)\1+")
CUT = "…"  # what stands for what was removed
GAP = r"[ .\-\u00a0]"  # what people write between digits


class Personal(StrEnum):
    """The kinds, by their names in the citizens' words."""

    NIK = "personal_nik"
    PHONE = "personal_phone"
    EMAIL = "personal_email"


# Dates, hours, years and amounts hold many digits too; none of theirs is looked at.
ORDINARY = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d.])(?:[01]?\d|2[0-4])[.:][0-5]\d(?!\d|\.\d)"
    r"|(?<!\d)(?<!\d[ .\-])(?:19|20)\d\d(?:[ .\-]+(?:19|20)\d\d)+(?![ .\-]?\d)"
    r"|(?<![\d.+])(?!62\.8)[1-9]\d{0,2}(?:\.\d{3})+(?!\d|\.\d)"
)
PATTERNS = {
    Personal.EMAIL: re.compile(r"[\w.%+\-]+@[\w\-]+(?:\.[\w\-]+)+"),
    Personal.NIK: re.compile(
        r"(?<!\d)\d{16}(?!\d)"
        rf"|(?<!\d)(?<!\d{GAP})\d(?:{GAP}?\d){{15}}(?!{GAP}?\d)"
    ),
    Personal.PHONE: re.compile(
        rf"(?:\+{GAP}?62|(?<!\d)62(?={GAP}?8)){GAP}?\(?0?\)?{GAP}?\d(?:{GAP}?\d){{7,11}}(?!\d)"
        rf"|(?<!\d)(?:\(08\d\d?\)|08\d\d?)(?:{GAP}{{0,3}}\d){{6,10}}(?!\d)"
    ),
}


def found(text: str) -> tuple[Personal, ...]:
    """The kinds that a text holds."""
    return tuple(sorted({kind for kind, _, _ in _spans(text)}, key=list(Personal).index))


def redacted(text: str) -> str:
    """The text with `CUT` for each of them."""
    while spans := _spans(text):
        for _, start, end in sorted(spans, key=lambda span: span[1], reverse=True):
            text = text[:start] + CUT + text[end:]
    return text


def says_something(text: str) -> bool:
    """Whether a redacted text holds more than what was removed."""
    return any(character.isalnum() for character in text)


def _spans(text: str) -> list[tuple[Personal, int, int]]:
    """Kind, start and end of each; none overlaps another."""
    spans: list[tuple[Personal, int, int]] = []
    for kind, pattern in PATTERNS.items():
        if kind != Personal.EMAIL:
            text = ORDINARY.sub(_blank, text)
        spans += [(kind, *match.span()) for match in pattern.finditer(text)]
        text = pattern.sub(_blank, text)
    return spans


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def is_greeting(words: Words, text: str) -> bool:
    """Whether the text is made of greetings alone, in any of the languages."""
    spelled = _spelled(text)
    greetings = frozenset().union(*(each.greetings for each in words.citizen.values()))
    return bool(spelled) and _only(greetings).fullmatch(f"{spelled} ") is not None


@cache
def _only(greetings: Iterable[str]) -> re.Pattern[str]:
    each = "|".join(sorted(re.escape(_spelled(greeting)) for greeting in greetings))
    return re.compile(f"(?:(?:{each}) )+")


def _spelled(text: str) -> str:
    """In small letters without marks, and no letter twice in a row: "Halooo!!" is "halo"."""
    letters = re.sub(r"['’‘`]", "", text.casefold())
    return REPEATED.sub(r"\1", " ".join(re.findall(r"[^\W_]+", letters)))
