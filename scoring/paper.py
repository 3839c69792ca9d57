"""Paper answers: a sheet with one row a slip, checked whole before anything of it is kept."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from scoring import paper_cells
from scoring.instrument import Instrument
from scoring.paper_cells import Wrong, folded
from scoring.sheet import Sheet, shown
from scoring.tabulation import Answers, misfits, nilai_of

MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
LISTED = 1_000  # problems told one by one; of more, only the number is told
DECLINED = "-"
REQUIRED = ("tanggal", "layanan")
OPTIONAL = ("no", "no_slip", "jam", "loket", "saran")

T = TypeVar("T")


class PaperError(ValueError):
    """A sheet that cannot be taken in; `lines` say what to mend, by row and column."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are held against.

    `services` and `counters` (of a service) are known by `folded` code and name; `period_of` says
    in which period a day is filed, or raises ValueError with the reason; `taken` are the slips
    that a period has already.
    """

    services: Mapping[str, int]
    counters: Mapping[tuple[int, str], int]
    period_of: Callable[[date], int]
    taken: Collection[tuple[int, str]]
    min_filled: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One good row: an answer a person gave on paper."""

    period_id: int
    service_id: int
    counter_id: int | None
    tanggal: date
    jam: str | None
    number: str | None
    attributes: tuple[str, ...]  # in the instrument's order
    answers: Answers  # the same
    saran: str | None


def columns(instrument: Instrument) -> tuple[str, ...]:
    """The headings of a template, in the order of a slip."""
    return (
        *("no_slip", "tanggal", "jam", "layanan", "loket"),
        *instrument.codes,
        *(attribute.code for attribute in instrument.attributes),
        "saran",
    )


def read(sheet: Sheet, instrument: Instrument, ground: Ground) -> tuple[Slip, ...]:
    """Every row of the sheet.

    Raises:
        PaperError: columns that do not fit, or rows that cannot be taken, each one named.
        SheetError: the file breaks in its middle.
    """
    places = _places(sheet.header, instrument)
    reader = _Reader(instrument, ground, sheet.header, places)
    for count, (number, cells) in enumerate(sheet.rows, 1):
        if count > MAX_ROWS:
            raise PaperError([f"Lebih dari {MAX_ROWS} baris; bagi menjadi beberapa berkas."])
        reader.take(number, cells)
    if reader.problems:
        raise PaperError(_listed(reader.problems, reader.bad))
    if not reader.slips:
        raise PaperError(["Tidak ada satu baris isian pun di bawah judul kolom."])
    return tuple(reader.slips)


def _listed(problems: Sequence[str], bad: int) -> list[str]:
    told = list(problems)
    if bad > len(told):
        told.append(f"… dan {bad - len(told)} masalah lain.")
    return told


def _places(header: Sequence[str], instrument: Instrument) -> dict[str, int]:
    """Column -> its place; PaperError naming every heading that does not fit."""
    known = {name.casefold(): name for name in (*columns(instrument), *OPTIONAL, *REQUIRED)}
    meant = [known.get(re.sub(r"\s+", "_", cell.rstrip(".")).casefold()) for cell in header]
    problems = [
        f"Kolom {shown(cell)} tidak dikenal{_near(cell, known)}."
        for cell, name in zip(header, meant, strict=True)
        if name is None and cell
    ]
    problems += [
        f"Kolom {name} ada {count} kali; sisakan satu."
        for name, count in Counter(filter(None, meant)).items()
        if count > 1
    ]
    needed = (*REQUIRED, *instrument.codes)
    missing = [name for name in needed if name not in meant]
    if missing:
        problems.append(f"Kolom yang tidak ada: {', '.join(missing)}.")
    if problems:
        problems.append(
            f"Judul kolom di baris pertama: {', '.join(columns(instrument))}. Yang wajib ada:"
            f" {', '.join(needed)}."
        )
        raise PaperError(problems)
    return {name: place for place, name in enumerate(meant) if name}


