"""Files that hold tables: CSV, XLSX, ODS, XLS or HTML, detected from the content."""

import re
from pathlib import Path

from scoring import csv_rows, html_table, os_reasons, workbook
from scoring.sheet import Book, Rows, Sheet, SheetError

MAX_BYTES = 32 * 2**20
HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|style)\b", re.I)
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.I)
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"  # .xls, or .xlsx with a password


def read(path: Path) -> Book:
    """The sheets of a file; the format is detected from the content.

    Raises:
        SheetError: no such file, too large, empty, or not a table.
    """
    return parse(content(path))


def content(path: Path) -> bytes:
    """The content of a file, up to one byte more than `parse` accepts; else SheetError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SheetError(f"berkas tidak dapat dibuka ({os_reasons.reason(error)}).") from error


def is_csv(data: bytes) -> bool:
    """Whether the content is read as CSV, whose size bounds the memory and time it needs."""
    return not (data.startswith((*ZIP_SIGNATURES, OLE_SIGNATURE)) or HTML.match(data))


def parse(data: bytes) -> Book:
    """The sheets in the content of a file; raises SheetError like `read`."""
    if len(data) > MAX_BYTES:
        raise SheetError(
            f"berkas lebih besar dari {MAX_BYTES // 2**20} MB; bagi menjadi beberapa berkas."
        )
    if not data.strip():
        raise SheetError("berkas kosong; tidak ada judul kolom di dalamnya.")
    book = _parsed(data)
    sheets = tuple(each for each in book.sheets if next(iter(each.rows), None))
    if not sheets:
        raise SheetError("berkas tidak berisi apa-apa; tidak ada judul kolom di dalamnya.")
    return Book(sheets, book.warnings)


def _parsed(data: bytes) -> Book:
    if data.startswith(ZIP_SIGNATURES):
        return workbook.zipped(data)
    if data.startswith(OLE_SIGNATURE):
        return workbook.old_excel(data)
    if XML.match(data):
        raise SheetError(
            "ini berkas XML, bukan lembar kerja; buka dengan aplikasi lembar kerja, lalu simpan"
            " ulang sebagai .xlsx atau CSV."
        )
    text, warnings = csv_rows.decoded(data)
    if HTML.match(data):
        return Book((Sheet("", Rows(html_table.rows(text))),), warnings)
    return Book((Sheet("", Rows(csv_rows.CsvRows(text))),), warnings)
