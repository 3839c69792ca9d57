"""The official report of a period, semester or year: its blocks and its PDF."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from reports import rendering, tables
from reports.document import (
    DOTTED_LINE,
    Bars,
    Block,
    Document,
    Heading,
    Numbered,
    Paragraph,
    Signature,
    Table,
)
from reports.papers import Papers, check_totals
from reports.survey_report import report_blocks, report_text
from reports.survey_report.report_text import Chapter, Piece, ReportText, SignatureText
from reports.tables import UNKNOWN
from scoring import period
from scoring.channels import BROWSER, BURSTS, of_counts
from scoring.numbers import NONE, comma, grouped, percent
from scoring.period import long_day, long_span

MAX_CHARACTERS = 5_000  # of one text; a suggestion may have 4,000
DRAFT, INCOMPLETE = "DRAF", "BELUM LENGKAP"
EMPTY, EMPTY_ROWS = "…", 3  # in a draft, in the place of figures
NO_FIGURE = frozenset({NONE, UNKNOWN, tables.NOT_COMPARED, "0", percent(0, 1)})


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
        draft=_mark(papers),
        blocks=tuple(_with_captions(list(_blocks(papers, text, values)))),
        letterhead=papers.office.letterhead,
    )


def report_pdf(papers: Papers, folder: Path | None = None) -> bytes:
    """The report as PDF/A-2b; a locked period always gives the same bytes.

    Raises:
        PapersError, ReportTextError: as for `report`.
        PictureError: typst could not render it.
    """
    document = report(papers, folder)
    return rendering.rendered(
        "report.typ",
        rendering.json_values(document),
        "pdf",
        standards=("a-2b",),
        timestamp=papers.locked_at or papers.period.end,
        max_characters=MAX_CHARACTERS,
        files=document.photos,
    )


def _foot(papers: Papers) -> str:
    if papers.draft:
        return "Draf: belum memuat angka"
    return f"Revisi {papers.revision} · sidik masukan {papers.fingerprint[:16]}"


def _mark(papers: Papers) -> str:
    """The mark of a report that is not to be signed."""
    if papers.draft:
        return DRAFT
    return "" if papers.complete else INCOMPLETE


def _blocks(papers: Papers, text: ReportText, values: Mapping[str, str]) -> Iterator[Block]:
    met = conditions(papers)
    numbers = (*(str(place) for place, _ in enumerate(text.bab, 1)), *("" for _ in text.lampiran))
    for number, chapter in zip(numbers, (*text.bab, *text.lampiran), strict=True):
        yield from _chapter(papers, chapter, number, text.tanda_tangan, values, met)


def _with_captions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Number the tables and the bar charts that have a title."""
    tables, charts = count(1), count(1)
    for block in blocks:
        match block:
            case Table(title=str(title)) if title:
                yield replace(block, title=f"Tabel {next(tables)}. {title}")
            case Bars(title=str(title)) if title:
                yield replace(block, title=f"Gambar {next(charts)}. {title}")
            case _:
                yield block


def _chapter(
    papers: Papers,
    chapter: Chapter,
    number: str,
    signature: SignatureText,
    values: Mapping[str, str],
    conditions: Set[str],
) -> Iterator[Block]:
    yield Heading(1, report_text.filled(chapter.judul, values))
    for place, (section, pieces) in enumerate(report_text.sections(chapter, conditions), 1):
        yield Heading(
            2, report_text.filled(section.judul, values), f"{number}.{place}" if number else ""
        )
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
        title = report_text.filled(piece.judul or "", values)
        blocks = report_blocks.table(piece.tabel, papers, title)
        yield from map(_emptied, blocks) if papers.draft else blocks
    elif piece.bagan is not None:
        title = report_text.filled(piece.judul or "", values)
        yield from report_blocks.figure(piece.bagan, papers, title)
    else:
        yield Signature(
            date=report_text.filled(signature.tempat_tanggal, values),
            position=report_text.filled(signature.jabatan, values),
            name=report_text.filled(signature.nama, values),
            nip=report_text.filled(signature.nip, values) if papers.office.nip else "",
            rank=papers.office.pangkat,
        )


