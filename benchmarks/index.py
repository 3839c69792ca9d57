"""Reading an index at 1e5, 1e6 and, if wanted, 1e7 responses, and recounting while people tap.

    PYTHONPATH=. .venv-bench/bin/python -m benchmarks.index [--sizes 100000 1000000] [--postgres]

*Stored* is how the bot reads the office's index; *tallies* is the same from the counts that are
kept with every completed response; beside them a mean of columns of uint8 in memory (numpy, if it
is there) and the database's own GROUP BY over all answers. The recount runs in a thread of the
bot's own process, as the nightly one does, while taps are offered at a steady rate.
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
from office.periods import recount
from scoring import ikm
from storage import results, tallies

GROUPED = """SELECT a.item_id, count(a.nilai), sum(a.nilai) FROM answer a
    JOIN response r ON r.id = a.response_id WHERE r.period_id = :period AND r.status = 1
    GROUP BY a.item_id"""
FLAT = 1.5  # times as slow at most as with the fewest responses: the rest is noise


def readers(of: Filled, responses: int) -> dict[str, Callable[[], object]]:
    """Ways to get the office's index, by name; each reads on a snapshot of its own."""
    database, registered, period = of.office.database, of.registered, of.period.id

    def stored() -> object:
        with database.read() as db:
            found = results.of_office(db, registered, period)
        assert found is not None
        assert found.score.n == responses
        return found.score.ikm

    def from_tallies() -> object:
        with database.read() as db:
            counts = tallies.of_office(db, registered, period)
        return ikm.score(registered.instrument, counts.total()).ikm

    def grouped() -> object:
        with database.read() as db:
            return db.execute(text(GROUPED), {"period": period}).all()

    found: dict[str, Callable[[], object]] = {"stored": stored, "tallies": from_tallies}
    if find_spec("numpy"):
        found["numpy"] = _columns(responses)
    return found | {"GROUP BY": grouped}


def _columns(responses: int) -> Callable[[], object]:
    import numpy

    drawn = numpy.random.default_rng(17).integers(1, 5, (9, responses), dtype=numpy.uint8)
    return lambda: [column.mean() for column in drawn]


@contextmanager
def office(responses: int, url: str | None = None) -> Iterator[Filled]:
    """An office with so many responses, recounted once."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        of = filled.empty(Path(folder), url)
        filled.fill(of, responses)
        counted = recounted(of)
        assert not counted.differences
        with of.office.database.write() as db:
            results.store(db, of.registered, of.period.id, counted.found, of.office.clock())
        try:
            yield of
        finally:
            of.office.database.close()


def recounted(of: Filled) -> recount.Recount:
    """What the nightly recount finds."""
    with of.office.database.read() as db:
        return recount.of_period(db, of.registered, of.period.id)


def index(sizes: Sequence[int], repeats: int, url: str | None = None) -> list[Figure]:
    """How long reading takes at each size."""
    found, read = [], []
    for size in sizes:
        with office(size, url) as of:
            fast = readers(of, size)
            slow: dict[str, Callable[[], object]] = {
                "GROUP BY": fast.pop("GROUP BY"),
                "recount": partial(recounted, of),
            }
            times = alternating(fast, repeats * 20, real_seconds)
            times |= alternating(slow, 1 if size >= filled.CHUNK else repeats, real_seconds)
        read.append(times["stored"])
        milliseconds = times["stored"] * 1000
        found.append(Figure(f"{size:,} responses: index read", milliseconds, "ms", most=1))
        for name, seconds in times.items():
            if name != "stored":
                found.append(Figure(f"{size:,} responses: {name} ÷ index read", seconds / read[-1]))
    ratio = read[-1] / read[0]
    return [*found, Figure("index read, most ÷ fewest responses", ratio, most=FLAT)]


def meanwhile(responses: int, seconds: float, repeats: int) -> Figure:
    """How much longer a person waits while the period is recounted."""
    with office(responses) as of:
        folder = Path(of.office.database.url.database or "").parent
        of.office.database.close()
        runs = [_beside(folder, seconds) for _ in range(repeats)]
    what = f"tap → screen p99 while {responses:,} are recounted"
    return Figure(what, statistics.median(runs), most=1.3)


def _beside(filled_folder: Path, seconds: float) -> float:
    """On a copy: the same people come in each run, and may rate a service only so often."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        shutil.copytree(filled_folder, folder, dirs_exist_ok=True)
        return asyncio.run(busy.compare("recount", seconds, Path(folder)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read and print."""
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
            for size in chosen.sizes:  # a database each: it must be empty
                url = opened.enter_context(postgres.database())
                show(index([size], chosen.repeats, url))
            return
        show(index(chosen.sizes, chosen.repeats))
    if chosen.recount:
        show([meanwhile(chosen.recount, chosen.seconds, chosen.repeats)])


if __name__ == "__main__":
    main()
