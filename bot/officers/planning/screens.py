"""*Rencana*: the office's plans, one of them page by page, and the workbook of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from telegram import Message

from bot.officers import access, uploads
from bot.officers.planning.edits import CHANGE
from bot.officers.planning.forms import ASK
from bot.officers.planning.indicators import ADD
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.iku import labels
from office.outbox_bodies import PlanFileBody, PlanWorkbookBody
from office.roles import ADMIN, READERS
from office.survey.screens import Button, Screen, on_page, turning
from office.turn import Turn
from office.words.all_words import Html
from office.words.plan import PlanWords
from office.words.text import length
from reports.publication.public_figures import public_text
from scoring import plan as plan_values
from scoring.numbers import with_comma
from scoring.period import long_day
from scoring.plan import Plan, PlanHead, PlannedIku
from storage.database import ROW_IDS
from storage.planning import plans

WORKBOOK = "rencana-lembar"
IKU_TABLE = "iku"
PAGE = 1500  # UTF-16 units


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """All plans."""
    return edited(press, listed(turn))


def listed(turn: Turn) -> Screen:
    """The plans by their years."""
    words, known = turn.office.words.plan, plans.all_plans(turn.db)
    lines = [
        words.plan_line(
            name=row.head.name, years=plan_values.span(row.head.first, row.head.last)
        )
        for row in known
    ]  # fmt: skip
    rows = [(Button(row.head.name, to(routes.PLAN, row.id)),) for row in reversed(known)][:20]
    back = (Button(words.back_to_table(), to(IKU_TABLE, value=_this_year(turn))),)
    return Screen(words.plans_screen(lines=Html("\n".join(lines))), (*rows, back))


def _this_year(turn: Turn) -> int:
    return turn.office.calendar.day(turn.now).year


def on_see(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of one plan."""
    return edited(press, seen(turn, press.person.chat_id, tap.response, tap.value))


def seen(turn: Turn, user_id: int, plan_id: int, page: int = 0) -> Screen:
    """A page of a plan, and what may be done with it; the list when it is gone."""
    row = plans.by_id(turn.db, plan_id) if plan_id in ROW_IDS else None
    if row is None:
        return listed(turn)
    words = turn.office.words.plan
    pages = _pages(list(_blocks(turn, plans.whole(turn.db, row.id))))
    page = on_page(page, len(pages), 1)
    text = words.plan_page(name=row.head.name, text=Html(pages[page]))
    rows = turning(
        turn.office.words.of("id"), page, len(pages), 1, lambda at: to(routes.PLAN, row.id, at)
    )
    rows = (*rows, (Button(words.workbook(), to(WORKBOOK, row.id)),))
    if access.may(turn, user_id, ADMIN):
        text += words.send_workbook()
        rows = (
            *rows,
            (
                Button(words.change(), to(CHANGE, row.id)),
                Button(words.copy_plan(), to(routes.COPY_PLAN, row.id)),
            ),
            (
                Button(words.add_iku(), to(ADD, row.id)),
                Button(words.delete_plan(), to(ASK, row.id)),
            ),
        )
    return Screen(text, (*rows, (Button(words.back_to_plans(), to(routes.PLANS)),)))


def _pages(blocks: Sequence[str]) -> list[str]:
    """The blocks, as many on a page as it holds."""
    pages: list[str] = []
    for block in blocks:
        if pages and length(pages[-1]) + length(block) < PAGE:
            pages[-1] += f"\n\n{block}"
        else:
            pages.append(block)
    return pages


def _blocks(turn: Turn, plan: Plan) -> Iterator[str]:
    words = turn.office.words.plan
    yield _head(turn, plan.head)
    for sasaran in plan.sasaran:
        yield words.sasaran(name=sasaran.name)
        for iku in sasaran.iku:
            yield _iku(words, plan.head, iku)
    for title, lines in ((words.tugas, plan.head.tugas), (words.fungsi, plan.head.fungsi)):
        numbered = [
            words.numbered(number=number, text=text) for number, text in enumerate(lines, 1)
        ]
        yield words.duties(title=title(), lines=Html("\n".join(numbered)))


def _head(turn: Turn, head: PlanHead) -> str:
    words = turn.office.words.plan
    sk = words.no_sk()
    if head.sk_number:
        day = long_day(head.sk_date) if head.sk_date else words.empty()
        sk = words.sk(number=head.sk_number, day=day)
    cap = head.rules.cap
    return words.head(
        years=plan_values.span(head.first, head.last),
        sk=Html(sk),
        source=head.source or words.empty(),
        rules=labels.rules(turn.office.words.iku, head.rules),
        boundary=head.rules.at_boundary,
        cap=words.no_cap() if cap is None else words.cap(cap=with_comma(f"{cap:f}")),
    )


def _iku(words: PlanWords, head: PlanHead, iku: PlannedIku) -> str:
    targets = [
        words.year_target(year=year, target=labels.written_target(target) or words.missing())
        for year in head.years
        for target in [iku.years[year].target if year in iku.years else plan_values.NO_TARGET]
    ]
    return words.iku(
        code=iku.code,
        name=iku.name.removesuffix(f" ({iku.code})"),  # the code follows it
        formulasi=iku.formulasi,
        satuan=iku.satuan,
        arah=words.naik() if iku.arah == "naik" else words.turun(),
        sumber=_sumber(words, iku),
        targets=Html(" · ".join(targets)),
    )


def _sumber(words: PlanWords, iku: PlannedIku) -> str:
    return {
        "ikm": words.from_survey,
        "unit": words.from_heads,
        "sakip": words.from_lhe,
        "tangan": words.by_hand,
    }[iku.sumber]()


def on_workbook(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Send the workbook of a plan by the outbox."""
    if tap.response not in ROW_IDS or plans.by_id(turn.db, tap.response) is None:
        return access.gone(turn, press)
    if not press.again:
        body = PlanWorkbookBody(tap.response)
        outbox_bodies.put(turn.db, body, press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.plan.workbook_coming())]


def on_document(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A file that an admin sends, without a form that waits for one: a workbook of a plan."""
    document = message.document
    if document is None:
        return []
    if refused := uploads.too_big(turn, person, document.file_size or 0):
        return refused
    if not again:
        body = PlanFileBody(document.file_id, public_text(document.file_name or ""))
        outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, Screen(turn.office.words.plan.file_coming()))]


def on_apply(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Terapkan*: apply the changes that were shown of the file."""
    text = turn.office.words.plan.applying()
    return uploads.take(
        turn, press, tap, PlanFileBody, lambda body: replace(body, shown=tap.value), text
    )


BUTTONS: dict[str, Route] = {
    routes.PLANS: Route(READERS, on_list),
    routes.PLAN: Route(READERS, on_see),
    WORKBOOK: Route(READERS, on_workbook),
    routes.APPLY_PLAN_FILE: Route(ADMIN, on_apply),
}
