"""An hour of taps: whether memory and file handles of the program grow.

    PYTHONPATH=. .venv/bin/python -m benchmarks.soak [--minutes 60] [--rate 100]

Simulator and people run in this process, the bot in its own; rate limits are off. In the first
tenth of the time caches fill, also those of SQLite; growth counts from there.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from benchmarks.figures import Figure, show
from benchmarks.people import Stream, Telegram, telegram
from benchmarks.processes import PROGRAM, Process, started

READINGS = 240


async def soak(minutes: float, rate: float) -> list[Figure]:
    """Offer taps for so many minutes; the growth."""
    async with telegram() as there:
        with started(PROGRAM, there.url) as bot:
            await there.polled()
            stream = Stream(there)
            until = time.perf_counter() + minutes * 60
            readings = asyncio.create_task(_read(there, bot, stream, minutes * 60))
            await stream.offer(rate, lambda: time.perf_counter() < until)
            read = await readings
    warm, end = read[READINGS // 10], read[-1]
    return [
        Figure("taps", stream.taps, "n"),
        Figure("memory at the end", end[1], "MB"),
        Figure("memory at the end less after a tenth of the time", end[1] - warm[1], "MB", most=10),
        Figure("file handles at the end less after a tenth of the time", end[2] - warm[2], "n"),
    ]


async def _read(
    there: Telegram, bot: Process, stream: Stream, seconds: float
) -> list[tuple[float, float, int]]:
    """Taps, memory and handles, at regular intervals."""
    readings = []
    for _ in range(READINGS):
        await asyncio.sleep(seconds / (READINGS + 1))
        readings.append((float(stream.taps), bot.memory, bot.handles))
        sys.stderr.write("{:9.0f} taps {:8.2f} MB {:4} handles\n".format(*readings[-1]))
        there.timings.begin()
    return readings


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100, help="taps a second that are offered")
    chosen = parser.parse_args(arguments)
    show(asyncio.run(soak(chosen.minutes, chosen.rate)))


if __name__ == "__main__":
    main()
