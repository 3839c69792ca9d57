"""What an office makes public of a period: figures checked, small groups merged, texts cleaned.

Sheet (`publication.py`), page (`page.py`) and data (`open_data.py`) all say these facts.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports.papers import Breakdown, FollowUp, OfficeFacts, Papers, TrendPoint
from scoring import cells, ikm
from scoring.ikm import Score
from scoring.indonesian import with_comma
from scoring.period import Period

PROVISIONAL = 30  # below it a service's figure is marked so
NAME, LONGEST = 120, 300  # characters of a typed name or text that go public
DECLINED = "Tidak menjawab"
REST = "Lainnya (digabung)"
ON_SHEET = ("jenis_kelamin", "pendidikan")
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class TotalsError(ValueError):
    """Jumlah responden pada satu rincian tidak sama dengan jumlah seluruhnya."""


@dataclass(frozen=True, slots=True)
class PublicUnsur:
    """One unsur; nrr, nik and mutu are None where too few answered it."""

    code: str
    number: str
    name: str
    nrr: Decimal | None
    nik: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class PublicService:
    """One service that enough people rated."""

    name: str
    n: int
    ikm: Decimal | None
    mutu: str | None

    @property
    def provisional(self) -> bool:
        """Whether so few answered that the figure may still move much."""
        return self.n < PROVISIONAL


@dataclass(frozen=True, slots=True)
class Publication:
    """The public facts of a period; `ikm` is None, with `missing` saying why, or a figure."""

    office: OfficeFacts
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
    remarks: tuple[str, ...]  # what must stand beside the number
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
    least: int  # answers below which nothing is told

    @property
    def locked_day(self) -> date | None:
        """The day of the lock by the office's clock; None before it."""
        return self.locked_at and self.locked_at.astimezone(self.period.zone).date()


def of(papers: Papers) -> Publication:
    """The public facts of a period's papers.

    Raises:
        TotalsError: a breakdown, the channels or the services do not add up to the respondents.
    """
    _check(papers)
    score = papers.score
    least = papers.least
    enough = score.n >= least
    figure = score.ikm if enough else None
    # Two indices that differ by a few responses would tell what those answered.
    repeats = papers.repeats if figure is not None and papers.repeats >= least else 0
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
        ikm=figure,
        mutu=score.mutu if enough else None,
        kinerja=score.kinerja if enough else None,
        margin=None if figure is None else papers.margin,
        missing=_missing(score, least),
        remarks=_remarks(papers) if figure is not None else (),
        population=papers.population,
        required=papers.required,
        channels=tuple(papers.channels.items()) if enough else (),
        repeats=repeats,
        ikm_without_repeats=_without_repeats(papers) if repeats else None,
        unsur=_unsur(score, least),
        services=_services(papers) if enough else (),
        respondents=tuple(_merged(each, least) for each in papers.respondents) if enough else (),
        trend=papers.trend if enough or score.ikm is None else papers.trend[:-1],
        follow_up=tuple(_clean(line) for line in papers.last_follow_up),
        least=least,
    )


def plain(text: str, longest: int = LONGEST) -> str:
    """A typed text as it may go public: one line, no control or direction signs, not too long."""
    spaced = " ".join(text[: 4 * longest].split())
    line = "".join(sign for sign in spaced if not _unprintable(sign))
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _unprintable(sign: str) -> bool:
    category, direction = unicodedata.category(sign), unicodedata.bidirectional(sign)
    return category in ("Cc", "Cs", "Cn", "Co") or direction in DIRECTIONS


def _office(office: OfficeFacts) -> OfficeFacts:
    return OfficeFacts(
        nama=plain(office.nama, NAME),
        jabatan=plain(office.jabatan, NAME),
        kabupaten=plain(office.kabupaten, NAME),
        alamat=plain(office.alamat),
        kepala=plain(office.kepala, NAME),
        nip=plain(office.nip, NAME),
    )


def _clean(line: FollowUp) -> FollowUp:
    return FollowUp(
        unsur=line.unsur,
        kegiatan=plain(line.kegiatan),
        due=line.due,
        responsible=plain(line.responsible),
        status=line.status,
        evidence=plain(line.evidence),
        obstacle=plain(line.obstacle),
        description=plain(line.description),
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
    served = sum(service.score.n for service in papers.services)
    if served > n:
        raise TotalsError(f"layanan: jumlahnya {served}, padahal ada {n} responden.")


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
    said = [warning.teks for warning in papers.score.warnings]
    if mode != ikm.EXACT:
        way = f"bobot {with_comma(mode.bobot)}, pembulatan {mode.pembulatan}"
        said.insert(0, f"Cara hitung: {way}.")
    if papers.rebuilt_from:
        said.append(f"Gabungan periode {papers.rebuilt_from}.")
    return tuple(said)


def _without_repeats(papers: Papers) -> Decimal | None:
    left = papers.score_without_repeats
    return left.ikm if left is not None and left.n >= papers.least else None


def _unsur(score: Score, least: int) -> tuple[PublicUnsur, ...]:
    found = []
    told = cells.publishable_items(score, least) if score.n >= least else frozenset()
    for code, unsur in score.unsur.items():
        shown = code in told
        found.append(
            PublicUnsur(
                code,
                score.instrument.number(code),
                score.instrument.item(code).name["id"],
                _places(unsur.nrr, 3) if shown else None,
                unsur.nik if shown else None,
                unsur.mutu if shown else None,
            )
        )
    return tuple(found)


def _places(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else ikm.half_up(value, places)


def _services(papers: Papers) -> tuple[PublicService, ...]:
    least = papers.least
    told = [each for each in papers.services if each.shown and each.score.n >= least]
    # What remains must not be told from the total: it is nobody, or enough people.
    while told and 0 < papers.score.n - sum(each.score.n for each in told) < least:
        told.remove(min(told, key=lambda each: each.score.n))
    return tuple(
        PublicService(plain(each.name, NAME), each.score.n, each.score.ikm, each.score.mutu)
        for each in told
    )


def _merged(found: Breakdown, least: int) -> Breakdown:
    """A breakdown without groups of too few people: they share a row, itself of enough.

    Nobody is known by having declined, so that row stays.
    """
    told = sorted((row for row in found.rows if row[0] != DECLINED and row[1]), key=_count)
    small = [row for row in told if row[1] < least]
    rest = told[len(small) :]
    while small and rest and sum(map(_count, small)) < least:
        small.append(rest.pop(0))
    if not small:
        return found
    kept = [row for row in found.rows if row not in small]
    at = next((place for place, row in enumerate(kept) if row[0] == DECLINED), len(kept))
    kept.insert(at, (REST, sum(map(_count, small))))
    return Breakdown(found.attribute, found.title, tuple(kept))


def _count(row: tuple[str, int]) -> int:
    return row[1]