def _emptied(block: Block) -> Block:
    """A draft's block, with room for the figures that come with the lock."""
    if not isinstance(block, Table):
        return block
    empty = ((EMPTY,) * len(block.head),) * EMPTY_ROWS
    rows = tuple(tuple(EMPTY if cell in NO_FIGURE else cell for cell in row) for row in block.rows)
    return replace(block, rows=rows or empty)


def placeholder_values(papers: Papers) -> dict[str, str]:
    """The text of each placeholder, ready to print."""
    values = _values(papers)
    if not papers.draft:
        return values
    return {name: EMPTY if text in NO_FIGURE else text for name, text in values.items()}


def _values(papers: Papers) -> dict[str, str]:
    office, score = papers.office, papers.score
    zone = papers.period.zone
    first = papers.covers.start.astimezone(zone).date()
    last = (papers.covers.end - timedelta(microseconds=1)).astimezone(zone).date()
    rate = percent(papers.population_received, papers.population or 0)
    locked = papers.locked_at
    low, high = score.instrument.scale
    quality, said = papers.quality, papers.suggestion_counts
    return {
        "kantor": office.nama or DOTTED_LINE,
        "jabatan": office.jabatan or DOTTED_LINE,
        "kabupaten": office.kabupaten,
        "alamat": office.alamat or DOTTED_LINE,
        "sk": office.sk or DOTTED_LINE,
        "kepala": office.kepala,
        "nip": office.nip,
        "tempat": office.place,
        "periode": period.title(papers.period),
        "jenis_periode": period.kind(papers.period),
        "rentang": long_span(first, last),
        "tahun": str(last.year),
        "tanggal_awal": long_day(first),
        "tanggal_akhir": long_day(last),
        "tanggal": long_day(locked.astimezone(zone).date())
        if locked and papers.complete
        else DOTTED_LINE,
        "digabung_dari": papers.joined_from or NONE,
        "lanjutan": tables.titles(papers.run_in) or NONE,
        "instrumen": f"{score.instrument.code} versi {score.instrument.version}",
        "dasar_instrumen": score.instrument.source,
        "jumlah_unsur": str(len(score.instrument.unsur)),
        "skala_terendah": str(low),
        "skala_tertinggi": str(high),
        "jumlah_saran": grouped(said.total) if said else NONE,
        "saran_selesai": grouped(said.done) if said else NONE,
        "n": grouped(papers.n) if papers.draft else tables.share_of(score.n, papers.received),
        "diterima": grouped(papers.received),
        "populasi": NONE if papers.population is None else grouped(papers.population),
        "catatan_populasi": tables.population_note(papers),
        "tingkat_respons": rate,
        "sampel": NONE if papers.required is None else grouped(papers.required),
        "belum_dinilai": ", ".join(papers.unrated) or NONE,
        "isian_ulang": grouped(papers.repeats),
        "isian_peramban": grouped(of_counts(papers.channels, BROWSER)),
        "isian_beruntun": grouped(of_counts(papers.channels, BURSTS)),
        "ikm_tanpa_ulang": tables.ikm_without_repeats(papers),
        "ikm": tables.ikm_text(papers.ikm),
        "mutu": papers.mutu or NONE,
        "mutu_mungkin": tables.mutu_text(papers),
        "kinerja": papers.kinerja or NONE,
        "galat": tables.margin_cell(papers),
        "sebab": _warnings(papers),
        "terendah": _names(papers, (each.code for each in papers.lowest)),
        "tertinggi": _names(papers, papers.highest),
        "perubahan": tables.change_text(papers.change),
        "bukan_gratis": "{} dari {}".format(*map(grouped, papers.levy)) if papers.levy else NONE,
        "realisasi": tables.realised_share(papers),
        "asal_realisasi": tables.planned_after(papers),
        "alfa": tables.alpha_text(papers),
        "lengkap": grouped(quality.study.n) if quality else NONE,
        "tidak_lengkap": grouped(quality.study.incomplete) if quality else NONE,
        "seragam": grouped(quality.uniform) if quality else NONE,
    }


