"""The `Office` of commands that only read: they migrate, seed and write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from office.bootstrap import read_words
from office.config import Config
from office.office import Calendar, Office, real_clock
from storage import instruments
from storage.database import Database
from storage.maintenance import schema


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
