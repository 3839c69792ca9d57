"""The door to the database: one writer, read-only readers, and the only `begin()` of the project."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

Db: TypeAlias = Connection
R = TypeVar("R")

RETRIED = {"40P01", "40001"}  # deadlock detected, serialization failure
TRIES = 5


class DatabaseTrouble(Exception):
    """Basis data sedang terkunci, penuh, hanya-baca, atau terputus; coba lagi nanti."""


class Database:
    """Two engines on one URL: `write()` for the turn, `read()` for snapshots that never write.

    SQLite writes under `BEGIN IMMEDIATE`, WAL and `synchronous=FULL`: what is committed is on disk.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, read_only=False)
            self.reader = _sqlite_engine(self.url, read_only=True)
        else:
            self.url = self.url.set(drivername="postgresql+psycopg")
            self.writer = create_engine(self.url, pool_pre_ping=True, pool_size=4)
            self.reader = create_engine(
                self.url,
                pool_pre_ping=True,
                isolation_level="REPEATABLE READ",
                execution_options={"postgresql_readonly": True},
            )

    @contextmanager
    def write(self) -> Iterator[Db]:
        """One transaction; committed when the block ends well."""
        with _troubles(), self.writer.begin() as db:
            yield db

    @contextmanager
    def read(self) -> Iterator[Db]:
        """One read-only snapshot."""
        with _troubles(), self.reader.connect() as db, db.begin():
            yield db

    def turn(self, work: Callable[[Db], R]) -> R:
        """Run `work` in one transaction, again when PostgreSQL broke a deadlock by ending it.

        Raises:
            DatabaseTrouble: nothing was written, and the same work may be tried later.
        """
        for attempt in range(TRIES):
            try:
                with self.writer.begin() as db:
                    return work(db)
            except DBAPIError as error:
                if attempt + 1 < TRIES and getattr(error.orig, "sqlstate", None) in RETRIED:
                    continue
                if is_trouble(error):
                    raise DatabaseTrouble(type(error.orig).__name__) from error
                raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Give every connection back."""
        self.writer.dispose()
        self.reader.dispose()


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if is_trouble(error):
            raise DatabaseTrouble(type(error.orig).__name__) from error
        raise


def is_trouble(error: DBAPIError) -> bool:
    """Whether the database, not the work, is at fault: locked, full, read-only, gone.

    SQLite's and psycopg's OperationalError mean that; a constraint or a wrong value never does.
    """
    return isinstance(error, OperationalError) or error.connection_invalidated


def _sqlite_engine(url: URL, *, read_only: bool) -> Engine:
    # One writing connection, a few reading ones. `isolation_level=None` leaves BEGIN to the
    # listener below, since the driver's own would come too late and be a deferred one.
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 5.0},
        **({"poolclass": StaticPool} if not read_only else {"pool_size": 4}),
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def insert(db: Db, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows `ON CONFLICT`, in the dialect of this connection."""
    module: Any = sqlite if db.dialect.name == "sqlite" else postgresql
    statement: sqlite.Insert | postgresql.Insert = module.insert(table)
    return statement
