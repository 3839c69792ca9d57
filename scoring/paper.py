"""Paper answers: a sheet with one row for each slip, accepted only if every row is valid."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from scoring import option_words, paper_cells
from scoring.instrument import Instrument
from scoring.paper_cells import CellError, normalized
from scoring.sheet import Sheet, quoted
from scoring.tabulation import Answers, parse_nilai, row_problems

MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
MAX_LISTED = 1_000  # problems in a message; more are only counted
DECLINED = "-"
REQUIRED = ("tanggal", "layanan")
OPTIONAL = ("no", "no_slip", "jam", "loket", "saran")

T = TypeVar("T")


class PaperError(ValueError):
    """A sheet that cannot be imported; `lines` are its problems, with row and column."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What rows are validated against.

    The keys of `services` and `counters` (with their service) are `normalized` codes and names;
    `period_of` returns the period of a date, or raises ValueError with the reason; `used_numbers`
    are (period, slip number) of the slips that are already stored.
    """

    services: Mapping[str, int]
    counters: Mapping[tuple[int, str], int]
    period_of: Callable[[date], int]
    used_numbers: Collection[tuple[int, str]]
    min_filled: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One valid row: the answers of one person on paper."""

    period_id: int
    service_id: int
    counter_id: int | None
    tanggal: date
    jam: str | None
    number: str | None
    attributes: tuple[str, ...]  # in the order of the instrument
    answers: Answers  # in the order of the instrument
    saran: str | None


def columns(instrument: Instrument) -> tuple[str, ...]:
    """The column headings of a template, in the order of a slip."""
    return (
        *("no_slip", "tanggal", "jam", "layanan", "loket"),
        *instrument.codes,
        *(attribute.code for attribute in instrument.attributes),
        "saran",
    )


def read(sheet: Sheet, instrument: Instrument, context: ImportContext) -> tuple[Slip, ...]:
    """The slips in a sheet.

    Raises:
        PaperError: invalid columns or rows; the message lists them.
        SheetError: a later row of the file is unreadable.
    """
    columns_by_name = _columns_by_name(sheet.header, instrument)
    reader = _Reader(instrument, context, sheet.header, columns_by_name)
    for count, (number, cells) in enumerate(sheet.rows, 1):
        if count > MAX_ROWS:
            raise PaperError([f"Lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas."])
        reader.read_row(number, cells)
    if reader.problems:
        raise PaperError(_error_lines(reader.problems, reader.problem_count))
    if not reader.slips:
        raise PaperError(["Tidak ada satu baris isian pun di bawah judul kolom."])
    return tuple(reader.slips)


def _error_lines(problems: Sequence[str], count: int) -> list[str]:
    lines = list(problems)
    if count > len(lines):
        lines.append(f"… dan {count - len(lines)} masalah lain.")
    return lines


def _columns_by_name(header: Sequence[str], instrument: Instrument) -> dict[str, int]:
    """Column name -> column index; PaperError lists all invalid headings."""
    names = {name.casefold(): name for name in (*columns(instrument), *OPTIONAL, *REQUIRED)}
    used = [names.get(re.sub(r"\s+", "_", cell.rstrip(".")).casefold()) for cell in header]
    problems = [
        f"Kolom {quoted(cell)} tidak dikenal{_suggestion(cell, names)}."
        for cell, name in zip(header, used, strict=True)
        if name is None and cell
    ]
    problems += [
        f"Kolom {name} ada {count} kali; sisakan satu."
        for name, count in Counter(filter(None, used)).items()
        if count > 1
    ]
    required = (*REQUIRED, *instrument.codes)
    missing = [name for name in required if name not in used]
    if missing:
        problems.append(f"Kolom yang tidak ada: {', '.join(missing)}.")
    if problems:
        problems.append(
            f"Judul kolom di baris pertama: {', '.join(columns(instrument))}. Yang wajib ada:"
            f" {', '.join(required)}."
        )
        raise PaperError(problems)
    return {name: i for i, name in enumerate(used) if name}


def _suggestion(cell: str, names: Mapping[str, str]) -> str:
    near = get_close_matches(cell.casefold()[:40], list(names), n=1)
    return f", mungkin maksudnya {names[near[0]]}" if near else ""


