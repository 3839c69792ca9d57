"""Headings of sheets: which item, running number or other column a heading names."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from scoring.instrument import Instrument

ORDERS = ("peraturan", "formulir")
MAX_LENGTH = 500  # characters of a heading
MAX_REMEMBERED = 10_000  # different headings
PART = r"(?: ?([a-z])(?= |$)| ([1-9]\d?)(?= |$))?"  # of an unsur: "u1a", "u1 a", "u1.1"
NUMBERED = re.compile(rf"(?:u|unsur(?: pelayanan)?(?: ke)?) ?0?(\d{{1,2}}){PART}(?: (.+))?")
NUMBER_LAST = re.compile(rf"(.+) (?:u|unsur) ?0?(\d{{1,2}}){PART}")
UNDER_UNSUR = re.compile(r"(.*\bunsur\b.*) (\d{1,2})")  # "1" below the merged heading "Nilai unsur"
PREFIX = re.compile(r"(?:(?:p|q|x|pertanyaan|soal|no) ?)?\d{1,2} (.+)|[a-z] (.+)")
IN_BRACKETS = re.compile(r".*\[([^\[\]]+)\]\s*")  # of a grid of Google Forms

# Words of a heading that say nothing about which unsur it is.
NEUTRAL_WORDS = """
    unsur nilai skor dan atau dari di pada tentang dalam yang the of and pelayanan layanan petugas
    pelaksana bagaimana pendapat pemahaman penilaian saudara i bapak ibu anda
"""
# Headings of figures that are computed from the answers.
COMPUTED_WORDS = "nrr tertimbang bobot jumlah rata rerata total nik mutu x kali"
NEUTRAL = frozenset(NEUTRAL_WORDS.split())
COMPUTED = frozenset(COMPUTED_WORDS.split())
NUMBER_NAMES = frozenset(
    (
        *("no", "nomor", "no urut", "nomor urut", "no res", "no resp", "no responden"),
        *("nomor responden", "responden", "responden ke", "id", "id responden", "no slip"),
        *("nomor slip", "no lembar", "nomor lembar", "no kuesioner", "nomor kuesioner"),
        *("no formulir", "nomor formulir", "no sampel"),
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """The item that a heading names, or the unsur as a `whole` that has several items.

    `by` is how: by its own "name" or question, by a "number", or by "words" that resemble them.
    `ambiguous` is "u8" for a number alone that common forms use for another unsur; `part` is the
    letter behind the number, as in "u1a".
    """

    code: str
    by: str
    ambiguous: str | None = None
    part: str = ""
    whole: bool = False

    @property
    def rank(self) -> tuple[bool, bool]:
        """The order of preference: an item before the whole unsur, a name before a number."""
        return self.whole, self.by == "number"


def plain(text: str) -> str:
    """A text for comparison: lower case, words and numbers with single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def is_number(heading: str) -> bool:
    """Whether a heading is that of the respondents' running numbers."""
    return plain(heading) in NUMBER_NAMES


