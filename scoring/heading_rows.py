"""Where the headings stand in a sheet, in one row or two merged ones; and which rows are footers.

Footers are rows of sums, means and figures computed from the answers, known by their label.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from string import ascii_lowercase

from scoring.headings import Named, Vocabulary, is_number, plain
from scoring.sheet import Row, Sheet, quoted

HEAD_WORDS = """
    jumlah jml total sum nrr rata rerata mean average skor score nilai ikm skm indeks index mutu
    kinerja bobot maks maksimal maksimum max min minimal minimum persentase persen keterangan ket
    catatan n nik median modus standar tertimbang interval predikat kategori konversi kesimpulan
    penimbang
"""
# Words that follow one of them in a label that has nothing else in it.
REST_WORDS = """
    per unsur setiap tiap responden pelayanan unit layanan yang terisi jawaban persepsi sama dengan
    seluruh semua keseluruhan akhir dan x dasar deviasi hasil survei kepuasan masyarakat tertinggi
    terendah kumulatif butir
"""
HEADS = frozenset(HEAD_WORDS.split())
REST = HEADS.union(REST_WORDS.split())
CODE = re.compile(r"\s*[A-Za-z]+-\d+\s*")  # "skm-2017": the instrument, in a column of our export
SERIAL = re.compile(r"[a-z]+ ?\d+")  # "min-01": the number of a respondent
ROWS = 200  # the first rows that are not blank, in which headings are looked for
LEAST = 2  # unsur that make a row the headings of a sheet in which some are missing


@dataclass(frozen=True, slots=True)
class Heading:
    """The headings of a sheet, in the rows `first` to `last` of the file.

    `texts` are the headings by column index, "" where there is none; `columns` is item code ->
    column index; `ambiguous` are headings like u8; `problems` say what is missing or double.
    """

    first: int
    last: int
    texts: tuple[str, ...]
    columns: dict[str, int]
    ambiguous: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def number(self) -> int | None:
        """The column of the respondents' running numbers."""
        named = (i for i, text in enumerate(self.texts) if is_number(text))
        return next(named, None)

    @property
    def others(self) -> dict[int, str]:
        """Headings of columns that are neither an unsur nor the running number."""
        used = {self.number, *self.columns.values()}
        return {i: text for i, text in enumerate(self.texts) if text and i not in used}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One or two rows that may be headings, with what each column names."""

    first: int
    last: int
    texts: tuple[str, ...]
    named: tuple[Named | None, ...]

    @property
    def found(self) -> int:
        """How many different items the headings name."""
        return len({each.code for each in self.named if each and not each.whole})


def find(sheet: Sheet, vocabulary: Vocabulary) -> Heading | None:
    """The headings of a sheet: of all unsur, else of most of them; None when there are none."""
    rows = list(islice(sheet.rows, ROWS))
    complete = len(vocabulary.instrument.codes)
    best: _Candidate | None = None
    for i, row in enumerate(rows):
        below = rows[i + 1] if i + 1 < len(rows) else (row[0], ())
        single, next_one = _single(row, vocabulary), _single(below, vocabulary)
        pair = _pair(row, below, vocabulary)
        if single.found == complete:
            candidate = pair if next_one.found == complete else single
            above = rows[i - 1] if i else (row[0], ())
            return _heading(_with_above(candidate, above), vocabulary)
        if pair.found == complete and next_one.found < complete:
            return _heading(pair, vocabulary)
        for candidate in (single, pair):
            if candidate.found > max(best.found if best else 0, LEAST - 1):
                best = candidate
    return _heading(best, vocabulary) if best else None


def lettered(sheet: Sheet, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Item code -> the letters of its columns (`u1a`, `u1b`), of headings that name every item.

    Empty when a column of such an item has no letter, or the letters are not a, b, … each once.
    """
    rows = list(islice(sheet.rows, ROWS))
    for row, below in zip_longest(rows, rows[1:], fillvalue=(0, ())):
        for candidate in (_single(row, vocabulary), _pair(row, below, vocabulary)):
            if candidate.found < len(vocabulary.instrument.codes):
                continue
            parts = {
                code: sorted(each.part for _, each in _columns(candidate, code))
                for code in vocabulary.instrument.codes
            }
            several = {code: letters for code, letters in parts.items() if len(letters) > 1}
            if several and all(map(_in_order, several.values())):
                return several
    return {}


def _in_order(letters: list[str]) -> bool:
    return letters == [*ascii_lowercase[: len(letters)]]


def _columns(candidate: _Candidate, code: str) -> list[tuple[int, Named]]:
    """The columns that name an item; those that only resemble it when there is no other."""
    named = [(i, each) for i, each in enumerate(candidate.named) if each and each.code == code]
    return [(i, each) for i, each in named if each.by != "words"] or named


