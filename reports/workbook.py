"""Writes XLSX sheets from the top, row by row; nothing that a person typed becomes a formula."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter

from reports.office_xml import held

MOST_SIGNS = 32_000  # a cell holds 32,767 UTF-16 units, and what is longer would be left out whole
MOST_OF_NAME = 31
MOST_MEASURED = 5_000  # signs; more than the tallest row shows
TALLEST = 409  # points
LINE = 16
FILLED = 0.95  # of a column's nominal width is filled by a line of bold text
A4 = 9
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\'\ufffd]")
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FIGURE = {"border": 1, "align": "center", "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#475462"},
    "bold": {"bold": True},
    "head": {
        "bold": True,
        "border": 1,
        "bg_color": "#E6EAEE",
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "label": {"border": 1, "bold": True, "text_wrap": True, "valign": "vcenter"},
    "text": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "count": {**FIGURE, "num_format": "0"},
    "three": {**FIGURE, "num_format": "0.000"},
    "two": {**FIGURE, "num_format": "0.00"},
    "share": {**FIGURE, "num_format": "0.0%"},
    "figure": {**FIGURE, "num_format": "0.00", "bold": True},
    "index": {**FIGURE, "num_format": "0.000", "bold": True},
}

WRAPPED = frozenset(name for name, style in STYLES.items() if style.get("text_wrap"))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to, so that a reader that does not calculate shows it too."""

    text: str
    value: str | float


Cell: TypeAlias = str | int | float | Decimal | Formula | None


class Book:
    """A workbook under way."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._styles = {name: book.add_format(style) for name, style in STYLES.items()}
        self._names: set[str] = set()
        self._pages: list[Page] = []

    def page(self, name: str, widths: Sequence[int], *, landscape: bool = False) -> "Page":
        """A new sheet; a name that a sheet cannot have is changed to one that it can."""
        sheet = self._book.add_worksheet(self._free(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        self._pages.append(Page(sheet, self._styles, widths))
        return self._pages[-1]

    def finish(self) -> None:
        """Print no wider than the columns are: a long text above them may run over."""
        for page in self._pages:
            page.bound()

    def _free(self, name: str) -> str:
        cleaned = " ".join(_NOT_IN_NAME.sub(" ", held(name)).split()) or "Lembar"
        tried, number = _shortened(cleaned, ""), 1
        while tried.casefold() in self._names or tried.casefold() == "history":
            number += 1
            tried = _shortened(cleaned, f" ({number})")
        self._names.add(tried.casefold())
        return tried


class Page:
    """One sheet, filled downwards."""

    def __init__(self, sheet: Any, styles: dict[str, Any], widths: Sequence[int]) -> None:
        self._sheet = sheet
        self._styles = styles
        self._widths = widths
        self.row = 0  # the next one

    def put(self, *cells: Cell, style: str = "text", first: str | None = None) -> int:
        """Write one row, its first cell in a style of its own if one is named; its number."""
        if style in WRAPPED or first in WRAPPED:
            self._sheet.set_row(self.row, self._height(cells))
        for column, cell in enumerate(cells):
            look = first if first and not column else style
            match cell:
                case Formula(text, value):
                    self._sheet.write_formula(self.row, column, text, self._styles[look], value)
                case str():
                    self._sheet.write_string(self.row, column, cleaned(cell), self._styles[look])
                case None:
                    self._sheet.write_blank(self.row, column, None, self._styles[look])
                case Decimal() if look in WRAPPED:
                    shown = self._styles[_decimals(cell, bold=look != "text")]
                    self._sheet.write_number(self.row, column, cell, shown)
                case int():
                    self._sheet.write_number(self.row, column, cell, self._styles["count"])
                case _:
                    self._sheet.write_number(self.row, column, cell, self._styles[look])
        self.row += 1
        return self.row - 1

    def _height(self, cells: Sequence[Cell]) -> int:
        """Points that the row needs; no program makes room for wrapped texts by itself."""
        texts = zip(cells, self._widths, strict=False)
        lines = [
            len(textwrap.wrap(cell[:MOST_MEASURED], int(width * FILLED))) or 1
            for cell, width in texts
            if isinstance(cell, str)
        ]
        return min(LINE * max(lines, default=1), TALLEST)

    def head(self, *titles: str) -> int:
        """Write the titles of the columns."""
        return self.put(*titles, style="head")

    def gap(self) -> None:
        """Leave a row free."""
        self.row += 1

    def bound(self) -> None:
        """Print the rows and columns that are in use, and nothing beside them."""
        self._sheet.print_area(0, 0, max(self.row - 1, 0), len(self._widths) - 1)

    def freeze(self, below: int, columns: int = 0) -> None:
        """Keep this row and those above in sight, on screen and on every printed page."""
        self._sheet.freeze_panes(below + 1, columns)
        self._sheet.repeat_rows(below)


@contextmanager
def written(title: str, made: datetime) -> Iterator[tuple[Book, BytesIO]]:
    """A workbook and the bytes that it has become once the block is left.

    Args:
        made: the date in its properties; the same content and date give the same bytes.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": cleaned(title)[:255], "created": made.replace(tzinfo=None)})
        filled = Book(book)
        yield filled, out
        filled.finish()


def cleaned(text: str) -> str:
    """A text without what XML cannot hold, short enough for a cell."""
    return held(text)[:MOST_SIGNS]


def _decimals(figure: Decimal, *, bold: bool) -> str:
    """The style of a figure that was rounded already, to 2 or 3 places."""
    two, three = ("figure", "index") if bold else ("two", "three")
    return three if figure.as_tuple().exponent == -3 else two


def _shortened(name: str, ending: str) -> str:
    units = name.encode("utf-16-le")[: 2 * (MOST_OF_NAME - len(ending))]
    return units.decode("utf-16-le", errors="ignore").strip() + ending
