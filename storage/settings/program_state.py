"""Settings of the running program: when it was alive, its secret, its backups, its counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Db
from storage.settings import rows

ALIVE_AT, TICKED_AT = "alive_at", "ticked_at"
DELETED_ON = "deleted_on"  # the day of a deletion that has not left the files
POLLER = "poller:"  # then the name of a process: when it noted that it polls
STRANGER = "stranger_polled_at"
MARK_OF_KEY = "secret"
LAST_BACKUP = "backup:last"
BACKUP_CLAIM = "backup:on:"  # then the day: until when the claim is valid, or BACKUP_DONE
BACKUP_DONE = 1
WRONG_CODES = "klaim.salah"  # person → [wrong claim codes, until when they count]
CLOCK_DOUBT = "clock_doubt:"  # then the computer: since when, by its own clock
PULSE_WEEK = "denyut"
INTRODUCTION = "perkenalan:"  # then the bot: {marks, wait_until}
JUMPS = "lonjakan:"  # then the newest day whose channels were compared with the days before


def alive_at(db: Db) -> datetime | None:
    """When updates last came through; None before the first one."""
    text = rows.value(db, ALIVE_AT)
    return None if text is None else datetime.fromisoformat(text)


def note_alive(db: Db, at: datetime) -> None:
    """Note that updates come through."""
    rows.put(db, ALIVE_AT, at.isoformat())


def note_tick(db: Db, at: datetime) -> None:
    """Note a tick of the clock; as a write it fails where the disk is full."""
    rows.put(db, TICKED_AT, at.isoformat())


def note_poller(db: Db, name: str, real_now: datetime, forget_before: datetime) -> None:
    """Note that a process polls, and forget those that have not said so since that moment."""
    rows.put(db, f"{POLLER}{name}", real_now.isoformat())
    noted = rows.under(db, POLLER)
    rows.forget(
        db, [key for key, at in noted.items() if datetime.fromisoformat(at) < forget_before]
    )


def other_pollers(db: Db, name: str, since: datetime) -> list[str]:
    """The other processes that have noted since that moment that they poll."""
    noted = rows.under(db, POLLER)
    names = {key.removeprefix(POLLER): datetime.fromisoformat(at) for key, at in noted.items()}
    return [other for other, at in names.items() if other != name and at >= since]


def note_deletion(db: Db, day: date) -> None:
    """Note that rows were deleted on this day which must leave the files too."""
    rows.put(db, DELETED_ON, day.isoformat())


def deletion_day(db: Db) -> date | None:
    """The newest day of a deletion that has not left the files; None when all have."""
    day = rows.value(db, DELETED_ON)
    return None if day is None else date.fromisoformat(str(day))


def end_deletion(db: Db, day: date) -> None:
    """Note that what was deleted until this day has left the files."""
    if deletion_day(db) == day:
        rows.forget(db, [DELETED_ON])


def note_stranger(db: Db, real_now: datetime) -> datetime | None:
    """Note that a program unknown to this database polls; when that was noted before."""
    before = rows.locked_value(db, STRANGER)
    rows.put(db, STRANGER, real_now.isoformat())
    return None if before is None else datetime.fromisoformat(before)


def begin_clock_doubt(db: Db, computer: str, at: datetime) -> bool:
    """Note that a computer's clock disagrees with Telegram's; False when that is known."""
    return rows.claim(db, f"{CLOCK_DOUBT}{computer}", at.isoformat())


def end_clock_doubt(db: Db, computer: str) -> bool:
    """Note that a computer's clock agrees with Telegram's; False when it did before."""
    doubt = f"{CLOCK_DOUBT}{computer}"
    if rows.value(db, doubt) is None:
        return False
    rows.forget(db, [doubt])
    return True


def secret_mark(db: Db) -> str | None:
    """The mark of the master secret that this database belongs to; None in a new database."""
    mark: str | None = rows.value(db, MARK_OF_KEY)
    return mark


def seed_secret_mark(db: Db, mark: str) -> None:
    """Store the mark of the master secret, unless the database has one."""
    rows.seed(db, {MARK_OF_KEY: mark})


def change_secret_mark(db: Db, mark: str) -> None:
    """Store the mark of a new master secret."""
    rows.put(db, MARK_OF_KEY, mark)


def ticked_at(db: Db) -> datetime | None:
    """When the clock last ticked, in any process; None before the first tick."""
    text = rows.value(db, TICKED_AT)
    return None if text is None else datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last nightly backup: when, whether it succeeded, the name of its file."""

    at: datetime
    ok: bool
    file: str


