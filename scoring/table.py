"""Tables: the rows of a sheet that are answers, without footers, empty rows and other text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from scoring import heading_rows
from scoring.answers import UNREADABLE, Answers, Readings
from scoring.heading_rows import Heading
from scoring.headings import Vocabulary, plain
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Sheet, quoted, shown

FOOTER = "baris jumlah, rata-rata, atau hitungan lain"
NUMBERS = "baris nomor kolom"
HEADING = "judul kolom yang berulang"
OTHER_HEADING = "judul kolom kedua"
EMPTY = "baris yang disiapkan tetapi kosong"
TEXT = "baris tulisan tanpa jawaban"
MAX_LISTED = 20  # headings of ignored columns in a note


class TableError(ValueError):
    """A file without a table that can be read; `lines` are its problems, with sheet and row."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row with answers; `values` has one for each item, UNREADABLE for a cell without a nilai.

    `doubt` says why the row may be no answer at all; it must be refused then.
    """

    number: int
    cells: Sequence[str]
    values: Answers
    doubt: str | None = None


@dataclass(slots=True)
class Table:
    """A sheet with its headings.

    Iterating over `rows` fills `left_out`, row numbers by the reason why they are not answers;
    `hidden`, the rows of answers that a spreadsheet program does not show; and `unheaded`, the
    columns that have content but no heading.
    """

    sheet: Sheet
    heading: Heading
    vocabulary: Vocabulary
    left_out: dict[str, list[int]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    unheaded: set[int] = field(default_factory=set)

    def rows(self) -> Iterator[AnswerRow]:
        """The rows with answers, or with other content about a respondent.

        Raises:
            TableError: the headings of a second table.
        """
        self.left_out, self.hidden, self.unheaded = {}, [], set()
        unheaded = [i for i, text in enumerate(self.heading.texts) if not text]
        reader = _RowReader(self.heading, self.vocabulary)
        for number, cells in self.sheet.rows:
            if number <= self.heading.last:
                continue
            row = reader.read(number, cells)
            if row == OTHER_HEADING:
                raise TableError(
                    f"{self.row_place(number)}: {OTHER_HEADING}, dengan susunan lain daripada baris"
                    f" {self.heading.last}; pisahkan tabelnya ke berkas sendiri."
                )
            if isinstance(row, str):
                self.leave_out(row, number)
                continue
            if number in self.sheet.hidden_rows:
                self.hidden.append(number)
            self.unheaded.update(i for i in unheaded if i < len(cells) and cells[i])
            yield row

    def has_answers(self) -> bool:
        """Whether a row has at least one answer that can be read."""
        return any(value and value > 0 for row in self.rows() for value in row.values)

    def leave_out(self, reason: str, number: int) -> None:
        """Note a row that is not counted."""
        self.left_out.setdefault(reason, []).append(number)

    def row_place(self, number: int) -> str:
        """`Baris 3`, or `Lembar "Data", baris 3`."""
        name = self.sheet.name
        return f"Lembar {quoted(name)}, baris {number}" if name else f"Baris {number}"

    def answer_place(self, number: int, code: str) -> str:
        """Row and column of the answer to an item, as in the file."""
        return self.place(number, self.heading.columns[code], code)

    def place(self, number: int, i: int, code: str) -> str:
        """Row and column of a cell, as in the file, with the code of its column."""
        heading = shown(self.heading.texts[i])
        name = heading if heading.casefold() == code.casefold() else f"{heading} ({code})"
        column = f"{letters(i)}, {name}" if self.sheet.name else name
        return f"{self.row_place(number)}, kolom {column}"

    def notes(self, used: Sequence[int] = ()) -> list[str]:
        """What was read and what was not, one sentence each; `used` are more columns in use."""
        first, last = self.heading.first, self.heading.last
        where = f"baris {first}" if first == last else f"baris {first}–{last}"
        sheet = f"lembar {quoted(self.sheet.name)}, " if self.sheet.name else ""
        lines = [f"Dibaca: {sheet}judul kolom di {where}."]
        for reason, numbers in self.left_out.items():
            lines.append(f"Tidak dihitung: {len(numbers)} {reason} (baris {listed(numbers)}).")
        others = [quoted(text) for i, text in self.heading.others.items() if i not in used]
        others += [f"kolom ke-{i + 1} (tanpa judul)" for i in sorted(self.unheaded)]
        if others:
            more = f", dan {len(others) - MAX_LISTED} lagi" if len(others) > MAX_LISTED else ""
            lines.append(f"Kolom yang tidak dipakai: {', '.join(others[:MAX_LISTED])}{more}.")
        return lines

    def warnings(self) -> list[ResultWarning]:
        """Warnings about headings u8 and u9, and about hidden rows."""
        warnings = []
        if self.heading.ambiguous:
            warnings.append(order_warning(self.heading.ambiguous, self.vocabulary))
        if self.hidden:
            text = (
                f"{len(self.hidden)} baris tersembunyi atau tersaring ikut dihitung (baris"
                f" {listed(self.hidden)}); hapus bila bukan jawaban."
            )
            warnings.append(ResultWarning("baris_tersembunyi", text))
        return warnings


def find(book: Book, vocabulary: Vocabulary, name: str | None = None) -> Table:
    """The table of a file: the one sheet that has the headings and answers.

    Args:
        name: the sheet to read, if there are several.

    Raises:
        TableError: no sheet has the headings, or more than one has answers.
        SheetError: a later row of the file is unreadable.
    """
    sheets = chosen(book, name)
    headings = [(sheet, heading_rows.find(sheet, vocabulary)) for sheet in sheets]
    tables = [Table(sheet, head, vocabulary) for sheet, head in headings if head]
    complete = [table for table in tables if not table.heading.problems]
    if not complete:
        raise TableError(*_not_found(tables, sheets, vocabulary))
    if len(complete) > 1:
        complete = [table for table in complete if table.has_answers()] or complete[:1]
    if len(complete) > 1:
        names = ", ".join(quoted(table.sheet.name) for table in complete)
        raise TableError(
            f"Lembar {names} sama-sama berisi jawaban; tidak dapat diketahui mana yang dimaksud."
            " Sebut satu dengan --lembar, atau sisakan satu lembar dalam berkas."
        )
    return complete[0]


def chosen(book: Book, name: str | None) -> list[Sheet]:
    """The sheets to look at: those that are not hidden, or the one with this name.

    Raises:
        TableError: no sheet has the name, or all are hidden.
    """
    if name is not None:
        wanted = plain(name)
        named = [sheet for sheet in book.sheets if plain(sheet.name) == wanted]
        if len(named) != 1:
            names = ", ".join(quoted(sheet.name) for sheet in book.sheets if sheet.name)
            known = f" Yang ada: {names}." if names else ""
            raise TableError(f"Tidak ada lembar bernama {quoted(name)}.{known}")
        return named
    visible = [sheet for sheet in book.sheets if not sheet.hidden]
    if not visible:
        names = ", ".join(quoted(sheet.name) for sheet in book.sheets)
        raise TableError(f"Semua lembar tersembunyi ({names}); sebut satu dengan --lembar.")
    return visible


def fits(book: Book, vocabulary: Vocabulary, name: str | None = None) -> bool:
    """Whether a sheet has all headings of an instrument; arguments and errors as of `find`."""
    headings = (heading_rows.find(sheet, vocabulary) for sheet in chosen(book, name))
    return any(heading is not None and not heading.problems for heading in headings)


def listed(numbers: Sequence[int]) -> str:
    """Row numbers as spans: `7, 9–12, …`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [str(a) if a == b else f"{a}–{b}" for a, b in spans]
    return ", ".join(texts[:5]) + (", …" if len(texts) > 5 else "")


