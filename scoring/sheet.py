"""Sheets: a table of texts out of a CSV or XLSX file, its rows numbered as the file has them."""

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
from scoring.notice import Warning  # noqa: A004 - the contract's word for what it means here

MAX_BYTES = 32 * 2**20
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
DELIMITERS = (",", ";", "\t")
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # bytes that no text has
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, or an .xlsx under a password


class SheetError(ValueError):
    """A file that is no readable table; the message is a sentence for its owner."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` yields (row in the file, cells) once; cells are stripped texts, "" where empty.

    Numbers come as written, whole ones without decimals ("3", "2.5"); dates as 2026-03-01.
    Reading on may raise SheetError: a file can break in its middle.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    notes: tuple[Warning, ...] = ()


def read(path: Path) -> Sheet:
    """The table in a file, CSV or XLSX by its content, whatever it is called.

    Raises:
        SheetError: no such file, too large, empty, or neither CSV nor XLSX.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SheetError(f"berkas tidak dapat dibuka ({error.strerror}).") from error
    return of(data)


def of(data: bytes) -> Sheet:
    """The table in the bytes of a file; raises SheetError as `read` does."""
    if len(data) > MAX_BYTES:
        raise SheetError(
            f"berkas lebih besar dari {MAX_BYTES // 2**20} MB; bagi menjadi beberapa berkas."
        )
    if not data.strip():
        raise SheetError("berkas kosong; baris pertama harus berisi judul kolom.")
    if data.startswith(ZIP):
        numbered, notes = _of_xlsx(data)
    elif data.startswith(OLD_OFFICE):
        raise SheetError(
            "ini berkas .xls lama atau berkas berkata sandi; simpan ulang sebagai .xlsx tanpa kata"
            " sandi, atau sebagai CSV."
        )
    else:
        numbered, notes = _of_csv(data)
    rows = _limited(numbered)
    for _, cells in rows:
        return Sheet(tuple(cells), rows, tuple(notes))
    raise SheetError("berkas tidak berisi apa-apa; baris pertama harus berisi judul kolom.")


def shown(text: str) -> str:
    """A text from a file, quoted for a message: short, and without what could steer a terminal."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text[:41])
    return f'"{clean[:40]}…"' if len(clean) > 40 else f'"{clean}"'


def _limited(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number > MAX_ROWS:
            raise SheetError(f"lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas.")
        if len(cells) > MAX_COLUMNS:
            raise SheetError(f"baris {number}: lebih dari {MAX_COLUMNS} kolom; ini bukan tabulasi.")
        if any(cells):
            yield number, cells


def _of_csv(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[Warning]]:
    text, notes = _decoded(data)
    # Line ends of every system become one, so that a quoted cell may hold them too.
    lines = StringIO(text, newline=None)
    first = next((line for line in lines if line.strip()), "")
    named = re.fullmatch(r"sep=(.)\n?", first, re.IGNORECASE)
    lines.seek(0)
    rows = _records(lines, named[1] if named else _delimiter(first))
    # A line "sep=;" speaks to the spreadsheet program; it is a row of the file but no header.
    return dropwhile(lambda row: named and "".join(row[1]).lower() in ("", "sep="), rows), notes


def _delimiter(header: str) -> str:
    """The sign that parts the header into most cells."""

    def cells(sign: str) -> int:
        return len(next(csv.reader([header], delimiter=sign), []))

    try:
        return max(DELIMITERS, key=cells)
    except csv.Error:
        return DELIMITERS[0]


def _records(lines: StringIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # Strict, for a quote left open would swallow every later row without a word.
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
    if CONTROLS.search(data):
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


def _of_xlsx(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[Warning]]:
    import python_calamine

    try:
        checked = archive.checked(data)
        workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(checked.data))
        sheet = workbook.get_sheet_by_name(checked.sheet or workbook.sheet_names[0])
    except archive.ArchiveError as error:
        raise SheetError(str(error)) from error
    except (python_calamine.CalamineError, LookupError) as error:
        raise _broken() from error
    except BaseException as error:
        # A panic of the reader is no Exception and would end the whole process.
        if type(error).__name__ != "PanicException":
            raise
        raise _broken() from None
    notes = []
    if checked.sheets > 1:
        text = (
            f"Hanya lembar pertama, {shown(sheet.name)}, yang dibaca dari {checked.sheets} lembar."
        )
        notes.append(Warning("lembar_pertama", text))
    return _cells(sheet, checked.faults), notes


def _broken() -> SheetError:
    return SheetError(
        "berkas XLSX tidak terbaca; buka dengan aplikasi lembar kerja, lalu simpan ulang sebagai"
        " .xlsx atau CSV."
    )


def _cells(sheet: Any, faults: dict[archive.Place, str]) -> Iterator[tuple[int, list[str]]]:
    left = [""] * (sheet.start[1] if sheet.start else 0)
    rest: dict[int, dict[int, str]] = {}
    for (row, column), text in faults.items():
        rest.setdefault(row, {})[column] = text
    for number, values in enumerate(sheet.iter_rows() if sheet.start else (), 1):
        yield number, _patched([*left, *map(_text, values)], rest.pop(number, {}))
    for number in sorted(rest):
        yield number, _patched([], rest[number])


def _patched(cells: list[str], faults: dict[int, str]) -> list[str]:
    """The cells with the faulty ones told apart from empty ones."""
    for column, text in faults.items():
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
