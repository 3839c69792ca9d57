"""The sheets of a plan in a file: found by name, their headings wherever they stand."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring import plan_sheets as s
from scoring.plan_sheets import Shape
from scoring.sheet import Book, Sheet, quoted
from scoring.table import letters
from scoring.written import folded

HEADING_ROWS = 30  # in which the headings are looked for


class PlanFileError(ValueError):
    """A workbook that is no plan, or has mistakes; `lines` name sheet, row and column."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file by the titles of its columns; `number` is 0 for a row of no file."""

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileSheet:
    """A sheet of a file; `columns` are the positions of the titles that it has."""

    shape: Shape
    name: str
    columns: Mapping[str, int]
    rows: Sequence[FileRow]

    def place(self, row: FileRow, title: str) -> str:
        """Sheet, row and column of a cell, as in the file."""
        if not row.number:
            return title
        column = f"kolom {letters(self.columns.get(title, 0))} ({title})"
        return f"Lembar {quoted(self.name)}, baris {row.number}, {column}"


def found(book: Book) -> dict[str, FileSheet]:
    """The sheets of a plan in a file, by the name of their shape.

    Raises:
        PlanFileError: the first sheet of a plan is not among them.
    """
    by_shape = {}
    for sheet in book.sheets:
        shape = next((each for each in s.SHAPES if folded(each.name) == folded(sheet.name)), None)
        if shape is not None and not sheet.hidden:
            by_shape[shape.name] = _sheet(shape, sheet)
    if s.GENERAL.name not in by_shape:
        names = ", ".join(quoted(sheet.name) for sheet in book.sheets if sheet.name)
        there = f" Yang ada: {names}." if names else ""
        raise PlanFileError(
            f'Berkas ini bukan lembar kerja rencana: lembar "{s.GENERAL.name}" tidak ada.{there}'
        )
    return by_shape


def _sheet(shape: Shape, sheet: Sheet) -> FileSheet:
    titles = {folded(title): title for title in shape.columns}
    wanted = {"Jenis", "Uraian"} if shape is s.DUTIES else set(shape.key)
    columns: dict[str, int] = {}
    rows: list[FileRow] = []
    for number, cells in sheet.rows:
        if not columns:
            here = {titles[folded(c)]: i for i, c in reversed(list(enumerate(cells)))
                    if folded(c) in titles}  # fmt: skip
            if wanted <= here.keys():
                columns = here
            elif number > HEADING_ROWS:
                break
            continue
        texts = {title: tidy(cells[i]) if i < len(cells) else "" for title, i in columns.items()}
        if any(text for title, text in texts.items() if title not in shape.beside):
            rows.append(FileRow(number, texts))
    if not columns:
        needed = ", ".join(title for title in shape.columns if title in wanted)
        raise PlanFileError(f"Lembar {quoted(sheet.name)}: judul kolom {needed} tidak ditemukan.")
    return FileSheet(shape, sheet.name, columns, rows)


def tidy(text: str) -> str:
    """A text in one line, without characters that nobody sees."""
    seen = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(seen.split())


def of_rows(rows: Mapping[str, Iterable[Sequence[str]]]) -> dict[str, FileSheet]:
    """Sheets of no file, as `plan_sheets.sheets` makes them."""
    return {
        shape.name: FileSheet(
            shape,
            shape.name,
            {title: i for i, title in enumerate(shape.columns)},
            [FileRow(0, dict(zip(shape.columns, row, strict=True))) for row in rows[shape.name]],
        )
        for shape in s.SHAPES
        if shape.name in rows
    }
