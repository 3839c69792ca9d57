"""/hasil: the newest locked result, for everybody; as a screen, and as the publication sheet."""

from __future__ import annotations

from fractions import Fraction

import structlog

from office.office import Office
from office.papers import contents, files
from office.survey.screens import Screen
from office.words.all_words import CitizenWords, Html
from reports.publication_sheet import sheet_png
from scoring import ikm
from scoring import period as calendar
from scoring.numbers import comma
from storage import audit, periods, results
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts

log = structlog.get_logger()


def screen(db: Db, office: Office, locked: PeriodRow, words: CitizenWords, language: str) -> Screen:
    """The index of a locked period, its letter and its unsur; too few answers give no figure."""
    registered = office.instruments[locked.instrument_id]
    result = results.of_office(db, registered, locked.id)
    named = office.calendar.period_of(locked)
    title = f"{calendar.title(named, language)} ({calendar.span(named, named.zone, language)})"
    score = result.score if result else None
    if score is None or score.n < office.min_responses or score.ikm is None:
        n = score.n if score else 0
        return Screen(words.result_too_few(office=office_facts.name(db), period=title, n=n))
    told = ikm.publishable_items(score, office.min_responses)
    lines = [
        words.result_line(
            unsur=score.instrument.item(code).name[language],
            nrr=comma(ikm.half_up(unsur.nrr or Fraction(0), 3), 3),
            mutu=unsur.mutu or "",
        )
        for code, unsur in score.unsur.items()
        if code in told
    ]
    return Screen(
        words.result(
            office=office_facts.name(db),
            period=title,
            ikm=comma(score.ikm),
            mutu=score.mutu or "",
            kinerja=score.kinerja or "",
            n=score.n,
            unsur=Html("\n".join(lines)),
        )
    )


def newest_locked(db: Db) -> PeriodRow | None:
    """The newest locked period; None before the first lock."""
    return periods.latest_locked(db, "ikm")


def sheet_key(db: Db, locked: PeriodRow) -> str:
    """What the sheet of a locked period depends on: any other name on it is in the audit."""
    return f"{locked.label} {audit.newest_id(db)}"


def sheet(office: Office, label: str) -> bytes | None:
    """The publication sheet of a locked period, PNG; None where it cannot be drawn. Blocks."""
    try:
        with office.database.read() as db:
            papers = contents.papers(db, office, label, whole=False)
        too_few = papers.score.ikm is None or papers.score.n < office.min_responses
        return None if too_few else sheet_png(papers)
    except files.REFUSALS as refusal:
        log.error("sheet failed", error=type(refusal).__name__)
        return None
