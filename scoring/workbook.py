"""Workbooks, XLSX, ODS and old XLS: their sheets as rows of texts, read by calamine."""

from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from scoring import archive, biff
from scoring.archive import Facts, Position
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Row, Rows, Sheet, SheetError, stripped

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
    facts = biff.facts(data)
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
