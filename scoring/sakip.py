"""Nilai evaluasi SAKIP: contents of a Laporan Hasil Evaluasi (LHE), its predikat, and warnings.

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

from scoring.numbers import half_up, with_comma
from scoring.result_warnings import ResultWarning

TABLES = Path(__file__).parent / "regulations" / "sakip.toml"
TOLERANCE = Decimal("0.02")  # allowed difference between the total and its rounded components

# Whether a nilai must be above the lower limit of a predikat, or may equal it: 80,00 is BB or A.
AtBoundary: TypeAlias = Literal["lebih dari", "paling sedikit"]
# Which LHE gives the realisasi of year t: the one issued in t, or the one that evaluates t.
LheYear: TypeAlias = Literal["terbit", "dinilai"]


class NilaiOutOfRange(ValueError):
    """Nilai SAKIP harus antara 0 dan 100; periksa lagi angkanya pada LHE."""


@dataclass(frozen=True, slots=True)
class Komponen:
    """One component of an evaluation, with its maximum nilai."""

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
    """One predikat with its name; `lower` is its lower limit."""

    code: str
    name: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Lhe:
    """The contents of one LHE; `komponen` (code -> nilai) and `predikat` are optional."""

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
                Komponen(komponen["code"], komponen["name"], Decimal(komponen["maximum"]))
                for komponen in each["komponen"]
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
        NilaiOutOfRange: a nilai below 0 or above 100.
    """
    _must_be_percentage(nilai)
    rounded = half_up(nilai, 2)
    *upper, lowest = predicates()
    for each in upper:
        if rounded > each.lower or (rounded == each.lower and at_boundary == "paling sedikit"):
            return each
    return lowest


def check(lhe: Lhe, at_boundary: AtBoundary = "lebih dari") -> tuple[ResultWarning, ...]:
    """Warnings about inconsistencies in an LHE, which is accepted as it is printed.

    Raises:
        NilaiOutOfRange: a total below 0 or above 100.
    """
    _must_be_percentage(lhe.nilai)
    return (*_komponen_warnings(lhe), *_predikat_warnings(lhe, at_boundary), *_year_warnings(lhe))


def lhe_of_year(lhe: Iterable[Lhe], tahun: int, sumber: LheYear = "terbit") -> Lhe | None:
    """The LHE that gives the realisasi of a year; if there are several, the newest."""
    candidates = [
        each
        for each in lhe
        if tahun == (each.tanggal.year if sumber == "terbit" else each.tahun_dinilai)
    ]
    return max(candidates, key=lambda each: each.tanggal, default=None)


def _tables() -> dict[str, Any]:
    return tomllib.loads(TABLES.read_text(encoding="utf-8"))


def _must_be_percentage(nilai: Decimal) -> None:
    if not nilai.is_finite() or not 0 <= nilai <= 100:
        raise NilaiOutOfRange(f"{NilaiOutOfRange.__doc__} Tertulis {with_comma(nilai)}.")


def _komponen_warnings(lhe: Lhe) -> Iterator[ResultWarning]:
    regulasi = regulations().get(lhe.regulasi)
    if regulasi is None:
        text = (
            f'Peraturan "{lhe.regulasi}" tidak dikenal; yang dikenal: {", ".join(regulations())}.'
        )
        yield ResultWarning("regulasi_tak_dikenal", text)
        return
    if not lhe.komponen:
        return
    komponen = {each.code: each for each in regulasi.komponen}
    for code, nilai in lhe.komponen.items():
        if code not in komponen:
            text = f'Komponen "{code}" tidak ada dalam {regulasi.name}.'
            yield ResultWarning("komponen_tak_dikenal", text)
        elif not 0 <= nilai <= komponen[code].maximum:
            each = komponen[code]
            text = f"{each.name} {with_comma(nilai)}, padahal nilainya 0 sampai {each.maximum}."
            yield ResultWarning("komponen_di_luar_batas", text)
    missing = [each.name for code, each in komponen.items() if code not in lhe.komponen]
    if missing:
        yield ResultWarning(
            "komponen_belum_lengkap", f"Komponen belum diisi: {', '.join(missing)}."
        )
    yield from _sum_warnings(lhe, complete=not missing)


def _sum_warnings(lhe: Lhe, *, complete: bool) -> Iterator[ResultWarning]:
    total = sum(lhe.komponen.values(), Decimal(0))
    difference = total - lhe.nilai
    # While components are missing, only a sum that is too large is an inconsistency.
    if difference > TOLERANCE or (complete and difference < -TOLERANCE):
        text = (
            f"Jumlah komponen {with_comma(total)}, nilai pada LHE {with_comma(lhe.nilai)}:"
            f" selisih {with_comma(f'{difference:+}')}."
        )
        yield ResultWarning("jumlah_berbeda", text)


def _predikat_warnings(lhe: Lhe, at_boundary: AtBoundary) -> Iterator[ResultWarning]:
    expected = predikat(lhe.nilai, at_boundary)
    if lhe.predikat is not None and lhe.predikat.strip().upper() != expected.code:
        text = (
            f"Predikat pada LHE {lhe.predikat.strip()}, sedangkan {with_comma(lhe.nilai)}"
            f" berarti {expected.code} ({expected.name}) bila batasnya “{at_boundary}”."
        )
        yield ResultWarning("predikat_berbeda", text)


def _year_warnings(lhe: Lhe) -> Iterator[ResultWarning]:
    if lhe.tahun_dinilai != lhe.tahun_evaluasi - 1:
        text = (
            f"Evaluasi {lhe.tahun_evaluasi} biasanya menilai {lhe.tahun_evaluasi - 1},"
            f" di sini tertulis {lhe.tahun_dinilai}."
        )
        yield ResultWarning("tahun_dinilai", text)
    if lhe.tanggal.year != lhe.tahun_evaluasi:
        text = f"LHE evaluasi {lhe.tahun_evaluasi} bertanggal tahun {lhe.tanggal.year}."
        yield ResultWarning("tahun_terbit", text)
