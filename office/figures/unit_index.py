"""The unit heads' index of a locked period, and the one that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from office.office import Office
from office.words.head import HeadWords
from scoring import period, unit_index
from scoring.numbers import comma
from scoring.period import Period
from storage.database import Db
from storage.periods import PeriodRow
from storage.unit_index import unit_results
from storage.unit_index.unit_results import UnitResult

LEAST_ASPEK = 5  # heads; of fewer, no aspek is shown


@dataclass(frozen=True, slots=True)
class LockedIndex:
    """The result of a locked period beside the one before it."""

    period: Period
    result: UnitResult
    earlier: tuple[Period, UnitResult] | None  # the newest one of the same series with a figure
    first: bool  # no locked period of this series came before


def of_period(db: Db, office: Office, current: PeriodRow) -> LockedIndex:
    """The index of a locked period of unit heads.

    Raises:
        Differs: a stored result is not what its inputs give.
    """
    known = office.unit_instruments
    result = unit_results.of_period(db, known[current.instrument_id], current.id)
    if result is None:
        raise LookupError("a period of unit heads without its result")
    series = result.score.instrument.series
    earlier, first, before = None, True, current.starts_at
    while earlier is None and (found := unit_results.latest(db, known, before)) is not None:
        locked, older = found
        before = locked.starts_at
        if older.score.instrument.series != series:
            continue
        first = False
        if older.told is not None:
            earlier = office.calendar.parse(locked.label), older
    return LockedIndex(office.calendar.parse(current.label), result, earlier, first)


def change(index: LockedIndex, words: HeadWords) -> str:
    """The change from the period before in the same series, or that there is none; plain text."""
    if index.earlier is None:
        return words.index_first.plain() if index.first else words.index_alone.plain()
    named, older = index.earlier
    delta = unit_index.change(older.score, index.result.score)
    if delta is None or older.score.nilai is None:
        raise AssertionError("a comparison across series")
    before = {"earlier": period.short_title(named), "value": comma(older.score.nilai)}
    if not delta:
        return words.index_same.plain(**before)
    moved = words.index_up if delta > 0 else words.index_down
    return moved.plain(delta=comma(abs(delta)), **before)
