"""What the papers of planning of a year print: the year's plan, table, and signatories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from office.iku import labels, table
from office.iku.table import Line
from office.office import Office
from office.papers.own_words import office_data
from office.papers.refusals import NoPlan
from reports.document import DOTTED_LINE, Document, Signature, signature
from reports.papers import FOLLOW_UP_STATUS
from reports.planning.iku_document import IkuLine, IkuPaper, iku_document
from reports.planning.planning_papers import (
    UNPLANNED,
    PlannedLine,
    QuarterTexts,
    Recommendation,
    YearPaper,
    action_plan,
    agreement,
    performance_report,
)
from scoring import iku
from scoring.iku import Target
from scoring.numbers import comma
from scoring.period import long_day
from scoring.plan import NO_TARGET, QUARTERS, IkuQuarter, IkuYear, Plan, PlannedIku
from storage import follow_ups, periods
from storage.database import Db
from storage.planning import plans
from storage.settings import office_facts

SHOWN_YEARS = 8  # of the plan, in the table of targets
NOTHING_TYPED, NO_QUARTER = IkuYear(), IkuQuarter()


@dataclass(frozen=True, slots=True)
class Head:
    """What is typed on a paper itself."""

    number: str = ""
    day: date | None = None
    version: int = 1


def is_final(db: Db, office: Office, year: int) -> bool:
    """Whether the figures of a year can change no more, but for a correction."""
    if office.calendar.day(office.clock()).year <= year:
        return False
    return not any(
        each.label.startswith(str(year)) and each.runs_into is None
        for each in periods.unlocked(db, "ikm")
    )


def content(db: Db, office: Office, kind: str, year: int, quarter: int, head: Head) -> Document:
    """A paper of a year as it is now.

    Raises:
        NoPlan: no plan holds the year.
    """
    row = plans.of_year(db, year)
    if row is None:
        raise NoPlan(str(year))
    plan = plans.whole(db, row.id)
    if kind == "iku":
        return iku_document(_iku_paper(db, office, plan, year, head))
    paper = _year_paper(db, office, plan, year, head)
    match kind:
        case "pk":
            return agreement(paper)
        case "aksi":
            return action_plan(paper, quarter)
    return performance_report(paper)


def _signs(db: Db, office: Office, seat: office_facts.Seat, day: date | None) -> Signature:
    """Who signs on the day of a paper; without one, who would sign today."""
    one = office_facts.signatory(db, seat, day or office.calendar.day(office.clock()))
    if one is None:
        return Signature("", "", "", "")
    return signature("", one.position, one.name, one.nip, one.pangkat)


# --- the IKU sheet ----------------------------------------------------------------------------


def _iku_paper(db: Db, office: Office, plan: Plan, year: int, head: Head) -> IkuPaper:
    words, first = office.words.iku, plan.head
    final = is_final(db, office, year)
    planned = {each.code: each for each in plan.iku}
    shown = range(max(first.first, first.last - SHOWN_YEARS + 1), first.last + 1)
    years = range(year - 1, year + 1)
    found = table.of_years(db, office, years)
    day = head.day or office.calendar.day(office.clock())
    lines = [
        _iku_line(office, plan, found, line, planned[line.indicator.code], shown, final=final)
        for line in found[year]
    ]
    sk = ""
    if first.sk_number:
        sk = f"{first.sk_number}{f', {long_day(first.sk_date)}' if first.sk_date else ''}"
    return IkuPaper(
        office=office_data(db, day),
        renstra=first.period,
        year=str(year),
        tugas=first.tugas,
        fungsi=first.fungsi,
        lines=tuple(lines),
        comparisons=(f"Realisasi {year - 1}", f"Terhadap target {first.last}"),
        notes=(labels.rules(words, first.rules),) if final else (),
        years=tuple(shown),
        sk=sk,
        number=head.number,
        day=long_day(head.day) if head.day else DOTTED_LINE,
    )


def _iku_line(
    office: Office,
    plan: Plan,
    found: Mapping[int, Sequence[Line]],
    line: Line,
    planned: PlannedIku,
    shown: range,
    *,
    final: bool,
) -> IkuLine:
    """Figures of a year that can still change are left out: this paper is signed at any time."""
    texts = _texts(office, plan, found, line)
    targets = (planned.years.get(year, NOTHING_TYPED).target for year in shown)
    return IkuLine(
        sasaran=line.row.sasaran,
        indikator=line.row.indikator,
        formulasi=line.indicator.formulasi,
        satuan=line.row.satuan,
        target=texts.target,
        realisasi=texts.realisasi if final else "",
        capaian=texts.capaian if final else "",
        kategori=texts.kategori if final else "",
        sumber=texts.sumber,
        earlier=(texts.before, texts.progress if final else ""),
        targets=tuple(_target(office, each) for each in targets),
    )


# --- Perjanjian Kinerja, Rencana Aksi, LKjIP ---------------------------------------------------


def _year_paper(db: Db, office: Office, plan: Plan, year: int, head: Head) -> YearPaper:
    found = table.of_years(db, office, range(year - 1, year + 1))
    planned = {each.code: each for each in plan.iku}
    day = head.day or office.calendar.day(office.clock())
    lines = []
    for line in found[year]:
        texts, own = _texts(office, plan, found, line), planned[line.indicator.code]
        typed = own.years.get(year, NOTHING_TYPED)
        quarters = tuple(_quarter(db, office, plan, own, year, each) for each in QUARTERS)
        lines.append(
            PlannedLine(
                line.row.sasaran, line.row.indikator, line.row.satuan, texts.target,
                texts.realisasi, texts.capaian, texts.kategori, texts.before, texts.end,
                texts.progress, typed.program, typed.anggaran, typed.analisis, texts.sumber,
                quarters,
            )
        )  # fmt: skip
    return YearPaper(
        office=office_data(db, day),
        period=plan.head.period,
        last=plan.head.last,
        year=year,
        lines=tuple(lines),
        notes=(labels.rules(office.words.iku, plan.head.rules),),
        final=is_final(db, office, year),
        number=head.number,
        day=long_day(head.day) if head.day else DOTTED_LINE,
        version=head.version,
        first=_signs(db, office, "kepala", head.day),
        second=_signs(db, office, "atasan", head.day),
        recommendations=_recommended(db, year),
    )


def _recommended(db: Db, year: int) -> tuple[Recommendation, ...]:
    """Of the LHE of this year and of the year before: one of autumn is followed up next year."""
    return tuple(
        Recommendation(
            lhe=str(line.tahun_evaluasi),
            rekomendasi=line.rekomendasi,
            kegiatan=line.kegiatan,
            responsible=line.responsible,
            due=long_day(line.due) if line.due else "",
            status=UNPLANNED if line.is_untouched else FOLLOW_UP_STATUS[line.status],
            done="; ".join(text for text in (line.description, line.evidence) if text),
        )
        for line in follow_ups.of_lhe(db, year - 1, year)
    )


def _quarter(
    db: Db, office: Office, plan: Plan, planned: PlannedIku, year: int, quarter: int
) -> QuarterTexts:
    """As typed; the realisasi of a locked quarter is the bot's own."""
    typed = planned.quarters.get((year, quarter), NO_QUARTER)
    own = table.own_of_quarter(db, office, planned.sumber, year, quarter)
    reached = typed.realisasi if own is None else own
    capaian = iku.capaian(Target(typed.target), reached, planned.arah).shown(plan.head.rules.cap)
    return QuarterTexts(
        _figure(typed.target),
        typed.aksi,
        _figure(reached),
        "" if capaian is None else f"{comma(capaian)} %",
        typed.penyebab,
    )


