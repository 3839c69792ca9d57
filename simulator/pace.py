"""How fast a bot may write: Telegram's advice as a rule that answers 429."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages and edits a bot may send; None lifts a limit.

    Args:
        per_chat: a second in one chat, once the burst is used up.
        per_group_minute: in any 60 seconds in one group.
        overall: in any second in all chats together.
        burst: at once in one chat.
    """

    per_chat: float | None = 1.0
    per_group_minute: int | None = 20
    overall: int | None = 30
    burst: int = 20


@dataclass(slots=True)
class _Bucket:
    left: float
    filled: float


@dataclass(slots=True)
class Pace:
    """Who wrote how much lately, by real time."""

    now: Callable[[], float] = time.monotonic
    _chats: dict[tuple[int, int], _Bucket] = field(default_factory=dict)
    _groups: dict[tuple[int, int], deque[float]] = field(default_factory=dict)
    _bots: dict[int, deque[float]] = field(default_factory=dict)

    def wait(self, limits: Limits, bot: int, chat: int) -> int:
        """Count one message, or say how many seconds it comes too early.

        Args:
            limits: what holds at present.
            bot: who writes.
            chat: where; negative for a group.

        Returns:
            0 when the message may pass and was counted, else the seconds to wait, at least 1.
        """
        now = self.now()
        key = (bot, chat)
        waits = [0.0]
        all_sent = self._bots.setdefault(bot, deque())
        if limits.overall is not None:
            waits.append(_window(all_sent, now, 1.0, limits.overall))
        group_sent = self._groups.setdefault(key, deque()) if chat < 0 else None
        if group_sent is not None and limits.per_group_minute is not None:
            waits.append(_window(group_sent, now, 60.0, limits.per_group_minute))
        bucket = self._chats.get(key)
        if limits.per_chat is not None:
            if bucket is None:
                bucket = self._chats[key] = _Bucket(float(limits.burst), now)
            waits.append(_fill(bucket, now, limits.per_chat, limits.burst))
        longest = max(waits)
        if longest > 0:
            return max(1, math.ceil(longest))
        all_sent.append(now)
        if group_sent is not None:
            group_sent.append(now)
        if bucket is not None:
            bucket.left -= 1
        return 0


def _window(sent: deque[float], now: float, seconds: float, most: int) -> float:
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    if len(sent) < most:
        return 0.0
    return sent[len(sent) - most] + seconds - now if most else seconds


def _fill(bucket: _Bucket, now: float, rate: float, burst: int) -> float:
    bucket.left = min(float(max(burst, 1)), bucket.left + (now - bucket.filled) * rate)
    bucket.filled = now
    return 0.0 if bucket.left >= 1 else (1 - bucket.left) / rate
