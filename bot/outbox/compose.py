"""From a letter of the outbox to the message it becomes: text, picture, document, buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
from telegram import Bot

from bot.outbox import paper_answers
from bot.outbox.message import Message
from bot.outbox.ordered_papers import Orders
from bot.turn.queue import Turns
from office import notices
from office.conversation import read_tap
from office.iku import pictures
from office.notices import ORDERED, PAPER, PREVIEW, TEMPLATE, UNIT_SUMMARY
from office.office import Office
from office.summary import caption, content, group_summary, unit_index
from office.summary.content import PeriodSummary
from office.survey.screens import Button
from reports.ikm_picture import PictureError, ikm_png
from reports.iku_picture import iku_png, progress_png
from reports.unit_picture import unit_png
from storage import groups, periods
from storage.database import Db
from storage.outbox import OutboxRow
from storage.periods import PeriodRow

log = structlog.get_logger()


@dataclass(slots=True)
class Composer:
    """Makes the messages of one office."""

    office: Office
    turns: Turns
    bot: Bot
    orders: Orders = field(init=False)

    def __post_init__(self) -> None:
        self.orders = Orders(self.office)

    async def composed(self, letter: OutboxRow) -> Message:
        """Read what it tells, and draw its picture, off the event loop.

        Raises:
            InOtherHands: another process still works on its file: later.
            DatabaseTrouble: later.
        """
        if letter.kind in ORDERED:
            return await asyncio.to_thread(self.orders.composed, letter)
        if "text" in letter.body:  # ready: a notice, the week's pulse
            button = letter.body.get("button")
            rows = ((Button(button[0], read_tap(button[1])),),) if button else ()
            return Message(letter.body["text"], rows=rows)
        if letter.kind == notices.STORED_FILE:
            return Message("", stored=str(letter.body["file_id"]))
        if letter.kind == notices.IKU_PICTURE:
            return await self._iku(int(letter.body["year"]), letter.body.get("iku"))
        if letter.kind == UNIT_SUMMARY:
            return await self._of_units(letter)
        if letter.kind == PAPER:
            screen = await paper_answers.answer(self.office, self.bot, self.turns.do, letter)
            return Message(screen.text, rows=screen.rows)
        if letter.kind == TEMPLATE:
            caption_of = self.office.words.paper.paper_template_caption()
            return Message(caption_of, document=await paper_answers.template(self.office))
        facts = await self.office.read(lambda db: self._facts(db, letter))
        words = self.office.words.office
        text = caption.text(facts, words)
        if facts.roll_up is not None:  # the way to the result would show the whole office's
            return Message(text, await self._picture(facts))
        if letter.kind == PREVIEW:
            return Message(words.preview() + text, await self._picture(facts))
        link = f"https://t.me/{self.office.username}?start=r_hasil"
        rows = ((Button(words.to_private(), url=link),),)
        return Message(text, await self._picture(facts), rows=rows)

    async def _of_units(self, letter: OutboxRow) -> Message:
        words, late = self.office.words, letter.late
        facts = await self.office.read(
            lambda db: unit_index.read(db, self.office, _period_of(db, letter), late=late)
        )
        drawn = unit_index.picture(facts, words)
        photo = None if drawn is None else await self._drawn(partial(unit_png, drawn))
        return Message(unit_index.text(facts, words), photo)

    def _facts(self, db: Db, letter: OutboxRow) -> PeriodSummary:
        current, now = _period_of(db, letter), self.office.clock()
        group = groups.by_chat(db, letter.chat_id)
        if group is None or not group.units:
            return content.read(db, self.office, current, now, late=letter.late)
        return group_summary.read(db, self.office, current, group, now, late=letter.late)

    async def _iku(self, year: int, iku_id: int | None) -> Message:
        """The table of a year, or one indikator's way, as a picture; else its caption alone."""
        if iku_id is None:
            table = await self.office.read(lambda db: pictures.iku_picture(db, self.office, year))
            text = self.office.words.iku.picture_caption(office=table.office, year=year)
            return Message(text, await self._drawn(partial(iku_png, table)))
        way = await self.office.read(
            lambda db: pictures.progress_picture(db, self.office, year, iku_id)
        )
        if way is None:
            return Message(self.office.words.iku.progress_none())
        text, picture = way
        return Message(text, await self._drawn(partial(progress_png, picture)))

    async def _picture(self, facts: PeriodSummary) -> bytes | None:
        """Drawn off the event loop; without it the text goes alone."""
        drawn = content.picture(facts, self.office.words.office)
        return None if drawn is None else await self._drawn(partial(ikm_png, drawn))

    async def _drawn(self, draw: Callable[[], bytes]) -> bytes | None:
        try:
            return await asyncio.to_thread(draw)
        except PictureError as error:
            log.error("picture failed", error=str(error))
            return None


def _period_of(db: Db, letter: OutboxRow) -> PeriodRow:
    current = periods.by_id(db, int(letter.body["period"]))
    if current is None:
        raise LookupError("the period of a letter is gone")
    return current
