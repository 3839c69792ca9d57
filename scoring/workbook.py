"""Workbooks, XLSX, ODS and old XLS: their sheets as rows of texts, read by calamine.

What calamine does not tell of an old XLS, hidden rows and cells with error values, is read here.
Source: [MS-CFB] for the file, [MS-XLS] for the records of its stream `Workbook`.
"""

import struct
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from scoring import archive
from scoring.archive import Facts, Position
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Row, Rows, Sheet, SheetError, stripped

END = 0xFFFFFFFA  # this and greater: no sector
SHIFTS = (9, 12)
ENTRY = 128  # bytes of a directory entry
MINI_CUTOFF = 4096  # bytes; smaller streams are in sectors of 64 bytes
BOF, EOF, BOUNDSHEET, ROW, BOOLERR, FORMULA = 0x809, 0x0A, 0x85, 0x208, 0x205, 0x06
HIDDEN_ROW = 0x20
WORKSHEET = 0
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
OLD = ResultWarning(
    "xls_lama",
    "Dalam berkas .xls ini, sel galat (#DIV/0!) terbaca kosong dan baris tersembunyi tidak"
    " terlihat; bila ada, simpan ulang sebagai .xlsx.",
)


def zipped(data: bytes) -> Book:
    """The sheets of XLSX or ODS; SheetError when unreadable or too large."""
    try:
        workbook = archive.repacked(data)
    except archive.ArchiveError as error:
        raise SheetError(str(error)) from error
    refusal = (
        "berkas lembar kerja tidak terbaca; buka dengan aplikasi lembar kerja, lalu simpan ulang"
        " sebagai .xlsx atau CSV."
    )
    return Book(tuple(_sheets(workbook.data, workbook.sheets, refusal)))


def old_excel(data: bytes) -> Book:
    """The sheets of XLS; SheetError when unreadable or protected by a password."""
    refusal = (
        "ini berkas .xls lama yang tidak terbaca atau berkas berkata sandi; simpan ulang sebagai"
        " .xlsx tanpa kata sandi, atau sebagai CSV."
    )
    facts = xls_facts(data)
    return Book(tuple(_sheets(data, facts or {}, refusal)), () if facts else (OLD,))


def _sheets(data: bytes, facts: dict[str, Facts], refusal: str) -> Iterator[Sheet]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        for metadata in workbook.sheets_metadata:
            if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            own = facts.get(metadata.name, Facts())
            hidden = own.hidden or metadata.visible != python_calamine.SheetVisibleEnum.Visible
            sheet = workbook.get_sheet_by_name(metadata.name)
            rows = list(Rows(_rows(sheet, own.errors)))
            yield Sheet(metadata.name, rows, hidden, own.hidden_rows)
    except SheetError:
        raise
    except (python_calamine.CalamineError, LookupError, OSError) as error:
        raise SheetError(refusal) from error
    except BaseException as error:
        # A panic of the Rust reader is not an Exception and would end the process.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError(refusal) from None


def _rows(sheet: Any, errors: dict[Position, str]) -> Iterator[Row]:
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
    return stripped(str(value))


def xls_facts(data: bytes) -> dict[str, Facts] | None:
    """The facts of each worksheet, by name; None when the file has no such stream or is broken."""
    try:
        stream = _stream(data, "Workbook")
        return {name: _sheet(stream, start) for name, start in _worksheets(stream)}
    except (struct.error, LookupError, ValueError):
        return None


def _stream(data: bytes, name: str) -> bytes:
    shift = struct.unpack_from("<H", data, 0x1E)[0]
    if shift not in SHIFTS:
        raise ValueError("sectors have 512 or 4096 bytes")
    size = 1 << shift
    first_directory, _, _, first_mini = struct.unpack_from("<4I", data, 0x30)
    fat_sectors = [n for n in struct.unpack_from("<109I", data, 0x4C) if n < END]
    next_difat, most = struct.unpack_from("<I", data, 0x44)[0], len(data) // size
    for _ in range(most):
        if next_difat >= END:
            break
        entries = struct.unpack_from(f"<{size // 4}I", data, (next_difat + 1) * size)
        fat_sectors += [n for n in entries[:-1] if n < END]
        next_difat = entries[-1]
    fat = b"".join(_sector(data, n, size) for n in fat_sectors[: most + 1])
    directory = _chained(data, first_directory, fat, size)
    entries_by_name = dict(_entries(directory))
    start, length = entries_by_name[name]
    if length >= MINI_CUTOFF:
        return _chained(data, start, fat, size)[:length]
    mini_fat = _chained(data, first_mini, fat, size)
    container = _chained(data, entries_by_name["Root Entry"][0], fat, size)
    # The sectors of the mini stream are counted from its start, those of the file after a header.
    return _chained(bytes(64) + container, start, mini_fat, 64)[:length]


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _chained(data: bytes, start: int, fat: bytes, size: int) -> bytes:
    parts: list[bytes] = []
    number = start
    for _ in range(len(data) // size + 1):
        if number >= END:
            return b"".join(parts)
        parts.append(_sector(data, number, size))
        number = struct.unpack_from("<I", fat, 4 * number)[0]
    raise ValueError("a chain of sectors has no end")


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for at in range(0, len(directory) - ENTRY + 1, ENTRY):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        yield name, struct.unpack_from("<II", directory, at + 116)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Kind and position of the records of a substream; those of charts inside it are left out."""
    at, depth = start, 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 1:
            yield kind, at + 4
        if depth == 0:
            return
        at += 4 + length


def _worksheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, at in _records(stream, 0):
        if kind == BOUNDSHEET and stream[at + 5] == WORKSHEET:
            length, wide = stream[at + 6], stream[at + 7] & 1
            raw = stream[at + 8 : at + 8 + length * (1 + wide)]
            name = raw.decode("utf-16-le" if wide else "latin-1")
            yield name, struct.unpack_from("<I", stream, at)[0]


def _sheet(stream: bytes, start: int) -> Facts:
    hidden, errors = set(), {}
    for kind, at in _records(stream, start):
        if kind == ROW and struct.unpack_from("<H", stream, at + 12)[0] & HIDDEN_ROW:
            hidden.add(struct.unpack_from("<H", stream, at)[0] + 1)
        elif kind in (BOOLERR, FORMULA):
            row, column = struct.unpack_from("<HH", stream, at)
            code = _error(stream, kind, at + 6)
            if code is not None:
                errors[row + 1, column + 1] = ERRORS.get(code, "#ERROR")
    return Facts(errors=errors, hidden_rows=frozenset(hidden))


def _error(stream: bytes, kind: int, at: int) -> int | None:
    """The code of an error value at this position; None for another value."""
    if kind == BOOLERR:
        return stream[at] if stream[at + 1] else None
    return stream[at + 2] if stream[at + 6 : at + 8] == b"\xff\xff" and stream[at] == 2 else None
