"""The IKU document: jabatan, tugas, fungsi, each indikator with its formulasi, and capaian."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from reports.document import (
    DOTTED_LINE,
    Align,
    Block,
    Document,
    Heading,
    Numbered,
    Pairs,
    Paragraph,
    Table,
)
from reports.papers import OfficeData

MISSING = "n/a"
CAPAIAN_HEAD = (
    *("No", "Sasaran strategis", "IKU", "Satuan", "Target", "Realisasi", "Capaian", "Kategori"),
)


class _OfSasaran(Protocol):
    @property
    def sasaran(self) -> str: ...


@dataclass(frozen=True, slots=True)
class IkuLine:
    """One indikator, with texts that are ready to print; `earlier` has one for each comparison.

    `targets` has one for each year of the plan, or none.

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
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IkuPaper:
    """The data of the document; `comparisons` are the column heads of `earlier`."""

    office: OfficeData
    renstra: str  # "Periode 2018–2023"
    year: str
    tugas: tuple[str, ...]
    fungsi: tuple[str, ...]
    lines: tuple[IkuLine, ...]
    comparisons: tuple[str, ...]
    notes: tuple[str, ...]
    years: tuple[int, ...]  # of the plan, whose targets are printed
    sk: str  # that set the plan
    number: str  # of the paper
    day: str  # of the paper; a dotted line where it is not set


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
        period=f"{paper.renstra} · Nomor: {paper.number or DOTTED_LINE}",
        publisher=paper.office.kabupaten,
        foot=f"IKU {paper.year} · {paper.office.nama}",
        draft="",
        blocks=tuple(_blocks(paper)),
        letterhead=paper.office.letterhead,
        landscape=True,
    )


def _reached(paper: IkuPaper) -> bool:
    """Whether there is any realisasi to print."""
    return any(line.realisasi for line in paper.lines)


def _blocks(paper: IkuPaper) -> Iterator[Block]:
    known = (("Jabatan", paper.office.jabatan), ("Ditetapkan dengan", paper.sk))
    if pairs := tuple((label, text) for label, text in known if text):
        yield Pairs(pairs)
    yield Heading(2, "Tugas")
    yield Numbered(paper.tugas)
    yield Heading(2, "Fungsi")
    yield Numbered(paper.fungsi)
    yield Heading(2, "Sasaran strategis dan indikator kinerja utama")
    yield _indicators(paper.lines)
    yield Heading(2, "Target setiap tahun")
    yield _targets(paper)
    if _reached(paper):
        yield Heading(2, f"Target, realisasi, dan capaian {paper.year}")
        yield _capaian(paper)
        yield Heading(2, "Sumber realisasi")
        yield Numbered(tuple(f"{line.indikator}: {line.sumber}" for line in paper.lines))
    if paper.notes:
        yield Heading(2, "Catatan")
        yield from (Paragraph(note) for note in paper.notes)
    yield paper.office.signed(paper.day)


def _indicators(lines: Sequence[IkuLine]) -> Table:
    align: tuple[Align, ...] = ("center", "left", "left", "left")
    rows = [
        (number, sasaran, line.indikator, line.formulasi)
        for (number, sasaran), line in zip(numbered(lines), lines, strict=True)
    ]
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Formulasi")
    return Table(head, tuple(rows), (2, 8, 8, 16), align)


def _targets(paper: IkuPaper) -> Table:
    rows = [
        (str(number), line.indikator, line.satuan or MISSING,
         *(target or MISSING for target in line.targets))
        for number, line in enumerate(paper.lines, 1)
    ]  # fmt: skip
    head = ("No", "Indikator kinerja utama", "Satuan", *(str(year) for year in paper.years))
    align: tuple[Align, ...] = ("center", "left", "left")
    more: list[Align] = ["right" for _ in paper.years]
    return Table(
        head, tuple(rows), (2, 12, 5, *(4 for _ in paper.years)),
        (*align, *more),
    )  # fmt: skip


def _capaian(paper: IkuPaper) -> Table:
    rows = [
        (
            *(number, sasaran, line.indikator, line.satuan or MISSING, line.target or MISSING),
            *(line.realisasi or MISSING, line.capaian or MISSING, line.kategori or MISSING),
            *(earlier or MISSING for earlier in line.earlier),
        )
        for (number, sasaran), line in zip(numbered(paper.lines), paper.lines, strict=True)
    ]
    align: tuple[Align, ...] = ("center", "left", "left", "left", "right", "right", "right", "left")
    more: list[Align] = ["right" for _ in paper.comparisons]
    return Table(
        (*CAPAIAN_HEAD, *paper.comparisons),
        tuple(rows),
        (2, 10, 9, 4, 4, 5, 5, 5, *(4 for _ in paper.comparisons)),
        (*align, *more),
    )


def numbered(lines: Sequence[_OfSasaran]) -> Iterator[tuple[str, str]]:
    """Number and name of each line's sasaran; empty where it is that of the line before."""
    number, before = 0, None
    for line in lines:
        if line.sasaran == before:
            yield "", ""
            continue
        number, before = number + 1, line.sasaran
        yield str(number), line.sasaran
