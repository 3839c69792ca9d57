"""`puas backup` and `puas restore`: the database as one SQLite file, out and back in."""

from __future__ import annotations

from pathlib import Path

from cli import command_context
from cli.command_context import NotReady
from office import secret as master_secret
from office.config import Config
from storage import backup, schema
from storage.database import Database
from storage.settings import program_state


def take(out: Path, where: Path | None) -> int:
    """Write the backup; the exit code."""

    def work(_config: Config, database: Database) -> str:
        if not database.exists():
            raise NotReady("basis data belum ada; tidak ada yang dicadangkan.")
        with database.read() as db:
            if not schema.is_migrated(db):
                raise NotReady("basis data masih kosong; tidak ada yang dicadangkan.")
            if not database.is_sqlite and not schema.is_current(db):
                raise NotReady("skema basis data masih lama; cadangkan dengan program yang lama.")
        with command_context.new_files(out):
            backup.take(database, out)
            backup.check(out)
        return f"cadangan ditulis ke {out} dan sudah diperiksa; kunci rahasia tidak ikut."

    return command_context.run("backup", where, "cadangan tidak dibuat.", work, any_state=True)


def restore(copy: Path, where: Path | None) -> int:
    """Fill the configured, empty database; the exit code."""

    def work(config: Config, database: Database) -> str:
        backup.restore(copy, database)
        return f"{copy} dipulihkan.{_key_missing(config, database)}"

    return command_context.run("restore", where, f"{copy}: tidak dipulihkan.", work, any_state=True)


def _key_missing(config: Config, database: Database) -> str:
    """What to do about the key, unless the right one stands there."""
    with database.read() as db:
        mark = program_state.secret_mark(db)
    path = config.secret_file
    if mark is None or (path.exists() and master_secret.mark(master_secret.read(path)) == mark):
        return ""
    return f" Taruh kunci pasangannya di {path} sebelum puas run."
