"""`puas backup` and `puas restore`: write the database to one SQLite file, and load it again."""

from __future__ import annotations

from pathlib import Path

from cli import command
from cli.command import CommandRefused
from office import backups
from office import secret as master_secret
from office.config import Config
from storage.database import Database
from storage.maintenance import backup, schema
from storage.settings import program_state


def take(out: Path, config_file: Path | None) -> int:
    """Write the backup; return the exit code."""

    def work(_config: Config, database: Database) -> str:
        if not database.exists():
            raise CommandRefused("basis data belum ada; tidak ada yang dicadangkan.")
        with database.read() as db:
            if not schema.is_migrated(db):
                raise CommandRefused("basis data masih kosong; tidak ada yang dicadangkan.")
            if not database.is_sqlite and not schema.is_current(db):
                raise CommandRefused(
                    "skema basis data masih lama; cadangkan dengan program yang lama."
                )
        with command.new_files(out):
            backup.take(database, out)
            backup.check(out)
        return f"cadangan ditulis ke {out} dan sudah diperiksa; kunci rahasia tidak ikut."

    return command.run(
        "backup", config_file, "cadangan tidak dibuat.", work, skip_schema_check=True
    )


def restore(backup_file: Path, config_file: Path | None) -> int:
    """Load the backup into the configured, empty database; return the exit code."""

    def work(config: Config, database: Database) -> str:
        if not backup_file.exists():
            raise CommandRefused("berkas itu tidak ada.")
        undone = backups.erasures_undone(config, backup_file)
        backup.restore(backup_file, database)
        told = f"{backup_file} dipulihkan."
        if undone:
            told += (
                f" Cadangan ini dibuat sebelum {undone} permintaan /hapus_data, sehingga jawaban"
                " yang sudah dihapus itu kembali; pakai cadangan yang lebih baru bila ada."
            )
        return f"{told}{_key_instruction(config, database)}"

    return command.run(
        "restore", config_file, f"{backup_file}: tidak dipulihkan.", work, skip_schema_check=True
    )


def _key_instruction(config: Config, database: Database) -> str:
    """What to do about the key, unless the matching key file exists."""
    with database.read() as db:
        stored_mark = program_state.secret_mark(db)
    path = config.secret_file
    if stored_mark is None or (
        path.exists() and master_secret.mark(master_secret.read(path)) == stored_mark
    ):
        return ""
    return f" Taruh kunci pasangannya di {path} sebelum puas run."
