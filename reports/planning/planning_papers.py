"""Perjanjian Kinerja, Rencana Aksi and the tables of the LKjIP, from a year's plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reports.document import (
    DOTTED_LINE,
    Align,
    Block,
    Document,
    Heading,
    Numbered,
    Pairs,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from reports.papers import OfficeData
from reports.planning.iku_document import MISSING, numbered
from scoring.period import ROMAN

NOTHING, UNPLANNED = "-", "belum direncanakan"
PREAMBLE = (
    "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan dan akuntabel serta"
    " berorientasi pada hasil, kami yang bertanda tangan di bawah ini:"
)
FIRST = "selanjutnya disebut PIHAK PERTAMA."
SECOND = "selaku atasan pihak pertama, selanjutnya disebut PIHAK KEDUA."
PROMISE = (
    "Pihak pertama berjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran"
    " perjanjian ini, dalam rangka mencapai target kinerja jangka menengah seperti yang telah"
    " ditetapkan dalam dokumen perencanaan. Keberhasilan dan kegagalan pencapaian target kinerja"
    " tersebut menjadi tanggung jawab kami."
)
SUPERVISION = (
    "Pihak kedua akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap"
    " capaian kinerja dari perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka"
    " pemberian penghargaan dan sanksi."
)


@dataclass(frozen=True, slots=True)
class QuarterTexts:
    """An indikator in a quarter, ready to print; empty: nothing is typed or known."""

    target: str
    aksi: str
    realisasi: str
    capaian: str
    penyebab: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """An indikator of a year, ready to print; `quarters` has four."""

    sasaran: str
    indikator: str
    satuan: str
    target: str
    realisasi: str
    capaian: str
    kategori: str
    before: str  # the realisasi of the year before
    end: str  # the target of the plan's last year
    progress: str  # how near the end's target is
    program: str
    anggaran: str
    analisis: str
    sumber: str
    quarters: tuple[QuarterTexts, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation of an LHE and what is done about it, ready to print."""

    lhe: str  # the year of the evaluation
    rekomendasi: str
    kegiatan: str
    responsible: str
    due: str
    status: str
    done: str  # what was done, and its evidence


@dataclass(frozen=True, slots=True)
class YearPaper:
    """What the papers of a year are made of; `first` and `second` sign, without a date."""

    office: OfficeData
    period: str  # "Periode 2025–2029"
    last: int
    year: int
    lines: tuple[PlannedLine, ...]
    notes: tuple[str, ...]
    final: bool  # False while figures of the year can change
    number: str
    day: str  # of the paper; a dotted line where it is not set
    version: int
    first: Signature
    second: Signature
    recommendations: tuple[Recommendation, ...] = ()


def agreement(paper: YearPaper) -> Document:
    """The Perjanjian Kinerja; from the second version on that of a Perubahan."""
    changed = " PERUBAHAN" if paper.version > 1 else ""
    title = f"PERJANJIAN KINERJA{changed} TAHUN {paper.year}"
    foot = f"Perjanjian Kinerja{changed.title()}"
    return _document(paper, title, foot, "", tuple(_agreement(paper)))


def _agreement(paper: YearPaper) -> Iterator[Block]:
    yield Paragraph(PREAMBLE)
    for signer, called in ((paper.first, FIRST), (paper.second, SECOND)):
        yield Pairs(
            (("Nama", signer.name or DOTTED_LINE), ("Jabatan", signer.position or DOTTED_LINE))
        )
        yield Paragraph(called)
    yield Paragraph(PROMISE)
    yield Paragraph(SUPERVISION)
    yield _both(paper)
    yield Heading(1, f"LAMPIRAN PERJANJIAN KINERJA TAHUN {paper.year}")
    yield Pairs((("Unit kerja", paper.office.nama), ("Tahun", str(paper.year))))
    align: tuple[Align, ...] = ("center", "left", "left", "left", "right")
    rows = [
        (*number, line.indikator, line.satuan or MISSING, line.target or MISSING)
        for number, line in zip(numbered(paper.lines), paper.lines, strict=True)
    ]
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Satuan", "Target")
    yield Table(head, tuple(rows), (2, 11, 11, 4, 4), align)
    programs = dict.fromkeys((line.program, line.anggaran) for line in paper.lines)
    typed = [each for each in programs if any(each)]
    yield Table(
        ("No", "Program", "Anggaran"),
        tuple(
            (str(at), program or NOTHING, budget or NOTHING)
            for at, (program, budget) in enumerate(typed, 1)
        )
        or (("", "", ""),),
        (2, 21, 9),
        ("center", "left", "left"),
    )
    yield _both(paper)