@dataclass(slots=True)
class Vocabulary:
    """The headings of an instrument; `order` is what u1, u2, … mean."""

    instrument: Instrument
    order: str = "peraturan"
    exact: dict[str, set[str]] = field(default_factory=dict)
    words: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    known: dict[str, Named | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect the names and questions of every item, in every language of the instrument."""
        for unsur in self.instrument.grouped:
            named = unsur.code if unsur.divided else unsur.items[0]
            for text in (unsur.code, *unsur.name.values()):
                self.exact.setdefault(plain(text), set()).add(named)
            if unsur.divided:
                words = set(plain(unsur.code).split())
                self.words[named] = (words, words.union(plain(unsur.name["id"]).split()))
        for item in self.instrument.items:
            wordings = [*item.resmi.values(), *item.mudah.values()]
            questions = [wording.question for wording in wordings]
            first_sentences = [question.partition("?")[0] for question in questions]
            for text in (item.code, *item.name.values(), *questions, *first_sentences):
                self.exact.setdefault(plain(text), set()).add(item.code)
            code = set(plain(item.code).split())
            texts = (item.name["id"], item.resmi["id"].question)
            self.words[item.code] = (code, code.union(*(plain(text).split() for text in texts)))

    @property
    def codes_by_number(self) -> dict[str, str]:
        """`u1`, `u2`, … or `u1a`, `u1b` to items, in the order of the vocabulary.

        `u1` is the whole unsur where it has several items.
        """
        instrument = self.instrument
        order = instrument.codes if self.order == "peraturan" else instrument.form_order
        items = {f"u{number}": code for code, number in instrument.numbers(order).items()}
        unsur = {code.rstrip(ascii_lowercase): item for code, item in items.items()}
        whole = {number: instrument.unsur_of(item).code for number, item in unsur.items()}
        return whole | items

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """The numbers that mean another unsur in common forms than in the regulation."""
        orders = (self.instrument.codes, self.instrument.form_order)
        pairs = zip(*(dict.fromkeys(map(self._unsur_code, each)) for each in orders), strict=True)
        return tuple(f"u{i}" for i, (code, other) in enumerate(pairs, 1) if code != other)

    def _unsur_code(self, item: str) -> str:
        return self.instrument.unsur_of(item).code

    def item(self, heading: str) -> Named | None:
        """The item or whole unsur a heading names; None when it names none, or more than one."""
        if heading not in self.known:
            if len(self.known) >= MAX_REMEMBERED:
                self.known.clear()
            self.known[heading] = self._item(heading) if len(heading) <= MAX_LENGTH else None
        return self.known[heading]

    def by_name(self, text: str) -> Named | None:
        """The item or unsur with this code, name or question, also in a shorter wording of them."""
        if text in self.exact:
            codes = self.exact[text]
            return self._named(next(iter(codes)), "name") if len(codes) == 1 else None
        words = set(text.split()) - NEUTRAL
        fitting = [code for code, (own, all_) in self.words.items() if own <= words <= all_]
        return self._named(fitting[0], "words") if len(fitting) == 1 else None

    def _named(self, code: str, by: str, ambiguous: str | None = None, part: str = "") -> Named:
        return Named(code, by, ambiguous, part, whole=code not in self.instrument.codes)

    def _item(self, heading: str) -> Named | None:
        text, bracketed = plain(heading), IN_BRACKETS.fullmatch(heading)
        named = self.by_name(text) or (self.by_name(plain(bracketed[1])) if bracketed else None)
        if named:
            return named
        if numbered := NUMBERED.fullmatch(text):
            number, letter, place, name = numbered.groups()
            return self._numbered(number, name or "", part=letter or _letter(place))
        if last := NUMBER_LAST.fullmatch(text):
            name, number, letter, place = last.groups()
            return self._numbered(number, name, part=letter or _letter(place))
        prefixed = PREFIX.fullmatch(text)
        named = self.by_name(prefixed[1] or prefixed[2]) if prefixed else None
        under = UNDER_UNSUR.fullmatch(text)
        return named or (self._numbered(under[2], "", under[1]) if under else None)

    def _numbered(self, number: str, name: str, above: str = "", part: str = "") -> Named | None:
        """The item of a number with the text beside it, whose name goes before the number."""
        key, codes = f"u{int(number)}", self.codes_by_number
        named = self.by_name(name)
        if named and not (named.whole and part):
            return replace(named, part=part)
        lettered = f"{key}{part}"
        code = codes.get(lettered) or codes.get(key)
        if code is None or COMPUTED.intersection([part, *name.split(), *above.split()]):
            return None
        if part and lettered not in codes and code not in self.instrument.codes:
            return None  # u1c of an unsur with two items
        if key not in self.ambiguous:
            return self._named(code, "number", part=part)
        shown = lettered if lettered in codes else key
        return None if name and not named else self._named(code, "number", shown, part)


def _letter(place: str | None) -> str:
    """`a` for the first item of an unsur; nothing for a place that has no letter."""
    return ascii_lowercase[int(place) - 1 : int(place)] if place else ""
