"""Answers in cells: a nilai as a number, or one of the instrument's own labels."""

import re

from scoring.headings import plain
from scoring.instrument import Instrument, Item

Answer = int | None
Answers = tuple[Answer, ...]

UNREADABLE = -1  # the value of a cell that has neither a nilai nor a label of its unsur
NOT_ANSWERED = frozenset(("", "-", "–", "—"))
WITH_LABEL = re.compile(r"(\d+) (.+)|(.+) (\d+)")  # "4. Sangat sesuai", "Sangat sesuai (4)"
MAX_REMEMBERED = 10_000  # different cells of a column


def parse_nilai(cell: str, steps: range) -> Answer:
    """The nilai in a cell, also "3.0" and "3,0"; None if there is none."""
    whole, _, decimals = cell.replace(",", ".").partition(".")
    nilai = {str(step): step for step in steps}.get(whole)
    return None if decimals.strip("0") else nilai


class Readings(dict[str, Answer]):
    """Cell -> nilai for one item; None when it is not answered, UNREADABLE when it has no nilai."""

    def __init__(self, instrument: Instrument, code: str) -> None:
        self.steps = instrument.steps
        self.labels = _labels(instrument.item(code), instrument.steps)

    def __missing__(self, cell: str) -> Answer:
        value = self.reading(cell)
        if len(self) < MAX_REMEMBERED:
            self[cell] = value
        return value

    def reading(self, cell: str) -> Answer:
        """The reading of one cell."""
        if cell in NOT_ANSWERED:
            return None
        nilai = parse_nilai(cell, self.steps)
        if nilai is not None:
            return nilai
        text = plain(cell)
        if text in self.labels:
            return self.labels[text]
        both = WITH_LABEL.fullmatch(text)
        if not both:
            return UNREADABLE
        nilai = self.labels.get(both[2] or both[3], UNREADABLE)
        return nilai if str(nilai) == (both[1] or both[4]) else UNREADABLE


def _labels(item: Item, steps: range) -> dict[str, int]:
    """Label -> nilai, in every wording and language; without labels that have two nilai."""
    nilai_of: dict[str, set[int]] = {}
    for wording in (*item.resmi.values(), *item.mudah.values()):
        for nilai, label in zip(steps, wording.labels, strict=True):
            nilai_of.setdefault(plain(label), set()).add(nilai)
    return {label: nilai.pop() for label, nilai in nilai_of.items() if len(nilai) == 1}
