"""Indeks kepuasan unit kerja: how unit heads rate the kecamatan, a pure function of a tally.

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
from scoring.notice import Warning  # noqa: A004 - the contract's word, used qualified
from scoring.rounding import half_up
from scoring.unit_instrument import Aspek, UnitInstrument

FORMULA = "unit-1"  # raised when the function's meaning changes: a new series begins


@dataclass(frozen=True, slots=True)
class IndikatorScore:
    """One indikator: `n` heads answered it; `mean` of those, None where nobody did."""

    code: str
    n: int
    jumlah: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class AspekScore:
    """One aspek: its value before and its contribution after bobot aspek; `nilai` up to 100."""

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
    warnings: tuple[Warning, ...]


class OtherInstrument(ValueError):
    """Hasil ini dihitung dengan instrumen lain."""


def score(instrument: UnitInstrument, ratings: Iterable[Mapping[str, int | None]]) -> UnitScore:
    """The index of the unit heads' answers: one mapping a head, None where not answered.

    Raises:
        ValueError: a nilai that is not on the scale.
    """
    return of_tally(instrument, ikm.tally_of(instrument, ratings))


def of_tally(instrument: UnitInstrument, tally: Tally) -> UnitScore:
    """The index of a tally; an indikator is the mean over the heads who answered it.

    An indikator that nobody answered leaves its aspek and the index None, each one named in the
    warnings; a single head is computed and warned about (`satu_penilai`).

    Raises:
        ValueError: a tally with items or nilai that the instrument does not have.
    """
    ikm.must_fit(instrument, tally)
    indikator = {code: _indikator(code, tally.get(code, {})) for code in instrument.codes}
    means = {code: one.mean for code, one in indikator.items() if one.mean is not None}
    aspek = {each.code: _aspek(instrument, each, means) for each in instrument.aspek}
    parts = [each.contribution for each in aspek.values() if each.contribution is not None]
    indeks = sum(parts, Fraction(0)) if len(parts) == len(aspek) else None
    nilai = None if indeks is None else half_up(indeks * instrument.conversion, 2)
    n = ikm.responses(instrument, tally)
    warnings = tuple(_warnings(instrument, n, indikator))
    return UnitScore(instrument, formula(instrument), n, indikator, aspek, indeks, nilai, warnings)


def formula(instrument: UnitInstrument) -> str:
    """What a result was computed by: version of the function, reading and divisor."""
    return f"{FORMULA} {instrument.arti_pembagi} {instrument.pembagi}"


def series(instrument: UnitInstrument) -> str:
    """Results are compared within one series only: form, formula, scale and every weight."""
    weights = (
        f"{aspek.code} {aspek.bobot} ("
        + ", ".join(f"{code} {bobot}" for code, bobot in aspek.bobot_indikator.items())
        + ")"
        for aspek in instrument.aspek
    )
    low, high = instrument.scale
    form = f"{instrument.code}/{instrument.version}"
    return "; ".join((form, formula(instrument), f"{low}–{high}", *weights))


def change(earlier: UnitScore, later: UnitScore) -> Decimal | None:
    """By how much the index moved; None across series, or where one was not computed."""
    if series(earlier.instrument) != series(later.instrument):
        return None
    if earlier.nilai is None or later.nilai is None:
        return None
    return later.nilai - earlier.nilai


def inputs(instrument: UnitInstrument, tally: Tally) -> dict[str, Any]:
    """What a result was computed from, as JSON in one canonical form: to keep and fingerprint."""
    return {
        "instrument": f"{instrument.code}/{instrument.version}",
        "formula": formula(instrument),
        "tally": {
            code: {str(nilai): n for nilai, n in sorted(counted.items()) if n}
            for code, counted in sorted(tally.items())
        },
    }


def rebuilt(instrument: UnitInstrument, given: Mapping[str, Any]) -> UnitScore:
    """The result of what `inputs` kept, by the one function.

    Raises:
        OtherInstrument: the inputs name another instrument, version or formula.
    """
    tally = {
        code: {int(nilai): n for nilai, n in counted.items()}
        for code, counted in given["tally"].items()
    }
    if {**given, "tally": None} != {**inputs(instrument, tally), "tally": None}:
        raise OtherInstrument(str(given["instrument"]), str(given["formula"]))
    return of_tally(instrument, tally)


def _indikator(code: str, counts: Mapping[int, int]) -> IndikatorScore:
    n, jumlah = ikm.filled(counts)
    return IndikatorScore(code, n, jumlah, Fraction(jumlah, n) if n else None)


def _aspek(instrument: UnitInstrument, aspek: Aspek, means: Mapping[str, Fraction]) -> AspekScore:
    if not means.keys() >= aspek.bobot_indikator.keys():
        return AspekScore(aspek.code, None, None, None)
    value = aspek.nilai(means, instrument.pembagi)
    nilai = half_up(value * instrument.conversion, 2)
    return AspekScore(aspek.code, value, value * aspek.bobot, nilai)


def _warnings(
    instrument: UnitInstrument, n: int, indikator: Mapping[str, IndikatorScore]
) -> Iterable[Warning]:
    if not n:
        text = "Belum ada kepala unit kerja yang mengisi: indeks belum dapat dihitung."
        yield Warning("belum_ada_penilai", text)
        return
    missing = [instrument.title(code) for code, one in indikator.items() if not one.n]
    if missing:
        text = f"Belum dijawab seorang pun: {', '.join(missing)}. Indeks belum dapat dihitung."
        yield Warning("indikator_kosong", text)
    if n == 1:
        text = "Hanya satu kepala unit kerja yang mengisi: angka ini pendapat satu orang."
        yield Warning("satu_penilai", text)
