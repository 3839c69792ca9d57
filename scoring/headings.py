"""Headings of sheets: which unsur, running number or other column a heading names."""

import re
import unicodedata
from dataclasses import dataclass, field

from scoring.instrument import Instrument

ORDERS = ("peraturan", "formulir")
MAX_LENGTH = 500  # characters of a heading
MAX_REMEMBERED = 10_000  # different headings
NUMBERED = re.compile(r"(?:u|unsur(?: pelayanan)?(?: ke)?) ?0?(\d{1,2})[a-z]?(?: (.+))?")
NUMBER_LAST = re.compile(r"(.+) (?:u|unsur) ?0?(\d{1,2})")
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
class Unsur:
    """The unsur that a heading names.

    `by` is how: by its own "name" or question, by a "number", or by "words" that resemble them.
    `ambiguous` is "u8" for a number alone that common forms use for another unsur.
    """

    code: str
    by: str
    ambiguous: str | None = None


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
    known: dict[str, Unsur | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect the names and questions of every unsur, in every language of the instrument."""
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
        """`u1`, `u2`, … to item codes, in the order of the vocabulary."""
        instrument = self.instrument
        codes = instrument.codes if self.order == "peraturan" else instrument.form_order
        return {f"u{number}": code for number, code in enumerate(codes, 1)}

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """The numbers that mean another unsur in common forms than in the regulation."""
        pairs = zip(self.instrument.codes, self.instrument.form_order, strict=True)
        return tuple(f"u{i}" for i, (code, other) in enumerate(pairs, 1) if code != other)

    def unsur(self, heading: str) -> Unsur | None:
        """The unsur that a heading names; None when it names none, or more than one."""
        if heading not in self.known:
            if len(self.known) >= MAX_REMEMBERED:
                self.known.clear()
            self.known[heading] = self._unsur(heading) if len(heading) <= MAX_LENGTH else None
        return self.known[heading]

    def by_name(self, text: str) -> Unsur | None:
        """The unsur with this code, name or question, also in a shorter wording of them."""
        if text in self.exact:
            codes = self.exact[text]
            return Unsur(next(iter(codes)), "name") if len(codes) == 1 else None
        words = set(text.split()) - NEUTRAL
        fitting = [code for code, (own, all_) in self.words.items() if own <= words <= all_]
        return Unsur(fitting[0], "words") if len(fitting) == 1 else None

    def _unsur(self, heading: str) -> Unsur | None:
        text, bracketed = plain(heading), IN_BRACKETS.fullmatch(heading)
        named = self.by_name(text) or (self.by_name(plain(bracketed[1])) if bracketed else None)
        if named:
            return named
        if numbered := NUMBERED.fullmatch(text):
            return self._numbered(numbered[1], numbered[2] or "")
        if last := NUMBER_LAST.fullmatch(text):
            return self._numbered(last[2], last[1])
        prefixed = PREFIX.fullmatch(text)
        named = self.by_name(prefixed[1] or prefixed[2]) if prefixed else None
        under = UNDER_UNSUR.fullmatch(text)
        return named or (self._numbered(under[2], "", under[1]) if under else None)

    def _numbered(self, number: str, name: str, above: str = "") -> Unsur | None:
        """The unsur of a number with the text beside it, whose name goes before the number."""
        named = self.by_name(name)
        if named:
            return named
        key = f"u{int(number)}"
        code = self.codes_by_number.get(key)
        if code is None or COMPUTED.intersection([*name.split(), *above.split()]):
            return None
        if key not in self.ambiguous:
            return Unsur(code, "number")
        return None if name else Unsur(code, "number", key)