def letters(column: int) -> str:
    """The name of a column in spreadsheet programs: A, B, …, Z, AA."""
    text, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def _not_found(
    tables: Sequence[Table], sheets: Sequence[Sheet], vocabulary: Vocabulary
) -> list[str]:
    """The problems of the headings that come nearest, or that there are none."""
    instrument = vocabulary.instrument
    names = ", ".join(quoted(sheet.name) for sheet in sheets if sheet.name)
    where = f" di lembar {names}" if names else ""
    hint = (
        f"Judul kolom berisi kode unsur ({', '.join(instrument.codes)}), nama unsur,"
        f" pertanyaannya, atau {instrument.number(instrument.codes[0]).lower()} …"
        f" {instrument.number(instrument.codes[-1]).lower()}."
    )
    if not tables:
        return [f"Judul kolom unsur {instrument.code} tidak ditemukan{where}.", hint]
    nearest = max(tables, key=lambda table: len(table.heading.columns))
    lines = [f"{nearest.row_place(nearest.heading.last)}: {each}" for each in
             nearest.heading.problems]  # fmt: skip
    for code in instrument.codes:
        others = {text.casefold(): text for text in nearest.heading.others.values()}
        near = get_close_matches(code.casefold(), others, n=1)
        if near and code not in nearest.heading.columns:
            lines.append(f"Kolom {quoted(others[near[0]])} mungkin maksudnya {code}.")
    return [*lines, hint]


def order_warning(ambiguous: Sequence[str], vocabulary: Vocabulary) -> ResultWarning:
    """The warning about headings that mean another unsur in common forms."""
    instrument, order = vocabulary.instrument, vocabulary.order
    codes = vocabulary.codes_by_number
    read_as = ", ".join(f"{name} = {instrument.name_of(codes[name])}" for name in ambiguous)
    advice = (
        "Bila formulir Anda menanyakannya terbalik, tambahkan --urutan formulir"
        if order == "peraturan"
        else "Bila formulir Anda memakai urutan peraturan, hapus --urutan formulir"
    )
    text = (
        f"Kolom {' dan '.join(ambiguous)} dibaca menurut urutan {order}: {read_as}."
        f" {advice}, atau pakai kode unsur sebagai judul kolom."
    )
    return ResultWarning("urutan_u8_u9", text)


