"""Nilai evaluasi SAKIP: what a Laporan Hasil Evaluasi says, its predikat, and what is odd in it.

Source: PermenPANRB 12/2015 and 88/2021, the tables in regulations/sakip.toml.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from scoring.notice import Warning, comma  # noqa: A004 - the contract's word, used qualified
from scoring.rounding import half_up

TABLES = Path(__file__).parent / "regulations" / "sakip.toml"
TOLERANCE = Decimal("0.02")  # components of two decimals may differ from their total by this

# Whether a nilai must exceed the lower limit of a predikat, or may equal it: 80,00 is BB or A.
AtBoundary: TypeAlias = Literal["lebih dari", "paling sedikit"]
# Which LHE feeds year t: the one issued in t, or the one that evaluates t.
Feeding: TypeAlias = Literal["terbit", "dinilai"]


class NilaiOutside(ValueError):
    """Nilai SAKIP harus antara 0 dan 100; periksa lagi angkanya pada LHE."""


@dataclass(frozen=True, slots=True)
class Komponen:
    """One component of an evaluation, and the most it can give."""

    code: str
    name: str
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Regulasi:
    """The components that a regulation evaluates."""

    code: str
    name: str
    komponen: tuple[Komponen, ...]


@dataclass(frozen=True, slots=True)
class Predikat:
    """One predikat with its name; `lower` is the limit that must be passed."""

    code: str
    name: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Lhe:
    """What was read off one LHE; `komponen` (code -> nilai) and `predikat` if it prints them."""

    nomor: str
    tanggal: date
    tahun_evaluasi: int
    tahun_dinilai: int
    regulasi: str
    nilai: Decimal
    predikat: str | None = None
    komponen: Mapping[str, Decimal] = field(default_factory=dict)


@cache
def regulations() -> dict[str, Regulasi]:
    """Every regulation by its code, the newest last."""
    return {
        each["code"]: Regulasi(
            each["code"],
            each["name"],
            tuple(
                Komponen(one["code"], one["name"], Decimal(one["maximum"]))
                for one in each["komponen"]
            ),
        )
        for each in _tables()["regulasi"]
    }


@cache
def predicates() -> tuple[Predikat, ...]:
    """Every predikat, best first."""
    return tuple(
        Predikat(each["code"], each["name"], Decimal(each["lower"]))
        for each in _tables()["predikat"]
    )


def predikat(nilai: Decimal, at_boundary: AtBoundary = "lebih dari") -> Predikat:
    """The predikat of a nilai, rounded half-up to the two places that an LHE prints.

    Raises:
        NilaiOutside: a nilai below 0 or above 100.
    """
    _must_be_percentage(nilai)
    rounded = half_up(nilai, 2)
    *upper, lowest = predicates()
    for each in upper:
        if rounded > each.lower or (rounded == each.lower and at_boundary == "paling sedikit"):
            return each
    return lowest


def check(lhe: Lhe, at_boundary: AtBoundary = "lebih dari") -> tuple[Warning, ...]:
    """What is odd in an LHE: marked and shown, never a reason to refuse an official document.

    Raises:
        NilaiOutside: a total below 0 or above 100, the one thing that is refused.
    """
    _must_be_percentage(lhe.nilai)
    return (*_of_components(lhe), *_of_predikat(lhe, at_boundary), *_of_years(lhe))


def feeding(lhe: Iterable[Lhe], tahun: int, sumber: Feeding = "terbit") -> Lhe | None:
    """The LHE that gives the realisasi of a year: of several, the one issued last."""
    fitting = [
        each
        for each in lhe
        if tahun == (each.tanggal.year if sumber == "terbit" else each.tahun_dinilai)
    ]
    return max(fitting, key=lambda each: each.tanggal, default=None)


def _tables() -> dict[str, Any]:
    return tomllib.loads(TABLES.read_text(encoding="utf-8"))


def _must_be_percentage(nilai: Decimal) -> None:
    if not nilai.is_finite() or not 0 <= nilai <= 100:
        raise NilaiOutside(f"{NilaiOutside.__doc__} Tertulis {comma(nilai)}.")


def _of_components(lhe: Lhe) -> Iterator[Warning]:
    known = regulations().get(lhe.regulasi)
    if known is None:
        text = (
            f'Peraturan "{lhe.regulasi}" tidak dikenal; yang dikenal: {", ".join(regulations())}.'
        )
        yield Warning("regulasi_tak_dikenal", text)
        return
    if not lhe.komponen:
        return
    maxima = {each.code: each for each in known.komponen}
    for code, nilai in lhe.komponen.items():
        if code not in maxima:
            text = f'Komponen "{code}" tidak ada dalam {known.name}.'
            yield Warning("komponen_tak_dikenal", text)
        elif not 0 <= nilai <= maxima[code].maximum:
            each = maxima[code]
            text = f"{each.name} {comma(nilai)}, padahal nilainya 0 sampai {each.maximum}."
            yield Warning("komponen_di_luar_batas", text)
    missing = [each.name for code, each in maxima.items() if code not in lhe.komponen]
    if missing:
        yield Warning("komponen_belum_lengkap", f"Komponen belum diisi: {', '.join(missing)}.")
    yield from _of_sum(lhe, complete=not missing)


def _of_sum(lhe: Lhe, *, complete: bool) -> Iterator[Warning]:
    total = sum(lhe.komponen.values(), Decimal(0))
    difference = total - lhe.nilai
    # While components are missing, too small a sum says nothing; too large a one does.
    if difference > TOLERANCE or (complete and difference < -TOLERANCE):
        text = (
            f"Jumlah komponen {comma(total)}, nilai pada LHE {comma(lhe.nilai)}:"
            f" selisih {comma(f'{difference:+}')}."
        )
        yield Warning("jumlah_berbeda", text)


def _of_predikat(lhe: Lhe, at_boundary: AtBoundary) -> Iterator[Warning]:
    ours = predikat(lhe.nilai, at_boundary)
    if lhe.predikat is not None and lhe.predikat.strip().upper() != ours.code:
        text = (
            f"Predikat pada LHE {lhe.predikat.strip()}, sedangkan {comma(lhe.nilai)}"
            f" berarti {ours.code} ({ours.name}) bila batasnya “{at_boundary}”."
        )
        yield Warning("predikat_berbeda", text)


def _of_years(lhe: Lhe) -> Iterator[Warning]:
    if lhe.tahun_dinilai != lhe.tahun_evaluasi - 1:
        text = (
            f"Evaluasi {lhe.tahun_evaluasi} biasanya menilai {lhe.tahun_evaluasi - 1},"
            f" di sini tertulis {lhe.tahun_dinilai}."
        )
        yield Warning("tahun_dinilai", text)
    if lhe.tanggal.year != lhe.tahun_evaluasi:
        text = f"LHE evaluasi {lhe.tahun_evaluasi} bertanggal tahun {lhe.tanggal.year}."
        yield Warning("tahun_terbit", text)
