"""`puas export`: write the responses of a period as CSV or XLSX, suggestions to their own file.

The unit heads' index of the periods that end in it stands in a third file, as sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cli import command
from cli.command import CommandRefused
from office.config import Config
from office.figures import spans
from office.figures.parts import JOINED
from office.figures.spans import NoFigures, Span
from office.office import Office
from office.papers import files, period_file, unit_index
from reports.export import TooManyRows, without_formula, write_csv, write_xlsx
from storage import audit, catalogue, instruments, results
from storage.database import Database, Db
from storage.periods import Differs, PeriodRow
from storage.survey import exports
from storage.survey.exports import Coarsening

SUGGESTION_COLUMNS = ("periode", "layanan", "saran", "unsur")
PERSONAL = (
    "⚠ Berkas ini memuat loket, tanggal, jam, dan ciri tiap responden: itu data pribadi. Simpan"
    " terkunci, jangan bagikan, dan hapus setelah dipakai."
)


def run(label: str, out: Path, config_file: Path | None, reason: str | None = None) -> int:
    """Write the files; return the exit code.

    Args:
        reason: why every column is needed, for the audit; None: the columns that describe a person
            are left out.
    """
    if out.suffix.lower() == ".json":
        return _export_figures(label, out, config_file)
    suggestions_file = out.with_name(f"{out.stem}-saran.csv")
    units_file = out.with_name(f"{out.stem}-unit.csv")

    def work(config: Config, database: Database) -> str:
        office = command.office_of(config, database)
        with database.read() as db:
            try:
                span = spans.locked(db, office, label)
            except NoFigures as stop:
                raise CommandRefused(str(stop)) from None
            rated = files.rated(db, office, span.named)
            with command.new_files(out, suggestions_file, *([units_file] if rated else [])):
                if reason is not None:
                    _record(database, command.now(config), span, reason)
                coarsening = _coarsening(db, office, span) if reason is None else None
                told = _write_responses(db, span, coarsening, out, suggestions_file)
                if not rated:
                    return told
                return f"{told}\n{_write_units(db, office, rated, units_file)}"

    return command.run("export", config_file, "tidak ada yang ditulis.", work)


def _record(database: Database, now: datetime, span: Span, reason: str) -> None:
    with database.write() as db:
        audit.record(db, now, None, "ekspor_rinci", span.named.label, reason=reason)


def _coarsening(db: Db, office: Office, span: Span) -> Coarsening:
    """Services as in the blocks, and periods as they are counted."""
    counted_by = {period.id: period.label for period in span.periods}
    labels = counted_by | {
        early.id: counted_by[early.runs_into]
        for early in span.run_in
        if early.runs_into is not None
    }
    names = {service.id: service.slug for service in catalogue.services_by_id(db).values()}
    units = {unit.id: unit.slug for unit in catalogue.units(db)}
    services: dict[tuple[int, int], tuple[str | None, str]] = {}
    for result in results.of_periods(db, office.instruments, span.periods):
        ids = [result.period_id]
        ids += [early.id for early in span.run_in if early.runs_into == result.period_id]
        for block in result.blocks:
            inside = set(block.services.values())
            unit = units[inside.pop()] if len(inside) == 1 else JOINED
            alone = len(block.services) == 1
            for service in block.services:
                shown = names[service] if alone and block.published else JOINED
                services.update(dict.fromkeys([(number, service) for number in ids], (unit, shown)))
    return Coarsening(labels, services, office.min_responses)


def _export_figures(label: str, out: Path, config_file: Path | None) -> int:
    """Write the locked figures alone, as JSON for `puas rekap`."""

    def work(config: Config, _database: Database) -> str:
        with command.opened_office(config) as office, office.database.read() as db:
            try:
                file = period_file.locked_figures(db, office, label)
            except NoFigures as stop:
                raise CommandRefused(str(stop)) from None
            except Differs:
                raise CommandRefused(f"{Differs.__doc__} Pulihkan dari cadangan.") from None
        with command.new_files(out):
            out.write_text(period_file.to_json(file), "utf-8")
        return f"angka {file.periode} yang terkunci ditulis ke {out}."

    return command.run("export", config_file, "tidak ada yang ditulis.", work)


def _write_responses(
    db: Db, span: Span, coarsening: Coarsening | None, out: Path, suggestions_file: Path
) -> str:
    known = instruments.known(db)
    codes = known[span.periods[-1].instrument_id].instrument.codes
    more = exports.other_attributes(db, known, span.ids)
    rows = exports.rows(db, known, span.ids, codes, more, coarsening)
    header = exports.columns(codes, more)
    if out.suffix.lower() == ".xlsx":
        try:
            count = write_xlsx(out, header, rows)
        except TooManyRows as error:
            raise CommandRefused(str(error.__doc__)) from None
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(file, header, rows)
    with suggestions_file.open("w", encoding="utf-8-sig", newline="") as file:
        suggestion_count = write_csv(file, SUGGESTION_COLUMNS, _suggestions(db, span, coarsening))
    labels = ", ".join(period.label for period in span.periods)
    summary = (
        f"{count} jawaban dari {labels} ditulis ke {out},"
        f" {suggestion_count} saran ke {suggestions_file}."
    )
    return summary if coarsening is not None else f"{summary}\n{PERSONAL}"


def _write_units(db: Db, office: Office, rated: list[PeriodRow], file: Path) -> str:
    try:
        rows = list(unit_index.rows(db, office, rated))
    except Differs:
        raise CommandRefused(f"{Differs.__doc__} Pulihkan dari cadangan.") from None
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        write_csv(opened, unit_index.COLUMNS, rows)
    labels = ", ".join(each.label for each in rated)
    return f"indeks unit kerja {labels} ditulis ke {file}, tanpa jawaban tiap kepala."


def _suggestions(
    db: Db, span: Span, coarsening: Coarsening | None
) -> Iterator[tuple[str, str, str, str | None]]:
    for period_id, service_id, label, service, text, unsur in exports.suggestions(db, span.ids):
        if coarsening is None:
            yield label, service, without_formula(text), unsur
        else:
            _, shown = coarsening.services[period_id, service_id]
            yield coarsening.periods[period_id], shown, without_formula(text), unsur
