"""The values of the placeholders in the report's text, and the conditions that hold."""

from datetime import timedelta
from decimal import Decimal

from reports import tables
from reports.papers import Papers
from reports.tables import NONE
from scoring import period
from scoring.ikm import UnsurScore
from scoring.numbers import comma, grouped
from scoring.period import long_day

PROVISIONAL = 30  # a figure of fewer responses is marked as provisional
DOTTED_LINE = "........................"


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
        "galat": tables.margin_text(papers),
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
        ("ada_kajian", ""): quality is not None and quality.study.n > 0,
        ("ada_seragam", ""): quality is not None and quality.uniform > 0,
        ("ada_kelompok", ""): quality is not None and any(a.groups for a in quality.by_attribute),
        ("sampel_kurang", ""): required is not None and score.n < required,
        ("sampel_cukup", ""): required is not None and score.n >= required,
        ("responden_sedikit", ""): score.ikm is not None and score.n < PROVISIONAL,
    }
    return frozenset(yes if holds else no for (yes, no), holds in pairs.items()) - {""}


def lowest(papers: Papers) -> tuple[UnsurScore, ...]:
    """The three lowest unsur, lowest first."""
    return tuple(papers.score.unsur[code] for code in papers.lowest)


def highest(papers: Papers, count: int = 3) -> tuple[UnsurScore, ...]:
    """The highest unsur, highest first, without those that are among the lowest."""
    others = [
        unsur
        for unsur in papers.score.unsur.values()
        if unsur.nrr is not None and unsur.code not in papers.lowest
    ]
    return tuple(sorted(others, key=lambda unsur: (-(unsur.nrr or 0), unsur.code))[:count])


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
