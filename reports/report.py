"""The official report of a period, semester or year: its blocks and its PDF."""

from collections.abc import Iterator, Mapping, Set
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from reports import rendering, report_blocks, report_text, tables
from reports.document import Block, Document, Heading, Numbered, Paragraph, Signature
from reports.papers import Papers, check_totals
from reports.report_text import Chapter, Piece, ReportText, SignatureText
from reports.tables import DOTTED_LINE, NONE, PROVISIONAL, highest, lowest
from scoring import period
from scoring.ikm import UnsurScore
from scoring.numbers import comma, grouped
from scoring.period import long_day
from scoring.reliability import COMPLETE_FROM

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
    text, values = report_text.load(folder), placeholder_values(papers)
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
        rendering.json_values(report(papers, folder)),
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
    met = conditions(papers)
    for chapter in (*text.bab, *text.lampiran):
        yield from _chapter(papers, chapter, text.tanda_tangan, values, met)


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


def placeholder_values(papers: Papers) -> dict[str, str]:
    """The text of each placeholder, ready to print."""
    office, score = papers.office, papers.score
    zone = papers.period.zone
    first = papers.period.start.astimezone(zone).date()
    last = (papers.period.end - timedelta(microseconds=1)).astimezone(zone).date()
    locked = papers.locked_at
    low, high = score.instrument.scale
    quality = papers.quality
    return {
        "kantor": office.nama or DOTTED_LINE,
        "jabatan": office.jabatan or DOTTED_LINE,
        "kabupaten": office.kabupaten,
        "alamat": office.alamat or DOTTED_LINE,
        "kepala": office.kepala,
        "nip": office.nip,
        "periode": period.title(papers.period),
        "jenis_periode": period.kind(papers.period),
        "rentang": f"{long_day(first)}–{long_day(last)}",
        "tahun": str(last.year),
        "tanggal_awal": long_day(first),
        "tanggal_akhir": long_day(last),
        "tanggal": long_day(locked.astimezone(zone).date()) if locked else DOTTED_LINE,
        "digabung_dari": papers.rebuilt_from or NONE,
        "instrumen": f"{score.instrument.code} versi {score.instrument.version}",
        "dasar_instrumen": score.instrument.source,
        "jumlah_unsur": str(len(score.instrument.items)),
        "skala_terendah": str(low),
        "skala_tertinggi": str(high),
        "n": grouped(score.n),
        "populasi": NONE if papers.population is None else grouped(papers.population),
        "sampel": NONE if papers.required is None else grouped(papers.required),
        "isian_ulang": grouped(papers.repeats),
        "ikm_tanpa_ulang": tables.ikm_without(papers.score_without_repeats),
        "ikm": tables.ikm_text(score),
        "mutu": score.mutu or NONE,
        "kinerja": score.kinerja or NONE,
        "galat": tables.margin_cell(papers),
        "sebab": _warnings(papers),
        "terendah": _names(papers, lowest(papers)),
        "tertinggi": _names(papers, highest(papers)),
        "perubahan": _change(papers),
        "realisasi": tables.realised_share(papers.last_follow_up),
        "alfa": tables.alpha_text(papers),
        "lengkap": grouped(quality.study.n) if quality else NONE,
        "seragam": grouped(quality.uniform) if quality else NONE,
        "ikm_tanpa_seragam": tables.ikm_without_uniform(papers),
    }


def conditions(papers: Papers) -> frozenset[str]:
    """The names of the conditions that hold; a piece of the report's text may depend on one."""
    score = papers.score
    required = papers.required
    distinct = len({unsur.nrr for unsur in score.unsur.values() if unsur.nrr is not None}) > 1
    quality = papers.quality
    pairs = {
        ("ada_ikm", "belum_ikm"): score.ikm is not None,
        ("ada_responden", "tanpa_responden"): score.n > 0,
        ("ada_layanan", "tanpa_layanan"): any(service.shown for service in papers.services),
        ("unsur_berbeda", "unsur_sama"): distinct,
        ("ada_saran", "tanpa_saran"): bool(papers.suggestions),
        ("ada_rencana", "tanpa_rencana"): bool(papers.follow_up),
        ("ada_realisasi", "tanpa_realisasi"): bool(papers.last_follow_up),
        ("ada_tren", "tanpa_tren"): len(papers.trend) > 1,
        ("terkunci", "sementara"): papers.locked_at is not None,
        ("ada_galat", ""): papers.margin is not None,
        ("ada_gratis", ""): bool(papers.gratis_findings),
        ("gabungan", ""): bool(papers.rebuilt_from),
        ("ada_isian_ulang", ""): papers.repeats > 0,
        ("ada_populasi", ""): papers.population is not None and required is not None,
        ("ada_kajian", ""): quality is not None and quality.study.n >= COMPLETE_FROM,
        ("ada_seragam", ""): quality is not None and quality.uniform > 0,
        ("ada_kelompok", ""): quality is not None and any(a.groups for a in quality.by_attribute),
        ("sampel_kurang", ""): required is not None and score.n < required,
        ("sampel_cukup", ""): required is not None and score.n >= required,
        ("responden_sedikit", ""): score.ikm is not None and score.n < PROVISIONAL,
    }
    return frozenset(yes if holds else no for (yes, no), holds in pairs.items()) - {""}


def _names(papers: Papers, unsur: tuple[UnsurScore, ...]) -> str:
    names = [
        f"{papers.score.instrument.item(each.code).name['id']} ({comma(each.nrr or 0, 3)})"
        for each in unsur
    ]
    return "; ".join(names) or NONE


def _warnings(papers: Papers) -> str:
    return " ".join(warning.teks for warning in papers.score.warnings) or NONE


def _change(papers: Papers) -> str:
    if len(papers.trend) < 2 or papers.score.ikm is None:
        return "belum dapat dibandingkan"
    before, now = papers.trend[-2:]
    delta = now.ikm - before.ikm
    if not delta:
        return f"tetap {comma(now.ikm)}, sama dengan {before.label}"
    direction = "naik" if delta > Decimal(0) else "turun"
    return f"{direction} {comma(abs(delta))}, dari {comma(before.ikm)} ({before.label})"
