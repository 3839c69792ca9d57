"""`puas score`: the IKM of a tabulation or of printed results, as a table or as JSON."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from office import sheet_reader
from office.exit_codes import REFUSED
from scoring import (
    ikm,
    instrument_file,
    lettered_columns,
    precision,
    printed,
    sample,
    sheet,
    table,
    tabulation,
)
from scoring.headings import ORDERS, Vocabulary
from scoring.instrument import Instrument, Unsur
from scoring.moments import moments
from scoring.numbers import comma, with_comma
from scoring.printed import Printed
from scoring.table import TableError
from scoring.tabulation import Tabulation

if TYPE_CHECKING:
    from rich.table import Table

PIPED_WIDTH = 100  # characters, if standard output is no terminal

REFUSALS = (
    instrument_file.InstrumentError,
    ikm.ModeError,
    sheet.SheetError,
    TableError,
)
UNKNOWN = "belum dapat dihitung"


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of the command line."""

    file: Path
    instrument: str
    bobot: str
    pembulatan: str
    urutan: str
    lembar: str | None
    populasi: int | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a request; `required` is the sample size for the population.

    `notes` say what was read and what was left out; `sums_known` is False when the file has no
    answers but printed NRR.
    """

    score: ikm.Score
    margin: Decimal | None
    population: int | None
    required: int | None
    warnings: tuple[ikm.ResultWarning, ...]
    notes: tuple[str, ...]
    sums_known: bool = True


class RequestError(ValueError):
    """An option that does not fit the file; the message says which value it needs."""


def run(request: Request) -> int:
    """Print the answer to standard output, or a refusal to standard error; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    try:
        result = answer(request)
    except (*REFUSALS, RequestError) as refusal:
        sys.stderr.write(f"puas score: {request.file}: tidak dihitung.\n{refusal}\n")
        return REFUSED
    sys.stderr.writelines(f"{note}\n" for note in result.notes)
    if request.as_json:
        sys.stdout.write(json.dumps(as_json(result), ensure_ascii=False, indent=2) + "\n")
    else:
        print_table(result)
    return 0


def answer(request: Request) -> Answer:
    """The score of the file with its margin and warnings.

    Raises:
        RequestError, and the `REFUSALS`
    """
    given = _instrument(request.instrument)
    mode = ikm.Mode(request.bobot, _rounding(request.pembulatan))
    ikm.weights(given, mode)  # refuse a wrong mode before reading a long file
    if request.urutan not in ORDERS:
        raise RequestError(f'urutan "{request.urutan}" tidak dikenal; pilih: {", ".join(ORDERS)}.')
    book = sheet_reader.read(request.file)
    used = lettered_columns.divided(book, Vocabulary(given, request.urutan), request.lembar)
    vocabulary = Vocabulary(used, request.urutan)
    if not table.fits(book, vocabulary, request.lembar):
        found = printed.read(book, vocabulary, request.lembar)
        if found is not None:
            return _answer(request, found.score(mode), None, found)
    rows = tabulation.read(book, used, request.urutan, request.lembar)
    score = ikm.score(used, ikm.tally_of(used, rows.rows()), mode)
    margin = precision.margin(score, moments(used.codes, ((row, 1) for row in rows.rows())))
    about = lettered_columns.warnings(used) if used != given else []
    return _answer(request, score, margin, rows, about)


def _answer(
    request: Request,
    score: ikm.Score,
    margin: Decimal | None,
    source: Tabulation | Printed,
    about: Sequence[ikm.ResultWarning] = (),
) -> Answer:
    required = _required(request.populasi, score.n)
    too_few = _too_few(score.n, required, request.populasi)
    return Answer(
        score,
        margin,
        request.populasi,
        required,
        (*about, *source.warnings, *score.warnings, *too_few),
        source.notes,
        isinstance(source, Tabulation) or source.tally is not None,
    )


def _rounding(text: str) -> str:
    """The name of a rounding; two may be joined in either order."""
    parts = sorted(text.replace(",", "+").split("+"), reverse=True)
    return "+".join(parts) if "+".join(parts) in ikm.ROUNDINGS else text


def as_json(result: Answer) -> dict[str, object]:
    """The documented JSON object: decimals are strings with a dot, null where unknown."""
    score = result.score
    return {
        "n": score.n,
        "unsur": {
            unsur.code: {
                "n": score.unsur[unsur.code].n,
                "jumlah": _jumlah(result, unsur),
                "nrr": _fixed(score.unsur[unsur.code].nrr, 3),
                "nrr_tertimbang": _fixed(score.unsur[unsur.code].nrr_tertimbang, 3),
                "nik": _fixed(score.unsur[unsur.code].nik, 2),
                "mutu": score.unsur[unsur.code].mutu,
                **_items_as_json(result, unsur),
            }
            for unsur in score.instrument.unsur
        },
        "indeks": _fixed(score.indeks, 3),
        "ikm": _fixed(score.ikm, 2),
        "mutu": score.mutu,
        "kinerja": score.kinerja,
        "margin": _margin(result.margin),
        "mode": {
            "bobot": score.mode.bobot,
            "pembulatan": score.mode.pembulatan,
            "instrumen": score.instrument.code,
        },
        "peringatan": [{"kode": each.kode, "teks": each.teks} for each in result.warnings],
    }


