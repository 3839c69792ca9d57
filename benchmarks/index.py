"""Reading an index at 1e5, 1e6 and, if wanted, 1e7 responses, and recounting while people tap.

    PYTHONPATH=. .venv-bench/bin/python -m benchmarks.index [--sizes 100000 1000000] [--postgres]

*Stored* is how the bot reads the office's index; *tallies* computes it from the counts that are
updated with every completed response. For comparison: the mean of uint8 columns in memory (numpy,
if installed), and a GROUP BY over all answers. The recount runs in a thread of the bot's process,
as the nightly one does, while taps are offered at a steady rate.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text

from benchmarks import busy, filled
from benchmarks.figures import Figure, alternating, real_seconds, show
from benchmarks.filled import Filled
from office.figures import figures
from office.periods import division, recount
from scoring import ikm
from storage import catalogue, periods, results
from storage.database import Db
from storage.periods import PeriodRow
from storage.survey import tallies

GROUPED = """SELECT a.item_id, count(a.nilai), sum(a.nilai) FROM answer a
    JOIN response r ON r.id = a.response_id WHERE r.period_id = :period AND r.status = 1
    GROUP BY a.item_id"""
FLAT = 1.5  # the largest ratio to the time with the fewest responses; less is noise


def readers(filled_office: Filled, responses: int) -> dict[str, Callable[[], object]]:
    """Functions that read the office's index, by name; each in its own transaction."""
    database, registered, period = (
        filled_office.office.database,
        filled_office.registered,
        filled_office.period.id,
    )

    def stored() -> object:
        with database.read() as db:
            given = figures.of_period(db, filled_office.office, locked_row(db, filled_office))
        assert given.n == responses
        return given.ikm

    def from_tallies() -> object:
        with database.read() as db:
            counts = tallies.of_office(db, registered, period)
        return ikm.score(registered.instrument, counts.total()).ikm

    def grouped() -> object:
        with database.read() as db:
            return db.execute(text(GROUPED), {"period": period}).all()

    by_name: dict[str, Callable[[], object]] = {"stored": stored, "tallies": from_tallies}
    if find_spec("numpy"):
        by_name["numpy"] = _columns(responses)
    return by_name | {"GROUP BY": grouped}


def _columns(responses: int) -> Callable[[], object]:
    import numpy

    drawn = numpy.random.default_rng(17).integers(1, 5, (9, responses), dtype=numpy.uint8)
    return lambda: [column.mean() for column in drawn]


@contextmanager
def office(responses: int, url: str | None = None) -> Iterator[Filled]:
    """An office with so many responses, after one recount."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        filled_office = filled.empty(Path(folder), url)
        filled.fill(filled_office, responses)
        counted = recounted(filled_office)
        assert not counted.differences
        with filled_office.office.database.write() as db:
            services = catalogue.services_by_id(db)
            blocks = division.divided(filled_office.registered, counted.read, services)
            attributes, now = division.attributes(counted.read), filled_office.office.clock()
            results.store(
                db, filled_office.registered, filled_office.period.id, blocks, attributes, None, now
            )
        try:
            yield filled_office
        finally:
            filled_office.office.database.close()


def locked_row(db: Db, filled_office: Filled) -> PeriodRow:
    """The period whose figures are stored."""
    period = periods.by_id(db, filled_office.period.id)
    assert period is not None
    return period


def recounted(filled_office: Filled) -> recount.Recount:
    """The result of a recount, as in the nightly one."""
    with filled_office.office.database.read() as db:
        return recount.of_period(db, filled_office.registered, filled_office.period.id)


def index(sizes: Sequence[int], repeats: int, url: str | None = None) -> list[Figure]:
    """The reading times at each size."""
    figures, read = [], []
    for size in sizes:
        with office(size, url) as filled_office:
            fast = readers(filled_office, size)
            slow: dict[str, Callable[[], object]] = {
                "GROUP BY": fast.pop("GROUP BY"),
                "recount": partial(recounted, filled_office),
            }
            times = alternating(fast, repeats * 20, real_seconds)
            times |= alternating(slow, 1 if size >= filled.CHUNK else repeats, real_seconds)
        read.append(times["stored"])
        milliseconds = times["stored"] * 1000
        figures.append(Figure(f"{size:,} responses: index read", milliseconds, "ms", most=1))
        for name, seconds in times.items():
            if name != "stored":
                figures.append(
                    Figure(f"{size:,} responses: {name} ÷ index read", seconds / read[-1])
                )
    ratio = read[-1] / read[0]
    return [*figures, Figure("index read, most ÷ fewest responses", ratio, most=FLAT)]


def during_recount(responses: int, seconds: float, repeats: int) -> Figure:
    """How much longer people wait for a screen during a recount."""
    with office(responses) as filled_office:
        folder = Path(filled_office.office.database.url.database or "").parent
        filled_office.office.database.close()
        runs = [_beside(folder, seconds) for _ in range(repeats)]
    what = f"tap → screen p99 while {responses:,} are recounted"
    return Figure(what, statistics.median(runs), most=1.3)


def _beside(filled_folder: Path, seconds: float) -> float:
    """One run on a copy: each run has the same people, who may rate a service only so often."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        shutil.copytree(filled_folder, folder, dirs_exist_ok=True)
        return asyncio.run(busy.compare("recount", seconds, Path(folder)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--recount", type=int, default=1_000_000, help="0 leaves it out")
    parser.add_argument("--seconds", type=float, default=30, help="of taps beside the recount")
    parser.add_argument("--postgres", action="store_true", help="on a real PostgreSQL")
    chosen = parser.parse_args(arguments)
    with ExitStack() as opened:
        if chosen.postgres:
            from tests.postgres import server

            postgres = opened.enter_context(server())
            for size in chosen.sizes:  # each size needs an empty database
                url = opened.enter_context(postgres.database())
                show(index([size], chosen.repeats, url))
            return
        show(index(chosen.sizes, chosen.repeats))
    if chosen.recount:
        show([during_recount(chosen.recount, chosen.seconds, chosen.repeats)])


if __name__ == "__main__":
    main()
