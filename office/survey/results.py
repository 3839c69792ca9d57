"""/hasil: the newest locked result, for everybody; as a screen, and as the publication sheet."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from office.figures import figures
from office.figures.figures import Index
from office.office import Office
from office.papers import contents
from office.papers.refusals import REFUSALS
from office.survey.screens import Screen
from office.words.all_words import CitizenWords, Html
from reports.publication.publication_sheet import sheet_png
from scoring import ikm
from scoring import period as calendar
from scoring.numbers import comma
from storage import audit, periods
from storage.database import Db
from storage.settings import office_facts

log = structlog.get_logger()

MOST = 8  # locked periods that are looked through for a figure


@dataclass(frozen=True, slots=True)
class Result:
    """What /hasil shows: a text, and the label of the period that a picture is drawn of."""

    screen: Screen
    label: str | None


def newest(db: Db, office: Office, words: CitizenWords, language: str) -> Result:
    """The newest result that has a figure, and when the next one comes."""
    following = _next(db, office, words)
    for locked in periods.recently_locked(db, "ikm", MOST):
        given = figures.index_of_period(db, office, locked)
        if given.ikm is not None:
            text = _text(db, given, words, language)
            return Result(Screen(f"{text}{following}"), locked.label)
    return Result(Screen(f"{words.no_result()}{following}"), None)


def _text(db: Db, given: Index, words: CitizenWords, language: str) -> str:
    """The index, its letter and its unsur."""
    instrument, covered = given.score.instrument, given.span.covers
    days = calendar.span(covered, covered.zone, words.dates)
    lines = [
        words.result_line(
            unsur=instrument.name_of(code, instrument.spoken(language)),
            nrr=comma(ikm.half_up(unsur.nrr, 3), 3),
            mutu=unsur.mutu or "",
        )
        for code, unsur in given.score.unsur.items()
        if unsur.nrr is not None
    ]
    return words.result(
        office=office_facts.name(db),
        period=f"{calendar.title(given.span.named, words.dates)} ({days})",
        ikm=comma(given.ikm or 0),
        mutu=given.mutu or "",
        kinerja=given.kinerja or "",
        n=given.score.n,
        unsur=Html("\n".join(lines)),
    )


def _next(db: Db, office: Office, words: CitizenWords) -> str:
    """When the result of the oldest period that has none yet comes, HTML; else empty."""
    waiting = [each for each in periods.unlocked(db, "ikm") if each.runs_into is None]
    if not waiting:
        return ""
    first, ours = waiting[0], office.calendar
    text = words.result_next(
        period=calendar.title(ours.period_of(first), words.dates),
        day=calendar.day(ours.day(ours.lock_at(first.ends_at)), words.dates),
    )
    return f"\n\n{text}"


def sheet_key(db: Db, label: str) -> str:
    """What the sheet of a locked period depends on: any other name on it is in the audit."""
    return f"{label} {audit.newest_id(db)}"


def sheet(office: Office, label: str) -> bytes | None:
    """The publication sheet of a locked period, PNG; None where it cannot be drawn. Blocks."""
    try:
        with office.database.read() as db:
            papers = contents.papers(db, office, label, whole=False)
        return sheet_png(papers)
    except REFUSALS as refusal:
        log.error("sheet failed", error=type(refusal).__name__)
        return None
