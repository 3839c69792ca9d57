"""CSV: its records, with the delimiter and the encoding that the file has."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import dropwhile, islice

from scoring.result_warnings import ResultWarning
from scoring.sheet import Row, SheetError, stripped

# In the order of preference: a comma is often the sign of decimals in a file of semicolons.
DELIMITERS = ("\t", ";", "|", ",")
LINES_FOR_DELIMITER = 50
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # never in a text file
QUOTED = re.compile(r'"[^"]*"')


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
