"""One writer, read-only readers, and errors of the database."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import catalogue
from storage import tables as t
from storage.database import ConcurrentChange, Database, DatabaseTrouble, Db
from storage.maintenance import backup
from storage.settings import program_state, rows
from tests.postgres import ON_POSTGRES, ON_SQLITE
from tests.storage.office_fixture import OfficeFixture, together, until_waiting

ROOT = Path(__file__).parents[2]
KILLED = """
import sys
from storage.database import Database
from storage.settings import rows
database = Database(sys.argv[1])
for number in range(10**6):
    with database.write() as db:
        rows.put(db, f"n{number}", "x" * 500)
    print(number, flush=True)
"""


def puts(database: Database, key: str) -> None:
    """Write one row in one turn."""
    database.turn(lambda db: rows.put(db, key, 1))


def keys(database: Database) -> set[str]:
    """The keys that were written."""
    with database.read() as db:
        return set(rows.under(db, ""))


@contextmanager
def impatient(database: Database) -> Iterator[None]:
    """Wait a moment, not seconds, for another writer of an SQLite file."""
    with database.writer.connect() as db:
        connection: Any = db.connection.dbapi_connection
        connection.execute("PRAGMA busy_timeout = 50")
    yield


# --- writing and reading ---------------------------------------------------------------------


@ON_SQLITE
def test_what_is_committed_to_sqlite_is_on_disk(database: Database) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    with database.write() as db:
        found = [db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
    assert found == ["wal", 2, 1, 1]  # 2: FULL


def test_a_reader_sees_rows_only_after_the_commit(database: Database) -> None:
    with database.write() as db:
        rows.put(db, "x", 1)
        assert keys(database) == set()
    assert keys(database) == {"x"}


def test_a_reader_cannot_write(database: Database) -> None:
    refused = pytest.raises((DatabaseTrouble, DBAPIError), match=r"(?i)read.?only|Operational")
    with refused, database.read() as db:
        rows.put(db, "x", 1)
    assert keys(database) == set()


def test_a_reader_sees_one_snapshot_and_blocks_nobody(database: Database) -> None:
    with database.read() as db:
        before = rows.under(db, "")
        puts(database, "later")
        assert rows.under(db, "") == before == {}
    assert keys(database) == {"later"}


@ON_SQLITE
def test_threads_of_one_process_write_one_after_the_other(database: Database) -> None:
    def add(db: Db) -> None:
        before = rows.value(db, "n")
        sleep(0.01)
        rows.put(db, "n", before + 1)

    database.turn(lambda db: rows.put(db, "n", 0))
    together(*[lambda: database.turn(add)] * 8)
    with database.read() as db:
        assert rows.value(db, "n") == 8


@ON_SQLITE
def test_two_processes_write_one_after_the_other(office: OfficeFixture) -> None:
    with office.another_process() as other:
        works = [
            lambda mine=mine, key=key: puts(mine.database, f"{key}")
            for key, mine in enumerate([office, other] * 10)
        ]
        together(*works)
    assert len(keys(office.database)) == 20


@pytest.mark.process
@ON_SQLITE
def test_a_process_killed_while_it_writes_loses_nothing_it_confirmed(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline() for _ in range(50)]
        process.send_signal(signal.SIGKILL)
        confirmed += process.stdout.readlines()
    database = Database(url)
    with database.read() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        found = len(rows.under(db, "n"))
    database.close()
    assert len(confirmed) <= found <= len(confirmed) + 1


# --- trouble ---------------------------------------------------------------------------------


@ON_SQLITE
def test_a_database_locked_by_another_process_is_trouble_for_a_while(office: OfficeFixture) -> None:
    with office.another_process() as other, impatient(other.database):
        with office.database.write():
            with pytest.raises(DatabaseTrouble, match="locked"):
                puts(other.database, "x")
            assert other.count("service") == 3  # readers go on
        puts(other.database, "x")
    assert keys(office.database) == {"x"}


@ON_SQLITE
def test_a_file_that_may_only_be_read_is_trouble(office: OfficeFixture) -> None:
    path = office.database.url.database
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseTrouble, match="read-only"):
        puts(database, "x")
    with database.read() as db:
        assert len(catalogue.active_services(db)) == 3
    database.close()


# --- the database is gone, or another one is in its place ------------------------------------


@ON_SQLITE
def test_nothing_is_committed_to_a_file_that_was_renamed_and_work_goes_on_once_it_is_back(
    database: Database,
) -> None:
    puts(database, "before")
    elsewhere = database.path.rename(database.path.with_name("elsewhere.db"))
    for _ in range(2):
        with pytest.raises(DatabaseTrouble, match="missing"):
            puts(database, "lost")
        with pytest.raises(DatabaseTrouble, match="missing"), database.write() as db:
            rows.put(db, "lost", 1)
        database.close()  # a new connection makes no new file either
    assert not database.path.exists()
    elsewhere.rename(database.path)
    puts(database, "after")
    assert keys(database) == {"before", "after"}


@ON_SQLITE
def test_a_file_that_is_renamed_while_a_turn_runs_takes_nothing_of_that_turn(
    database: Database,
) -> None:
    elsewhere = database.path.with_name("elsewhere.db")

    def work(db: Db) -> None:
        rows.put(db, "lost", 1)
        database.path.rename(elsewhere)

    with pytest.raises(DatabaseTrouble, match="missing"):
        database.turn(work)
    elsewhere.rename(database.path)
    assert keys(database) == set()


@ON_SQLITE
@pytest.mark.parametrize("reconnects", [False, True])
def test_another_file_at_the_path_is_not_used_until_a_restart(
    reconnects: bool, database: Database
) -> None:
    puts(database, "before")
    copy = database.path.with_name("copy.db")
    backup.take(database, copy)
    copy.replace(database.path)
    if reconnects:
        database.close()
    with pytest.raises(DatabaseTrouble, match="exchanged"):
        puts(database, "lost")
    with closing(Database(database.url)) as after_a_restart:
        assert keys(after_a_restart) == {"before"}


@ON_POSTGRES
@pytest.mark.parametrize("mark", [None, "another office's"])
def test_after_a_reconnect_a_server_without_this_offices_database_is_trouble(
    mark: str | None, database: Database
) -> None:
    database.turn(lambda db: program_state.change_secret_mark(db, "ours"))
    database.mark = "ours"
    puts(database, "before")
    database.close()
    puts(database, "reconnected")
    with closing(Database(database.url)) as other, other.write() as db:
        if mark is None:
            db.execute(text("ALTER TABLE setting RENAME TO gone"))
        else:
            program_state.change_secret_mark(db, mark)
    database.close()
    for _ in range(2):
        with pytest.raises(DatabaseTrouble, match="exchanged"):
            puts(database, "lost")
        with pytest.raises(DatabaseTrouble, match="exchanged"), database.read():
            pass


@ON_SQLITE
def test_a_missing_folder_is_trouble(database: Database, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'gone' / 'puas.db'}")
    with pytest.raises(DatabaseTrouble, match="missing"):
        puts(nowhere, "x")
    with pytest.raises(DatabaseTrouble, match="missing"), nowhere.read():
        pass


@ON_SQLITE
def test_a_file_that_is_no_database_is_trouble(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(b"not a database, " * 1000)
    with pytest.raises(DatabaseTrouble, match="damaged"):
        puts(Database(f"sqlite:///{path}"), "x")


@ON_SQLITE
def test_a_full_disk_is_trouble_until_there_is_room(database: Database) -> None:
    def limit(pages: str) -> None:
        with database.write() as db:
            db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with database.write() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit(pages)
    with pytest.raises(DatabaseTrouble, match="disk full"):
        database.turn(lambda db: rows.put(db, "big", "x" * 100_000))
    limit("1000000")
    database.turn(lambda db: rows.put(db, "big", "x" * 100_000))
    assert keys(database) == {"big"}


@ON_SQLITE
def test_a_disk_that_is_full_only_at_the_commit_is_trouble_too(database: Database) -> None:
    puts(database, "first")
    wal = Path(f"{database.url.database}-wal")
    _, hard = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
    try:
        with pytest.raises(DatabaseTrouble, match=r"input/output error|disk full"):
            puts(database, "second")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    puts(database, "third")
    assert keys(database) == {"first", "third"}


@ON_POSTGRES
def test_a_connection_that_is_cut_in_a_turn_is_trouble_and_the_next_turn_works(
    office: OfficeFixture,
) -> None:
    def cut(db: Db) -> None:
        rows.put(db, "lost", 1)
        with office.another_process() as other, other.database.write() as admin:
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
            admin.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        rows.put(db, "more", 1)

    with pytest.raises(DatabaseTrouble, match="disconnected"):
        office.database.turn(cut)
    puts(office.database, "kept")
    assert keys(office.database) == {"kept"}


@ON_POSTGRES
def test_a_connection_cut_between_turns_is_replaced(office: OfficeFixture) -> None:
    puts(office.database, "before")
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    with office.another_process() as other, other.database.write() as db:
        db.execute(
            text(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")  # noqa: S608 # no input
        )
    puts(office.database, "after")
    assert keys(office.database) == {"before", "after"}


@ON_POSTGRES
def test_a_server_that_became_a_read_only_standby_is_trouble(office: OfficeFixture) -> None:
    def on_standby(db: Db) -> None:
        db.execute(text("SET TRANSACTION READ ONLY"))
        rows.put(db, "x", 1)

    with pytest.raises(DatabaseTrouble, match="read-only"):
        office.database.turn(on_standby)


def test_a_server_out_of_reach_is_trouble(tmp_path: Path) -> None:
    database = Database(f"postgresql://postgres@/nothing?host={tmp_path}")
    with pytest.raises(DatabaseTrouble, match="disconnected"):
        puts(database, "x")
    with pytest.raises(DatabaseTrouble, match="disconnected"), database.read():
        pass


@ON_POSTGRES
@pytest.mark.parametrize(
    ("state", "kind"),
    [("53100", "disk full"), ("53300", "no free connection"), ("55P03", "locked"),
     ("57014", "timed out"), ("57P03", "disconnected"), ("58030", "input/output error"),
     ("58P01", "unknown"), ("XX001", "damaged")],
)  # fmt: skip
def test_what_the_server_says_is_wrong_is_named(
    state: str, kind: str, office: OfficeFixture
) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(DatabaseTrouble) as trouble:
        office.database.turn(lambda db: db.exec_driver_sql(raised))
    assert trouble.value.kind == kind


@ON_POSTGRES
def test_a_process_that_hangs_in_a_turn_loses_its_lock_after_the_timeout(
    office: OfficeFixture,
) -> None:
    def stands_still(db: Db) -> None:
        assert db.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "30s"
        db.execute(text("SET LOCAL idle_in_transaction_session_timeout = '300ms'"))
        rows.put(db, "still", 1)
        with office.another_process() as other:
            puts(other.database, "still")  # waits for the row until the server ends this turn
        db.execute(text("SELECT 1"))

    with pytest.raises(DatabaseTrouble):
        office.database.turn(stands_still)


def test_a_broken_constraint_is_not_the_databases_fault(database: Database) -> None:
    def twice(db: Db) -> None:
        for _ in range(2):
            db.execute(insert(t.setting).values(key="x", value=1))

    with pytest.raises(IntegrityError):
        database.turn(twice)
    assert keys(database) == set()


def test_a_wrong_statement_is_not_the_databases_fault(database: Database) -> None:
    with pytest.raises(DBAPIError, match="nothing_here"):
        database.turn(lambda db: db.execute(text("SELECT * FROM nothing_here")))
    puts(database, "x")


def test_what_the_work_raises_comes_back_as_it_is(database: Database) -> None:
    def work(db: Db) -> None:
        rows.put(db, "x", 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.turn(work)
    assert keys(database) == set()


# --- turns that are taken again --------------------------------------------------------------


@ON_POSTGRES
def test_a_deadlock_is_broken_and_both_turns_succeed(office: OfficeFixture) -> None:
    puts(office.database, "a")
    puts(office.database, "b")
    met, tries = threading.Barrier(2), []

    def crossing(first: str, second: str) -> None:
        def work(db: Db) -> None:
            tries.append(first)
            rows.put(db, first, rows.value(db, first) + 1)
            if len(tries) <= 2:
                met.wait(30)
            rows.put(db, second, 0)

        with office.another_process() as other:
            other.database.turn(work)

    together(lambda: crossing("a", "b"), lambda: crossing("b", "a"))
    assert len(tries) >= 3  # one of them began anew, on a busy machine both may


def test_a_turn_with_a_conflict_is_retried_without_its_first_attempt(database: Database) -> None:
    tries: list[int] = []

    def work(db: Db) -> str:
        tries.append(1)
        rows.put(db, f"try {len(tries)}", 1)
        if len(tries) < 3:
            raise ConcurrentChange
        return "done"

    assert database.turn(work) == "done"
    assert keys(database) == {"try 3"}


def test_a_turn_with_a_conflict_at_each_try_is_trouble(database: Database) -> None:
    def work(db: Db) -> None:
        raise ConcurrentChange

    with pytest.raises(DatabaseTrouble, match="overtaken"):
        database.turn(work)


@ON_POSTGRES
def test_two_processes_change_one_row_one_after_the_other(office: OfficeFixture) -> None:
    with office.another_process() as other:
        second = threading.Thread(target=puts, args=(other.database, "x"))
        with office.database.write() as db:
            rows.put(db, "x", 1)
            second.start()
            until_waiting(office.database)
            rows.put(db, "y", 1)
        second.join(30)
    assert keys(office.database) == {"x", "y"}


def test_work_that_raises_stop_iteration_fails_in_words_that_a_future_can_carry(
    database: Database,
) -> None:
    with pytest.raises(RuntimeError, match="raised StopIteration"):
        database.turn(lambda db: next(iter(())))
    with pytest.raises(RuntimeError, match="raised StopIteration"), database.read():
        next(iter(()))
