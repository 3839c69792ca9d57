"""Pictures that many people look at: drawn once, a minute apart in each chat, kept nowhere.

Who looked is nowhere but in this process's memory, and there for a minute: no row of the outbox
would say it of a citizen for weeks.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import TelegramError

from bot.turn.effects import Picture

APART = 60.0  # seconds between two pictures in one chat
KEPT = 4  # pictures: the newest result, before and after something in it was renamed
CHATS = 1000  # from so many on, those of more than a minute ago are forgotten


@dataclass(slots=True)
class PictureCache:
    """What this process has drawn, and when it last showed a picture where."""

    shown: dict[int, float] = field(default_factory=dict)
    drawn: dict[str, asyncio.Task[bytes | None]] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)  # the ids under which Telegram has them

    async def send(self, bot: Bot, picture: Picture) -> bool:
        """Send it; False where one came a moment ago, or there is nothing to see."""
        if not self._is_due(picture.chat_id, time.monotonic()):
            return False
        known = self.stored.get(picture.key) or await self._content(picture)
        if known is None:
            return False
        try:
            sent = await bot.send_photo(picture.chat_id, known, filename="hasil.png")
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
        """The picture, drawn off the event loop; whoever asks meanwhile waits for the same."""
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
                self.drawn.pop(picture.key, None)  # the database was away: not for ever
