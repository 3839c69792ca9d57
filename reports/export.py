"""Rows as CSV or XLSX, so that nothing in them is a formula in whatever program opens the file."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter

MOST_XLSX = 1_048_575  # rows under a heading
# Where a cell may begin when a program parts the line at another sign than ours did.
FORMULA = re.compile(r"""(^|[,;|:"'])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Cell = str | int | None


class TooManyRows(Exception):
    """Terlalu banyak baris untuk XLSX; pakai nama berkas berakhiran .csv."""


def harmless(text: str) -> str:
    """What people typed, as one line of a CSV: an apostrophe before whatever could be a formula."""
    return FORMULA.sub(r"\1\2'", " ".join(CONTROLS.sub(" ", text).split()))


def write_csv(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the rows below the header; how many they are. Typed texts must be `harmless`."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow("" if cell is None else cell for cell in row)
        count += 1
    return count


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """The same as a workbook, written row by row; texts stay texts.

    Raises:
        TooManyRows
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Ekspor")
        for place, heading in enumerate(header):
            sheet.write_string(0, place, heading)
        for count, row in enumerate(rows, 1):
            if count > MOST_XLSX:
                raise TooManyRows
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(count, place, cell)
                elif cell is not None:
                    sheet.write_number(count, place, cell)
    return count
