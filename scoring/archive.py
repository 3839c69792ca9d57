"""XLSX and ODS archives: checked for size and repacked before the workbook reader opens them.

The reader trusts its input. It allocates every cell up to the outermost one, so two cells can ask
for 500 GB and abort the process. It also returns a cell with an error value as an empty cell, so an
answer would be read as "not answered"; and it does not tell which rows are hidden.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

MAX_UNPACKED = 128 * 2**20  # bytes, sum of all parts
MAX_CELLS = 2_000_000  # rows × columns up to the outermost filled cell of one sheet
MAX_PARTS = 2_000
MAX_HIDDEN = 10_000  # hidden rows of one element that are recorded
MAX_POSITION = (1_048_576, 16_384)  # rows and columns of spreadsheet programs

UNREADABLE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    RuntimeError,  # encrypted parts, or a compression that no spreadsheet program uses
    EOFError,
    OSError,
    ValueError,
)
ODS_MIMETYPE = "mimetype"
ODS_CONTENT = "content.xml"
ODS_HIDDEN = ("collapse", "filter")
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)

Position = tuple[int, int]  # row and column, from 1


class ArchiveError(ValueError):
    """An archive that is broken or too large; the message is a sentence for the user."""


@dataclass(slots=True)
class Part:
    """The extent and contents of one XML part."""

    rows: int = 0
    columns: int = 0
    errors: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, state, relation
    targets: dict[str, str] = field(default_factory=dict)  # relation -> part

    def extend(self, row: int, column: int) -> None:
        """Extend the filled area to a cell; ArchiveError when the area is too large."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * self.columns > MAX_CELLS:
            raise ArchiveError(
                f"lembar terlalu besar (terisi sampai baris {self.rows}, kolom ke-{self.columns});"
                " hapus sel yang jauh di luar tabel, atau simpan sebagai CSV."
            )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the workbook reader does not tell of one sheet.

    `errors` are the cells that are not empty but have no value.
    """

    hidden: bool = False
    errors: dict[Position, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Archive:
    """A repacked workbook, with the facts of its sheets by name."""

    data: bytes
    sheets: dict[str, Facts]


def repacked(data: bytes) -> Archive:
    """The workbook with only those XML parts that were parsed completely and are small enough.

    Raises:
        ArchiveError: the archive is not readable, or too large when unpacked.
    """
    contents: dict[str, bytes] = {}
    parts: dict[str, Part] = {}
    sheets: dict[str, Facts] = {}
    try:
        for name, content in _unpacked(data):
            contents[name] = content
            if name == ODS_CONTENT:
                sheets |= _OdsParser().tables(content)
            elif name != ODS_MIMETYPE:
                parts[name] = _PartParser().parse(content)
    except ArchiveError:
        raise
    except UNREADABLE_ERRORS as error:
        raise ArchiveError(
            "berkas lembar kerja rusak atau berkata sandi; buka dengan aplikasi lembar kerja,"
            " simpan ulang sebagai .xlsx tanpa kata sandi."
        ) from error
    return Archive(_packed(contents), sheets or _xlsx_sheets(parts))


def _xlsx_sheets(parts: dict[str, Part]) -> dict[str, Facts]:
    targets = parts.get(RELATIONS, Part()).targets
    # When the part of a sheet is unknown, the errors of all parts are used.
    every = Part(errors={at: text for part in parts.values() for at, text in part.errors.items()})
    return {
        name: Facts(state != "visible", part.errors, frozenset(part.hidden_rows))
        for name, state, relation in parts.get(WORKBOOK, Part()).sheets
        for part in (parts.get(targets.get(relation, ""), every),)
    }


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    remaining = MAX_UNPACKED
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_PARTS:
            raise ArchiveError(f"berkas berisi lebih dari {MAX_PARTS} bagian; ditolak.")
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels", ODS_MIMETYPE)):
                continue
            with archive.open(entry) as part:
                content = part.read(remaining + 1)
            remaining -= len(content)
            if remaining < 0:
                size = MAX_UNPACKED // 2**20
                raise ArchiveError(
                    f"isi berkas melebihi {size} MB setelah dibuka; simpan sebagai CSV, atau"
                    " bagi menjadi beberapa berkas."
                )
            yield entry.filename, content


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


class _PartParser:
    """Parses a part of XLSX: its extent, cells with errors, hidden rows, sheets, relations."""

    def __init__(self) -> None:
        self.part = Part()
        self.position: Position = (0, 0)
        self.cell_type = ""
        self.children: set[str] = set()
        self.inside = ""
        self.value: list[str] = []

    def parse(self, content: bytes) -> Part:
        """The extent and contents of a part; ExpatError when it is not well-formed XML."""
        parser = _parser()
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.Parse(content, True)
        return self.part

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Record the position and type of a cell, or a sheet, or a relation."""
        match name.rpartition(":")[2]:
            case "row":
                row = int(attributes.get("r", self.position[0] + 1))
                self.position = (_bounded(row, 0), 0)
                if attributes.get("hidden") in ("1", "true"):
                    self.part.hidden_rows.add(row)
            case "c":
                self.position = self.position_of(attributes.get("r"))
                self.cell_type = attributes.get("t", "")
                self.children.clear()
                self.value.clear()
            case "v" | "f" | "is" as local:
                self.inside = local
                self.children.add(local)
            case "sheet":
                relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                state = attributes.get("state", "visible")
                self.part.sheets.append((attributes.get("name", ""), state, relation))
            case "Relationship":
                target = PurePosixPath("/xl", attributes.get("Target", ""))
                self.part.targets[attributes.get("Id", "")] = str(target).lstrip("/")

    def position_of(self, reference: str | None) -> Position:
        """Row and column of a cell; without a reference, it follows the previous cell."""
        if reference is None:
            return self.position[0], _bounded(self.position[1] + 1, 1)
        match = REFERENCE.fullmatch(reference)
        if not match:
            raise ValueError(f"{reference[:20]!r} is not a cell reference")
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return _bounded(int(match[2]), 0), _bounded(column, 1)

    def on_text(self, text: str) -> None:
        """Record the text of a cell with an error value."""
        if self.cell_type == "e" and self.inside == "v":
            self.value.append(text)

    def on_end(self, name: str) -> None:
        """Record a cell that has an error or no value, and extend the filled area."""
        if name.rpartition(":")[2] != "c":
            return
        if self.cell_type == "e":
            self.part.errors[self.position] = "".join(self.value)[:20] or "#ERROR"
        elif self.children == {"f"}:
            self.part.errors[self.position] = "rumus tanpa hasil"
        if self.children:
            self.part.extend(*self.position)
        self.cell_type = self.inside = ""


