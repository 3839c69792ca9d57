"""Letters about paper answers: the template, and what became of a file that was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import TelegramError

from office.conversation import to
from office.office import Do, Office
from office.papers import paper_import
from office.papers.paper_import import AlreadyIn, Checked
from office.survey.screens import Button, Screen
from office.words.all_words import Html
from office.words.text import cut, escaped, length
from reports.paper_template import Template, template_xlsx
from scoring.paper import PaperError
from storage.batches import Batch
from storage.outbox import OutboxRow

SECONDS = 60  # for a file to come
MOST = 3000  # UTF-16 units of problems in one message
TEMPLATE_NAME = "templat-isian-kertas.xlsx"


class InOtherHands(Exception):
    """Another process is writing this very file: how that ends is known when it has ended."""


async def template(office: Office) -> tuple[str, bytes]:
    """The office's template: its name, its content."""

    def read() -> Template:
        with office.database.read() as db:
            return paper_import.template_of(db)

    return TEMPLATE_NAME, await asyncio.to_thread(lambda: template_xlsx(read()))


async def answer(office: Office, bot: Bot, do: Do, letter: OutboxRow) -> Screen:
    """Fetch the file, check it and, where the letter says so, write it; what its sender reads.

    Raises:
        InOtherHands: ask again later.
    """
    name = cut(str(letter.body["name"]) or "tanpa nama", paper_import.FILE)
    spoken = office.words.paper
    try:
        data = await _fetched(bot, str(letter.body["file"]))
    except TelegramError:
        return Screen(spoken.paper_unreachable(file=name))
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
        if not letter.body["write"]:
            return _good(office, checked, letter)
        number = await paper_import.enter(do, checked, letter.chat_id, office.clock(), _real)
    except AlreadyIn as found:
        if not found.batch.written:
            raise InOtherHands from found
        return _already(office, found.batch)
    except paper_import.REFUSALS as refusal:
        lines = refusal.lines if isinstance(refusal, PaperError) else [_sentence(refusal)]
        return Screen(spoken.paper_refused(file=name, lines=Html(_listed(office, lines))))
    facts = {"file": name, "rows": len(checked.slips)}
    periods = paper_import.filed(checked.by_period)
    look = Button(spoken.paper(), to(paper_import.BATCH, number))
    return Screen(spoken.paper_in(**facts, number=number, periods=periods), ((look,),))


async def _fetched(bot: Bot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray(read_timeout=SECONDS))


def _real() -> datetime:
    return datetime.now(UTC)


def _good(office: Office, checked: Checked, letter: OutboxRow) -> Screen:
    spoken = office.words.paper
    rows = len(checked.slips)
    text = spoken.paper_good(
        rows=rows, file=checked.filename, periods=paper_import.filed(checked.by_period)
    )
    button = Button(spoken.paper_enter(rows=rows), to(paper_import.ENTER, letter.id))
    return Screen(text, ((button,),))


def _already(office: Office, batch: Batch) -> Screen:
    spoken = office.words.paper
    look = Button(spoken.paper(), to(paper_import.BATCH, batch.id))
    return Screen(spoken.paper_already(number=batch.id, rows=batch.rows), ((look,),))


def _sentence(refusal: Exception) -> str:
    return str(refusal) or str(refusal.__doc__)


def _listed(office: Office, lines: Sequence[str]) -> str:
    """As many problems as a message holds; of the others, how many."""
    told: list[str] = []
    room = MOST
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            told.append(office.words.paper.paper_more(count=len(lines) - len(told)))
            break
        told.append(escaped(line))
    return "\n".join(told)
