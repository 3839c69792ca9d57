"""`puas key --baru`: a new key for an office that lost its own, after saying what that means."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from cli import command
from cli.command import CommandRefused
from office import secret as master_secret
from office.config import Config
from storage import audit
from storage.database import Database, Db
from storage.settings import program_state

RUNNING = timedelta(seconds=60)  # a running program ticks every 20 seconds
CONSEQUENCES = """\
Kunci baru berarti bot tidak lagi mengenali siapa pun dari periode yang belum dikunci:
- orang yang sudah menilai dapat menilai lagi pada periode yang sama;
- jawaban yang sudah dikirim tidak dapat lagi dihapus dengan /hapus_data;
- pilihan bahasa warga terhapus, dan ketukan lama pada tombol sesudah Kirim tidak berlaku.
Jawaban, angka, periode terkunci, admin, dan peran tetap. Kunci lama yang ditemukan kemudian tidak
dapat dipakai lagi. Cari dulu di cadangan kunci sebelum melanjutkan.
"""


def replace(where: Path | None, *, asked: bool) -> int:
    """Make the key and let the database know it; the exit code."""

    def work(config: Config, database: Database) -> str:
        path = config.secret_file
        with database.read() as db:
            _must_be_lost(db, path)
            ticked = program_state.ticked_at(db)
        now = command.now(config)
        if ticked is not None and abs(now - ticked) < RUNNING:
            raise CommandRefused(
                "program masih berjalan; hentikan dulu, tunggu semenit, lalu ulangi."
            )
        sys.stderr.write(CONSEQUENCES)
        if asked and not _agreed():
            raise CommandRefused("dibatalkan.")
        with ExitStack() as made:
            with database.write() as db:
                _must_be_lost(db, path)
                made.callback(path.unlink, missing_ok=True)
                master_secret.replace(db, path)
                audit.record(db, now, None, "kunci_baru", path.name)
            made.pop_all()
        return f"kunci baru ditulis ke {path}; cadangkan di tempat lain, lalu puas run."

    return command.run("key", where, "kunci tidak diganti.", work)


def _must_be_lost(db: Db, path: Path) -> None:
    """Raise CommandRefused while any key file stands at its place: it may be the right one."""
    if not path.exists():
        return
    if program_state.secret_mark(db) == master_secret.mark(master_secret.read(path)):
        raise CommandRefused(f"{path} ada dan cocok dengan basis data ini; tidak perlu kunci baru.")
    raise CommandRefused(
        f"{path} ada, tetapi bukan kunci kantor ini; pindahkan dulu ke folder lain."
    )


def _agreed() -> bool:
    sys.stderr.write("Ketik YA untuk membuat kunci baru: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().upper() == "YA"
