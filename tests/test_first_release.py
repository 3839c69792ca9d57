"""What 1.0.0 stored: its migrations do not change, and its database goes on with this program."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from office.papers import contents
from reports.papers import check_totals
from scoring.ikm import merged, score
from simulator.clock import Clock
from simulator.world import World
from storage import instruments, periods, results
from storage.database import Database
from storage.maintenance import backup, schema
from storage.maintenance.schema import NewerSchema
from tests.harness import CAMAT_GROUP, Actor, Harness, local
from tests.postgres import ON_SQLITE, backend, empty_url
from tests.prepared import ADMIN, KEY, SETTINGS
from tests.storage.test_backup import everything, target

__all__ = ["backend", "empty_url", "target"]

NEWEST = "0019"  # the last migration of 1.0.0
MIGRATIONS = "d77b931de11ad8821374bd998fb1a27a322989db2754971bc37f0e850830ccce"
ROWS = Path(__file__).parent / "data" / "1.0.0"
STOPPED = "2027-01-08 08:00"
BUDI, DEWI, HEAD = 5101, 5104, 505


@pytest.fixture
def left(backend: str, empty_url: str, tmp_path: Path) -> str:
    """The URL of the database that 1.0.0 left, whose key is in the folder."""
    with closing(Database(empty_url)) as database:
        database.make_private()
        with database.migration() as db:
            schema.upgrade(db, NEWEST)
    rows = (ROWS / f"{backend}.sql").read_text("utf-8")
    if backend == "sqlite":
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as file:
            file.executescript(rows)
    else:
        with psycopg.connect(empty_url) as server:
            server.execute(rows)
    (tmp_path / KEY).write_bytes(bytes.fromhex(rows.split("\n")[0].split()[-1]))
    return empty_url


@pytest.fixture
async def office(left: str, tmp_path: Path) -> AsyncIterator[Harness]:
    """Its office, started with this program."""
    office = Harness(tmp_path, left, settings=SETTINGS)
    office.world = World(Clock(local(STOPPED), frozen=True), limits=None)
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [ADMIN])
    await office.starts()
    yield office
    await office.close()


def test_a_migration_that_offices_have_run_does_not_change() -> None:
    """What is to change needs a new one."""
    files = sorted((schema.HERE / "versions").glob("[0-9]*.py"))
    run = [each for each in files if each.name[:4] <= NEWEST]
    whole = "".join(f"{each.name}\n{each.read_text('utf-8')}" for each in run)
    assert hashlib.sha256(whole.encode()).hexdigest() == MIGRATIONS


@pytest.mark.slow
async def test_an_older_program_refuses_a_newer_database_and_changes_nothing(
    left: str, tmp_path: Path
) -> None:
    with closing(Database(left)) as database:
        with database.write() as db:
            db.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        before = everything(database)
        office = Harness(tmp_path, left, settings=SETTINGS)
        office.world = World(Clock(local(STOPPED), frozen=True), limits=None)
        with pytest.raises(NewerSchema):
            await office.starts()
        assert everything(database) == before


@pytest.mark.slow
async def test_the_figures_of_the_office_are_the_same(office: Harness) -> None:
    admin = Actor(office, ADMIN, name="Admin")
    await admin.says("/hasil")
    admin.sees("Triwulan IV 2026 (1 Jul–31 Des 2026)", "80,35 – B (Baik)", "17 responden")
    await admin.says("/iku 2026")
    admin.sees("80,35 dari target 83,00", "71,35", "87,50")
    await admin.says("/iku 2025")
    admin.sees("80,50")
    with office.app.office.database.read() as db:
        check_totals(contents.papers(db, office.app.office, "2026-TW4"))
    assert len(office.stored.suggestions()) == 7
    assert office.stored.signed_papers() == [("pk", 2026, 1, True)]


@pytest.mark.slow
async def test_who_was_half_way_goes_on(office: Harness) -> None:
    dewi, head = Actor(office, DEWI), Actor(office, HEAD)
    await dewi.fills("/mulai", "[Lanjutkan (2/9)]")
    await dewi.answers(*[4] * 7)
    await dewi.declines()
    await dewi.taps("✅")
    await head.says("/nilai")
    head.sees("Seksi Pemberdayaan Masyarakat", "Pernyataan 2 dari 21")
    assert office.stored.completed_count() == 27


@pytest.mark.slow
async def test_what_was_sent_can_still_be_deleted_by_its_sender(office: Harness) -> None:
    budi = Actor(office, BUDI)
    await budi.fills("/hapus_data", "[Ya]")
    assert office.stored.completed_count() == 25


@pytest.mark.slow
async def test_the_waiting_notice_is_sent_and_the_open_period_is_locked(office: Harness) -> None:
    admin = Actor(office, ADMIN, name="Admin")
    await admin.says("/bantuan")
    await office.reaches("2027-01-09 09:00")
    admin.sees("Kabar yang menunggu")
    await office.reaches("2027-04-07 08:00")
    await admin.says("/hasil")
    admin.sees("Triwulan I 2027", "83,72 – B (Baik)", "9 responden")


@pytest.mark.slow
@ON_SQLITE
def test_its_backup_is_restored_into_either_database(
    left: str, target: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "cadangan.db"
    with closing(Database(left)) as database:
        backup.take(database, copy)
    backup.restore(copy, target)
    with target.read() as db:
        period = periods.latest_locked(db, "ikm")
        assert period is not None
        known = instruments.known(db)
        (result,) = results.of_periods(db, known, [period])
        blocks = merged(*(block.counts.total() for block in result.blocks))
        assert str(score(known[period.instrument_id].instrument, blocks).ikm) == "80.35"
        assert schema.is_current(db)
