"""Columns u1a, u1b of a sheet whose instrument asks U1 once: the instrument with them as items."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scoring import heading_rows
from scoring.headings import Vocabulary
from scoring.instrument import Instrument, Item, Unsur
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book
from scoring.table import chosen


def divided(book: Book, vocabulary: Vocabulary, name: str | None = None) -> Instrument:
    """The instrument with an item for each such column; itself where no sheet has any.

    Args:
        name: the sheet to read, if there are several.

    Raises:
        TableError: as of `chosen`.
    """
    if not vocabulary.instrument.grouped:
        for sheet in chosen(book, name):
            letters_of = heading_rows.lettered(sheet, vocabulary)
            if letters_of:
                return _with_items(vocabulary.instrument, letters_of)
    return vocabulary.instrument


def warnings(instrument: Instrument) -> list[ResultWarning]:
    """One sentence for each unsur that was divided."""
    return [
        ResultWarning(
            "unsur_berbutir",
            f"Unsur {instrument.title(unsur.code)} dibaca dari {len(unsur.items)} kolom"
            f" ({', '.join(map(instrument.number, unsur.items))}): NRR-nya rata-rata NRR"
            " kolom-kolom itu.",
        )
        for unsur in instrument.unsur
        if unsur.divided
    ]


def _with_items(instrument: Instrument, letters_of: Mapping[str, Sequence[str]]) -> Instrument:
    items = {
        item.code: [_part(item, letter) for letter in letters_of[item.code]]
        if item.code in letters_of
        else [item]
        for item in instrument.items
    }
    codes = {code: tuple(part.code for part in parts) for code, parts in items.items()}
    return replace(
        instrument,
        items=tuple(part for parts in items.values() for part in parts),
        form_order=tuple(code for unsur in instrument.form_order for code in codes[unsur]),
        grouped=tuple(
            Unsur(item.code, item.name, item.source, codes[item.code]) for item in instrument.items
        ),
    )


def _part(item: Item, letter: str) -> Item:
    name = {language: f"{text} ({letter})" for language, text in item.name.items()}
    return replace(item, code=f"{item.code}_{letter.upper()}", name=name)
