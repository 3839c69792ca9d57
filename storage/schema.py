"""Bringing a database to this program's schema, under a lock, at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.database import Database, Db

HERE = Path(__file__).parent / "migrations"
LOCK = 0x50554153  # "PUAS": the advisory lock of whoever migrates


class NewerSchema(Exception):
    """Basis data ini sudah dipakai versi Puas yang lebih baru; perbarui program ini dulu."""


def migrate(database: Database) -> None:
    """Apply what is missing, in one transaction; a second process waits for the first.

    Raises:
        NewerSchema: the database knows a revision that this program does not.
    """
    database.make_private()
    with alone(database) as db:
        upgrade(db)


@contextmanager
def alone(database: Database) -> Iterator[Db]:
    """A transaction in which no other process migrates or restores."""
    with database.migration() as db:  # SQLite: BEGIN IMMEDIATE is the lock
        if not database.is_sqlite:
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield db


def is_there(db: Db) -> bool:
    """Whether this database was ever migrated."""
    return db.dialect.has_table(db, "alembic_version")


def version(db: Db) -> str:
    """The number of the schema this database has."""
    return MigrationContext.configure(db).get_current_revision() or "0"


def is_current(db: Db) -> bool:
    """Whether this database has this program's schema.

    Raises:
        NewerSchema: it has one that this program does not know.
    """
    here, scripts = _standing(db, _config(db))
    return here == scripts.get_current_head()


def upgrade(db: Db, target: str = "head") -> None:
    """Apply the migrations up to `target` on this connection."""
    config = _config(db)
    here, scripts = _standing(db, config)
    if here != scripts.get_current_head():
        command.upgrade(config, target)


def _config(db: Db) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = db
    return config


def _standing(db: Db, config: Config) -> tuple[str | None, ScriptDirectory]:
    scripts = ScriptDirectory.from_config(config)
    here = MigrationContext.configure(db).get_current_revision()
    if here is not None and here not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema(here)
    return here, scripts
