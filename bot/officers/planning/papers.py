"""*Dokumen* under /iku: the papers of planning of a year, ordered, numbered, and signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from bot.officers import access
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.officers.planning import quarters
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.iku import papers
from office.iku.papers import KINDS, SHOWN, NotSignable, Paper, Which
from office.outbox_bodies import PlanningPaperBody
from office.roles import ADMIN, READERS
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html
from office.words.document import DocumentWords
from office.words.text import cut
from reports.document_files import FORMATS
from scoring.period import YEARS, long_day
from storage.planning import planning_papers, plans
from storage.planning.planning_papers import PaperRow

SEND = "dokumen-kirim"
HEAD, ASK, SIGN, AGAIN = "dokumen-nomor", "dokumen-ttd", "dokumen-ttd-ya", "dokumen-versi"
IKU_TABLE = "iku"
NUMBER = 80  # UTF-16 units


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The papers of a year."""
    if not _planned(turn, tap.value):
        return [Toast(press.callback_id, turn.office.words.iku.no_plan.plain(year=tap.value))]
    return edited(press, _listed(turn, tap.value))


def _planned(turn: Turn, year: int) -> bool:
    return year in YEARS and plans.of_year(turn.db, year) is not None


def _listed(turn: Turn, year: int) -> Screen:
    words = turn.office.words.document
    newest = {
        (row.kind, row.quarter): row
        for row in reversed(planning_papers.versions(turn.db, year))
    }  # fmt: skip
    lines = [
        words.paper_line(
            name=papers.name(words, kind, quarter), state=_state(words, newest.get((kind, quarter)))
        )
        for kind, quarter in KINDS
    ]  # fmt: skip
    rows = [
        (
            Button(
                papers.name(words, kind, quarter),
                _button(Which(kind, year, quarter), routes.PLANNING_PAPER),
            ),
        )
        for kind, quarter in KINDS
    ]
    back = (Button(turn.office.words.plan.back_to_table(), to(IKU_TABLE, value=year)),)
    return Screen(words.papers_screen(year=year, lines=Html("\n".join(lines))), (*rows, back))


def _state(words: DocumentWords, row: PaperRow | None) -> str:
    if row is None or (row.signed_at is None and row.dated is None):
        return words.paper_open.plain()
    day = long_day(row.dated) if row.dated else words.empty.plain()
    if row.signed_at is None:
        return words.paper_dated.plain(day=day)
    return words.paper_signed.plain(day=day)


def _which(turn: Turn, tap: Tap) -> Which | None:
    """The paper of a button; None where no plan holds its year."""
    year, at = divmod(tap.response, 10)
    if at >= len(KINDS) or not _planned(turn, year):
        return None
    kind, quarter = KINDS[at]
    return Which(kind, year, quarter)


def _button(which: Which, route: str, value: int = 0) -> Tap:
    return to(route, which.year * 10 + KINDS.index((which.kind, which.quarter)), value)


def on_one(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One paper."""
    which = _which(turn, tap)
    if which is None:
        return access.gone(turn, press)
    return edited(press, _screen(turn, press.person.chat_id, which))


def _screen(turn: Turn, user_id: int, which: Which) -> Screen:
    words, paper = turn.office.words.document, papers.current(turn.db, turn.office, which)
    head = paper.head
    note = ""
    if paper.content.draft:
        note = words.paper_not_final()
    elif paper.signed_at is None and head.day is None:
        note = words.paper_no_day()
    text = words.paper_screen(
        name=papers.name(words, which.kind, which.quarter),
        year=which.year,
        version=Html(words.paper_version(version=head.version) if head.version > 1 else ""),
        number=head.number or words.empty(),
        day=long_day(head.day) if head.day else words.empty(),
        mark=paper.fingerprint[:SHOWN],
        state=_signed_text(turn, paper),
        note=Html(note),
    )
    rows = [(Button(words.paper_send(), _button(which, SEND)),)]
    if access.may(turn, user_id, ADMIN):
        if paper.signed_at is None:
            rows.append((Button(words.paper_head(), _button(which, HEAD)),))
            if which.quarter:
                reached = turn.office.words.plan.fill_reached()
                rows.append((Button(reached, to(quarters.FILL, which.year, which.quarter)),))
        else:
            label = words.paper_changed if which.kind == "pk" else words.paper_again
            rows.append((Button(label(), _button(which, AGAIN, head.version)),))
        if paper.may_be_signed:
            rows.append((Button(words.paper_sign(), _button(which, ASK)),))
    back = (Button(turn.office.words.manage.back(), to(routes.PLANNING_PAPERS, value=which.year)),)
    return Screen(text, (*rows, back))


def _signed_text(turn: Turn, paper: Paper) -> str:
    words = turn.office.words.document
    if paper.signed_at is None:
        return words.paper_prepared.plain()
    return words.paper_signed_at.plain(at=turn.office.calendar.moment(paper.signed_at))


def on_send(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The paper in every format, made and sent by the outbox."""
    which = _which(turn, tap)
    if which is None:
        return access.gone(turn, press)
    if not press.again:
        for name in FORMATS:
            body = PlanningPaperBody(which.kind, which.year, which.quarter, name)
            outbox_bodies.put_unless_waiting(turn.db, body, press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.document.paper_coming())]


