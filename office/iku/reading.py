"""What the divisor in the unit heads' formula means: what the office confirmed, and the note."""

from __future__ import annotations

from office.words.head import HeadWords
from scoring.unit_instrument import ArtiPembagi, UnitInstrument


def named(words: HeadWords, arti: ArtiPembagi | None) -> str:
    """A meaning in words, plain text; of None that it is not confirmed."""
    match arti:
        case "jumlah_indikator":
            return words.reading_indikator.plain()
        case "skala_maks":
            return words.reading_skala.plain()
        case "jumlah_penilai":
            return words.reading_penilai.plain()
    return words.reading_open.plain()


def note(words: HeadWords, confirmed: ArtiPembagi | None, form: UnitInstrument) -> str:
    """What stands beside an index of this form; empty once the office has confirmed its meaning."""
    if confirmed == form.arti_pembagi:
        return ""
    if confirmed is None:
        return words.reading_note.plain(pembagi=form.pembagi)
    return words.reading_differs.plain(
        pembagi=form.pembagi,
        confirmed=named(words, confirmed),
        own=named(words, form.arti_pembagi),
    )
