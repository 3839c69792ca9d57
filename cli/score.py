"""`puas score`: the IKM of a tabulation, as a table for people or as JSON for scripts."""

import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from scoring import ikm, instrument_file, precision, sample, sheet, tabulation
from scoring.instrument import Instrument
from scoring.numbers import comma, with_comma

if TYPE_CHECKING:
    from rich.table import Table

REFUSED = 2
PIPED_WIDTH = 100  # characters, where no terminal tells its own

REFUSALS = (
    instrument_file.InstrumentError,
    ikm.ModeError,
    sheet.SheetError,
    tabulation.TabulationError,
)
UNKNOWN = "belum dapat dihitung"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    file: Path
    instrument: str
    bobot: str
    pembulatan: str
    urutan: str
    populasi: int | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request comes to; `required` is the sample that the population asks for."""

    score: ikm.Score
    margin: Decimal | None
    population: int | None
    required: int | None
    warnings: tuple[ikm.Warning, ...]


class RequestError(ValueError):
    """An option that does not fit the file; the message says how to write it."""


def run(request: Request) -> int:
    """Print the answer to standard output; a refusal to standard error. The exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    try:
        found = answer(request)
    except (*REFUSALS, RequestError) as refusal:
        sys.stderr.write(f"puas score: {request.file}: tidak dihitung.\n{refusal}\n")
        return REFUSED
    if request.as_json:
        sys.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n")
    else:
        show(found)
    return 0


def answer(request: Request) -> Answer:
    """The score of the file with its margin and warnings; raises one of the refusals."""
    used = _instrument(request.instrument)
    mode = ikm.Mode(request.bobot, request.pembulatan)
    ikm.weights(used, mode)  # a wrong mode is told before a long file is read
    table = tabulation.read(sheet.read(request.file), used, request.urutan)
    result = ikm.score(used, ikm.tally_of(used, table.rows()), mode)
    required = _required(request.populasi, result.n)
    return Answer(
        result,
        precision.margin(result, table.rows(), request.populasi),
        request.populasi,
        required,
        (*table.warnings, *result.warnings, *_too_few(result.n, required, request.populasi)),
    )


def as_json(found: Answer) -> dict[str, object]:
    """The contract's object: decimals are strings with a dot, null where nothing can be told."""
    score = found.score
    return {
        "n": score.n,
        "unsur": {
            code: {
                "n": unsur.n,
                "jumlah": unsur.jumlah,
                "nrr": _fixed(unsur.nrr, 3),
                "nrr_tertimbang": _fixed(unsur.nrr_tertimbang, 3),
                "nik": _fixed(unsur.nik, 2),
                "mutu": unsur.mutu,
            }
            for code, unsur in score.unsur.items()
        },
        "indeks": _fixed(score.indeks, 3),
        "ikm": _fixed(score.ikm, 2),
        "mutu": score.mutu,
        "kinerja": score.kinerja,
        "margin": _margin(found.margin),
        "mode": {
            "bobot": score.mode.bobot,
            "pembulatan": score.mode.pembulatan,
            "instrumen": score.instrument.code,
        },
        "peringatan": [{"kode": each.kode, "teks": each.teks} for each in found.warnings],
    }


def show(found: Answer) -> None:
    """The answer as a table with its headline, in Indonesian print (decimal comma)."""
    from rich.console import Console

    console = Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else PIPED_WIDTH,
    )
    for line in _headlines(found):
        console.print(line, soft_wrap=True)
    console.print(_table(found.score))
    for line in _footnotes(found):
        console.print(line, soft_wrap=True)


def _instrument(name: str) -> Instrument:
    if name.endswith(".toml"):
        return instrument_file.load(Path(name))
    return instrument_file.named(name)


def _required(population: int | None, n: int) -> int | None:
    if population is None:
        return None
    if population < max(n, 1):
        raise RequestError(
            f"--populasi {population} lebih kecil daripada jumlah responden ({n}); isi dengan"
            " jumlah pengguna layanan unit ini selama periode itu."
        )
    return sample.krejcie_morgan(population)


def _too_few(n: int, required: int | None, population: int | None) -> tuple[ikm.Warning, ...]:
    if required is None or n >= required:
        return ()
    text = (
        f"Responden {n} orang, kurang dari sampel yang diperlukan: {required} dari {population}"
        " pengguna layanan (Krejcie-Morgan)."
    )
    return (ikm.Warning("sampel_kurang", text),)


def _headlines(found: Answer) -> list[str]:
    score, margin = found.score, _margin(found.margin)
    used = score.instrument
    lines = [f"IKM {UNKNOWN}", f"{score.n} responden"]
    if score.ikm is not None:
        lines[0] = f"IKM {with_comma(score.ikm)} – {score.mutu} ({score.kinerja})"
        lines[1] += f" · indeks {_print(score.indeks, 3)} · galat {UNKNOWN}"
    if score.ikm is not None and margin is not None:
        least, most = precision.interval(used, score.ikm, Decimal(margin))
        lines[1] = lines[1].removesuffix(UNKNOWN) + (
            f"± {with_comma(margin)} (95 %, perkiraan: {with_comma(least)}–{with_comma(most)})"
        )
    if found.required is not None:
        lines.append(
            f"Sampel: {score.n} responden, diperlukan {found.required} dari {found.population}"
            " pengguna layanan (Krejcie-Morgan)"
        )
    lines.append(
        f"Cara hitung: {used.code} · bobot {score.mode.bobot} (k = {len(used.items)})"
        f" · pembulatan {score.mode.pembulatan} · jawaban kosong: rerata per unsur"
    )
    return lines


def _table(score: ikm.Score) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("Unsur", footer="Indeks")
    for heading, footer in (
        ("n", ""),
        ("Jumlah", ""),
        ("NRR", ""),
        ("Tertimbang", _print(score.indeks, 3)),
        ("NIK", _print(score.ikm, 2)),
        ("Mutu", score.mutu or "–"),
    ):
        table.add_column(heading, footer, justify="right", no_wrap=True)
    for code, unsur in score.unsur.items():
        figures = (_print(unsur.nrr, 3), _print(unsur.nrr_tertimbang, 3), _print(unsur.nik, 2))
        title = score.instrument.title(code)
        table.add_row(title, str(unsur.n), str(unsur.jumlah), *figures, unsur.mutu or "–")
    return table


def _footnotes(found: Answer) -> list[str]:
    score = found.score
    parts = [unsur.nrr_tertimbang for unsur in score.unsur.values()]
    printed = sum((ikm.half_up(part, 3) for part in parts if part is not None), Decimal(0))
    lines = []
    if score.indeks is not None and printed != ikm.half_up(score.indeks, 3):
        lines.append(
            f"Kolom tertimbang yang tercetak berjumlah {with_comma(printed)}, indeks"
            f" {_print(score.indeks, 3)}: selisih karena pembulatan."
        )
    return lines + [f"⚠ {warning.teks}" for warning in found.warnings]


def _fixed(value: Fraction | Decimal | None, places: int) -> str | None:
    return None if value is None else str(ikm.half_up(value, places))


def _margin(margin: Decimal | None) -> str | None:
    """Two places, but never ± 0,00: that would claim certainty."""
    return None if margin is None else str(precision.shown_margin(margin, 2))


def _print(value: Fraction | Decimal | None, places: int) -> str:
    return "–" if value is None else comma(value, places)
