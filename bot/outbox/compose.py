"""Composes texts, pictures, stored files and summaries from outbox rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from bot.outbox.context import Context, Message
from bot.turn.effects import Effect
from office import announcement, notices
from office.conversation import read_tap
from office.iku import pictures
from office.office import Office
from office.outbox_bodies import (
    AgendaBody,
    IkuPictureBody,
    PreviewBody,
    StoredFileBody,
    SummaryBody,
    TextBody,
    UnitSummaryBody,
)
from office.summary import before_lock, caption, content, unit_index
from office.summary.content import PeriodSummary, Summary
from office.survey.screens import Button, Rows
from office.words.all_words import Html
from reports.pictures.ikm_picture import PictureError, ikm_png
from reports.pictures.iku_picture import iku_png, progress_png
from reports.pictures.unit_picture import unit_png
from storage import groups, outbox, people, periods
from storage.database import Db
from storage.groups import Group
from storage.outbox import OutboxRow
from storage.periods import PeriodRow
from storage.settings import program_state

log = structlog.get_logger()


async def text(_context: Context, _row: OutboxRow, body: TextBody) -> Message:
    """A text that is ready."""
    if body.button is None:
        return Message(body.text)
    label, data = body.button
    return Message(body.text, rows=((Button(label, read_tap(data)),),))


def forget_citizen(db: Db, office: Office, row: OutboxRow, _body: object) -> Sequence[Effect]:
    """Delete a row to a citizen, delivered or not: his chat is kept for this message alone."""
    outbox.delete_row(db, row.id)
    program_state.note_deletion(db, office.calendar.day(office.clock()))
    return ()


async def agenda(_context: Context, _row: OutboxRow, body: AgendaBody) -> Message:
    """What is due, with the buttons that do it."""
    rows = tuple((Button(label, read_tap(data)),) for label, data in body.buttons)
    return Message(body.text, rows=rows)


async def stored_file(_context: Context, _row: OutboxRow, body: StoredFileBody) -> Message:
    """A file that Telegram has stored."""
    return Message("", stored=body.file_id)


async def iku_picture(context: Context, _row: OutboxRow, body: IkuPictureBody) -> Message:
    """The table of a year, or the progress of one indikator, as a picture; else its caption."""
    office, year = context.office, body.year
    if body.iku is None:
        table = await office.read(lambda db: pictures.iku_picture(db, office, year))
        table_caption = office.words.iku.picture_caption(office=table.office, year=year)
        return Message(table_caption, await _drawn(partial(iku_png, table)))
    iku_id = body.iku
    progress = await office.read(lambda db: pictures.progress_picture(db, office, year, iku_id))
    if progress is None:
        return Message(office.words.iku.progress_none())
    progress_caption, picture = progress
    return Message(progress_caption, await _drawn(partial(progress_png, picture)))


async def summary(context: Context, row: OutboxRow, body: SummaryBody) -> Message:
    """The message of a period, for the whole office's group or a group of some units."""
    office, words = context.office, context.office.words.summary
    group, data = await office.read(lambda db: _summary_data(db, office, row, body.period))
    rows = content.links(office, body.period, group) if isinstance(data, PeriodSummary) else ()
    return Message(caption.html(data, words), await _picture(office, data), rows=rows)


async def preview(context: Context, row: OutboxRow, body: PreviewBody) -> Message:
    """What an official may know of a period now, and what the ledger says of its message."""
    office, words = context.office, context.office.words
    period = await office.read(lambda db: _period(db, body.period))
    head, ledger = await office.read(lambda db: _ledger(db, office, row, period))
    if period.kind == "unit":
        index = await _unit_index(context, row, period.id)
        return Message(head + index.text, index.photo, rows=ledger)
    if period.status != "locked" and period.runs_into is None:
        lines = await office.read(lambda db: before_lock.lines(db, office, period))
        newest = await office.read(lambda db: announcement.newest(db, office))
        return Message(head + caption.as_html(lines), rows=newest)
    _, data = await office.read(lambda db: _summary_data(db, office, row, body.period))
    rows = content.buttons(office, body.period) if isinstance(data, PeriodSummary) else ()
    text = head + caption.html(data, words.summary)
    return Message(text, await _picture(office, data), rows=(*rows, *ledger))


def _ledger(db: Db, office: Office, row: OutboxRow, period: PeriodRow) -> tuple[str, Rows]:
    """The line above a message in a private chat, and the buttons that this person may use."""
    words, now = office.words.office, office.clock()
    if period.status != "locked":
        return words.preview(), ()
    told = words.ledger(states=Html(announcement.states(db, office, period, now)))
    roles = people.roles(db, row.chat_id)
    return told, announcement.buttons(db, office, period, roles, now)


def _summary_data(
    db: Db, office: Office, row: OutboxRow, period_id: int
) -> tuple[Group | None, Summary]:
    group = groups.by_chat(db, row.chat_id)
    period, now = _period(db, period_id), office.clock()
    return group, content.read(db, office, period, now, group, late=row.late)


async def unit_summary(context: Context, row: OutboxRow, body: UnitSummaryBody) -> Message:
    """The index of the unit heads."""
    return await _unit_index(context, row, body.period)


async def _unit_index(context: Context, row: OutboxRow, period_id: int) -> Message:
    office, words = context.office, context.office.words
    index = await office.read(
        lambda db: unit_index.read(db, office, _period(db, period_id), late=row.late)
    )
    picture = unit_index.picture(index, words)
    photo = None if picture is None else await _drawn(partial(unit_png, picture))
    return Message(unit_index.text(index, words), photo)


def summary_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: SummaryBody | UnitSummaryBody | None
) -> Sequence[Effect]:
    """Tell the admins that the summary may not have arrived."""
    if row.period_id is not None:
        period = periods.by_id(db, row.period_id)
        named = office.calendar.titles([period.label]) if period else ""
        notices.tell_not_sent(db, office, row, named, office.clock())
    return ()


async def _picture(office: Office, data: Summary) -> bytes | None:
    if not isinstance(data, PeriodSummary):
        return None
    picture = caption.ikm_picture(data, office.words.summary)
    return None if picture is None else await _drawn(partial(ikm_png, picture))


async def _drawn(draw: Callable[[], bytes]) -> bytes | None:
    """Draw in a thread; None when drawing fails, so that the text is sent alone."""
    try:
        return await asyncio.to_thread(draw)
    except PictureError as error:
        log.error("picture failed", error=str(error))
        return None


def _period(db: Db, period_id: int) -> PeriodRow:
    period = periods.by_id(db, period_id)
    if period is None:
        raise LookupError("the period of a summary does not exist")
    return period
