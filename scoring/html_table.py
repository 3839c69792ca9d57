"""HTML tables, which many web applications save under the name .xls: their rows as texts."""

from html.parser import HTMLParser

from scoring.archive import MAX_CELLS
from scoring.sheet import MAX_COLUMNS, Row, SheetError, stripped

CELLS = ("td", "th")
SKIPPED = ("script", "style", "head")


def rows(text: str) -> list[Row]:
    """The rows of all tables, one below the other, as a spreadsheet program shows them.

    A cell that spans columns or rows is the first of them; the others are empty.

    Raises:
        SheetError: no table, or one with too many cells.
    """
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    parser.end_row()
    if not parser.rows:
        raise SheetError(
            "ini berkas HTML tanpa tabel; buka dengan aplikasi lembar kerja, lalu simpan ulang"
            " sebagai .xlsx atau CSV."
        )
    return list(enumerate(parser.rows, 1))


class _TableParser(HTMLParser):
    """Collects the rows of a document; a table inside a cell belongs to the text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.row: dict[int, str] | None = None
        self.text: list[str] | None = None
        self.covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        self.first = self.column = self.cells = self.nested = self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag in SKIPPED:
            self.skipped += 1
        elif tag in ("body", "table") and self.text is None:
            self.skipped = 0  # end tags may be missing
        elif tag == "table" and self.text is not None:
            self.nested += 1
        elif self.nested:
            return
        elif tag == "tr":
            self.begin_row()
        elif tag in CELLS:
            self.begin_cell(dict(attrs))
        elif tag == "br" and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell."""
        if tag in SKIPPED:
            self.skipped = max(0, self.skipped - 1)
        elif tag == "table" and self.nested:
            self.nested -= 1
        elif self.nested:
            return
        elif tag in CELLS:
            self.end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        """Add to the text of a cell."""
        if self.text is not None and not self.skipped:
            self.text.append(data)

    def begin_row(self) -> None:
        """Begin a row, and end one whose end tag is missing."""
        self.end_row()
        self.row, self.column = {}, 0

    def begin_cell(self, attributes: dict[str, str | None]) -> None:
        """Begin a cell in the next column that no cell above covers."""
        self.end_cell()
        if self.row is None:
            self.begin_row()
        while self.covered.get(self.column):
            self.column += 1
        self.text = []
        width, height = _span(attributes, "colspan"), _span(attributes, "rowspan")
        self.first = self.column
        self.column += width
        if self.column > MAX_COLUMNS:
            raise SheetError(f"lebih dari {MAX_COLUMNS} kolom; ini bukan tabulasi.")
        for column in range(self.first, self.column):
            # The row itself is counted too, and taken off at its end.
            self.covered[column] = height

    def end_cell(self) -> None:
        """Store the text of a cell."""
        if self.text is None or self.row is None:
            return
        self.row[self.first] = stripped(" ".join("".join(self.text).split()))
        self.text = None

    def end_row(self) -> None:
        """Store a row."""
        self.end_cell()
        self.nested = 0
        if self.row is None:
            return
        width = max(self.column, max(self.covered, default=-1) + 1)
        self.cells += width
        if self.cells > MAX_CELLS:
            raise SheetError("tabel HTML terlalu besar; simpan sebagai CSV.")
        self.rows.append([self.row.get(column, "") for column in range(width)])
        self.covered = {column: left - 1 for column, left in self.covered.items() if left > 1}
        self.row = None


def _span(attributes: dict[str, str | None], name: str) -> int:
    text = attributes.get(name) or ""
    return min(max(int(text), 1), 1000) if text.isdecimal() and len(text) < 6 else 1
