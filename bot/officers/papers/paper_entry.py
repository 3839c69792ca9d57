"""*Isian kertas*: files of paper answers; each is sent, listed and undone as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.officers import uploads
from bot.officers.forms import forms
from bot.officers.forms.form import Field, Form, NotSaved, Values, register
from bot.officers.papers.corrections import MOVE
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.outbox_bodies import PaperAnswersBody, PaperTemplateBody
from office.papers import paper_import
from office.papers.paper_import import FILE, filed
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import cut
from storage import people, periods
from storage.database import ROW_IDS
from storage.periods import Locked
from storage.survey import batches
from storage.survey.batches import Batch, BatchNotFound

ASK, UNDO = "kertas-tanya", "kertas-batal"
SEND, WANT_TEMPLATE = "kertas-kirim", "kertas-templat"
NEWEST = 6


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The newest files, and the button to send another."""
    words = turn.office.words.paper
    newest = batches.newest(turn.db, NEWEST)
    rows = [(Button(_label(turn, batch), to(routes.PAPER_FILE, batch.id)),) for batch in newest]
    text = words.paper_screen() if newest else f"{words.paper_screen()} {words.paper_none()}"
    last = (
        (Button(words.paper_send(), to(SEND)), Button(words.paper_template(), to(WANT_TEMPLATE))),
        (Button(turn.office.words.manage.back(), to(routes.MANAGE)),),
    )
    return edited(press, Screen(text, (*rows, *last)))


def _label(turn: Turn, batch: Batch) -> str:
    words = turn.office.words.paper
    file = cut(batch.filename, 30)
    if batch.undone_at is not None:
        return words.paper_item_undone(number=batch.id, file=file)
    return words.paper_item(number=batch.id, file=file, rows=batch.rows)


def on_batch(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One file: who sent it when, and the periods that count it."""
    return edited(press, _screen(turn, tap.response))


def _screen(turn: Turn, number: int) -> Screen:
    words = turn.office.words.paper
    batch = _known(turn, number)
    back = (Button(turn.office.words.manage.back(), to(routes.PAPER_FILES)),)
    if batch is None:
        return Screen(words.paper_gone(), (back,))
    values = {
        "number": batch.id,
        "file": cut(batch.filename, FILE),
        "at": turn.office.calendar.moment(batch.at),
    }
    if batch.undone_at is not None:
        text = words.paper_batch_undone(
            **values, undone=turn.office.calendar.moment(batch.undone_at)
        )
        return Screen(text, (back,))
    who = words.paper_by_operator()
    if batch.user_id is not None:
        who = people.titles(turn.db, {batch.user_id}).get(batch.user_id, str(batch.user_id))
    labels = {
        period.label: n
        for period_id, n in batches.counts_by_period(turn.db, batch.id).items()
        if (period := periods.by_id(turn.db, period_id))
    }
    periods_told = filed(turn.office.calendar, labels)
    text = words.paper_batch(**values, rows=batch.rows, who=who, periods=periods_told)
    if any(
        period.status == "locked"
        for number in batches.periods_of(turn.db, batch.id)
        if (period := periods.by_id(turn.db, number))
    ):
        return Screen(text, ((Button(words.paper_move(), to(MOVE, batch.id)),), back))
    return Screen(text, ((Button(words.paper_undo(), to(ASK, batch.id)),), back))


def _known(turn: Turn, number: int) -> Batch | None:
    return batches.by_id(turn.db, number) if number in ROW_IDS else None


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask before a file is undone."""
    words = turn.office.words.paper
    batch = _known(turn, tap.response)
    if batch is None or batch.undone_at is not None:
        return edited(press, _screen(turn, tap.response), words.paper_gone())
    text = words.paper_undo_ask(number=batch.id, file=cut(batch.filename, FILE), rows=batch.rows)
    yes = Button(words.paper_undo_yes(rows=batch.rows), to(UNDO, batch.id))
    back = Button(turn.office.words.manage.back(), to(routes.PAPER_FILE, batch.id))
    return edited(press, Screen(text, ((yes,), (back,))))


def on_undo(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Exclude the file from the figures; its rows are deleted by the next ticks."""
    words = turn.office.words.paper
    number = tap.response
    toast = words.paper_undone(number=number)
    if not press.again and _known(turn, number) is None:
        toast = words.paper_gone()
    elif not press.again:
        try:
            paper_import.undo(turn.db, number, press.person.chat_id, turn.now)
        except BatchNotFound:
            toast = words.paper_gone()
        except Locked:
            toast = words.paper_locked()
    return edited(press, _screen(turn, number), toast)


def on_send(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Ask for the file."""
    return forms.begin(turn, press.person, SENDING, {}, press)


def _sent(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words = turn.office.words.paper
    file = values["file"]
    if refused := uploads.too_big(turn, person, file["size"]):
        raise NotSaved(refused)
    body = PaperAnswersBody(file["file_id"], file["name"], write=False)
    outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(words.paper_coming()))]


def on_enter(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Masukkan*: write the answers of the checked file."""
    text = turn.office.words.paper.paper_entering()
    return uploads.take(
        turn, press, tap, PaperAnswersBody, lambda body: replace(body, write=True), text
    )


def on_template(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Send the template by the outbox."""
    if not press.again:
        outbox_bodies.put(turn.db, PaperTemplateBody(), press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.paper.paper_template_coming())]


SENDING = register(
    Form(
        routes.PAPER_FILES,
        lambda turn, _values: turn.office.words.paper.paper_title(),
        ADMIN,
        (
            Field(
                "file",
                lambda words: words.paper.label_file.plain(),
                lambda turn, _values: turn.office.words.paper.paper_ask(most=uploads.MEGABYTES),
                file=True,
            ),
        ),
        _sent,
        goes_on=True,
    )
)

BUTTONS: dict[str, Route] = {
    routes.PAPER_FILES: Route(ADMIN, on_list),
    routes.PAPER_FILE: Route(ADMIN, on_batch),
    ASK: Route(ADMIN, on_ask),
    UNDO: Route(ADMIN, on_undo),
    SEND: Route(ADMIN, on_send),
    routes.ENTER_PAPER_FILE: Route(ADMIN, on_enter),
    WANT_TEMPLATE: Route(ADMIN, on_template),
}
