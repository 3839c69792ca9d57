"""What the commands that start no bot share: run on the database, new files, the current time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cli import read_only
from office import config as configs
from office import errors, logs
from office.config import Config
from office.exit_codes import REFUSED
from office.papers import paper_import
from office.papers.period_file import NotLocked
from office.simulated_clock import SimulatedClock
from scoring import os_reasons
from scoring.plan_file import PlanFileError
from storage.database import Database
from storage.maintenance import backup
from storage.planning.plans import YearTaken
from storage.survey import batches


class CommandRefused(Exception):
    """The command cannot do what its arguments ask for; the message says what to do instead."""


STOPS: tuple[type[Exception], ...] = (
    CommandRefused,
    NotLocked,
    read_only.DatabaseNotCreated,
    read_only.SchemaOutdated,
    batches.BatchNotFound,
    backup.NotABackup,
    backup.TargetNotEmpty,
    *paper_import.REFUSALS,
    PlanFileError,
    YearTaken,
    *errors.STOPS,
)


def run(
    name: str,
    config_file: Path | None,
    refusal_heading: str,
    work: Callable[[Config, Database], str],
    *,
    skip_schema_check: bool = False,
) -> int:
    """Run a command on the configured database, print the result, and return the exit code.

    Args:
        config_file: None for the default one.
        refusal_heading: the first line on standard error when the command is refused.
        work: returns the sentence for standard output; raises one of `STOPS`.
        skip_schema_check: accept an empty database, or one with an older schema.
    """
    try:
        config = configs.load(config_file)
        with closing(Database(config.database.url.get_secret_value())) as database:
            if not skip_schema_check:
                read_only.require_current_schema(database)
            sys.stdout.write(f"puas {name}: {work(config, database)}\n")
    except STOPS as stop:
        sentence = errors.sentence(stop) or str(stop.__doc__)
        sys.stderr.write(logs.redact(f"puas {name}: {refusal_heading}\n{sentence}\n"))
        return REFUSED
    return 0


@contextmanager
def new_files(*paths: Path) -> Iterator[None]:
    """Create empty files that only their owner can read; delete all of them after an exception.

    Raises:
        CommandRefused: a file exists already, or cannot be written.
    """
    with ExitStack() as created:
        for path in paths:
            _create(path)
            created.callback(path.unlink, missing_ok=True)
        yield
        created.pop_all()


def _create(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise CommandRefused(f"{path} sudah ada; pilih nama lain, atau hapus dulu.") from None
    except OSError as error:
        raise CommandRefused(f"{path} tidak dapat ditulis ({os_reasons.reason(error)}).") from None


def now(config: Config) -> datetime:
    """The current time, aware UTC; that of the simulator's clock if the config names one."""
    if config.simulator.clock is None:
        return datetime.now(UTC)
    clock = SimulatedClock(config.simulator.clock)
    clock.synchronize()
    return clock.now()
