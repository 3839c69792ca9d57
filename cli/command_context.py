"""What commands share that start no bot: new files, the hour, one sentence at the end."""

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
from office.papers import paper_import
from office.papers.period_file import NotLocked
from office.simulated_clock import SimulatedClock
from storage import backup, batches
from storage.database import Database


class NotReady(Exception):
    """What was asked for cannot be done; the message says what to do."""


REFUSED = 2
STOPS: tuple[type[Exception], ...] = (
    NotReady,
    NotLocked,
    read_only.NothingYet,
    read_only.OlderSchema,
    batches.BatchNotFound,
    backup.NotABackup,
    backup.TargetNotEmpty,
    *paper_import.REFUSALS,
    *errors.STOPS,
)


def run(
    name: str,
    where: Path | None,
    refused: str,
    work: Callable[[Config, Database], str],
    *,
    any_state: bool = False,
) -> int:
    """Do a command's work on the configured database; say how it ended; the exit code.

    Args:
        where: the config file.
        refused: what did not happen, when it is refused.
        work: returns the sentence for standard output.
        any_state: the database may be empty, or of an older schema.
    """
    try:
        config = configs.load(where)
        with closing(Database(config.database.url.get_secret_value())) as opened:
            if not any_state:
                read_only.must_be_ours(opened)
            sys.stdout.write(f"puas {name}: {work(config, opened)}\n")
    except STOPS as stop:
        sentence = errors.sentence(stop) or str(stop.__doc__)
        sys.stderr.write(logs.redact(f"puas {name}: {refused}\n{sentence}\n"))
        return REFUSED
    return 0


@contextmanager
def new_files(*paths: Path) -> Iterator[None]:
    """Files that are not there yet, empty and their owner's alone; none stays after a failure.

    Raises:
        NotReady: one is there, or cannot be written.
    """
    with ExitStack() as made:
        for path in paths:
            _make(path)
            made.callback(path.unlink, missing_ok=True)
        yield
        made.pop_all()


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise NotReady(f"{path} sudah ada; pilih nama lain, atau hapus dulu.") from None
    except OSError as error:
        raise NotReady(f"{path} tidak dapat ditulis ({error.strerror}).") from None


def now(config: Config) -> datetime:
    """The moment, aware UTC; of the simulator's clock where the config names one."""
    if config.simulator.clock is None:
        return datetime.now(UTC)
    clock = SimulatedClock(config.simulator.clock)
    clock.synchronize()
    return clock.now()
