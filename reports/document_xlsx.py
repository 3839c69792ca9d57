"""A document as one sheet of a workbook that prints like the paper."""

import re
from collections.abc import Iterator
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
DOTS = "(........................................)"


def document_xlsx(content: Document, made: datetime) -> bytes:
    """The document; tables, texts and signatures share the columns of one sheet."""
    edges = sorted({0, GRID, *(edge for block in content.blocks for edge in _edges(block))})
    width = (LANDSCAPE if content.landscape else PORTRAIT) / GRID
    widths = [round((right - left) * width, 2) for left, right in pairwise(edges)]
    place = {edge: column for column, edge in enumerate(edges)}
    with new_workbook(content.title, made) as (book, out):
        sheet = book.sheet(content.title, widths, landscape=content.landscape)
        for row in _rows(content):
            if not row:
                sheet.skip_row()
                continue
            if row[0][3] == "chapter":
                sheet.begin_page()
            spans = [Span(place[a], place[b] - 1, cell, style) for a, b, cell, style in row]
            sheet.write_spans(spans)
        sheet.set_footer(content.foot)
    return out.getvalue()


Row = list[tuple[int, int, Cell, str]]  # from, to, text, style


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
    yield [(0, GRID, content.title, "heading")]
    for text in (content.period, content.subtitle, content.publisher):
        if text:
            yield [(0, GRID, text, "centered")]
    if content.draft:
        yield [(0, GRID, f"{content.draft}: jangan ditandatangani.", "heading")]
    for block in content.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Row]:
    match block:
        case Heading(level=1, text=text):
            yield [(0, GRID, text, "chapter")]
        case Heading(text=text):
            yield []
            yield [(0, GRID, text, "subheading")]
        case Paragraph(text=text):
            yield [(0, GRID, text, "line")]
        case Numbered(lines=lines):
            for number, text in enumerate(lines, 1):
                yield [(0, GRID, f"{number}. {text}", "line")]
        case Pairs(rows=rows):
            for label, text in rows:
                yield [(0, PAIR, label, "line"), (PAIR, GRID, f": {text}", "line")]
        case Table():
            yield from _table(block)
        case Signature():
            yield from _signatures(None, block)
        case Signatures(left=left, right=right):
            yield from _signatures(left, right)


def _table(table: Table) -> Iterator[Row]:
    if table.title:
        yield [(0, GRID, table.title, "subheading")]
    spans = list(pairwise([0, *_places(table.widths)]))
    yield [(*span, text, "head") for span, text in zip(spans, table.head, strict=True)]
    for row in table.rows:
        yield [
            (*span, *_cell(text, align))
            for span, text, align in zip(spans, row, table.align, strict=True)
        ]
    yield []


def _cell(text: str, align: str) -> tuple[Cell, str]:
    """A number of a column of numbers stays one, to be calculated with."""
    if align == "right" and NUMBER.fullmatch(text):
        number = Decimal(text.replace(",", "."))
        return number, "two" if "," in text else "count"
    return text, "text" if align == "left" else "figure_text"


def _signatures(left: Signature | None, right: Signature) -> Iterator[Row]:
    half = GRID // 2
    yield []
    for name in ("date", "position"):
        texts = ["" if one is None else getattr(one, name) for one in (left, right)]
        if any(texts):
            yield [(0, half, texts[0], "centered"), (half, GRID, texts[1], "centered")]
    for _ in range(GAP):
        yield []
    for name in ("name", "rank", "nip"):
        texts = [
            "" if one is None else getattr(one, name) or (DOTS if name == "name" else "")
            for one in (left, right)
        ]
        if any(texts):
            yield [(0, half, texts[0], "centered"), (half, GRID, texts[1], "centered")]
