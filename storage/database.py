"""Connections to the database: one writer, read-only readers, the only `begin()` of the project."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql  # imported at the first insert: it takes 0.1 s

Db: TypeAlias = Connection
R = TypeVar("R")

ROW_IDS = range(1, 2**31)  # the ids that a row can have, in either database
RETRIED = {"40P01", "40001"}  # deadlock detected, serialization failure
TRIES = 5
PATIENCE = 5.0  # seconds that SQLite waits for another writer
STALLED = "30s"  # a turn never idles: PostgreSQL ends a process that stands still in one

TroubleKind = Literal[
    "locked",
    "disk full",
    "read-only",
    "permission denied",
    "input/output error",
    "damaged",
    "cannot be opened",
    "missing",  # the file was renamed or deleted
    "exchanged",  # another file or another office's database is in its place
    "disconnected",
    "no free connection",
    "timed out",
    "overtaken",  # by other processes, again and again
    "unknown",
]

# What the database is to blame for; of an extended code the lowest byte.
SQLITE_TROUBLES: dict[int, TroubleKind] = {
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_IOERR: "input/output error",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_FULL: "disk full",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_NOTADB: "damaged",
}
# By SQLSTATE, else by its class (the first two characters). psycopg's OperationalError is a trouble
# with any code; POSTGRES_CODES are troubles too where psycopg has another class for them.
POSTGRES_CODES: dict[str, TroubleKind] = {
    "25006": "read-only",
    "XX001": "damaged",
    "XX002": "damaged",
}
POSTGRES_TROUBLES: dict[str, TroubleKind] = {
    **POSTGRES_CODES,
    "08": "disconnected",
    "25P03": "disconnected",  # idle in a transaction for too long
    "40": "overtaken",
    "53100": "disk full",
    "53300": "no free connection",
    "55P03": "locked",
    "57014": "timed out",
    "57": "disconnected",  # the server shuts down, crashed or starts
    "58030": "input/output error",
}
FILE_TROUBLES: dict[int, TroubleKind] = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENOSPC: "disk full",
    errno.EDQUOT: "disk full",
    errno.EROFS: "read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EIO: "input/output error",
}


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite would hand it back without its zone, and takes no zone at all."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A date; SQLite, which has none, keeps the days since 1970 instead of ten letters."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == "sqlite" else Date()

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.toordinal() - EPOCH

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromordinal(value + EPOCH) if isinstance(value, int) else value


EPOCH = date(1970, 1, 1).toordinal()


class DatabaseTrouble(Exception):
    """Basis data sedang terkunci, penuh, hanya-baca, atau terputus; coba lagi nanti."""

    def __init__(self, kind: TroubleKind = "unknown") -> None:
        super().__init__(kind)
        self.kind: TroubleKind = kind


class ConcurrentChange(Exception):
    """Another process changed rows that this turn has read; the turn is retried from its start."""


class Database:
    """Two engines on one URL: `write()` for a turn, `read()` for read-only snapshots.

    SQLite writes under `BEGIN IMMEDIATE`, WAL and `synchronous=FULL`: what is committed is on disk.
    Nothing is committed to a file that is no longer the one at its path, nor, after a reconnect, to
    the database of another office.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path = _path(self.url)  # SQLite's
        self.mark: str | None = None  # of the office; while it is None, any office's is accepted
        self._file: tuple[int, int] | None = None  # device and inode of the SQLite file in use
        if self.is_sqlite:
            # mode=rw: a connection never makes the file; `make_private` does.
            query = {"mode": "rw", **self.url.query, "uri": "true"}
            url = self.url.set(database=self.path.as_uri(), query=query)
            self.writer = _sqlite_engine(url, self._must_be_in_place, read_only=False)
            self.reader = _sqlite_engine(url, self._must_be_in_place, read_only=True)
        else:
            self.url = self.url.set(drivername="postgresql+psycopg")
            self.writer = create_engine(self.url, pool_pre_ping=True, pool_size=4)
            self.reader = create_engine(
                self.url,
                pool_pre_ping=True,
                isolation_level="REPEATABLE READ",
                execution_options={"postgresql_readonly": True},
            )
            event.listen(self.writer, "connect", _end_when_stalled)
        for engine in (self.writer, self.reader):
            event.listen(engine, "connect", self._must_be_ours)

    def exists(self) -> bool:
        """Whether SQLite's file exists; a database on a server is assumed to exist."""
        return not self.is_sqlite or self.path.is_file()

    def make_private(self) -> None:
        """Create SQLite's file with mode 0600; its journal files get the same mode."""
        if not self.exists():
            with _troubles_of_files():
                os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))

    @contextmanager
    def write(self) -> Iterator[Db]:
        """One transaction, committed unless the block raises."""
        with _troubles(), self.writer.begin() as db:
            yield db
            self._must_be_in_place()

    @contextmanager
    def read(self) -> Iterator[Db]:
        """One read-only snapshot."""
        with _troubles(), self.reader.connect() as db, db.begin():
            yield db

    @contextmanager
    def migration(self) -> Iterator[Db]:
        """One transaction without foreign keys in SQLite, so that tables can be rebuilt."""
        with _troubles(), self.writer.connect() as db:
            if self.is_sqlite:
                _foreign_keys(db, "OFF")
            try:
                with db.begin():
                    yield db
                    if self.is_sqlite and db.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise AssertionError("a migration left rows behind that point to nothing")
            finally:
                if self.is_sqlite:
                    _foreign_keys(db, "ON")

    @contextmanager
    def outside_transaction(self) -> Iterator[Db]:
        """A connection on which each statement commits itself, as PostgreSQL's VACUUM must."""
        with _troubles(), self.writer.connect() as db:
            yield db.execution_options(isolation_level="AUTOCOMMIT")

    def turn(self, work: Callable[[Db], R]) -> R:
        """Run `work` in one transaction; retry it after a conflict with another process.

        Raises:
            DatabaseTrouble: nothing was written, and the same work may be tried later.
        """
        for attempt in range(TRIES):
            try:
                with _troubles(), self.writer.begin() as db:
                    value = work(db)
                    self._must_be_in_place()
                    return value
            except ConcurrentChange as error:
                if attempt + 1 == TRIES:
                    raise DatabaseTrouble("overtaken") from error
            except DatabaseTrouble as error:
                if attempt + 1 == TRIES or _state(error.__cause__) not in RETRIED:
                    raise
        raise AssertionError("unreachable")

    def scrub(self) -> bool:
        """Empty SQLite's journal of deleted rows, such as the salts of locked periods.

        Returns:
            False while a reader is active; then try again later.
        """
        if not self.is_sqlite:
            return True
        with _troubles(), closing(self.writer.raw_connection()) as connection:
            busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return int(busy) == 0

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()

    def _must_be_in_place(self) -> None:
        """Refuse to commit to a file that was renamed, deleted or exchanged; it costs microseconds.

        A file that is back at its path is the same one again. Any other needs a restart: SQLite
        would read the journal of the old file into the new one.
        """
        if not self.is_sqlite:
            return
        with _troubles_of_files():
            status = self.path.stat()
        if self._file is None:
            self._file = (status.st_dev, status.st_ino)
        elif self._file != (status.st_dev, status.st_ino):
            raise DatabaseTrouble("exchanged")

    def _must_be_ours(self, connection: Any, _record: object) -> None:
        """Refuse a new connection to another file, or to a database without this office's mark."""
        try:
            self._must_be_in_place()
            if not self.is_sqlite and self.mark is not None:
                _must_have_mark(connection, self.mark)
        except DatabaseTrouble:
            connection.close()
            raise