def names_all(cells: Sequence[str], vocabulary: Vocabulary) -> dict[str, int] | None:
    """Item code -> column index when cells name every unsur; None otherwise."""
    columns = {
        each.code: i
        for i, cell in enumerate(cells)
        if cell and (each := vocabulary.item(cell)) and not each.whole
    }
    return columns if len(columns) == len(vocabulary.instrument.codes) else None


def _whole_problem(text: str, code: str, vocabulary: Vocabulary) -> str:
    instrument = vocabulary.instrument
    unsur = next(each for each in instrument.unsur if each.code == code)
    items = ", ".join(map(instrument.number, unsur.items))
    return (
        f"Kolom {quoted(text)} menyebut unsur {instrument.title(code)}, padahal unsur itu terdiri"
        f" atas beberapa butir; sisakan kolom butirnya ({items})."
    )


def _single(row: Row, vocabulary: Vocabulary) -> _Candidate:
    number, cells = row
    return _Candidate(number, number, tuple(cells), tuple(map(vocabulary.item, cells)))


def _pair(top: Row, bottom: Row, vocabulary: Vocabulary) -> _Candidate:
    """Two rows one below the other; a name goes before a number."""
    width = max(len(top[1]), len(bottom[1]))
    upper, lower = _padded(top[1], width), _padded(bottom[1], width)
    if bottom[0] != top[0] + 1:
        return _Candidate(top[0], top[0], (), ())
    columns = []
    for above, merged, below in zip(upper, _filled(upper), lower, strict=True):
        named = [each for text in (below, above) if (each := vocabulary.item(text))]
        joined = vocabulary.item(f"{merged} {below}") if _belongs(below, merged) else None
        if joined and (not named or not below.isdecimal()):
            named.insert(0, joined)
        columns.append(min(named, key=lambda each: each.rank) if named else None)
    texts = (below or above for above, below in zip(upper, lower, strict=True))
    return _Candidate(top[0], bottom[0], tuple(texts), tuple(columns))


def _belongs(below: str, merged: str) -> bool:
    """Whether a number or letter goes on from the merged cell above it: "1" of unsur, "a" of U1."""
    letter = len(below) == 1 and below.casefold() in ascii_lowercase
    return "unsur" in merged.casefold() if below.isdecimal() else letter


def _with_above(candidate: _Candidate, above: Row) -> _Candidate:
    """The candidate with headings that stand above its empty cells, merged over two rows."""
    number, cells = above
    if number != candidate.first - 1 or sum(map(bool, cells)) < LEAST:
        return candidate
    upper = _padded(cells, len(candidate.texts))
    texts = tuple(text or more for text, more in zip(candidate.texts, upper, strict=True))
    first = number if texts != candidate.texts else candidate.first
    return _Candidate(first, candidate.last, texts, candidate.named)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]


def _filled(cells: Iterable[str]) -> list[str]:
    """Each cell with the text of the merged cell that it belongs to."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _heading(candidate: _Candidate, vocabulary: Vocabulary) -> Heading:
    instrument = vocabulary.instrument
    columns, ambiguous, problems = {}, [], []
    for code in instrument.codes:
        sure = _columns(candidate, code)
        if len(sure) > 1:
            texts = ", ".join(quoted(candidate.texts[i]) for i, _ in sure)
            problems.append(f"Kolom {code} ada {len(sure)} kali ({texts}); sisakan satu.")
        for i, each in sure[:1]:
            columns[code] = i
            ambiguous += [each.ambiguous] if each.ambiguous else []
    missing = [instrument.title(code) for code in instrument.codes if code not in columns]
    if missing:
        problems.insert(0, f"Kolom unsur yang tidak ada: {', '.join(missing)}.")
    for text, named in zip(candidate.texts, candidate.named, strict=True):
        if named and named.whole:
            problems.append(_whole_problem(text, named.code, vocabulary))
    return Heading(
        candidate.first,
        candidate.last,
        candidate.texts,
        columns,
        tuple(sorted(ambiguous)),
        tuple(problems),
    )


def begins_footer(text: str) -> bool:
    """Whether a text in the column of running numbers is the label of a computed row."""
    words = plain(text)
    if text.lstrip("*) (").startswith(("Σ", "∑")):
        return True
    return words.split(" ")[0] in HEADS and not SERIAL.fullmatch(words)


def is_footer_label(text: str) -> bool:
    """Whether a text has only words of such a label; in other columns it may be a name."""
    words = plain(text).split()
    if not words or words[0] not in HEADS or len(words[0]) < 2 or CODE.fullmatch(text):
        return False
    return all(word in REST or word.isdecimal() for word in words)
