"""Migrations: the schema that they create, conflicts and failures."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from storage.database import Database, Db
from storage.maintenance import schema
from storage.maintenance.schema import NewerSchema
from storage.tables import metadata
from tests.postgres import ON_SQLITE
from tests.storage.office_fixture import OfficeFixture

ROOT = Path(__file__).parents[2]
MIGRATE = """
import sys
from storage.maintenance import schema
from storage.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
schema.migrate(database)
"""
POSTGRES_SHAPE = """
SELECT table_name || '.' || column_name, concat_ws(' ',
       row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), data_type,
       character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def shape(database: Database) -> dict[str, object]:
    """The whole schema, with constraints and the WHERE clauses of indexes."""
    sqlite = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with database.read() as db:
        rows = db.execute(text(sqlite if database.is_sqlite else POSTGRES_SHAPE))
        found = {str(name): str(sql) for name, sql in rows if "alembic_version" not in name}
    if not database.is_sqlite:
        return dict(found)
    added = re.compile(r", (?=[a-z_]+ [A-Z])")  # a column that was added has no line of its own
    clauses = {  # a table that was rebuilt has its name in quotes
        name: [line.strip(" ,\t") for line in added.sub("\n", sql.replace('"', "")).splitlines()]
        for name, sql in found.items()
    }
    return {name: sorted(lines) for name, lines in clauses.items()}  # in whichever order


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    opened.make_private()
    yield opened
    opened.close()


def test_the_migrations_leave_alembic_nothing_to_add(database: Database) -> None:
    with database.read() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []


def test_the_migrations_make_what_the_models_make(empty: Database, database: Database) -> None:
    with empty.write() as db:
        metadata.create_all(db)
    assert shape(database) == shape(empty)


def test_migrating_again_changes_nothing(database: Database) -> None:
    office, before = OfficeFixture.on(database), shape(database)
    schema.migrate(database)
    assert shape(database) == before
    assert office.count("service") == 3


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(database)
    with pytest.raises(NewerSchema, match="9999"):
        schema.migrate(database)
    assert shape(database) == before


@pytest.mark.process
def test_processes_that_start_at_once_migrate_once(empty: Database) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    url = empty.url.render_as_string(hide_password=False)
    starting = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", MIGRATE, url],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in starting:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    ended = [process.communicate("go\n", timeout=60) for process in starting]
    assert [process.returncode for process in starting] == [0, 0], ended
    with empty.read() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []


@pytest.mark.slow
def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Database) -> None:
    def fails(db: Db) -> None:
        schema.upgrade(db)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), empty.migration() as db:
        fails(db)
    assert shape(empty) == {}
    schema.migrate(empty)


@ON_SQLITE
def test_a_table_that_a_migration_rebuilds_keeps_what_points_to_it(office: OfficeFixture) -> None:
    office.rates(101, 4, 3)
    with office.database.migration() as db:
        operations = Operations(MigrationContext.configure(db))
        with operations.batch_alter_table("response", recreate="always"):
            pass
    assert office.count("answer") == 2
    with office.database.write() as db:
        assert foreign_keys(db)


@ON_SQLITE
def test_a_migration_that_leaves_orphans_is_undone(office: OfficeFixture) -> None:
    office.rates(101, 4)
    with (
        pytest.raises(AssertionError, match="point to nothing"),
        office.database.migration() as db,
    ):
        db.execute(text("DELETE FROM response"))
    assert office.count("response") == 1
    with office.database.write() as db:
        assert foreign_keys(db)


def foreign_keys(db: Db) -> bool:
    """Whether SQLite enforces foreign keys on this connection."""
    return bool(db.exec_driver_sql("PRAGMA foreign_keys").scalar_one())
