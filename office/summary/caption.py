"""The message of a period in at most six lines, as HTML and as plain text; and its picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from office.figures.figures import Earlier, Figures
from office.figures.parts import lowest
from office.iku.table import Line as IkuLine
from office.summary.content import PeriodSummary, RunsOn, Summary
from office.words.summary import SummaryWords
from office.words.text import Text, shown_length
from reports.pictures.ikm_picture import Bar, IkmPicture
from scoring import period
from scoring.ikm import UnsurScore
from scoring.numbers import comma, half_up
from scoring.period import Period
from storage.follow_ups import FollowUp

MOST = 1024  # what Telegram takes as a caption, in UTF-16 units after the markup is read
UNITS = 4  # named in the line of a group's units

Line: TypeAlias = tuple[Text, dict[str, object]]  # a text and its values, which are plain


def html(summary: Summary, words: SummaryWords) -> str:
    """The message as HTML, at most 1024 UTF-16 units as it is shown: the last lines give way."""
    return as_html(lines(summary, words))


def as_html(composed: Sequence[Line]) -> str:
    """Lines as HTML, at most 1024 UTF-16 units as they are shown."""
    shown = [text.html(**values) for text, values in composed]
    while len(shown) > 2 and shown_length("\n".join(shown)) > MOST:
        shown.pop()
    return "\n".join(shown)


def plain(summary: Summary, words: SummaryWords) -> str:
    """The message as plain text."""
    return "\n".join(text.plain(**values) for text, values in lines(summary, words))


def lines(summary: Summary, words: SummaryWords) -> list[Line]:
    """The lines of the message; one that has nothing to say is not there."""
    if isinstance(summary, RunsOn):
        return [title(summary.office, summary.period, words), _runs_on(summary, words)]
    figures = summary.figures
    head = title(summary.office, summary.calendar, words)
    if not figures.n:
        return [head, _nothing(figures, words)]
    return [
        head,
        _figure(summary, words),
        *change(figures, words),
        _respondents(summary, words),
        *_lowest(figures, words),
        *_last(summary, words),
    ]


def _runs_on(summary: RunsOn, words: SummaryWords) -> Line:
    following = period.title(summary.following)
    if not summary.n:
        return words.runs_on_empty, {"following": following}
    return words.runs_on, {"n": summary.n, "following": following}


def title(office: str, named: Period, words: SummaryWords) -> Line:
    """The first line."""
    return words.title, {"office": office, "period": period.title(named)}


def _nothing(figures: Figures, words: SummaryWords) -> Line:
    return (words.nothing, {"n": figures.received}) if figures.received else (words.nobody, {})


def _figure(summary: PeriodSummary, words: SummaryWords) -> Line:
    figures = summary.figures
    if figures.ikm is None:
        return words.not_computable, {"unsur": ", ".join(_unanswered(figures))}
    values: dict[str, object] = {
        "ikm": comma(figures.ikm),
        "mutu": figures.mutu or "",
        "kinerja": figures.kinerja or "",
    }
    if summary.units < 2:
        target = target_line(summary, words)
        return words.figure, {**values, "target": f"; {target}" if target else ""}
    mean = "" if figures.unit_mean is None else words.mean.plain(ikm=comma(figures.unit_mean))
    pooled = words.figure_pooled_part if figures.n < figures.received else words.figure_pooled
    return pooled, {**values, "units": summary.units, "mean": mean}


def _unanswered(figures: Figures) -> list[str]:
    score = figures.score
    return [score.instrument.title(code) for code, unsur in score.unsur.items() if not unsur.n]


def target_line(summary: PeriodSummary, words: SummaryWords) -> str:
    """`target 83 tercapai`; empty without a target."""
    target, ikm = summary.target, summary.figures.ikm
    if target is None or ikm is None:
        return ""
    text = words.target_reached if ikm >= target else words.target_missed
    return text.plain(target=target_text(target))


def target_text(target: Decimal) -> str:
    """A target as it was aimed at: 83, or 82,5."""
    return comma(target).rstrip("0").rstrip(",")


def change(figures: Figures, words: SummaryWords) -> Iterator[Line]:
    """The change from the figure before, with its verdict."""
    before, delta = figures.compared, figures.delta
    if before is None or delta is None:
        return
    text = words.same if not delta else words.up if delta > 0 else words.down
    values: dict[str, object] = {
        "earlier": earlier_name(before, figures.named, words),
        "value": comma(before.ikm),
        "verdict": _verdict(figures, before, words),
    }
    yield text, values if not delta else {**values, "delta": comma(abs(delta))}


def _verdict(figures: Figures, before: Earlier, words: SummaryWords) -> str:
    if before.by_hand:
        return words.by_hand.plain()
    told = verdict(figures.change, words) if figures.delta else ""
    return told + (words.other_wording.plain() if before.other_wording else "")


def verdict(change: str | None, words: SummaryWords) -> str:
    """`; kenaikannya nyata` for a verdict of `precision.significant_change`; empty without one."""
    texts = {
        "naik nyata": words.really_up,
        "turun nyata": words.really_down,
        "belum ada perubahan nyata": words.not_really,
    }
    return texts[change].plain() if change else ""


def earlier_name(before: Earlier, here: Period, words: SummaryWords) -> str:
    """What an earlier figure is called: its title, without the year that it shares."""
    if before.named is None:
        return words.year.plain(year=before.label)
    return title_beside(before.named, here)


def title_beside(named: Period, here: Period) -> str:
    """The title of a period, without the year where another one of the same year stands beside."""
    year = named.label[:4]
    shown = period.title(named)
    return shown.removesuffix(f" {year}") if here.label.startswith(year) else shown


def _respondents(summary: PeriodSummary, words: SummaryWords) -> Line:
    return words.message_respondents, {
        "respondents": respondents(summary.figures, words),
        "interval": interval(summary.figures, words),
        "due": _due(summary, words),
    }


def respondents(figures: Figures, words: SummaryWords) -> str:
    """How many answered, of how many that are required."""
    whole = figures.n >= figures.received
    text = (
        words.respondents.plain(n=figures.n)
        if whole
        else words.respondents_of.plain(n=figures.n, received=figures.received)
    )
    if figures.required is None:
        return text
    return text + (words.required if whole else words.required_beside).plain(
        required=figures.required
    )


def interval(figures: Figures, words: SummaryWords) -> str:
    """`; perkiraan 83,3–86,3`; empty where it cannot be computed."""
    if figures.interval is None:
        return ""
    low, high = figures.interval
    return words.interval.plain(low=comma(low, 1), high=comma(high, 1))


def _due(summary: PeriodSummary, words: SummaryWords) -> str:
    """The first thing to know beside: other days than the calendar's, late, early."""
    covers, calendar = summary.figures.span.covers, summary.calendar
    if (covers.start, covers.end) != (calendar.start, calendar.end):
        return words.covers.plain(span=period.span(covers, covers.zone))
    if summary.late:
        return words.late.plain()
    return words.early.plain() if summary.early else ""


