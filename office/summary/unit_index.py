"""The message of the unit heads' index, from stored results alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from office.figures import unit_index as figures
from office.figures.unit_index import LEAST_ASPEK, LockedIndex
from office.iku import labels, table
from office.iku.table import Line
from office.office import Office
from office.words.all_words import Html, Words
from office.words.text import escaped
from reports.pictures.unit_picture import AspekBar, UnitPicture
from scoring import ikm, period
from scoring.numbers import comma
from scoring.period import Period
from scoring.unit_instrument import ArtiPembagi
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts
from storage.unit_index.unit_results import MIN_HEADS, UnitResult


@dataclass(frozen=True, slots=True)
class UnitIndexSummary:
    """Everything the message says, read in one snapshot."""

    office: str
    index: LockedIndex
    late: bool
    of_year: Line | None  # at a year's end: its figure in the IKU table, where that is another one
    confirmed: ArtiPembagi | None  # what the office says that the divisor means

    @property
    def period(self) -> Period:
        """The period of the unit heads."""
        return self.index.period

    @property
    def result(self) -> UnitResult:
        """Its result."""
        return self.index.result


def read(db: Db, office: Office, current: PeriodRow, *, late: bool = False) -> UnitIndexSummary:
    """The summary of a locked period of unit heads."""
    index = figures.of_period(db, office, current)
    of_year = _of_year(db, office, index.period, index.result)
    confirmed = office_facts.confirmed_reading(db)
    return UnitIndexSummary(office_facts.name(db), index, late, of_year, confirmed)


def _of_year(db: Db, office: Office, named: Period, result: UnitResult) -> Line | None:
    year = office.calendar.day(named.start).year
    if result.told is None or named.end != office.calendar.parse(str(year)).end:
        return None
    lines = (line for line in table.of_year(db, office, year) if line.indicator.sumber == "unit")
    own = next((line for line in lines if line.row.realisasi.nilai is not None), None)
    return None if own is None or own.row.realisasi.nilai == result.told else own


def text(summary: UnitIndexSummary, words: Words) -> str:
    """The message, HTML."""
    head_words, score = words.head, summary.result.score
    dated = words.summary.unit_late if summary.late else words.summary.unit_locked
    title = head_words.index_title(office=summary.office, period=period.title(summary.period))
    lines = [f"<b>{title}</b>", dated(span=period.span(summary.period, summary.period.zone))]
    nilai = summary.result.told
    if nilai is not None:
        form = score.instrument
        low, high = (comma(ikm.half_up(edge, 2)) for edge in (form.minimum, form.maximum))
        figure = head_words.index_figure(nilai=comma(nilai), low=low, high=high)
        lines.append(f"{figure} {escaped(figures.change(summary.index, head_words))}")
    elif score.n >= MIN_HEADS:
        empty = [score.instrument.title(code) for code, one in score.indikator.items() if not one.n]
        lines.append(head_words.index_not_computable(indikator=", ".join(empty)))
    lines.append(head_words.index_answered(n=score.n, units=summary.result.units))
    if summary.of_year is not None and (iku := summary.of_year.row.realisasi.nilai) is not None:
        year, note = summary.of_year.row.tahun, summary.of_year.note
        lines.append(head_words.index_of_year(year=year, note=note, nilai=comma(iku)))
    if score.n < MIN_HEADS:
        lines.append(head_words.index_too_few(least=MIN_HEADS))
    lines += _aspek(summary, words)
    if nilai is not None and (note := _reading(summary, words)):
        lines.append(head_words.index_reading(note=note))
    if score.instrument.contoh is not None:
        lines.append(head_words.index_example(note=score.instrument.contoh["id"]))
    return "\n".join(lines)


def _reading(summary: UnitIndexSummary, words: Words) -> str:
    return labels.reading_note(words.head, summary.confirmed, summary.result.score.instrument)


def aspek(result: UnitResult) -> list[tuple[str, Decimal | None]]:
    """Each aspek with its mean on the scale of the answers; none below five heads.

    None in the place of a mean: an indikator of it that nobody answered.
    """
    score = result.score
    if score.n < LEAST_ASPEK:
        return []
    form = score.instrument
    on_scale = form.conversion * form.scale[1] / 100
    means = ((each, score.aspek[each.code].value) for each in form.aspek)
    return [
        (each.name["id"], None if value is None else ikm.half_up(value * on_scale, 2))
        for each, value in means
    ]


def _aspek(summary: UnitIndexSummary, words: Words) -> list[str]:
    parts = [
        words.head.index_aspek(aspek=name, nilai=comma(nilai))
        for name, nilai in aspek(summary.result)
        if nilai is not None
    ]
    low, high = summary.result.score.instrument.scale
    joined = Html(" · ".join(parts))
    return [words.head.index_aspeks(low=low, high=high, aspek=joined)] if parts else []


def picture(summary: UnitIndexSummary, words: Words) -> UnitPicture | None:
    """What the picture of the unit heads' index shows; None while there is no figure to tell."""
    result, head_words = summary.result, words.head
    nilai = result.told
    if nilai is None:
        return None
    form = result.score.instrument
    bars = tuple(AspekBar(name, mean) for name, mean in aspek(result))
    few = "" if bars else head_words.index_aspek_few.plain(least=LEAST_ASPEK)
    note = _reading(summary, words)
    remark = "" if not note else head_words.index_reading.plain(note=note)
    return UnitPicture(
        office=summary.office,
        period=period.title(summary.period),
        days=period.span(summary.period, summary.period.zone),
        indeks=nilai,
        span=(ikm.half_up(form.minimum, 2), ikm.half_up(form.maximum, 2)),
        scale=form.scale,
        bars=bars,
        filled=head_words.index_answered.plain(n=result.score.n, units=result.units),
        change=figures.change(summary.index, head_words),
        note=" ".join(each for each in (few, remark) if each) or None,
    )
