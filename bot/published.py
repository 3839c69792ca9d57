"""/hasil: the newest locked result, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bot import citizen
from bot.acts import Person
from bot.caption import comma
from bot.screens import Screen
from bot.summary import enough
from bot.texts import Html
from bot.turn import Effect, Show, Turn
from scoring import ikm
from scoring import period as calendar
from storage import offices, periods, results


def on_result(turn: Turn, person: Person) -> Sequence[Effect]:
    """The office's index, its letter and its unsur; too few answers give no figure."""
    return [Show(person.chat_id, _screen(turn, person))]


def _screen(turn: Turn, person: Person) -> Screen:
    spoken = citizen.words(turn, person)
    language = citizen.language(turn, person)
    locked = periods.latest_locked(turn.db, "ikm")
    if locked is None:
        return Screen(spoken.no_result())
    registered = turn.office.instruments[locked.instrument_id]
    found = results.of_office(turn.db, registered, locked.id)
    named = turn.office.calendar.named(locked)
    title = f"{calendar.title(named, language)} ({calendar.span(named, named.zone, language)})"
    score = found.score if found else None
    if score is None or score.n < turn.office.min_responses or score.ikm is None:
        n = score.n if score else 0
        return Screen(spoken.result_too_few(office=offices.name(turn.db), period=title, n=n))
    lines = [
        spoken.result_line(
            unsur=score.instrument.item(code).name[language],
            nrr=comma(ikm.half_up(unsur.nrr or Fraction(0), 3), 3),
            mutu=unsur.mutu or "",
        )
        for code, unsur in score.unsur.items()
        if enough(unsur, turn.office.min_responses)
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
