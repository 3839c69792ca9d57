"""How the IKU table is written: realisasi, target, capaian, what a divisor means to the office."""

from __future__ import annotations

from decimal import Decimal

from office.words.head import HeadWords
from office.words.iku import IkuWords
from scoring.iku import IkuRow, Target
from scoring.numbers import comma, with_comma
from scoring.plan import Rules
from scoring.unit_instrument import ArtiPembagi, UnitInstrument


def rules(words: IkuWords, of_year: Rules) -> str:
    """How the year's figures are made, plain."""
    return words.rules.plain(tahunan=of_year.tahunan.replace("_", " "), feeding=of_year.feeding)


def realisasi(words: IkuWords, row: IkuRow, predikat: str | None) -> str:
    """What was reached, with an LHE's predikat; a figure by hand is marked by its note."""
    return _figure(words, row.realisasi.nilai, predikat)


def target(words: IkuWords, aimed: Target) -> str:
    """What was aimed at."""
    return _figure(words, aimed.nilai, aimed.predikat)


def written_target(aimed: Target) -> str:
    """A target as it was typed, `83` or `70,5 (BB)`; empty without one."""
    nilai = "" if aimed.nilai is None else with_comma(f"{aimed.nilai:f}")
    if aimed.predikat is None:
        return nilai
    return f"{nilai} ({aimed.predikat})" if nilai else aimed.predikat


def beside_target(words: IkuWords, row: IkuRow, predikat: str | None) -> str:
    """What was reached beside what was aimed at; a figure that is missing is said to be. Plain."""
    satuan = row.satuan.lower()
    reached, aimed = realisasi(words, row, predikat), target(words, row.target)
    match row.realisasi.nilai is None, row.target.nilai is None:
        case True, True:
            return words.nothing_beside_target.plain()
        case True, False:
            return words.target_alone.plain(target=aimed, satuan=satuan)
        case False, True:
            return words.realisasi_alone.plain(realisasi=reached, satuan=satuan)
        case _:
            return words.beside_target.plain(realisasi=reached, target=aimed, satuan=satuan)


def _figure(words: IkuWords, nilai: Decimal | None, predikat: str | None) -> str:
    """Plain text, to be escaped by whatever it is filled into, or drawn."""
    if nilai is None:
        return words.missing.plain()
    if predikat is None:
        return comma(nilai)
    return words.with_predikat.plain(nilai=comma(nilai), predikat=predikat)


def capaian(words: IkuWords, row: IkuRow, cap: Decimal | None) -> str:
    """The capaian with its kategori, or why there is none; never 0 for a missing one."""
    shown = row.capaian.shown(cap)
    if shown is None or row.kategori is None:
        return words.not_available.plain(reason=row.reason or "")
    return words.capaian.plain(capaian=comma(shown), kategori=row.kategori.name)


def reading(words: HeadWords, arti: ArtiPembagi | None) -> str:
    """A meaning in words, plain text; of None that it is not confirmed."""
    match arti:
        case "jumlah_indikator":
            return words.reading_indikator.plain()
        case "skala_maks":
            return words.reading_skala.plain()
        case "jumlah_penilai":
            return words.reading_penilai.plain()
    return words.reading_open.plain()


def reading_note(words: HeadWords, confirmed: ArtiPembagi | None, form: UnitInstrument) -> str:
    """What stands beside an index of this form; empty once the office has confirmed its meaning."""
    if confirmed == form.arti_pembagi:
        return ""
    if confirmed is None:
        return words.reading_note.plain(pembagi=form.pembagi)
    return words.reading_differs.plain(
        pembagi=form.pembagi,
        confirmed=reading(words, confirmed),
        own=reading(words, form.arti_pembagi),
    )
