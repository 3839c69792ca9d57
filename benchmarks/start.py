"""Seconds until the program asks for updates, and its memory then.

    PYTHONPATH=. .venv/bin/python -m benchmarks.start [--repeats 5]

Compared with a process that only imports python-telegram-bot, SQLAlchemy and APScheduler. The
office has been started before, as on every day but the first. `benchmarks.soak` measures growth.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import filled
from benchmarks.figures import Figure, show
from benchmarks.people import telegram
from benchmarks.processes import PROGRAM, started

IMPORTS = (
    "import telegram.ext, sqlalchemy, apscheduler.schedulers.asyncio, pathlib, time;"
    "pathlib.Path('ready').touch(); time.sleep(60)"
)
SETTLED = 3.0  # seconds until memory is read


async def ours(folder: Path, settled: float) -> tuple[float, float]:
    """Seconds to the first getUpdates, and megabytes `settled` seconds later."""
    async with telegram() as there:
        began = time.perf_counter()
        with started(PROGRAM, there.url, folder) as bot:
            await there.polled()
            seconds = time.perf_counter() - began
            await asyncio.sleep(settled)
            return seconds, bot.memory


async def imports() -> tuple[float, float]:
    """The same for the imports alone."""
    began = time.perf_counter()
    with started(("-c", IMPORTS), "") as process:
        while not (process.folder / "ready").exists():
            await asyncio.sleep(0.005)
        return time.perf_counter() - began, process.memory


def start(repeats: int, settled: float = SETTLED) -> list[Figure]:
    """Medians of alternating starts, and their ratio to the imports alone."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        filled.empty(Path(folder)).office.database.close()
        asyncio.run(ours(Path(folder), 0))  # the first start, which compiles
        asyncio.run(imports())
        runs = [
            (asyncio.run(ours(Path(folder), settled)), asyncio.run(imports()))
            for _ in range(repeats)
        ]
    seconds, memory = (
        [statistics.median(run[who][what] for run in runs) for who in (0, 1)] for what in (0, 1)
    )
    return [
        Figure("start to first getUpdates", seconds[0], "s"),
        Figure("start to first getUpdates ÷ imports alone", seconds[0] / seconds[1], most=2.0),
        Figure("idle memory", memory[0], "MB"),
        Figure("idle memory ÷ imports alone", memory[0] / memory[1], most=1.5),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    show(start(parser.parse_args(arguments).repeats))


if __name__ == "__main__":
    main()