def last_backup(db: Db) -> LastBackup | None:
    """The last nightly backup; None before the first one."""
    stored = rows.value(db, LAST_BACKUP)
    if stored is None:
        return None
    return LastBackup(datetime.fromisoformat(stored["at"]), stored["ok"], stored["file"])


def claim_backup(db: Db, day: date, real_now: datetime, lease_until: datetime) -> bool:
    """Claim the backup of a day for this process; claims of other days are deleted.

    Returns:
        False when it is done, or when the lease of another process still runs.
    """
    key = f"{BACKUP_CLAIM}{day.isoformat()}"
    lease = rows.locked_value(db, key)
    if lease is not None and lease != BACKUP_DONE and datetime.fromisoformat(lease) < real_now:
        rows.forget(db, [key])
    if not rows.claim(db, key, lease_until.isoformat()):
        return False
    rows.forget(db, [other for other in rows.under(db, BACKUP_CLAIM) if other != key])
    return True


def end_backup(db: Db, day: date, backup: LastBackup) -> None:
    """Note that the backup of a day was tried, and how it went."""
    rows.put(db, f"{BACKUP_CLAIM}{day.isoformat()}", BACKUP_DONE)
    written = {"at": backup.at.isoformat(), "ok": backup.ok, "file": backup.file}
    rows.put(db, LAST_BACKUP, written)


@dataclass(frozen=True, slots=True)
class WrongCodes:
    """How many wrong claim codes a person sent, and until when they count."""

    count: int
    until: datetime


def wrong_codes(db: Db) -> dict[str, WrongCodes]:
    """The wrong claim codes of each person, by a key of the person."""
    found = rows.value(db, WRONG_CODES) or {}
    return {
        person: WrongCodes(int(count), datetime.fromisoformat(until))
        for person, (count, until) in found.items()
    }


def note_wrong_codes(db: Db, found: Mapping[str, WrongCodes]) -> None:
    """Note the wrong claim codes of all persons."""
    written = {person: [each.count, each.until.isoformat()] for person, each in found.items()}
    rows.put(db, WRONG_CODES, written)


def forget_wrong_codes(db: Db) -> None:
    """Delete them: there is a new code, or it was used."""
    rows.forget(db, [WRONG_CODES])


@dataclass(frozen=True, slots=True)
class Introduction:
    """What was last set of a bot's own texts: marks by key; until when nothing is to be set."""

    marks: Mapping[str, str]
    wait_until: datetime | None


def introduction(db: Db, bot_id: int) -> Introduction:
    """What was last set of this bot's own texts."""
    stored = rows.value(db, f"{INTRODUCTION}{bot_id}") or {"marks": {}, "wait_until": None}
    until = stored["wait_until"]
    return Introduction(stored["marks"], None if until is None else datetime.fromisoformat(until))


def lock_introduction(db: Db, bot_id: int) -> None:
    """Let no other process set this bot's own texts until the transaction ends."""
    key = f"{INTRODUCTION}{bot_id}"
    rows.seed(db, {key: {"marks": {}, "wait_until": None}})
    rows.locked_value(db, key)


def note_introduction(
    db: Db, bot_id: int, marks: Mapping[str, str], wait_until: datetime | None
) -> None:
    """Note texts that were set now, beside those set before, and until when to wait."""
    until = None if wait_until is None else wait_until.isoformat()
    all_marks = {**introduction(db, bot_id).marks, **marks}
    rows.put(db, f"{INTRODUCTION}{bot_id}", {"marks": all_marks, "wait_until": until})


def pulse_week(db: Db) -> str | None:
    """The label of the week that the last weekly message was about."""
    label: str | None = rows.value(db, PULSE_WEEK)
    return label


def note_pulse_week(db: Db, label: str) -> None:
    """Note the week of a weekly message: each week has one."""
    rows.put(db, PULSE_WEEK, label)


def jumps_looked_for(db: Db, day: date) -> bool:
    """Whether a day's channels were compared with those of the days before."""
    return rows.value(db, f"{JUMPS}{day.isoformat()}") is not None


def note_jumps_looked_for(db: Db, day: date) -> bool:
    """Note that, and forget the earlier days; False when another process was first."""
    key = f"{JUMPS}{day.isoformat()}"
    if not rows.claim(db, key, 1):
        return False
    rows.forget(db, [other for other in rows.under(db, JUMPS) if other != key])
    return True
