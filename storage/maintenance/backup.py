"""Backups: one SQLite file, taken from or restored into SQLite or PostgreSQL, in full or not."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
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
    delete,
    func,
    insert,
    inspect,
    select,
    type_coerce,
)

from storage import instruments, outbox, periods
from storage import tables as t
from storage.database import Database, DatabaseTrouble, Db, kind_of_file_error, kind_of_sqlite
from storage.maintenance import schema
from storage.survey import erasures, owners, responses
from storage.survey.tallies import Deltas

# What a backup does not hold: with what is sent it would tell whose that is, or who asked for news.
OPEN_ROWS = (t.open_response, t.open_rating, t.awaited_text, t.news_request)
SLICE = 5_000  # rows
NOT_OURS = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
BESIDE = ("", "-wal", "-shm", "-journal")


class TargetNotEmpty(Exception):
    """Basis data tujuan sudah berisi; pulihkan ke basis data yang kosong."""


class NotABackup(Exception):
    """Berkas itu bukan cadangan Puas yang utuh."""


def take(database: Database, out: Path) -> None:
    """Write a snapshot of the database; other connections may write meanwhile.

    It holds no open response: with the sent ones of the database it would tell whose they are. Nor
    does it hold a chat that waits for news, which would outlive its erasure there.

    Args:
        out: an empty or missing file; it gets mode 0600.

    Raises:
        DatabaseTrouble: unreadable, or the disk is full; `out` is then unusable.
    """
    with _sqlite_troubles():
        os.close(os.open(out, os.O_CREAT | os.O_WRONLY, 0o600))
        if database.is_sqlite:
            _vacuum(database.path, out)
            _delete_open_rows(out)
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
            with source.write() as db:
                _delete_open(db)  # one of an older program may hold them
            if not database.is_sqlite:
                with schema.exclusive(database) as db:
                    _copy_in(source, db)
                return
        _into_file(own, database.path)


def forget(
    copy: Path, locked: Collection[int], erased: Sequence[tuple[int, bytes]], erasure: int
) -> None:
    """Delete from an older backup what was deleted from the database after it was taken.

    Args:
        locked: the locked periods, whose salts and owners go.
        erased: period and owner of what was erased.
        erasure: the number of the newest erasure.

    Raises:
        NotABackup, schema.NewerSchema, DatabaseTrouble
    """
    with closing(as_database(copy)) as database:
        with database.read() as db:
            if not schema.is_migrated(db):
                raise NotABackup
        schema.migrate(database)
        with database.write() as db:
            _delete_open(db)
            owned = set(periods.with_owners(db))
            for period_id in sorted(owned.intersection(locked)):
                periods.forget_owners(db, period_id)
            _erase(db, [each for each in erased if each[0] in owned.difference(locked)])
            if erased:
                db.execute(delete(t.set_aside))
                db.execute(delete(t.language))
            erasures.note_of_copy(db, erasure)
    _alone(copy)


def _erase(db: Db, erased: Sequence[tuple[int, bytes]]) -> None:
    if not erased:
        return
    known, deltas = instruments.known(db), Deltas()
    for period_id, owner in erased:
        responses.delete_of_owner(db, known, deltas, period_id, owner)
    deltas.apply(db)


def erasures_undone(copy: Path, newer: Path) -> int:
    """How many erasures a newer backup knows that came after this one lost what was erased.

    Raises:
        NotABackup, schema.NewerSchema, DatabaseTrouble
    """
    check(copy)
    check(newer)
    with closing(as_database(copy)) as database, database.read() as db:
        known = erasures.newest(db) if _has_erasures(db) else 0
    with closing(as_database(newer)) as database, database.read() as db:
        return erasures.count_after(db, known) if _has_erasures(db) else 0


def _has_erasures(db: Db) -> bool:
    return db.dialect.has_table(db, t.erasure.name)


def _delete_open(db: Db) -> None:
    for table in OPEN_ROWS:
        if db.dialect.has_table(db, table.name):  # not in a database that is not migrated yet
            db.execute(delete(table))
    if db.dialect.has_table(db, t.outbox.name):
        outbox.delete_news(db)


def _delete_open_rows(out: Path) -> None:
    with closing(as_database(out)) as database, database.write() as db:
        _delete_open(db)
    _alone(out)


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
            for table in [*t.metadata.sorted_tables, *_owners(source)]:
                if table.name.startswith(owners.TABLE):
                    table.create(db)
                if table in OPEN_ROWS:
                    continue
                target = _plain(table)
                for some in _slices(source, table):
                    db.execute(insert(target), some)
            outbox.delete_news(db)
    _alone(out)


def _copy_in(source: Database, db: Db) -> None:
    if inspect(db).get_table_names():
        raise TargetNotEmpty
    schema.upgrade(db)
    cursor: Any = db.connection.cursor()  # psycopg's: COPY is many times faster than INSERT
    with source.read() as read, closing(cursor):
        made = _owners(read)
        for each in made:
            owners.create(db, int(each.name.removeprefix(owners.TABLE)))
        for table in [*t.metadata.sorted_tables, *made]:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for some in _slices(read, table):
                    for row in some:
                        copy.write_row(tuple(row.values()))
    for table in [*t.metadata.sorted_tables, *made]:
        _continue_numbers(db, table)


def _owners(db: Db) -> list[Table]:
    return [owners.table(period_id) for period_id in periods.with_owners(db)]


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
