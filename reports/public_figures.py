"""The public figures of a period: totals checked, small groups merged, typed texts cleaned.

`publication_sheet`, `web_page` and `open_data` all print these figures.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports.papers import Breakdown, FollowUp, OfficeData, Papers, TrendPoint
from scoring import ikm
from scoring.ikm import Score
from scoring.numbers import with_comma
from scoring.period import Period

PROVISIONAL = 30  # a figure of fewer responses is marked as provisional
MAX_NAME, MAX_TEXT = 120, 300  # characters of a typed name or text that are published
DECLINED = "Tidak menjawab"
REST = "Lainnya (digabung)"
ON_SHEET = ("jenis_kelamin", "pendidikan")
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class TotalsError(ValueError):
    """Jumlah responden pada satu rincian tidak sama dengan jumlah seluruhnya."""


@dataclass(frozen=True, slots=True)
class PublicUnsur:
    """One unsur; nrr, nik and mutu are None when too few people answered it."""

    code: str
    number: str
    name: str
    nrr: Decimal | None
    nik: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service that enough people rated."""

    name: str
    n: int
    ikm: Decimal | None
    mutu: str | None

    @property
    def provisional(self) -> bool:
        """Whether so few people answered that the figure can still change much."""
        return self.n < PROVISIONAL


@dataclass(frozen=True, slots=True)
class Publication:
    """The public figures of a period; when `ikm` is None, `missing` gives the reason."""

    office: OfficeData
    period: Period
    locked_at: datetime | None
    revision: int
    fingerprint: str
    instrument: str
    bobot: str
    pembulatan: str
    n: int
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    margin: Decimal | None
    missing: str
    remarks: tuple[str, ...]  # to print beside the IKM
    population: int | None
    required: int | None
    channels: tuple[tuple[str, int], ...]
    repeats: int
    ikm_without_repeats: Decimal | None
    unsur: tuple[PublicUnsur, ...]
    services: tuple[PublicService, ...]
    respondents: tuple[Breakdown, ...]
    trend: tuple[TrendPoint, ...]
    follow_up: tuple[FollowUp, ...]
    least: int  # a figure of fewer answers is not published

    @property
    def locked_day(self) -> date | None:
        """The day of the lock in the office's time zone; None before the lock."""
        return self.locked_at and self.locked_at.astimezone(self.period.zone).date()


def publication(papers: Papers) -> Publication:
    """The public figures of a period's papers.

    Raises:
        TotalsError: a breakdown, the channels or the services do not add up to the respondents.
    """
    _check(papers)
    score = papers.score
    least = papers.least
    enough = score.n >= least
    index = score.ikm if enough else None
    # Two indices that differ by a few responses would reveal the answers in them.
    repeats = papers.repeats if index is not None and papers.repeats >= least else 0
    return Publication(
        office=_office(papers.office),
        period=papers.period,
        locked_at=papers.locked_at,
        revision=papers.revision,
        fingerprint=papers.fingerprint,
        instrument=score.instrument.code,
        bobot=score.mode.bobot,
        pembulatan=score.mode.pembulatan,
        n=score.n,
        ikm=index,
        mutu=score.mutu if enough else None,
        kinerja=score.kinerja if enough else None,
        margin=None if index is None else papers.margin,
        missing=_missing(score, least),
        remarks=_remarks(papers) if index is not None else (),
        population=papers.population,
        required=papers.required,
        channels=tuple(papers.channels.items()) if enough else (),
        repeats=repeats,
        ikm_without_repeats=_without_repeats(papers) if repeats else None,
        unsur=_unsur(score, least),
        services=_services(papers) if enough else (),
        respondents=tuple(_merged(each, least) for each in papers.respondents) if enough else (),
        trend=papers.trend if enough or score.ikm is None else papers.trend[:-1],
        follow_up=tuple(_cleaned(line) for line in papers.last_follow_up),
        least=least,
    )


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
    )


