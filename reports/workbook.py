"""XLSX workbooks, written row by row from the top; a typed text never becomes a formula."""

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

from reports.zip_archive import xml_safe

MAX_CHARACTERS = 32_000  # a cell holds 32,767 UTF-16 units; xlsxwriter omits a longer text
MAX_SHEET_NAME = 31
MAX_MEASURED = 5_000  # characters; more than the highest row shows
MAX_ROW_HEIGHT = 409  # points
LINE_HEIGHT = 16  # points
USABLE_WIDTH = 0.95  # share of a column's nominal width that a line of bold text can use
A4 = 9
PAPER = (595, 842)  # points, the shorter side first
MARGINS = (101, 108)  # points at the sides together, and above and below
USABLE_PAGE = 0.94  # share of a page that is filled: programs differ in the height of a line
_INVALID_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\'\ufffd]")
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
    "figure_text": {**FIGURE, "text_wrap": True},
    "heading": {"bold": True, "font_size": 14, "text_wrap": True, "align": "center"},
    "chapter": {"bold": True, "font_size": 12, "text_wrap": True},
    "subheading": {"bold": True, "text_wrap": True, "valign": "top"},
    "centered": {"text_wrap": True, "align": "center", "valign": "top"},
    "line": {"text_wrap": True, "valign": "top"},
    "letterhead": {"bold": True, "font_size": 13, "text_wrap": True, "align": "center"},
    "address": {"font_size": 9, "text_wrap": True, "align": "center", "valign": "top"},
    "rule": {"bottom": 6},
}

