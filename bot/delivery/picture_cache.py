"""Pictures that many people ask for: drawn once, sent at most once a minute to each chat.

Who asked is kept in memory for a minute, and not stored: a row of the outbox would keep it for
weeks.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import TelegramError

from bot.turn.effects import Picture

APART = 60.0  # seconds between two pictures in one chat
KEPT = 4  # pictures: the newest result, before and after a rename in it
CHATS = 1000  # above this, entries older than a minute are dropped


@dataclass(slots=True)
class PictureCache:
    """The pictures of this process, and when each chat was last sent one."""

    shown: dict[int, float] = field(default_factory=dict)
    drawn: dict[str, asyncio.Task[bytes | None]] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)  # the file ids of Telegram, by key

    async def send(self, bot: Bot, picture: Picture) -> bool:
        """Send it; False when the chat was sent one a moment ago, or there is nothing to draw."""
        if not self._is_due(picture.chat_id, time.monotonic()):
            return False
        photo = self.stored.get(picture.key) or await self._content(picture)
        if photo is None:
            return False
        try:
            sent = await bot.send_photo(picture.chat_id, photo, filename="hasil.png")
        except TelegramError:
            self.shown.pop(picture.chat_id, None)  # it may be tried again
            raise
        self.stored[picture.key] = sent.photo[-1].file_id
        return True

    def _is_due(self, chat_id: int, now: float) -> bool:
        if now - self.shown.get(chat_id, -APART) < APART:
            return False
        if len(self.shown) > CHATS:
            self.shown = {chat: at for chat, at in self.shown.items() if now - at < APART}
        self.shown[chat_id] = now
        return True

    async def _content(self, picture: Picture) -> bytes | None:
        """The picture, drawn in a thread; requests at the same time wait for the same one."""
        if picture.key not in self.drawn:
            while len(self.drawn) >= KEPT:
                oldest = next(iter(self.drawn))
                del self.drawn[oldest]
                self.stored.pop(oldest, None)
            self.drawn[picture.key] = asyncio.create_task(asyncio.to_thread(picture.draw))
        drawing = self.drawn[picture.key]
        try:
            return await asyncio.shield(drawing)
        finally:
            if drawing.done() and drawing.exception() is not None:
                self.drawn.pop(picture.key, None)  # a failure is not cached
