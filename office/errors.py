"""Errors that stop a command or the start: the sentence an operator reads of each."""

from __future__ import annotations

from office.config import ConfigError
from office.secret import SecretChanged
from office.words.all_words import WordsError
from scoring.instrument_file import InstrumentError
from storage.database import DatabaseTrouble
from storage.instruments import InstrumentChanged, UnitInstrumentChanged
from storage.schema import NewerSchema

# Each of these is told by its docstring, behind the config's key that it concerns.
KEYS: dict[type[Exception], str] = {
    NewerSchema: "database.url",
    DatabaseTrouble: "database.url",
    SecretChanged: "secret_file",
    UnitInstrumentChanged: "survey.unit_instrument",
    InstrumentChanged: "survey.instrument",
}
STOPS: tuple[type[Exception], ...] = (ConfigError, InstrumentError, WordsError, *KEYS)


def sentence(stop: Exception) -> str:
    """What the operator reads of one of the `STOPS`."""
    for kind, key in KEYS.items():
        if isinstance(stop, kind):
            return f"{key}: {kind.__doc__}"
    return str(stop)