WRAPPED = frozenset(name for name, style in STYLES.items() if style.get("text_wrap"))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and its value, which a program that does not calculate shows."""

    text: str
    value: str | float


Cell: TypeAlias = str | int | float | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Span:
    """A cell over the columns from `first` to `last`."""

    first: int
    last: int
    cell: Cell
    style: str


class Workbook:
    """A workbook that is being written."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._styles = {name: file.add_format(style) for name, style in STYLES.items()}
        self._names: set[str] = set()
        self._sheets: list[Sheet] = []

    def sheet(self, name: str, widths: Sequence[float], *, landscape: bool = False) -> "Sheet":
        """A new sheet; an invalid or used name is changed to a valid one."""
        sheet = self._file.add_worksheet(self._sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        across, down = reversed(PAPER) if landscape else PAPER
        total = sum(int(width * 7 + 5) * 0.75 for width in widths)  # pixels of 0.75 points
        scale = min(1.0, (across - MARGINS[0]) / total)
        page = (down - MARGINS[1]) / scale * USABLE_PAGE
        self._sheets.append(Sheet(sheet, self._styles, widths, page))
        return self._sheets[-1]

    def finish(self) -> None:
        """Limit the print areas to the columns, because a long title may be wider than them."""
        for sheet in self._sheets:
            sheet.set_print_area()

    def _sheet_name(self, name: str) -> str:
        valid = " ".join(_INVALID_IN_SHEET_NAME.sub(" ", xml_safe(name)).split()) or "Lembar"
        candidate, number = _shortened(valid, ""), 1
        while candidate.casefold() in self._names or candidate.casefold() == "history":
            number += 1
            candidate = _shortened(valid, f" ({number})")
        self._names.add(candidate.casefold())
        return candidate


class Sheet:
    """One sheet, written from the top."""

    def __init__(
        self, sheet: Any, styles: dict[str, Any], widths: Sequence[float], page: float
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._widths = widths
        self._page = page  # points that a printed page holds
        self._used = 0.0  # points of the page that `write_together` fills
        self._breaks: list[int] = []
        self.row = 0  # the next row to write

    def write_row(self, *cells: Cell, style: str = "text", first: str | None = None) -> int:
        """Write one row and return its number; `first` is the style of its first cell."""
        if style in WRAPPED or first in WRAPPED:
            self._sheet.set_row(self.row, self._height(cells))
        for column, cell in enumerate(cells):
            style_name = first if first and not column else style
            match cell:
                case Formula(text, value):
                    self._sheet.write_formula(
                        self.row, column, text, self._styles[style_name], value
                    )
                case str():
                    self._sheet.write_string(
                        self.row, column, cell_text(cell), self._styles[style_name]
                    )
                case None:
                    self._sheet.write_blank(self.row, column, None, self._styles[style_name])
                case Decimal() if style_name in WRAPPED:
                    number_style = self._styles[_decimal_style(cell, bold=style_name != "text")]
                    self._sheet.write_number(self.row, column, cell, number_style)
                case int():
                    self._sheet.write_number(self.row, column, cell, self._styles["count"])
                case _:
                    self._sheet.write_number(self.row, column, cell, self._styles[style_name])
        self.row += 1
        return self.row - 1

    def _height(self, cells: Sequence[Cell]) -> int:
        """The height of the row in points: no program sets it for wrapped text by itself."""
        texts = zip(cells, self._widths, strict=False)
        lines = [
            len(textwrap.wrap(cell[:MAX_MEASURED], int(width * USABLE_WIDTH))) or 1
            for cell, width in texts
            if isinstance(cell, str)
        ]
        return min(LINE_HEIGHT * max(lines, default=1), MAX_ROW_HEIGHT)

    def write_together(self, rows: Sequence[Sequence[Span]]) -> None:
        """Write rows whose cells span columns, all on one printed page; one without cells is empty.

        Every page break of such a sheet is set here, so that no program sets one within the rows.
        """
        heights = [self._height_of_spans(spans) for spans in rows]
        if self._used and self._used + sum(heights) > self._page:
            self.begin_page()
        for spans, height in zip(rows, heights, strict=True):
            self._write_spans(spans, height)
        self._used += sum(heights)

    def _height_of_spans(self, spans: Sequence[Span]) -> float:
        height = LINE_HEIGHT
        for span in spans:
            width = sum(self._widths[span.first : span.last + 1])
            text = str(span.cell)[:MAX_MEASURED]
            lines = textwrap.wrap(text, max(int(width * USABLE_WIDTH * _narrower(span.style)), 1))
            height = max(height, LINE_HEIGHT * len(lines))
        return min(height, MAX_ROW_HEIGHT)

    def _write_spans(self, spans: Sequence[Span], height: float) -> None:
        for span in spans:
            text = cell_text(span.cell) if isinstance(span.cell, str) else span.cell
            style = self._styles[span.style]
            if span.first < span.last:
                self._sheet.merge_range(self.row, span.first, self.row, span.last, "", style)
            if isinstance(text, str):
                self._sheet.write_string(self.row, span.first, text, style)
            else:
                self._sheet.write_number(self.row, span.first, text, style)
        self._sheet.set_row(self.row, height)
        self.row += 1

    def begin_page(self) -> None:
        """Print the next row on a new page."""
        self._breaks.append(self.row)
        self._sheet.set_h_pagebreaks(self._breaks)
        self._used = 0.0

    def set_footer(self, text: str) -> None:
        """Print this at the foot of every page, with its number."""
        self._sheet.set_footer(f"&L{cell_text(text)[:200].replace('&', '&&')}&R&P")

    def write_head(self, *titles: str) -> int:
        """Write the titles of the columns."""
        return self.write_row(*titles, style="head")

    def skip_row(self) -> None:
        """Leave one row empty."""
        self.row += 1

    def set_print_area(self) -> None:
        """Print only the rows and columns that are in use."""
        self._sheet.print_area(0, 0, max(self.row - 1, 0), len(self._widths) - 1)

    def freeze(self, row: int, columns: int = 0) -> None:
        """Freeze the rows down to this one on the screen, and repeat it on every printed page."""
        self._sheet.freeze_panes(row + 1, columns)
        self._sheet.repeat_rows(row)


@contextmanager
def new_workbook(title: str, created: datetime) -> Iterator[tuple[Workbook, BytesIO]]:
    """A workbook, and the file that holds its bytes after the `with` block.

    Args:
        created: the date in its properties; the same content and date give the same bytes.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as file:
        properties = {"title": cell_text(title)[:255], "created": created.replace(tzinfo=None)}
        file.set_properties(properties)
        book = Workbook(file)
        yield book, out
        book.finish()


def cell_text(text: str) -> str:
    """A text that XML allows, cut to the length that a cell can hold."""
    return xml_safe(text)[:MAX_CHARACTERS]


def _narrower(style: str) -> float:
    """How much fewer characters of this style a line holds than of the usual 11 points."""
    return min(1.0, 11 / float(STYLES[style].get("font_size", 11)))


def _decimal_style(figure: Decimal, *, bold: bool) -> str:
    """The style of a figure that is already rounded to 2 or 3 decimals."""
    two, three = ("figure", "index") if bold else ("two", "three")
    return three if figure.as_tuple().exponent == -3 else two


def _shortened(name: str, ending: str) -> str:
    units = name.encode("utf-16-le")[: 2 * (MAX_SHEET_NAME - len(ending))]
    return units.decode("utf-16-le", errors="ignore").strip() + ending
