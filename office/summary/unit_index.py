"""The message of the unit heads' index, from stored results alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from office.office import Office
from office.words.all_words import Html, Words
from office.words.text import escaped
from scoring import ikm, period, unit_index
from scoring.numbers import comma
from scoring.period import Period
from storage import unit_results
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts
from storage.unit_results import MIN_HEADS, UnitResult

LEAST_ASPEK = 5  # heads from whom on the aspek are told


@dataclass(frozen=True, slots=True)
class UnitIndexSummary:
    """Everything the message says, read in one snapshot."""

    office: str
    period: Period
    late: bool
    result: UnitResult
    earlier: tuple[Period, UnitResult] | None  # the newest one of the same series that was told
    first: bool  # no locked period of this series came before


def read(db: Db, office: Office, current: PeriodRow, *, late: bool = False) -> UnitIndexSummary:
    """The facts of a locked period of unit heads."""
    known = office.unit_instruments
    result = unit_results.of_period(db, known[current.instrument_id], current.id)
    if result is None:
        raise LookupError("a period of unit heads without its result")
    series = unit_index.series(result.score.instrument)
    earlier, first, before = None, True, current.starts_at
    while earlier is None and (found := unit_results.latest(db, known, before)) is not None:
        locked, older = found
        before = locked.starts_at
        if unit_index.series(older.score.instrument) != series:
            continue
        first = False
        if older.told is not None:
            earlier = office.calendar.parse(locked.label), older
    named = office.calendar.parse(current.label)
    return UnitIndexSummary(office_facts.name(db), named, late, result, earlier, first)


def text(facts: UnitIndexSummary, words: Words) -> str:
    """The message, HTML."""
    spoken, score = words.head, facts.result.score
    dated = words.office.summary_late if facts.late else words.office.summary_locked
    title = spoken.index_title(office=facts.office, period=period.title(facts.period))
    lines = [f"<b>{title}</b>", dated(span=period.span(facts.period, facts.period.zone))]
    nilai = facts.result.told
    if nilai is not None:
        form = score.instrument
        low, high = (comma(ikm.half_up(edge, 2)) for edge in (form.minimum, form.maximum))
        figure = spoken.index_figure(nilai=comma(nilai), low=low, high=high)
        lines.append(f"{figure} {escaped(change(facts, words))}")
    elif score.n >= MIN_HEADS:
        empty = [score.instrument.title(code) for code, one in score.indikator.items() if not one.n]
        lines.append(spoken.index_not_computable(indikator=", ".join(empty)))
    lines.append(spoken.index_answered(n=score.n, units=facts.result.units))
    if score.n < MIN_HEADS:
        lines.append(spoken.index_too_few(least=MIN_HEADS))
    lines += _aspek(facts, words)
    if score.instrument.contoh is not None:
        lines.append(spoken.index_example(note=score.instrument.contoh["id"]))
    return "\n".join(lines)


def change(facts: UnitIndexSummary, words: Words) -> str:
    """The change from the period before in the same series, or that there is none; plain text."""
    spoken = words.head
    if facts.earlier is None:
        return spoken.index_first.plain() if facts.first else spoken.index_alone.plain()
    named, older = facts.earlier
    delta = unit_index.change(older.score, facts.result.score)
    if delta is None or older.score.nilai is None:
        raise AssertionError("a comparison across series")
    before = {"earlier": period.short_title(named), "value": comma(older.score.nilai)}
    if not delta:
        return spoken.index_same.plain(**before)
    moved = spoken.index_up if delta > 0 else spoken.index_down
    return moved.plain(delta=comma(abs(delta)), **before)


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


def _aspek(facts: UnitIndexSummary, words: Words) -> list[str]:
    parts = [
        words.head.index_aspek(aspek=name, nilai=comma(nilai))
        for name, nilai in aspek(facts.result)
        if nilai is not None
    ]
    low, high = facts.result.score.instrument.scale
    joined = Html(" · ".join(parts))
    return [words.head.index_aspeks(low=low, high=high, aspek=joined)] if parts else []
