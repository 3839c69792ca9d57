"""Whether a typed text only greets, or asks to begin: its words are those of the words files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from office.words.all_words import Words

REPEATED = re.compile(r"(.)\1+")


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
