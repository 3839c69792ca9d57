"""The content of a period's message, from stored results alone: figures, change, picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from office.figures.spans import Earlier, comparable_periods, users_of
from office.iku import table
from office.iku.table import Line
from office.office import Office
from office.words.all_words import OfficeWords
from reports.ikm_picture import Bar, IkmPicture
from scoring import ikm, period, precision
from scoring.ikm import Score, UnsurScore
from scoring.numbers import comma
from scoring.period import Period, short_title
from scoring.precision import Measurement
from storage import catalogue, follow_ups, periods, results
from storage.catalogue import Service
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.results import Result
from storage.settings import office_facts
from storage.survey import tallies
from storage.tables import Scope


@dataclass(frozen=True, slots=True)
class RollUp:
    """The units of a group beside their pooled index."""

    bound: int  # how many the group has
    rated: int  # of them, those with a response
    shown: tuple[tuple[str, Score], ...]  # those that may be shown by name, the lowest first
    rest: Score | None  # the others together
    mean: Decimal | None  # of the units in `shown`
    apart: frozenset[int]  # ids of the units in `shown`


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """Everything a summary says, read in one snapshot."""

    office: str
    period: Period
    locked: bool
    early: bool  # an admin did not wait for the calendar
    late: bool
    result: Result
    services: tuple[tuple[Service, Result], ...]  # those with a response, in the office's order
    earlier: tuple[Earlier, ...]  # newest first
    min_responses: int
    users: int | None  # of the units that were measured
    revision: int  # how often figures changed after the close
    followed: Period | None  # the period whose plan is followed up
    follow_up: tuple[FollowUp, ...]
    today: date
    year: int  # of the IKU line
    iku: tuple[Line, ...]
    last_year: Decimal | None  # by hand: what the first summary is compared with
    roll_up: RollUp | None = None  # set: of these units alone, not of the whole office
    withheld: bool = False  # the difference from the office's index would reveal a few people


def read(
    db: Db, office: Office, current: PeriodRow, now: datetime, *, late: bool = False
) -> PeriodSummary:
    """The summary of a period, from its stored results.

    Those of an open period are last night's: with figures that follow every answer, a reader could
    compare them before and after a visit and so learn what that person answered.
    """
    registered = office.instruments[current.instrument_id]
    found = results.of_period(db, registered, current.id)
    nothing = results.computed(registered, tallies.Counts({}), None)
    named = catalogue.services_by_id(db)
    before = periods.preceding(db, current)
    past = tuple(comparable_periods(db, office, current))
    year = office.calendar.day(office.calendar.parse(current.label).start).year
    return PeriodSummary(
        office_facts.name(db),
        office.calendar.period_of(current),
        current.status == "locked",
        current.locked_at is not None
        and current.locked_at < office.calendar.lock_at(current.ends_at),
        late,
        found.get((Scope.OFFICE, 0), nothing),
        tuple(
            (service, found[Scope.SERVICE, key])
            for key, service in named.items()
            if (Scope.SERVICE, key) in found
        ),
        past,
        office.min_responses,
        users_of(db, current.id, found),
        periods.newest_revision(db, current.id),
        office.calendar.parse(before.label) if before else None,
        tuple(follow_ups.of_period(db, before.id)) if before else (),
        office.calendar.day(now),
        year,
        tuple(table.of_year(db, office, year)) if current.status == "locked" else (),
        None if past else table.by_hand(db, "ikm", year - 1),
    )


def enough(unsur: UnsurScore, least: int) -> bool:
    """Whether so many answered this unsur that its figure tells of nobody."""
    return unsur.nrr is not None and unsur.n >= least


def picture(summary: PeriodSummary, words: OfficeWords) -> IkmPicture | None:
    """What the picture shows; None while there is no figure to draw."""
    score = summary.result.score
    if score.ikm is None or score.n < summary.min_responses or summary.withheld:
        return None
    publishable = ikm.publishable_items(score, summary.min_responses)
    bars = tuple(
        Bar(
            score.instrument.item(code).name["id"],
            score.instrument.number(code),
            _picture_nrr(unsur) if code in publishable else None,
            unsur.mutu if code in publishable else None,
        )
        for code, unsur in score.unsur.items()
    )
    margin = summary.result.margin
    return IkmPicture(
        office=summary.office,
        period=period.title(summary.period),
        span=period.span(summary.period, summary.period.zone),
        ikm=score.ikm,
        mutu=score.mutu or "",
        kinerja=score.kinerja or "",
        bars=bars,
        respondents=pooled(summary, words) + words.summary_n.plain(n=score.n),
        margin=None
        if margin is None
        else words.picture_margin.plain(margin=precision.margin_text(margin)),
        change=change(summary, words).strip() or None,
        note=None if summary.locked else words.picture_note_open.plain(),
        trend=_trend(summary.earlier),
    )


def _picture_nrr(unsur: UnsurScore) -> Decimal | None:
    return None if unsur.nrr is None else ikm.half_up(unsur.nrr, 3)


def _trend(earlier: Sequence[Earlier]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(
        (short_title(before.period), before.measured.ikm)
        for before in reversed(earlier)
        if before.measured.ikm is not None
    )


def pooled(summary: PeriodSummary, words: OfficeWords) -> str:
    """`Gabungan 12 unit: ` before an index of several units, plain text; else empty."""
    roll_up = summary.roll_up
    if roll_up is None or roll_up.bound < 2:
        return ""
    if roll_up.rated == roll_up.bound:
        return words.summary_pooled.plain(units=roll_up.bound)
    return words.summary_pooled_of.plain(rated=roll_up.rated, units=roll_up.bound)


def change(summary: PeriodSummary, words: OfficeWords) -> str:
    """The change from the period before, with its verdict, plain text; else empty."""
    score = summary.result.score
    if score.ikm is None:
        return ""
    if not summary.earlier:
        return _from_last_year(summary, score.ikm, words)
    before = summary.earlier[0]
    if before.measured.ikm is None:
        return ""
    delta = score.ikm - before.measured.ikm
    name, value = short_title(before.period), comma(before.measured.ikm)
    if not delta:
        return words.summary_same.plain(earlier=name, value=value)
    verdict = precision.significant_change(
        before.measured, Measurement.from_score(score, summary.result.margin)
    )
    template = words.summary_up if delta > 0 else words.summary_down
    return template.plain(
        delta=comma(abs(delta)),
        earlier=name,
        value=value,
        verdict=verdict or _no_verdict(summary, words),
    )


def _no_verdict(summary: PeriodSummary, words: OfficeWords) -> str:
    """Why a change has no verdict: several units together have no margin."""
    alike = summary.earlier[0].measured.mode == summary.result.score.mode
    untested = summary.roll_up is not None and summary.result.margin is None and alike
    return words.untested.plain() if untested else words.not_comparable.plain()


def _from_last_year(summary: PeriodSummary, ikm: Decimal, words: OfficeWords) -> str:
    """The first summary of all: against the figure that somebody entered for the year before."""
    if summary.last_year is None:
        return ""
    delta, year = ikm - summary.last_year, words.last_year.plain(year=summary.year - 1)
    if not delta:
        return words.summary_same.plain(earlier=year, value=comma(summary.last_year))
    template = words.summary_up if delta > 0 else words.summary_down
    return template.plain(
        delta=comma(abs(delta)),
        earlier=year,
        value=comma(summary.last_year),
        verdict=words.by_hand.plain(),
    )
