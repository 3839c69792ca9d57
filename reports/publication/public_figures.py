"""The public figures of a period: totals checked, typed texts cleaned.

`publication_sheet`, `web_page` and `open_data` all print these figures.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports import tables
from reports.papers import (
    Breakdown,
    Change,
    FollowUp,
    OfficeData,
    Papers,
    PartFigures,
    TrendPoint,
    check_totals,
)
from scoring import ikm, precision
from scoring.channels import in_order
from scoring.ikm import Score
from scoring.numbers import grouped, half_up, with_comma
from scoring.period import Period, long_day

MAX_NAME, MAX_TEXT = 120, 300  # characters of a typed name or text that are published
DECLINED = "Tidak menjawab"
NOT_ASKED = "Tidak menjawab atau tidak ditanya"
TOO_FEW = "Terlalu sedikit yang menjawab"
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@dataclass(frozen=True, slots=True)
class PublicUnsur:
    """One unsur; nrr, nik and mutu are None when nobody answered it."""

    code: str
    number: str
    name: str
    nrr: Decimal | None
    nik: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service, or several that are joined; `received` are its responses, `n` those in the IKM."""

    name: str
    n: int
    received: int
    ikm: Decimal | None
    mutu: str | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Publication:
    """The public figures of a period; when `ikm` is None, `missing` gives the reason."""

    office: OfficeData
    period: Period
    covers: Period
    complete: bool
    locked_at: datetime | None
    revision: int
    fingerprint: str
    instrument: str
    bobot: str
    pembulatan: str
    n: int
    received: int
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    margin: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    mutu_text: str  # with the mutu that the interval reaches too
    missing: str
    remarks: tuple[str, ...]  # to print beside the IKM
    population: int | None
    population_note: str
    required: int | None
    channels: tuple[tuple[str, int], ...]
    repeats: int
    ikm_without_repeats: Decimal | None
    unsur: tuple[PublicUnsur, ...]
    services: tuple[PublicService, ...]
    respondents: tuple[Breakdown, ...]
    trend: tuple[TrendPoint, ...]
    change: Change | None
    follow_up: tuple[FollowUp, ...]

    @property
    def locked_day(self) -> date | None:
        """The day of the lock in the office's time zone."""
        return self.locked_at and self.locked_at.astimezone(self.period.zone).date()


def publication(papers: Papers) -> Publication:
    """The public figures of a period's papers.

    Raises:
        PapersError: totals that differ.
    """
    check_totals(papers)
    score, without = papers.score, papers.score_without_repeats
    return Publication(
        office=_office(papers.office),
        period=papers.period,
        covers=papers.covers,
        complete=papers.complete,
        locked_at=papers.locked_at,
        revision=papers.revision,
        fingerprint=papers.fingerprint,
        instrument=score.instrument.code,
        bobot=score.mode.bobot,
        pembulatan=score.mode.pembulatan,
        n=score.n,
        received=papers.received,
        ikm=papers.ikm,
        mutu=papers.mutu,
        kinerja=papers.kinerja,
        margin=papers.margin,
        interval=_interval(papers),
        mutu_text=tables.mutu_text(papers),
        missing=_missing(papers),
        remarks=_remarks(papers),
        population=papers.population,
        population_note=tables.population_note(papers),
        required=papers.required,
        channels=tuple((code, papers.channels[code]) for code in in_order(papers.channels)),
        repeats=papers.repeats,
        ikm_without_repeats=None if without is None else without.ikm,
        unsur=_unsur(score),
        services=tuple(_service(each) for each in papers.services),
        respondents=papers.respondents,
        trend=papers.trend,
        change=papers.change,
        follow_up=tuple(_cleaned(line) for line in papers.last_follow_up),
    )


def _interval(papers: Papers) -> tuple[Decimal, Decimal] | None:
    if papers.ikm is None or papers.margin is None:
        return None
    return precision.interval(papers.score.instrument, papers.ikm, papers.margin)


def public_text(text: str, max_characters: int = MAX_TEXT) -> str:
    """A typed text for publication: one line, without control or direction characters."""
    spaced = " ".join(text[: 4 * max_characters].split())
    line = "".join(character for character in spaced if not _unprintable(character))
    return line if len(line) <= max_characters else line[: max_characters - 1].rstrip() + "…"


def _unprintable(character: str) -> bool:
    category, direction = unicodedata.category(character), unicodedata.bidirectional(character)
    return category in ("Cc", "Cs", "Cn", "Co") or direction in DIRECTIONS


def _office(office: OfficeData) -> OfficeData:
    return OfficeData(
        nama=public_text(office.nama, MAX_NAME),
        jabatan=public_text(office.jabatan, MAX_NAME),
        kabupaten=public_text(office.kabupaten, MAX_NAME),
        alamat=public_text(office.alamat),
        kepala=public_text(office.kepala, MAX_NAME),
        nip=public_text(office.nip, MAX_NAME),
    )


def _cleaned(line: FollowUp) -> FollowUp:
    return FollowUp(
        unsur=line.unsur,
        kegiatan=public_text(line.kegiatan),
        due=line.due,
        responsible=public_text(line.responsible),
        status=line.status,
        evidence=public_text(line.evidence),
        obstacle=public_text(line.obstacle),
        description=public_text(line.description),
        photos=line.photos,
    )


def _missing(papers: Papers) -> str:
    if papers.ikm is not None:
        return ""
    if papers.score.n == 0 and papers.received:
        return f"Baru {papers.received} responden; terlalu sedikit untuk menyebut angka."
    if papers.score.n == 0:
        return "Belum ada responden pada periode ini."
    return "IKM belum dapat dihitung: ada unsur yang tidak dijawab seorang pun."


def _remarks(papers: Papers) -> tuple[str, ...]:
    mode = papers.score.mode
    remarks = [warning.teks for warning in papers.score.warnings] if papers.score.n else []
    if mode != ikm.EXACT:
        mode_text = f"bobot {with_comma(mode.bobot)}, pembulatan {mode.pembulatan}"
        remarks.insert(0, f"Cara hitung: {mode_text}.")
    if papers.joined_from:
        method = tables.METHODS[papers.method or "gabungan"].capitalize()
        remarks.append(f"{method} dari {papers.joined_from}.")
    if not papers.complete:
        remarks.append(tables.INCOMPLETE)
    if papers.run_in:
        remarks.append(f"Termasuk jawaban {tables.titles(papers.run_in)}.")
    remarks += [
        f"Ralat {long_day(each.day)}: IKM semula {tables.ikm_text(each.before)},"
        f" menjadi {tables.ikm_text(each.after)}."
        for each in papers.corrections
    ]
    if papers.score.n < papers.received:
        remarks.append(
            f"Dihitung dari {grouped(papers.score.n)} dari {grouped(papers.received)} isian."
        )
    return tuple(remarks)


def _unsur(score: Score) -> tuple[PublicUnsur, ...]:
    return tuple(
        PublicUnsur(
            code,
            score.instrument.number(code),
            score.instrument.name_of(code),
            _rounded(unsur.nrr, 3),
            unsur.nik,
            unsur.mutu,
        )
        for code, unsur in score.unsur.items()
    )


def _rounded(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else half_up(value, places)


def _service(part: PartFigures) -> PublicService:
    score = part.score
    name = public_text(part.name, MAX_NAME)
    return PublicService(name, score.n, part.received, score.ikm, score.mutu, part.provisional)
