"""Statements that SQLAlchemy compiled once, for every database of a test run."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from storage.database import Database

DIALECTS: dict[tuple[str, str], Dialect] = {}
COMPILED: LRUCache[Any, Any] = LRUCache(1000)


def compiled_once(database: Database) -> Database:
    """The database, whose engines use the statements that those of earlier tests compiled.

    SQLAlchemy keeps them by dialect, and makes one for each engine.
    """
    if not database.exists():  # a connection would not create it
        return database
    for name, engine in (("writer", database.writer), ("reader", database.reader)):
        key = name, engine.dialect.name
        if key not in DIALECTS:
            with engine.connect():  # a first connection completes the dialect
                DIALECTS[key] = engine.dialect
        engine.dialect = DIALECTS[key]
        engine.update_execution_options(compiled_cache=COMPILED)
    return database
