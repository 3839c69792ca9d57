"""Backups: one file out of either database and into either, the same figures everywhere."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from office.periods import division, recount
from scoring.ikm import merged, score
from storage import audit, catalogue, periods, results
from storage import tables as t
from storage.database import Database
from storage.maintenance import backup, schema
from storage.maintenance.backup import NotABackup, TargetNotEmpty
from storage.maintenance.schema import NewerSchema
from storage.settings import rows
from storage.survey import owners
from tests.postgres import ON_SQLITE, Server
from tests.storage.office_fixture import NOW, SECRET, OfficeFixture
from tests.storage.test_batches import enters, slip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database to restore into, of either kind."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'target.db'}")
        yield opened
        opened.close()
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        opened = Database(url)
        yield opened
        opened.close()


INTO_SQLITE = pytest.mark.parametrize("target", ["sqlite"], indirect=True)  # refused before it


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "cadangan.db"


def lived(office: OfficeFixture) -> OfficeFixture:
    """An office in which something of everything has happened."""
    office.rates(101, 4, 3, 2, 1, 0, 4, 3, 2, 1, saran="Kursi ✨ «ditambah»")
    office.adds(101, "Loket", NOW.date())
    office.rates(-102, 1, 1, 1, 1, 1, service=2)
    office.adds(-102, "Kipas", NOW.date())
    enters(office, slip(office, "0001", saran="=1+1"), slip(office, None))
    with office.database.write() as db:
        audit.record(db, NOW, 2**40, "uji", "x", before=None, after={"é": [1, None, "ü"]})
        audit.record(db, NOW, None, "uji", "y")
        rows.put(db, "uji", None)
        read = recount.of_period(db, office.registered, office.period.id).read
        blocks = division.divided(office.registered, read, catalogue.services_by_id(db))
        attributes = division.attributes(read)
        results.store(db, office.registered, office.period.id, blocks, attributes, None, NOW)
    return office


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, JSON as its text."""
    found = {}
    with database.read() as db:
        of_periods = [owners.table(period_id) for period_id in periods.with_owners(db)]
        for table in (*t.metadata.sorted_tables, *of_periods):
            rows = db.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
        raw = "SELECT CAST(before AS TEXT), CAST(after AS TEXT) FROM audit ORDER BY id"
        found["raw"] = [tuple(row) for row in db.execute(text(raw))]
    return found


def ikm(database: Database) -> str:
    """The office's index, rebuilt from its inputs there."""
    with database.read() as db:
        period = periods.current(db, "ikm")
        assert period is not None
        office = OfficeFixture.reopened(database)
        (result,) = results.of_periods(db, office.known, [period])
        whole = merged(*(block.counts.total() for block in result.blocks))
        return str(score(office.registered.instrument, whole).ikm)


def test_a_backup_restored_elsewhere_and_backed_up_again_holds_the_same_rows_and_figures(
    office: OfficeFixture, target: Database, copy: Path, tmp_path: Path
) -> None:
    lived(office)
    backup.take(office.database, copy)
    backup.restore(copy, target)
    assert everything(target) == everything(office.database)
    assert ikm(target) == ikm(office.database)
    OfficeFixture.reopened(target).agrees()
    backup.take(target, tmp_path / "kedua.db")
    home = backup.as_database(tmp_path / "kedua.db")
    assert everything(home) == everything(office.database)
    home.close()


def test_a_restored_office_continues_with_new_numbers_and_is_not_restored_over(
    office: OfficeFixture, target: Database, copy: Path
) -> None:
    lived(office)
    backup.take(office.database, copy)
    backup.restore(copy, target)
    there = OfficeFixture.reopened(target)
    there.rates(103, 4, 4, 4, 4, 4)
    enters(there, slip(there, "0009"), file=b"9" * 32)
    with target.write() as db:
        audit.record(db, NOW, 1, "uji", "z")
    there.agrees()
    assert there.count("response") == office.count("response") + 2
    before = everything(target)
    with pytest.raises(TargetNotEmpty):
        backup.restore(copy, target)
    assert everything(target) == before