def file_of(url: str | URL) -> Path | None:
    """SQLite's file; None for a database on a server."""
    made = make_url(url)
    return _path(made) if made.get_backend_name() == "sqlite" else None


def _path(url: URL) -> Path:
    return Path((url.database or "").removeprefix("file:")).absolute()


@contextmanager
def _troubles_of_files() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatabaseTrouble(kind_of_file_error(error)) from error


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseTrouble("no free connection") from error
    except DBAPIError as error:
        kind = kind_of(error)
        if kind is not None:
            raise DatabaseTrouble(kind) from error
        raise
    except StopIteration:  # a future cannot carry it: who awaits the work would wait for ever
        raise RuntimeError("work on the database raised StopIteration") from None


def kind_of(error: DBAPIError) -> TroubleKind | None:
    """What is wrong with the database; None when the work is at fault.

    psycopg's OperationalError blames the database; SQLite's covers wrong statements too, so there
    the code tells. A constraint or a wrong value never does.
    """
    if isinstance(error.orig, sqlite3.Error):
        return kind_of_sqlite(error.orig)
    state = _state(error)
    if state in POSTGRES_CODES:
        return POSTGRES_CODES[state]
    if not (isinstance(error, OperationalError) or error.connection_invalidated):
        return None
    if state is None or error.connection_invalidated:
        return "disconnected"
    return POSTGRES_TROUBLES.get(state) or POSTGRES_TROUBLES.get(state[:2], "unknown")


