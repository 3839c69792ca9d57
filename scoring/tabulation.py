"""Tabulations: one row a respondent, one column an unsur, read from a sheet for an instrument."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from scoring.instrument import Instrument
from scoring.notice import Warning  # noqa: A004 - the contract's word for what it means here
from scoring.sheet import Sheet, shown

# Columns that an export has besides the unsur, and the running number of paper tabulations.
KNOWN = frozenset(
    (
        *("no", "instrumen", "periode", "unit", "layanan", "loket", "kanal", "urutan", "tanggal"),
        *("jam", "jenis_kelamin", "umur", "pendidikan", "pekerjaan"),
    )
)
ORDERS = ("peraturan", "formulir")
LISTED = 20  # bad cells or columns named one by one; of more, only the number is told

Answer = int | None
Answers = tuple[Answer, ...]


class TabulationError(ValueError):
    """A sheet that cannot be read as a tabulation; the message has one line a problem."""


@dataclass(frozen=True, slots=True)
class Tabulation:
    """The responses of a sheet, in its order, each with one answer an item of the instrument."""

    instrument: Instrument
    responses: tuple[Answers, ...]
    warnings: tuple[Warning, ...]

    def rows(self) -> Iterator[dict[str, Answer]]:
        """Item code -> nilai, None where not answered; one a response."""
        for answers in self.responses:
            yield dict(zip(self.instrument.codes, answers, strict=True))


def read(sheet: Sheet, instrument: Instrument, order: str = "peraturan") -> Tabulation:
    """The tabulation in a sheet; an empty cell is an item not answered.

    Args:
        order: what bare u1, u2, … mean: the regulation's order, or that of common forms.

    Raises:
        TabulationError: columns that do not fit, or cells that are no nilai, each one named.
        SheetError: the file breaks in its middle.
    """
    places, warnings = _columns(sheet.header, instrument, order)
    reader = _Reader(instrument, sheet.header, places)
    for number, cells in sheet.rows:
        reader.take(number, cells)
    if reader.bad:
        raise TabulationError("\n".join(reader.complaint()))
    return Tabulation(
        instrument, tuple(reader.responses), (*sheet.notes, *warnings, *reader.warnings())
    )


def _columns(
    header: Sequence[str], instrument: Instrument, order: str
) -> tuple[dict[str, int], list[Warning]]:
    """Item code -> place of its column; TabulationError naming everything that does not fit."""
    bare = _bare(instrument, order)
    meant = [_meant(cell, instrument, bare) for cell in header]
    problems = [
        f"Kolom {shown(cell)} tidak dikenal{_suggestion(cell, instrument)}."
        for cell, name in zip(header, meant, strict=True)
        if name is None
    ]
    if len(problems) > LISTED:
        problems[LISTED:] = [f"… dan {len(problems) - LISTED} kolom lain yang tidak dikenal."]
    problems += [
        f"Kolom {name} ada {count} kali; sisakan satu."
        for name, count in Counter(filter(None, meant)).items()
        if count > 1
    ]
    missing = [instrument.title(code) for code in instrument.codes if code not in meant]
    if missing:
        problems.append(f"Kolom unsur yang tidak ada: {', '.join(missing)}.")
    if problems:
        problems.append(
            f"Baris pertama harus berisi judul kolom: kode unsur ({', '.join(instrument.codes)})"
            f" atau u1 sampai u{len(instrument.codes)}. Kolom lain yang boleh ada, tanpa dihitung:"
            f" {', '.join(sorted(KNOWN))}."
        )
        raise TabulationError("\n".join(problems))
    places = {name: place for place, name in enumerate(meant) if name in instrument.weights}
    return places, _ambiguity(header, instrument, bare, order)


def _bare(instrument: Instrument, order: str) -> dict[str, str]:
    """u1, u2, … -> item code in the order asked for."""
    if order not in ORDERS:
        raise TabulationError(f'urutan "{order}" tidak dikenal; pilih: {", ".join(ORDERS)}.')
    codes = instrument.codes if order == "peraturan" else instrument.form_order
    return {f"u{number}": code for number, code in enumerate(codes, 1)}


def _meant(cell: str, instrument: Instrument, bare: dict[str, str]) -> str | None:
    """The item code, or the known column, that a heading means; "" for none, None if unknown."""
    name = cell.rstrip(".").replace(" ", "_").lower()
    if name.upper() in instrument.weights:
        return name.upper()
    return bare.get(name, name if not name or name in KNOWN else None)


def _suggestion(cell: str, instrument: Instrument) -> str:
    near = get_close_matches(cell.upper()[:40], instrument.codes, n=1)
    return f", mungkin maksudnya {near[0]}" if near else ""


def _ambiguity(
    header: Sequence[str], instrument: Instrument, bare: dict[str, str], order: str
) -> list[Warning]:
    pairs = zip(bare, instrument.codes, instrument.form_order, strict=True)
    ambiguous = [name for name, code, other in pairs if code != other]
    used = {cell.lower() for cell in header}
    if not used.intersection(ambiguous):
        return []
    read_as = ", ".join(f"{name} = {instrument.item(bare[name]).name['id']}" for name in ambiguous)
    advice = (
        "Bila formulir Anda menanyakannya terbalik, tambahkan --urutan formulir"
        if order == "peraturan"
        else "Bila formulir Anda memakai urutan peraturan, hapus --urutan formulir"
    )
    text = (
        f"Kolom {' dan '.join(ambiguous)} dibaca menurut urutan {order}: {read_as}."
        f" {advice}, atau pakai kode unsur sebagai judul kolom."
    )
    return [Warning("urutan_u8_u9", text)]


def misfits(header: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    """What is wrong with the shape of a row: cells too few, too many, or under no heading."""
    if len(cells) < len(header):
        yield f"hanya {len(cells)} sel dari {len(header)} kolom."
    elif any(cells[len(header) :]):
        yield (
            f"{len(cells)} sel, padahal ada {len(header)} kolom; angka berkoma desimal dalam berkas"
            " berpemisah koma harus diberi tanda kutip."
        )
    else:
        for place, heading in enumerate(header):
            if not heading and cells[place]:
                yield f"{shown(cells[place])} ada di kolom ke-{place + 1} yang tidak berjudul."


def nilai_of(cell: str, steps: range) -> Answer:
    """The nilai in a cell, "3.0" and "3,0" too; None when it holds none."""
    whole, _, decimals = cell.replace(",", ".").partition(".")
    found = {str(step): step for step in steps}.get(whole)
    return None if decimals.strip("0") else found


class _Reader:
    """Takes the rows one by one and keeps what is good, what is bad and what is odd."""

    def __init__(
        self, instrument: Instrument, header: Sequence[str], places: dict[str, int]
    ) -> None:
        self.instrument = instrument
        self.header = header
        self.places = [(places[code], code) for code in instrument.codes]
        self.known: dict[str, Answer] = {"": None}
        self.seen: dict[Answers, Answers] = {}  # most people answer alike: one tuple serves all
        self.responses: list[Answers] = []
        self.bad: list[str] = []
        self.bad_count = 0
        self.empty: list[int] = []
        self.sparse: list[int] = []

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One row that is not blank."""
        if self.shape_fits(number, cells):
            answers = tuple(self.nilai(number, code, cells[place]) for place, code in self.places)
            self.keep(number, answers)

    def shape_fits(self, number: int, cells: Sequence[str]) -> bool:
        """Whether the row has a cell for each heading and nothing beside them."""
        for problem in misfits(self.header, cells):
            self.refuse(f"Baris {number}: {problem}")
        return len(cells) >= len(self.header) and not any(cells[len(self.header) :])

    def nilai(self, number: int, code: str, cell: str) -> Answer:
        """The answer in a cell; one that is none is noted and counts as empty for now."""
        if cell not in self.known:
            nilai = nilai_of(cell, self.instrument.steps)
            if nilai is None:
                self.refuse_cell(number, code, cell)
                return None
            self.known[cell] = nilai
        return self.known[cell]

    def keep(self, number: int, answers: Answers) -> None:
        """Keeps a response, noting one that says little; one that says nothing is none."""
        filled = len(answers) - answers.count(None)
        if not filled:
            self.empty.append(number)
            return
        if filled < self.instrument.min_filled:
            self.sparse.append(number)
        self.responses.append(self.seen.setdefault(answers, answers))

    def refuse_cell(self, number: int, code: str, cell: str) -> None:
        """Notes a cell that is no nilai, by row and column as the file has them."""
        least, most = self.instrument.scale
        heading = next(self.header[place] for place, each in self.places if each == code)
        column = heading if heading.upper() == code else f"{heading} ({code})"
        self.refuse(f"Baris {number}, kolom {column}: {shown(cell)} bukan nilai {least}–{most}.")

    def refuse(self, problem: str) -> None:
        """Notes a problem; only the first ones are told in full."""
        self.bad_count += 1
        if len(self.bad) < LISTED:
            self.bad.append(problem)

    def complaint(self) -> Iterator[str]:
        """Every line that the owner of the file needs."""
        yield from self.bad
        if self.bad_count > len(self.bad):
            yield f"… dan {self.bad_count - len(self.bad)} masalah lain."
        least, most = self.instrument.scale
        yield (
            f"Isi dengan {least}–{most}, atau kosongkan bila tidak dijawab; hapus baris jumlah dan"
            " keterangan di bawah tabel, lalu jalankan lagi."
        )

    def warnings(self) -> Iterator[Warning]:
        """What is odd but counted."""
        if self.sparse:
            yield Warning(
                "isian_kurang",
                f"{len(self.sparse)} responden mengisi kurang dari {self.instrument.min_filled}"
                f" unsur (baris {_listed(self.sparse)}); tetap dihitung.",
            )
        if self.empty:
            yield Warning(
                "baris_tanpa_nilai",
                f"{len(self.empty)} baris tanpa satu pun nilai unsur dilewati"
                f" (baris {_listed(self.empty)}).",
            )


def _listed(numbers: list[int]) -> str:
    named = ", ".join(str(number) for number in numbers[:5])
    return f"{named}, …" if len(numbers) > 5 else named
