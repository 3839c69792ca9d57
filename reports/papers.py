"""The data of a period's papers: one model for tabulation, report, publication sheet and web page.

Every figure is one of `office.figures`. A paper prints it and computes, ranks and hides nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from reports.document import DOTTED_LINE, Photo, Signature, signature
from scoring import ikm, period
from scoring.ikm import Score
from scoring.iku import YearMethod
from scoring.instrument import Subject
from scoring.naming import LowUnsur
from scoring.period import Period
from scoring.reliability import Reliability

ON_SHEET = ("jenis_kelamin", "pendidikan")  # attributes that the regulation's sheet has


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
    kontak: str = ""  # telephone, e-mail, website: the last line of the letterhead
    sk: str = ""  # the decision that set up the survey team
    tim: str = ""  # a line for each member: `Ketua: Sekretaris Kecamatan`
    persiapan: str = ""  # when each stage of the survey is, as the office words it
    pelaporan: str = ""
    publikasi: str = ""
    pangkat: str = ""  # of who signs

    def signed(self, day: str) -> Signature:
        """The signature of who signs for the office."""
        place = f"Ditetapkan di {self.place} pada tanggal {day}"
        position = self.jabatan or DOTTED_LINE
        return signature(place, position, self.kepala, self.nip, self.pangkat)

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """The survey team: what each is in it, and who; a line without a colon is a name."""
        told = (line.partition(":") for line in self.tim.splitlines() if line.strip())
        return tuple((place.strip(), name.strip()) if colon else ("Anggota", place.strip())
                     for place, colon, name in told)  # fmt: skip

    @property
    def letterhead(self) -> tuple[str, ...]:
        """The head of a paper: the government, the office, its address and contacts."""
        government = f"PEMERINTAH {self.kabupaten.upper()}" if self.kabupaten else ""
        lines = (government, self.nama.upper(), self.alamat, self.kontak)
        return tuple(line for line in lines if line)

    @property
    def place(self) -> str:
        """Where papers are signed: `Pakong` of `Kantor Kecamatan Pakong`; else a dotted line."""
        kind = re.search("(Kecamatan|Kelurahan|Desa) ", self.nama)
        return self.nama[kind.end() :] if kind else DOTTED_LINE


@dataclass(frozen=True, slots=True)
class PartFigures:
    """The figures of one service or unit, or of several that are joined.

    Args:
        received: its responses, also those that are in the figure of the joined ones.
        provisional: so few people answered that the figure can still change much.
        lower: it is clearly lower than the others.
    """

    name: str
    score: Score
    received: int
    provisional: bool
    lower: bool = False


@dataclass(frozen=True, slots=True)
class SuggestionCounts:
    """How many suggestions were written; `by_unsur`: code or "lain-lain", `rest`: the others."""

    total: int
    done: int
    by_unsur: tuple[tuple[str, int], ...]
    rest: int


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """How many used a service and how many of them answered.

    Args:
        received: its responses.
        users: in the `known` periods of which they are known; None: of none.
        received_of_users: its responses in those periods.
    """

    name: str
    received: int
    users: int | None
    known: int
    received_of_users: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Respondents by one attribute; the counts, with "tidak menjawab", sum to n.

    `subject`: what its question is about.
    """

    attribute: str  # code, as in the instrument
    title: str
    rows: tuple[tuple[str, int], ...]
    subject: Subject = "responden"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an unsur is weak, as the office words it; `period`: as of a follow-up."""

    unsur: str  # code
    text: str
    period: str = ""


FOLLOW_UP_STATUS = {
    "rencana": "direncanakan",
    "berjalan": "berjalan",
    "selesai": "selesai",
    "batal": "dibatalkan",
}


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
    period: str = ""  # the short title of the period whose results it answers
    photos: tuple[Photo, ...] = ()

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
    """A figure of the same series: its short title and its IKM of 25–100.

    Args:
        by_hand: an official entered it, of a year without answers.
        other_wording: the questions were worded differently.
        part: of a period inside the papers' own span.
    """

    label: str
    ikm: Decimal
    mutu: str
    by_hand: bool = False
    other_wording: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The change since an earlier figure.

    Args:
        verdict: in the words of `scoring.precision`; None where it cannot be tested.
    """

    since: TrendPoint
    delta: Decimal
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of the figures after the lock (ralat): what, why, and the IKM before and after."""

    day: date
    what: str
    reason: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Quality:
    """A study of the questionnaire; it never excludes a response from the IKM.

    `uniform` counts the responses with the same nilai for every unsur.
    """

    study: Reliability
    uniform: int


@dataclass(frozen=True, slots=True)
class Papers:
    """The data of all papers of one period, semester or year.

    Args:
        covers: the days that the figures cover.
        periods: the locked periods whose answers these are, oldest first.
        run_in: earlier periods whose answers are counted too.
        complete: whether every period of the span is locked.
        locked_at: when the newest of them was locked; None for a draft, which has no figure.
        score: of all answers together.
        received: responses that were counted; `score.n` of them are in the figures.
        provisional: so few people answered that the figures can still change much.
        letters: the mutu that the interval reaches, that of the IKM first.
        causes: why unsur are weak, of each period in turn.
        definitions: what the regulation says of each unsur; an office's own unsur may lack it.
        distribution: of each item, how many gave each nilai; of some it is not told.
        lowest: the three lowest unsur, lowest first; `low_mutu` the others of mutu C or D.
        highest: codes of at most three unsur that are not to be improved, highest first.
        ikm: by the office's rule for several periods, which `method` names; None: of one period.
        population: users of the `population_known` periods of which they are known.
        population_received: responses in those periods.
        required: the sample that the population asks for.
        service_users: each service in use or rated; `unrated` those in use that nobody rated.
        repeats: second and third responses of one phone.
        levy: answers other than gratis at free services, and of how many.
        trend: oldest first, this span last.
        follow_up: the plans made after these periods; `last_follow_up` those whose realisation is
            told: the plan of the period before, and of a longer span those of its own periods too.
        rows: answers in the instrument's order, shuffled; when empty, `rows_note` says why.
        suggestions: of respondents, those that the Camat chose to print.
        suggestion_counts: how many there are; None: too few to tell.
    """

    office: OfficeData
    period: Period
    covers: Period
    periods: tuple[Period, ...]
    run_in: tuple[Period, ...]
    complete: bool
    locked_at: datetime | None
    revision: int
    fingerprint: str
    score: Score
    received: int
    provisional: bool
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    method: YearMethod | None
    margin: Decimal | None
    letters: tuple[str, ...]
    lowest: tuple[LowUnsur, ...]
    low_mutu: tuple[LowUnsur, ...]
    highest: tuple[str, ...]
    population: int | None
    population_known: int
    population_received: int
    required: int | None
    service_users: tuple[ServiceUse, ...]
    unrated: tuple[str, ...]
    channels: Mapping[str, int]
    repeats: int
    score_without_repeats: Score | None
    levy: tuple[int, int] | None
    services: tuple[PartFigures, ...]
    units: tuple[PartFigures, ...]
    respondents: tuple[Breakdown, ...]
    trend: tuple[TrendPoint, ...]
    change: Change | None
    follow_up: tuple[FollowUp, ...]
    last_follow_up: tuple[FollowUp, ...]
    rows: tuple[tuple[int | None, ...], ...]
    corrections: tuple[Correction, ...] = ()
    rows_note: str = ""
    suggestions: tuple[str, ...] = ()
    suggestion_counts: SuggestionCounts | None = None
    quality: Quality | None = None
    causes: tuple[Cause, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    distribution: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    @property
    def draft(self) -> bool:
        """Whether it is a template without figures, of a period that is not locked."""
        return self.locked_at is None

    @property
    def n(self) -> int:
        """How many responses are in the figures; of a draft, how many there are."""
        return self.received if self.draft else self.score.n

    @property
    def joined_from(self) -> str:
        """The titles of the periods that were joined; empty for a period by itself."""
        alone = [each.label for each in self.periods] == [self.period.label]
        return "" if alone else ", ".join(period.title(each) for each in self.periods)


def check_totals(papers: Papers) -> None:
    """Check that the totals agree, before a paper is made.

    Raises:
        PapersError: totals that differ, one line for each.
    """
    if papers.draft:
        return
    n = papers.score.n
    parts = [("cara mengisi", tuple(papers.channels.items()))]
    parts += [(each.title, each.rows) for each in papers.respondents]
    for title, named in (("layanan", papers.services), ("unit", papers.units)):
        if named:
            parts.append((title, tuple((each.name, each.score.n) for each in named)))
    wrong = [
        f"{title}: {sum(count for _, count in rows)}, padahal {n} responden"
        for title, rows in parts
        if sum(count for _, count in rows) != n or any(count < 0 for _, count in rows)
    ]
    wrong += [*_missing_breakdowns(papers), *_rows_that_differ(papers)]
    if wrong:
        raise PapersError("\n".join(wrong))


def _missing_breakdowns(papers: Papers) -> list[str]:
    if not papers.score.n or papers.score.n < papers.received:
        return []  # an answer that is not in the figures is in no breakdown either
    asked = {each.code: each.name["id"] for each in papers.score.instrument.attributes}
    given = {each.attribute for each in papers.respondents}
    return [
        f"{asked[code]}: rinciannya tidak ada, padahal {papers.score.n} responden"
        for code in ON_SHEET
        if code in asked and code not in given
    ]


def _rows_that_differ(papers: Papers) -> list[str]:
    if not papers.rows:
        return []
    instrument = papers.score.instrument
    rows = (dict(zip(instrument.codes, row, strict=True)) for row in papers.rows)
    tally = ikm.tally_of(instrument, rows)
    return [
        f"nilai {instrument.title(code)} pada baris jawaban berbeda dari hasilnya"
        for code, item in papers.score.items.items()
        if item.jumlah != sum(nilai * count for nilai, count in tally[code].items())
        or item.n != len(papers.rows) - tally[code][0]
    ]
