"""The IKU table of a year: from locked results and LHE, or by hand where the bot has no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile

from office.figures import figures
from office.figures.spans import NoFigures, SeveralSeries
from office.iku import labels
from office.office import Office
from reports.pictures.iku_picture import MAX_YEARS
from scoring import iku, sakip, unit_index
from scoring.iku import Comparison, IkuRow, Realisasi, Target, YearFigure
from scoring.numbers import grouped
from scoring.plan import Rules
from storage import periods
from storage.database import Db
from storage.planning import ikus
from storage.planning.ikus import EnteredRealisasi, Indicator
from storage.settings import office_facts
from storage.unit_index import unit_results


@dataclass(frozen=True, slots=True)
class Line:
    """One indikator of a year; `note` says how the realisasi was made, `predikat` is an LHE's.

    `open_question` is what is not settled about the figure, `full_note` the note with it.
    """

    indicator: Indicator
    row: IkuRow
    note: str
    predikat: str | None = None
    remark: str = ""  # what a summary says beside the figure
    open_question: str = ""

    @property
    def full_note(self) -> str:
        """How the realisasi was made, and what is not settled about it."""
        return "; ".join(part for part in (self.note, self.open_question) if part)


@dataclass(frozen=True, slots=True)
class Found:
    """A realisasi of the bot's own, or why there is none."""

    nilai: Decimal | None
    note: str
    predikat: str | None = None
    remark: str = ""
    open_question: str = ""


NOTHING = Found(None, "")


def of_year(db: Db, office: Office, year: int) -> list[Line]:
    """The rows of a year, in the order of the table."""
    return of_years(db, office, [year])[year]


def of_years(db: Db, office: Office, years: Sequence[int]) -> dict[int, list[Line]]:
    """The rows of several years, each from the plan that holds it; none where no plan does."""
    indicators = ikus.of_years(db, years)
    targets, entered = ikus.targets(db, years), ikus.entered_realisasi(db, years)
    rules = {year: ikus.rules(db, year) for year, planned in indicators.items() if planned}
    return {
        year: [
            _line(
                one,
                year,
                targets.get((one.id, year), Target()),
                own(db, office, rules[year], one.sumber, year),
                entered.get((one.id, year)),
            )
            for one in indicators[year]
        ]
        for year in years
    }


def course(db: Db, office: Office, year: int, iku_id: int) -> list[Line]:
    """One indikator up to a year, between the first and the last that say something."""
    code = ikus.code_of(db, iku_id)
    found = of_years(db, office, range(year - MAX_YEARS + 1, year + 1))
    own_lines = [line for of in sorted(found) for line in found[of] if line.indicator.code == code]
    known = list(dropwhile(_is_empty, own_lines))
    return list(dropwhile(_is_empty, reversed(known)))[::-1]


def _is_empty(line: Line) -> bool:
    return line.row.realisasi.nilai is None and line.row.target.nilai is None


def _line(
    one: Indicator, year: int, target: Target, found: Found, by_hand: EnteredRealisasi | None
) -> Line:
    reached = Realisasi(found.nilai, one.sumber)
    note, question = found.note, found.open_question
    if found.nilai is None and by_hand is not None:
        reached = Realisasi(by_hand.realisasi, by_hand.source, by_hand=True)
        note, question = f"diisi tangan: {by_hand.source}", ""
    row = iku.row(one.sasaran, one.indikator, one.satuan, one.arah, year, target, reached)
    return Line(one, row, note, found.predikat, found.remark, question)


def own_of_quarter(db: Db, office: Office, sumber: str, year: int, quarter: int) -> Decimal | None:
    """The realisasi that the bot itself has for a quarter: of the survey alone, once locked.

    The heads rate in periods of their own, and an LHE is of a year.
    """
    if sumber != "ikm":
        return None
    try:
        return figures.index(db, office, f"{year}-TW{quarter}").ikm
    except NoFigures:
        return None


def own(db: Db, office: Office, rules: Rules, sumber: str, year: int) -> Found:
    """The realisasi that the bot itself has for a year."""
    match sumber:
        case "ikm":
            return _ikm(db, office, year)
        case "sakip":
            return _sakip(db, rules, year)
        case "unit":
            return _unit(db, office, rules, year)
    return NOTHING


def _ikm(db: Db, office: Office, year: int) -> Found:
    """The figure of the year's locked periods: the same as in its report."""
    try:
        of_year = figures.index(db, office, str(year))
    except SeveralSeries as error:
        return Found(None, f"instrumen berganti dalam tahun itu ({error.periods})")
    except NoFigures:
        return NOTHING
    inside = tuple(period.label for period in of_year.span.periods)
    reason = None if of_year.ikm is not None else iku.NOT_COMPUTABLE
    how = _how_made(office, YearFigure(of_year.ikm, of_year.method or "gabungan", inside, reason))
    remark = ""
    if of_year.score.n < of_year.received:
        remark = f"{grouped(of_year.score.n)} dari {grouped(of_year.received)} responden"
    return Found(of_year.ikm, how, remark=remark)


def _unit(db: Db, office: Office, rules: Rules, year: int) -> Found:
    """From the periods whose index was told: a year's figure gives away no head either."""
    tallies, remark, form = {}, "", None
    for period in periods.locked_in_year(db, "unit", year):
        registered = office.unit_instruments[period.instrument_id]
        result = unit_results.of_period(db, registered, period.id)
        if result is not None and result.told is not None:
            tallies[period.label] = (registered.instrument, result.tally)
            remark = f"{result.score.n} dari {result.units} mengisi"
            form = registered.instrument
    if form is None:
        return NOTHING
    question = labels.reading_note(office.words.head, office_facts.confirmed_reading(db), form)
    figure = iku.year_figure(
        tallies, lambda form, tally: unit_index.score(form, tally).nilai, rules.tahunan
    )
    return Found(figure.nilai, _how_made(office, figure), remark=remark, open_question=question)


def _how_made(office: Office, figure: YearFigure) -> str:
    """How a year's figure was made of its periods, or why there is none."""
    method = "gabungan" if figure.method == "gabungan" else "rerata periode"
    return figure.reason or f"{method} {office.calendar.titles(figure.periods)}"


def _sakip(db: Db, rules: Rules, year: int) -> Found:
    entered = [row.lhe for row in ikus.newest_lhe(db)]
    found = sakip.lhe_of_year(entered, year, rules.feeding) if entered else None
    if found is None:
        return NOTHING
    predikat = found.predikat or sakip.predikat(found.nilai, rules.at_boundary).code
    return Found(found.nilai, f"LHE {found.nomor} ({rules.feeding} {year})", predikat)


def compared(lines: Mapping[int, Sequence[Line]], line: Line, end: Target) -> Comparison:
    """One indikator of a year beside its earlier years, in whichever plan, and the end's target."""
    code = line.indicator.code
    rows = {
        of: each.row for of, own in lines.items() for each in own if each.indicator.code == code
    }
    return iku.compare(rows, line.row.tahun, end)
