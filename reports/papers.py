"""What the papers of a period say: one model for tabulation, report, publication sheet and page.

Whoever fills it has rounded nothing and hidden nothing away: figures are exact, and `shown` says
where there are too few answers to print one. Each paper renders what it needs, computing no index.
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
class OfficeFacts:
    """Who hands the papers in; empty texts where the office did not say."""

    nama: str
    jabatan: str
    kabupaten: str
    alamat: str
    kepala: str
    nip: str


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service (or unit) of the period.

    `shown` is False where fewer answered than may be told apart; such services are merged into one
    entry named "lainnya" before they come here, or kept out.
    """

    name: str
    gratis: bool
    score: Score
    shown: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How the respondents divide by one attribute; the counts, "tidak menjawab" too, sum to n."""

    attribute: str  # code, as in the instrument
    title: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One line of the follow-up plan, and what became of it."""

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
        """Whether it was carried out."""
        return self.status == "selesai"

    @property
    def counts(self) -> bool:
        """Whether it is still part of the plan."""
        return self.status != "batal"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A locked period of the same series: its short title and its IKM of 25–100."""

    label: str
    ikm: Decimal
    mutu: str


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response of the tabulation sheet, without anything about its person but what is asked.

    `service` is the name of the `ServiceFigures` it counts under ("lainnya" for merged ones).
    """

    service: str
    kanal: str
    answers: tuple[int | None, ...]  # in the instrument's order


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """The index of those who gave one answer to an attribute; never of a few people."""

    label: str
    score: Score


@dataclass(frozen=True, slots=True)
class AttributeIndex:
    """The index by one attribute; small groups share one, and none stands where all are small."""

    title: str
    groups: tuple[GroupIndex, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What practitioners ask of the answers; nobody is left out of the index by any of it.

    `uniform` responses gave one nilai throughout; `without_uniform` is None where either side is
    too small for its answers to stay untold.
    """

    study: Reliability
    uniform: int
    without_uniform: Score | None
    by_attribute: tuple[AttributeIndex, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything the papers of one period, semester or year say.

    `score` is the period's result; `fingerprint` that of its inputs, empty before the lock.
    `follow_up` plans after this period, `last_follow_up` is what the period before had planned.
    `rows` come shuffled, and are empty where they may not be shown, as `rows_note` then says.
    Nothing is told of fewer answers than `least`.
    """

    office: OfficeFacts
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
        """The codes of the three lowest unsur, lowest first; those nobody answered left out."""
        found = [u for u in self.score.unsur.values() if u.nrr is not None]
        return tuple(u.code for u in sorted(found, key=lambda u: (u.nrr or 0, u.code))[:3])


def check(papers: Papers) -> None:
    """Whether the totals agree, as published papers often do not; every paper is made after it.

    Raises:
        PapersError: naming each total that differs.
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


def answers_of(papers: Papers, service: str | None = None) -> tuple[ResponseRow, ...]:
    """The rows of one service, or all."""
    return tuple(row for row in papers.rows if service in (None, row.service))


def _rows_that_differ(papers: Papers) -> list[str]:
    if not papers.rows:
        return []
    scores: list[tuple[str, str | None, Score]] = [("semua layanan", None, papers.score)]
    scores += [(each.name, each.name, each.score) for each in papers.services if each.shown]
    return [
        f"{what}: nilai {score.instrument.title(code)} pada baris jawaban berbeda dari hasilnya"
        for what, service, score in scores
        for code in _differing(score, answers_of(papers, service))
    ]


def _differing(score: Score, rows: tuple[ResponseRow, ...]) -> list[str]:
    codes = score.instrument.codes
    answers = (dict(zip(codes, row.answers, strict=True)) for row in rows)
    found = ikm.tally_of(score.instrument, answers)
    return [
        code
        for code, unsur in score.unsur.items()
        if unsur.jumlah != sum(nilai * count for nilai, count in found[code].items())
        or unsur.n != len(rows) - found[code][0]
    ]
