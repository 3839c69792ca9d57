"""/hasil: the newest locked result, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import structlog

from bot import citizen, paper_files, papers
from bot.acts import Person
from bot.caption import comma
from bot.office import Office
from bot.screens import Screen
from bot.texts import Html
from bot.turn import Effect, Picture, Show, Turn
from reports.publication import sheet_png
from scoring import cells, ikm
from scoring import period as calendar
from storage import audit, offices, periods, results
from storage.periods import Current

log = structlog.get_logger()


def on_result(turn: Turn, person: Person) -> Sequence[Effect]:
    """The office's index, its letter and its unsur, and the publication sheet as a picture.

    Too few answers give no figure, and no picture.
    """
    locked = periods.latest_locked(turn.db, "ikm")
    if locked is None:
        return [Show(person.chat_id, Screen(citizen.words(turn, person).no_result()))]
    shown = Show(person.chat_id, _screen(turn, person, locked))
    # Whatever else the sheet names, every change of it stands in the audit.
    key = f"{locked.label} {audit.newest(turn.db)}"
    return [shown, Picture(person.chat_id, key, partial(_sheet, turn.office, locked.label))]


def _sheet(office: Office, label: str) -> bytes | None:
    """The sheet of a locked period; the text stands alone where it cannot be drawn."""
    try:
        with office.database.read() as db:
            found = papers.of(db, office, label, whole=False)
        too_few = found.score.ikm is None or found.score.n < office.min_responses
        return None if too_few else sheet_png(found)
    except paper_files.REFUSALS as refusal:
        log.error("sheet failed", error=type(refusal).__name__)
        return None


def _screen(turn: Turn, person: Person, locked: Current) -> Screen:
    spoken = citizen.words(turn, person)
    language = citizen.language(turn, person)
    registered = turn.office.instruments[locked.instrument_id]
    found = results.of_office(turn.db, registered, locked.id)
    named = turn.office.calendar.named(locked)
    title = f"{calendar.title(named, language)} ({calendar.span(named, named.zone, language)})"
    score = found.score if found else None
    if score is None or score.n < turn.office.min_responses or score.ikm is None:
        n = score.n if score else 0
        return Screen(spoken.result_too_few(office=offices.name(turn.db), period=title, n=n))
    told = cells.told(score, turn.office.min_responses)
    lines = [
        spoken.result_line(
            unsur=score.instrument.item(code).name[language],
            nrr=comma(ikm.half_up(unsur.nrr or Fraction(0), 3), 3),
            mutu=unsur.mutu or "",
        )
        for code, unsur in score.unsur.items()
        if code in told
    ]
    return Screen(
        spoken.result(
            office=offices.name(turn.db),
            period=title,
            ikm=comma(score.ikm),
            mutu=score.mutu or "",
            kinerja=score.kinerja or "",
            n=score.n,
            unsur=Html("\n".join(lines)),
        )
    )
