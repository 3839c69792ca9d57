"""For tests with processes of their own: the clock of a simulator instead of the computer's."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import aiohttp

EVERY = 0.5  # seconds of real time between two looks


class SimulatedClock:
    """Real time, moved by what `GET {root}/sim/clock` last said."""

    def __init__(self, root: str) -> None:
        self._address = f"{root}/sim/clock"
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The simulator's moment, aware UTC."""
        return datetime.now(UTC) + self._ahead

    async def look(self, session: aiohttp.ClientSession) -> None:
        """Ask once."""
        async with session.get(self._address) as answer:
            told = datetime.fromisoformat((await answer.json())["now"])
        self._ahead = told - datetime.now(UTC)

    async def follow(self) -> None:
        """Ask until cancelled; while the simulator is away the clock runs on."""
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                with suppress(aiohttp.ClientError, TimeoutError):
                    await self.look(session)
                await asyncio.sleep(EVERY)
