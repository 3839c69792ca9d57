"""Exports: one row per completed response, shuffled, without key, owner or receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from scoring.instrument import DECLINED
from storage import periods
from storage import tables as t
from storage.database import Db
from storage.instruments import Registered
from storage.periods import in_periods
from storage.survey import owners, patterns
from storage.survey.patterns import ATTRIBUTES
from storage.tables import Status

ABOUT = ("instrumen", "periode", "unit", "layanan", "loket", "kanal", "urutan", "tanggal", "jam")
Cell = str | int | None


def columns(codes: Sequence[str]) -> tuple[str, ...]:
    """The column names: place and date, attributes, then the items."""
    return (*ABOUT, *ATTRIBUTES, *codes)


def rows(
    db: Db, known: Mapping[int, Registered], period_ids: Sequence[int], codes: Sequence[str]
) -> Iterator[tuple[Cell, ...]]:
    """The completed responses of these periods, streamed in random order.

    Codes as they are stored; None where a question was skipped, declined, or never asked.
    """
    r, a = t.response.c, t.answer.c
    meant = {
        code: [each.item_ids[code] for each in known.values() if code in each.item_ids]
        for code in codes
    }
    completed = and_(in_periods(period_ids), r.status == Status.COMPLETED)
    of_periods = select(r.id).where(completed)
    given = (
        select(
            a.response_id,
            *(
                func.max(case((a.item_id.in_(ids), a.nilai))).label(code)
                for code, ids in meant.items()
            ),
        )
        .where(a.response_id.in_(of_periods))
        .group_by(a.response_id)
        .subquery()
    )
    described = patterns.described(ATTRIBUTES, completed).subquery()
    query = (
        select(
            t.instrument.c.code, t.period.c.label, t.unit.c.slug, t.service.c.slug,
            t.counter.c.slug, r.kanal, r.urutan, r.tanggal, r.jam,
            *(described.c[name] for name in ATTRIBUTES), *(given.c[code] for code in codes),
        )
        .select_from(t.response)
        .join(t.instrument, t.instrument.c.id == r.instrument_id)
        .join(t.period, t.period.c.id == r.period_id)
        .join(t.service, t.service.c.id == r.service_id)
        .join(t.unit, t.unit.c.id == t.service.c.unit_id)
        .outerjoin(t.counter, t.counter.c.id == r.counter_id)
        .outerjoin(given, given.c.response_id == r.id)
        .outerjoin(described, described.c.response_id == r.id)
        .where(completed)
        .order_by(func.random())
    )  # fmt: skip
    for row in db.execute(query, execution_options={"yield_per": 2000}):
        yield tuple(_cell(value) for value in row)


def _cell(value: Any) -> Cell:
    if isinstance(value, date):
        return value.isoformat()
    return None if value == DECLINED else value


def suggestions(db: Db, period_ids: Iterable[int]) -> Iterator[tuple[str, str, str]]:
    """Period, service and text of the suggestions, streamed in random order."""
    s = t.suggestion.c
    ids = list(period_ids)
    # Of a period that is not locked, a batch may be half-written or undone.
    unlocked = [period_id for period_id in ids if periods.has_owners(db, period_id)]
    counts = [s.id.in_(owners.suggestions_that_count(period_id)) for period_id in unlocked]
    query = (
        select(t.period.c.label, t.service.c.slug, s.text)
        .join(t.period, t.period.c.id == s.period_id)
        .join(t.service, t.service.c.id == s.service_id)
        .where(s.period_id.in_(ids), or_(s.period_id.not_in(unlocked), *counts))
        .order_by(func.random())
    )
    for row in db.execute(query, execution_options={"yield_per": 2000}):
        yield row.label, row.slug, row.text
