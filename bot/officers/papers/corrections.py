"""Ralat: an admin proposes a correction of locked figures; the Camat confirms it or refuses it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office.conversation import Tap, to
from office.periods import corrections as locked_figures
from office.periods.corrections import ROUTE, NotCorrectable
from office.roles import ADMIN, CAMAT
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import escaped
from storage import catalogue, corrections
from storage.corrections import Correction
from storage.database import ROW_IDS

MOVE = "ralat-layanan"
YES, NO = "ralat-ya", "ralat-tidak"


def on_move(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ralat: salah layanan* under a batch of a locked period."""
    return forms.begin(turn, press.person, MOVING, {"batch": tap.response}, press)


def _services(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(service.name, service.id) for service in catalogue.active_services(turn.db)]


def _service_name(turn: Turn, number: int) -> str:
    service = catalogue.service(turn.db, number)
    return "–" if service is None else service.name


def _propose_move(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    try:
        proposed = locked_figures.propose_move(
            turn.db, turn.office, values["batch"], values["service"], person.chat_id, turn.now
        )
    except NotCorrectable as refused:
        raise NotSaved([Show(person.chat_id, Screen(escaped(str(refused))))]) from None
    what = locked_figures.described(turn.db, turn.office, proposed)
    return [Show(person.chat_id, Screen(turn.office.words.paper.paper_moved(what=what)))]


def _known(turn: Turn, number: int) -> Correction | None:
    """A proposal that waits for its decision."""
    found = corrections.by_id(turn.db, number) if number in ROW_IDS else None
    return found if found is not None and found.decided_at is None else None


def on_open(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Putuskan*: what is proposed, with both decisions."""
    words, proposed = turn.office.words.period, _known(turn, tap.response)
    if proposed is None:
        return edited(press, Screen(words.ralat_gone()))
    text = words.ralat_screen(
        what=locked_figures.described(turn.db, turn.office, proposed),
        at=turn.office.calendar.moment(proposed.proposed_at),
    )
    yes = Button(words.ralat_yes(), to(YES, proposed.id))
    return edited(press, Screen(text, ((yes,), (Button(words.ralat_no(), to(NO, proposed.id)),))))


def on_yes(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Setujui*: ask for the reason."""
    if _known(turn, tap.response) is None and not press.again:
        return edited(press, Screen(turn.office.words.period.ralat_gone()))
    return forms.begin(turn, press.person, DECIDING, {"ralat": tap.response}, press)


def on_no(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Tolak*: the figures stay as they are."""
    words, proposed = turn.office.words.period, _known(turn, tap.response)
    if press.again:
        return edited(press, Screen(words.ralat_refused_now()))
    if proposed is None:
        return edited(press, Screen(words.ralat_gone()))
    locked_figures.refuse(turn.db, turn.office, proposed, press.person.chat_id, turn.now)
    return edited(press, Screen(words.ralat_refused_now()))


def _reason(turn: Turn, _values: Values, typed: str) -> str:
    return fields.reason(turn, typed, turn.office.words.period.ralat_reason_short())


def _notes(turn: Turn, values: Values) -> Sequence[str]:
    proposed = corrections.by_id(turn.db, values["ralat"])
    return [] if proposed is None else [locked_figures.described(turn.db, turn.office, proposed)]


def _confirm(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, proposed = turn.office.words.period, _known(turn, values["ralat"])
    if proposed is None:
        raise NotSaved([Show(person.chat_id, Screen(words.ralat_gone()))])
    try:
        change = locked_figures.confirm(
            turn.db, turn.office, proposed, person.chat_id, values["reason"], turn.now
        )
    except NotCorrectable as refused:
        raise NotSaved([Show(person.chat_id, Screen(escaped(str(refused))))]) from None
    what = locked_figures.described(turn.db, turn.office, proposed)
    text = words.ralat_done(what=what, before=change[0], after=change[1])
    return [Show(person.chat_id, Screen(text))]


MOVING = register(
    Form(
        "ralat-layanan",
        lambda turn, values: turn.office.words.paper.paper_move_title(number=values["batch"]),
        ADMIN,
        (
            Field(
                "service",
                lambda words: words.paper.paper_move_label.plain(),
                lambda turn, _values: turn.office.words.paper.paper_move_ask(),
                choices=_services,
                show=_service_name,
            ),
        ),
        _propose_move,
        goes_on=True,
    )
)

DECIDING = register(
    Form(
        "ralat",
        lambda turn, _values: turn.office.words.period.ralat_title.plain(),
        CAMAT,
        (
            Field(
                "reason",
                lambda words: words.period.label_reason.plain(),
                lambda turn, _values: turn.office.words.period.ralat_reason_ask(),
                read=_reason,
            ),
        ),
        _confirm,
        _notes,
    )
)

BUTTONS: dict[str, Route] = {
    MOVE: Route(ADMIN, on_move),
    ROUTE: Route(CAMAT, on_open),
    YES: Route(CAMAT, on_yes),
    NO: Route(CAMAT, on_no),
}
