"""Tabulations: sheets with one row for each respondent and one column for each unsur."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring import table
from scoring.answers import UNREADABLE, Answer, Answers
from scoring.headings import Vocabulary
from scoring.instrument import PLACE_COLUMNS, USUAL_ATTRIBUTES, Instrument
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, quoted
from scoring.table import AnswerRow, Table, TableError, listed

# Columns of an export, which a tabulation has besides the unsur: known, and not worth a note.
EXPORTED = frozenset((*PLACE_COLUMNS, *USUAL_ATTRIBUTES))
MAX_LISTED = 20  # problems of cells in a message; more are only counted
MAX_UNNUMBERED = 20  # rows without a number below the numbered ones that may be totals
LEAST_REPEATED = 3  # different responses that make a repeated block no coincidence


@dataclass(frozen=True, slots=True)
class Tabulation:
    """The responses of a sheet, in its order; each has one answer for every item.

    `notes` say where the headings were and what was left out.
    """

    instrument: Instrument
    responses: tuple[Answers, ...]
    warnings: tuple[ResultWarning, ...]
    notes: tuple[str, ...]

    def rows(self) -> Iterator[dict[str, Answer]]:
        """For each response: item code -> nilai, None where not answered."""
        for answers in self.responses:
            yield dict(zip(self.instrument.codes, answers, strict=True))


def read(
    book: Book, instrument: Instrument, order: str = "peraturan", sheet: str | None = None
) -> Tabulation:
    """The tabulation in a file; an empty cell is a skipped item.

    Args:
        order: the order behind u1, u2, …: "peraturan" (the regulation's) or "formulir" (of forms).
        sheet: the name of the sheet, if several have answers.

    Raises:
        TableError: invalid headings, or cells without a valid nilai; the message lists them.
        SheetError: a later row of the file is unreadable.
    """
    found = table.find(book, Vocabulary(instrument, order), sheet)
    reader = _Reader(found, instrument)
    for row in found.rows():
        reader.read_row(row)
    reader.finish()
    if reader.problem_count:
        raise TableError(*reader.error_lines())
    if not reader.responses and found.left_out.get(table.FOOTER):
        raise TableError(
            f"{found.row_place(found.heading.last)}: di bawah judul kolom hanya ada"
            f" {table.FOOTER}, tidak ada jawaban satu per satu."
        )
    known = [i for i, text in found.heading.others.items() if text.lower() in EXPORTED]
    return Tabulation(
        instrument,
        tuple(reader.responses),
        (*book.warnings, *found.warnings(), *reader.warnings()),
        tuple(found.notes(known)),
    )


def row_problems(headings: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    """Problems of a row: too few cells for the headings, or filled ones beyond them."""
    if len(cells) < len(headings):
        yield f"hanya {len(cells)} sel dari {len(headings)} kolom."
    elif any(cells[len(headings) :]):
        yield (
            f"{len(cells)} sel, padahal ada {len(headings)} kolom; angka berkoma desimal dalam"
            " berkas berpemisah koma harus diberi tanda kutip."
        )


class _Reader:
    """Collects responses, problems and warnings row by row."""

    def __init__(self, found: Table, instrument: Instrument) -> None:
        self.table = found
        self.instrument = instrument
        self.number_column = found.heading.number
        self.shared: dict[Answers, Answers] = {}  # one tuple object for all equal responses
        self.responses: list[Answers] = []
        self.row_of_number: dict[str, int] = {}
        self.repeated: list[int] = []  # rows whose number an earlier row has
        self.unnumbered: list[AnswerRow] = []  # those below the last numbered row
        self.problems: list[str] = []
        self.problem_count = 0
        self.too_high: Counter[str] = Counter()
        self.empty_rows: list[int] = []
        self.sparse_rows: list[int] = []

    def read_row(self, row: AnswerRow) -> None:
        """Read one row; one without a number waits for what comes below it."""
        column = self.number_column
        number = "" if column is None else "".join(row.cells[column : column + 1])
        if column is None or number:
            self.add_waiting()
            self.check_number(number, row.number)
            self.add(row)
        elif self.row_of_number and len(self.unnumbered) < MAX_UNNUMBERED:
            self.unnumbered.append(row)
        else:
            self.add_waiting()
            self.add(row)

    def add_waiting(self) -> None:
        """Add the rows without a number, since others follow them."""
        for row in self.unnumbered:
            self.add(row)
        self.unnumbered.clear()

    def check_number(self, number: str, row: int) -> None:
        """Record a running number that an earlier row has; a name may be that of two people."""
        if any(map(str.isdecimal, number)) and self.row_of_number.setdefault(number, row) != row:
            self.repeated.append(row)

    def add(self, row: AnswerRow) -> None:
        """Add a response, or the problems of its row."""
        before = self.problem_count
        self.check(row)
        if self.problem_count > before:
            return
        filled = len(row.values) - row.values.count(None)
        if not filled:
            self.empty_rows.append(row.number)
            return
        if filled < self.instrument.min_filled:
            self.sparse_rows.append(row.number)
        self.responses.append(self.shared.setdefault(row.values, row.values))

    def check(self, row: AnswerRow) -> None:
        """Add the problems of a row and of its cells."""
        found = [*row_problems(self.table.heading.texts, row.cells)]
        found += [row.doubt] if row.doubt else []
        for problem in found:
            self.add_problem(f"{self.table.row_place(row.number)}: {problem}")
        if UNREADABLE not in row.values or found:
            return
        lowest, highest = self.instrument.scale
        for code, value in zip(self.instrument.codes, row.values, strict=True):
            if value == UNREADABLE:
                cell = row.cells[self.table.heading.columns[code]]
                place = self.table.answer_place(row.number, code)
                self.add_problem(f"{place}: {quoted(cell)} bukan nilai {lowest}–{highest}.")
                self.too_high[cell.replace(",", ".").removesuffix(".0")] += 1

    def finish(self) -> None:
        """Add the rows without a number below the numbered ones, except totals."""
        waiting, self.unnumbered = self.unnumbered, []
        columns = [self.table.heading.columns[code] for code in self.instrument.codes]
        above = tuple(self.responses)
        for row in waiting:
            computed = _is_computed(row, columns, above)
            if computed and UNREADABLE in row.values:
                self.table.leave_out(table.FOOTER, row.number)
            elif computed:
                self.add_problem(
                    f"{self.table.row_place(row.number)}: tidak bernomor, dan isinya sama dengan"
                    " jumlah, rata-rata, atau nilai tertinggi baris di atasnya; beri nomor bila"
                    " jawaban, hapus bila bukan."
                )
            else:
                self.add(row)

    def add_problem(self, problem: str) -> None:
        """Count a problem and store its message, up to MAX_LISTED."""
        self.problem_count += 1
        if len(self.problems) < MAX_LISTED:
            self.problems.append(problem)

    def error_lines(self) -> Iterator[str]:
        """The lines of the error message."""
        yield from self.problems
        if self.problem_count > len(self.problems):
            yield f"… dan {self.problem_count - len(self.problems)} masalah lain."
        lowest, highest = self.instrument.scale
        fives = self.too_high[str(highest + 1)]
        if fives and set(self.too_high) == {str(highest + 1)}:
            yield (
                f"Nilai {highest + 1} ada di {fives} sel: bila formulirnya berskala {lowest}–"
                f"{highest + 1}, hasilnya bukan IKM menurut {self.instrument.code} dan tidak dapat"
                f" diubah menjadi skala {lowest}–{highest}."
            )
        yield (
            f"Isi dengan {lowest}–{highest} atau tulisan pilihannya, atau kosongkan bila tidak"
            " dijawab, lalu jalankan lagi."
        )

    def warnings(self) -> Iterator[ResultWarning]:
        """Warnings about rows that are counted or skipped."""
        if self.repeated:
            yield ResultWarning(
                "nomor_berulang",
                f"{len(self.repeated)} baris bernomor sama dengan baris lain (baris"
                f" {listed(self.repeated)}); semuanya dihitung. Periksa apakah tertempel dua kali.",
            )
        if _is_block_twice(self.responses):
            yield ResultWarning(
                "blok_berulang",
                f"Separuh kedua ({len(self.responses) // 2} responden) sama persis dengan separuh"
                " pertama, dan keduanya dihitung. Periksa apakah tertempel dua kali.",
            )
        if self.sparse_rows:
            yield ResultWarning(
                "isian_kurang",
                f"{len(self.sparse_rows)} responden mengisi kurang dari"
                f" {self.instrument.min_filled} unsur (baris {listed(self.sparse_rows)});"
                " tetap dihitung.",
            )
        if self.empty_rows:
            yield ResultWarning(
                "baris_tanpa_nilai",
                f"{len(self.empty_rows)} baris tanpa satu pun nilai unsur tidak dihitung"
                f" (baris {listed(self.empty_rows)}).",
            )


def _is_computed(row: AnswerRow, columns: Iterable[int], above: Sequence[Answers]) -> bool:
    """Whether every filled cell is the sum, the mean or the highest of the answers above it."""
    given = [_number(row.cells[i]) if i < len(row.cells) else None for i in columns]
    by_unsur = [[answers[i] or 0 for answers in above if answers[i]] for i in range(len(given))]
    pairs = [
        (figure, values) for figure, values in zip(given, by_unsur, strict=True)
        if figure is not None and values
    ]  # fmt: skip
    return bool(pairs) and any(
        all(computes(figure, values) for figure, values in pairs)
        for computes in (_is_sum, _is_mean, _is_highest)
    )


def _is_sum(figure: Fraction, values: Sequence[int]) -> bool:
    return figure == sum(values)


def _is_mean(figure: Fraction, values: Sequence[int]) -> bool:
    return abs(figure - Fraction(sum(values), len(values))) < Fraction(1, 150)


def _is_highest(figure: Fraction, values: Sequence[int]) -> bool:
    return figure == max(values)


def _number(cell: str) -> Fraction | None:
    try:
        return Fraction(cell.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None


def _is_block_twice(responses: Sequence[Answers]) -> bool:
    half, rest = divmod(len(responses), 2)
    if rest or half < LEAST_REPEATED or responses[:half] != responses[half:]:
        return False
    return len(set(responses[:half])) >= LEAST_REPEATED
