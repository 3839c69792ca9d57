"""Rows as CSV or XLSX, in which no spreadsheet program finds a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter

MAX_XLSX_ROWS = 1_048_575  # below the header row
# The start of a cell, also for a program that splits the line at another separator than ours.
FORMULA = re.compile(r"""(^|[,;|:"'])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Cell = str | int | None


class TooManyRows(Exception):
    """Terlalu banyak baris untuk XLSX; pakai nama berkas berakhiran .csv."""


def without_formula(text: str) -> str:
    """A typed text on one line, with an apostrophe before each part that could be a formula."""
    return FORMULA.sub(r"\1\2'", " ".join(CONTROLS.sub(" ", text).split()))


def write_csv(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the header and the rows, and return the number of rows.

    A text that a person typed must go through `without_formula` first.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow("" if cell is None else cell for cell in row)
        count += 1
    return count


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the header and the rows as a workbook; a text never becomes a formula or a link.

    Raises:
        TooManyRows: a sheet cannot hold them.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Ekspor")
        for column, heading in enumerate(header):
            sheet.write_string(0, column, heading)
        for count, row in enumerate(rows, 1):
            if count > MAX_XLSX_ROWS:
                raise TooManyRows
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(count, column, cell)
                elif cell is not None:
                    sheet.write_number(count, column, cell)
    return count
