"""How fast this process writes: what Telegram takes in all, in one chat, and in a group.

Telegram's own advice: some 30 messages a second from a bot, one a second in a chat where short
bursts pass, 20 a minute in a group; edits count. Who writes faster is answered 429 for seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

PER_CHAT = 1.0  # seconds between two messages to one chat
BURST = 20  # screens that one chat may be shown at once
PER_GROUP_MINUTE = 20
# Messages that left within a second may arrive closer together: the network and either side stall.
SECOND = 1.08
MOST_CHATS = 1000


@dataclass(slots=True)
class _Chat:
    past: deque[float] = field(default_factory=lambda: deque(maxlen=PER_GROUP_MINUTE))
    whole: float = 0.0  # when the whole burst may be had again


class RateLimiter:
    """When this process wrote where; seconds of the monotonic clock.

    Args:
        per_second: messages and edits a second in all chats together; 0 lets screens go at once.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._all: deque[float] = deque(maxlen=per_second)
        self._door = asyncio.Lock()  # who came first leaves first
        self.chats: dict[int, _Chat] = {}

    def letter_wait(self, chat_id: int) -> float:
        """Seconds until a letter may go to this chat; 0 for at once."""
        chat = self.chats.get(chat_id)
        if chat is None:
            return 0.0
        return max(0.0, max(chat.past[-1] + PER_CHAT, _minute(chat_id, chat)) - time.monotonic())

    async def screen(self, chat_id: int) -> None:
        """Come back when a screen may leave for this chat; it counts as gone."""
        if not self._per_second:
            return
        while (wait := self._screen_wait(chat_id)) > 0:  # noqa: ASYNC110 # no event: time passes
            await asyncio.sleep(wait)
        await self.leave(chat_id)

    def _screen_wait(self, chat_id: int) -> float:
        chat = self.chats.get(chat_id)
        if chat is None:
            return 0.0
        ready = max(chat.whole - (BURST - 1) * PER_CHAT, _minute(chat_id, chat))
        return ready - time.monotonic()

    async def leave(self, chat_id: int) -> None:
        """Come back when one more message may leave at all; it counts as gone to this chat."""
        if self._per_second:
            async with self._door:
                if len(self._all) == self._per_second:
                    wait = self._all[0] + SECOND - time.monotonic()
                    if wait > 0:
                        await asyncio.sleep(wait)
                self._all.append(time.monotonic())
        self.wrote(chat_id)

    def wrote(self, chat_id: int) -> None:
        """A message goes to this chat now."""
        now = time.monotonic()
        chat = self.chats.setdefault(chat_id, _Chat())
        chat.past.append(now)
        chat.whole = max(chat.whole, now) + PER_CHAT
        if len(self.chats) > MOST_CHATS:
            for quiet in [key for key, each in self.chats.items() if _forgettable(each, now)]:
                del self.chats[quiet]


def _minute(chat_id: int, chat: _Chat) -> float:
    """When a group may be written to again; a person's chat always may."""
    return chat.past[0] + 60.0 if chat_id < 0 and len(chat.past) == PER_GROUP_MINUTE else 0.0


def _forgettable(chat: _Chat, now: float) -> bool:
    return chat.whole < now and chat.past[-1] < now - 60.0
