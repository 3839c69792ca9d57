"""`puas export`: write the responses of a period as CSV or XLSX, suggestions to their own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import command, read_only
from cli.command import CommandRefused
from office.calendar import Calendar
from office.config import Config
from office.figures.spans import NoPapers
from office.papers import period_file
from reports.export import TooManyRows, without_formula, write_csv, write_xlsx
from storage import instruments, periods
from storage.database import Database, Db
from storage.periods import Differs, PeriodRow
from storage.survey import exports

SUGGESTION_COLUMNS = ("periode", "layanan", "saran")


@dataclass(frozen=True, slots=True)
class Selection:
    """The stored periods that a label names or contains."""

    label: str
    periods: tuple[PeriodRow, ...]

    def unlocked(self) -> list[str]:
        """The labels of the periods whose responses can still change."""
        return [period.label for period in self.periods if period.status != "locked"]


def run(label: str, out: Path, config_file: Path | None) -> int:
    """Write the files; return the exit code."""
    if out.suffix.lower() == ".json":
        return _export_figures(label, out, config_file)
    suggestions_file = out.with_name(f"{out.stem}-saran.csv")

    def work(config: Config, database: Database) -> str:
        with database.read() as db:
            selected = selection(db, Calendar.from_schedule(config.schedule), label)
            with command.new_files(out, suggestions_file):
                summary = _write_responses(db, selected, out, suggestions_file)
        return summary + _unlocked_warning(selected)

    return command.run("export", config_file, "tidak ada yang ditulis.", work)


def _export_figures(label: str, out: Path, config_file: Path | None) -> int:
    """Write the locked figures alone, as JSON for `puas rekap`."""

    def work(config: Config, _database: Database) -> str:
        with read_only.opened_office(config) as office, office.database.read() as db:
            try:
                file = period_file.locked_figures(db, office, label)
            except NoPapers as stop:
                raise CommandRefused(str(stop)) from None
            except Differs:
                raise CommandRefused(f"{Differs.__doc__} Pulihkan dari cadangan.") from None
        with command.new_files(out):
            out.write_text(period_file.to_json(file), "utf-8")
        return f"angka {file.periode} yang terkunci ditulis ke {out}."

    return command.run("export", config_file, "tidak ada yang ditulis.", work)


def selection(db: Db, calendar: Calendar, label: str) -> Selection:
    """The period with this label, or the periods in it, such as the quarters of a year.

    Raises:
        CommandRefused: the label is not valid, or no stored period matches it.
    """
    try:
        requested = calendar.parse(label)
    except ValueError as error:
        raise CommandRefused(str(error)) from None
    exact = periods.by_label(db, "ikm", requested.label)
    matching = (exact,) if exact else tuple(periods.in_span(db, "ikm", requested))
    if not matching:
        available = ", ".join(each.label for each in periods.of_kind(db, "ikm"))
        raise CommandRefused(f"periode {requested.label} tidak ada di sini; yang ada: {available}.")
    return Selection(requested.label, matching)


def _write_responses(db: Db, selected: Selection, out: Path, suggestions_file: Path) -> str:
    instruments_by_id = instruments.known(db)
    code_lists = {
        instruments_by_id[each.instrument_id].instrument.codes for each in selected.periods
    }
    if len(code_lists) > 1:
        raise CommandRefused(
            f"{_labels(selected.periods)} memakai instrumen yang berbeda; ekspor satu per satu."
        )
    codes = code_lists.pop()
    ids = [each.id for each in selected.periods]
    rows = exports.rows(db, instruments_by_id, ids, codes)
    header = exports.columns(codes)
    if out.suffix.lower() == ".xlsx":
        try:
            count = write_xlsx(out, header, rows)
        except TooManyRows as error:
            raise CommandRefused(str(error.__doc__)) from None
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(file, header, rows)
    suggestion_rows = (
        (label, service, without_formula(text))
        for label, service, text in exports.suggestions(db, ids)
    )
    with suggestions_file.open("w", encoding="utf-8-sig", newline="") as file:
        suggestion_count = write_csv(file, SUGGESTION_COLUMNS, suggestion_rows)
    return (
        f"{count} jawaban dari {_labels(selected.periods)} ditulis ke {out},"
        f" {suggestion_count} saran ke {suggestions_file}."
    )


def _labels(rows: Sequence[PeriodRow]) -> str:
    return ", ".join(each.label for each in rows)


def _unlocked_warning(selected: Selection) -> str:
    unlocked = selected.unlocked()
    if not unlocked:
        return ""
    return (
        f"\n⚠ {', '.join(unlocked)} belum dikunci. Jangan bagikan berkas ini: dua ekspor"
        " berturut-turut menunjukkan jawaban siapa yang baru datang."
    )
