"""Sends screens: chats in parallel, in order within a chat; edits of one message coalesce."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import structlog
from telegram import Bot, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.delivery.menus import set_menu
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
from office.roles import Roles
from office.survey.screens import Button, Rows
from office.words.text import cut

log = structlog.get_logger()

Queued: TypeAlias = Show | Menu | Clear | Picture
OfficersMenu: TypeAlias = Callable[[Roles], Sequence[tuple[str, str]]]

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds between two tries
PATIENCE = 150.0  # seconds; after that the tap is outdated too
MOST_WAITING = 100  # screens of one chat; of a flood the newest are sent
LABEL = 64  # characters; a longer label would push the others off a small screen


def keyboard(rows: Rows) -> dict[str, Any]:
    """The buttons as Telegram takes them, as `api_kwargs` of a call.

    Building PTB's objects first would only cost time.
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
    """Sends the screens that turns return; their rows are committed, so a loss costs no answer."""

    def __init__(self, bot: Bot, officers_menu: OfficersMenu, rate_limiter: RateLimiter) -> None:
        self._bot = bot
        self._officers_menu = officers_menu
        self._rate_limiter = rate_limiter
        self.fates: Counter[str] = Counter()  # of screens, by outcome
        self.picture_cache = PictureCache()
        self._waiting: dict[int, deque[Queued]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, effects: Sequence[Effect]) -> None:
        """Queue these for sending, screens first, and return at once."""
        for effect in effects:
            if not isinstance(effect, Toast):
                self._queue(effect)
        for effect in effects:
            if isinstance(effect, Toast):
                self._start(self._toast(effect))

    async def drained(self, seconds: float | None = None) -> None:
        """Wait until everything is sent, at most so many seconds."""
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
                self._drop_oldest(waiting)

    def _drop_oldest(self, waiting: deque[Queued]) -> None:
        """Drop the oldest screen; what deletes a message stays."""
        for index, effect in enumerate(waiting):
            if not isinstance(effect, Clear):
                del waiting[index]
                self.fates["forgone"] += 1
                return

    async def _chat(self, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                await self._acquire(waiting[0])
                effect = waiting.popleft()  # it may have been replaced by a newer one
                try:
                    self.fates[await self._one(effect)] += 1
                except Exception as error:  # noqa: BLE001 # one screen must not hold up the next
                    self.fates["failed"] += 1
                    log.error("screen failed", error=type(error).__name__)
        finally:
            del self._waiting[chat_id]

    async def _one(self, effect: Queued) -> str:
        """Send it; retry after 429, refused connections and server errors.

        Returns:
            Its outcome, as the metrics name it.
        """
        pause = FIRST_PAUSE
        given_up = time.monotonic() + PATIENCE
        while time.monotonic() < given_up:
            try:
                await self._call(effect)
            except TelegramError as error:
                match fate(error):
                    case Later(wait) if isinstance(error, RetryAfter):
                        given_up += (
                            wait.total_seconds()
                        )  # asked for by Telegram: not counted as a failure
                        await self._pause(effect, wait.total_seconds())
                    case Gone() | Moved():  # a group that moved: outdated
                        return "gone"
                    case Uncertain(answered) if not answered and _is_new(effect):
                        return "uncertain"  # it may have arrived; the next tap repairs it
                    case Later() | Uncertain():
                        await self._pause(effect, pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
                    case _:
                        log.warning("screen refused", error=error.message)
                        return "refused"
            else:
                return "shown"
        log.warning("screen given up")
        return "given_up"

    async def _pause(self, effect: Queued, pause: float) -> None:
        await asyncio.sleep(pause)
        await self._acquire(effect)

    async def _acquire(self, effect: Queued) -> None:
        if isinstance(effect, Show | Picture):  # what Telegram counts
            await self._rate_limiter.acquire_for_screen(effect.chat_id)

    async def _call(self, effect: Queued) -> None:
        match effect:
            case Menu(chat_id, roles):
                await set_menu(self._bot, chat_id, self._officers_menu(roles))
            case Clear(chat_id, message_id):
                await self._bot.delete_message(chat_id, message_id)
            case Picture():
                await self.picture_cache.send(self._bot, effect)
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
            reply_parameters=_replying(show.reply_to),
        )

    async def _toast(self, toast: Toast) -> None:
        try:
            await self._bot.answer_callback_query(toast.callback_id, toast.text)
        except TelegramError as error:
            # Too old to be answered, or lost: the screen says the same.
            log.debug("toast refused", error=error.message)


def _replying(message_id: int | None) -> ReplyParameters | None:
    """A reply to this message; a message of its own if that one is deleted meanwhile."""
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def _same_message(last: Queued | None, effect: Queued) -> bool:
    return (
        isinstance(last, Show)
        and isinstance(effect, Show)
        and effect.message_id is not None
        and last.message_id == effect.message_id
    )


def _is_new(effect: Queued) -> bool:
    return isinstance(effect, Picture) or (isinstance(effect, Show) and effect.message_id is None)
