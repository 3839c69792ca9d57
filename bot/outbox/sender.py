"""The outbox's sender: claims what is due, says so before each call, keeps Telegram's pace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.delivery.rate_limiter import RateLimiter
from bot.delivery.refusals import RETRY, Gone, Later, Moved, Refused, Uncertain, fate
from bot.outbox import ordered_papers
from bot.outbox.compose import Composer
from bot.outbox.message import send
from bot.outbox.paper_answers import InOtherHands
from bot.turn.effects import Effect
from bot.turn.queue import Turns
from office import notices
from office.logs import place_of
from office.notices import HARMLESS_TWICE, ORDERED, PAPER, PREVIEW, SUMMARIES, SUMMARY, TEMPLATE
from office.office import Office
from office.roles import ADMIN, READERS, Roles
from storage import groups, outbox, people, periods
from storage.database import DatabaseTrouble, Db
from storage.outbox import Kinds, OutboxRow

log = structlog.get_logger()

NOTICE_TRIES = 50

# What an officer asked for, and whoever may have it: the role may have ended while it waited.
ASKED_FOR: dict[str, Roles] = {
    PREVIEW: READERS,
    notices.IKU_PICTURE: READERS,
    notices.STORED_FILE: READERS,
    PAPER: ADMIN,
    TEMPLATE: ADMIN,
    **ordered_papers.ROLES,
}
PAPERS = Kinds(ORDERED, others=False)
LETTERS = Kinds(ORDERED)


@dataclass(slots=True)
class Sender:
    """Sends the outbox of one office."""

    office: Office
    turns: Turns
    bot: Bot
    name: str  # of this process, for its claims
    rate_limiter: RateLimiter
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        self.composer = Composer(self.office, self.turns, self.bot)

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
        if not await self.office.read(lambda db: outbox.waiting(db, now, only)):
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

    def _given_up(self, db: Db, letter: OutboxRow, why: Exception) -> Sequence[Effect]:
        """It cannot be composed; from the call on, its lease tells instead."""
        now = self.office.clock()
        reason = type(why).__name__
        if outbox.settle(db, letter.id, "failed", now, reason=reason, only="claimed"):
            return self._tell(db, replace(letter, status="failed", reason=reason), now)
        return ()

    def _give_up_abandoned(self, db: Db, now: datetime) -> None:
        for letter in outbox.abandoned(db, datetime.now(UTC), now, HARMLESS_TWICE):
            if _harmless_twice(letter):
                continue  # due again
            stuck = replace(letter, status="uncertain", reason="proses berhenti saat mengirim")
            self._tell(db, stuck, now)

    def _tell(self, db: Db, letter: OutboxRow, now: datetime) -> Sequence[Effect]:
        """Whoever waits for a letter that did not go out hears of it."""
        if letter.kind in ORDERED:
            why = self.office.words.paper.not_sent()
            notices.tell(db, letter.chat_id, ordered_papers.told(self.office, letter, why), now)
            return ordered_papers.after(db, self.office, letter, now)
        if letter.kind in SUMMARIES and letter.period_id is not None:
            period = periods.by_id(db, letter.period_id)
            label = period.label if period else ""
            notices.not_sent(db, self.office.words.office, letter, label, now)
        return ()

    async def _send(self, letter: OutboxRow) -> None:
        now = self.office.clock()
        wait = self.rate_limiter.row_wait(letter.chat_id)
        if wait:
            later = now + timedelta(seconds=wait)
            await self.turns.do(lambda db: outbox.postpone(db, letter.id, later, self.name))
            return
        why = await self.office.read(partial(_not_theirs, letter=letter))
        if why is not None:
            ended = partial(outbox.settle, reason=why, only="claimed")
            await self.turns.do(lambda db: ended(db, letter.id, "skipped", now))
            return
        try:
            composed = await self.composer.composed(letter)
        except InOtherHands:
            await self.turns.do(lambda db: outbox.postpone(db, letter.id, now + RETRY, self.name))
            return
        await self.rate_limiter.acquire(letter.chat_id)  # what still waits is not being sent
        real = datetime.now(UTC)
        if not await self.turns.do(lambda db: outbox.sending(db, letter, self.name, real)):
            return
        letter = replace(letter, attempts=letter.attempts + 1)
        try:
            message_id = await send(self.bot, letter, composed)
        except TelegramError as error:
            effects = await self.turns.do(partial(self._refused, letter=letter, error=error))
        else:
            arrived = replace(letter, status="sent", message_id=message_id)
            effects = await self.turns.do(partial(self._arrived, letter=arrived))
        self.turns.show(effects)

    def _arrived(self, db: Db, letter: OutboxRow) -> Sequence[Effect]:
        now = self.office.clock()
        if not outbox.settle(db, letter.id, "sent", now, message_id=letter.message_id):
            return ()
        return ordered_papers.after(db, self.office, letter, now)

    def _refused(self, db: Db, letter: OutboxRow, error: TelegramError) -> Sequence[Effect]:
        """What becomes of a letter that Telegram did not take."""
        now = self.office.clock()
        log.warning("letter refused", kind=letter.kind, error=type(error).__name__)
        match fate(error):
            case Later(wait):
                outbox.postpone(db, letter.id, now + wait, self.name)
            case Moved(chat_id):
                groups.move(db, letter.chat_id, chat_id, now)
                outbox.moved(db, letter.chat_id, chat_id)
                outbox.postpone(db, letter.id, now, self.name)
            case Uncertain() if _harmless_twice(letter) and letter.attempts < NOTICE_TRIES:
                outbox.postpone(db, letter.id, now + RETRY, self.name)
            case Uncertain():
                return self._not_sent(db, letter, "uncertain", error.message)
            case Gone():
                group = groups.by_chat(db, letter.chat_id)
                if group is not None:
                    notices.group_lost(db, self.office.words.office, group, now)
                return self._not_sent(db, letter, "failed", error.message)
            case Refused(reason):
                return self._not_sent(db, letter, "failed", reason)
        return ()

    def _not_sent(self, db: Db, letter: OutboxRow, status: str, reason: str) -> Sequence[Effect]:
        now = self.office.clock()
        if not outbox.settle(db, letter.id, status, now, reason=reason[:200]):
            return ()
        return self._tell(db, replace(letter, status=status, reason=reason), now)


def _not_theirs(db: Db, letter: OutboxRow) -> str | None:
    """Why a letter is no longer for whom it was meant; None where it is."""
    asked = ASKED_FOR.get(letter.kind)
    if asked is not None and not people.roles(db, letter.chat_id) & asked:
        return "perannya sudah berakhir"
    if letter.kind == SUMMARY or letter.period_id is None:
        return None
    group = groups.by_chat(db, letter.chat_id)
    return "grup ini hanya menerima unitnya" if group is not None and group.units else None


def _harmless_twice(letter: OutboxRow) -> bool:
    """A notice may come twice; a summary never does by itself."""
    return letter.period_id is None or letter.kind in HARMLESS_TWICE
