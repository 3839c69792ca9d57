"""The rate limits of a bot: Telegram's published advice, and those of its own server's source."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How many messages and edits a bot may send; None means no limit.

    Args:
        per_chat: per second in one chat, after the burst is used up.
        per_group_minute: in any 60 seconds in one group.
        overall: in any second in all chats together.
        burst: at once in one chat.
    """

    per_chat: float | None = 1.0
    per_group_minute: int | None = 20
    overall: int | None = 30
    burst: int = 20


DEFAULT_LIMITS = Limits()
SET_WEBHOOK_SECONDS = 1.0
REPEATED_POLL_SECONDS = 3.0
SINGLE_UPDATE_SECONDS = 0.5


@dataclass(slots=True)
class _TokenBucket:
    tokens: float
    refilled_at: float


@dataclass(slots=True)
class RateLimiter:
    """Counts what each bot sent recently, in real time."""

    now: Callable[[], float] = time.monotonic
    _chats: dict[tuple[int, int], _TokenBucket] = field(default_factory=dict)
    _groups: dict[tuple[int, int], deque[float]] = field(default_factory=dict)
    _bots: dict[int, deque[float]] = field(default_factory=dict)
    _webhooks: dict[int, float] = field(default_factory=dict)
    _polls: dict[int, tuple[int, float]] = field(default_factory=dict)

    def acquire(self, limits: Limits, bot: int, chat: int) -> int:
        """Count one message if the limits allow it now.

        Args:
            limits: the limits that apply now.
            bot: the sender.
            chat: the receiving chat; negative for a group.

        Returns:
            0 when the message was counted, otherwise the seconds to wait, at least 1.
        """
        now = self.now()
        key = (bot, chat)
        waits = [0.0]
        all_sent = self._bots.setdefault(bot, deque())
        if limits.overall is not None:
            waits.append(_window_wait(all_sent, now, 1.0, limits.overall))
        group_sent = self._groups.setdefault(key, deque()) if chat < 0 else None
        if group_sent is not None and limits.per_group_minute is not None:
            waits.append(_window_wait(group_sent, now, 60.0, limits.per_group_minute))
        bucket = self._chats.get(key)
        if limits.per_chat is not None:
            if bucket is None:
                bucket = self._chats[key] = _TokenBucket(float(limits.burst), now)
            waits.append(_bucket_wait(bucket, now, limits.per_chat, limits.burst))
        longest = max(waits)
        if longest > 0:
            return max(1, math.ceil(longest))
        all_sent.append(now)
        if group_sent is not None:
            group_sent.append(now)
        if bucket is not None:
            bucket.tokens -= 1
        return 0

    def acquire_webhook(self, bot: int) -> int:
        """Count a setWebhook call; 0, or the second to wait after the last counted call."""
        now = self.now()
        if now < self._webhooks.get(bot, -math.inf) + SET_WEBHOOK_SECONDS:
            return 1
        self._webhooks[bot] = now
        return 0

    def poll(self, bot: int, offset: int, timeout: int, limit: int) -> tuple[float, int]:
        """Note a getUpdates call; the timeout and the limit that apply to it.

        With the offset of a call less than three seconds ago it waits for an update up to three
        seconds, and less than half a second ago it receives one update only.
        """
        now = self.now()
        previous, started = self._polls.get(bot, (offset, -math.inf))
        self._polls[bot] = offset, now
        seconds = float(timeout)
        if offset == previous and now < started + REPEATED_POLL_SECONDS:
            seconds = max(seconds, REPEATED_POLL_SECONDS)
        is_at_once = offset == previous and now < started + SINGLE_UPDATE_SECONDS
        return seconds, 1 if is_at_once else limit


def _window_wait(sent: deque[float], now: float, seconds: float, limit: int) -> float:
    """Seconds until a sliding window has room for one more."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    if len(sent) < limit:
        return 0.0
    return sent[len(sent) - limit] + seconds - now if limit else seconds


def _bucket_wait(bucket: _TokenBucket, now: float, rate: float, burst: int) -> float:
    """Refill the bucket; the seconds until it holds one token."""
    elapsed = now - bucket.refilled_at
    bucket.tokens = min(float(max(burst, 1)), bucket.tokens + elapsed * rate)
    bucket.refilled_at = now
    return 0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / rate
