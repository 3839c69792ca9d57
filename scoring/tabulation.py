"""Tabulations: sheets with one row for each respondent and one column for each unsur."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from scoring.instrument import Instrument
from scoring.result_warnings import Warning  # noqa: A004 - the contract's word, used qualified
from scoring.sheet import Sheet, quoted

# Columns of an export besides the unsur, and the running number of paper tabulations.
IGNORED_COLUMNS = frozenset(
    (
        *("no", "instrumen", "periode", "unit", "layanan", "loket", "kanal", "urutan", "tanggal"),
        *("jam", "jenis_kelamin", "umur", "pendidikan", "pekerjaan"),
    )
)
ORDERS = ("peraturan", "formulir")
MAX_LISTED = 20  # problems of cells or columns in a message; more are only counted

Answer = int | None
Answers = tuple[Answer, ...]


class TabulationError(ValueError):
    """A sheet that is not a valid tabulation; the message has one line for each problem."""


@dataclass(frozen=True, slots=True)
class Tabulation:
    """The responses of a sheet, in its order; each has one answer for every item."""

    instrument: Instrument
    responses: tuple[Answers, ...]
    warnings: tuple[Warning, ...]

    def rows(self) -> Iterator[dict[str, Answer]]:
        """For each response: item code -> nilai, None where not answered."""
        for answers in self.responses:
            yield dict(zip(self.instrument.codes, answers, strict=True))


def read(sheet: Sheet, instrument: Instrument, order: str = "peraturan") -> Tabulation:
    """The tabulation in a sheet; an empty cell is a skipped item.

    Args:
        order: the order behind u1, u2, …: "peraturan" (the regulation's) or "formulir" (of forms).

    Raises:
        TabulationError: invalid columns, or cells without a valid nilai; the message lists them.
        SheetError: a later row of the file is unreadable.
    """
    columns, warnings = _columns(sheet.header, instrument, order)
    reader = _Reader(instrument, sheet.header, columns)
    for number, cells in sheet.rows:
        reader.read_row(number, cells)
    if reader.problems:
        raise TabulationError("\n".join(reader.error_lines()))
    return Tabulation(
        instrument, tuple(reader.responses), (*sheet.notes, *warnings, *reader.warnings())
    )


def _columns(
    header: Sequence[str], instrument: Instrument, order: str
) -> tuple[dict[str, int], list[Warning]]:
    """Item code -> column index, and warnings; TabulationError lists all invalid columns."""
    codes_by_number = _codes_by_number(instrument, order)
    names = [_column_name(cell, instrument, codes_by_number) for cell in header]
    problems = [
        f"Kolom {quoted(cell)} tidak dikenal{_suggestion(cell, instrument)}."
        for cell, name in zip(header, names, strict=True)
        if name is None
    ]
    if len(problems) > MAX_LISTED:
        problems[MAX_LISTED:] = [
            f"… dan {len(problems) - MAX_LISTED} kolom lain yang tidak dikenal."
        ]
    problems += [
        f"Kolom {name} ada {count} kali; sisakan satu."
        for name, count in Counter(filter(None, names)).items()
        if count > 1
    ]
    missing = [instrument.title(code) for code in instrument.codes if code not in names]
    if missing:
        problems.append(f"Kolom unsur yang tidak ada: {', '.join(missing)}.")
    if problems:
        problems.append(
            f"Baris pertama harus berisi judul kolom: kode unsur ({', '.join(instrument.codes)})"
            f" atau u1 sampai u{len(instrument.codes)}. Kolom lain yang boleh ada, tanpa dihitung:"
            f" {', '.join(sorted(IGNORED_COLUMNS))}."
        )
        raise TabulationError("\n".join(problems))
    columns = {name: i for i, name in enumerate(names) if name in instrument.weights}
    return columns, _order_warning(header, instrument, codes_by_number, order)


def _codes_by_number(instrument: Instrument, order: str) -> dict[str, str]:
    """u1, u2, … -> item code in the given order."""
    if order not in ORDERS:
        raise TabulationError(f'urutan "{order}" tidak dikenal; pilih: {", ".join(ORDERS)}.')
    codes = instrument.codes if order == "peraturan" else instrument.form_order
    return {f"u{number}": code for number, code in enumerate(codes, 1)}


def _column_name(cell: str, instrument: Instrument, codes_by_number: dict[str, str]) -> str | None:
    """The item code or ignored column of a heading; "" if empty, None if unknown."""
    name = cell.rstrip(".").replace(" ", "_").lower()
    if name.upper() in instrument.weights:
        return name.upper()
    return codes_by_number.get(name, name if not name or name in IGNORED_COLUMNS else None)


def _suggestion(cell: str, instrument: Instrument) -> str:
    near = get_close_matches(cell.upper()[:40], instrument.codes, n=1)
    return f", mungkin maksudnya {near[0]}" if near else ""


def _order_warning(
    header: Sequence[str], instrument: Instrument, codes_by_number: dict[str, str], order: str
) -> list[Warning]:
    pairs = zip(codes_by_number, instrument.codes, instrument.form_order, strict=True)
    ambiguous = [name for name, code, other in pairs if code != other]
    used = {cell.lower() for cell in header}
    if not used.intersection(ambiguous):
        return []
    read_as = ", ".join(
        f"{name} = {instrument.item(codes_by_number[name]).name['id']}" for name in ambiguous
    )
    advice = (
        "Bila formulir Anda menanyakannya terbalik, tambahkan --urutan formulir"
        if order == "peraturan"
        else "Bila formulir Anda memakai urutan peraturan, hapus --urutan formulir"
    )
    text = (
        f"Kolom {' dan '.join(ambiguous)} dibaca menurut urutan {order}: {read_as}."
        f" {advice}, atau pakai kode unsur sebagai judul kolom."
    )
    return [Warning("urutan_u8_u9", text)]


def row_problems(header: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    """Problems of a row: too few cells, too many, or a filled cell without a heading."""
    if len(cells) < len(header):
        yield f"hanya {len(cells)} sel dari {len(header)} kolom."
    elif any(cells[len(header) :]):
        yield (
            f"{len(cells)} sel, padahal ada {len(header)} kolom; angka berkoma desimal dalam berkas"
            " berpemisah koma harus diberi tanda kutip."
        )
    else:
        for i, heading in enumerate(header):
            if not heading and cells[i]:
                yield f"{quoted(cells[i])} ada di kolom ke-{i + 1} yang tidak berjudul."


def parse_nilai(cell: str, steps: range) -> Answer:
    """The nilai in a cell, also "3.0" and "3,0"; None if there is none."""
    whole, _, decimals = cell.replace(",", ".").partition(".")
    nilai = {str(step): step for step in steps}.get(whole)
    return None if decimals.strip("0") else nilai


class _Reader:
    """Collects responses, problems and warnings row by row."""

    def __init__(
        self, instrument: Instrument, header: Sequence[str], columns: dict[str, int]
    ) -> None:
        self.instrument = instrument
        self.header = header
        self.columns = [(columns[code], code) for code in instrument.codes]
        self.nilai_of_cell: dict[str, Answer] = {"": None}
        self.shared: dict[Answers, Answers] = {}  # one tuple object for all equal responses
        self.responses: list[Answers] = []
        self.problems: list[str] = []
        self.problem_count = 0
        self.empty_rows: list[int] = []
        self.sparse_rows: list[int] = []

    def read_row(self, number: int, cells: Sequence[str]) -> None:
        """Read one row that is not blank."""
        if self.check_row(number, cells):
            answers = tuple(self.nilai(number, code, cells[i]) for i, code in self.columns)
            self.add_response(number, answers)

    def check_row(self, number: int, cells: Sequence[str]) -> bool:
        """Whether every heading has a cell and no cell is beyond the headings."""
        for problem in row_problems(self.header, cells):
            self.add_problem(f"Baris {number}: {problem}")
        return len(cells) >= len(self.header) and not any(cells[len(self.header) :])

    def nilai(self, number: int, code: str, cell: str) -> Answer:
        """The nilai in a cell; an invalid cell adds a problem and is read as empty."""
        if cell not in self.nilai_of_cell:
            nilai = parse_nilai(cell, self.instrument.steps)
            if nilai is None:
                self.add_cell_problem(number, code, cell)
                return None
            self.nilai_of_cell[cell] = nilai
        return self.nilai_of_cell[cell]

    def add_response(self, number: int, answers: Answers) -> None:
        """Add a response and record rows with few answers; skip a row without any answer."""
        filled = len(answers) - answers.count(None)
        if not filled:
            self.empty_rows.append(number)
            return
        if filled < self.instrument.min_filled:
            self.sparse_rows.append(number)
        self.responses.append(self.shared.setdefault(answers, answers))

    def add_cell_problem(self, number: int, code: str, cell: str) -> None:
        """Add the problem of an invalid cell, with the row and column of the file."""
        lowest, highest = self.instrument.scale
        heading = next(self.header[i] for i, each in self.columns if each == code)
        column = heading if heading.upper() == code else f"{heading} ({code})"
        self.add_problem(
            f"Baris {number}, kolom {column}: {quoted(cell)} bukan nilai {lowest}–{highest}."
        )

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
        yield (
            f"Isi dengan {lowest}–{highest}, atau kosongkan bila tidak dijawab; hapus baris jumlah"
            " dan keterangan di bawah tabel, lalu jalankan lagi."
        )

    def warnings(self) -> Iterator[Warning]:
        """Warnings about rows that are counted or skipped."""
        if self.sparse_rows:
            yield Warning(
                "isian_kurang",
                f"{len(self.sparse_rows)} responden mengisi kurang dari"
                f" {self.instrument.min_filled} unsur (baris {_row_list(self.sparse_rows)});"
                " tetap dihitung.",
            )
        if self.empty_rows:
            yield Warning(
                "baris_tanpa_nilai",
                f"{len(self.empty_rows)} baris tanpa satu pun nilai unsur dilewati"
                f" (baris {_row_list(self.empty_rows)}).",
            )


def _row_list(numbers: list[int]) -> str:
    first = ", ".join(str(number) for number in numbers[:5])
    return f"{first}, …" if len(numbers) > 5 else first
