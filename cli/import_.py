"""`puas import`: paper answers of a file, a template for them, and a file undone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cli import command
from office.config import Config
from office.office import Calendar, Do, real_clock
from office.papers import paper_import
from office.papers.paper_import import Checked
from reports.handouts.paper_template import template_xlsx
from scoring import sheet_file
from storage.database import Database, Db

R = TypeVar("R")


def enter(file: Path, where: Path | None, *, dry: bool, sheet: str | None = None) -> int:
    """Check a file and, unless `dry`, write it; the exit code."""

    def work(config: Config, database: Database) -> str:
        data = sheet_file.content(file)
        now = command.now(config)
        least = config.survey.min_filled
        calendar = Calendar.from_schedule(config.schedule)
        checked = paper_import.check(database, calendar, least, file.name, data, now, sheet)
        sys.stderr.writelines(f"{note}\n" for note in checked.notes)
        if dry:
            return f"{_told(checked)}: semua baris baik. Tidak ada yang disimpan (--dry-run)."
        office = command.office_of(config, database)
        entering = paper_import.enter(_doing(database), office, checked, None, now, real_clock)
        number = asyncio.run(entering)
        if checked.late:
            return (
                f"{_told(checked)}: periodenya sudah dikunci, jadi diusulkan sebagai ralat (isian"
                f" kertas {number}). Angkanya berubah setelah Camat menyetujui di Telegram."
            )
        return (
            f"{_told(checked)}: masuk sebagai isian kertas {number}.\n"
            f"Membatalkannya: puas import --undo {number}"
        )

    return command.run("import", where, f"{file}: tidak ada yang dimasukkan.", work)


def undo(number: int, where: Path | None) -> int:
    """Take a batch out again; the exit code."""

    def work(config: Config, database: Database) -> str:
        now = command.now(config)
        batch = database.turn(lambda db: paper_import.undo(db, number, None, now))
        asyncio.run(paper_import.sweep(_doing(database), real_clock))
        return f"isian kertas {number} ({batch.filename}, {batch.rows} lembar) dibatalkan."

    return command.run("import", where, f"isian kertas {number} tidak dibatalkan.", work)


def template(out: Path, where: Path | None) -> int:
    """Write the template of this office; the exit code."""

    def work(_config: Config, database: Database) -> str:
        with database.read() as db:
            made = template_xlsx(paper_import.template_of(db))
        with command.new_files(out):
            out.write_bytes(made)
        return f"templat ditulis ke {out}."

    return command.run("import", where, "templat tidak dibuat.", work)


def _told(checked: Checked) -> str:
    parts = ", ".join(f"{label} {n}" for label, n in sorted(checked.by_period.items()))
    return f"{len(checked.slips)} lembar ({parts})"


def _doing(database: Database) -> Do:
    async def do(work: Callable[[Db], R]) -> R:
        return await asyncio.to_thread(database.turn, work)

    return do
