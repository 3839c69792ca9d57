"""Kills bots with SIGKILL many times while people tap, and counts lost and doubled answers.

One command, from the project's folder (the test environment: `./puas test` makes it):

    PYTHONPATH=. .venv/bin/python -m benchmarks.kills [--kills 200] [--people 6] [--only NAME]

Polling, webhook and the pages for a browser, on SQLite and on a real PostgreSQL, `--kills` times
each. One line is printed per combination. Lost are sent responses that are not in the database with
the answers given, and acknowledged questions that were asked again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.kills import SERVICES, Deployment, Report, run_with_kills
from tests.postgres import server

COMBINATIONS = {
    f"{delivery}-{database}": (delivery, database)
    for delivery in ("polling", "webhook", "pages")
    for database in ("sqlite", "postgres")
}


def run(delivery: str, database: str, kills: int, people: int) -> Report:
    """Run one combination on a new database."""
    with tempfile.TemporaryDirectory(prefix="puas-kills-") as folder:
        if database == "sqlite":
            return _run(Path(folder), f"sqlite:///{folder}/puas.db", delivery, kills, people)
        with server() as postgres, postgres.database() as url:
            return _run(Path(folder), url, delivery, kills, people)


def _run(folder: Path, url: str, delivery: str, kills: int, people: int) -> Report:
    deployment = Deployment(folder, url, delivery == "webhook", delivery == "pages")
    return asyncio.run(
        run_with_kills(
            deployment,
            people=people,
            rounds=min(len(SERVICES), 2 + kills // 10),
            kills=kills,
            simulator_restarts=kills // 20,
            seed=kills,
        )
    )


def main() -> int:
    """Run the combinations; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--only", choices=sorted(COMBINATIONS))
    chosen = parser.parse_args()
    bad = False
    for name, (delivery, database) in COMBINATIONS.items():
        if chosen.only in (None, name):
            report = run(delivery, database, chosen.kills, chosen.people)
            print(f"{name:18} {report}", flush=True)
            bad |= any(
                (report.lost, report.doubled, report.unhandled, report.unfinished, report.set_aside)
            )
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
