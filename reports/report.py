"""The official report of a period, semester or year: its prose filled in, and its PDF."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from reports import canvas, contents, document, facts, papers, prose
from reports.document import Block, Document, Heading, Numbered, Paragraph, Signature
from reports.papers import Papers
from reports.prose import Chapter, Piece, ReportProse, Signing

LONGEST = 5_000  # characters of one text; a suggestion may have 4,000


def report(of: Papers, folder: Path | None = None) -> Document:
    """The report as blocks, which become PDF and DOCX.

    Args:
        folder: where the office keeps its own `laporan.toml`, if it has one.

    Raises:
        PapersError: the papers contradict themselves.
        ProseError: the prose cannot be used.
    """
    papers.check(of)
    words, values = prose.load(folder), facts.slots(of)
    cover = words.sampul
    return Document(
        title=prose.filled(cover.judul, values),
        subtitle=prose.filled(cover.anak_judul, values),
        period=prose.filled(cover.periode, values),
        publisher=prose.filled(cover.kaki, values),
        foot=_foot(of),
        draft=of.locked_at is None,
        blocks=tuple(_blocks(of, words, values)),
    )


def report_pdf(of: Papers, folder: Path | None = None) -> bytes:
    """The report as PDF/A-2b; a locked period gives the same bytes whenever it is made.

    Raises:
        PapersError, ProseError: as for `report`.
        PictureError: it could not be set.
    """
    return canvas.compiled(
        "report.typ",
        document.plain(report(of, folder)),
        "pdf",
        standards=("a-2b",),
        timestamp=of.locked_at or of.period.end,
        longest=LONGEST,
    )


def _foot(of: Papers) -> str:
    if of.locked_at is None:
        return "Sementara: angka belum dikunci"
    return f"Revisi {of.revision} · sidik masukan {of.fingerprint[:16]}"


def _blocks(of: Papers, words: ReportProse, values: Mapping[str, str]) -> Iterator[Block]:
    cases = facts.cases(of)
    for chapter in (*words.bab, *words.lampiran):
        yield from _chapter(of, chapter, words.tanda_tangan, values, cases)


def _chapter(
    of: Papers,
    chapter: Chapter,
    signing: Signing,
    values: Mapping[str, str],
    cases: Set[str],
) -> Iterator[Block]:
    yield Heading(1, prose.filled(chapter.judul, values))
    for section, pieces in prose.pieces(chapter, cases):
        yield Heading(2, prose.filled(section.judul, values))
        for piece in pieces:
            yield from _piece(of, piece, signing, values)


def _piece(
    of: Papers, piece: Piece, signing: Signing, values: Mapping[str, str]
) -> Iterator[Block]:
    if piece.teks is not None:
        yield Paragraph(prose.filled(piece.teks, values))
    elif piece.daftar is not None:
        yield Numbered(tuple(prose.filled(line, values) for line in piece.daftar))
    elif piece.tabel is not None:
        yield from contents.table(piece.tabel, of)
    elif piece.bagan is not None:
        yield from contents.figure(piece.bagan, of)
    else:
        yield Signature(
            date=prose.filled(signing.tempat_tanggal, values),
            position=prose.filled(signing.jabatan, values),
            name=prose.filled(signing.nama, values),
            nip=prose.filled(signing.nip, values) if of.office.nip else "",
        )
