"""Texts that people type, made plain before they are compared or parsed."""

import re
import unicodedata

HYPHENS = re.compile("[‐‑‒–—―−]")
APOSTROPHES = re.compile("[‘’ʼ`´]")
TOKEN = re.compile(r"[^\W_]+|[<>+≤≥]")


def plain(text: str) -> str:
    """Lower case, single spaces, one kind of hyphen and of apostrophe."""
    one_kind = HYPHENS.sub("-", APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text)))
    return " ".join(one_kind.casefold().split())


def folded(text: str) -> str:
    """A name for comparison: its letters, digits and signs of order alone.

    A hyphen stays between two numbers: "26 – 35" is "26-35", "D1-D4" is "d1d4".
    """
    name = ""
    for token in TOKEN.findall(plain(text)):
        apart = name[-1:].isdigit() and token[0].isdigit()
        name += f"-{token}" if apart else token
    return name


def is_dash(text: str) -> bool:
    """Whether a text has dashes alone, as people strike out what they do not answer."""
    written = plain(text)
    return bool(written) and not written.strip("-_ ")