class _OdsParser:
    """Parses the content of ODS: the tables with their extent and hidden rows."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parts: list[Part] = []
        self.row = self.column = self.repeated = self.filled = 0
        self.error: list[str] | None = None  # the text of a cell with an error value

    def tables(self, content: bytes) -> dict[str, Facts]:
        """The facts of each table; ExpatError when the content is not well-formed XML."""
        parser = _parser()
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.Parse(content, True)
        return {
            name: Facts(errors=part.errors, hidden_rows=frozenset(part.hidden_rows))
            for name, part in zip(self.names, self.parts, strict=True)
        }

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a table or a row, or record a cell."""
        match name:
            case "table:table":
                self.names.append(attributes.get("table:name", ""))
                self.parts.append(Part())
                self.row = 0
            case "table:table-row" if self.parts:
                self.repeated = _times(attributes, "table:number-rows-repeated")
                self.column = self.filled = 0
                if attributes.get("table:visibility") in ODS_HIDDEN:
                    last = self.row + min(self.repeated, MAX_HIDDEN)
                    self.parts[-1].hidden_rows.update(range(self.row + 1, last + 1))
            case "table:table-cell" | "table:covered-table-cell" if self.parts:
                self.column += _times(attributes, "table:number-columns-repeated")
                if "office:value-type" in attributes or "table:formula" in attributes:
                    self.filled = self.column
                if attributes.get("calcext:value-type") == "error":
                    self.error = []

    def on_text(self, text: str) -> None:
        """Record the text of a cell with an error value."""
        if self.error is not None:
            self.error.append(text)

    def on_end(self, name: str) -> None:
        """End a cell with an error value, or a row."""
        if name == "table:table-cell" and self.error is not None:
            self.parts[-1].errors[self.row + 1, self.column] = "".join(self.error)[:20] or "#ERROR"
            self.error = None
        elif name == "table:table-row" and self.parts:
            self.row += self.repeated
            if self.filled:
                self.parts[-1].extend(self.row, self.filled)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    """Spreadsheets have no document type, and one can define expanding entities."""
    raise ValueError("document type in a spreadsheet")


def _times(attributes: dict[str, str], name: str) -> int:
    times = int(attributes.get(name, 1))
    if not 1 <= times <= MAX_POSITION[0]:
        raise ValueError(f"{name} {times} is out of range")
    return times


def _bounded(number: int, axis: int) -> int:
    if not 1 <= number <= MAX_POSITION[axis]:
        raise ValueError(f"row or column {number} is out of range")
    return number
