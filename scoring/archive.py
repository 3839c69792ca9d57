"""XLSX archives: measured and repacked before a reader that trusts them unpacks anything.

The reader allocates every cell between the outermost two (two cells can ask for 500 GB and abort
the process), and shows a cell in error as an empty one: an answer would turn into "not answered".
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

MAX_UNPACKED = 128 * 2**20  # bytes of all parts together
MAX_CELLS = 2_000_000  # rows × columns up to the outermost filled cell of one sheet
MAX_PARTS = 2_000
EDGE = (1_048_576, 16_384)  # what any spreadsheet program can address: rows, columns

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    RuntimeError,  # encrypted parts, and compressions that no spreadsheet program writes
    EOFError,
    OSError,
    ValueError,
)
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)

Place = tuple[int, int]  # row and column, from 1


class ArchiveError(ValueError):
    """An archive that is broken or too large; the message is a sentence for its owner."""


@dataclass(slots=True)
class Part:
    """What one XML part holds, as far as it matters here."""

    rows: int = 0
    columns: int = 0
    faults: dict[Place, str] = field(default_factory=dict)
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, state, relation
    targets: dict[str, str] = field(default_factory=dict)  # relation -> part


@dataclass(frozen=True, slots=True)
class Archive:
    """A repacked workbook: `sheet` the first visible one, `sheets` how many hold anything,
    `faults` the cells of the first that have no value though they are not empty."""

    data: bytes
    sheet: str | None
    sheets: int
    faults: dict[Place, str]


def checked(data: bytes) -> Archive:
    """The workbook again, holding only XML parts that were read whole and are small enough.

    Raises:
        ArchiveError: not a readable archive, or one that unpacks to too much.
    """
    parts, measured = {}, {}
    try:
        for name, content in _unpacked(data):
            parts[name] = content
            measured[name] = _Measure().of(content)
    except ArchiveError:
        raise
    except UNREADABLE as error:
        raise ArchiveError(
            "berkas XLSX rusak atau berkata sandi; buka dengan aplikasi lembar kerja, simpan ulang"
            " sebagai .xlsx tanpa kata sandi."
        ) from error
    sheets = [sheet for sheet in measured.get(WORKBOOK, Part()).sheets if sheet[1] == "visible"]
    name, _, relation = sheets[0] if sheets else ("", "", "")
    target = measured.get(RELATIONS, Part()).targets.get(relation)
    # Where the first sheet cannot be told, the faults of all of them stand for its own.
    places = [measured[target]] if target in measured else list(measured.values())
    faults = {place: text for part in places for place, text in part.faults.items()}
    filled = sum(part.rows > 0 for part in measured.values())
    return Archive(_packed(parts), name or None, min(filled, len(sheets)), faults)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    left = MAX_UNPACKED
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_PARTS:
            raise ArchiveError(f"berkas XLSX berisi lebih dari {MAX_PARTS} bagian; ditolak.")
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(entry) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                size = MAX_UNPACKED // 2**20
                raise ArchiveError(
                    f"isi berkas XLSX melebihi {size} MB setelah dibuka; simpan sebagai CSV, atau"
                    " bagi menjadi beberapa berkas."
                )
            yield entry.filename, content


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


class _Measure:
    """Walks one XML part and notes its extent, its faulty cells, its sheets and relations."""

    def __init__(self) -> None:
        self.part = Part()
        self.place: Place = (0, 0)
        self.kind = ""
        self.seen: set[str] = set()
        self.inside = ""
        self.value: list[str] = []

    def of(self, content: bytes) -> Part:
        """The part's measure; ExpatError when it is not well-formed XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.on_doctype
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.Parse(content, True)
        return self.part

    def on_doctype(self, *_: object) -> None:
        """Spreadsheets have none; entities that expand come in one."""
        raise ValueError("a document type in a spreadsheet")

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Notes a cell's place and kind, or a sheet, or a relation."""
        match name.rpartition(":")[2]:
            case "row":
                row = int(attributes.get("r", self.place[0] + 1))
                self.place = (_bounded(row, 0), 0)
            case "c":
                self.place = self.placed(attributes.get("r"))
                self.kind = attributes.get("t", "")
                self.seen.clear()
                self.value.clear()
            case "v" | "f" | "is" as local:
                self.inside = local
                self.seen.add(local)
            case "sheet":
                relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                state = attributes.get("state", "visible")
                self.part.sheets.append((attributes.get("name", ""), state, relation))
            case "Relationship":
                target = PurePosixPath("/xl", attributes.get("Target", ""))
                self.part.targets[attributes.get("Id", "")] = str(target).lstrip("/")

    def placed(self, reference: str | None) -> Place:
        """Row and column of a cell; one without a reference stands beside the one before."""
        if reference is None:
            return self.place[0], _bounded(self.place[1] + 1, 1)
        found = REFERENCE.fullmatch(reference)
        if not found:
            raise ValueError(f"no cell is called {reference[:20]!r}")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return _bounded(int(found[2]), 0), _bounded(column, 1)

    def on_text(self, text: str) -> None:
        """Keeps what a cell in error says."""
        if self.kind == "e" and self.inside == "v":
            self.value.append(text)

    def on_end(self, name: str) -> None:
        """Judges a cell once it is whole."""
        if name.rpartition(":")[2] != "c":
            return
        if self.kind == "e":
            self.part.faults[self.place] = "".join(self.value)[:20] or "#ERROR"
        elif self.seen == {"f"}:
            self.part.faults[self.place] = "rumus tanpa hasil"
        if self.seen:
            self.extend()
        self.kind = self.inside = ""

    def extend(self) -> None:
        """Grows the filled area by the cell and refuses one that nobody could hold."""
        self.part.rows = max(self.part.rows, self.place[0])
        self.part.columns = max(self.part.columns, self.place[1])
        if self.part.rows * self.part.columns > MAX_CELLS:
            raise ArchiveError(
                f"lembar XLSX terlalu besar (terisi sampai baris {self.part.rows}, kolom ke-"
                f"{self.part.columns}); hapus sel yang jauh di luar tabel, atau simpan sebagai CSV."
            )


def _bounded(number: int, axis: int) -> int:
    if not 1 <= number <= EDGE[axis]:
        raise ValueError(f"no sheet has a row or column {number}")
    return number