def _both(paper: YearPaper) -> Signatures:
    """The superior at the left, the head of the office with place and date at the right."""
    left = replace(paper.second, position=f"Pihak kedua, {paper.second.position or DOTTED_LINE}")
    right = replace(
        paper.first, date=_place(paper),
        position=f"Pihak pertama, {paper.first.position or DOTTED_LINE}",
    )  # fmt: skip
    return Signatures(left, right)


def action_plan(paper: YearPaper, quarter: int) -> Document:
    """The Rencana Aksi of a year; of a quarter (1 to 4) with the measurement up to it."""
    title = f"RENCANA AKSI ATAS PERJANJIAN KINERJA TAHUN {paper.year}"
    if quarter:
        title = f"PENGUKURAN KINERJA TRIWULAN {ROMAN[quarter]} TAHUN {paper.year}"
    foot = f"Pengukuran Kinerja Triwulan {ROMAN[quarter]}" if quarter else "Rencana Aksi"
    return _document(paper, title, foot, "", tuple(_action_plan(paper, quarter)), landscape=True)


def _action_plan(paper: YearPaper, quarter: int) -> Iterator[Block]:
    yield Heading(2, "Target dan rencana aksi setiap triwulan")
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Target setahun", "Triwulan",
            "Target", "Rencana aksi")  # fmt: skip
    align: tuple[Align, ...] = ("center", "left", "left", "right", "center", "right", "left")
    rows = []
    for number, line in zip(numbered(paper.lines), paper.lines, strict=True):
        for at, each in enumerate(line.quarters):
            first = (*number, line.indikator, line.target or MISSING) if at == 0 else ("",) * 4
            rows.append((*first, ROMAN[at + 1], each.target or MISSING, each.aksi or NOTHING))
    yield Table(head, tuple(rows), (2, 9, 9, 4, 4, 4, 16), align)
    if quarter:
        yield from _measured(paper, quarter)
    yield _one(paper)


def _measured(paper: YearPaper, quarter: int) -> Iterator[Block]:
    align: tuple[Align, ...] = ("center", "left", "left", "right", "right", "right", "left")
    for at in range(quarter - 1, -1, -1):
        named = f"Triwulan {ROMAN[at + 1]}"
        yield Heading(2, f"Pengukuran {named}" if at == quarter - 1 else named)
        rows = []
        for number, line in enumerate(paper.lines, 1):
            each = line.quarters[at]
            figures = (each.target, each.realisasi, each.capaian)
            rows.append(
                (str(number), line.indikator, line.satuan or MISSING,
                 *(text or MISSING for text in figures), each.penyebab or NOTHING)
            )  # fmt: skip
        head = ("No", "Indikator kinerja utama", "Satuan", "Target", "Realisasi", "Capaian",
                "Penyebab dan tindakan")  # fmt: skip
        yield Table(head, tuple(rows), (2, 11, 4, 4, 4, 4, 19), align)


def performance_report(paper: YearPaper) -> Document:
    """The tables of the LKjIP: target, realisasi, capaian, last year, end of the plan, analysis."""
    title = f"PENGUKURAN DAN ANALISIS CAPAIAN KINERJA TAHUN {paper.year}"
    draft = "" if paper.final else "SEMENTARA"
    return _document(
        paper, title, "LKjIP", draft, tuple(_performance_report(paper)), landscape=True,
        period=f"Lampiran LKjIP {paper.year} · {paper.period}",
    )  # fmt: skip


