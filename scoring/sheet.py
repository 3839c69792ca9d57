"""Sheets: the rows of a CSV or XLSX file as texts, with the row numbers of the file."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import dropwhile
from pathlib import Path
from typing import Any

from scoring import archive
from scoring.result_warnings import Warning  # noqa: A004 - the contract's word, used qualified

MAX_BYTES = 32 * 2**20
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
DELIMITERS = (",", ";", "\t")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # never in a text file
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"  # .xls, or .xlsx with a password
WORKBOOK_SIGNATURES = (*ZIP_SIGNATURES, OLE_SIGNATURE)


class SheetError(ValueError):
    """A file that is not a readable table; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and rows of a table.

    `rows` is an iterator of (row number in the file, cells). Cells are stripped texts, "" when
    empty; whole numbers have no decimals ("3", "2.5"), dates are like 2026-03-01. Iterating may
    raise SheetError, since a later row can be unreadable.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    notes: tuple[Warning, ...] = ()


def read(path: Path) -> Sheet:
    """The table in a file; the format, CSV or XLSX, is detected from the content.

    Raises:
        SheetError: no such file, too large, empty, or neither CSV nor XLSX.
    """
    return parse(content(path))


def content(path: Path) -> bytes:
    """The content of a file, up to one byte more than `parse` accepts; else SheetError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SheetError(f"berkas tidak dapat dibuka ({error.strerror}).") from error


def parse(data: bytes) -> Sheet:
    """The table in the content of a file; raises SheetError like `read`."""
    if len(data) > MAX_BYTES:
        raise SheetError(
            f"berkas lebih besar dari {MAX_BYTES // 2**20} MB; bagi menjadi beberapa berkas."
        )
    if not data.strip():
        raise SheetError("berkas kosong; baris pertama harus berisi judul kolom.")
    if data.startswith(ZIP_SIGNATURES):
        numbered_rows, notes = _xlsx_rows(data)
    elif data.startswith(OLE_SIGNATURE):
        raise SheetError(
            "ini berkas .xls lama atau berkas berkata sandi; simpan ulang sebagai .xlsx tanpa kata"
            " sandi, atau sebagai CSV."
        )
    else:
        numbered_rows, notes = _csv_rows(data)
    rows = _within_limits(numbered_rows)
    for _, cells in rows:
        return Sheet(tuple(cells), rows, tuple(notes))
    raise SheetError("berkas tidak berisi apa-apa; baris pertama harus berisi judul kolom.")


def quoted(text: str) -> str:
    """A text from a file, quoted for a message: shortened, without control characters."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text[:41])
    return f'"{clean[:40]}…"' if len(clean) > 40 else f'"{clean}"'


def _within_limits(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number > MAX_ROWS:
            raise SheetError(f"lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas.")
        if len(cells) > MAX_COLUMNS:
            raise SheetError(f"baris {number}: lebih dari {MAX_COLUMNS} kolom; ini bukan tabulasi.")
        if any(cells):
            yield number, cells


def _csv_rows(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[Warning]]:
    text, notes = _decoded(data)
    # Every kind of line end becomes \n, also inside quoted cells.
    lines = StringIO(text, newline=None)
    first = next((line for line in lines if line.strip()), "")
    separator = re.fullmatch(r"sep=(.)\n?", first, re.IGNORECASE)
    lines.seek(0)
    rows = _records(lines, separator[1] if separator else _delimiter(first))
    # A line "sep=;" is an instruction for spreadsheet programs: a row of the file, but no header.
    return dropwhile(lambda row: separator and "".join(row[1]).lower() in ("", "sep="), rows), notes


def _delimiter(header: str) -> str:
    """The delimiter that splits the header into most cells."""

    def cells(delimiter: str) -> int:
        return len(next(csv.reader([header], delimiter=delimiter), []))

    try:
        return max(DELIMITERS, key=cells)
    except csv.Error:
        return DELIMITERS[0]


def _records(lines: StringIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # Strict mode: otherwise an unclosed quote silently absorbs all later rows.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SheetError(
            f"baris {reader.line_num}: tanda kutip atau isi sel tidak beres ({error}); perbaiki"
            " baris itu, atau simpan ulang sebagai CSV."
        ) from error


def _decoded(data: bytes) -> tuple[str, list[Warning]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError('berkas memakai UTF-16; simpan ulang sebagai "CSV UTF-8".')
    if CONTROL_BYTES.search(data):
        raise SheetError("berkas ini bukan teks CSV dan bukan XLSX; periksa berkas yang dipilih.")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise SheetError(
            'huruf dalam berkas tidak terbaca; simpan ulang sebagai "CSV UTF-8".'
        ) from None
    note = (
        'Berkas tidak memakai UTF-8 dan dibaca sebagai Windows-1252; sebaiknya simpan "CSV UTF-8".'
    )
    return text, [Warning("pengodean", note)]


def _xlsx_rows(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[Warning]]:
    import python_calamine

    try:
        workbook_file = archive.repacked(data)
        workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(workbook_file.data))
        sheet = workbook.get_sheet_by_name(workbook_file.sheet or workbook.sheet_names[0])
    except archive.ArchiveError as error:
        raise SheetError(str(error)) from error
    except (python_calamine.CalamineError, LookupError) as error:
        raise _unreadable() from error
    except BaseException as error:
        # A panic of the Rust reader is not an Exception and would end the process.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable() from None
    notes = []
    if workbook_file.sheets > 1:
        text = (
            f"Hanya lembar pertama, {quoted(sheet.name)}, yang dibaca dari"
            f" {workbook_file.sheets} lembar."
        )
        notes.append(Warning("lembar_pertama", text))
    return _rows(sheet, workbook_file.errors), notes


def _unreadable() -> SheetError:
    return SheetError(
        "berkas XLSX tidak terbaca; buka dengan aplikasi lembar kerja, lalu simpan ulang sebagai"
        " .xlsx atau CSV."
    )


def _rows(sheet: Any, errors: dict[archive.Position, str]) -> Iterator[tuple[int, list[str]]]:
    empty_columns = [""] * (sheet.start[1] if sheet.start else 0)
    errors_by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        errors_by_row.setdefault(row, {})[column] = text
    for number, values in enumerate(sheet.iter_rows() if sheet.start else (), 1):
        cells = [*empty_columns, *map(_text, values)]
        yield number, _with_errors(cells, errors_by_row.pop(number, {}))
    for number in sorted(errors_by_row):
        yield number, _with_errors([], errors_by_row[number])


def _with_errors(cells: list[str], errors: dict[int, str]) -> list[str]:
    """The cells with the error texts, which the reader returns as empty cells."""
    for column, text in errors.items():
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text
    return cells


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 10**15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
    return str(value).strip()
