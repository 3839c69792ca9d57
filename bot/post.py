"""The outbox's sender: claims what is due, says so before each call, keeps Telegram's pace."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot import caption, drawing, notices, paper_letters, paper_orders, summary, unit_summary
from bot.composed import Composed
from bot.display import keyboard
from bot.flow import read_tap
from bot.intake import Turns
from bot.notices import HARMLESS_TWICE, ORDERED, PAPER, PREVIEW, SUMMARIES, TEMPLATE, UNIT_SUMMARY
from bot.office import Office
from bot.officers.doors import ADMIN, READERS, Roles
from bot.paper_letters import InOtherHands
from bot.paper_orders import Orders
from bot.refusals import (
    RETRY,
    Gone,
    Later,
    Moved,
    Refused,
    Uncertain,
    cannot_be_edited,
    fate,
    says_so_already,
)
from bot.screens import Button
from bot.summary import Facts
from bot.turn import Effect, place_of
from reports.iku_picture import iku_png, progress_png
from reports.picture import PictureError, ikm_png
from reports.unit_picture import unit_png
from storage import offices, outbox, people, periods
from storage.database import DatabaseTrouble, Db
from storage.outbox import Kinds, Letter
from storage.periods import Current

log = structlog.get_logger()

R = TypeVar("R")

NOTICE_TRIES = 50
PER_CHAT = 1.0  # seconds between two messages to one chat
PER_GROUP_MINUTE = 20
PER_SECOND = 25

# What an officer asked for, and whoever may have it: the role may have ended while it waited.
ASKED_FOR: dict[str, Roles] = {
    PREVIEW: READERS,
    notices.IKU_PICTURE: READERS,
    notices.STORED_FILE: READERS,
    PAPER: ADMIN,
    TEMPLATE: ADMIN,
    **paper_orders.ROLES,
}
PAPERS = Kinds(ORDERED, others=False)
LETTERS = Kinds(ORDERED)


@dataclass(slots=True)
class Pace:
    """When this process last wrote where; seconds of the monotonic clock."""

    chats: dict[int, deque[float]] = field(default_factory=dict)
    all: deque[float] = field(default_factory=lambda: deque(maxlen=PER_SECOND))

    def wait(self, chat_id: int, now: float) -> float:
        """Seconds until this chat may be written to; 0 for at once."""
        past = self.chats.get(chat_id, deque())
        ready = past[-1] + PER_CHAT if past else now
        if chat_id < 0 and len(past) == PER_GROUP_MINUTE:
            ready = max(ready, past[0] + 60.0)
        if len(self.all) == PER_SECOND:
            ready = max(ready, self.all[0] + 1.0)
        return max(0.0, ready - now)

    def wrote(self, chat_id: int, now: float) -> None:
        """A message goes out now."""
        self.all.append(now)
        self.chats.setdefault(chat_id, deque(maxlen=PER_GROUP_MINUTE)).append(now)
        if len(self.chats) > 1000:
            old = [chat for chat, past in self.chats.items() if past[-1] < now - 60.0]
            for chat in old:
                del self.chats[chat]


@dataclass(slots=True)
class Post:
    """Sends the outbox of one office."""

    office: Office
    turns: Turns
    bot: Bot
    name: str  # of this process, for its claims
    pace: Pace = field(default_factory=Pace)
    orders: Orders = field(init=False)

    def __post_init__(self) -> None:
        self.orders = Orders(self.office)

    async def run(self) -> None:
        """Send letters, and beside them what takes seconds to make: no letter waits for a paper."""
        await asyncio.gather(self._look(LETTERS), self._look(PAPERS))

    async def _look(self, only: Kinds) -> None:
        """Look every second; another process may have put something there."""
        while True:
            try:
                await self._send_due(only)
            except Exception as error:  # noqa: BLE001 # the edge of the outbox
                log.error("outbox failed", error=type(error).__name__)
            await asyncio.sleep(1.0)

    async def send_due(self) -> int:
        """Send what is due now; how many letters were taken in hand."""
        return await self._send_due(LETTERS) + await self._send_due(PAPERS)

    async def _send_due(self, only: Kinds) -> int:
        now = self.office.clock()
        if not await self._read(lambda db: outbox.waiting(db, now, only)):
            return 0
        await self.turns.do(lambda db: self._give_up_abandoned(db, now))
        most = 1 if only is PAPERS else 3  # a lease must not run out behind another paper
        taken = await self.turns.do(
            lambda db: outbox.claim(db, now, datetime.now(UTC), self.name, only, most)
        )
        for letter in taken:
            try:
                await self._send(letter)
            except DatabaseTrouble:
                raise
            except Exception as error:  # noqa: BLE001 # one letter must not hold up the others
                log.error("letter failed", kind=letter.kind, error=place_of(error))
                effects = await self.turns.do(partial(self._given_up, letter=letter, why=error))
                self.turns.show(effects)
        return len(taken)

    def _given_up(self, db: Db, letter: Letter, why: Exception) -> Sequence[Effect]:
        """It cannot be composed; from the call on, its lease tells instead."""
        now = self.office.clock()
        reason = type(why).__name__
        if outbox.settle(db, letter.id, "failed", now, reason=reason, only="claimed"):
            return self._tell(db, replace(letter, status="failed", reason=reason), now)
        return ()

    async def _read(self, work: Callable[[Db], R]) -> R:
        def snapshot() -> R:
            with self.office.database.read() as db:
                return work(db)

        return await asyncio.to_thread(snapshot)

    def _give_up_abandoned(self, db: Db, now: datetime) -> None:
        for letter in outbox.abandoned(db, datetime.now(UTC), now, HARMLESS_TWICE):
            if _harmless_twice(letter):
                continue  # due again
            stuck = replace(letter, status="uncertain", reason="proses berhenti saat mengirim")
            self._tell(db, stuck, now)

    def _tell(self, db: Db, letter: Letter, now: datetime) -> Sequence[Effect]:
        """Whoever waits for a letter that did not go out hears of it."""
        if letter.kind in ORDERED:
            why = self.office.words.paper.not_sent()
            notices.tell(db, letter.chat_id, paper_orders.told(self.office, letter, why), now)
            return paper_orders.after(db, self.office, letter, now)
        if letter.kind in SUMMARIES and letter.period_id is not None:
            period = periods.by_id(db, letter.period_id)
            label = period.label if period else ""
            notices.not_sent(db, self.office.words.office, letter, label, now)
        return ()

    async def _send(self, letter: Letter) -> None:
        now = self.office.clock()
        wait = self.pace.wait(letter.chat_id, time.monotonic())
        if wait:
            later = now + timedelta(seconds=wait)
            await self.turns.do(lambda db: outbox.postpone(db, letter.id, later, self.name))
            return
        if not await self._read(partial(_may_have, letter=letter)):
            ended = partial(outbox.settle, reason="perannya sudah berakhir", only="claimed")
            await self.turns.do(lambda db: ended(db, letter.id, "skipped", now))
            return
        try:
            composed = await self._compose(letter)
        except InOtherHands:
            await self.turns.do(lambda db: outbox.postpone(db, letter.id, now + RETRY, self.name))
            return
        real = datetime.now(UTC)
        if not await self.turns.do(lambda db: outbox.sending(db, letter, self.name, real)):
            return
        letter = replace(letter, attempts=letter.attempts + 1)
        self.pace.wrote(letter.chat_id, time.monotonic())
        try:
            message_id = await self._call(letter, composed)
        except TelegramError as error:
            effects = await self.turns.do(partial(self._refused, letter=letter, error=error))
        else:
            arrived = replace(letter, status="sent", message_id=message_id)
            effects = await self.turns.do(partial(self._arrived, letter=arrived))
        self.turns.show(effects)

    def _arrived(self, db: Db, letter: Letter) -> Sequence[Effect]:
        now = self.office.clock()
        if not outbox.settle(db, letter.id, "sent", now, message_id=letter.message_id):
            return ()
        return paper_orders.after(db, self.office, letter, now)

    async def _compose(self, letter: Letter) -> Composed:
        if letter.kind in ORDERED:
            return await asyncio.to_thread(self.orders.composed, letter)
        if "text" in letter.body:  # ready: a notice, the week's pulse
            button = letter.body.get("button")
            rows = ((Button(button[0], read_tap(button[1])),),) if button else ()
            return Composed(letter.body["text"], rows=rows)
        if letter.kind == notices.STORED_FILE:
            return Composed("", stored=str(letter.body["file_id"]))
        if letter.kind == notices.IKU_PICTURE:
            return await self._iku(int(letter.body["year"]), letter.body.get("iku"))
        if letter.kind == UNIT_SUMMARY:
            return await self._of_units(letter)
        if letter.kind == PAPER:
            screen = await paper_letters.answer(self.office, self.bot, self.turns.do, letter)
            return Composed(screen.text, rows=screen.rows)
        if letter.kind == TEMPLATE:
            caption_of = self.office.words.paper.paper_template_caption()
            return Composed(caption_of, document=await paper_letters.template(self.office))
        facts = await self._read(lambda db: self._facts(db, letter))
        words = self.office.words.office
        text = caption.text(facts, words)
        if letter.kind == PREVIEW:
            return Composed(words.preview() + text, await self._picture(facts))
        link = f"https://t.me/{self.office.username}?start=r_hasil"
        rows = ((Button(words.to_private(), url=link),),)
        return Composed(text, await self._picture(facts), rows=rows)

    async def _of_units(self, letter: Letter) -> Composed:
        words, late = self.office.words, letter.late
        facts = await self._read(
            lambda db: unit_summary.read(db, self.office, _period_of(db, letter), late=late)
        )
        drawn = drawing.unit_picture(facts, words)
        photo = None if drawn is None else await self._drawn(partial(unit_png, drawn))
        return Composed(unit_summary.text(facts, words), photo)

    def _facts(self, db: Db, letter: Letter) -> Facts:
        current = _period_of(db, letter)
        return summary.read(db, self.office, current, self.office.clock(), late=letter.late)

    async def _iku(self, year: int, iku_id: int | None) -> Composed:
        """The table of a year, or one indikator's way, as a picture; else its caption alone."""
        if iku_id is None:
            table = await self._read(lambda db: drawing.iku_picture(db, self.office, year))
            text = self.office.words.iku.picture_caption(office=table.office, year=year)
            return Composed(text, await self._drawn(partial(iku_png, table)))
        way = await self._read(lambda db: drawing.progress_picture(db, self.office, year, iku_id))
        if way is None:
            return Composed(self.office.words.iku.progress_none())
        text, picture = way
        return Composed(text, await self._drawn(partial(progress_png, picture)))

    async def _picture(self, facts: Facts) -> bytes | None:
        """Drawn off the event loop; without it the text goes alone."""
        drawn = drawing.picture(facts, self.office.words.office)
        return None if drawn is None else await self._drawn(partial(ikm_png, drawn))

    async def _drawn(self, draw: Callable[[], bytes]) -> bytes | None:
        try:
            return await asyncio.to_thread(draw)
        except PictureError as error:
            log.error("picture failed", error=str(error))
            return None

    async def _call(self, letter: Letter, composed: Composed) -> int:
        if composed.stored is not None:
            sent = await self.bot.send_document(letter.chat_id, composed.stored)
            return sent.message_id
        if composed.edits is not None:
            return await self._edit(letter, composed, composed.edits)
        if composed.photo is not None and caption.shown_length(composed.text) <= caption.MOST:
            try:
                return await self._photo(letter, composed, composed.photo)
            except BadRequest as error:
                if "not enough rights to send photos" not in error.message.lower():
                    raise  # the group takes no pictures from the bot: the text stands alone
        if composed.document is not None:
            return await self._document(letter, composed, *composed.document)
        sent = await self.bot.send_message(
            letter.chat_id,
            composed.text,
            parse_mode=ParseMode.HTML,
            api_kwargs=keyboard(composed.rows),
            message_thread_id=letter.topic_id,
        )
        return sent.message_id

    async def _edit(self, letter: Letter, composed: Composed, message_id: int) -> int:
        try:
            await self.bot.edit_message_text(
                composed.text, letter.chat_id, message_id, parse_mode=ParseMode.HTML
            )
        except BadRequest as error:
            if not says_so_already(error) and not cannot_be_edited(error):
                raise
        return message_id

    async def _photo(self, letter: Letter, composed: Composed, photo: bytes) -> int:
        sent = await self.bot.send_photo(
            letter.chat_id,
            photo,
            caption=composed.text,
            parse_mode=ParseMode.HTML,
            api_kwargs=keyboard(composed.rows),
            message_thread_id=letter.topic_id,
            filename="ikm.png",
        )
        return sent.message_id

    async def _document(self, letter: Letter, composed: Composed, name: str, content: bytes) -> int:
        sent = await self.bot.send_document(
            letter.chat_id,
            content,
            caption=composed.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=letter.topic_id,
            filename=name,
        )
        return sent.message_id

    def _refused(self, db: Db, letter: Letter, error: TelegramError) -> Sequence[Effect]:
        """What becomes of a letter that Telegram did not take."""
        now = self.office.clock()
        log.warning("letter refused", kind=letter.kind, error=type(error).__name__)
        match fate(error):
            case Later(wait):
                outbox.postpone(db, letter.id, now + wait, self.name)
            case Moved(chat_id):
                offices.move_group(db, letter.chat_id, chat_id, now)
                outbox.moved(db, letter.chat_id, chat_id)
                outbox.postpone(db, letter.id, now, self.name)
            case Uncertain() if _harmless_twice(letter) and letter.attempts < NOTICE_TRIES:
                outbox.postpone(db, letter.id, now + RETRY, self.name)
            case Uncertain():
                return self._not_sent(db, letter, "uncertain", error.message)
            case Gone():
                group = offices.group(db, letter.chat_id)
                if group is not None:
                    notices.group_lost(db, self.office.words.office, group, now)
                return self._not_sent(db, letter, "failed", error.message)
            case Refused(reason):
                return self._not_sent(db, letter, "failed", reason)
        return ()

    def _not_sent(self, db: Db, letter: Letter, status: str, reason: str) -> Sequence[Effect]:
        now = self.office.clock()
        if not outbox.settle(db, letter.id, status, now, reason=reason[:200]):
            return ()
        return self._tell(db, replace(letter, status=status, reason=reason), now)


def _may_have(db: Db, letter: Letter) -> bool:
    asked = ASKED_FOR.get(letter.kind)
    return asked is None or bool(people.roles(db, letter.chat_id) & asked)


def _period_of(db: Db, letter: Letter) -> Current:
    current = periods.by_id(db, int(letter.body["period"]))
    if current is None:
        raise LookupError("the period of a letter is gone")
    return current


def _harmless_twice(letter: Letter) -> bool:
    """A notice may come twice; a summary never does by itself."""
    return letter.period_id is None or letter.kind in HARMLESS_TWICE
