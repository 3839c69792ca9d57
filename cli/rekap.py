"""`puas rekap`: the locked periods of several offices in one table, each checked by recomputing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from cli import command_context
from office.papers import period_file
from office.papers.period_file import NotOurs, PeriodFile, UnitPart
from reports import rollup
from reports.rollup import Rollup, RollupRow
from scoring import ikm, instrument_file
from scoring.ikm import Mode, Score, Tally
from scoring.instrument import Instrument
from scoring.instrument_file import InstrumentError
from scoring.paper_cells import normalized
from scoring.sheet import SheetError

REFUSED = 2
STOPS = (NotOurs, InstrumentError, ikm.ModeError, SheetError, command_context.NotReady)
MEAN = "Rata-rata unit (tanpa bobot)"
POOLED = "Gabungan semua responden"
MOST_LISTED = 2**20  # bytes of the list of units


def run(files: Sequence[Path], out: Path, listed: Path | None, instrument: Path | None) -> int:
    """Write the table; the exit code."""
    try:
        found = [period_file.read(path) for path in files]
        _same(files, found)
        used = _instrument(found[0], instrument)
        missing = _missing(listed, found)
        made = of(found, used, missing)
        with command_context.new_files(out):
            rollup.write(made, out)
    except STOPS as stop:
        sys.stderr.write(f"puas rekap: tidak ada yang ditulis.\n{stop}\n")
        return REFUSED
    sys.stdout.write(f"puas rekap: {_told(made)} ditulis ke {out}.\n")
    for line in made.units:
        if line.note:
            sys.stderr.write(f"⚠ {line.name}: {line.note}\n")
    return 0


def of(found: Sequence[PeriodFile], used: Instrument, missing: Sequence[str] = ()) -> Rollup:
    """The table of these files; what does not hold stays out of both figures of all.

    Args:
        missing: units that were expected and did not send.
    """
    mode = Mode(found[0].mode.bobot, found[0].mode.pembulatan)
    lines: list[RollupRow] = []
    tallies: list[Tally] = []
    for file in found:
        for unit in file.unit:
            line, holds = _line(file, unit, used, mode)
            lines.append(line)
            if holds:
                tallies.append(period_file.tally(unit))
    lines.sort(key=lambda line: normalized(line.name))
    counted = [line for line in lines if line.fingerprint_matches]
    lines += [RollupRow(name, note="belum mengirim") for name in missing]
    shown = f"bobot {mode.bobot}, pembulatan {mode.pembulatan}"
    return Rollup(found[0].periode, used, shown, lines, _totals(counted, tallies, used, mode))


def _line(file: PeriodFile, unit: UnitPart, used: Instrument, mode: Mode) -> tuple[RollupRow, bool]:
    name = unit.nama if len(file.unit) == 1 else f"{file.kantor} – {unit.nama}"
    follow_up = (file.tindak_lanjut.selesai, file.tindak_lanjut.rencana)
    try:
        score = period_file.score_of(used, mode, unit)
    except ValueError:
        score = None
        if unit.rekap is not None:
            return RollupRow(name, fingerprint_matches=False, note=_BROKEN), False
    if score is None:
        return RollupRow(name, unit.n, unit.pengguna, note="responden terlalu sedikit"), False
    if not period_file.holds(file, unit, score):
        return RollupRow(name, fingerprint_matches=False, note=_BROKEN), False
    line = RollupRow(
        name, score.n, unit.pengguna, _nrr(score), score.ikm, score.mutu,
        period_file.lowest(score), follow_up, True,
        note="" if score.ikm is not None else "ada unsur yang tidak dijawab seorang pun",
    )  # fmt: skip
    return line, True


_BROKEN = "angkanya tidak cocok dengan sidiknya; minta unit itu mengekspor ulang. Tidak dihitung."


def _nrr(score: Score) -> tuple[Fraction | None, ...]:
    return tuple(unsur.nrr for unsur in score.unsur.values())


def _totals(
    counted: Sequence[RollupRow], tallies: Sequence[Tally], used: Instrument, mode: Mode
) -> list[RollupRow]:
    known: list[Decimal] = [line.ikm for line in counted if line.ikm is not None]
    mean = ikm.mean_of_units(known)
    grade = None if mean is None else used.grade(mean).mutu
    pooled = ikm.score(used, ikm.merged(*tallies), mode)
    users = [line.population for line in counted]
    everyone = sum(n for n in users if n is not None) if users and None not in users else None
    return [
        RollupRow(MEAN, ikm=mean, mutu=grade, note=f"dari {len(known)} unit"),
        RollupRow(
            POOLED, pooled.n, everyone, _nrr(pooled), pooled.ikm, pooled.mutu,
            period_file.lowest(pooled), note=f"dari {len(tallies)} unit",
        ),
    ]  # fmt: skip


def _told(made: Rollup) -> str:
    sent = [line for line in made.units if line.note != "belum mengirim"]
    return f"{len(sent)} unit, {made.period}"


def _same(files: Sequence[Path], found: Sequence[PeriodFile]) -> None:
    """Nothing, when all tell of one period by one instrument and arithmetic, each unit once."""
    problems = [
        f"{what} tidak sama: {', '.join(sorted(kinds))}. Rekap hanya untuk {what} yang sama."
        for what, kinds in (
            ("periode", {file.periode for file in found}),
            ("instrumen", {file.instrumen for file in found}),
            ("cara hitung", {f"{f.mode.bobot} {f.mode.pembulatan}" for f in found}),
        )
        if len(kinds) > 1
    ]
    names = Counter((file.kantor, unit.nama) for file in found for unit in file.unit)
    problems += [
        f"{kantor} ({unit}) ada {count} kali; sisakan satu berkas."
        for (kantor, unit), count in names.items()
        if count > 1
    ]
    if problems:
        raise NotOurs("\n".join(problems))


def _instrument(file: PeriodFile, given: Path | None) -> Instrument:
    code, _, version = file.instrumen.partition("/")
    used = instrument_file.load(given) if given is not None else instrument_file.named(code)
    if f"{used.code}/{used.version}" != f"{code}/{version}":
        raise InstrumentError(
            f"berkas-berkas itu memakai instrumen {file.instrumen}, di sini ada"
            f" {used.code}/{used.version}; sebut berkasnya dengan --instrument FILE.toml."
        )
    return used


def _missing(listed: Path | None, found: Sequence[PeriodFile]) -> list[str]:
    """Names of the list that no file bears, as an office or as a unit."""
    if listed is None:
        return []
    sent = {normalized(file.kantor) for file in found}
    sent |= {normalized(unit.nama) for file in found for unit in file.unit}
    return [name for name in _names(listed) if normalized(name) not in sent]


def _names(listed: Path) -> Iterator[str]:
    try:
        with listed.open("rb") as file:
            text = file.read(MOST_LISTED).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SheetError(
            f"{listed}: tidak terbaca; isi satu nama unit per baris, teks UTF-8."
        ) from None
    for line in text.splitlines():
        if line.strip():
            yield " ".join(line.split())[:250]