def conditions(papers: Papers) -> frozenset[str]:
    """The names of the conditions that hold; a piece of the report's text may depend on one."""
    score, draft = papers.score, papers.draft
    required, received = papers.required, papers.population_received
    quality, said = papers.quality, papers.suggestion_counts
    pairs = {
        ("ada_ikm", "belum_ikm"): draft or papers.ikm is not None,
        ("ada_responden", "tanpa_responden"): draft or score.n > 0,
        ("ada_definisi", ""): bool(papers.definitions),
        ("ada_tim", ""): bool(papers.office.members),
        ("ada_sk", ""): bool(papers.office.sk),
        ("sebaran_sebagian", ""): papers.levy is not None
        and len(papers.distribution) < len(score.items),
        ("ada_layanan", "tanpa_layanan"): draft or bool(papers.services),
        ("ada_pengguna_layanan", ""): any(each.users for each in papers.service_users),
        ("belum_dinilai", ""): bool(papers.unrated),
        ("layanan_sebagian", ""): any(each.score.n < each.received for each in papers.services),
        ("ada_unit", ""): bool(papers.units),
        ("unsur_berbeda", "unsur_sama"): draft or bool(papers.lowest),
        ("ada_prioritas", ""): draft or bool(papers.lowest or papers.low_mutu),
        ("ada_tertinggi", "tanpa_tertinggi"): draft or bool(papers.highest),
        ("ada_saran", "tanpa_saran"): bool(papers.suggestions),
        ("ada_jumlah_saran", ""): said is not None,
        ("saran_ada_selesai", ""): said is not None and said.done > 0,
        ("ada_sebab", "tanpa_sebab"): bool(papers.causes),
        ("ada_rencana", "tanpa_rencana"): bool(papers.follow_up),
        ("ada_realisasi", "tanpa_realisasi"): bool(papers.last_follow_up),
        ("ada_tren", "tanpa_tren"): draft or len(papers.trend) > 1,
        ("terkunci", "draf"): not draft,
        ("belum_lengkap", ""): not draft and not papers.complete,
        ("ada_lanjutan", ""): bool(papers.run_in),
        ("ada_ralat", ""): bool(papers.corrections),
        ("ada_galat", ""): draft or papers.margin is not None,
        ("mutu_belum_pasti", ""): len(papers.letters) > 1,
        ("ada_gratis", ""): papers.levy is not None,
        ("gabungan", ""): papers.method == "gabungan",
        ("rerata", ""): papers.method == "rerata_periode",
        ("sebagian", ""): not draft and score.n < papers.received,
        ("ada_isian_ulang", ""): papers.repeats > 0,
        ("ada_peramban", ""): of_counts(papers.channels, BROWSER) > 0,
        ("ada_beruntun", ""): of_counts(papers.channels, BURSTS) > 0,
        ("ada_populasi", ""): papers.population is not None and required is not None,
        ("ada_kajian", "tanpa_kajian"): tables.studied(papers),
        ("ada_seragam", ""): quality is not None and quality.uniform > 0,
        ("sampel_kurang", ""): required is not None and received < required,
        ("sampel_cukup", ""): required is not None and received >= required,
        ("responden_sedikit", ""): papers.ikm is not None and papers.provisional,
    }
    return frozenset(yes if holds else no for (yes, no), holds in pairs.items()) - {""}


def _names(papers: Papers, codes: Iterable[str]) -> str:
    score = papers.score
    names = [
        f"{score.instrument.name_of(code)} ({comma(score.unsur[code].nrr or 0, 3)})"
        for code in codes
    ]
    return "; ".join(names) or NONE


def _warnings(papers: Papers) -> str:
    return " ".join(warning.teks for warning in papers.score.warnings) or NONE
