"""An hour of taps: the program's memory and file handles stay flat.

    PYTHONPATH=. .venv/bin/python -m benchmarks.soak [--minutes 60] [--rate 100]

Simulator and people live in this process, the bot in one of its own; rate limits are off. After a
first tenth of the time, in which caches fill, memory is read every few seconds; growth is the slope
of the straight line through what was read, per million taps.
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


async def soak(minutes: float, rate: float) -> list[Figure]:
    """Tap for so long; what grew."""
    async with telegram() as there:
        with started(PROGRAM, there.url) as bot:
            await there.polled()
            stream = Stream(there)
            until = time.perf_counter() + minutes * 60
            readings = asyncio.create_task(_read(there, bot, stream, minutes * 60))
            await stream.offer(rate, lambda: time.perf_counter() < until)
            read = await readings
    memory = [(taps, memory) for taps, memory, _ in read]
    handles = [handles for _, _, handles in read]
    quarter = len(read) // 4
    more = statistics.median(handles[-quarter:]) - statistics.median(handles[:quarter])
    return [
        Figure("taps", stream.taps, "n"),
        Figure("memory at the end", read[-1][1], "MB"),
        Figure("growth per million taps", slope(memory) * MILLION, "MB", most=5),
        Figure("file handles, last quarter less first quarter", more, "n", most=5),
    ]


async def _read(
    there: Telegram, bot: Process, stream: Stream, seconds: float
) -> list[tuple[float, float, int]]:
    """Taps, memory and handles, after the first tenth."""
    await asyncio.sleep(seconds / 10)
    found = []
    for _ in range(READINGS):
        await asyncio.sleep(seconds * 0.9 / (READINGS + 1))
        found.append((float(stream.taps), bot.memory, bot.handles))
        sys.stderr.write("{:9.0f} taps {:8.2f} MB {:4} handles\n".format(*found[-1]))
        there.watch.begin()
    return found


def slope(points: list[tuple[float, float]]) -> float:
    """Of the straight line through these points (least squares)."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across if across else 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Tap and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100, help="taps a second that are offered")
    chosen = parser.parse_args(arguments)
    show(asyncio.run(soak(chosen.minutes, chosen.rate)))


if __name__ == "__main__":
    main()