def _near(cell: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(cell.casefold()[:40], list(known), n=1)
    return f", mungkin maksudnya {known[near[0]]}" if near else ""


class _Reader:
    """Takes the rows one by one; keeps what is good, and what is wrong with the others."""

    def __init__(
        self,
        instrument: Instrument,
        ground: Ground,
        header: Sequence[str],
        places: Mapping[str, int],
    ) -> None:
        self.instrument = instrument
        self.ground = ground
        self.header = header
        self.places = places
        self.options = {each.code: paper_cells.options(each) for each in instrument.attributes}
        self.filed: dict[str, tuple[date, int]] = {}
        self.numbers: dict[tuple[int, str], int] = {}
        self.slips: list[Slip] = []
        self.problems: list[str] = []
        self.bad = 0

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One row that is not blank."""
        before = self.bad
        for problem in misfits(self.header, cells):
            self.refuse(f"Baris {number}: {problem}")
        if self.bad > before:
            return
        slip = self.slip(number, cells)
        if slip is not None and self.bad == before:
            self.slips.append(slip)

    def slip(self, number: int, cells: Sequence[str]) -> Slip | None:
        """The answer of a row; None when no day can be told. Problems are noted, left to right."""
        written = self.cell(number, cells, "no_slip", paper_cells.slip_number)
        filed = self.cell(number, cells, "tanggal", self.day)
        jam = self.cell(number, cells, "jam", paper_cells.band)
        service = self.cell(number, cells, "layanan", self.service)
        counter = None
        if service is not None:
            counter = self.cell(number, cells, "loket", lambda cell: self.counter(service, cell))
        answers = tuple(
            self.cell(number, cells, code, self.nilai) for code in self.instrument.codes
        )
        attributes = tuple(self.attribute(number, cells, code) for code in self.options)
        saran = self.cell(number, cells, "saran", paper_cells.suggestion)
        self.count(number, answers)
        if filed is None or service is None:
            return None
        tanggal, period = filed
        if written is not None:
            self.once(number, period, written)
        return Slip(period, service, counter, tanggal, jam, written, attributes, answers, saran)

    def cell(
        self, number: int, cells: Sequence[str], name: str, read: Callable[[str], T]
    ) -> T | None:
        """What a cell says; what is wrong with it is noted by row and column."""
        place = self.places.get(name)
        try:
            return read("" if place is None else cells[place])
        except Wrong as wrong:
            self.refuse(f"Baris {number}, kolom {name}: {wrong}")
            return None

    def attribute(self, number: int, cells: Sequence[str], code: str) -> str:
        """What the person said of himself."""
        return self.cell(number, cells, code, lambda cell: self.option(code, cell)) or DECLINED

    def day(self, cell: str) -> tuple[date, int]:
        """The day of the survey, and the period it is filed under."""
        if cell not in self.filed:
            day = paper_cells.day(cell)
            try:
                self.filed[cell] = (day, self.ground.period_of(day))
            except ValueError as refusal:
                raise Wrong(str(refusal)) from None
        return self.filed[cell]

    def service(self, cell: str) -> int:
        """A service by its code or name."""
        if not cell:
            raise Wrong("kosong; tulis kode atau nama layanan.")
        found = self.ground.services.get(folded(cell))
        if found is None:
            raise Wrong(f"layanan {shown(cell)} tidak dikenal{_near(cell, self.services())}.")
        return found

    def services(self) -> dict[str, str]:
        """What a mistyped service may have meant."""
        return {name: name for name in self.ground.services}

    def counter(self, service: int, cell: str) -> int | None:
        """A counter of the service by its code or name; none where none is written."""
        if not cell:
            return None
        found = self.ground.counters.get((service, folded(cell)))
        if found is None:
            raise Wrong(f"layanan itu tidak punya loket {shown(cell)}.")
        return found

    def nilai(self, cell: str) -> int | None:
        """An answer; None where none was given."""
        if not cell:
            return None
        nilai = nilai_of(cell, self.instrument.steps)
        if nilai is None:
            least, most = self.instrument.scale
            raise Wrong(f"{shown(cell)} bukan nilai {least}–{most}; kosongkan bila tidak dijawab.")
        return nilai

    def option(self, code: str, cell: str) -> str | None:
        """The option a cell names, as paper counts it; None where none was chosen."""
        if cell in ("", DECLINED):
            return None
        options = self.options[code]
        found = options.get(folded(cell)) or options.get(folded(paper_cells.aged(cell, options)))
        if found is None:
            codes = ", ".join(each.code for each in self.instrument.attribute(code).options)
            raise Wrong(f"{shown(cell)} tidak dikenal; pilihannya: {codes}.")
        return found

    def count(self, number: int, answers: Answers) -> None:
        """Notes a row that says too little."""
        filled = len(answers) - answers.count(None)
        if filled < self.ground.min_filled:
            least = self.ground.min_filled
            self.refuse(
                f"Baris {number}: {filled} unsur terisi dengan benar; paling sedikit {least} supaya"
                " dapat dihitung."
            )

    def once(self, number: int, period: int, written: str) -> None:
        """Notes a slip that came before, in this file or in another."""
        place = f"Baris {number}, kolom no_slip: nomor {written}"
        key = (period, written)
        if key in self.numbers:
            self.refuse(f"{place} sudah ada di baris {self.numbers[key]}.")
        elif key in self.ground.taken:
            self.refuse(f"{place} sudah tercatat pada periode itu.")
        self.numbers.setdefault(key, number)

    def refuse(self, problem: str) -> None:
        """Notes a problem; only the first ones are told in full."""
        self.bad += 1
        if len(self.problems) < LISTED:
            self.problems.append(problem)