# --- number and date --------------------------------------------------------------------------


def on_head(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for number and date."""
    which = _which(turn, tap)
    if which is None:
        return access.gone(turn, press)
    given = {"kind": which.kind, "year": which.year, "quarter": which.quarter}
    return forms.begin(turn, press.person, FORM, given, press)


def _of(values: Values) -> Which:
    return Which(values["kind"], values["year"], values["quarter"])


def _kept(turn: Turn, values: Values, *, name: str) -> Sequence[Choice]:
    """The value that it has now, kept by one press; for the date today."""
    head = papers.current(turn.db, turn.office, _of(values)).head
    if name == "number":
        kept = turn.office.words.paper.as_it_is.plain(value=cut(head.number, 40))
        return [(kept, head.number)] if head.number else ()
    days = dict.fromkeys(day for day in (head.day, turn.office.calendar.day(turn.now)) if day)
    return [(long_day(day), day.isoformat()) for day in days]


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    which, day = _of(values), values["day"]
    try:
        papers.set_head(
            turn, person.chat_id, which, values["number"] or "",
            date.fromisoformat(day) if day else None,
        )  # fmt: skip
    except NotSignable:
        text = turn.office.words.document.paper_stale()
        raise NotSaved([Show(person.chat_id, Screen(text))]) from None
    return [Show(person.chat_id, _screen(turn, person.chat_id, which))]


FORM = register(
    Form(
        routes.PLANNING_PAPERS,
        lambda turn, values: papers.name(
            turn.office.words.document, values["kind"], values["quarter"]
        ),
        ADMIN,
        (
            Field(
                "number",
                lambda words: words.document.label_number.plain(),
                lambda turn, _values: turn.office.words.document.ask_number(),
                partial(fields.typed, most=NUMBER),
                partial(_kept, name="number"),
                optional=True,
            ),
            Field(
                "day",
                lambda words: words.document.label_day.plain(),
                lambda turn, _values: turn.office.words.document.ask_day(),
                fields.iso_day,
                partial(_kept, name="day"),
                show=fields.shown_day,
                optional=True,
            ),
        ),
        _save,
    )
)  # fmt: skip


# --- signing ----------------------------------------------------------------------------------


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Tandai sudah ditandatangani*: ask once more, with the fingerprint to compare."""
    which = _which(turn, tap)
    if which is None:
        return access.gone(turn, press)
    words, paper = turn.office.words.document, papers.current(turn.db, turn.office, which)
    if not paper.may_be_signed:
        return edited(press, _screen(turn, press.person.chat_id, which), words.paper_stale.plain())
    text = words.paper_sign_ask(
        name=papers.name(words, which.kind, which.quarter),
        year=which.year,
        mark=paper.fingerprint[:SHOWN],
    )
    yes = Button(words.paper_sign_yes(), _button(which, SIGN, paper.mark))
    back = Button(turn.office.words.manage.back(), _button(which, routes.PLANNING_PAPER))
    return edited(press, Screen(text, ((yes,), (back,))))


def on_sign(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Keep what was shown."""
    which, toast = _which(turn, tap), None
    if which is None:
        return access.gone(turn, press)
    if not press.again:
        try:
            papers.sign(turn, press.person.chat_id, which, tap.value)
        except NotSignable:
            toast = turn.office.words.document.paper_stale.plain()
    return edited(press, _screen(turn, press.person.chat_id, which), toast)


def on_again(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Begin the version after the signed one."""
    which = _which(turn, tap)
    if which is None:
        return access.gone(turn, press)
    paper = papers.current(turn.db, turn.office, which)
    if not press.again and paper.head.version == tap.value:
        papers.begin_version(turn, press.person.chat_id, which)
    return edited(press, _screen(turn, press.person.chat_id, which))


BUTTONS: dict[str, Route] = {
    routes.PLANNING_PAPERS: Route(READERS, on_list),
    routes.PLANNING_PAPER: Route(READERS, on_one),
    SEND: Route(READERS, on_send),
    HEAD: Route(ADMIN, on_head),
    ASK: Route(ADMIN, on_ask),
    SIGN: Route(ADMIN, on_sign),
    AGAIN: Route(ADMIN, on_again),
}
