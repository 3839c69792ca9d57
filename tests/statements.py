"""A pytest plugin of the whole run: it fails when a line of `storage/` has asked SQLite alone.

A scenario runs on SQLite, and with the mark BOTH_DATABASES on PostgreSQL too. Scenarios that ask
the same need no second run; but no statement runs on PostgreSQL for the first time in an office.
Statements of programs that tests start are not seen.
"""

from __future__ import annotations

import linecache
import sys
import traceback
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

SQLITE, POSTGRES = "sqlite", "postgresql"
STORAGE = str(Path(__file__).parents[1] / "storage") + "/"
CONNECTION = STORAGE + "database.py"  # it runs the statements of others
# A backup is an SQLite file; how a schema changes is each database's own.
OF_SQLITE = ("maintenance/backup.py", "maintenance/schema.py", "migrations/")
ALONE = "# SQLite alone"  # a comment of one line

Place = tuple[str, int]  # file in `storage/`, line

asked: dict[str, set[Place]] = defaultdict(set)


def pytest_configure() -> None:
    """Note where each statement comes from, whichever engine runs it."""
    event.listen(Engine, "before_cursor_execute", note)


def note(connection: Connection, *_: object) -> None:
    """Note the line of `storage/` that runs the statement."""
    for frame, line in traceback.walk_stack(sys._getframe(1)):
        name = frame.f_code.co_filename
        if name.startswith(STORAGE) and name != CONNECTION:
            asked[connection.dialect.name].add((name.removeprefix(STORAGE), line))
            return


def of_sqlite_alone() -> list[str]:
    """The lines that have asked SQLite and not PostgreSQL, but should."""
    return [
        f"storage/{file}:{line}"
        for file, line in sorted(asked[SQLITE] - asked[POSTGRES])
        if not file.startswith(OF_SQLITE) and ALONE not in linecache.getline(STORAGE + file, line)
    ]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it has noted; the process that started it fails the run."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["asked"] = {name: sorted(places) for name, places in asked.items()}
    elif of_sqlite_alone():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what an ended worker has noted."""
    for name, places in node.workeroutput.get("asked", {}).items():
        asked[name].update(map(tuple, places))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the lines."""
    if alone := of_sqlite_alone():
        terminalreporter.section("no test with the mark BOTH_DATABASES comes here")
        for place in alone:
            terminalreporter.write_line(place)
