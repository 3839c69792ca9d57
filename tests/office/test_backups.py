"""The nightly backup, and the commands `puas backup` and `puas restore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from office.backups import LEASE, Backups, verify
from storage.database import Db
from storage.maintenance import backup
from storage.maintenance.backup import NotABackup
from storage.periods import Differs
from storage.settings import program_state, rows
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.shell import puas
from tests.storage.office_fixture import OfficeFixture

pytestmark = BOTH_DATABASES

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
def folder(office: Harness) -> Path:
    """The folder of the nightly backups."""
    return office.folder / "cadangan"


async def run_nightly_backup(office: Harness, moment: str) -> None:
    """Run the nightly job at this moment."""
    await office.waits(seconds=2)
    await office.reaches(moment)
    await office.app.back_up()
    await office.works()


def file_names(folder: Path) -> list[str]:
    """The names of the files in the folder, sorted."""
    return sorted(path.name for path in folder.glob("*"))


def mode(path: Path) -> int:
    """The permission bits."""
    return path.stat().st_mode & 0o777


def files_containing(folder: Path, secret: bytes) -> list[str]:
    """The names of the files that contain these bytes."""
    return [path.name for path in sorted(folder.iterdir()) if secret in path.read_bytes()]


def create_backups_of_june(folder: Path) -> None:
    """Create sixteen empty backups of June, and another file."""
    folder.mkdir()
    (folder / "catatan.txt").write_text("milik operator")
    for day in range(1, 17):
        (folder / f"puas-2026-06-{day:02}.db").touch()


@contextmanager
def blocked_by_a_file(folder: Path) -> Iterator[None]:
    """Put a file in the place of the folder while the block runs."""
    folder.write_text("bukan folder")
    yield
    folder.unlink()


async def execute(office: Harness, sql: str) -> None:
    """Run a statement on the database, as an intruder or an operator could."""

    def run(db: Db) -> None:
        db.exec_driver_sql(sql)

    await office.app.turns.do(run)


@pytest.mark.slow
async def test_each_night_makes_one_backup_and_verifies_it(
    citizen: Actor, admin: Actor, office: Harness, folder: Path
) -> None:
    await citizen.rates(*NINE)
    await run_nightly_backup(office, "2026-07-07 00:30")
    assert file_names(folder) == []
    for hour in ("01:10", "01:20", "13:00"):
        await run_nightly_backup(office, f"2026-07-07 {hour}")
    assert file_names(folder) == ["puas-2026-07-07.db"]
    assert (mode(folder), mode(folder / "puas-2026-07-07.db")) == (0o700, 0o600)
    copy = backup.as_database(folder / "puas-2026-07-07.db")
    OfficeFixture.reopened(copy).agrees()
    copy.close()
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Cadangan terakhir: 7 Jul 2026 01.10")


def dies(db: Db, began: datetime) -> bool:
    """A process claims the backup of 7 July, makes none, and has no claim before this one."""
    day = date(2026, 7, 7)
    rows.forget(db, [f"{program_state.BACKUP_CLAIM}{day.isoformat()}"])
    return program_state.claim_backup(db, day, began, began + LEASE)


async def test_a_backup_whose_process_died_is_made_later_that_day(
    office: Harness, folder: Path
) -> None:
    now = datetime.now(UTC)
    for began, made in ((now, []), (now - LEASE, ["puas-2026-07-07.db"])):
        assert await office.app.turns.do(partial(dies, began=began))
        await run_nightly_backup(office, "2026-07-07 01:10")
        assert file_names(folder) == made


async def test_the_last_fourteen_backups_are_kept(office: Harness, folder: Path) -> None:
    create_backups_of_june(folder)
    await run_nightly_backup(office, "2026-07-07 02:00")
    assert len(file_names(folder)) == 15
    assert file_names(folder)[0] == "catatan.txt"
    assert file_names(folder)[1] == "puas-2026-06-04.db"
    last = await office.app.office.read(program_state.last_backup)
    assert last is not None
    assert last.ok


async def test_an_admin_is_notified_of_a_failed_backup(
    admin: Actor, office: Harness, folder: Path
) -> None:
    with blocked_by_a_file(folder):
        await run_nightly_backup(office, "2026-07-07 02:00")
    admin.sees("Cadangan malam ini gagal")
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Cadangan terakhir: ⚠ gagal · 7 Jul 2026 02.00")
    await run_nightly_backup(office, "2026-07-08 02:00")
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Cadangan terakhir: 8 Jul 2026 02.00")


async def test_one_of_two_processes_makes_the_backup(office: Harness, tmp_path: Path) -> None:
    await run_nightly_backup(office, "2026-07-07 02:00")
    other = Backups(office.app.office, office.app.turns.do, tmp_path / "lain")
    await other.nightly()
    assert not other.folder.exists()


async def test_a_backup_whose_locked_figures_were_changed_is_refused(
    office: Harness, tmp_path: Path
) -> None:
    await respondents.rate_and_lock(office, [Respondent(NINE) for _ in range(5)])
    backup.take(office.app.office.database, tmp_path / "baik.db")
    verify(tmp_path / "baik.db")
    await execute(office, "UPDATE answer SET nilai = 1 WHERE nilai = 4")
    backup.take(office.app.office.database, tmp_path / "salah.db")
    with pytest.raises(NotABackup):
        verify(tmp_path / "salah.db")
    await execute(office, "UPDATE result SET n = 99")
    backup.take(office.app.office.database, tmp_path / "lebih-salah.db")
    with pytest.raises(Differs):
        verify(tmp_path / "lebih-salah.db")


@pytest.mark.slow
async def test_after_a_lock_no_older_backup_identifies_a_person(
    citizen: Actor, office: Harness, folder: Path
) -> None:
    await citizen.rates(*NINE)
    await respondents.rate(office, [Respondent(NINE) for _ in range(4)])
    await run_nightly_backup(office, "2026-10-06 02:00")
    ((_, salt),) = office.stored.period_status_and_salt("2026-TW3")
    owner = office.stored.owners()[0][0]
    assert (
        files_containing(folder, salt) == files_containing(folder, owner) == ["puas-2026-10-06.db"]
    )
    await office.reaches("2026-10-07 08:00")
    await run_nightly_backup(office, "2026-10-08 02:00")
    assert file_names(folder) == ["puas-2026-10-06.db", "puas-2026-10-08.db"]
    assert files_containing(folder, salt) == files_containing(folder, owner) == []
    verify(folder / "puas-2026-10-06.db")


@pytest.mark.slow
async def test_an_erasure_reaches_the_nightly_backups_the_same_night(
    citizen: Actor, person: Callable[..., Actor], office: Harness, folder: Path
) -> None:
    others = [person(number) for number in range(201, 206)]
    for one in (citizen, *others):
        await one.rates(*NINE)
    await citizen.fills("Kursi di loket patah", "[Tambahkan sebagai saran]")
    await run_nightly_backup(office, "2026-07-07 01:10")
    owners = {owner for owner, _ in office.stored.owners()}
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    (erased,) = owners - {owner for owner, _ in office.stored.owners()}
    said = b"Kursi di loket patah"
    for gone in (erased, said):
        assert files_containing(folder, gone) == ["puas-2026-07-07.db"]
    await run_nightly_backup(office, "2026-07-08 01:10")
    await run_nightly_backup(office, "2026-07-09 01:10")
    for gone in (erased, said):
        assert files_containing(folder, gone) == []
    assert erased not in office.everything().encode("unicode_escape")
    older = backup.as_database(folder / "puas-2026-07-07.db")
    fixture = OfficeFixture.reopened(older)
    assert fixture.count("response") == 5
    fixture.agrees()
    older.close()
    verify(folder / "puas-2026-07-07.db")


@pytest.mark.process
@pytest.mark.http
async def test_restoring_an_older_backup_tells_how_many_erasures_it_undoes(
    citizen: Actor, office: Harness, folder: Path
) -> None:
    await citizen.rates(*NINE)
    backup.take(office.app.office.database, office.folder / "lama.db")
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    await run_nightly_backup(office, "2026-07-07 02:00")
    office.url = f"sqlite:///{office.folder / 'baru.db'}"
    undoing = await puas(office, "restore", "lama.db")
    assert undoing.code == 0, undoing.err
    assert "sebelum 1 permintaan /hapus_data" in undoing.out
    (office.folder / "baru.db").unlink()
    newest = await puas(office, "restore", str(folder / "puas-2026-07-07.db"))
    assert (newest.code, "/hapus_data" in newest.out) == (0, False)


@pytest.mark.process
@pytest.mark.http
async def test_an_operator_makes_a_backup_and_restores_it(citizen: Actor, office: Harness) -> None:
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
async def test_a_restore_without_the_key_says_what_is_missing(office: Harness) -> None:
    await puas(office, "backup", "cadangan.db")
    (office.folder / "puas.key").rename(office.folder / "lain.key")
    office.url = f"sqlite:///{office.folder / 'baru.db'}"
    restored = await puas(office, "restore", "cadangan.db")
    assert "Taruh kunci pasangannya di" in restored.out
    assert not (office.folder / "puas.key").exists()


@pytest.mark.process
@pytest.mark.http
async def test_a_failed_backup_or_restore_is_answered_with_one_sentence(office: Harness) -> None:
    (office.folder / "teks.db").write_text("bukan cadangan")
    office.url = f"sqlite:///{office.folder / 'kosong.db'}"
    for arguments, sentence in (
        (("backup", "a.db"), "basis data belum ada"),
        (("restore", "teks.db"), "bukan cadangan Puas yang utuh"),
        (("restore", "tidak-ada.db"), "berkas itu tidak ada"),
    ):
        ended = await puas(office, *arguments)
        assert (ended.code, sentence in ended.err) == (2, True), ended
    assert not (office.folder / "kosong.db").exists()
    assert not (office.folder / "a.db").exists()
