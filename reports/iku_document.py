"""The IKU document: jabatan, tugas, fungsi, the indikator with their formulasi, and capaian."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reports import canvas, document
from reports.document import Align, Block, Document, Heading, Numbered, Paragraph, Signature, Table
from reports.facts import BLANK
from reports.papers import OfficeFacts
from scoring.indonesian import long_day

LONGEST = 2_000  # characters of one text
MISSING = "n/a"
ACHIEVEMENT = (
    *("No", "Sasaran strategis", "IKU", "Satuan", "Target", "Realisasi", "Capaian", "Kategori"),
)


@dataclass(frozen=True, slots=True)
class IkuLine:
    """One indikator, every text ready to print; `earlier` holds a text for each comparison.

    `sumber` says where realisasi comes from, and that it was entered by hand if it was.
    """

    sasaran: str
    indikator: str
    formulasi: str
    satuan: str
    target: str
    realisasi: str
    capaian: str
    kategori: str
    sumber: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IkuPaper:
    """What the document prints; `comparisons` are the heads of the columns of `earlier`.

    `made` is when the figures were fixed, aware: the same paper gives the same bytes.
    """

    office: OfficeFacts
    renstra: str  # "Periode 2018–2023"
    year: str
    tugas: tuple[str, ...]
    fungsi: tuple[str, ...]
    lines: tuple[IkuLine, ...]
    comparisons: tuple[str, ...]
    notes: tuple[str, ...]
    made: datetime
    zone: ZoneInfo
    final: bool  # False while figures of the year may change


def iku_document(of: IkuPaper) -> Document:
    """The document as blocks.

    Raises:
        ValueError: a line with another number of comparisons than there are columns.
    """
    if any(len(line.earlier) != len(of.comparisons) for line in of.lines):
        raise ValueError("each line needs one text for every comparison")
    return Document(
        title="INDIKATOR KINERJA UTAMA (IKU)",
        subtitle=of.office.nama,
        period=of.renstra,
        publisher=of.office.kabupaten,
        foot=f"IKU {of.year} · {of.office.nama}",
        draft=not of.final,
        blocks=tuple(_blocks(of)),
    )


def iku_pdf(of: IkuPaper) -> bytes:
    """The document as PDF/A-2b.

    Raises:
        ValueError: as for `iku_document`.
        PictureError: it could not be set.
    """
    return canvas.compiled(
        "iku_document.typ",
        {**document.plain(iku_document(of)), "position": of.office.jabatan},
        "pdf",
        standards=("a-2b",),
        timestamp=of.made,
        longest=LONGEST,
    )


def _blocks(of: IkuPaper) -> Iterator[Block]:
    yield Heading(2, "Tugas")
    yield Numbered(of.tugas)
    yield Heading(2, "Fungsi")
    yield Numbered(of.fungsi)
    yield Heading(2, "Sasaran strategis dan indikator kinerja utama")
    yield _indicators(of.lines)
    yield Heading(2, f"Target, realisasi, dan capaian {of.year}")
    yield _achievement(of)
    yield Heading(2, "Sumber realisasi")
    yield Numbered(tuple(f"{line.indikator}: {line.sumber}" for line in of.lines))
    if of.notes:
        yield Heading(2, "Catatan")
        yield from (Paragraph(note) for note in of.notes)
    date = long_day(of.made.astimezone(of.zone).date()) if of.final else BLANK
    nip = f"NIP {of.office.nip}" if of.office.nip else ""
    yield Signature(f"Ditetapkan pada {date}", of.office.jabatan or BLANK, of.office.kepala, nip)


def _indicators(lines: Sequence[IkuLine]) -> Table:
    sides: tuple[Align, ...] = ("center", "left", "left", "left")
    rows = [
        (number, sasaran, line.indikator, line.formulasi)
        for (number, sasaran), line in zip(_numbered(lines), lines, strict=True)
    ]
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Formulasi")
    return Table(head, tuple(rows), (2, 8, 8, 16), sides)


def _achievement(of: IkuPaper) -> Table:
    rows = [
        (
            *(number, sasaran, line.indikator, line.satuan or MISSING, line.target or MISSING),
            *(line.realisasi or MISSING, line.capaian or MISSING, line.kategori or MISSING),
            *(earlier or MISSING for earlier in line.earlier),
        )
        for (number, sasaran), line in zip(_numbered(of.lines), of.lines, strict=True)
    ]
    sides: tuple[Align, ...] = ("center", "left", "left", "left", "right", "right", "right", "left")
    more: list[Align] = ["right" for _ in of.comparisons]
    return Table(
        (*ACHIEVEMENT, *of.comparisons),
        tuple(rows),
        (2, 10, 9, 4, 4, 5, 5, 5, *(4 for _ in of.comparisons)),
        (*sides, *more),
    )


def _numbered(lines: Sequence[IkuLine]) -> Iterator[tuple[str, str]]:
    """Number and name of each line's sasaran, empty under a line of the same one."""
    number, before = 0, None
    for line in lines:
        if line.sasaran == before:
            yield "", ""
            continue
        number, before = number + 1, line.sasaran
        yield str(number), line.sasaran
