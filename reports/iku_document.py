"""The IKU document: jabatan, tugas, fungsi, each indikator with its formulasi, and capaian."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reports import rendering
from reports.document import (
    DOTTED_LINE,
    Align,
    Block,
    Document,
    Heading,
    Numbered,
    Paragraph,
    Signature,
    Table,
)
from reports.papers import OfficeData
from scoring.period import long_day

MAX_CHARACTERS = 2_000  # characters of one text
MISSING = "n/a"
CAPAIAN_HEAD = (
    *("No", "Sasaran strategis", "IKU", "Satuan", "Target", "Realisasi", "Capaian", "Kategori"),
)


@dataclass(frozen=True, slots=True)
class IkuLine:
    """One indikator, with texts that are ready to print; `earlier` has one for each comparison.

    `sumber` is the source of realisasi, and says when a person entered it by hand.
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
    """The data of the document; `comparisons` are the column heads of `earlier`.

    `made` is the moment, aware, at which the figures became final: the same data gives the same
    bytes.
    """

    office: OfficeData
    renstra: str  # "Periode 2018–2023"
    year: str
    tugas: tuple[str, ...]
    fungsi: tuple[str, ...]
    lines: tuple[IkuLine, ...]
    comparisons: tuple[str, ...]
    notes: tuple[str, ...]
    made: datetime
    zone: ZoneInfo
    final: bool  # False while figures of the year can change


def iku_document(paper: IkuPaper) -> Document:
    """The document as blocks.

    Raises:
        ValueError: a line has more or fewer comparisons than there are columns.
    """
    if any(len(line.earlier) != len(paper.comparisons) for line in paper.lines):
        raise ValueError("each line needs one text for every comparison")
    return Document(
        title="INDIKATOR KINERJA UTAMA (IKU)",
        subtitle=paper.office.nama,
        period=paper.renstra,
        publisher=paper.office.kabupaten,
        foot=f"IKU {paper.year} · {paper.office.nama}",
        draft="" if paper.final else "SEMENTARA",
        blocks=tuple(_blocks(paper)),
    )


def iku_pdf(paper: IkuPaper) -> bytes:
    """The document as PDF/A-2b.

    Raises:
        ValueError: as for `iku_document`.
        PictureError: typst could not render it.
    """
    return rendering.rendered(
        "iku_document.typ",
        {**rendering.json_values(iku_document(paper)), "position": paper.office.jabatan},
        "pdf",
        standards=("a-2b",),
        timestamp=paper.made,
        max_characters=MAX_CHARACTERS,
    )


def _blocks(paper: IkuPaper) -> Iterator[Block]:
    yield Heading(2, "Tugas")
    yield Numbered(paper.tugas)
    yield Heading(2, "Fungsi")
    yield Numbered(paper.fungsi)
    yield Heading(2, "Sasaran strategis dan indikator kinerja utama")
    yield _indicators(paper.lines)
    yield Heading(2, f"Target, realisasi, dan capaian {paper.year}")
    yield _capaian(paper)
    yield Heading(2, "Sumber realisasi")
    yield Numbered(tuple(f"{line.indikator}: {line.sumber}" for line in paper.lines))
    if paper.notes:
        yield Heading(2, "Catatan")
        yield from (Paragraph(note) for note in paper.notes)
    date = long_day(paper.made.astimezone(paper.zone).date()) if paper.final else DOTTED_LINE
    nip = f"NIP {paper.office.nip}" if paper.office.nip else ""
    yield Signature(
        f"Ditetapkan di {paper.office.place} pada tanggal {date}",
        paper.office.jabatan or DOTTED_LINE,
        paper.office.kepala,
        nip,
    )


def _indicators(lines: Sequence[IkuLine]) -> Table:
    align: tuple[Align, ...] = ("center", "left", "left", "left")
    rows = [
        (number, sasaran, line.indikator, line.formulasi)
        for (number, sasaran), line in zip(_numbered(lines), lines, strict=True)
    ]
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Formulasi")
    return Table(head, tuple(rows), (2, 8, 8, 16), align)


def _capaian(paper: IkuPaper) -> Table:
    rows = [
        (
            *(number, sasaran, line.indikator, line.satuan or MISSING, line.target or MISSING),
            *(line.realisasi or MISSING, line.capaian or MISSING, line.kategori or MISSING),
            *(earlier or MISSING for earlier in line.earlier),
        )
        for (number, sasaran), line in zip(_numbered(paper.lines), paper.lines, strict=True)
    ]
    align: tuple[Align, ...] = ("center", "left", "left", "left", "right", "right", "right", "left")
    more: list[Align] = ["right" for _ in paper.comparisons]
    return Table(
        (*CAPAIAN_HEAD, *paper.comparisons),
        tuple(rows),
        (2, 10, 9, 4, 4, 5, 5, 5, *(4 for _ in paper.comparisons)),
        (*align, *more),
    )


def _numbered(lines: Sequence[IkuLine]) -> Iterator[tuple[str, str]]:
    """Number and name of each line's sasaran; empty where it is that of the line before."""
    number, before = 0, None
    for line in lines:
        if line.sasaran == before:
            yield "", ""
            continue
        number, before = number + 1, line.sasaran
        yield str(number), line.sasaran
