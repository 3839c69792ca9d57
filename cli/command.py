"""What commands that start no bot share: the database, or an `Office` that only reads, files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from office import config as configs
from office import errors, logs
from office.bootstrap import read_words
from office.config import Config
from office.exit_codes import REFUSED
from office.office import Calendar, Office, real_clock
from office.papers import paper_import
from office.papers.period_file import NotLocked
from office.simulated_clock import SimulatedClock
from scoring import os_reasons
from scoring.plan_file import PlanFileError
from storage import instruments
from storage.database import Database
from storage.maintenance import backup, schema
from storage.planning.plans import YearTaken
from storage.survey import batches


class DatabaseNotCreated(Exception):
    """database.url: belum ada basis data di sana; jalankan puas run dulu, atau periksa --config."""


class SchemaOutdated(Exception):
    """database.url: basis data ini dari versi sebelumnya; jalankan puas run dulu."""


@contextmanager
def opened_office(config: Config) -> Iterator[Office]:
    """Open the database of this config for reading; close it at the end.

    Raises:
        DatabaseNotCreated, SchemaOutdated, NewerSchema, DatabaseTrouble, WordsError
    """
    with closing(Database(config.database.url.get_secret_value())) as database:
        require_current_schema(database)
        yield office_of(config, database)


def office_of(config: Config, database: Database) -> Office:
    """The office of an existing database, without a secret and without a bot."""
    with database.read() as db:
        citizen_instruments = instruments.known(db)
        unit_instruments = instruments.known_units(db)
    return Office(
        database=database,
        words=read_words(config),
        secret=b"",
        calendar=Calendar.from_schedule(config.schedule),
        instruments=citizen_instruments,
        instrument_id=0,
        unit_instruments=unit_instruments,
        unit_instrument_id=0,
        username="",
        bot_id=0,
        clock=real_clock,
        min_filled=config.survey.min_filled,
        min_responses=config.survey.min_responses,
        repeat=config.survey.repeat,
    )


def require_current_schema(database: Database) -> None:
    """Refuse a database that does not have this program's schema.

    Raises:
        DatabaseNotCreated, SchemaOutdated, NewerSchema, DatabaseTrouble
    """
    if not database.exists():
        raise DatabaseNotCreated
    with database.read() as db:
        if not schema.is_migrated(db):
            raise DatabaseNotCreated
        if not schema.is_current(db):
            raise SchemaOutdated


class CommandRefused(Exception):
    """The command cannot do what its arguments ask for; the message says what to do instead."""


STOPS: tuple[type[Exception], ...] = (
    CommandRefused,
    NotLocked,
    DatabaseNotCreated,
    SchemaOutdated,
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
                require_current_schema(database)
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