class _RowReader:
    """Tells rows of answers from the other rows below the headings."""

    def __init__(self, heading: Heading, vocabulary: Vocabulary) -> None:
        self.heading = heading
        self.vocabulary = vocabulary
        self.instrument = vocabulary.instrument
        self.number = heading.number
        self.columns = [heading.columns[code] for code in self.instrument.codes]
        self.readings = [Readings(self.instrument, code) for code in self.instrument.codes]
        self.last = max(self.columns)
        self.before = [i for i in range(min(self.columns)) if i != self.number]
        self.labels: dict[tuple[str, bool], bool] = {}
        self.answers = 0  # rows of answers since the last headings
        self.previous = heading.last
        self.gap = False  # a footer, or a blank row below answers
        self.footer = False  # a footer below answers

    def read(self, number: int, cells: Sequence[str]) -> AnswerRow | str:
        """A row of answers, or the reason why it is none."""
        self.gap = self.gap or (self.answers > 0 and number > self.previous + 1)
        self.previous = number
        values = self.values(cells)
        kind = self.kind(cells, values)
        if kind is None:
            self.answers += any(value and value > 0 for value in values)
            return AnswerRow(number, cells, values, self.doubt(cells, values))
        if kind == HEADING:
            self.answers, self.gap, self.footer = 0, False, False
        if kind == FOOTER:
            self.gap = True
            self.footer = self.answers > 0
        return kind

    def values(self, cells: Sequence[str]) -> Answers:
        """The readings of the cells of every item; those beyond a short row are empty."""
        if len(cells) <= self.last:
            cells = [*cells, *[""] * (self.last + 1 - len(cells))]
        return tuple(
            readings[cells[i]] for readings, i in zip(self.readings, self.columns, strict=True)
        )

    def kind(self, cells: Sequence[str], values: Answers) -> str | None:
        """Why a row is not one of answers; None if it is."""
        if self.is_footer(cells):
            return FOOTER
        filled = len(values) - values.count(None)
        unreadable = values.count(UNREADABLE)
        if not filled:
            return self.kind_without_answers(cells)
        if not unreadable:
            return None
        if self.is_column_numbers(cells):
            return NUMBERS
        columns = heading_rows.names_all(cells, self.vocabulary)
        if columns:
            return HEADING if columns == self.heading.columns else OTHER_HEADING
        few = unreadable < self.instrument.min_filled and not self.numbered(cells)
        if filled == unreadable and (self.footer or (self.gap and few)):
            return TEXT
        return None

    def kind_without_answers(self, cells: Sequence[str]) -> str | None:
        """The kind of a row without answers; None if it says more about a respondent."""
        told = [i for i, cell in enumerate(cells) if cell and i != self.number]
        number = "" if self.number is None else _cell(cells, self.number)
        if not told and (not number or _is_integer(number)):
            return EMPTY
        if len(told) + bool(number) == 1 or self.footer:
            return TEXT
        return None

    def numbered(self, cells: Sequence[str]) -> bool:
        """Whether the row has a running number."""
        return self.number is not None and _is_integer(_cell(cells, self.number))

    def is_footer(self, cells: Sequence[str]) -> bool:
        """Whether the row has the label of a computed row."""
        number = "" if self.number is None else _cell(cells, self.number)
        if number and not _is_integer(number) and self.label(number, anything=True):
            return True
        if _is_integer(number):
            return False
        unheaded = {i for i in self.before if not self.heading.texts[i]}
        return any(
            self.label(cell, anything=i in unheaded)
            for i in (*self.before, *self.columns)
            if (cell := _cell(cells, i)) and not _is_integer(cell)
        )

    def label(self, text: str, *, anything: bool) -> bool:
        """Whether a text is such a label, with or without other words behind it."""
        key = text, anything
        if key not in self.labels:
            if len(self.labels) > 10_000:
                self.labels.clear()
            self.labels[key] = (
                heading_rows.begins_footer(text) if anything else heading_rows.is_footer_label(text)
            )
        return self.labels[key]

    def is_column_numbers(self, cells: Sequence[str]) -> bool:
        """Whether the cells are 1, 2, 3, … or (1), (2), (3), …, directly below the headings."""
        if self.answers or not all(_cell(cells, i) for i in self.columns):
            return False
        numbers = [cell.strip("()[]. ") for cell in cells if cell]
        start = numbers[0] if numbers[0].isdecimal() and len(numbers[0]) < 4 else "0"
        return numbers == [str(int(start) + i) for i in range(len(numbers))] and start != "0"

    def doubt(self, cells: Sequence[str], values: Answers) -> str | None:
        """Why a row of answers below a footer may be no answers at all."""
        if not self.footer or not any(values) or self.numbered(cells):
            return None
        return (
            "di bawah baris jumlah dan tidak bernomor; beri nomor bila jawaban, hapus bila bukan."
        )


def _cell(cells: Sequence[str], i: int) -> str:
    return cells[i] if i < len(cells) else ""


def _is_integer(cell: str) -> bool:
    return cell.rstrip(".").isdecimal()
