"""The table of units from several offices, as CSV or as a workbook without formulas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import xlsxwriter

from reports.export import without_formula, write_csv
from reports.workbook import OPTIONS, Workbook
from scoring.ikm import half_up
from scoring.instrument import Instrument

WIDTHS = {"no": 5, "unit": 34, "cara hitung": 28, "keterangan": 30}
WIDTH = 14
Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class RollupRow:
    """One row: a unit, or a total of all units; None where a cell has no value."""

    name: str
    n: int | None = None
    population: int | None = None
    nrr: tuple[Fraction | None, ...] = ()  # in the instrument's order
    ikm: Decimal | None = None
    mutu: str | None = None
    lowest: tuple[str, ...] = ()
    follow_up: tuple[int, int] | None = None  # done, planned
    fingerprint_matches: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rollup:
    """The units of one period, with the same instrument and the same mode of calculation."""

    period: str
    instrument: Instrument
    mode: str
    units: Sequence[RollupRow]
    totals: Sequence[RollupRow]


def headings(rollup: Rollup) -> tuple[str, ...]:
    """The columns; each unsur has its name, because forms number U8 and U9 differently."""
    return (
        *("no", "unit", "periode", "responden", "pengguna"),
        *(rollup.instrument.title(code) for code in rollup.instrument.unsur_codes),
        *("IKM", "mutu", "unsur terendah", "tindak lanjut", "cara hitung", "sidik", "keterangan"),
    )


def rows(rollup: Rollup) -> Iterator[tuple[Cell, ...]]:
    """The rows of the units in their order, then the totals."""
    for number, unit in enumerate(rollup.units, 1):
        yield _row(rollup, number, unit)
    for total in rollup.totals:
        yield _row(rollup, None, total)


def _row(rollup: Rollup, number: int | None, row: RollupRow) -> tuple[Cell, ...]:
    blank = (None,) * len(rollup.instrument.unsur_codes)
    nrr = (None if each is None else half_up(each, 3) for each in row.nrr or blank)
    done = None if row.follow_up is None else "{} dari {}".format(*row.follow_up)
    fingerprint = {True: "cocok", False: "TIDAK COCOK", None: None}[row.fingerprint_matches]
    lowest = ", ".join(rollup.instrument.number(code) for code in row.lowest) or None
    return (
        number, row.name, rollup.period, row.n, row.population, *nrr, row.ikm, row.mutu,
        lowest, done, rollup.mode if row.ikm is not None else None, fingerprint, row.note or None,
    )  # fmt: skip


def write(rollup: Rollup, path: Path) -> None:
    """Write the table: a workbook when the name ends in .xlsx, else CSV."""
    if path.suffix.lower() == ".xlsx":
        _workbook(rollup, path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, headings(rollup), ([*_texts(row)] for row in rows(rollup)))


def _texts(row: Sequence[Cell]) -> Iterator[str | int | None]:
    for cell in row:
        match cell:
            case str():
                yield without_formula(cell)
            case Decimal():
                yield str(cell)
            case _:
                yield cell


def _workbook(rollup: Rollup, path: Path) -> None:
    titles = headings(rollup)
    with xlsxwriter.Workbook(path, OPTIONS) as file:
        book = Workbook(file)
        sheet = book.sheet("Rekap", [WIDTHS.get(title, WIDTH) for title in titles], landscape=True)
        sheet.freeze(sheet.write_head(*titles), 2)
        for number, row in enumerate(rows(rollup), 1):
            sheet.write_row(*row, style="text" if number <= len(rollup.units) else "label")
        book.finish()