def _performance_report(paper: YearPaper) -> Iterator[Block]:
    year, last = paper.year, paper.last
    yield Heading(2, f"Target, realisasi, dan capaian {year}")
    rows = [
        (*number, line.indikator, line.satuan or MISSING, *_or_missing(
            line.target, line.realisasi, line.capaian, line.kategori))
        for number, line in zip(numbered(paper.lines), paper.lines, strict=True)
    ]  # fmt: skip
    align: tuple[Align, ...] = ("center", "left", "left", "left", "right", "right", "right", "left")
    head = ("No", "Sasaran strategis", "Indikator kinerja utama", "Satuan", "Target", "Realisasi",
            "Capaian", "Kategori")  # fmt: skip
    yield Table(head, tuple(rows), (2, 11, 10, 4, 5, 5, 5, 6), align)
    yield Heading(2, f"Dibandingkan dengan tahun {year - 1} dan target akhir {last}")
    compared = [
        (str(number), line.indikator, *_or_missing(
            line.before, line.realisasi, line.end, line.progress))
        for number, line in enumerate(paper.lines, 1)
    ]  # fmt: skip
    sides: tuple[Align, ...] = ("center", "left", "right", "right", "right", "right")
    titles = ("No", "Indikator kinerja utama", f"Realisasi {year - 1}", f"Realisasi {year}",
            f"Target {last}", f"Realisasi {year} terhadap target {last}")  # fmt: skip
    yield Table(titles, tuple(compared), (2, 17, 6, 6, 6, 10), sides)
    yield Heading(2, "Analisis")
    for line in paper.lines:
        yield Paragraph(f"{line.indikator}: {line.analisis or DOTTED_LINE}")
    if paper.recommendations:
        yield Heading(2, "Tindak lanjut rekomendasi LHE")
        yield _recommended(paper.recommendations)
    yield Heading(2, "Sumber realisasi")
    yield Numbered(tuple(f"{line.indikator}: {line.sumber}" for line in paper.lines))
    if paper.notes:
        yield Heading(2, "Catatan")
        yield from (Paragraph(note) for note in paper.notes)
    yield _one(paper)


def _recommended(found: Sequence[Recommendation]) -> Table:
    head = ("No", "LHE", "Rekomendasi", "Tindak lanjut", "Penanggung jawab", "Tenggat", "Status",
            "Yang sudah dikerjakan")  # fmt: skip
    align: tuple[Align, ...] = ("center", "center", *("left",) * 6)
    rows = [
        (str(number), each.lhe, each.rekomendasi, *(text or NOTHING for text in (
            each.kegiatan, each.responsible, each.due, each.status, each.done)))
        for number, each in enumerate(found, 1)
    ]  # fmt: skip
    return Table(head, tuple(rows), (2, 3, 12, 11, 7, 6, 6, 11), align)


def _or_missing(*texts: str) -> Sequence[str]:
    return [text or MISSING for text in texts]


def _place(paper: YearPaper) -> str:
    return f"{paper.office.place}, {paper.day}"


def _one(paper: YearPaper) -> Signature:
    return replace(paper.first, date=_place(paper), position=paper.first.position or DOTTED_LINE)


def _document(
    paper: YearPaper,
    title: str,
    foot: str,
    draft: str,
    blocks: tuple[Block, ...],
    *,
    landscape: bool = False,
    period: str = "",
) -> Document:
    return Document(
        title=title,
        subtitle=paper.office.nama,
        period=period or f"Nomor: {paper.number or DOTTED_LINE}",
        publisher=paper.office.kabupaten,
        foot=f"{foot} {paper.year} · {paper.office.nama}",
        draft=draft,
        blocks=blocks,
        letterhead=paper.office.letterhead,
        landscape=landscape,
    )
