"""Printed results: the frequencies or the NRR of each unsur, as reports publish them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from scoring import heading_rows, ikm
from scoring.headings import Vocabulary, plain
from scoring.ikm import Mode, Score, Tally
from scoring.instrument import Instrument
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Row, quoted
from scoring.table import Table, TableError, chosen, order_warning

UNSUR = frozenset(
    ("unsur", "kode", "kode unsur", "nama unsur", "unsur pelayanan", "no unsur", "item")
)
NRR = frozenset(
    (
        *("nrr", "nrr unsur", "nrr per unsur", "nilai rata rata", "rata rata", "rerata"),
        *("nilai rata rata unsur", "nilai rata rata per unsur"),
    )
)
N = frozenset(("n", "responden", "jumlah responden", "jumlah jawaban", "terisi", "jumlah terisi"))
COUNT_OF_NILAI = re.compile(r"(?:(?:score|skor|nilai|n|f) ?)?(\d)")
WHOLE = re.compile(r"(\d{1,7})(?:[.,]0+)?", re.ASCII)
MEAN = re.compile(r"(\d)(?:[.,](\d{1,12}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Printed:
    """The figures of a table: `tally` of its frequencies, or else `nrr` of each unsur.

    `filled` is how many answered each unsur, `n` how many responses there are.
    """

    instrument: Instrument
    n: int
    filled: Mapping[str, int]
    tally: Tally | None
    nrr: Mapping[str, Decimal]
    warnings: tuple[ResultWarning, ...]
    notes: tuple[str, ...]

    def score(self, mode: Mode) -> Score:
        """The IKM of the figures; `jumlah` of an unsur is only known from frequencies."""
        if self.tally is not None:
            return ikm.score(self.instrument, self.tally, mode)
        return ikm.score_of_nrr(self.instrument, self.n, self.filled, self.nrr, mode)


@dataclass(frozen=True, slots=True)
class _Columns:
    unsur: tuple[int, ...]
    counts: Mapping[int, int]  # nilai -> column, empty when the table has NRR
    nrr: int | None
    n: int | None


def read(book: Book, vocabulary: Vocabulary, name: str | None = None) -> Printed | None:
    """The printed results in a file; None when no sheet has such a table.

    Raises:
        TableError: a table with a wrong cell, or without one of the unsur.
    """
    for sheet in chosen(book, name):
        for row in islice(sheet.rows, heading_rows.ROWS):
            columns = _columns(row[1], vocabulary.instrument)
            if columns:
                heading = heading_rows.Heading(row[0], row[0], tuple(row[1]), {}, (), ())
                reader = _Reader(Table(sheet, heading, vocabulary), columns)
                for below in sheet.rows:
                    if below[0] > row[0]:
                        reader.read_row(below)
                return reader.printed(book.warnings)
    return None


def _columns(cells: Sequence[str], instrument: Instrument) -> _Columns | None:
    texts = [plain(cell) for cell in cells]
    unsur = tuple(i for i, text in enumerate(texts) if text in UNSUR)
    counts = {
        int(match[1]): i for i, text in enumerate(texts)
        if (match := COUNT_OF_NILAI.fullmatch(text))
    }  # fmt: skip
    nrr = next((i for i, text in enumerate(texts) if text in NRR), None)
    n = next((i for i, text in enumerate(texts) if text in N), None)
    if not unsur:
        return None
    if counts.keys() == set(instrument.steps):
        return _Columns(unsur, counts, None, n)
    return None if nrr is None else _Columns(unsur, {}, nrr, n)


@dataclass(slots=True)
class _Reader:
    """Collects the figures row by row."""

    table: Table
    columns: _Columns
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    nrr: dict[str, Decimal] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    ambiguous: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def read_row(self, row: Row) -> None:
        """Read the figures of one unsur; rows of totals and of text are left out."""
        number, cells = row
        cells = [*cells, *[""] * (len(self.table.heading.texts) - len(cells))]
        names = [cells[i] for i in self.columns.unsur if cells[i]]
        named = [each for text in names if (each := self.table.vocabulary.item(text))]
        named.sort(key=lambda each: each.rank)
        figures = [*self.columns.counts.values(), self.columns.nrr, self.columns.n]
        if not named:
            if any(cells[i] for i in figures if i is not None):
                self.without_unsur(number, cells, names)
            return
        unsur = named[0]
        if unsur.code in self.rows:
            self.problems.append(
                f"{self.table.row_place(number)}: {unsur.code} sudah ada di baris"
                f" {self.rows[unsur.code]}."
            )
            return
        if unsur.whole and self.columns.nrr is None:
            self.problems.append(
                f"{self.table.row_place(number)}: frekuensi {quoted(names[0])} harus menurut"
                " butirnya."
            )
            return
        self.rows[unsur.code] = number
        if unsur.ambiguous:
            self.ambiguous.append(unsur.ambiguous)
        self.read_figures(number, cells, unsur.code)

    def without_unsur(self, number: int, cells: Sequence[str], names: Sequence[str]) -> None:
        """Leave out a row of totals; refuse any other one with figures."""
        if any(heading_rows.begins_footer(cell) for cell in cells if cell):
            return
        name = quoted(names[0]) if names else "nama unsur yang kosong"
        self.problems.append(f"{self.table.row_place(number)}: {name} bukan unsur yang dikenal.")

    def read_figures(self, number: int, cells: Sequence[str], code: str) -> None:
        """The counts or the NRR of one unsur, and its n."""
        n = self.whole(number, cells, self.columns.n, "n") if self.columns.n is not None else None
        if self.columns.nrr is not None:
            self.nrr[code] = self.mean(number, cells)
            self.filled[code] = n or 0
            return
        counts = {
            nilai: self.whole(number, cells, i, f"nilai {nilai}")
            for nilai, i in self.columns.counts.items()
        }
        answered = sum(counts.values())
        if n is not None and n < answered:
            self.problems.append(
                f"{self.table.row_place(number)}: jumlah frekuensi {answered}, lebih dari n = {n}."
            )
        self.counts[code], self.filled[code] = counts, answered
        counts[0] = max(0, (n or answered) - answered)

    def whole(self, number: int, cells: Sequence[str], i: int, name: str) -> int:
        """A count of people; an empty cell of a frequency is none."""
        match = WHOLE.fullmatch(cells[i] or ("" if name == "n" else "0"))
        if match:
            return int(match[1])
        self.problems.append(
            f"{self.table.place(number, i, name)}: {quoted(cells[i])} bukan jumlah orang."
        )
        return 0

    def mean(self, number: int, cells: Sequence[str]) -> Decimal:
        """A printed NRR."""
        lowest, highest = self.table.vocabulary.instrument.scale
        i = self.columns.nrr or 0
        match = MEAN.fullmatch(cells[i])
        mean = Decimal(f"{match[1]}.{match[2] or 0}") if match else Decimal(0)
        if not lowest <= mean <= highest:
            self.problems.append(
                f"{self.table.place(number, i, 'nrr')}: {quoted(cells[i])} bukan NRR"
                f" {lowest}–{highest}."
            )
        return mean

    def printed(self, warnings: Sequence[ResultWarning]) -> Printed:
        """The figures of all unsur; TableError when one is missing or wrong."""
        instrument = self.table.vocabulary.instrument
        whole = {each.code for each in instrument.unsur if each.divided} & self.rows.keys()
        needed = [
            code for unsur in instrument.unsur for code in unsur.items if unsur.code not in whole
        ]
        missing = [instrument.title(code) for code in needed if code not in self.rows]
        if missing:
            self.problems.append(f"Unsur yang tidak ada: {', '.join(missing)}.")
        for code in instrument.codes:
            if code in self.rows and code not in needed:
                self.problems.append(
                    f"{self.table.row_place(self.rows[code])}: {instrument.title(code)} sudah"
                    " termasuk dalam NRR unsurnya; sisakan salah satu."
                )
        if self.columns.nrr is not None and self.columns.n is None:
            self.problems.append("Kolom n (banyaknya jawaban setiap unsur) tidak ada.")
        if self.problems:
            raise TableError(*self.problems)
        n = max(sum(counts.values()) for counts in self.counts.values()) if self.counts else max(
            self.filled.values()
        )  # fmt: skip
        for counts in self.counts.values():
            counts[0] += n - sum(counts.values())
        found = [*warnings]
        if self.ambiguous:
            found.append(order_warning(sorted(self.ambiguous), self.table.vocabulary))
        found.append(_about(has_counts=bool(self.counts)))
        return Printed(
            instrument,
            n,
            self.filled,
            self.counts or None,
            self.nrr,
            tuple(found),
            tuple(self.table.notes(range(len(self.table.heading.texts)))),
        )


def _about(*, has_counts: bool) -> ResultWarning:
    if has_counts:
        return ResultWarning(
            "dari_frekuensi",
            "Dihitung dari frekuensi; galat tidak dapat dihitung tanpa jawaban satu per satu.",
        )
    return ResultWarning(
        "dari_nrr",
        "Dihitung dari NRR yang tercetak, yang sudah dibulatkan: angka terakhir IKM dapat berbeda"
        " dari hitungan jawabannya. Galat tidak dapat dihitung.",
    )
