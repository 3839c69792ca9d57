"""A document as one sheet of a workbook that prints like the paper."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import accumulate, pairwise

from reports.document import (
    Block,
    Document,
    Heading,
    Numbered,
    Pairs,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from reports.workbook import Cell, Span, new_workbook

GRID = 60  # parts of the width; every table's columns begin at one of them
PORTRAIT, LANDSCAPE = 90, 140  # characters over the whole width
PAIR = 12  # parts of a label
NUMBER = re.compile(r"-?[0-9]+(,[0-9]{2})?")
GAP = 3  # rows for a signature
SIGNED = 3  # rows that stay on the page of the signature below them
LARGE = 2  # lines of the letterhead
DOTS = "(........................................)"


def document_xlsx(content: Document, made: datetime) -> bytes:
    """The document; tables, texts and signatures share the columns of one sheet."""
    edges = sorted({0, GRID, *(edge for block in content.blocks for edge in _edges(block))})
    width = (LANDSCAPE if content.landscape else PORTRAIT) / GRID
    widths = [round((right - left) * width, 2) for left, right in pairwise(edges)]
    place = {edge: column for column, edge in enumerate(edges)}
    with new_workbook(content.title, made) as (book, out):
        sheet = book.sheet(content.title, widths, landscape=content.landscape)
        together: list[list[Span]] = []
        for row in _rows(content):
            if row.begins_page:
                sheet.begin_page()
            together.append(
                [Span(place[a], place[b] - 1, cell, style) for a, b, cell, style in row.cells]
            )
            if not row.keep:
                sheet.write_together(together)
                together = []
        sheet.write_together(together)
        sheet.set_footer(content.foot)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet: of each cell from, to, text, style.

    Args:
        keep: it stays on one printed page with the next row.
    """

    cells: Sequence[tuple[int, int, Cell, str]] = ()
    keep: bool = False
    begins_page: bool = False


def _whole(text: str, style: str, *, keep: bool = False) -> Row:
    """A row with one text over the whole width."""
    return Row([(0, GRID, text, style)], keep=keep)


def _edges(block: Block) -> Iterator[int]:
    match block:
        case Table(widths=widths):
            yield from _places(widths)
        case Pairs():
            yield PAIR
        case Signature() | Signatures():
            yield from (GRID // 2, GRID // 2)


def _places(widths: tuple[int, ...]) -> list[int]:
    """Where the columns of a table end, each wider than nothing."""
    ends = [round(GRID * end / sum(widths)) for end in accumulate(widths)]
    return [max(end, at) for at, end in enumerate(ends, 1)]


def _rows(content: Document) -> Iterator[Row]:
    for at, text in enumerate(content.letterhead):
        yield _whole(text, "letterhead" if at < LARGE else "address", keep=True)
    if content.letterhead:
        yield _whole("", "rule", keep=True)
        yield Row(keep=True)
    yield _whole(content.title, "heading", keep=True)
    named = () if content.letterhead else (content.subtitle, content.publisher)
    for text in (content.period, *named):
        if text:
            yield _whole(text, "centered", keep=True)
    if content.draft:
        yield _whole(f"{content.draft}: jangan ditandatangani.", "heading", keep=True)
    yield Row(keep=True)
    blocks = [list(_block(block)) for block in content.blocks]
    following = [*content.blocks[1:], None]
    for rows, after in zip(blocks, following, strict=True):
        kept = len(rows) - SIGNED if isinstance(after, Signature | Signatures) else len(rows)
        yield from (replace(row, keep=row.keep or at >= kept) for at, row in enumerate(rows))


def _block(block: Block) -> Iterator[Row]:
    match block:
        case Heading(level=1, text=text):
            yield Row([(0, GRID, text, "chapter")], keep=True, begins_page=True)
        case Heading(text=text):
            yield Row(keep=True)
            yield _whole(text, "subheading", keep=True)
        case Paragraph(text=text):
            yield _whole(text, "line")
        case Numbered(lines=lines):
            for number, text in enumerate(lines, 1):
                yield _whole(f"{number}. {text}", "line")
        case Pairs(rows=rows):
            for label, text in rows:
                yield Row([(0, PAIR, label, "line"), (PAIR, GRID, f": {text}", "line")])
        case Table():
            yield from _table(block)
        case Signature():
            yield from _signatures(None, block)
        case Signatures(left=left, right=right):
            yield from _signatures(left, right)


def _table(table: Table) -> Iterator[Row]:
    if table.title:
        yield _whole(table.title, "subheading", keep=True)
    spans = list(pairwise([0, *_places(table.widths)]))
    head = [(*span, text, "head") for span, text in zip(spans, table.head, strict=True)]
    yield Row(head, keep=True)
    for row in table.rows:
        yield Row(
            [
                (*span, *_cell(text, align))
                for span, text, align in zip(spans, row, table.align, strict=True)
            ]
        )
    yield Row()


def _cell(text: str, align: str) -> tuple[Cell, str]:
    """A number of a column of numbers stays one, to be calculated with."""
    if align == "right" and NUMBER.fullmatch(text):
        number = Decimal(text.replace(",", "."))
        return number, "two" if "," in text else "count"
    return text, "text" if align == "left" else "figure_text"


def _signatures(left: Signature | None, right: Signature) -> Iterator[Row]:
    yield Row(keep=True)
    for name in ("date", "position"):
        yield from _signed(left, right, name)
    for _ in range(GAP):
        yield Row(keep=True)
    for name in ("name", "rank", "nip"):
        yield from _signed(left, right, name)
    yield Row()


def _signed(left: Signature | None, right: Signature, name: str) -> Iterator[Row]:
    """A line of both signatures, unless both are empty; of a name that is empty dots."""
    half, empty = GRID // 2, DOTS if name == "name" else ""
    texts = ["" if one is None else getattr(one, name) or empty for one in (left, right)]
    if any(texts):
        cells = [(0, half, texts[0], "centered"), (half, GRID, texts[1], "centered")]
        yield Row(cells, keep=True)
