"""What the picture of a period's message shows."""

from __future__ import annotations

from decimal import Decimal

from office.figures.figures import Figures
from office.summary import caption
from office.summary.content import PeriodSummary
from office.words.summary import SummaryWords
from reports.pictures.ikm_picture import Bar, IkmPicture
from scoring import period
from scoring.ikm import UnsurScore
from scoring.numbers import half_up


def ikm_picture(summary: PeriodSummary, words: SummaryWords) -> IkmPicture | None:
    """What the picture shows; None without a figure."""
    figures = summary.figures
    if figures.ikm is None:
        return None
    instrument, covers = figures.score.instrument, figures.span.covers
    bars = tuple(
        Bar(instrument.name_of(code), instrument.number(code), _nrr(unsur), unsur.mutu)
        for code, unsur in figures.score.unsur.items()
    )
    change = next((text.plain(**values) for text, values in caption.change(figures, words)), None)
    return IkmPicture(
        office=summary.office,
        period=period.title(summary.calendar),
        span=period.span(covers, covers.zone),
        ikm=figures.ikm,
        mutu=figures.mutu or "",
        kinerja=figures.kinerja or "",
        bars=bars,
        respondents=_respondents(summary, words),
        change=change,
        trend=_trend(figures),
        target=summary.target,
        target_text=caption.target_line(summary, words) or None,
    )


def _nrr(unsur: UnsurScore) -> Decimal | None:
    """The NRR with so many digits that it is printed as the exact one would be."""
    return None if unsur.nrr is None else half_up(unsur.nrr, 12)


def _respondents(summary: PeriodSummary, words: SummaryWords) -> str:
    figures = summary.figures
    text = caption.respondents(figures, words) + caption.interval(figures, words)
    if summary.units < 2:
        return text
    return words.picture_pooled.plain(units=summary.units, respondents=text)


def _trend(figures: Figures) -> tuple[tuple[str, Decimal], ...]:
    return tuple((before.label, before.ikm) for before in reversed(figures.earlier))