def _figure(number: Decimal | None) -> str:
    return "" if number is None else comma(number)


@dataclass(frozen=True, slots=True)
class _Texts:
    target: str
    realisasi: str
    capaian: str
    kategori: str
    before: str
    end: str
    progress: str
    sumber: str


def _texts(office: Office, plan: Plan, found: Mapping[int, Sequence[Line]], line: Line) -> _Texts:
    """The figures of an indikator's year, ready to print; empty where there is none."""
    words, row, last = office.words.iku, line.row, plan.head.last
    own = next(each for each in plan.iku if each.code == line.indicator.code)
    end = own.years.get(last, NOTHING_TYPED).target
    compared = table.compared(found, line, end)
    before = compared.earlier.get(row.tahun - 1)
    capaian, progress = row.capaian.shown(plan.head.rules.cap), compared.progress.shown()
    return _Texts(
        target=_target(office, row.target),
        realisasi=""
        if row.realisasi.nilai is None
        else labels.realisasi(words, row, line.predikat),
        capaian="" if capaian is None else f"{comma(capaian)} %",
        kategori=row.kategori.name if row.kategori else "",
        before="" if before is None else comma(before),
        end=_target(office, end),
        progress="" if progress is None else f"{comma(Decimal(progress))} %",
        sumber=line.full_note or words.missing.plain(),
    )


def _target(office: Office, target: Target) -> str:
    return "" if target == NO_TARGET else labels.target(office.words.iku, target)


def made(office: Office, year: int, day: date | None) -> datetime:
    """The date in a file: that of the paper, else the first day of its year."""
    local = datetime.combine(day or date(year, 1, 1), time(8), office.calendar.zone)
    return local.astimezone(UTC)