def _jumlah(result: Answer, unsur: Unsur) -> int | None:
    """The sum of the answers; None where the NRR does not follow from it."""
    known = result.sums_known and not unsur.divided
    return result.score.unsur[unsur.code].jumlah if known else None


def _items_as_json(result: Answer, unsur: Unsur) -> dict[str, object]:
    """The items of an unsur that has several: most answers to one of them, and each item."""
    if not unsur.divided:
        return {}
    items = [item for code in unsur.items if (item := result.score.items.get(code))]
    return {
        "n_terbesar": result.score.unsur[unsur.code].most,
        "butir": {
            item.code: {
                "n": item.n,
                "jumlah": item.jumlah if result.sums_known else None,
                "nrr": _fixed(item.nrr, 3),
            }
            for item in items
        },
    }


def print_table(result: Answer) -> None:
    """Print the answer as headlines and a table, with decimal commas."""
    from rich.console import Console

    console = Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else PIPED_WIDTH,
    )
    for line in _headlines(result):
        console.print(line, soft_wrap=True)
    console.print(_table(result))
    for line in _footnotes(result):
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


def _too_few(n: int, required: int | None, population: int | None) -> tuple[ikm.ResultWarning, ...]:
    if required is None or n >= required:
        return ()
    text = (
        f"Responden {n} orang, kurang dari sampel yang diperlukan: {required} dari {population}"
        " pengguna layanan (Krejcie-Morgan)."
    )
    return (ikm.ResultWarning("sampel_kurang", text),)


def _headlines(result: Answer) -> list[str]:
    score, margin = result.score, _margin(result.margin)
    used = score.instrument
    lines = [f"IKM {UNKNOWN}", f"{score.n} responden"]
    if score.ikm is not None:
        lines[0] = f"IKM {with_comma(score.ikm)} – {score.mutu} ({score.kinerja})"
        lines[1] += f" · indeks {_printed(score.indeks, 3)} · galat {UNKNOWN}"
    if score.ikm is not None and margin is not None:
        lower, upper = precision.interval(used, score.ikm, Decimal(margin))
        lines[1] = lines[1].removesuffix(UNKNOWN) + (
            f"± {with_comma(margin)} (95 %, perkiraan: {with_comma(lower)}–{with_comma(upper)})"
        )
    if result.population and result.required is not None:
        rate = comma(Fraction(100 * score.n, result.population), 1)
        lines.append(
            f"Sampel: {score.n} responden ({rate} %), diperlukan {result.required} dari"
            f" {result.population} pengguna layanan (Krejcie-Morgan)"
        )
    lines.append(
        f"Cara hitung: {used.code} · bobot {score.mode.bobot} (k = {len(used.unsur)})"
        f" · pembulatan {score.mode.pembulatan} · jawaban kosong: rerata per unsur"
    )
    return lines


def _table(result: Answer) -> "Table":
    from rich import box
    from rich.table import Table

    score = result.score
    columns = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    columns.add_column("Unsur", footer="Indeks")
    for heading, footer in (
        ("n", ""),
        ("Jumlah", ""),
        ("NRR", ""),
        ("Tertimbang", _printed(score.indeks, 3)),
        ("NIK", _printed(score.ikm, 2)),
        ("Mutu", score.mutu or "–"),
    ):
        columns.add_column(heading, footer, justify="right", no_wrap=True)
    for row in _rows(result):
        columns.add_row(*row)
    return columns


def _rows(result: Answer) -> Iterator[tuple[str, ...]]:
    """The rows of the unsur, each followed by its items where it has several."""
    score = result.score
    for each in score.instrument.unsur:
        unsur, jumlah = score.unsur[each.code], _jumlah(result, each)
        yield (
            score.instrument.title(each.code),
            str(unsur.n) if unsur.n == unsur.most else f"{unsur.n}–{unsur.most}",
            "–" if jumlah is None else str(jumlah),
            _printed(unsur.nrr, 3),
            _printed(unsur.nrr_tertimbang, 3),
            _printed(unsur.nik, 2),
            unsur.mutu or "–",
        )
        for code in each.items if each.divided else ():
            if item := score.items.get(code):
                total = str(item.jumlah) if result.sums_known else "–"
                title = f"  {score.instrument.title(code)}"
                yield title, str(item.n), total, _printed(item.nrr, 3), "", "", ""


def _footnotes(result: Answer) -> list[str]:
    score = result.score
    parts = [unsur.nrr_tertimbang for unsur in score.unsur.values()]
    sum_of_rounded = sum((ikm.half_up(part, 3) for part in parts if part is not None), Decimal(0))
    lines = []
    if score.indeks is not None and sum_of_rounded != ikm.half_up(score.indeks, 3):
        lines.append(
            f"Kolom tertimbang yang tercetak berjumlah {with_comma(sum_of_rounded)}, indeks"
            f" {_printed(score.indeks, 3)}: selisih karena pembulatan."
        )
    return lines + [f"⚠ {warning.teks}" for warning in result.warnings]


def _fixed(value: Fraction | Decimal | None, places: int) -> str | None:
    return None if value is None else str(ikm.half_up(value, places))


def _margin(margin: Decimal | None) -> str | None:
    """Two decimal places, but never 0.00, which would claim certainty."""
    return None if margin is None else str(precision.shown_margin(margin, 2))


def _printed(value: Fraction | Decimal | None, places: int) -> str:
    return "–" if value is None else comma(value, places)
