"""Indeks kepuasan unit kerja: how unit heads rate the kecamatan, a function of a tally.

Source: IKU Periode 2018–2023, Kantor Kecamatan Pakong: (nilai per aspek ÷ 7) × bobot per indikator;
nilai indeks = Σ (nilai aspek × bobot aspek). What "7" means is the instrument's `arti_pembagi`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring import ikm
from scoring.ikm import Tally
from scoring.numbers import half_up
from scoring.result_warnings import ResultWarning
from scoring.unit_instrument import Aspek, UnitInstrument


@dataclass(frozen=True, slots=True)
class IndikatorScore:
    """One indikator: `n` heads answered it; `mean` of their answers, None if nobody answered."""

    code: str
    n: int
    jumlah: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class AspekScore:
    """One aspek: `value` before bobot aspek, `contribution` after it, `nilai` on 0–100."""

    code: str
    value: Fraction | None
    contribution: Fraction | None
    nilai: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitScore:
    """The result of one tally: `n` heads; `nilai` (2 places) None is "belum dapat dihitung"."""

    instrument: UnitInstrument
    formula: str
    n: int
    indikator: dict[str, IndikatorScore]
    aspek: dict[str, AspekScore]
    indeks: Fraction | None
    nilai: Decimal | None
    warnings: tuple[ResultWarning, ...]


class OtherInstrument(ValueError):
    """Hasil ini dihitung dengan instrumen lain."""


def score(instrument: UnitInstrument, tally: Tally) -> UnitScore:
    """The index of a tally; an indikator is the mean over the heads who answered it.

    If nobody answered an indikator, its aspek and the index are None and a warning names it. A
    single head gives an index and a warning (`satu_penilai`).

    Raises:
        ValueError: a tally with items or nilai that the instrument does not have.
    """
    ikm.validate_tally(instrument, tally)
    indikator = {
        code: IndikatorScore(code, n, jumlah, Fraction(jumlah, n) if n else None)
        for code, (n, jumlah) in ikm.filled_by_item(instrument, tally).items()
    }
    means = {code: each.mean for code, each in indikator.items() if each.mean is not None}
    aspek = {each.code: _aspek_score(instrument, each, means) for each in instrument.aspek}
    contributions = [each.contribution for each in aspek.values() if each.contribution is not None]
    indeks = sum(contributions, Fraction(0)) if len(contributions) == len(aspek) else None
    nilai = None if indeks is None else half_up(indeks * instrument.conversion, 2)
    n = ikm.responses(instrument, tally)
    warnings = tuple(_warnings(instrument, n, indikator))
    return UnitScore(instrument, instrument.formula, n, indikator, aspek, indeks, nilai, warnings)


def change(earlier: UnitScore, later: UnitScore) -> Decimal | None:
    """The change of the index; None between different series, or if one index is None."""
    if earlier.instrument.series != later.instrument.series:
        return None
    if earlier.nilai is None or later.nilai is None:
        return None
    return later.nilai - earlier.nilai


def inputs(instrument: UnitInstrument, tally: Tally) -> dict[str, Any]:
    """The inputs of a result as canonical JSON, to store and fingerprint."""
    return {
        "instrument": f"{instrument.code}/{instrument.version}",
        "formula": instrument.formula,
        "tally": {
            code: {str(nilai): n for nilai, n in sorted(counts.items()) if n}
            for code, counts in sorted(tally.items())
        },
    }


def rebuilt(instrument: UnitInstrument, stored: Mapping[str, Any]) -> UnitScore:
    """The result computed again from stored `inputs`.

    Raises:
        OtherInstrument: the inputs belong to another instrument, version or formula.
    """
    tally = {
        code: {int(nilai): n for nilai, n in counts.items()}
        for code, counts in stored["tally"].items()
    }
    if {**stored, "tally": None} != {**inputs(instrument, tally), "tally": None}:
        raise OtherInstrument(str(stored["instrument"]), str(stored["formula"]))
    return score(instrument, tally)


def _aspek_score(
    instrument: UnitInstrument, aspek: Aspek, means: Mapping[str, Fraction]
) -> AspekScore:
    if not means.keys() >= aspek.bobot_indikator.keys():
        return AspekScore(aspek.code, None, None, None)
    value = aspek.nilai(means, instrument.divisor)
    nilai = half_up(value * instrument.conversion, 2)
    return AspekScore(aspek.code, value, value * aspek.bobot, nilai)


def _warnings(
    instrument: UnitInstrument, n: int, indikator: Mapping[str, IndikatorScore]
) -> Iterable[ResultWarning]:
    if not n:
        text = "Belum ada kepala unit kerja yang mengisi: indeks belum dapat dihitung."
        yield ResultWarning("belum_ada_penilai", text)
        return
    missing = [instrument.title(code) for code, each in indikator.items() if not each.n]
    if missing:
        text = f"Belum dijawab seorang pun: {', '.join(missing)}. Indeks belum dapat dihitung."
        yield ResultWarning("indikator_kosong", text)
    if n == 1:
        text = "Hanya satu kepala unit kerja yang mengisi: angka ini pendapat satu orang."
        yield ResultWarning("satu_penilai", text)
