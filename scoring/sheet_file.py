"""Files that hold tables: CSV, XLSX, ODS, XLS or HTML, detected from the content."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import dropwhile, islice
from pathlib import Path

from scoring import html_table, os_reasons, workbook
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Row, Rows, Sheet, SheetError, stripped

# In the order of preference: a comma is often the sign of decimals in a file of semicolons.
DELIMITERS = ("\t", ";", "|", ",")
LINES_FOR_DELIMITER = 50
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # never in a text file
QUOTED = re.compile(r'"[^"]*"')
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
    text, warnings = decoded(data)
    if HTML.match(data):
        return Book((Sheet("", Rows(html_table.rows(text))),), warnings)
    return Book((Sheet("", Rows(CsvRows(text))),), warnings)


class CsvRows:
    """The records of a CSV, parsed anew by each iteration."""

    def __init__(self, text: str) -> None:
        self.text = text
        first = next((line for line in self.lines() if line.strip()), "")
        self.separator = re.fullmatch(r"sep=(.)\n?", first, re.IGNORECASE)
        self.delimiter = self.separator[1] if self.separator else _delimiter(self.lines())

    def lines(self) -> StringIO:
        """The text with \n for every kind of line end, also inside quoted cells."""
        return StringIO(self.text, newline=None)

    def __iter__(self) -> Iterator[Row]:
        # A line "sep=;" is an instruction for spreadsheet programs: a row of the file, no heading.
        return dropwhile(
            lambda row: self.separator and "".join(row[1]).lower() in ("", "sep="), self.records()
        )

    def records(self) -> Iterator[Row]:
        # Strict mode: otherwise an unclosed quote silently absorbs all later rows.
        reader = csv.reader(self.lines(), delimiter=self.delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                yield number, [stripped(cell) for cell in cells]
        except csv.Error as error:
            raise SheetError(
                f"baris {reader.line_num}: tanda kutip atau isi sel tidak beres ({error});"
                " perbaiki baris itu, atau simpan ulang sebagai CSV."
            ) from error


def _delimiter(lines: Iterable[str]) -> str:
    """The delimiter that splits most of the first lines; lines of a title may have none."""
    first = [QUOTED.sub("", line) for line in islice(lines, LINES_FOR_DELIMITER)]
    for times in (2, 1):
        split = {each: sum(line.count(each) >= times for line in first) for each in DELIMITERS}
        most = max(split.values())
        if most:
            return next(each for each in DELIMITERS if split[each] * 2 >= most)
    return DELIMITERS[-1]


def decoded(data: bytes) -> tuple[str, tuple[ResultWarning, ...]]:
    """The text of a file, with a warning if it is not UTF-8; SheetError if it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError('berkas memakai UTF-16; simpan ulang sebagai "CSV UTF-8".')
    if CONTROL_BYTES.search(data):
        raise SheetError(
            "berkas ini bukan teks CSV dan bukan lembar kerja; periksa berkas yang dipilih."
        )
    try:
        return data.decode("utf-8-sig"), ()
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
    return text, (ResultWarning("pengodean", note),)
