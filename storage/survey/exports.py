"""Exports: one row per completed response, shuffled, without key, owner or receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from scoring.instrument import DECLINED, PLACE_COLUMNS, USUAL_ATTRIBUTES
from storage import tables as t
from storage.database import Db
from storage.periods import in_periods
from storage.registered import Registered
from storage.survey import patterns
from storage.tables import Status

Cell = str | int | None


def columns(codes: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """The column names: place and date, the usual attributes, the items, then other attributes."""
    return (*PLACE_COLUMNS, *USUAL_ATTRIBUTES, *codes, *more)


def other_attributes(
    db: Db, known: Mapping[int, Registered], period_ids: Sequence[int]
) -> tuple[str, ...]:
    """What the wordings of these periods' responses ask without a score besides the usual ones."""
    asked_in = select(t.response.c.instrument_id).where(in_periods(period_ids)).distinct()
    asked = [
        attribute.code
        for number in sorted(db.scalars(asked_in))
        for attribute in known[number].instrument.attributes
    ]
    return tuple(code for code in dict.fromkeys(asked) if code not in USUAL_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Coarsening:
    """What an export leaves out, so that a row describes no person.

    Args:
        periods: id of each period -> the label of the one that counts its answers.
        services: (period, service) -> unit and service as they are written; the service itself
            where it is a block of its own.
        least: combinations of attributes of fewer responses are emptied.
    """

    periods: Mapping[int, str]
    services: Mapping[tuple[int, int], tuple[str | None, str]]
    least: int


def rows(
    db: Db,
    known: Mapping[int, Registered],
    period_ids: Sequence[int],
    codes: Sequence[str],
    more: Sequence[str],
    coarsening: Coarsening | None = None,
) -> Iterator[tuple[Cell, ...]]:
    """The completed responses of these periods, streamed in random order.

    Codes as they are stored; None where a question was skipped, declined, or never asked.

    Args:
        more: attributes besides the usual ones, as `other_attributes`.
        coarsening: None: every column is written, which makes the rows personal data.
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
    described = patterns.described((*USUAL_ATTRIBUTES, *more), completed).subquery()
    usual = [described.c[name] for name in USUAL_ATTRIBUTES]
    others = [described.c[name] for name in more]
    attributes = [*usual, *others]
    query = (
        select(
            r.period_id, r.service_id,
            t.instrument.c.code, t.period.c.label, t.unit.c.slug, t.service.c.slug,
            t.counter.c.slug, r.kanal, r.urutan, r.tanggal, r.jam,
            *usual, *(given.c[code] for code in codes), *others,
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
    described_in = (*ABOUT_ME, *range(ABOUT_ME.stop + len(codes), len(columns(codes, more))))
    frequent: set[tuple[Cell, ...]] = set()
    if coarsening is not None:
        together = (
            select(*attributes)
            .select_from(t.response)
            .outerjoin(described, described.c.response_id == r.id)
            .where(completed)
            .group_by(*attributes)
            .having(func.count() >= coarsening.least)
        )
        frequent = {tuple(combination) for combination in db.execute(together)}
    for period_id, service_id, *row in db.execute(query, execution_options={"yield_per": 2000}):
        values = [_cell(value) for value in row]
        if coarsening is not None:
            _coarsen(coarsening, (period_id, service_id), values)
            if tuple(row[column] for column in described_in) not in frequent:
                for column in described_in:
                    values[column] = None
        yield tuple(values)


ABOUT_ME = range(len(PLACE_COLUMNS), len(PLACE_COLUMNS) + len(USUAL_ATTRIBUTES))


def _coarsen(coarsening: Coarsening, place: tuple[int, int], values: list[Cell]) -> None:
    unit, service = coarsening.services[place]
    values[PLACE_COLUMNS.index("periode")] = coarsening.periods[place[0]]
    values[PLACE_COLUMNS.index("unit")], values[PLACE_COLUMNS.index("layanan")] = unit, service
    for column in ("loket", "tanggal", "jam"):
        values[PLACE_COLUMNS.index(column)] = None


def _cell(value: Any) -> Cell:
    if isinstance(value, date):
        return value.isoformat()
    return None if value == DECLINED else value


def suggestions(
    db: Db, period_ids: Iterable[int]
) -> Iterator[tuple[int, int, str, str, str, str | None]]:
    """Period and service of the suggestions of locked periods, by id and by name, text and unsur.

    They are streamed in random order.
    """
    s = t.suggestion.c
    query = (
        select(s.period_id, s.service_id, t.period.c.label, t.service.c.slug, s.text, s.unsur)
        .join(t.period, t.period.c.id == s.period_id)
        .join(t.service, t.service.c.id == s.service_id)
        .where(s.period_id.in_(list(period_ids)))
        .order_by(func.random())
    )
    for row in db.execute(query, execution_options={"yield_per": 2000}):
        yield row.period_id, row.service_id, row.label, row.slug, row.text, row.unsur
