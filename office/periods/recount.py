"""The recount: a period's answers read once, and held against the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from scoring import blocks
from scoring.blocks import People
from storage.database import Db
from storage.registered import Registered
from storage.survey import patterns, tallies
from storage.survey.tallies import Cell

Answers = tuple[int, ...]  # in the instrument's order; 0: not answered
Place = tuple[int, str, bool]  # service, channel, whether a repeat


@dataclass(slots=True)
class Read:
    """The answers of one period: people with one response counted together, the others by person.

    Args:
        once: place and answers -> how many people.
        several: person -> place and answers of each of his responses.
    """

    once: Counter[tuple[Place, Answers]]
    several: dict[Hashable, list[tuple[Place, Answers]]]
    options: dict[str, dict[str, People]]  # attribute -> option -> who gave it
    given: dict[str, Counter[str]]  # attribute -> option -> responses


@dataclass(frozen=True, slots=True)
class Recount:
    """What a read snapshot contained: the answers, and the tallies counted anew and as stored."""

    read: Read
    cells: Counter[Cell]
    stored: Counter[Cell]
    differences: int  # how many cells disagree


def of_period(db: Db, registered: Registered, period_id: int) -> Recount:
    """Recount a period; its answers are read once, and the database counts equal ones together."""
    cells = Counter[Cell]()
    counted = tallies.Deltas(cells)
    once = Counter[tuple[Place, Answers]]()
    codes = registered.instrument.codes
    for where, answers, n in patterns.grouped_by_place(db, registered, period_id):
        counted.add(registered, where, answers, n)
        place = (where.service_id, where.kanal, where.urutan > 1)
        once[place, tuple(answers.get(code, 0) for code in codes)] += n
    several: dict[Hashable, list[tuple[Place, Answers]]] = {}
    for row in patterns.of_repeated_people(db, registered, period_id):
        place = (row.service_id, row.kanal, row.urutan > 1)
        given = tuple(nilai or 0 for nilai in row.answers)
        several.setdefault((period_id, row.person), []).append((place, given))
        once[place, given] -= 1
    stored = tallies.stored_cells(db, period_id)
    # One by one: a set of all cells at once would let no other thread run meanwhile.
    differ = sum(stored[cell] != n for cell, n in cells.items())
    differ += sum(cell not in cells for cell in stored)
    options, given_by = _options(db, registered, period_id, bool(several))
    return Recount(Read(+once, several, options, given_by), cells, stored, differ)


def _options(
    db: Db, registered: Registered, period_id: int, several: bool
) -> tuple[dict[str, dict[str, People]], dict[str, Counter[str]]]:
    """Who gave which option, and how many responses; `several`: whether a person has several."""
    counts = patterns.counts_by_option(db, period_id)
    # A wording that came during the period may ask more than the one that the period began with.
    codes = (attribute.code for attribute in registered.instrument.attributes)
    given = {code: Counter(counts.get(code, {})) for code in dict.fromkeys((*codes, *counts))}
    once = {attribute: Counter(each) for attribute, each in given.items()}
    repeated: dict[tuple[str, str], dict[Hashable, frozenset[str]]] = {}
    for person, attribute, code in (
        patterns.options_of_repeated_people(db, period_id) if several else ()
    ):
        if attribute in once:
            once[attribute][code] -= 1
            repeated.setdefault((attribute, code), {})[period_id, person] = frozenset()
    options = {
        attribute: {
            code: People(once[attribute][code], {}, repeated.get((attribute, code), {}))
            for code in each
        }
        for attribute, each in given.items()
    }
    return options, given


def together(reads: Sequence[Read]) -> Read:
    """The answers of periods that are locked as one."""
    if len(reads) == 1:
        return reads[0]
    total = Read(Counter(), {}, {}, {})
    for read in reads:
        total.once.update(read.once)
        total.several |= read.several
        for attribute, by_option in read.options.items():
            known = total.options.setdefault(attribute, {})
            for option, people in by_option.items():
                known[option] = blocks.joined((known.get(option, blocks.NOBODY), people))
            total.given.setdefault(attribute, Counter()).update(read.given[attribute])
    return total
