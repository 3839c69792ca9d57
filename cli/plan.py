"""`puas plan`: a plan written to a workbook, and a workbook taken into the plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cli import command
from cli.command import CommandRefused
from office import sheet_reader
from office.config import Config
from office.iku import plan_file
from office.iku.plan_file import Checked
from office.office import Calendar
from reports.planning.plan_workbook import plan_xlsx
from scoring import plan_file as files
from scoring.plan import span
from scoring.plan_sheets import Change
from storage.database import Database, Db
from storage.planning import plans

LISTED = 60  # changes on the terminal


def export(out: Path, year: int | None, where: Path | None) -> int:
    """Write the plan that holds a year, or this year's, or the newest; the exit code."""

    def work(config: Config, database: Database) -> str:
        office = command.office_of(config, database)
        this = Calendar.from_schedule(config.schedule).day(command.now(config)).year
        with database.read() as db:
            row = plans.of_year(db, year or this)
            if row is None and year is not None:
                raise CommandRefused(office.words.iku.no_plan.plain(year=year))
            row = row or plans.newest(db)
            plan = plans.whole(db, row.id)
            content = plan_xlsx(plan, plan_file.own_figures(db, office, plan))
        with command.new_files(out):
            out.write_bytes(content)
        return f"rencana {plan.head.name} ditulis ke {out}."

    return command.run("plan export", where, f"{out}: tidak ditulis.", work)


def enter(file: Path, where: Path | None, *, dry: bool) -> int:
    """Check a workbook and, unless `dry`, store what it changes; the exit code."""

    def work(config: Config, database: Database) -> str:
        office = command.office_of(config, database)
        found = files.found(sheet_reader.read(file))
        if dry:
            with database.read() as db:
                checked = plan_file.check(db, office, found)
            return f"{_told(checked)}\nTidak ada yang disimpan (--dry-run)."
        now, reason = command.now(config), f"lembar kerja {file.name[:100]}"

        def store(db: Db) -> Checked:
            checked = plan_file.check(db, office, found)
            if checked.changes:
                plan_file.apply(db, checked, None, now, reason)
            return checked

        return f"{_told(database.turn(store))}\nSudah disimpan."

    return command.run("plan import", where, f"{file}: tidak ada yang disimpan.", work)


def _told(checked: Checked) -> str:
    head = checked.after.head
    if checked.plan_id is None:
        return f"rencana baru {head.name} ({span(head.first, head.last)})."
    if not checked.changes:
        return f"rencana {head.name}: tidak ada yang berubah."
    lines = "\n".join(_lines(checked.changes))
    return f"rencana {head.name}: {len(checked.changes)} perubahan.\n{lines}"


def _lines(changes: Sequence[Change]) -> list[str]:
    lines = [
        f"  {each.subject}: {each.before or 'kosong'} → {each.after or 'kosong'}"
        for each in changes[:LISTED]
    ]
    more = len(changes) - LISTED
    return [*lines, f"  dan {more} lagi."] if more > 0 else lines
