"""Workbooks of plans: one that was asked for, and what one that was sent changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from telegram.error import TelegramError

from bot.outbox.context import Context, Message
from bot.outbox.sent_files import downloaded, listed
from bot.turn.effects import Effect
from office import notices, routes, sheet_reader
from office.conversation import to
from office.iku import plan_file
from office.iku.plan_file import Checked
from office.office import Office
from office.outbox_bodies import PlanFileBody, PlanWorkbookBody
from office.survey.screens import Button, Screen
from office.words.all_words import Html
from office.words.text import cut
from reports.planning.plan_workbook import FILE_NAME, plan_xlsx
from scoring import plan_file as files
from scoring.plan import Plan
from scoring.plan_file import FileSheet, PlanFileError
from scoring.plan_sheets import Own
from scoring.sheet import SheetError
from storage.database import Db
from storage.outbox import OutboxRow
from storage.planning import plans
from storage.planning.plans import YearTaken

NAME = 60  # UTF-16 units of a file's name


async def workbook(context: Context, _row: OutboxRow, body: PlanWorkbookBody) -> Message:
    """The workbook of a plan."""
    office = context.office

    def read(db: Db) -> tuple[Plan, Own]:
        plan = plans.whole(db, body.plan)
        return plan, plan_file.own_figures(db, office, plan)

    plan, own = await office.read(read)
    content = await asyncio.to_thread(plan_xlsx, plan, own)
    name = FILE_NAME.format(first=plan.head.first, last=plan.head.last)
    text = office.words.plan.workbook_caption(name=plan.head.name)
    return Message(text, document=(name, content))


async def result(context: Context, row: OutboxRow, body: PlanFileBody) -> Message:
    """Download the file and say what it changes; or apply what was shown."""
    screen = await _result(context, row, body)
    return Message(screen.text, rows=screen.rows)


async def _result(context: Context, row: OutboxRow, body: PlanFileBody) -> Screen:
    office, words, name = context.office, context.office.words.plan, cut(body.name, NAME)
    try:
        data = await downloaded(context.bot, body.file)
    except TelegramError:
        return Screen(office.words.paper.paper_unreachable(file=name))
    try:
        found = files.found(await asyncio.to_thread(sheet_reader.parse, data))
        if body.shown is None:
            return _shown(office, row, await _checked(office, found))
        checked = await context.do(lambda db: _apply(db, office, row, body, found))
    except (PlanFileError, SheetError, YearTaken) as refusal:
        lines = refusal.lines if isinstance(refusal, PlanFileError) else [str(refusal)]
        return Screen(words.file_refused(file=name, lines=Html(listed(office, lines))))
    if checked.fingerprint != body.shown:  # the plan was changed since
        return _shown(office, row, checked)
    see = await office.read(lambda db: plans.of_year(db, checked.after.head.first))
    rows = ((Button(words.see(), to(routes.PLAN, see.id)),),) if see is not None else ()
    return Screen(words.applied(name=checked.after.head.name), rows)


async def _checked(office: Office, found: Mapping[str, FileSheet]) -> Checked:
    return await office.read(lambda db: plan_file.check(db, office, found))


def _apply(
    db: Db, office: Office, row: OutboxRow, body: PlanFileBody, found: Mapping[str, FileSheet]
) -> Checked:
    """Apply the changes if they are those that were shown."""
    checked = plan_file.check(db, office, found)
    if checked.changes and checked.fingerprint == body.shown:
        reason = f"lembar kerja {cut(body.name, NAME)}"
        plan_file.apply(db, checked, row.chat_id, office.clock(), reason)
    return checked


def _shown(office: Office, row: OutboxRow, checked: Checked) -> Screen:
    words, name = office.words.plan, checked.after.head.name
    if checked.plan_id is None:
        text = words.would_make(name=name, first=checked.after.head.first,
                                last=checked.after.head.last)  # fmt: skip
    elif not checked.changes:
        return Screen(words.nothing_changes(name=name))
    else:
        lines = [
            words.changed.plain(
                subject=each.subject,
                before=each.before or words.nothing.plain(),
                after=each.after or words.nothing.plain(),
            )
            for each in checked.changes
        ]
        text = words.would_change(name=name, count=len(lines), lines=Html(listed(office, lines)))
    button = Button(words.apply(), to(routes.APPLY_PLAN_FILE, row.id, value=checked.fingerprint))
    return Screen(text, ((button,),))


def not_sent(db: Db, office: Office, row: OutboxRow, body: PlanFileBody | None) -> Sequence[Effect]:
    """Tell the sender of a file that its result was not sent."""
    text = office.words.paper.paper_not_checked(file=cut((body and body.name) or "", NAME))
    notices.tell(db, row.chat_id, text, office.clock())
    return ()