def _check(papers: Papers) -> None:
    n = papers.score.n
    given = {each.attribute for each in papers.respondents}
    asked = {attribute.code for attribute in papers.score.instrument.attributes}
    for code in ON_SHEET:
        if n and code in asked and code not in given:
            raise TotalsError(f"rincian {code} tidak ada, padahal ada {n} responden.")
    parts = [(each.title, each.rows) for each in papers.respondents]
    if papers.channels:
        parts.append(("kanal", tuple(papers.channels.items())))
    for title, rows in parts:
        total = sum(count for _, count in rows)
        if total != n or any(count < 0 for _, count in rows):
            raise TotalsError(f"{title}: jumlahnya {total}, padahal ada {n} responden.")
    total = sum(service.score.n for service in papers.services)
    if total > n:
        raise TotalsError(f"layanan: jumlahnya {total}, padahal ada {n} responden.")


def _missing(score: Score, least: int) -> str:
    if score.n == 0:
        return "Belum ada responden pada periode ini."
    if score.n < least:
        return f"Baru {score.n} responden; terlalu sedikit untuk menyebut angka."
    if score.ikm is None:
        return "IKM belum dapat dihitung: ada unsur yang tidak dijawab seorang pun."
    return ""


def _remarks(papers: Papers) -> tuple[str, ...]:
    mode = papers.score.mode
    remarks = [warning.teks for warning in papers.score.warnings]
    if mode != ikm.EXACT:
        mode_text = f"bobot {with_comma(mode.bobot)}, pembulatan {mode.pembulatan}"
        remarks.insert(0, f"Cara hitung: {mode_text}.")
    if papers.rebuilt_from:
        remarks.append(f"Gabungan periode {papers.rebuilt_from}.")
    return tuple(remarks)


def _without_repeats(papers: Papers) -> Decimal | None:
    score = papers.score_without_repeats
    return score.ikm if score is not None and score.n >= papers.least else None


def _unsur(score: Score, least: int) -> tuple[PublicUnsur, ...]:
    public = []
    codes_shown = ikm.publishable_items(score, least) if score.n >= least else frozenset()
    for code, unsur in score.unsur.items():
        shown = code in codes_shown
        public.append(
            PublicUnsur(
                code,
                score.instrument.number(code),
                score.instrument.item(code).name["id"],
                _rounded(unsur.nrr, 3) if shown else None,
                unsur.nik if shown else None,
                unsur.mutu if shown else None,
            )
        )
    return tuple(public)


def _rounded(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else ikm.half_up(value, places)


def _services(papers: Papers) -> tuple[PublicService, ...]:
    least = papers.least
    public = [each for each in papers.services if each.shown and each.score.n >= least]
    # The difference to the total must be nobody or enough people, for it can be computed.
    while public and 0 < papers.score.n - sum(each.score.n for each in public) < least:
        public.remove(min(public, key=lambda each: each.score.n))
    return tuple(
        PublicService(
            public_text(each.name, MAX_NAME), each.score.n, each.score.ikm, each.score.mutu
        )
        for each in public
    )


def _merged(breakdown: Breakdown, least: int) -> Breakdown:
    """The breakdown with its small groups merged into one row of enough people.

    The row of those who declined to answer stays, because it identifies nobody.
    """
    groups = sorted((row for row in breakdown.rows if row[0] != DECLINED and row[1]), key=_count)
    small = [row for row in groups if row[1] < least]
    rest = groups[len(small) :]
    while small and rest and sum(map(_count, small)) < least:
        small.append(rest.pop(0))
    if not small:
        return breakdown
    kept = [row for row in breakdown.rows if row not in small]
    position = next((index for index, row in enumerate(kept) if row[0] == DECLINED), len(kept))
    kept.insert(position, (REST, sum(map(_count, small))))
    return Breakdown(breakdown.attribute, breakdown.title, tuple(kept))


def _count(row: tuple[str, int]) -> int:
    return row[1]