class _Reader:
    """Collects slips and problems row by row."""

    def __init__(
        self,
        instrument: Instrument,
        context: ImportContext,
        header: Sequence[str],
        columns: Mapping[str, int],
    ) -> None:
        self.instrument = instrument
        self.context = context
        self.header = header
        self.columns = columns
        self.words = {each.code: option_words.of(each) for each in instrument.attributes}
        self.option_of_cell: dict[tuple[str, str], str | None] = {}
        self.period_of_cell: dict[str, tuple[date, int]] = {}
        self.row_of_number: dict[tuple[int, str], int] = {}
        self.slips: list[Slip] = []
        self.problems: list[str] = []
        self.problem_count = 0

    def read_row(self, number: int, cells: Sequence[str]) -> None:
        """Read one row that is not blank."""
        before = self.problem_count
        for problem in row_problems(self.header, cells):
            self.add_problem(f"Baris {number}: {problem}")
        if self.problem_count > before:
            return
        slip = self.slip(number, cells)
        if slip is not None and self.problem_count == before:
            self.slips.append(slip)

    def slip(self, number: int, cells: Sequence[str]) -> Slip | None:
        """The slip of a row; None without a valid date or service."""
        slip_number = self.cell(number, cells, "no_slip", paper_cells.slip_number)
        dated = self.cell(number, cells, "tanggal", self.day)
        jam = self.cell(number, cells, "jam", paper_cells.hour_band)
        service = self.cell(number, cells, "layanan", self.service)
        counter = None
        if service is not None:
            counter = self.cell(number, cells, "loket", lambda cell: self.counter(service, cell))
        answers = tuple(
            self.cell(number, cells, code, self.nilai) for code in self.instrument.codes
        )
        attributes = tuple(self.attribute(number, cells, code) for code in self.words)
        saran = self.cell(number, cells, "saran", paper_cells.suggestion)
        self.check_filled(number, answers)
        if dated is None or service is None:
            return None
        tanggal, period = dated
        if slip_number is not None:
            self.check_slip_number(number, period, slip_number)
        return Slip(period, service, counter, tanggal, jam, slip_number, attributes, answers, saran)

    def cell(
        self, number: int, cells: Sequence[str], name: str, parse: Callable[[str], T]
    ) -> T | None:
        """The value of a cell; for an invalid one, adds a problem and returns None."""
        column = self.columns.get(name)
        try:
            return parse("" if column is None else cells[column])
        except CellError as error:
            self.add_problem(f"Baris {number}, kolom {name}: {error}")
            return None

    def attribute(self, number: int, cells: Sequence[str], code: str) -> str:
        """The option of an attribute, or DECLINED."""
        return self.cell(number, cells, code, lambda cell: self.option(code, cell)) or DECLINED

    def day(self, cell: str) -> tuple[date, int]:
        """The date of the survey and its period."""
        if cell not in self.period_of_cell:
            day = paper_cells.day(cell)
            try:
                self.period_of_cell[cell] = (day, self.context.period_of(day))
            except ValueError as error:
                raise CellError(str(error)) from None
        return self.period_of_cell[cell]

    def service(self, cell: str) -> int:
        """The service with this code or name."""
        if not cell:
            raise CellError("kosong; tulis kode atau nama layanan.")
        service = self.context.services.get(normalized(cell))
        if service is None:
            names = {name: name for name in self.context.services}
            raise CellError(f"layanan {quoted(cell)} tidak dikenal{_suggestion(cell, names)}.")
        return service

    def counter(self, service: int, cell: str) -> int | None:
        """The counter of the service with this code or name; None if the cell is empty."""
        if not cell:
            return None
        counter = self.context.counters.get((service, normalized(cell)))
        if counter is None:
            raise CellError(f"layanan itu tidak punya loket {quoted(cell)}.")
        return counter

    def nilai(self, cell: str) -> int | None:
        """The nilai in a cell; None if the cell is empty."""
        if not cell:
            return None
        nilai = parse_nilai(cell, self.instrument.steps)
        if nilai is None:
            lowest, highest = self.instrument.scale
            raise CellError(
                f"{quoted(cell)} bukan nilai {lowest}–{highest}; kosongkan bila tidak dijawab."
            )
        return nilai

    def option(self, code: str, cell: str) -> str | None:
        """The option that a cell means, as counted on paper; None if none was chosen."""
        if not cell:
            return None
        if (code, cell) not in self.option_of_cell:
            self.option_of_cell[code, cell] = self.words[code].option(cell)
        option = self.option_of_cell[code, cell]
        if option is None:
            choices = [each.code for each in self.instrument.attribute(code).options]
            if self.words[code].by_ages:
                choices.append("atau umur dalam tahun")
            raise CellError(f"{quoted(cell)} tidak dikenal; pilihannya: {', '.join(choices)}.")
        return option

    def check_filled(self, number: int, answers: Answers) -> None:
        """Add a problem for a row with too few answers."""
        filled = len(answers) - answers.count(None)
        if filled < self.context.min_filled:
            minimum = self.context.min_filled
            self.add_problem(
                f"Baris {number}: {filled} unsur terisi dengan benar; paling sedikit {minimum}"
                " supaya dapat dihitung."
            )

    def check_slip_number(self, number: int, period: int, slip_number: str) -> None:
        """Add a problem for a slip number that is already used, in this file or in storage."""
        start = f"Baris {number}, kolom no_slip: nomor {slip_number}"
        key = (period, slip_number)
        if key in self.row_of_number:
            self.add_problem(f"{start} sudah ada di baris {self.row_of_number[key]}.")
        elif key in self.context.used_numbers:
            self.add_problem(f"{start} sudah tercatat pada periode itu.")
        self.row_of_number.setdefault(key, number)

    def add_problem(self, problem: str) -> None:
        """Count a problem and store its message, up to MAX_LISTED."""
        self.problem_count += 1
        if len(self.problems) < MAX_LISTED:
            self.problems.append(problem)
