"""The data of a period's papers: one model for tabulation, report, publication sheet and web page.

Figures are exact and complete; `shown` is False where there are too few answers to print one.
A paper prints what it needs from this model and computes no index itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from scoring import ikm
from scoring.ikm import Score
from scoring.limits import MIN_RESPONSES
from scoring.period import Period
from scoring.reliability import Reliability


class PapersError(ValueError):
    """Angka bahan laporan tidak saling cocok; satu baris per selisih."""


@dataclass(frozen=True, slots=True)
class OfficeData:
    """The office that publishes the papers; a text that it did not enter is empty."""

    nama: str
    jabatan: str
    kabupaten: str
    alamat: str
    kepala: str
    nip: str


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service (or unit) of the period.

    `shown` is False where too few people answered to print its figures. Such services are merged
    into one named "lainnya" or removed before this model is filled.
    """

    name: str
    gratis: bool
    score: Score
    shown: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Respondents by one attribute; the counts, with "tidak menjawab", sum to n."""

    attribute: str  # code, as in the instrument
    title: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One line of the follow-up plan, and its realisation."""

    unsur: str  # code of the item
    kegiatan: str
    due: date | None
    responsible: str
    status: str  # rencana | berjalan | selesai | batal
    evidence: str
    obstacle: str
    description: str = ""  # what was done

    @property
    def done(self) -> bool:
        """Whether it is completed."""
        return self.status == "selesai"

    @property
    def counts(self) -> bool:
        """Whether it is part of the plan: it is not cancelled."""
        return self.status != "batal"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A locked period of the same series: its short title and its IKM of 25–100."""

    label: str
    ikm: Decimal
    mutu: str


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response in the tabulation; it has the answers and nothing else about the respondent.

    `service` is the name of its `ServiceFigures` ("lainnya" for merged services).
    """

    service: str
    kanal: str
    answers: tuple[int | None, ...]  # in the instrument's order


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """The IKM of the respondents with the same answer to an attribute; never of a few people."""

    label: str
    score: Score


@dataclass(frozen=True, slots=True)
class AttributeIndex:
    """The IKM by one attribute; small groups are merged, and there is none when all are small."""

    title: str
    groups: tuple[GroupIndex, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Data quality; it never excludes a response from the IKM.

    `uniform` counts the responses with the same nilai for every unsur. `without_uniform` is None
    when it could reveal the answers of a few people.
    """

    study: Reliability
    uniform: int
    without_uniform: Score | None
    by_attribute: tuple[AttributeIndex, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """The data of all papers of one period, semester or year.

    `score` is the period's result; `fingerprint` is that of its inputs, empty before the lock.
    `follow_up` is the plan made after this period, `last_follow_up` that of the period before.
    `rows` are shuffled, and empty when they may not be shown; `rows_note` then gives the reason.
    No figure of fewer than `least` answers is printed.
    """

    office: OfficeData
    period: Period
    locked_at: datetime | None
    revision: int
    fingerprint: str
    score: Score
    margin: Decimal | None
    population: int | None
    required: int | None  # the sample the population asks for
    channels: Mapping[str, int]
    repeats: int  # second and third responses of one phone
    score_without_repeats: Score | None
    gratis_findings: tuple[tuple[str, int, int], ...]  # service, not "gratis", answered
    services: tuple[ServiceFigures, ...]
    respondents: tuple[Breakdown, ...]
    trend: tuple[TrendPoint, ...]  # oldest first, this period last
    follow_up: tuple[FollowUp, ...]
    last_follow_up: tuple[FollowUp, ...]
    rows: tuple[ResponseRow, ...]
    suggestions: tuple[str, ...] = ()  # of respondents, those that the office chose to print
    rebuilt_from: str = ""  # "2026-TW1, 2026-TW2" when several periods were joined
    rows_note: str = ""
    quality: Quality | None = None
    least: int = MIN_RESPONSES

    @property
    def lowest(self) -> tuple[str, ...]:
        """The codes of the three lowest unsur, lowest first, without those that nobody answered."""
        answered = [each for each in self.score.unsur.values() if each.nrr is not None]
        by_nrr = sorted(answered, key=lambda each: (each.nrr or 0, each.code))
        return tuple(each.code for each in by_nrr[:3])


def check_totals(papers: Papers) -> None:
    """Check that the totals agree, before a paper is made.

    Raises:
        PapersError: totals that differ, one line for each.
    """
    n = papers.score.n
    counts = {"cara mengisi": sum(papers.channels.values())}
    counts |= {each.title: sum(count for _, count in each.rows) for each in papers.respondents}
    wrong = [
        f"{what}: {count}, padahal {n} responden" for what, count in counts.items() if count != n
    ]
    if sum(each.score.n for each in papers.services) > n:
        wrong.append(f"layanan: jumlahnya melebihi {n} responden")
    wrong += _rows_that_differ(papers)
    if wrong:
        raise PapersError("\n".join(wrong))


def rows_of(papers: Papers, service: str | None = None) -> tuple[ResponseRow, ...]:
    """The rows of one service, or of all services."""
    return tuple(row for row in papers.rows if service in (None, row.service))


def _rows_that_differ(papers: Papers) -> list[str]:
    if not papers.rows:
        return []
    scores: list[tuple[str, str | None, Score]] = [("semua layanan", None, papers.score)]
    scores += [(each.name, each.name, each.score) for each in papers.services if each.shown]
    return [
        f"{what}: nilai {score.instrument.title(code)} pada baris jawaban berbeda dari hasilnya"
        for what, service, score in scores
        for code in _differing(score, rows_of(papers, service))
    ]


def _differing(score: Score, rows: tuple[ResponseRow, ...]) -> list[str]:
    codes = score.instrument.codes
    answers = (dict(zip(codes, row.answers, strict=True)) for row in rows)
    tally = ikm.tally_of(score.instrument, answers)
    return [
        code
        for code, unsur in score.unsur.items()
        if unsur.jumlah != sum(nilai * count for nilai, count in tally[code].items())
        or unsur.n != len(rows) - tally[code][0]
    ]
