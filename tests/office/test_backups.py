"""The nightly backup, and `puas backup` and `puas restore` as an operator types them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from office.backups import LEASE, Backups, tried
from storage import backup, results
from storage.backup import NotABackup
from storage.database import Db
from storage.settings import program_state, rows
from tests.shell import puas
from tests.stage import BOTH, Actor, Stage
from tests.storage.office_fixture import OfficeFixture

pytestmark = BOTH

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
def folder(office: Stage) -> Path:
    """Where the nightly backups go."""
    return office.folder / "cadangan"


async def night(office: Stage, moment: str) -> None:
    """The scheduler calls at this hour."""
    await office.waits(seconds=2)
    await office.reaches(moment)
    await office.app.back_up()
    await office.works()


def kept(folder: Path) -> list[str]:
    """The files that are there."""
    return sorted(path.name for path in folder.glob("*"))


def mode(path: Path) -> int:
    """Who may read it."""
    return path.stat().st_mode & 0o777


def held(folder: Path, secret: bytes) -> list[str]:
    """Which files have these bytes in them."""
    return [path.name for path in sorted(folder.iterdir()) if secret in path.read_bytes()]


def sixteen_nights(folder: Path) -> None:
    """Backups of June, and a file that is none."""
    folder.mkdir()
    (folder / "catatan.txt").write_text("milik operator")
    for day in range(1, 17):
        (folder / f"puas-2026-06-{day:02}.db").touch()


@contextmanager
def in_the_way(folder: Path) -> Iterator[None]:
    """A file stands where the folder should be."""
    folder.write_text("bukan folder")
    yield
    folder.unlink()


async def executed(office: Stage, sql: str) -> None:
    """Somebody meddles with the database."""

    def meddle(db: Db) -> None:
        db.exec_driver_sql(sql)

    await office.app.turns.do(meddle)


async def test_each_night_makes_one_backup_and_verifies_it(
    citizen: Actor, admin: Actor, office: Stage, folder: Path
) -> None:
    await citizen.rates(*NINE)
    await night(office, "2026-07-07 00:30")
    assert kept(folder) == []
    for hour in ("01:10", "01:20", "13:00"):
        await night(office, f"2026-07-07 {hour}")
    assert kept(folder) == ["puas-2026-07-07.db"]
    assert (mode(folder), mode(folder / "puas-2026-07-07.db")) == (0o700, 0o600)
    copy = backup.as_database(folder / "puas-2026-07-07.db")
    OfficeFixture.reopened(copy).agrees()
    copy.close()
    await admin.says("/status")
    admin.sees("Cadangan terakhir: 7 Jul 2026 01.10")


def dies(db: Db, began: datetime) -> bool:
    """A process claims the backup of 7 July, makes none, and has no claim before this one."""
    day = date(2026, 7, 7)
    rows.forget(db, [f"{program_state.BACKUP_CLAIM}{day.isoformat()}"])
    return program_state.claim_backup(db, day, began, began + LEASE)


async def test_a_backup_whose_process_died_is_made_later_that_day(
    office: Stage, folder: Path
) -> None:
    now = datetime.now(UTC)
    for began, made in ((now, []), (now - LEASE, ["puas-2026-07-07.db"])):
        assert await office.app.turns.do(partial(dies, began=began))
        await night(office, "2026-07-07 01:10")
        assert kept(folder) == made


async def test_the_last_fourteen_backups_are_kept(office: Stage, folder: Path) -> None:
    sixteen_nights(folder)
    await night(office, "2026-07-07 02:00")
    assert len(kept(folder)) == 15
    assert kept(folder)[0] == "catatan.txt"
    assert kept(folder)[1] == "puas-2026-06-04.db"
    last = await office.app.office.read(program_state.last_backup)
    assert last is not None
    assert last.ok


async def test_an_admin_is_notified_of_a_failed_backup(
    admin: Actor, office: Stage, folder: Path
) -> None:
    with in_the_way(folder):
        await night(office, "2026-07-07 02:00")
    admin.sees("Cadangan malam ini gagal")
    await admin.says("/status")
    admin.sees("Cadangan terakhir: ⚠ gagal · 7 Jul 2026 02.00")
    await night(office, "2026-07-08 02:00")
    await admin.says("/status")
    admin.sees("Cadangan terakhir: 8 Jul 2026 02.00")


async def test_one_of_two_processes_makes_the_backup(office: Stage, tmp_path: Path) -> None:
    await night(office, "2026-07-07 02:00")
    other = Backups(office.app.office, office.app.turns.do, tmp_path / "lain")
    await other.nightly()
    assert not other.folder.exists()


async def test_a_backup_whose_locked_figures_were_changed_is_refused(
    citizen: Actor, office: Stage, tmp_path: Path
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    backup.take(office.app.office.database, tmp_path / "baik.db")
    tried(tmp_path / "baik.db")
    await executed(office, "UPDATE answer SET nilai = 1 WHERE nilai = 4")
    backup.take(office.app.office.database, tmp_path / "salah.db")
    with pytest.raises(NotABackup):
        tried(tmp_path / "salah.db")
    await executed(office, "UPDATE result SET ikm = '99.99'")
    backup.take(office.app.office.database, tmp_path / "lebih-salah.db")
    with pytest.raises(results.Differs):
        tried(tmp_path / "lebih-salah.db")


async def test_after_a_lock_no_older_backup_identifies_a_person(
    citizen: Actor, office: Stage, folder: Path
) -> None:
    await citizen.rates(*NINE)
    await night(office, "2026-10-06 02:00")
    ((_, salt),) = office.stored.period_status_and_salt("2026-TW3")
    owner = office.stored.keys_and_owners()[0][1]
    assert held(folder, salt) == held(folder, owner) == ["puas-2026-10-06.db"]
    await office.reaches("2026-10-07 08:00")
    await night(office, "2026-10-08 02:00")
    assert kept(folder) == ["puas-2026-10-06.db", "puas-2026-10-08.db"]
    assert held(folder, salt) == held(folder, owner) == []
    tried(folder / "puas-2026-10-06.db")


@pytest.mark.process
@pytest.mark.http
async def test_an_operator_makes_a_backup_and_restores_it(citizen: Actor, office: Stage) -> None:
    await citizen.rates(*NINE)
    made = await puas(office, "backup", "cadangan.db")
    assert (made.code, made.err) == (0, "")
    assert "sudah diperiksa; kunci rahasia tidak ikut" in made.out
    assert (office.folder / "puas.key").read_bytes() not in (
        office.folder / "cadangan.db"
    ).read_bytes()
    again = await puas(office, "backup", "cadangan.db")
    assert (again.code, "sudah ada" in again.err) == (2, True)
    occupied = await puas(office, "restore", "cadangan.db")
    assert (occupied.code, "Basis data tujuan sudah berisi" in occupied.err) == (2, True)
    office.url = f"sqlite:///{office.folder / 'baru.db'}"
    restored = await puas(office, "restore", "cadangan.db")
    assert (restored.code, restored.out) == (0, "puas restore: cadangan.db dipulihkan.\n")
    copy = backup.as_database(office.folder / "baru.db")
    OfficeFixture.reopened(copy).agrees()
    copy.close()


@pytest.mark.process
@pytest.mark.http
async def test_a_restore_without_the_key_says_what_is_missing(office: Stage) -> None:
    await puas(office, "backup", "cadangan.db")
    (office.folder / "puas.key").rename(office.folder / "lain.key")
    office.url = f"sqlite:///{office.folder / 'baru.db'}"
    restored = await puas(office, "restore", "cadangan.db")
    assert "Taruh kunci pasangannya di" in restored.out
    assert not (office.folder / "puas.key").exists()


@pytest.mark.process
@pytest.mark.http
async def test_a_failed_backup_or_restore_is_answered_with_one_sentence(office: Stage) -> None:
    (office.folder / "teks.db").write_text("bukan cadangan")
    office.url = f"sqlite:///{office.folder / 'kosong.db'}"
    for arguments, sentence in (
        (("backup", "a.db"), "basis data belum ada"),
        (("restore", "teks.db"), "bukan cadangan Puas yang utuh"),
        (("restore", "tidak-ada.db"), "bukan cadangan Puas yang utuh"),
    ):
        ended = await puas(office, *arguments)
        assert (ended.code, sentence in ended.err) == (2, True), ended
    assert not (office.folder / "kosong.db").exists()
    assert not (office.folder / "a.db").exists()
