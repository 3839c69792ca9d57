"""The nightly backup: taken and tried out beside the running bot; an admin hears when it fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import structlog

from office import notices
from office.config import Config
from office.logs import place_of
from office.office import Do, Office
from office.periods import recount
from storage import backup, instruments, periods, results, settings
from storage.backup import NotABackup
from storage.database import Database, DatabaseTrouble, Db
from storage.tables import Scope

log = structlog.get_logger()

LAST = "backup:last"  # setting: {"at", "ok", "file"}
CLAIMED = "backup:on:"  # settings: days whose backup a process has in hand until then, or DONE
DONE = 1
LEASE = timedelta(hours=2)  # of the real clock; a process that makes a backup may die at it
FOLDER = "cadangan"
KEPT = 14
FROM = time(1)  # of the office's clock


def folder_of(config: Config) -> Path:
    """As configured; else beside SQLite's file, and for a database elsewhere beside the key."""
    if config.database.backups is not None:
        return config.database.backups.absolute()
    with_file = Database(config.database.url.get_secret_value())
    place = Path(with_file.url.database or "") if with_file.is_sqlite else config.secret_file
    with_file.close()
    return place.absolute().parent / FOLDER


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
        day = here.date().isoformat()
        if here.time() < FROM or not await self.do(
            partial(_claimed, day=day, real_now=datetime.now(UTC))
        ):
            return
        out = self.folder / f"puas-{day}.db"
        ok = await asyncio.to_thread(self._made, out)
        await self.do(lambda db: _told(db, self.office, now, day, out, ok))

    def _made(self, out: Path) -> bool:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = out.with_suffix(".sebagian")
            part.unlink(missing_ok=True)
            backup.take(self.office.database, part)
            tried(part)
            part.replace(out)
            self._aged()
        except Exception as error:  # noqa: BLE001 # the edge of a backup: whatever it was, it is told
            log.error("backup failed", error=place_of(error))
            return False
        return True

    def _aged(self) -> None:
        """Only the newest stay, and none knows more of a locked period than the database."""
        found = sorted(self.folder.glob("puas-????-??-??.db"))
        for old in found[:-KEPT]:
            old.unlink()
        with self.office.database.read() as db:
            both = [*periods.of_kind(db, "ikm"), *periods.of_kind(db, "unit")]
        locked = [each.id for each in both if each.status == "locked"]
        for old in found[-KEPT:-1]:
            try:
                backup.anonymize(old, locked)
            except (NotABackup, DatabaseTrouble) as error:
                log.error("an older backup is of no use", file=old.name, error=place_of(error))


def tried(copy: Path) -> None:
    """Open a backup as a restore would, and count its newest locked period again.

    Raises:
        NotABackup: it is damaged, or gives another index than it tells.
        results.Differs
    """
    backup.check(copy)
    database = backup.as_database(copy)
    try:
        with database.read() as db:
            locked = periods.latest_locked(db, "ikm")
            if locked is None:
                return
            registered = instruments.known(db)[locked.instrument_id]
            told = results.of_period(db, registered, locked.id).get((Scope.OFFICE, 0))
            counted = recount.of_period(db, registered, locked.id).found.get((Scope.OFFICE, 0))
    finally:
        database.close()
    if (told and told.fingerprint) != (counted and counted.fingerprint):
        raise NotABackup


def _claimed(db: Db, day: str, real_now: datetime) -> bool:
    """Whether this process makes the day's backup; days before are forgotten."""
    until = settings.locked_value(db, CLAIMED + day)
    if until is not None and until != DONE and datetime.fromisoformat(until) < real_now:
        settings.forget(db, CLAIMED + day)
    if not settings.claim(db, CLAIMED + day, (real_now + LEASE).isoformat()):
        return False
    for other in settings.under(db, CLAIMED):
        if other != day:
            settings.forget(db, CLAIMED + other)
    return True


def _told(db: Db, office: Office, now: datetime, day: str, out: Path, ok: bool) -> None:
    settings.put(db, CLAIMED + day, DONE)
    settings.put(db, LAST, {"at": now.isoformat(), "ok": ok, "file": out.name})
    if not ok:
        notices.tell_admins(db, office.words.office.backup_failed(folder=str(out.parent)), now)
