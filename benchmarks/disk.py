"""Bytes on disk of a completed response, indices included, against one row of nine integers.

    PYTHONPATH=. .venv/bin/python -m benchmarks.disk [--responses 100000]

SQLite's file, as it is after responses with random keys and owners came in; not vacuumed.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import filled
from benchmarks.figures import Figure, show


def disk(responses: int) -> list[Figure]:
    """Bytes of a response, of a plain row, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as name:
        folder = Path(name)
        filled_office = filled.empty(folder)
        filled_office.office.database.scrub()
        before = (folder / "puas.db").stat().st_size
        filled.fill(filled_office, responses)
        ours = ((folder / "puas.db").stat().st_size - before) / responses
        filled_office.office.database.close()
        row = _rows(folder / "rows.db", responses) / responses
    return [
        Figure("bytes a response", ours, "B"),
        Figure("bytes a row of nine integers", row, "B"),
        Figure("bytes a response ÷ a row of nine integers", ours / row, most=17),
    ]


def _rows(file: Path, responses: int) -> int:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE answers (u1, u2, u3, u4, u5, u6, u7, u8, u9)")
        drawn = ([n * unsur % 4 + 1 for unsur in range(1, 10)] for n in range(responses))
        db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", drawn)
        db.commit()
    return file.stat().st_size


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000)
    show(disk(parser.parse_args(arguments).responses))


if __name__ == "__main__":
    main()