def kind_of_sqlite(error: sqlite3.Error) -> TroubleKind | None:
    """The same for an error of SQLite's driver."""
    return SQLITE_TROUBLES.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF)


def kind_of_file_error(error: OSError) -> TroubleKind:
    """The same for an error of the operating system."""
    return FILE_TROUBLES.get(error.errno or 0, "cannot be opened")


def _state(error: BaseException | None) -> str | None:
    """The SQLSTATE of a PostgreSQL error."""
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def _end_when_stalled(connection: Any, _record: object) -> None:
    # A host that vanished in a turn would else keep its locks until TCP gives up, hours later.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{STALLED}'")
    connection.commit()


def _must_have_mark(connection: Any, mark: str) -> None:
    # The server may come back with an empty database, or with a copy of another office's.
    found = None
    if connection.execute("SELECT to_regclass('setting')").fetchone()[0] is not None:
        found = connection.execute("SELECT value FROM setting WHERE key = 'secret'").fetchone()
    connection.rollback()
    if found is None or found[0] != mark:
        raise DatabaseTrouble("exchanged")


def _foreign_keys(db: Db, switch: str) -> None:
    # On the driver's connection: within a transaction the pragma does nothing.
    connection: Any = db.connection.dbapi_connection
    connection.execute(f"PRAGMA foreign_keys = {switch}")


def _sqlite_engine(url: URL, must_be_in_place: Callable[[], None], *, read_only: bool) -> Engine:
    # One writing connection, for which threads queue; a few reading ones. `isolation_level=None`
    # leaves BEGIN to the dialect below: the driver's own would come too late and be deferred.
    # No listener does these two things: with one, SQLAlchemy looks for others at every statement.
    def connection() -> Any:
        must_be_in_place()
        arguments, options = engine.dialect.create_connect_args(url)
        ours = {"isolation_level": None, "check_same_thread": False, "timeout": PATIENCE}
        return engine.dialect.connect(*arguments, **{**options, **ours})

    def begin(connection: Any) -> None:
        connection.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")

    size = {"pool_size": 4} if read_only else {"pool_size": 1, "max_overflow": 0}
    engine = create_engine(url, creator=connection, **size)
    engine.dialect.do_begin = begin  # type: ignore[method-assign,assignment] # of this engine alone

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA secure_delete = ON")  # a chat id or a salt that goes is gone
        cursor.close()

    return engine


def insert(db: Db, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert with `ON CONFLICT`, in the dialect of this connection."""
    return insert_in(db.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert with `ON CONFLICT` in this dialect, for statements that are built once."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
