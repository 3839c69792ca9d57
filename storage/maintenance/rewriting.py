"""What was deleted leaves the files: SQLite's journal is emptied, PostgreSQL's tables rewritten.

SQLite overwrites what it deletes (`secure_delete`), but its journal keeps the old pages; PostgreSQL
keeps a deleted row, with the transactions that wrote and deleted it, until its table is rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, text

from storage import periods
from storage import tables as t
from storage.database import Database, DatabaseTrouble, Db
from storage.survey import owners

# Deleted rows of these tell a person beside a key, or beside what is written in the transaction.
OPEN = (t.open_response, t.open_rating, t.awaited_text, t.rating, t.rating_answer)
# Deleted rows of these hold what a lock or an erasure deleted.
OTHERS = (
    t.period, t.period_salt, t.slip, t.erasure, t.set_aside, t.result, t.block, t.response,
    t.answer, t.response_attribute, t.outbox,
)  # fmt: skip
# Rows of these were written in the transactions of responses; their keys are no order of sending.
ANEW = (t.handled_update, t.language, t.suggestion)  # in the order in which a turn takes them
# The same; in the hours between, their transactions would tell beside which response they came.
HOURLY = (t.visit_code, t.news_request)
WAIT = "2s"  # for a table that is in use; taps on it wait as long


def rewrite_open(database: Database) -> bool:
    """Rewrite the tables of open responses; False when one was in use: try again later."""
    return _rewrite(database, OPEN)


def rewrite_others(database: Database) -> bool:
    """Rewrite the large tables too; False when one was in use: try again later."""
    with database.read() as db:
        of_periods = [owners.table(period_id) for period_id in periods.with_owners(db)]
    return _rewrite(database, (*OTHERS, *of_periods))


def _rewrite(database: Database, tables: Sequence[Table]) -> bool:
    if database.is_sqlite:
        return database.scrub()
    try:
        with database.outside_transaction() as db:
            db.execute(text(f"SET lock_timeout = '{WAIT}'"))
            try:
                for table in tables:
                    db.execute(text(f'VACUUM (FULL) "{table.name}"'))
            finally:
                db.execute(text("RESET lock_timeout"))
    except DatabaseTrouble as trouble:
        if trouble.kind == "locked":
            return False
        raise
    return True


def write_anew(db: Db, tables: Sequence[Table] = ANEW) -> None:
    """Write PostgreSQL's rows of these again, in the order of their keys, in this transaction.

    A row that `VACUUM FULL` copies keeps its place among the others and the transaction that wrote
    it, which is that of a response.
    """
    if db.dialect.name == "sqlite":
        return
    names = ", ".join(f'"{table.name}"' for table in tables)
    db.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    for table in tables:
        name, key = table.name, ", ".join(column.name for column in table.primary_key)
        for statement in (
            f"CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM {name}",  # noqa: S608 # our own names
            f"TRUNCATE {name}",
            f"INSERT INTO {name} SELECT * FROM kept ORDER BY {key}",  # noqa: S608 # our own names
            "DROP TABLE kept",
        ):
            db.execute(text(statement))
