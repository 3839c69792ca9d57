"""Polling with getUpdates; an update is confirmed after its changes are committed."""

from __future__ import annotations

import asyncio
import time
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.delivery.refusals import wait
from bot.intake import updates
from bot.intake.liveness import Liveness
from bot.intake.pollers import Pollers
from bot.turn.queue import Turns
from office.logs import place_of

log = structlog.get_logger()

R = TypeVar("R")
LONG_POLL = 30  # seconds
LONGEST_PAUSE = 30.0
QUIET_SECONDS = 300.0  # in which the same failure is logged once


class Polling:
    """getUpdates, one process at a time: the next offset is the confirmation."""

    def __init__(self, bot: Bot, turns: Turns, liveness: Liveness, pollers: Pollers) -> None:
        self._bot = bot
        self._turns = turns
        self._liveness = liveness
        self.pollers = pollers
        self.offset = 0
        self.answered = time.monotonic()  # when updates last arrived, here or in another process
        self._failures: dict[tuple[str, str], tuple[float, int]] = {}  # logged when; times since

    async def run(self) -> None:
        """Poll until cancelled; retry with back-off while Telegram or the database fails.

        The first call after a start or a failure is a short poll: screens of the outage are shown
        at once, not when the next update arrives.
        """
        pause, seconds = 0.0, 0
        while True:
            try:
                await self.once(seconds)
                pause, seconds = 0.0, LONG_POLL
            except RetryAfter as error:
                seconds = 0
                await asyncio.sleep(wait(error).total_seconds())
            except Exception as error:  # noqa: BLE001 # the edge of the intake: nothing is confirmed
                seconds = 0
                pause = min(max(pause * 2, 0.5), LONGEST_PAUSE)
                self._liveness.token_refused = isinstance(error, InvalidToken)
                self._log(await self._failure(error), place_of(error), pause)
                await asyncio.sleep(pause)

    def _log(self, event: str, error: str, pause: float) -> None:
        """Log a failure: the first, then one of its kind in five minutes, with how many it was."""
        now, kind = time.monotonic(), (event, error)
        logged, times = self._failures.get(kind, (-QUIET_SECONDS, 0))
        if now - logged < QUIET_SECONDS:
            self._failures[kind] = logged, times + 1
            return
        log.warning(event, error=error, again_in=pause, unlogged=times)
        self._failures[kind] = now, 0

    async def _failure(self, error: Exception) -> str:
        """What a failed poll means, for the log; a stranger's poll is told to the admins."""
        if not isinstance(error, Conflict) or "other getUpdates" not in error.message:
            return "polling failed"
        try:
            if await self.pollers.meets_stranger():
                return "a program of another database polls with our token"
        except Exception:  # noqa: BLE001 # the edge of the intake: polling goes on
            return "polling failed"
        self.answered = time.monotonic()
        return "another process polls"

    async def once(self, seconds: int) -> int:
        """Fetch one batch, commit it, advance the offset; returns how many updates it had."""
        await self.pollers.note()
        batch = await updates.ask(self._bot, self.offset, seconds)
        await self._liveness.note()
        if batch:
            await self._turns.handle(batch)
            self.offset = batch[-1].update_id + 1
        self.answered = time.monotonic()
        return len(batch)
