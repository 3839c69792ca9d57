"""`puas export`: the responses of a period as CSV or XLSX, suggestions in their own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import command_context, read_only
from cli.command_context import NotReady
from office.calendar import Calendar
from office.config import Config
from office.figures.spans import NoPapers
from office.papers import period_file
from reports.export import TooManyRows, without_formula, write_csv, write_xlsx
from storage import exports, instruments, periods
from storage.database import Database, Db
from storage.periods import Differs, PeriodRow

SUGGESTIONS = ("periode", "layanan", "saran")


@dataclass(frozen=True, slots=True)
class Covered:
    """The stored periods that a label covers."""

    label: str
    periods: tuple[PeriodRow, ...]

    def still_open(self) -> list[str]:
        """Those whose answers still come in or change."""
        return [period.label for period in self.periods if period.status != "locked"]


def run(label: str, out: Path, where: Path | None) -> int:
    """Write the files; the exit code."""
    if out.suffix.lower() == ".json":
        return _figures(label, out, where)
    beside = out.with_name(f"{out.stem}-saran.csv")

    def work(config: Config, database: Database) -> str:
        with database.read() as db:
            covered = cover(db, Calendar.from_schedule(config.schedule), label)
            with command_context.new_files(out, beside):
                told = _written(db, covered, out, beside)
        return told + _warned(covered)

    return command_context.run("export", where, "tidak ada yang ditulis.", work)


def _figures(label: str, out: Path, where: Path | None) -> int:
    """The locked figures alone, for `puas rekap`."""

    def work(config: Config, _database: Database) -> str:
        with read_only.opened(config) as office, office.database.read() as db:
            try:
                file = period_file.locked_figures(db, office, label)
            except NoPapers as stop:
                raise NotReady(str(stop)) from None
            except Differs:
                raise NotReady(f"{Differs.__doc__} Pulihkan dari cadangan.") from None
        with command_context.new_files(out):
            out.write_text(period_file.written(file), "utf-8")
        return f"angka {file.periode} yang terkunci ditulis ke {out}."

    return command_context.run("export", where, "tidak ada yang ditulis.", work)


def cover(db: Db, calendar: Calendar, label: str) -> Covered:
    """The period of this label, or those that make it up: quarters of a semester, of a year.

    Raises:
        NotReady: no such label, or nothing stored in it.
    """
    try:
        asked = calendar.parse(label)
    except ValueError as error:
        raise NotReady(str(error)) from None
    same = periods.by_label(db, "ikm", asked.label)
    found = (same,) if same else tuple(periods.in_span(db, "ikm", asked))
    if not found:
        there = ", ".join(each.label for each in periods.of_kind(db, "ikm"))
        raise NotReady(f"periode {asked.label} tidak ada di sini; yang ada: {there}.")
    return Covered(asked.label, found)


def _written(db: Db, covered: Covered, out: Path, beside: Path) -> str:
    known = instruments.known(db)
    kinds = {known[each.instrument_id].instrument.codes for each in covered.periods}
    if len(kinds) > 1:
        raise NotReady(
            f"{_labels(covered.periods)} memakai instrumen yang berbeda; ekspor satu per satu."
        )
    codes = kinds.pop()
    ids = [each.id for each in covered.periods]
    rows = exports.rows(db, known, ids, codes)
    header = exports.columns(codes)
    if out.suffix.lower() == ".xlsx":
        try:
            count = write_xlsx(out, header, rows)
        except TooManyRows as error:
            raise NotReady(str(error.__doc__)) from None
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(file, header, rows)
    said = (
        (label, service, without_formula(text))
        for label, service, text in exports.suggestions(db, ids)
    )
    with beside.open("w", encoding="utf-8-sig", newline="") as file:
        suggested = write_csv(file, SUGGESTIONS, said)
    return (
        f"{count} jawaban dari {_labels(covered.periods)} ditulis ke {out}, {suggested} saran ke"
        f" {beside}."
    )


def _labels(covered: Sequence[PeriodRow]) -> str:
    return ", ".join(each.label for each in covered)


def _warned(covered: Covered) -> str:
    still = covered.still_open()
    if not still:
        return ""
    return (
        f"\n⚠ {', '.join(still)} belum dikunci. Jangan bagikan berkas ini: dua ekspor"
        " berturut-turut menunjukkan jawaban siapa yang baru datang."
    )
