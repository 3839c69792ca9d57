"""`puas rekap`: the locked periods of several offices in one table, each recomputed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from cli import command
from office.exit_codes import REFUSED
from office.papers import period_file
from office.papers.period_file import NotAPeriodFile, PeriodFile, UnitPart
from reports import rollup
from reports.rollup import Rollup, RollupRow
from scoring import ikm, instrument_file, naming
from scoring.ikm import Mode, Score
from scoring.instrument import Instrument
from scoring.instrument_file import InstrumentError
from scoring.paper_cells import normalized
from scoring.sheet import SheetError

STOPS = (NotAPeriodFile, InstrumentError, ikm.ModeError, SheetError, command.CommandRefused)
MEAN = "Rata-rata unit (tanpa bobot)"
POOLED = "Gabungan semua responden"
MAX_LIST_BYTES = 2**20  # of the list of units


def run(files: Sequence[Path], out: Path, listed: Path | None, instrument: Path | None) -> int:
    """Write the table; return the exit code."""
    try:
        period_files = [period_file.read(path) for path in files]
        _check_comparable(period_files)
        used = _instrument(period_files[0], instrument)
        joined = combined(period_files, used, _missing(listed, period_files))
        with command.new_files(out):
            rollup.write(joined, out)
    except STOPS as stop:
        sys.stderr.write(f"puas rekap: tidak ada yang ditulis.\n{stop}\n")
        return REFUSED
    sys.stdout.write(f"puas rekap: {_summary(joined)} ditulis ke {out}.\n")
    for row in joined.units:
        if row.note:
            sys.stderr.write(f"⚠ {row.name}: {row.note}\n")
    return 0


def combined(
    period_files: Sequence[PeriodFile], used: Instrument, missing: Sequence[str] = ()
) -> Rollup:
    """The table of these files; the two total rows leave out units whose figures do not match.

    Args:
        missing: names of expected units that sent no file.
    """
    mode = Mode(period_files[0].mode.bobot, period_files[0].mode.pembulatan)
    rows: list[RollupRow] = []
    scores: list[Score] = []
    for file in period_files:
        for unit in file.unit:
            row, score = _row(file, unit, used, mode)
            rows.append(row)
            if score is not None:
                scores.append(score)
    rows.sort(key=lambda row: normalized(row.name))
    counted = [row for row in rows if row.fingerprint_matches]
    rows += [RollupRow(name, note="belum mengirim") for name in missing]
    method = f"bobot {mode.bobot}, pembulatan {mode.pembulatan}"
    return Rollup(period_files[0].periode, used, method, rows, _totals(counted, scores, used, mode))


def _row(
    file: PeriodFile, unit: UnitPart, used: Instrument, mode: Mode
) -> tuple[RollupRow, Score | None]:
    """The row of one unit, and its score when its figures count in the totals."""
    name = unit.nama if len(file.unit) == 1 else f"{file.kantor} – {unit.nama}"
    follow_up = (file.tindak_lanjut.selesai, file.tindak_lanjut.rencana)
    wrong = RollupRow(name, fingerprint_matches=False, note=_FINGERPRINT_MISMATCH)
    try:
        score = period_file.score_of(used, mode, unit)
    except ValueError:
        return wrong, None
    if not period_file.is_consistent(file, unit, score):
        return wrong, None
    if not score.n:
        return RollupRow(name, 0, unit.pengguna, note="responden terlalu sedikit"), None
    row = RollupRow(
        name, score.n, unit.pengguna, _nrr(score), score.ikm, score.mutu,
        naming.lowest_codes(score), follow_up, True,
        note="" if score.ikm is not None else "ada unsur yang tidak dijawab seorang pun",
    )  # fmt: skip
    return row, score


_FINGERPRINT_MISMATCH = (
    "angkanya tidak cocok dengan sidiknya; minta unit itu mengekspor ulang. Tidak dihitung."
)


def _nrr(score: Score) -> tuple[Fraction | None, ...]:
    return tuple(unsur.nrr for unsur in score.unsur.values())


def _totals(
    counted: Sequence[RollupRow], scores: Sequence[Score], used: Instrument, mode: Mode
) -> list[RollupRow]:
    exact = [score.indeks * used.conversion for score in scores if score.indeks is not None]
    mean = ikm.half_up(sum(exact, Fraction(0)) / len(exact), 2) if exact else None
    mutu = None if mean is None else used.grade(mean).mutu
    pooled = ikm.score_of_sums(
        used,
        sum(score.n for score in scores),
        {
            code: (
                sum(score.items[code].n for score in scores),
                sum(score.items[code].jumlah for score in scores),
            )
            for code in used.codes
        },
        mode,
    )
    by_unit = [row.population for row in counted]
    population = (
        sum(n for n in by_unit if n is not None) if by_unit and None not in by_unit else None
    )
    differ = ""
    if mutu is not None and pooled.mutu is not None and mutu != pooled.mutu:
        differ = f"; mutunya {mutu} menurut rata-rata unit, {pooled.mutu} menurut gabungan"
    return [
        RollupRow(MEAN, ikm=mean, mutu=mutu, note=f"dari {len(exact)} unit{differ}"),
        RollupRow(
            POOLED, pooled.n, population, _nrr(pooled), pooled.ikm, pooled.mutu,
            naming.lowest_codes(pooled), note=f"dari {len(scores)} unit{differ}",
        ),
    ]  # fmt: skip


def _summary(joined: Rollup) -> str:
    sent = [row for row in joined.units if row.note != "belum mengirim"]
    return f"{len(sent)} unit, {joined.period}"


def _check_comparable(period_files: Sequence[PeriodFile]) -> None:
    """Refuse files of different periods, instruments or arithmetic, and a unit given twice."""
    problems = [
        f"{what} tidak sama: {', '.join(sorted(values))}. Rekap hanya untuk {what} yang sama."
        for what, values in (
            ("periode", {file.periode for file in period_files}),
            ("instrumen", {file.instrumen for file in period_files}),
            ("cara hitung", {f"{f.mode.bobot} {f.mode.pembulatan}" for f in period_files}),
        )
        if len(values) > 1
    ]
    names = Counter((file.kantor, unit.nama) for file in period_files for unit in file.unit)
    problems += [
        f"{kantor} ({unit}) ada {count} kali; sisakan satu berkas."
        for (kantor, unit), count in names.items()
        if count > 1
    ]
    if problems:
        raise NotAPeriodFile("\n".join(problems))


def _instrument(file: PeriodFile, given: Path | None) -> Instrument:
    code, _, version = file.instrumen.partition("/")
    used = instrument_file.load(given) if given is not None else instrument_file.named(code)
    if f"{used.code}/{used.version}" != f"{code}/{version}":
        raise InstrumentError(
            f"berkas-berkas itu memakai instrumen {file.instrumen}, di sini ada"
            f" {used.code}/{used.version}; sebut berkasnya dengan --instrument FILE.toml."
        )
    return used


def _missing(listed: Path | None, period_files: Sequence[PeriodFile]) -> list[str]:
    """The names in the list that are neither an office nor a unit of any file."""
    if listed is None:
        return []
    sent = {normalized(file.kantor) for file in period_files}
    sent |= {normalized(unit.nama) for file in period_files for unit in file.unit}
    return [name for name in _names(listed) if normalized(name) not in sent]


def _names(listed: Path) -> Iterator[str]:
    try:
        with listed.open("rb") as file:
            text = file.read(MAX_LIST_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SheetError(
            f"{listed}: tidak terbaca; isi satu nama unit per baris, teks UTF-8."
        ) from None
    for line in text.splitlines():
        if line.strip():
            yield " ".join(line.split())[:250]
