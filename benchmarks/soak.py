"""An hour of taps: whether memory and file handles of the program grow.

    PYTHONPATH=. .venv/bin/python -m benchmarks.soak [--minutes 60] [--rate 100]

Simulator and people run in this process, the bot in its own; rate limits are off. In the first
half of the time caches fill, also those of SQLite; growth is the difference of the medians of the
third and the last quarter, per million taps.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence

from benchmarks.figures import Figure, show
from benchmarks.people import Stream, Telegram, telegram
from benchmarks.processes import PROGRAM, Process, started

MILLION = 1_000_000
READINGS = 240
QUARTER = READINGS // 4


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
    third, last = (_medians(read[-2 * QUARTER : -QUARTER]), _medians(read[-QUARTER:]))
    growth = (last[1] - third[1]) / (last[0] - third[0]) * MILLION
    since_warm = read[-1][1] - read[READINGS // 10][1]
    return [
        Figure("taps", stream.taps, "n"),
        Figure("memory at the end", read[-1][1], "MB"),
        Figure("memory at the end less after a tenth of the time", since_warm, "MB", most=10),
        Figure("growth per million taps", growth, "MB", most=5),
        Figure("file handles, last quarter less third", last[2] - third[2], "n", most=5),
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


def _medians(read: Sequence[tuple[float, float, int]]) -> tuple[float, float, float]:
    taps, memory, handles = (statistics.median(column) for column in zip(*read, strict=True))
    return taps, memory, handles


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100, help="taps a second that are offered")
    chosen = parser.parse_args(arguments)
    show(asyncio.run(soak(chosen.minutes, chosen.rate)))


if __name__ == "__main__":
    main()
