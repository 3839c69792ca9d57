"""How the figures of the IKU table are written: realisasi, target, capaian."""

from __future__ import annotations

from decimal import Decimal

from office.iku.table import Line
from office.words.iku import IkuWords
from scoring.iku import Target
from scoring.numbers import comma


def realisasi(words: IkuWords, line: Line) -> str:
    """What was reached, with an LHE's predikat; a figure by hand is marked by its note."""
    return _figure(words, line.row.realisasi.nilai, line.predikat)


def target(words: IkuWords, aimed: Target) -> str:
    """What was aimed at."""
    return _figure(words, aimed.nilai, aimed.predikat)


def _figure(words: IkuWords, nilai: Decimal | None, predikat: str | None) -> str:
    """Plain text, to be escaped by whatever it is filled into, or drawn."""
    if nilai is None:
        return words.missing.plain()
    if predikat is None:
        return comma(nilai)
    return words.with_predikat.plain(nilai=comma(nilai), predikat=predikat)


def capaian(words: IkuWords, line: Line, cap: Decimal | None) -> str:
    """The capaian with its kategori, or why there is none; never 0 for a missing one."""
    shown = line.row.capaian.shown(cap)
    if shown is None or line.row.kategori is None:
        return words.not_available.plain(reason=line.row.reason or "")
    return words.capaian.plain(capaian=comma(shown), kategori=line.row.kategori.name)
