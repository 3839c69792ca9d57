"""What was deleted leaves the files: SQLite's journal is emptied, PostgreSQL's tables rewritten.

SQLite overwrites what it deletes (`secure_delete`), but its journal keeps the old pages; PostgreSQL
keeps a deleted row, with the transactions that wrote and deleted it, until its table is rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, text

from storage import tables as t
from storage.database import Database, DatabaseTrouble, Db

# Deleted rows of these tell a person beside a key, or beside what is written in the transaction.
OPEN = (t.open_response, t.open_rating, t.awaited_text, t.rating, t.rating_answer)
# Deleted rows of these hold what a lock or an erasure deleted.
OTHERS = (
    t.period, t.period_salt, t.slip, t.erasure, t.language, t.set_aside, t.handled_update, t.result,
    t.response, t.answer, t.response_attribute,
)  # fmt: skip
WAIT = "2s"  # for a table that is in use; taps on it wait as long

# Never in PostgreSQL's statistics, whose samples outlive the rows.
WITHOUT_STATISTICS = {
    t.period_salt: ("salt",),
    t.open_response: ("person", "key", "saran", "slip", "answers", "attributes"),
    t.open_rating: ("unit_id", "key", "chat_id", "answers"),
    t.awaited_text: ("chat_id", "data"),
    t.suggestion: ("text",),
    t.slip: ("number",),
    t.erasure: ("owner",),
    t.language: ("person",),
    t.set_aside: ("payload",),
}


def rewrite_open(database: Database) -> bool:
    """Rewrite the tables of open responses; False when one was in use: try again later."""
    return _rewrite(database, OPEN)


def rewrite_others(database: Database) -> bool:
    """Rewrite the large tables too; False when one was in use: try again later."""
    return _rewrite(database, OTHERS)


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


def shuffle_suggestions(db: Db) -> None:
    """Write PostgreSQL's suggestions anew in the order of their random ids.

    Rows that `VACUUM FULL` copies keep the transaction that wrote them, which is that of their
    responses, and their order.
    """
    if db.dialect.name == "sqlite":
        return
    db.execute(text("LOCK TABLE suggestion IN ACCESS EXCLUSIVE MODE"))
    db.execute(text("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM suggestion"))
    db.execute(text("TRUNCATE suggestion"))
    db.execute(text("INSERT INTO suggestion SELECT * FROM kept ORDER BY id"))
