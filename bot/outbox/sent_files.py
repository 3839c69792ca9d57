"""Files that people sent: photos of a follow-up, paper answers and their template, problems."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import TelegramError

from bot.outbox.context import ComposeLater, Context, Message
from bot.turn.effects import Effect
from office import notices, routes
from office.conversation import to
from office.office import Office
from office.outbox_bodies import FollowUpPhotoBody, PaperAnswersBody, PaperTemplateBody
from office.papers import paper_import
from office.papers.paper_import import AlreadyIn, Checked
from office.survey.screens import Button, Screen
from office.words.all_words import Html
from office.words.text import cut, escaped, length
from reports import rendering
from reports.handouts.paper_template import Template, template_xlsx
from reports.rendering import PictureError
from scoring.table import TableError
from storage import audit, follow_ups
from storage.database import Db
from storage.outbox import OutboxRow
from storage.survey.batches import Batch

TEMPLATE_NAME = "templat-isian-kertas.xlsx"
SECONDS = 60  # for the download of a file
MOST = 3000  # UTF-16 units of problems in one message


async def downloaded(bot: Bot, file_id: str) -> bytes:
    """The content of a file that was sent."""
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray(read_timeout=SECONDS))


def listed(office: Office, lines: Sequence[str]) -> str:
    """As many problems as a message holds, and how many more there are."""
    shown: list[str] = []
    room = MOST
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            shown.append(office.words.paper.paper_more(count=len(lines) - len(shown)))
            break
        shown.append(escaped(line))
    return "\n".join(shown)


async def photo(context: Context, row: OutboxRow, body: FollowUpPhotoBody) -> Message:
    """Download the photo and store it; whether the report shows it now."""
    words = context.office.words.paper
    try:
        content = await downloaded(context.bot, body.file)
        png = await asyncio.to_thread(rendering.redrawn, content)
    except (TelegramError, PictureError):
        return Message(words.photo_not_stored())
    now = context.office.clock()

    def add(db: Db) -> bool:
        line = follow_ups.by_id(db, body.line)
        if line is None or follow_ups.photo_count(db, line.id) >= rendering.EACH:
            return False
        follow_ups.add_photo(db, line.id, png, row.chat_id, now)
        audit.record(db, now, row.chat_id, "tambah_foto", f"tindak lanjut no. {line.id}")
        return True

    return Message(words.photo_stored() if await context.do(add) else words.photo_not_added())


def photo_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: FollowUpPhotoBody | None
) -> Sequence[Effect]:
    """Tell the sender of a photo that its result was not sent."""
    notices.tell(db, row.chat_id, office.words.paper.photo_not_stored(), office.clock())
    return ()


async def template(context: Context, _row: OutboxRow, _body: PaperTemplateBody) -> Message:
    """The office's template."""
    office = context.office

    def read() -> Template:
        with office.database.read() as db:
            return paper_import.template_of(db)

    content = await asyncio.to_thread(lambda: template_xlsx(read()))
    caption = office.words.paper.paper_template_caption()
    return Message(caption, document=(TEMPLATE_NAME, content))


async def result(context: Context, row: OutboxRow, body: PaperAnswersBody) -> Message:
    """Download the file, check it and, if the body says so, write it; the result for its sender.

    Raises:
        ComposeLater: another process is writing this file.
    """
    screen = await _result(context, row, body)
    return Message(screen.text, rows=screen.rows)


async def _result(context: Context, row: OutboxRow, body: PaperAnswersBody) -> Screen:
    office = context.office
    name = _name(body)
    words = office.words.paper
    try:
        data = await downloaded(context.bot, body.file)
    except TelegramError:
        return Screen(words.paper_unreachable(file=name))
    try:
        checked = await asyncio.to_thread(
            paper_import.check,
            office.database,
            office.calendar,
            office.min_filled,
            name,
            data,
            office.clock(),
        )
        if not body.write:
            return _good(office, checked, row)
        number = await paper_import.enter(
            context.do, office, checked, row.chat_id, office.clock(), _real
        )
    except AlreadyIn as known:
        if not known.batch.written:
            raise ComposeLater from known
        return _already(office, known.batch)
    except paper_import.REFUSALS as refusal:
        lines = refusal.lines if isinstance(refusal, TableError) else [_sentence(refusal)]
        return Screen(words.paper_refused(file=name, lines=Html(listed(office, lines))))
    periods = paper_import.filed(office.calendar, checked.by_period)
    if checked.late:
        return Screen(words.paper_proposed(file=name, rows=len(checked.slips), periods=periods))
    look = Button(words.paper(), to(routes.PAPER_FILE, number))
    text = words.paper_in(file=name, rows=len(checked.slips), number=number, periods=periods)
    return Screen(text, ((look,),))


def not_sent(
    db: Db, office: Office, row: OutboxRow, body: PaperAnswersBody | None
) -> Sequence[Effect]:
    """Tell the sender of a file that its result was not sent."""
    text = office.words.paper.paper_not_checked(file=_name(body))
    notices.tell(db, row.chat_id, text, office.clock())
    return ()


def _name(body: PaperAnswersBody | None) -> str:
    """The name of a file, as a message shows it."""
    return cut((body and body.name) or "tanpa nama", paper_import.FILE)


def _real() -> datetime:
    return datetime.now(UTC)


def _good(office: Office, checked: Checked, row: OutboxRow) -> Screen:
    words = office.words.paper
    rows = len(checked.slips)
    good = words.paper_good_late if checked.late else words.paper_good
    periods = paper_import.filed(office.calendar, checked.by_period)
    text = good(rows=rows, file=checked.filename, periods=periods)
    if checked.notes:
        text = words.paper_notes(text=Html(text), lines=Html(listed(office, checked.notes)))
    button = Button(words.paper_enter(rows=rows), to(routes.ENTER_PAPER_FILE, row.id))
    return Screen(text, ((button,),))


def _already(office: Office, batch: Batch) -> Screen:
    words = office.words.paper
    look = Button(words.paper(), to(routes.PAPER_FILE, batch.id))
    return Screen(words.paper_already(number=batch.id, rows=batch.rows), ((look,),))


def _sentence(refusal: Exception) -> str:
    return str(refusal) or str(refusal.__doc__)
