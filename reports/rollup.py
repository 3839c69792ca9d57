"""The table of units joined from several offices: as CSV, or as a workbook of plain figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import xlsxwriter

from reports.export import harmless, write_csv
from reports.workbook import OPTIONS, Book
from scoring.ikm import half_up
from scoring.instrument import Instrument

WIDTHS = {"no": 5, "unit": 34, "cara hitung": 28, "keterangan": 30}
WIDTH = 14
Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a unit, or a figure of all of them; None where there is nothing to tell."""

    name: str
    n: int | None = None
    users: int | None = None
    nrr: tuple[Fraction | None, ...] = ()  # in the instrument's order
    ikm: Decimal | None = None
    mutu: str | None = None
    lowest: tuple[str, ...] = ()
    follow_up: tuple[int, int] | None = None  # done, planned
    holds: bool | None = None  # whether the fingerprint fits
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rollup:
    """The units of one period under one instrument and one arithmetic."""

    period: str
    instrument: Instrument
    mode: str
    units: Sequence[Line]
    totals: Sequence[Line]


def headings(of: Rollup) -> tuple[str, ...]:
    """The columns; every unsur with its name, since forms disagree on U8 and U9."""
    return (
        *("no", "unit", "periode", "responden", "pengguna"),
        *(of.instrument.title(code) for code in of.instrument.codes),
        *("IKM", "mutu", "unsur terendah", "tindak lanjut", "cara hitung", "sidik", "keterangan"),
    )


def rows(of: Rollup) -> Iterator[tuple[Cell, ...]]:
    """The units in their order, then what they come to together."""
    for number, line in enumerate(of.units, 1):
        yield _row(of, number, line)
    for line in of.totals:
        yield _row(of, None, line)


def _row(of: Rollup, number: int | None, line: Line) -> tuple[Cell, ...]:
    blank = (None,) * len(of.instrument.codes)
    nrr = (None if each is None else half_up(each, 3) for each in line.nrr or blank)
    done = None if line.follow_up is None else "{} dari {}".format(*line.follow_up)
    fits = {True: "cocok", False: "TIDAK COCOK", None: None}[line.holds]
    lowest = ", ".join(of.instrument.number(code) for code in line.lowest) or None
    return (
        number, line.name, of.period, line.n, line.users, *nrr, line.ikm, line.mutu,
        lowest, done, of.mode if line.ikm is not None else None, fits, line.note or None,
    )  # fmt: skip


def write(of: Rollup, path: Path) -> None:
    """Write the table, as a workbook where the name ends in .xlsx."""
    if path.suffix.lower() == ".xlsx":
        _workbook(of, path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, headings(of), ([*_texts(row)] for row in rows(of)))


def _texts(row: Sequence[Cell]) -> Iterator[str | int | None]:
    for cell in row:
        match cell:
            case str():
                yield harmless(cell)
            case Decimal():
                yield str(cell)
            case _:
                yield cell


def _workbook(of: Rollup, path: Path) -> None:
    titles = headings(of)
    with xlsxwriter.Workbook(path, OPTIONS) as made:
        book = Book(made)
        page = book.page("Rekap", [WIDTHS.get(title, WIDTH) for title in titles], landscape=True)
        page.freeze(page.head(*titles), 2)
        for number, row in enumerate(rows(of), 1):
            page.put(*row, style="text" if number <= len(of.units) else "label")
        book.finish()
