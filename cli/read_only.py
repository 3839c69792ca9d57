"""An office for the commands that only read: nothing is migrated, seeded or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from office.calendar import Calendar
from office.config import Config
from office.office import Office, real_clock
from office.words import all_words
from storage import instruments, schema
from storage.database import Database


class NothingYet(Exception):
    """database.url: belum ada basis data di sana; jalankan puas run dulu, atau periksa --config."""


class OlderSchema(Exception):
    """database.url: basis data ini dari versi sebelumnya; jalankan puas run dulu."""


@contextmanager
def opened(config: Config) -> Iterator[Office]:
    """The office of this config's database, as a command reads it.

    Raises:
        NothingYet, OlderSchema, NewerSchema, DatabaseTrouble, WordsError
    """
    with closing(Database(config.database.url.get_secret_value())) as database:
        must_be_ours(database)
        yield office_of(config, database)


def office_of(config: Config, database: Database) -> Office:
    """The office of a database that stands; it knows no secret and no bot."""
    with database.read() as db:
        known, of_units = instruments.known(db), instruments.known_units(db)
    return Office(
        database=database,
        words=all_words.load(),
        secret=b"",
        calendar=Calendar.from_schedule(config.schedule),
        instruments=known,
        instrument_id=0,
        unit_instruments=of_units,
        unit_instrument_id=0,
        username="",
        bot_id=0,
        clock=real_clock,
        min_filled=config.survey.min_filled,
        min_responses=config.survey.min_responses,
        repeat=config.survey.repeat,
    )


def must_be_ours(database: Database) -> None:
    """Nothing, when the database has this program's schema.

    Raises:
        NothingYet, OlderSchema, NewerSchema, DatabaseTrouble
    """
    if not database.exists():
        raise NothingYet
    with database.read() as db:
        if not schema.is_migrated(db):
            raise NothingYet
        if not schema.is_current(db):
            raise OlderSchema
