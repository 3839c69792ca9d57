"""The outbox's sender: claims due rows, marks each before its call, keeps the rate limits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.delivery.display import keyboard
from bot.delivery.rate_limiter import RateLimiter
from bot.delivery.refusals import (
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
from bot.outbox.context import ComposeLater, Context, Message
from bot.outbox.kinds import KINDS, LANES, REPEATABLE, Lane, MessageKind
from bot.turn.effects import Effect
from bot.turn.queue import Turns
from office import notices, outbox_bodies
from office.logs import place_of
from office.office import Office
from office.outbox_bodies import Body, NoticeBody, UnreadableBody
from office.summary import caption
from office.words.text import shown_length
from storage import groups, outbox, people
from storage.database import DatabaseTrouble, Db
from storage.outbox import OutboxRow

log = structlog.get_logger()

MOST_ATTEMPTS = 50  # of a repeatable row whose sends are uncertain
CLAIMED_AT_ONCE = {
    Lane.MESSAGES: 3,
    Lane.PAPERS: 1,
    Lane.NEWS: 3,
}  # a lease must outlast the rows before it


class UnknownKind(Exception):
    """The table of kinds has no kind of this name."""


@dataclass(slots=True)
class Sender:
    """Sends the outbox of one office."""

    office: Office
    turns: Turns
    bot: Bot
    name: str  # of this process, for its claims
    rate_limiter: RateLimiter
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        self.context = Context(self.office, self.bot, self.turns.do)

    async def run(self) -> None:
        """Send each lane on its own, so that no message waits for a paper."""
        await asyncio.gather(*(self._poll(lane) for lane in Lane))

    async def _poll(self, lane: Lane) -> None:
        """Look for due rows every second; other processes put rows too.

        At once after a full claim: more rows may be due, and only the rate limit delays them.
        """
        while True:
            claimed = 0
            try:
                claimed = await self._send_due(lane)
            except Exception as error:  # noqa: BLE001 # the edge: the next second tries again
                log.error("outbox failed", error=place_of(error))
            if claimed < CLAIMED_AT_ONCE[lane]:
                await asyncio.sleep(1.0)

    async def send_due(self) -> int:
        """Send what is due now; how many rows were claimed."""
        now = self.office.telegram_time.not_ahead(self.office.clock())
        if not await self.office.read(lambda db: outbox.waiting(db, now)):
            return 0
        return sum([await self._send_due(lane) for lane in Lane])

    async def _send_due(self, lane: Lane) -> int:
        now, selected = self.office.telegram_time.not_ahead(self.office.clock()), LANES[lane]
        if not await self.office.read(lambda db: outbox.waiting(db, now, selected)):
            return 0
        self.turns.show(await self.turns.do(self._recover_abandoned))
        most = CLAIMED_AT_ONCE[lane]
        rows = await self.turns.do(
            lambda db: outbox.claim(db, now, datetime.now(UTC), self.name, selected, most)
        )
        for row in rows:
            try:
                await self._send(row)
            except DatabaseTrouble:
                raise
            except Exception as error:  # noqa: BLE001 # one row must not hold up the others
                log.error("row failed", kind=row.kind, error=place_of(error))
                effects = await self.turns.do(partial(self._fail, row=row, error=error))
                self.turns.show(effects)
        return len(rows)

    def _fail(self, db: Db, row: OutboxRow, error: Exception) -> Sequence[Effect]:
        """Fail a row that cannot be composed; a row in `sending` is left to its lease."""
        now, reason = self.office.clock(), type(error).__name__
        if not outbox.settle(db, row.id, "failed", now, reason=reason, only="claimed"):
            return ()
        return self._after_failure(db, replace(row, status="failed", reason=reason))

    def _recover_abandoned(self, db: Db) -> Sequence[Effect]:
        now = self.office.clock()
        effects: list[Effect] = []
        for row in outbox.recover_abandoned(db, datetime.now(UTC), now, REPEATABLE):
            effects += self._after_failure(db, row)
            if row.claims >= outbox.MOST_CLAIMS:
                log.error("row claimed too often", kind=row.kind, status=row.status)
                self._tell_admins(db, row)
        return effects

    def _tell_admins(self, db: Db, row: OutboxRow) -> None:
        """Tell the admins about a row whose process always died.

        Not about a summary, of which its kind tells them; nor about a notice, which could end the
        process again and again by a notice about itself.
        """
        name = outbox_bodies.kind_name(row)
        if name not in (*notices.SUMMARIES, NoticeBody.KIND):
            text = self.office.words.office.always_died(kind=name)
            notices.tell_admins(db, text, self.office.clock())

    def _after_failure(self, db: Db, row: OutboxRow) -> Sequence[Effect]:
        """Do what the kind asks for when a row failed or is uncertain."""
        kind = KINDS.get(outbox_bodies.kind_name(row))
        if kind is None or kind.not_sent is None:
            return ()
        body: Body | None = None
        with suppress(UnreadableBody):
            body = outbox_bodies.read(row, kind.body)
        return kind.not_sent(db, self.office, row, body)

    async def _send(self, row: OutboxRow) -> None:
        kind, now = KINDS.get(outbox_bodies.kind_name(row)), self.office.clock()
        if kind is None:
            raise UnknownKind
        body = outbox_bodies.read(row, kind.body)
        wait = self.rate_limiter.row_wait(row.chat_id)
        if wait:
            later = now + timedelta(seconds=wait)
            await self.turns.do(lambda db: outbox.postpone(db, row.id, later, self.name))
            return
        reason = await self.office.read(partial(_skip_reason, kind=kind, row=row))
        if reason is not None:
            skip = partial(outbox.settle, reason=reason, only="claimed")
            await self.turns.do(lambda db: skip(db, row.id, "skipped", now))
            return
        try:
            message = await kind.compose(self.context, row, body)
        except ComposeLater:
            await self.turns.do(lambda db: outbox.postpone(db, row.id, now + RETRY, self.name))
            return
        await self.rate_limiter.acquire(row.chat_id)  # before the row is marked as sending
        real_now = datetime.now(UTC)
        if not await self.turns.do(lambda db: outbox.mark_sending(db, row, self.name, real_now)):
            return
        row = replace(row, attempts=row.attempts + 1)
        try:
            message_id = await send(self.bot, row, message)
        except TelegramError as error:
            effects = await self.turns.do(partial(self._refused, kind=kind, row=row, error=error))
        else:
            sent = replace(row, status="sent", message_id=message_id)
            effects = await self.turns.do(partial(self._sent, kind=kind, row=sent, body=body))
        self.turns.show(effects)

    def _sent(self, db: Db, kind: MessageKind[Any], row: OutboxRow, body: Body) -> Sequence[Effect]:
        if not outbox.settle(db, row.id, "sent", self.office.clock(), message_id=row.message_id):
            return ()
        return () if kind.sent is None else kind.sent(db, self.office, row, body)

    def _refused(
        self, db: Db, kind: MessageKind[Any], row: OutboxRow, error: TelegramError
    ) -> Sequence[Effect]:
        """Postpone or settle a row whose call raised."""
        now = self.office.clock()
        log.warning("row refused", kind=row.kind, error=type(error).__name__)
        match fate(error):
            case Later(wait):
                outbox.postpone(db, row.id, now + wait, self.name)
            case Moved(chat_id):
                groups.move(db, row.chat_id, chat_id, now)
                outbox.move_chat(db, row.chat_id, chat_id)
                outbox.postpone(db, row.id, now, self.name)
            case Uncertain() if kind.repeatable and row.attempts < MOST_ATTEMPTS:
                outbox.postpone(db, row.id, now + RETRY, self.name)
            case Uncertain():
                return self._settle_unsent(db, row, "uncertain", error.message)
            case Gone():
                group = groups.by_chat(db, row.chat_id)
                if group is not None:
                    notices.record_group_lost(db, self.office.words.office, group, now)
                return self._settle_unsent(db, row, "failed", error.message)
            case Refused(reason):
                return self._settle_unsent(db, row, "failed", reason)
        return ()

    def _settle_unsent(self, db: Db, row: OutboxRow, status: str, reason: str) -> Sequence[Effect]:
        if not outbox.settle(db, row.id, status, self.office.clock(), reason=reason[:200]):
            return ()
        return self._after_failure(db, replace(row, status=status, reason=reason))


def _skip_reason(db: Db, kind: MessageKind[Any], row: OutboxRow) -> str | None:
    """Why a row is not to be sent to its chat any more; None where it is."""
    if kind.roles is not None and not people.roles(db, row.chat_id) & kind.roles:
        return "perannya sudah berakhir"
    group = groups.by_chat(db, row.chat_id) if kind.whole_office else None
    return "grup ini hanya menerima unitnya" if group is not None and group.units else None


async def send(bot: Bot, row: OutboxRow, message: Message) -> int:
    """Make the call; the id of the message in the chat.

    Raises:
        TelegramError: `refusals.fate` says what it means.
    """
    if message.stored is not None:
        sent = await bot.send_document(row.chat_id, message.stored)
        return sent.message_id
    if message.edits is not None:
        return await _edit(bot, row, message, message.edits)
    if message.photo is not None and shown_length(message.text) <= caption.MOST:
        try:
            return await _photo(bot, row, message, message.photo)
        except BadRequest as error:
            if "not enough rights to send photos" not in error.message.lower():
                raise  # no pictures allowed in this group: send the text alone
    if message.document is not None:
        return await _document(bot, row, message, *message.document)
    sent = await bot.send_message(
        row.chat_id,
        message.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(message.rows),
        message_thread_id=row.topic_id,
    )
    return sent.message_id


async def _edit(bot: Bot, row: OutboxRow, message: Message, message_id: int) -> int:
    try:
        await bot.edit_message_text(
            message.text, row.chat_id, message_id, parse_mode=ParseMode.HTML
        )
    except BadRequest as error:
        if not says_so_already(error) and not cannot_be_edited(error):
            raise
    return message_id


async def _photo(bot: Bot, row: OutboxRow, message: Message, photo: bytes) -> int:
    sent = await bot.send_photo(
        row.chat_id,
        photo,
        caption=message.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(message.rows),
        message_thread_id=row.topic_id,
        filename="ikm.png",
    )
    return sent.message_id


async def _document(bot: Bot, row: OutboxRow, message: Message, name: str, content: bytes) -> int:
    sent = await bot.send_document(
        row.chat_id,
        content,
        caption=message.text,
        parse_mode=ParseMode.HTML,
        message_thread_id=row.topic_id,
        filename=name,
    )
    return sent.message_id
