"""*Isian kertas*: files of paper answers sent to the bot, seen again, and undone as one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers.forms import forms
from bot.officers.forms.form import Field, Form, Values, register
from bot.officers.history import moment
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.routes import Route
from bot.turn.turn import Turn, edited
from office.conversation import Tap, to
from office.notices import PAPER, TEMPLATE
from office.papers import paper_import
from office.papers.paper_import import BATCH, ENTER, FILE, filed
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.words.text import cut
from scoring.paper import MAX_BYTES
from storage import batches, outbox, people, periods
from storage.batches import Batch, BatchNotFound
from storage.database import ROW_IDS
from storage.periods import Locked

LIST = "kertas"
ASK, UNDO = "kertas-tanya", "kertas-batal"
SEND, WANT_TEMPLATE = "kertas-kirim", "kertas-templat"
MEGABYTES = MAX_BYTES // 2**20
NEWEST = 6


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The newest files, and the way to send another."""
    spoken = turn.office.words.paper
    found = batches.newest(turn.db, NEWEST)
    rows = [(Button(_label(turn, batch), to(BATCH, batch.id)),) for batch in found]
    text = spoken.paper_screen() if found else f"{spoken.paper_screen()} {spoken.paper_none()}"
    last = (
        (Button(spoken.paper_send(), to(SEND)), Button(spoken.paper_template(), to(WANT_TEMPLATE))),
        (Button(turn.office.words.manage.back(), to("kelola")),),
    )
    return edited(press, Screen(text, (*rows, *last)))


def _label(turn: Turn, batch: Batch) -> str:
    spoken = turn.office.words.paper
    file = cut(batch.filename, 30)
    if batch.undone_at is not None:
        return spoken.paper_item_undone(number=batch.id, file=file)
    return spoken.paper_item(number=batch.id, file=file, rows=batch.rows)


def on_batch(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One file: who brought it when, and where it counts."""
    return edited(press, _screen(turn, tap.response))


def _screen(turn: Turn, number: int) -> Screen:
    spoken = turn.office.words.paper
    batch = _known(turn, number)
    back = (Button(turn.office.words.manage.back(), to(LIST)),)
    if batch is None:
        return Screen(spoken.paper_gone(), (back,))
    facts = {
        "number": batch.id,
        "file": cut(batch.filename, FILE),
        "at": moment(turn, batch.at),
    }
    if batch.undone_at is not None:
        text = spoken.paper_batch_undone(**facts, undone=moment(turn, batch.undone_at))
        return Screen(text, (back,))
    who = spoken.paper_by_operator()
    if batch.user_id is not None:
        who = people.titles(turn.db, {batch.user_id}).get(batch.user_id, str(batch.user_id))
    labels = {
        period.label: n
        for period_id, n in batches.counts_by_period(turn.db, batch.id).items()
        if (period := periods.by_id(turn.db, period_id))
    }
    text = spoken.paper_batch(**facts, rows=batch.rows, who=who, periods=filed(labels))
    return Screen(text, ((Button(spoken.paper_undo(), to(ASK, batch.id)),), back))


def _known(turn: Turn, number: int) -> Batch | None:
    return batches.by_id(turn.db, number) if number in ROW_IDS else None


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Before a file is undone."""
    spoken = turn.office.words.paper
    batch = _known(turn, tap.response)
    if batch is None or batch.undone_at is not None:
        return edited(press, _screen(turn, tap.response), spoken.paper_gone())
    text = spoken.paper_undo_ask(number=batch.id, file=cut(batch.filename, FILE), rows=batch.rows)
    yes = Button(spoken.paper_undo_yes(rows=batch.rows), to(UNDO, batch.id))
    back = Button(turn.office.words.manage.back(), to(BATCH, batch.id))
    return edited(press, Screen(text, ((yes,), (back,))))


def on_undo(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The file goes out of the figures; its rows go with the next ticks."""
    spoken = turn.office.words.paper
    number = tap.response
    told = spoken.paper_undone(number=number)
    if not press.again and _known(turn, number) is None:
        told = spoken.paper_gone()
    elif not press.again:
        try:
            paper_import.undo(turn.db, number, press.person.chat_id, turn.now)
        except BatchNotFound:
            told = spoken.paper_gone()
        except Locked:
            told = spoken.paper_locked()
    return edited(press, _screen(turn, number), told)


def on_send(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The file is asked for."""
    return forms.begin(turn, press.person, SENDING, {}, press)


def _sent(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    spoken = turn.office.words.paper
    file = values["file"]
    if file["size"] > MAX_BYTES:
        return [Show(person.chat_id, Screen(spoken.paper_too_big(most=MEGABYTES)))]
    body = {"file": file["file_id"], "name": file["name"], "write": False}
    outbox.put(turn.db, PAPER, person.chat_id, body, turn.now)
    return [Show(person.chat_id, Screen(spoken.paper_coming()))]


def on_enter(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Masukkan*: the checked file of this very letter is fetched again and written."""
    spoken = turn.office.words.paper
    letter = outbox.by_id(turn.db, tap.response) if tap.response in ROW_IDS else None
    person = press.person
    if letter is None or letter.kind != PAPER or letter.chat_id != person.chat_id:
        return [Toast(press.callback_id, turn.office.words.manage.gone())]
    if not press.again:
        outbox.put(turn.db, PAPER, person.chat_id, {**letter.body, "write": True}, turn.now)
    return edited(press, Screen(spoken.paper_entering()))


def on_template(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The template comes by the outbox."""
    if not press.again:
        outbox.put(turn.db, TEMPLATE, press.person.chat_id, {}, turn.now)
    return [Toast(press.callback_id, turn.office.words.paper.paper_template_coming())]


SENDING = register(
    Form(
        "kertas",
        lambda turn, _values: turn.office.words.paper.paper_title(),
        ADMIN,
        (
            Field(
                "file",
                lambda words: words.paper.label_file.plain(),
                lambda turn, _values: turn.office.words.paper.paper_ask(most=MEGABYTES),
                file=True,
            ),
        ),
        _sent,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    BATCH: Route(ADMIN, on_batch),
    ASK: Route(ADMIN, on_ask),
    UNDO: Route(ADMIN, on_undo),
    SEND: Route(ADMIN, on_send),
    ENTER: Route(ADMIN, on_enter),
    WANT_TEMPLATE: Route(ADMIN, on_template),
}
