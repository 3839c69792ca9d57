"""Paper answers: a sheet with one row for each slip, accepted only if every row is valid."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from scoring import option_words, paper_cells, table
from scoring.answers import UNREADABLE, Answers
from scoring.headings import Vocabulary, plain
from scoring.instrument import Instrument
from scoring.paper_cells import CellError, normalized
from scoring.sheet import Book, quoted
from scoring.table import AnswerRow, Table, TableError
from scoring.tabulation import row_problems

MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
MAX_LISTED = 1_000  # problems in a message; more are only counted
DECLINED = "-"
REQUIRED = ("tanggal", "layanan")
OPTIONAL = ("no_slip", "jam", "loket", "saran")
# Other headings of these columns; those of attributes also have their name and question.
EVERYDAY = {
    "tanggal": (
        "tgl",
        "tanggal survei",
        "tgl survei",
        "tanggal pengisian",
        "timestamp",
        "cap waktu",
    ),
    "layanan": ("jenis layanan", "nama layanan", "jenis pelayanan", "pelayanan"),
    "no_slip": ("nomor slip", "no lembar", "nomor lembar"),
    "jam": ("jam survei", "waktu survei"),
    "saran": ("saran dan masukan", "saran masukan", "kritik dan saran", "kritik saran"),
    "jenis_kelamin": ("kelamin", "jk", "l p"),
    "umur": ("usia",),
    "pendidikan": ("pendidikan terakhir",),
}

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """The slips of a file, with sentences about what was read and what was left out."""

    slips: tuple[Slip, ...]
    notes: tuple[str, ...]


def columns(instrument: Instrument) -> tuple[str, ...]:
    """The column headings of a template, in the order of a slip."""
    return (
        *("no_slip", "tanggal", "jam", "layanan", "loket"),
        *instrument.codes,
        *(attribute.code for attribute in instrument.attributes),
        "saran",
    )


def read(
    book: Book, instrument: Instrument, context: ImportContext, sheet: str | None = None
) -> PaperSheet:
    """The slips in a file.

    Args:
        sheet: the name of the sheet, if several have answers.

    Raises:
        TableError: invalid columns or rows; the message lists them.
        SheetError: a later row of the file is unreadable.
    """
    found = table.find(book, Vocabulary(instrument), sheet)
    reader = _Reader(instrument, context, found, _columns_by_name(found, instrument))
    for count, row in enumerate(found.rows(), 1):
        if count > MAX_ROWS:
            raise TableError(f"Lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas.")
        reader.read_row(row)
    if reader.problems:
        raise TableError(*_error_lines(reader.problems, reader.problem_count))
    if not reader.slips:
        raise TableError("Tidak ada satu baris isian pun di bawah judul kolom.")
    warnings = (*book.warnings, *found.warnings())
    notes = (*found.notes(list(reader.columns.values())), *(each.teks for each in warnings))
    return PaperSheet(tuple(reader.slips), notes)


def _error_lines(problems: Sequence[str], count: int) -> list[str]:
    lines = list(problems)
    if count > len(lines):
        lines.append(f"… dan {count - len(lines)} masalah lain.")
    return lines


def _columns_by_name(found: Table, instrument: Instrument) -> dict[str, int]:
    """Column name -> column index; TableError lists what is missing or double."""
    texts = [plain(text) for text in found.heading.texts]
    by_name: dict[str, int] = {}
    problems = []
    for name, headings in _headings(instrument).items():
        own = [i for i, text in enumerate(texts) if text == plain(name)]
        others = [i for i, text in enumerate(texts) if text in headings]
        if len(own or others) > 1:
            problems.append(f"Kolom {name} ada {len(own or others)} kali; sisakan satu.")
        for i in (own or others)[:1]:
            by_name[name] = i
    if found.heading.ambiguous:
        problems.append(
            f"Kolom {' dan '.join(found.heading.ambiguous)} tidak jelas unsurnya: kertas dan"
            " peraturan sering menukarnya. Pakai nama atau kode unsur sebagai judul kolom."
        )
    missing = [name for name in REQUIRED if name not in by_name]
    if missing:
        problems.append(f"Kolom yang tidak ada: {', '.join(missing)}.")
    if problems:
        problems.append(
            f"Judul kolom: {', '.join(columns(instrument))}. Yang wajib ada:"
            f" {', '.join((*REQUIRED, *instrument.codes))}."
        )
        raise TableError(*problems)
    return by_name | found.heading.columns


def _headings(instrument: Instrument) -> dict[str, set[str]]:
    """Column name -> the other headings under which offices have it, as `plain` texts."""
    headings = {name: set(EVERYDAY.get(name, ())) for name in (*REQUIRED, *OPTIONAL)}
    for attribute in instrument.attributes:
        texts = {*attribute.name.values(), *attribute.question.values()}
        own = {plain(text) for text in texts}
        headings[attribute.code] = own.union(EVERYDAY.get(attribute.code, ()))
    return headings


def _suggestion(cell: str, names: Mapping[str, str]) -> str:
    near = get_close_matches(cell.casefold()[:40], list(names), n=1)
    return f", mungkin maksudnya {names[near[0]]}" if near else ""


class _Reader:
    """Collects slips and problems row by row."""

    def __init__(
        self,
        instrument: Instrument,
        context: ImportContext,
        found: Table,
        columns: Mapping[str, int],
    ) -> None:
        self.instrument = instrument
        self.context = context
        self.table = found
        self.columns = columns
        self.words = {each.code: option_words.of(each) for each in instrument.attributes}
        self.withheld = {
            each.code: option_words.of(replace(each, options=each.withheld))
            for each in instrument.attributes
            if each.withheld
        }
        self.option_of_cell: dict[tuple[str, str], str | None] = {}
        self.period_of_cell: dict[str, tuple[date, int]] = {}
        self.row_of_number: dict[tuple[int, str], int] = {}
        self.slips: list[Slip] = []
        self.problems: list[str] = []
        self.problem_count = 0

    def read_row(self, row: AnswerRow) -> None:
        """Read one row; one that is only prepared is left out."""
        if self.is_prepared(row):
            self.table.leave_out(table.EMPTY, row.number)
            return
        before = self.problem_count
        found = [*row_problems(self.table.heading.texts, row.cells)]
        for problem in [*found, *([row.doubt] if row.doubt else [])]:
            self.add_problem(f"{self.table.row_place(row.number)}: {problem}")
        if self.problem_count > before:
            return
        slip = self.slip(row)
        if slip is not None and self.problem_count == before:
            self.slips.append(slip)

    def is_prepared(self, row: AnswerRow) -> bool:
        """Whether nothing of a respondent is in a row: no answer, attribute or suggestion."""
        told = (self.columns.get(name) for name in (*self.words, "saran"))
        cells = "".join(row.cells[i] for i in told if i is not None and i < len(row.cells))
        return not cells and row.values.count(None) == len(row.values)

    def slip(self, row: AnswerRow) -> Slip | None:
        """The slip of a row; None without a valid date or service."""
        number, cells = row.number, row.cells
        slip_number = self.cell(number, cells, "no_slip", paper_cells.slip_number)
        dated = self.cell(number, cells, "tanggal", self.day)
        jam = self.cell(number, cells, "jam", paper_cells.hour_band)
        service = self.cell(number, cells, "layanan", self.service)
        counter = None
        if service is not None:
            counter = self.cell(number, cells, "loket", lambda cell: self.counter(service, cell))
        answers = self.answers(row)
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
            self.add_problem(f"{self.place(number, name)}: {error}")
            return None

    def place(self, number: int, name: str) -> str:
        """Row and column of a cell, as in the file."""
        column = self.columns.get(name)
        if column is None:
            return f"{self.table.row_place(number)}, kolom {name}"
        return self.table.place(number, column, name)

    def answers(self, row: AnswerRow) -> Answers:
        """The answers of a row; adds a problem for each cell without a nilai."""
        lowest, highest = self.instrument.scale
        for code, value in zip(self.instrument.codes, row.values, strict=True):
            if value == UNREADABLE:
                cell = quoted(row.cells[self.columns[code]])
                self.add_problem(
                    f"{self.place(row.number, code)}: {cell} bukan nilai {lowest}–{highest};"
                    " kosongkan bila tidak dijawab."
                )
        return tuple(None if value == UNREADABLE else value for value in row.values)

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

    def option(self, code: str, cell: str) -> str | None:
        """The option that a cell means, as counted on paper; None if none was chosen."""
        if not cell:
            return None
        if (code, cell) not in self.option_of_cell:
            self.option_of_cell[code, cell] = self.words[code].option(cell)
        option = self.option_of_cell[code, cell]
        if option is None:
            withheld = self.withheld.get(code)
            if withheld is not None and withheld.option(cell) is not None:
                raise CellError(
                    f"{quoted(cell)} tidak dicatat di kantor ini (survey.sensitive); kosongkan."
                )
            choices = [each.code for each in self.instrument.attribute(code).options]
            if self.words[code].by_ages:
                choices.append("atau umur dalam tahun")
            raise CellError(f"{quoted(cell)} tidak dikenal; pilihannya: {', '.join(choices)}.")
        return option

    def check_filled(self, number: int, answers: Answers) -> None:
        """Add a problem for a row with too few answers."""
        filled = len(answers) - answers.count(None)
        if filled < self.context.min_filled:
            self.add_problem(
                f"{self.table.row_place(number)}: {filled} unsur terisi dengan benar; paling"
                f" sedikit {self.context.min_filled} supaya dapat dihitung."
            )

    def check_slip_number(self, number: int, period: int, slip_number: str) -> None:
        """Add a problem for a slip number that is already used, in this file or in storage."""
        start = f"{self.place(number, 'no_slip')}: nomor {slip_number}"
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
