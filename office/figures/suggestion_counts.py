"""How many suggestions citizens wrote, and what the Camat put them under; never their words.

The Camat sorts them after the lock too, so they are counted when they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from office.figures.spans import Span
from office.office import Office
from reports.papers import SuggestionCounts
from scoring.limits import MIN_RESPONSES
from storage.database import Db
from storage.survey import suggestions
from storage.survey.suggestions import OTHER


def of(db: Db, office: Office, span: Span) -> SuggestionCounts | None:
    """The suggestions of the locked periods that have at least `MIN_RESPONSES`; None: none has.

    A longer span is the sum of what its periods tell, so their difference tells nothing more.
    """
    total = done = 0
    told: Counter[str] = Counter()
    for period in span.periods:
        counts = suggestions.counts_of_locked(db, span.counted(period))
        n = sum(each.n for each in counts)
        if n < MIN_RESPONSES:
            continue
        total, done = total + n, done + sum(each.n for each in counts if each.done)
        by_unsur: Counter[str] = Counter()
        for each in counts:
            by_unsur[each.unsur] += each.n
        told.update(large_enough(by_unsur))
    if not total:
        return None
    instrument = office.instruments[span.periods[-1].instrument_id].instrument
    order = (*instrument.unsur_codes, OTHER)
    named = tuple((code, told[code]) for code in order if told[code])
    return SuggestionCounts(total, done, named, total - sum(n for _, n in named))


def large_enough(by_unsur: Mapping[str, int]) -> dict[str, int]:
    """The unsur with enough suggestions to be named; the rest, if any, is enough together too."""
    named = {unsur: n for unsur, n in by_unsur.items() if unsur and n >= MIN_RESPONSES}
    rest = sum(by_unsur.values()) - sum(named.values())
    while named and 0 < rest < MIN_RESPONSES:
        smallest = min(named, key=lambda unsur: (named[unsur], unsur))
        rest += named.pop(smallest)
    return named