def _lowest(figures: Figures, words: SummaryWords) -> Iterator[Line]:
    low = lowest(figures.score, figures.moments, figures.services)
    if low is None:
        return
    rest = "" if low.service is None else words.at_service.plain(service=low.service)
    if not low.clear:
        rest = words.not_clear.plain() + rest
    yield (
        words.lowest,
        {
            "unsur": _unsur_names(figures, [each.code for each in low.unsur], words),
            "nrr": comma(low.unsur[0].nrr),
            "mutu": low.unsur[0].mutu,
            "rest": rest,
        },
    )


def _unsur_names(figures: Figures, codes: Sequence[str], words: SummaryWords) -> str:
    instrument = figures.score.instrument
    names = [instrument.name_of(code) for code in codes]
    if len(names) == 1:
        return names[0]
    if len(names) > 2:
        return words.many_unsur.plain(count=len(names))
    return words.two_unsur.plain(first=names[0], second=names[1])


def _last(summary: PeriodSummary, words: SummaryWords) -> Iterator[Line]:
    """At a year's end the IKU, else the follow-up; for a group of several units, each of them."""
    if summary.units:
        yield from _units(summary.figures, words)
    elif any(line.row.realisasi.nilai is not None for line in summary.iku):
        yield iku(summary.year, summary.iku, words)
    elif summary.unplanned:
        yield words.iku_no_plan, {"year": summary.year}
    else:
        yield from _follow_up(summary, words)


