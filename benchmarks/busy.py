"""How much longer people wait for a screen while the bot does long work in the background.

`python -m benchmarks.busy WORK` runs the program, and repeats the work in a background thread, as
the program does such work, from the line `on` on its standard input until the line `off`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.people import percentiles, steadily, telegram
from benchmarks.processes import started
from bot import app
from office import config
from office.periods import recount
from reports.papers import Papers
from reports.pictures.ikm_picture import IkmPicture, ikm_png
from reports.survey_report.report import report_pdf
from reports.tabulation import tabulation_xlsx
from storage import instruments, periods
from storage.database import Database
from tests.reports import sample
from tests.reports.test_ikm_picture import PAKONG

ROUND_TRIP, RATE = 0.05, 30  # seconds; taps a second
WORKS = ("picture", "pdf", "xlsx", "recount")
ROWS = 100_000


NUMBERS = count(1)


def fresh_picture() -> IkmPicture:
    """A picture that differs from all before: typst caches what it has typeset."""
    number = next(NUMBERS)
    less = Decimal(number % 400) / 1000
    bars = tuple(
        replace(bar, nrr=None if bar.nrr is None else max(Decimal(1), bar.nrr - less))
        for bar in PAKONG.bars
    )
    return replace(PAKONG, office=f"{PAKONG.office} {number}", ikm=PAKONG.ikm - less, bars=bars)


def fresh_papers(rows: int = 142) -> Papers:
    """Papers of new random responses, which typst has not cached."""
    return sample.papers(sample.random_rows(n=rows, seed=next(NUMBERS)))


def work(which: str, url: str, rows: int = ROWS) -> Callable[[], object]:
    """A function that does the work once."""
    match which:
        case "picture":
            return lambda: ikm_png(fresh_picture())
        case "pdf":
            return lambda: report_pdf(fresh_papers())
        case "xlsx":
            return partial(tabulation_xlsx, fresh_papers(rows))
        case _:
            return partial(_recount, Database(url))


def _recount(database: Database) -> object:
    with database.read() as db:
        period = periods.current(db, "ikm")
        assert period
        registered = instruments.known(db)[period.instrument_id]
        return recount.of_period(db, registered, period.id)


async def compare(which: str, seconds: float, folder: Path | None = None) -> float:
    """The p99 of tap → screen with the work ÷ without it, measured in turn in one process."""
    async with telegram() as there:
        with started(("-m", "benchmarks.busy", which), there.url, folder) as bot:
            await there.polled()
            there.world.latency = ROUND_TRIP
            await steadily(there, RATE, min(3.0, seconds))  # connections and caches
            waited = []
            for state in ("off", "on"):
                bot.tell(state)
                there.timings.begin()
                await steadily(there, RATE, seconds)
                waited.append(percentiles(there.timings.tap)["p99"])
    alone, beside = (round(seconds * 1000) for seconds in waited)
    sys.stderr.write(f"{which}: p99 {alone} ms, during the work {beside} ms\n")
    return waited[1] / waited[0]


def main() -> None:
    """Run the program, and the work when standard input says `on`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORKS)
    read = config.load()
    enabled = threading.Event()
    do_work = work(parser.parse_args().work, read.database.url.get_secret_value())

    def read_orders() -> None:
        for line in sys.stdin:
            (enabled.set if line.strip() == "on" else enabled.clear)()

    def work_repeatedly() -> None:
        app.lower_priority()
        while enabled.wait():
            do_work()

    for each in (read_orders, work_repeatedly):
        threading.Thread(target=each, daemon=True).start()
    asyncio.run(app.until_stopped(read, print))


if __name__ == "__main__":
    main()
