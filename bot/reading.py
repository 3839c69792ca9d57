"""An office for commands that only read: nothing is seeded, opened or written."""

from __future__ import annotations

from bot import texts
from bot.app import real_clock
from bot.config import Config
from bot.office import Calendar, Office
from storage import instruments
from storage.database import Database


def office_of(config: Config, database: Database) -> Office:
    """The office of a database that stands; it knows no secret and no bot."""
    with database.read() as db:
        known, of_units = instruments.known(db), instruments.known_units(db)
    return Office(
        database=database,
        words=texts.load(),
        secret=b"",
        calendar=Calendar.of(config.schedule),
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
