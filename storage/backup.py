"""Backups: one SQLite file, taken from or restored into SQLite or PostgreSQL, in full or not."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    func,
    insert,
    inspect,
    select,
    type_coerce,
    update,
)

from storage import schema
from storage import tables as t
from storage.database import Database, DatabaseTrouble, Db, kind_of_file_error, kind_of_sqlite

SLICE = 5_000  # rows
NOT_OURS = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
BESIDE = ("", "-wal", "-shm", "-journal")


class TargetNotEmpty(Exception):
    """Basis data tujuan sudah berisi; pulihkan ke basis data yang kosong."""


class NotABackup(Exception):
    """Berkas itu bukan cadangan Puas yang utuh."""


def take(database: Database, out: Path) -> None:
    """Write a snapshot of the database; other connections may write meanwhile.

    Args:
        out: an empty or missing file; it gets mode 0600.

    Raises:
        DatabaseTrouble: unreadable, or the disk is full; `out` is then unusable.
    """
    with _sqlite_troubles():
        os.close(os.open(out, os.O_CREAT | os.O_WRONLY, 0o600))
        if database.is_sqlite:
            _vacuum(database.path, out)
        else:
            _copy_out(database, out)
        _to_disk(out)


def check(copy: Path) -> None:
    """Raise unless the file is intact and this program can use it.

    Raises:
        NotABackup, schema.NewerSchema
    """
    try:
        with closing(as_database(copy)) as database, database.read() as db:
            damage = db.exec_driver_sql("PRAGMA integrity_check").scalar_one()
            orphan = db.exec_driver_sql("PRAGMA foreign_key_check").first()
            foreign = db.exec_driver_sql(
                NOT_OURS
            ).first()  # views and triggers, which our schema does not have
            known = schema.is_migrated(db)
            if known:
                schema.is_current(db)
    except DatabaseTrouble as error:
        raise NotABackup from error
    if damage != "ok" or orphan is not None or foreign is not None or not known:
        raise NotABackup


def restore(copy: Path, database: Database) -> None:
    """Fill an empty database from a backup and migrate it to this program's schema.

    Raises:
        NotABackup, TargetNotEmpty, schema.NewerSchema, DatabaseTrouble: nothing was written.
    """
    if not copy.is_file():
        raise NotABackup
    check(copy)
    with TemporaryDirectory() as folder, _sqlite_troubles():
        own = Path(folder) / "copy.db"  # the backup itself is not changed
        _vacuum(copy, own)
        with closing(as_database(own)) as source:
            schema.migrate(source)
            if not database.is_sqlite:
                with schema.exclusive(database) as db:
                    _copy_in(source, db)
                return
        _into_file(own, database.path)


def anonymize(copy: Path, locked: Collection[int]) -> None:
    """Delete from an older backup what a lock deletes from the database: salts, keys, owners.

    Raises:
        NotABackup, DatabaseTrouble
    """
    p, r, s = t.period.c, t.response.c, t.suggestion.c
    with closing(as_database(copy)) as database:
        with database.read() as db:
            if not schema.is_migrated(db):
                raise NotABackup
            salted = select(p.id).where(p.id.in_(locked), p.salt.is_not(None))
            ids = list(db.execute(salted).scalars())
        if not ids:
            return
        with database.write() as db:
            db.execute(update(t.response).where(r.period_id.in_(ids)).values(key=None, owner=None))
            db.execute(update(t.suggestion).where(s.period_id.in_(ids)).values(response_id=None))
            db.execute(update(t.period).where(p.id.in_(ids)).values(salt=None))
    _alone(copy)


def _into_file(own: Path, target: Path) -> None:
    if any(Path(f"{target}{end}").exists() for end in BESIDE):
        raise TargetNotEmpty
    made = target.with_name(f"{target.name}.sebagian")
    made.unlink(missing_ok=True)
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _vacuum(own, made)
        _to_disk(made)
        made.rename(target)
    finally:
        made.unlink(missing_ok=True)


def as_database(path: Path) -> Database:
    """The backup file as a database."""
    return Database(URL.create("sqlite", database=str(path)))


def _vacuum(source: Path, out: Path) -> None:
    """A compact copy in one read transaction: no deleted rows, and no writer waits."""
    existing = f"{source.absolute().as_uri()}?mode=rw"  # SQLite would create a missing file
    with closing(sqlite3.connect(existing, isolation_level=None, uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(out),))


def _alone(path: Path) -> None:
    """Leave one file without a journal beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _sqlite_troubles() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseTrouble(kind_of_sqlite(error) or "unknown") from error
    except OSError as error:
        raise DatabaseTrouble(kind_of_file_error(error)) from error


# --- between the two databases ---------------------------------------------------------------


def _copy_out(database: Database, out: Path) -> None:
    with closing(as_database(out)) as made:
        schema.migrate(made)
        with database.read() as source, made.write() as db:
            for table in t.metadata.sorted_tables:
                target = _plain(table)
                for some in _slices(source, table):
                    db.execute(insert(target), some)
    _alone(out)


def _copy_in(source: Database, db: Db) -> None:
    if inspect(db).get_table_names():
        raise TargetNotEmpty
    schema.upgrade(db)
    cursor: Any = db.connection.cursor()  # psycopg's: COPY is many times faster than INSERT
    with source.read() as read, closing(cursor):
        for table in t.metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for some in _slices(read, table):
                    for row in some:
                        copy.write_row(tuple(row.values()))
    for table in t.metadata.sorted_tables:
        _continue_numbers(db, table)


def _continue_numbers(db: Db, table: Table) -> None:
    """Set the sequence behind the highest copied number."""
    key = table.autoincrement_column
    if key is None or not isinstance(key.type, Integer):
        return
    highest = select(func.max(key)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    db.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def _slices(db: Db, table: Table) -> Iterator[list[dict[str, Any]]]:
    """All rows in key order; JSON as its stored text."""
    raw = type_coerce if db.dialect.name == "sqlite" else cast
    columns = [
        raw(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]
    query = select(*columns).order_by(*table.primary_key.columns)
    rows = db.execute(query, execution_options={"yield_per": SLICE})
    for some in rows.mappings().partitions():
        yield [dict(row) for row in some]


def _plain(table: Table) -> Table:
    """The same table with text columns for JSON."""
    return Table(
        table.name,
        MetaData(),
        *(
            Column(column.name, Text if isinstance(column.type, JSON) else column.type)
            for column in table.columns
        ),
    )