def _units(figures: Figures, words: SummaryWords) -> Iterator[Line]:
    """The index of each unit, lowest first."""
    known = [(part, part.score.ikm) for part in figures.by_unit if part.score.ikm is not None]
    if len(known) < 2:
        return
    ranked = sorted(known, key=lambda each: (each[1], each[0].name))
    parts = [
        words.unit.plain(
            unit=words.joined.plain() if part.key is None else part.name, ikm=comma(ikm)
        )
        for part, ikm in ranked[:UNITS]
    ]
    if len(ranked) > UNITS:
        parts.append(words.more_units.plain(count=len(ranked) - UNITS))
    yield words.units, {"units": " · ".join(parts)}


def _follow_up(summary: PeriodSummary, words: SummaryWords) -> Iterator[Line]:
    """What became of the plan of the period before."""
    planned = [line for line in summary.follow_up if line.counts]
    if not planned or summary.followed is None:
        return
    yield (
        words.follow_up,
        {
            "period": title_beside(summary.followed, summary.calendar),
            "done": sum(line.status == "selesai" for line in planned),
            "total": len(planned),
            "late": _overdue(planned, summary, words),
        },
    )


def _overdue(planned: Sequence[FollowUp], summary: PeriodSummary, words: SummaryWords) -> str:
    count = sum(line.is_late(summary.today) for line in planned)
    return words.follow_up_late.plain(count=count) if count else ""


def iku(year: int, table: Sequence[IkuLine], words: SummaryWords) -> Line:
    """The year's indikator that have a figure, each against its target."""
    parts = [
        words.iku_part.plain(
            name=_iku_name(line, words),
            realisasi=comma(line.row.realisasi.nilai),
            target="" if line.row.target.nilai is None
            else f"/{target_text(line.row.target.nilai)}",
            question=f" ({line.open_question})" if line.open_question else "",
        )
        for line in table
        if line.row.realisasi.nilai is not None
    ]  # fmt: skip
    return words.iku, {"year": year, "parts": " · ".join(parts)}


def _iku_name(line: IkuLine, words: SummaryWords) -> str:
    names = {"ikm": words.iku_ikm, "unit": words.iku_unit, "sakip": words.iku_sakip}
    name = names.get(line.indicator.sumber)
    return line.indicator.indikator if name is None else name.plain()


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
    moved = next((text.plain(**values) for text, values in change(figures, words)), None)
    return IkmPicture(
        office=summary.office,
        period=period.title(summary.calendar),
        span=period.span(covers, covers.zone),
        ikm=figures.ikm,
        mutu=figures.mutu or "",
        kinerja=figures.kinerja or "",
        bars=bars,
        respondents=_picture_respondents(summary, words),
        change=moved,
        trend=_trend(figures),
        target=summary.target,
        target_text=target_line(summary, words) or None,
    )


def _nrr(unsur: UnsurScore) -> Decimal | None:
    """The NRR with so many digits that it is printed as the exact one would be."""
    return None if unsur.nrr is None else half_up(unsur.nrr, 12)


def _picture_respondents(summary: PeriodSummary, words: SummaryWords) -> str:
    figures = summary.figures
    text = respondents(figures, words) + interval(figures, words)
    if summary.units < 2:
        return text
    return words.picture_pooled.plain(units=summary.units, respondents=text)


def _trend(figures: Figures) -> tuple[tuple[str, Decimal], ...]:
    return tuple((before.label, before.ikm) for before in reversed(figures.earlier))
