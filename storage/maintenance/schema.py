"""Migrating a database to this program's schema, under a lock, at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from storage.database import Database, Db

HERE = Path(__file__).parents[1] / "migrations"
LOCK = 0x50554153  # "PUAS": the advisory lock of a migration or restore


class NewerSchema(Exception):
    """Basis data ini dari versi yang lebih baru; perbarui program ini, atau pulihkan cadangan."""


def migrate(database: Database) -> None:
    """Apply the missing migrations in one transaction; a second process waits for the first.

    Raises:
        NewerSchema: the database knows a revision that this program does not.
    """
    database.make_private()
    with exclusive(database) as db:
        upgrade(db)


@contextmanager
def exclusive(database: Database) -> Iterator[Db]:
    """A transaction in which no other process migrates or restores."""
    with database.migration() as db:  # SQLite: BEGIN IMMEDIATE is the lock
        if not database.is_sqlite:
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield db


def is_migrated(db: Db) -> bool:
    """Whether this database was ever migrated."""
    return db.dialect.has_table(db, "alembic_version")


def version(db: Db) -> str:
    """The number of the schema this database has."""
    if not is_migrated(db):
        return "0"
    return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar() or "0")


def newest() -> str:
    """The number of this program's schema."""
    return max(_known())


def is_current(db: Db) -> bool:
    """Whether this database has this program's schema.

    Raises:
        NewerSchema: its revision is not known to this program.
    """
    here = version(db)
    if here not in {"0", *_known()}:
        raise NewerSchema(here)
    return here == newest()


def upgrade(db: Db, target: str = "head") -> None:
    """Apply the migrations up to `target` on this connection."""
    if is_current(db):
        return
    from alembic import command  # takes a tenth of the start-up time and is rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, target)


def _known() -> set[str]:
    """The numbers at the start of the migrations' file names."""
    return {path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py")}
