"""The words people write for the options of an attribute: code, label, and everyday words.

An instrument's options may list `words` of their own; the words that every office meets stand in
option_words.toml. A word that could mean two options means none.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scoring.instrument import DECLINED, Attribute, Option
from scoring.written import folded, is_dash, plain

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


def parse_ages(text: str) -> Ages | None:
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


TABLE = Path(__file__).parent / "option_words.toml"
SEVERAL = re.compile(r"[/,;()&|]|\b(?:atau|dan)\b")  # between two words for one answer
LONGEST = 200  # characters of an answer
FILLER = ""  # in place of an option: words that change no answer
ENUMERATOR = re.compile(r"^(?:[0-9]{1,2}|[a-z])[.)] (?=[^\W\d_])")  # "2. SMP", "b) SMP"


@dataclass(frozen=True, slots=True)
class OptionWords:
    """What can be written for one attribute.

    `by_word` has folded words with the option as counted on paper, None where two options share
    one; `by_ages` has the options that are bands of age; `fillers` change no answer.
    """

    by_word: Mapping[str, str | None]
    by_ages: Sequence[tuple[Ages, str]]
    fillers: frozenset[str]

    def option(self, text: str) -> str | None:
        """The option that a text means, DECLINED for none chosen; None if that is not known.

        Words for the same option may stand together: "SMU/SMK/MA", "Perempuan (P)".
        """
        if len(text) > LONGEST:
            return None
        if is_dash(text):
            return DECLINED
        answer = ENUMERATOR.sub("", plain(text))
        if found := self._one(text) or self._one(answer):
            return found
        parts = {self._part(part) for part in SEVERAL.split(answer) if folded(part)}
        options = parts - {FILLER}
        return options.pop() if len(options) == 1 else None

    def _part(self, part: str) -> str | None:
        """The option of one of several words, or FILLER; None: not known."""
        words = [word for word in part.split() if folded(word)]
        telling = [word for word in words if folded(word) not in self.fillers]
        if not telling:
            return FILLER
        if found := self._one(" ".join(telling)):
            return found
        options = {self._one(word) for word in telling}
        return options.pop() if len(options) == 1 else None

    def _one(self, text: str) -> str | None:
        word = folded(text)
        return self.by_word[word] if word in self.by_word else self._of_age(text)

    def _of_age(self, text: str) -> str | None:
        written = parse_ages(text) if self.by_ages else None
        if written is None or not plausible(written):
            return None
        return next((code for band, code in self.by_ages if within(written, band)), None)


def of(attribute: Attribute) -> OptionWords:
    """The words for the options of an attribute; an instrument's own go before the shared ones."""
    by_word: dict[str, str | None] = {}
    for names in _tiers(attribute.options):
        for word, options in _owners(names).items():
            by_word.setdefault(word, options.pop() if len(options) == 1 else None)
    shared = _shared(attribute.code)
    for word, codes in shared.words.items():
        if (code := _on_paper(attribute, codes)) is not None:
            by_word.setdefault(word, code)
    for word in shared.declined:
        by_word.setdefault(word, DECLINED)
    return OptionWords(by_word, tuple(_bands(attribute.options)), shared.fillers)


def _tiers(options: Sequence[Option]) -> Iterator[list[tuple[str, str]]]:
    """Words with their option; those of an earlier tier go before those of a later one."""
    yield [(option.code, _paper(option)) for option in options]
    yield [(option.label["id"], _paper(option)) for option in options]
    yield [(word, _paper(option)) for option in options for word in option.words]
    yield [(label, _paper(option)) for option in options for label in option.label.values()]


def _owners(names: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    for name, option in names:
        if word := folded(name):
            owners.setdefault(word, set()).add(option)
    return owners


def _paper(option: Option) -> str:
    return option.paper or option.code


def _on_paper(attribute: Attribute, codes: Sequence[str]) -> str | None:
    """The first of these options that the attribute has, as counted on paper."""
    by_code = {folded(option.code): option for option in attribute.options}
    found = (by_code[folded(code)] for code in codes if folded(code) in by_code)
    option = next(found, None)
    return None if option is None else _paper(option)


def _bands(options: Sequence[Option]) -> Iterator[tuple[Ages, str]]:
    for option in options:
        band = parse_ages(option.code) or parse_ages(option.label["id"])
        if band is not None:
            yield band, _paper(option)


def conflicts(attribute: Attribute) -> Iterator[tuple[str, str, str]]:
    """Own words of an option that another one has, too: its code, the word, the other's code."""
    owners = _owners(
        (name, option.code)
        for option in attribute.options
        for name in (option.code, *option.label.values(), *option.words)
    )
    for option in attribute.options:
        for word in option.words:
            for other in sorted(owners.get(folded(word), set()) - {option.code}):
                yield option.code, word, other


@dataclass(frozen=True, slots=True)
class _Shared:
    """What option_words.toml holds of one attribute; `words`: folded word -> codes of options."""

    words: Mapping[str, tuple[str, ...]]
    declined: tuple[str, ...]
    fillers: frozenset[str]


@cache
def _shared(attribute: str) -> _Shared:
    """The shared words of an attribute.

    Raises:
        ValueError: a word stands under two options.
    """
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    words: dict[str, tuple[str, ...]] = {}
    for group in table["words"]:
        if group["attribute"] != attribute:
            continue
        codes = tuple(group["options"])
        for word in map(folded, group["words"]):
            if words.setdefault(word, codes) != codes:
                raise ValueError(f"{TABLE.name}: {attribute}: {word} stands under two options")
    return _Shared(
        words,
        tuple(map(folded, table["declined"])),
        frozenset(map(folded, table["fillers"].get(attribute, ()))),
    )
