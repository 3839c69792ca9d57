"""For tests with processes of their own: the clock of a simulator instead of the computer's."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

INTERVAL = 0.5  # seconds of real time between two requests
TIMEOUT = 5  # seconds


class SimulatedClock:
    """Real time, moved by what `GET {root}/sim/clock` last answered."""

    def __init__(self, root: str) -> None:
        self._address = urlsplit(root).netloc
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The simulator's moment, aware UTC."""
        return datetime.now(UTC) + self._ahead

    def synchronize(self) -> None:
        """Ask the simulator once; blocks.

        Raises:
            OSError, HTTPException: the simulator cannot be reached.
        """
        with closing(HTTPConnection(self._address, timeout=TIMEOUT)) as connection:
            connection.request("GET", "/sim/clock")
            answer = json.load(connection.getresponse())
        self._ahead = datetime.fromisoformat(answer["now"]) - datetime.now(UTC)

    async def follow(self) -> None:
        """Ask until cancelled; while the simulator cannot be reached the clock runs on."""
        while True:
            with suppress(OSError, HTTPException):
                await asyncio.to_thread(self.synchronize)
            await asyncio.sleep(INTERVAL)
