"""Telegram's rate limits: over all chats, in one chat, and in a group.

Telegram's own advice: some 30 messages a second from a bot, one a second in a chat where short
bursts pass, 20 a minute in a group; edits count. A bot that writes faster is answered 429.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

PER_CHAT = 1.0  # seconds between two messages to one chat
BURST = 20  # screens that one chat may be sent at once
PER_GROUP_MINUTE = 20
# Messages that left within a second may arrive closer together: the network and either side stall.
SECOND = 1.08
MOST_CHATS = 1000


@dataclass(slots=True)
class _Chat:
    past: deque[float] = field(default_factory=lambda: deque(maxlen=PER_GROUP_MINUTE))
    whole: float = 0.0  # when the whole burst is available again


class RateLimiter:
    """When this process wrote to which chat; seconds of the monotonic clock.

    Args:
        per_second: messages and edits a second in all chats together; 0 for no limit on screens.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._all: deque[float] = deque(maxlen=per_second)
        self._lock = asyncio.Lock()  # first come, first served
        self.chats: dict[int, _Chat] = {}

    def row_wait(self, chat_id: int) -> float:
        """Seconds until a row of the outbox may be sent to this chat; 0 for at once."""
        chat = self.chats.get(chat_id)
        if chat is None:
            return 0.0
        return max(0.0, max(chat.past[-1] + PER_CHAT, _minute(chat_id, chat)) - time.monotonic())

    async def acquire_for_screen(self, chat_id: int) -> None:
        """Wait until a screen may be sent to this chat; it counts as sent."""
        if not self._per_second:
            return
        while (wait := self._screen_wait(chat_id)) > 0:  # noqa: ASYNC110 # no event: time passes
            await asyncio.sleep(wait)
        await self.acquire(chat_id)

    def _screen_wait(self, chat_id: int) -> float:
        chat = self.chats.get(chat_id)
        if chat is None:
            return 0.0
        ready = max(chat.whole - (BURST - 1) * PER_CHAT, _minute(chat_id, chat))
        return ready - time.monotonic()

    async def acquire(self, chat_id: int) -> None:
        """Wait for the limit over all chats; the message counts as sent to this chat."""
        if self._per_second:
            async with self._lock:
                if len(self._all) == self._per_second:
                    wait = self._all[0] + SECOND - time.monotonic()
                    if wait > 0:
                        await asyncio.sleep(wait)
                self._all.append(time.monotonic())
        self.record(chat_id)

    def record(self, chat_id: int) -> None:
        """Count a message that is sent to this chat now."""
        now = time.monotonic()
        chat = self.chats.setdefault(chat_id, _Chat())
        chat.past.append(now)
        chat.whole = max(chat.whole, now) + PER_CHAT
        if len(self.chats) > MOST_CHATS:
            for quiet in [key for key, each in self.chats.items() if _forgettable(each, now)]:
                del self.chats[quiet]


def _minute(chat_id: int, chat: _Chat) -> float:
    """When a group's minute has room again; a person's chat has no such limit."""
    return chat.past[0] + 60.0 if chat_id < 0 and len(chat.past) == PER_GROUP_MINUTE else 0.0


def _forgettable(chat: _Chat, now: float) -> bool:
    return chat.whole < now and chat.past[-1] < now - 60.0
