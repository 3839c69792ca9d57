"""The official report of a period, semester or year: its blocks and its PDF."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from reports import document, rendering, report_blocks, report_text, report_values
from reports.document import Block, Document, Heading, Numbered, Paragraph, Signature
from reports.papers import Papers, check_totals
from reports.report_text import Chapter, Piece, ReportText, SignatureText

MAX_CHARACTERS = 5_000  # of one text; a suggestion may have 4,000


def report(papers: Papers, folder: Path | None = None) -> Document:
    """The report as blocks, for PDF and DOCX.

    Args:
        folder: the folder in which the office may have its own `laporan.toml`.

    Raises:
        PapersError: totals that differ.
        ReportTextError: the office's `laporan.toml` cannot be used.
    """
    check_totals(papers)
    text, values = report_text.load(folder), report_values.placeholder_values(papers)
    cover = text.sampul
    return Document(
        title=report_text.filled(cover.judul, values),
        subtitle=report_text.filled(cover.anak_judul, values),
        period=report_text.filled(cover.periode, values),
        publisher=report_text.filled(cover.kaki, values),
        foot=_foot(papers),
        draft=papers.locked_at is None,
        blocks=tuple(_blocks(papers, text, values)),
    )


def report_pdf(papers: Papers, folder: Path | None = None) -> bytes:
    """The report as PDF/A-2b; a locked period always gives the same bytes.

    Raises:
        PapersError, ReportTextError: as for `report`.
        PictureError: typst could not render it.
    """
    return rendering.rendered(
        "report.typ",
        document.json_values(report(papers, folder)),
        "pdf",
        standards=("a-2b",),
        timestamp=papers.locked_at or papers.period.end,
        max_characters=MAX_CHARACTERS,
    )


def _foot(papers: Papers) -> str:
    if papers.locked_at is None:
        return "Sementara: angka belum dikunci"
    return f"Revisi {papers.revision} · sidik masukan {papers.fingerprint[:16]}"


def _blocks(papers: Papers, text: ReportText, values: Mapping[str, str]) -> Iterator[Block]:
    conditions = report_values.conditions(papers)
    for chapter in (*text.bab, *text.lampiran):
        yield from _chapter(papers, chapter, text.tanda_tangan, values, conditions)


def _chapter(
    papers: Papers,
    chapter: Chapter,
    signature: SignatureText,
    values: Mapping[str, str],
    conditions: Set[str],
) -> Iterator[Block]:
    yield Heading(1, report_text.filled(chapter.judul, values))
    for section, pieces in report_text.sections(chapter, conditions):
        yield Heading(2, report_text.filled(section.judul, values))
        for piece in pieces:
            yield from _piece(papers, piece, signature, values)


def _piece(
    papers: Papers, piece: Piece, signature: SignatureText, values: Mapping[str, str]
) -> Iterator[Block]:
    if piece.teks is not None:
        yield Paragraph(report_text.filled(piece.teks, values))
    elif piece.daftar is not None:
        yield Numbered(tuple(report_text.filled(line, values) for line in piece.daftar))
    elif piece.tabel is not None:
        yield from report_blocks.table(piece.tabel, papers)
    elif piece.bagan is not None:
        yield from report_blocks.figure(piece.bagan, papers)
    else:
        yield Signature(
            date=report_text.filled(signature.tempat_tanggal, values),
            position=report_text.filled(signature.jabatan, values),
            name=report_text.filled(signature.nama, values),
            nip=report_text.filled(signature.nip, values) if papers.office.nip else "",
        )
