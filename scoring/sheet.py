"""Sheets: the rows of a file that holds tables, as texts with the row numbers of the file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoring.result_warnings import ResultWarning

MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))

Row = tuple[int, Sequence[str]]


class SheetError(ValueError):
    """A file that is not a readable table; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `name` is "" when the file has no named sheets.

    `rows` may be iterated over more than once: (row number in the file, cells), without blank
    rows. Cells are stripped texts, "" when empty; whole numbers have no decimals ("3", "2.5"),
    dates are like 2026-03-01. Iterating may raise SheetError, since a later row can be unreadable.
    `hidden_rows` are the rows that a spreadsheet program does not show.
    """

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a file that have content, and warnings about the file as a whole."""

    sheets: tuple[Sheet, ...]
    warnings: tuple[ResultWarning, ...] = ()


class Rows:
    """The rows of a sheet that are not blank; SheetError when it has too many rows or columns."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Row]:
        for number, cells in self.rows:
            if number > MAX_ROWS:
                raise SheetError(f"lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas.")
            if len(cells) > MAX_COLUMNS:
                raise SheetError(
                    f"baris {number}: lebih dari {MAX_COLUMNS} kolom; ini bukan tabulasi."
                )
            if any(cells):
                yield number, cells


def quoted(text: str) -> str:
    """A text from a file, quoted for a message: shortened, without control characters."""
    return f'"{shown(text)}"'


def shown(text: str) -> str:
    """The same without quotes."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text[:41])
    return f"{clean[:40]}…" if len(clean) > 40 else clean


def stripped(cell: str) -> str:
    """The text of a cell without spaces around it, also non-breaking and invisible ones."""
    return cell.translate(INVISIBLE).strip()
