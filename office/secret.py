"""The master secret: made once, told again by a mark in the database, never replaced by itself."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import closing
from pathlib import Path
from typing import Literal

from office.config import Config, ConfigError
from scoring import os_reasons
from storage import people
from storage.database import Database, Db
from storage.maintenance import schema
from storage.settings import program_state

BYTES = 32
TRIES = 20  # to read a file that another process has only just made


class SecretChanged(Exception):
    """Kunci rahasia tidak cocok dengan basis data ini; kembalikan berkas kunci dari cadangan.

    Bila kunci itu hilang untuk selamanya, pindahkan berkas yang salah, lalu: puas key --baru.
    """


class KeyMissing(SecretChanged):
    """Kunci rahasia kantor ini tidak ada; kembalikan berkas kunci dari cadangan.

    Bila kunci itu hilang untuk selamanya: puas key --baru.
    """


class DatabaseMissing(Exception):
    """Kunci rahasia sudah ada, tetapi basis datanya tidak ada atau masih kosong.

    Kembalikan basis data itu (puas restore); bila ini memang kantor baru: puas run --kantor-baru.
    """


def read(path: Path) -> bytes:
    """The master secret; made with mode 0600 when the file is absent."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = _whole(path)
        if len(found) < BYTES:
            raise ConfigError(
                f"secret_file: {path} terlalu pendek; kembalikan dari cadangan, atau hapus bila"
                " kantor ini belum punya jawaban."
            ) from None
        return found
    except OSError as error:
        raise ConfigError(
            f"secret_file: {path} tidak dapat dibuat ({os_reasons.reason(error)})."
        ) from None
    made = secrets.token_bytes(BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made


def of_office(config: Config, *, new_office: bool = False) -> bytes:
    """As `of_database`, of the office's database."""
    with closing(Database(config.database.url.get_secret_value())) as database:
        return of_database(database, config.secret_file, new_office=new_office)


def of_database(database: Database, path: Path, *, new_office: bool = False) -> bytes:
    """The secret of this office; a new one only for a database that has none yet.

    The tables are made before the key, and the mark after it. So a key beside a database without
    tables is the key of a database that was lost, and a start that was killed can be repeated.

    Args:
        new_office: an empty database beside a key is meant to become an office.

    Raises:
        KeyMissing: the file is gone, and the database knows that there was one.
        DatabaseMissing: the file is there, and the database is gone or empty.
    """
    had_key, state = path.exists(), _state(database)
    if not had_key and state == "marked" and not path.exists():
        raise KeyMissing  # a process that starts at the same time makes file, then mark
    if had_key and state == "empty" and not new_office:
        raise DatabaseMissing
    if state == "empty":
        schema.migrate(database)
    return read(path)


def _state(database: Database) -> Literal["empty", "unmarked", "marked"]:
    """Whether the database has tables, and the mark of a key."""
    if not database.exists():
        return "empty"
    with database.read() as db:
        if not schema.is_migrated(db):
            return "empty"
        return "unmarked" if program_state.secret_mark(db) is None else "marked"


def _whole(path: Path) -> bytes:
    """What the file holds; one that another process has only just made is waited for."""
    for _ in range(TRIES):
        found = _readable(path)
        if len(found) >= BYTES:
            break
        time.sleep(0.02)
    return found


def _readable(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"secret_file: {path} tidak terbaca ({os_reasons.reason(error)}); periksa izinnya."
        ) from None


def replace(db: Db, path: Path) -> None:
    """Make a new key for a database whose key is lost: its persons become strangers.

    Chosen languages are deleted, since nobody's can be looked up any more.

    Raises:
        ConfigError: the file cannot be made.
    """
    program_state.change_secret_mark(db, mark(read(path)))
    people.forget_languages(db)


def must_match(db: Db, secret: bytes) -> None:
    """Refuse another secret: with it nobody is recognised, and everybody could rate again."""
    program_state.seed_secret_mark(db, mark(secret))
    if program_state.secret_mark(db) != mark(secret):
        raise SecretChanged


def mark(secret: bytes) -> str:
    """The value by which a database recognises its secret."""
    return people.person_key(secret, 0).hex()
