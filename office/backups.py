"""The nightly backup: taken and tried out beside the running bot; an admin hears when it fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import structlog

from office import notices
from office.config import Config
from office.logs import place_of
from office.office import Do, Office
from office.periods import division, recount
from scoring import ikm
from storage import instruments, periods, results
from storage.database import DatabaseTrouble, Db, file_of
from storage.maintenance import backup
from storage.maintenance.backup import NotABackup
from storage.maintenance.schema import NewerSchema
from storage.settings import program_state
from storage.settings.program_state import LastBackup
from storage.survey import erasures, tallies

log = structlog.get_logger()

LEASE = timedelta(hours=2)  # of the real clock; a process that makes a backup may die at it
FOLDER = "cadangan"
NAMES = "puas-????-??-??.db"
KEPT = 14
FROM = time(1)  # of the office's clock


def folder_of(config: Config) -> Path:
    """As configured; else beside SQLite's file, and for a database elsewhere beside the key."""
    if config.database.backups is not None:
        return config.database.backups.absolute()
    path = file_of(config.database.url.get_secret_value()) or config.secret_file
    return path.absolute().parent / FOLDER


@dataclass(slots=True)
class Backups:
    """One office's backups in its folder."""

    office: Office
    do: Do
    folder: Path

    async def nightly(self) -> None:
        """The backup of this day, unless it was made or is being made."""
        now = self.office.clock()
        here = now.astimezone(self.office.calendar.zone)
        day, real_now = here.date(), datetime.now(UTC)
        if here.time() < FROM or not await self.do(
            lambda db: program_state.claim_backup(db, day, real_now, real_now + LEASE)
        ):
            return
        out = self.folder / f"puas-{day}.db"
        erasure = await asyncio.to_thread(self._make, out)
        await self.do(lambda db: _record_result(db, self.office, now, day, out, erasure))

    def _make(self, out: Path) -> int | None:
        """Make the backup; the newest erasure that all kept ones have lost; None: it failed."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = out.with_suffix(".sebagian")
            part.unlink(missing_ok=True)
            backup.take(self.office.database, part)
            verify(part)
            part.replace(out)
            return self._delete_and_forget()
        except Exception as error:  # noqa: BLE001 # the edge of a backup: whatever it was, it is told
            log.error("backup failed", error=place_of(error))
            return None

    def _delete_and_forget(self) -> int:
        """Keep the newest backups; they lose what was deleted since; the last erasure."""
        found = sorted(self.folder.glob(NAMES))
        for old in found[:-KEPT]:
            old.unlink()
        with self.office.database.read() as db:
            locked = [each.id for each in periods.of_kind(db, "ikm") if each.status == "locked"]
            erased, erasure = erasures.pending(db), erasures.newest(db)
        for old in found[-KEPT:]:
            try:
                backup.forget(old, locked, erased, erasure)
            except (NotABackup, NewerSchema, DatabaseTrouble) as error:
                log.error("an older backup is of no use", file=old.name, error=place_of(error))
        return erasure


def erasures_undone(config: Config, copy: Path) -> int:
    """How many erasures the newest nightly backup knows that restoring this one undoes."""
    nightly = sorted(folder_of(config).glob(NAMES))
    try:
        return backup.erasures_undone(copy, nightly[-1]) if nightly else 0
    except (NotABackup, NewerSchema, DatabaseTrouble):
        return 0


def verify(copy: Path) -> None:
    """Open a backup as a restore would, and count its newest locked period again.

    Raises:
        NotABackup: it is damaged, or gives another index than it tells.
        Differs
    """
    backup.check(copy)
    database = backup.as_database(copy)
    try:
        with database.read() as db:
            locked = periods.latest_locked(db, "ikm")
            if locked is None:
                return
            known = instruments.known(db)
            stored = results.of_periods(db, known, [locked])
            together = [*periods.running_into(db, locked.id), locked]
            counted = recount.together(
                [recount.of_period(db, known[one.instrument_id], one.id).read for one in together]
            )
    finally:
        database.close()
    registered = known[locked.instrument_id]
    recounted = ikm.score(registered.instrument, division.tally(registered, counted))
    whole = tallies.summed([block.counts for one in stored for block in one.blocks]).total()
    if stored and ikm.score(registered.instrument, whole) != recounted:
        raise NotABackup


def _record_result(
    db: Db, office: Office, now: datetime, day: date, out: Path, erasure: int | None
) -> None:
    program_state.end_backup(db, day, LastBackup(now, erasure is not None, out.name))
    if erasure is not None:
        erasures.note_copied(db, erasure)
    else:
        notices.tell_admins(db, office.words.office.backup_failed(folder=str(out.parent)), now)
