"""Screens go out: side by side, in order within a chat, and only edits of one message coalesce."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.delivery.menus import menu_of
from bot.delivery.picture_cache import PictureCache
from bot.delivery.rate_limiter import RateLimiter
from bot.delivery.refusals import (
    Gone,
    Later,
    Moved,
    Uncertain,
    cannot_be_edited,
    fate,
    says_so_already,
)
from bot.turn.effects import Clear, Effect, Menu, Picture, Show, Toast
from office.conversation import write_tap
from office.survey.screens import Button, Rows
from office.words.all_words import Words
from office.words.text import cut

log = structlog.get_logger()

Queued: TypeAlias = Show | Menu | Clear | Picture

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds between two tries
PATIENCE = 150.0  # seconds; after that its tap is forgotten too
MOST_WAITING = 100  # screens of one chat: who floods waits for the newest alone
LABEL = 64  # a longer label only pushes the others off a small screen


def keyboard(rows: Rows) -> dict[str, Any]:
    """The buttons as Telegram takes them, as `api_kwargs` of a call.

    PTB's objects of them would be made only to be turned into this.
    """
    if not rows:
        return {}
    return {
        "reply_markup": {"inline_keyboard": [[_shown(button) for button in row] for row in rows]}
    }


def _shown(button: Button) -> dict[str, str | None]:
    label = cut(button.label, LABEL)
    if button.tap is None:
        return {"text": label, "url": button.url}
    return {"text": label, "callback_data": write_tap(button.tap)}


class Display:
    """Shows what turns return; the rows are committed, so what is lost here is only looks."""

    def __init__(self, bot: Bot, words: Words, pace: RateLimiter) -> None:
        self._bot = bot
        self._words = words
        self._pace = pace
        self.fates: Counter[str] = Counter()  # of what was to be shown
        self.gallery = PictureCache()
        self._waiting: dict[int, deque[Queued]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, effects: Sequence[Effect]) -> None:
        """Send these, and come back at once: screens first, since people wait for those."""
        for effect in effects:
            if not isinstance(effect, Toast):
                self._queue(effect)
        for effect in effects:
            if isinstance(effect, Toast):
                self._start(self._toast(effect))

    async def drained(self, seconds: float | None = None) -> None:
        """Wait until everything went out, or so long at the most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _queue(self, effect: Queued) -> None:
        waiting = self._waiting.get(effect.chat_id)
        if waiting is None:
            self._waiting[effect.chat_id] = deque([effect])
            self._start(self._chat(effect.chat_id))
            return
        last = waiting[-1] if waiting else None
        if _same_message(last, effect):
            waiting[-1] = effect
            self.fates["overtaken"] += 1
        else:
            waiting.append(effect)
            if len(waiting) > MOST_WAITING:
                self._forgo(waiting)

    def _forgo(self, waiting: deque[Queued]) -> None:
        """Let the oldest screen go; what takes a message out of a chat stays."""
        for place, effect in enumerate(waiting):
            if not isinstance(effect, Clear):
                del waiting[place]
                self.fates["forgone"] += 1
                return

    async def _chat(self, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                await self._may_leave(waiting[0])
                effect = waiting.popleft()  # perhaps a newer one than that which waited
                try:
                    self.fates[await self._one(effect)] += 1
                except Exception as error:  # noqa: BLE001 # one screen must not hold up the next
                    self.fates["failed"] += 1
                    log.error("screen failed", error=type(error).__name__)
        finally:
            del self._waiting[chat_id]

    async def _one(self, effect: Queued) -> str:
        """Show it; haste, refused connections and errors of Telegram's own are waited out.

        Returns:
            What became of it, in a word.
        """
        pause = FIRST_PAUSE
        given_up = time.monotonic() + PATIENCE
        while time.monotonic() < given_up:
            try:
                await self._call(effect)
            except TelegramError as error:
                match fate(error):
                    case Later(wait) if isinstance(error, RetryAfter):
                        given_up += wait.total_seconds()  # Telegram asked for it: tried again after
                        await self._again(effect, wait.total_seconds())
                    case Gone() | Moved():  # a group that moved shows nothing of before
                        return "gone"
                    case Uncertain(answered) if not answered and _is_new(effect):
                        return "uncertain"  # it may stand there already: the next tap repairs it
                    case Later() | Uncertain():
                        await self._again(effect, pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
                    case _:
                        log.warning("screen refused", error=error.message)
                        return "refused"
            else:
                return "shown"
        log.warning("screen given up")
        return "given_up"

    async def _again(self, effect: Queued, pause: float) -> None:
        await asyncio.sleep(pause)
        await self._may_leave(effect)

    async def _may_leave(self, effect: Queued) -> None:
        if isinstance(effect, Show | Picture):  # what Telegram counts
            await self._pace.screen(effect.chat_id)

    async def _call(self, effect: Queued) -> None:
        match effect:
            case Menu(chat_id, commands):
                await menu_of(self._bot, self._words, chat_id, commands)
            case Clear(chat_id, message_id):
                await self._bot.delete_message(chat_id, message_id)
            case Picture():
                await self.gallery.send(self._bot, effect)
            case Show():
                await self._screen(effect)

    async def _screen(self, show: Show) -> None:
        screen = show.screen
        if show.message_id is None:
            await self._send(show)
            return
        try:
            await self._bot.edit_message_text(
                screen.text,
                show.chat_id,
                show.message_id,
                parse_mode=ParseMode.HTML,
                api_kwargs=keyboard(screen.rows),
            )
        except BadRequest as error:
            if says_so_already(error):
                return
            if not cannot_be_edited(error):
                raise
            await self._send(show)

    async def _send(self, show: Show) -> None:
        await self._bot.send_message(
            show.chat_id,
            show.screen.text,
            parse_mode=ParseMode.HTML,
            api_kwargs=keyboard(show.screen.rows),
            message_thread_id=show.topic_id,
        )

    async def _toast(self, toast: Toast) -> None:
        try:
            await self._bot.answer_callback_query(toast.callback_id, toast.text)
        except TelegramError as error:
            # Too old to be answered, or lost on the way: the screen says the same.
            log.debug("toast refused", error=error.message)


def _same_message(last: Queued | None, effect: Queued) -> bool:
    return (
        isinstance(last, Show)
        and isinstance(effect, Show)
        and effect.message_id is not None
        and last.message_id == effect.message_id
    )


def _is_new(effect: Queued) -> bool:
    return isinstance(effect, Picture) or (isinstance(effect, Show) and effect.message_id is None)
