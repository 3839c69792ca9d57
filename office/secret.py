"""The master secret: made once, told again by a mark in the database, never replaced by itself."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from office.config import Config, ConfigError
from storage import people, schema
from storage.database import Database, Db
from storage.settings import program_state

BYTES = 32
TRIES = 20  # to read a file that another process has only just made


class SecretChanged(Exception):
    """Kunci rahasia tidak cocok dengan basis data ini; kembalikan berkas kunci dari cadangan."""


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
        raise ConfigError(f"secret_file: {path} tidak dapat dibuat ({error.strerror}).") from None
    made = secrets.token_bytes(BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made


def of_office(config: Config) -> bytes:
    """The secret of this office; a new one only for a database that has none yet.

    Raises:
        SecretChanged: the file is gone, and the database knows that there was one.
    """
    path = config.secret_file
    if not path.exists() and _is_known(config) and not path.exists():
        raise SecretChanged  # a process that starts at the same time makes file, then mark
    return read(path)


def _is_known(config: Config) -> bool:
    url = config.database.url.get_secret_value()
    database = Database(url)
    try:
        if not database.exists():
            return False
        with database.read() as db:
            return schema.is_migrated(db) and program_state.secret_mark(db) is not None
    finally:
        database.close()


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
            f"secret_file: {path} tidak terbaca ({error.strerror}); periksa izinnya."
        ) from None


def must_match(db: Db, secret: bytes) -> None:
    """Refuse another secret: with it nobody is recognised, and everybody could rate again."""
    program_state.seed_secret_mark(db, mark(secret))
    if program_state.secret_mark(db) != mark(secret):
        raise SecretChanged


def mark(secret: bytes) -> str:
    """The value by which a database recognises its secret."""
    return people.person_key(secret, 0).hex()