def test_a_backup_is_one_private_file(office: OfficeFixture, copy: Path) -> None:
    backup.take(lived(office).database, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    backup.check(copy)
    assert [path.name for path in copy.parent.glob("cadangan.db*")] == ["cadangan.db"]


@pytest.mark.slow
def test_a_backup_taken_while_answers_arrive_is_one_snapshot(
    office: OfficeFixture, copy: Path
) -> None:
    stop = threading.Event()

    def rate() -> None:
        with office.another_process() as other:
            for chat in range(1000, 2000):
                if stop.is_set():
                    return
                other.rates(chat, 4, 3, 4, 3, 4)

    people_come = threading.Thread(target=rate)
    people_come.start()
    for number in range(4):
        out = copy.with_name(f"{number}.db")
        backup.take(office.database, out)
        taken = backup.as_database(out)
        OfficeFixture.reopened(taken).agrees()
        taken.close()
    stop.set()
    people_come.join()
    assert office.count("response") > 0


@ON_SQLITE
def test_a_journal_without_its_database_is_not_written_over(
    office: OfficeFixture, copy: Path
) -> None:
    backup.take(office.database, copy)
    (copy.parent / "baru.db-wal").write_bytes(b"x")
    lonely = Database(f"sqlite:///{copy.parent / 'baru.db'}")
    with pytest.raises(TargetNotEmpty):
        backup.restore(copy, lonely)
    lonely.close()


@ON_SQLITE
@INTO_SQLITE
@pytest.mark.parametrize("content", [b"", b"Bukan cadangan", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_no_backup_is_refused(
    content: bytes, office: OfficeFixture, target: Database, copy: Path
) -> None:
    copy.write_bytes(content)
    with pytest.raises(NotABackup):
        backup.restore(copy, target)
    with pytest.raises(NotABackup):
        backup.restore(copy.with_name("tidak-ada.db"), target)


@ON_SQLITE
@INTO_SQLITE
def test_a_backup_with_a_foreign_trigger_is_refused(
    office: OfficeFixture, target: Database, copy: Path
) -> None:
    backup.take(lived(office).database, copy)
    with sqlite3.connect(copy) as tampered:
        tampered.execute(
            "CREATE TRIGGER keeps AFTER UPDATE OF salt ON period"
            " BEGIN INSERT INTO setting VALUES ('salt', hex(old.salt)); END"
        )
    tampered.close()
    with pytest.raises(NotABackup):
        backup.restore(copy, target)


@ON_SQLITE
@INTO_SQLITE
def test_a_damaged_backup_is_refused(office: OfficeFixture, target: Database, copy: Path) -> None:
    backup.take(lived(office).database, copy)
    content = bytearray(copy.read_bytes())
    content[20000:40000] = os.urandom(20000)
    copy.write_bytes(content)
    with pytest.raises(NotABackup):
        backup.restore(copy, target)


@ON_SQLITE
@INTO_SQLITE
def test_a_backup_of_a_newer_program_is_refused(
    office: OfficeFixture, target: Database, copy: Path
) -> None:
    backup.take(office.database, copy)
    newer = backup.as_database(copy)
    with newer.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer.close()
    with pytest.raises(NewerSchema):
        backup.restore(copy, target)
    assert not target.exists()


@pytest.mark.slow
@ON_SQLITE
def test_a_backup_of_an_earlier_schema_is_migrated(
    empty_url: str, target: Database, copy: Path
) -> None:
    old = Database(empty_url)
    old.make_private()
    with old.migration() as db:
        schema.upgrade(db, "0001")
        unit = "INSERT INTO unit (slug, name, position, active) VALUES ('kantor', 'Kantor', 1, 1)"
        db.execute(text(unit))
    backup.take(old, copy)
    old.close()
    backup.restore(copy, target)
    with target.read() as db:
        assert schema.is_current(db)
        assert db.execute(select(t.unit.c.slug, t.unit.c.kerja)).all() == [("kantor", False)]


def test_no_backup_holds_the_key(office: OfficeFixture, copy: Path) -> None:
    backup.take(lived(office).database, copy)
    assert SECRET not in copy.read_bytes()


@ON_SQLITE
def test_what_was_deleted_is_not_in_a_backup(office: OfficeFixture, copy: Path) -> None:
    with office.database.write() as db:
        db.execute(insert(t.setting).values(key="k", value="sangat-rahasia"))
    with office.database.write() as db:
        rows.forget(db, ["k"])
    backup.take(office.database, copy)
    assert b"sangat-rahasia" not in copy.read_bytes()
