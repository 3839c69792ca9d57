"""XLSX archives: checked for size and repacked before the XLSX reader opens them.

The reader trusts its input. It allocates every cell up to the outermost one, so two cells can ask
for 500 GB and abort the process. It also returns a cell with an error value as an empty cell, so an
answer would be read as "not answered".
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
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, state, relation
    targets: dict[str, str] = field(default_factory=dict)  # relation -> part


@dataclass(frozen=True, slots=True)
class Archive:
    """A repacked workbook.

    `sheet` is the name of the first visible sheet, `sheets` the number of sheets with content,
    `errors` the cells of the first sheet that are not empty but have no value.
    """

    data: bytes
    sheet: str | None
    sheets: int
    errors: dict[Position, str]


def repacked(data: bytes) -> Archive:
    """The workbook with only those XML parts that were parsed completely and are small enough.

    Raises:
        ArchiveError: the archive is not readable, or too large when unpacked.
    """
    contents, parts = {}, {}
    try:
        for name, content in _unpacked(data):
            contents[name] = content
            parts[name] = _PartParser().parse(content)
    except ArchiveError:
        raise
    except UNREADABLE_ERRORS as error:
        raise ArchiveError(
            "berkas XLSX rusak atau berkata sandi; buka dengan aplikasi lembar kerja, simpan ulang"
            " sebagai .xlsx tanpa kata sandi."
        ) from error
    sheets = [sheet for sheet in parts.get(WORKBOOK, Part()).sheets if sheet[1] == "visible"]
    name, _, relation = sheets[0] if sheets else ("", "", "")
    target = parts.get(RELATIONS, Part()).targets.get(relation)
    # When the first sheet is unknown, the errors of all sheets are used.
    used = [parts[target]] if target in parts else list(parts.values())
    errors = {position: text for part in used for position, text in part.errors.items()}
    filled = sum(part.rows > 0 for part in parts.values())
    return Archive(_packed(contents), name or None, min(filled, len(sheets)), errors)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    remaining = MAX_UNPACKED
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_PARTS:
            raise ArchiveError(f"berkas XLSX berisi lebih dari {MAX_PARTS} bagian; ditolak.")
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(entry) as part:
                content = part.read(remaining + 1)
            remaining -= len(content)
            if remaining < 0:
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


class _PartParser:
    """Parses one XML part and records its extent, cells with errors, sheets and relations."""

    def __init__(self) -> None:
        self.part = Part()
        self.position: Position = (0, 0)
        self.cell_type = ""
        self.children: set[str] = set()
        self.inside = ""
        self.value: list[str] = []

    def parse(self, content: bytes) -> Part:
        """The extent and contents of a part; ExpatError when it is not well-formed XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.on_doctype
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.Parse(content, True)
        return self.part

    def on_doctype(self, *_: object) -> None:
        """Refuse document types: spreadsheets have none, and they can define expanding entities."""
        raise ValueError("document type in a spreadsheet")

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Record the position and type of a cell, or a sheet, or a relation."""
        match name.rpartition(":")[2]:
            case "row":
                row = int(attributes.get("r", self.position[0] + 1))
                self.position = (_bounded(row, 0), 0)
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
            self.extend()
        self.cell_type = self.inside = ""

    def extend(self) -> None:
        """Extend the filled area to the cell; ArchiveError when the area is too large."""
        self.part.rows = max(self.part.rows, self.position[0])
        self.part.columns = max(self.part.columns, self.position[1])
        if self.part.rows * self.part.columns > MAX_CELLS:
            raise ArchiveError(
                f"lembar XLSX terlalu besar (terisi sampai baris {self.part.rows}, kolom ke-"
                f"{self.part.columns}); hapus sel yang jauh di luar tabel, atau simpan sebagai CSV."
            )


def _bounded(number: int, axis: int) -> int:
    if not 1 <= number <= MAX_POSITION[axis]:
        raise ValueError(f"row or column {number} is out of range")
    return number
