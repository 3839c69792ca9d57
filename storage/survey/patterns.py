"""Completed responses of periods: grouped by attribute or by equal answers, or one by one.

The counting is the database's: a million responses come back as some thousand rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.exc import ProgrammingError

from scoring.instrument import DECLINED
from storage import tables as t
from storage.database import ConcurrentChange, Db
from storage.periods import has_owners, ids_of, in_periods
from storage.registered import Registered
from storage.survey import owners
from storage.survey.tallies import CountedResponse
from storage.tables import Status

Items: TypeAlias = tuple[tuple[str, int], ...]  # code and id, in the instrument's order

UNDEFINED_TABLE = "42P01"  # the SQLSTATE of PostgreSQL

# As `_of` one period, whose range is given at each execution.
_OF_PERIOD = and_(
    t.response.c.id.between(bindparam("first_id"), bindparam("last_id")),
    t.response.c.status == Status.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response without owner or attributes; answers in the instrument's order."""

    service_id: int
    kanal: str
    answers: tuple[int | None, ...]


def described(attributes: Sequence[str], where: ColumnElement[bool]) -> Select[Any]:
    """One row per response that has attributes: its id, then the code of each; NULL: not asked.

    Args:
        where: a condition on `response`.
    """
    r, a, o = t.response.c, t.response_attribute.c, t.attribute_option.c
    codes = [
        func.max(case((o.attribute == attribute, o.code))).label(attribute)
        for attribute in attributes
    ]
    return (
        select(a.response_id, *codes)
        .select_from(t.response_attribute)
        .join(t.attribute_option, o.id == a.option_id)
        .where(a.response_id.in_(select(r.id).where(where)))
        .group_by(a.response_id)
    )


def grouped_answers(
    db: Db, registered: Registered, periods: Sequence[int]
) -> list[tuple[dict[str, int | None], int]]:
    """Equal responses counted together: item code -> nilai (None: skipped), how often."""
    one = _pivoted(registered, periods).subquery()
    columns = [one.c[code] for code in registered.instrument.codes]
    rows = db.execute(select(func.count(), *columns).group_by(*columns))
    codes = registered.instrument.codes
    return [(dict(zip(codes, answers, strict=True)), n) for n, *answers in rows]


def rows(db: Db, registered: Registered, periods: Sequence[int]) -> list[ResponseRow]:
    """Every response, ordered by its content, so that the order does not show when it came."""
    r = t.response.c
    each = db.execute(_pivoted(registered, periods, r.service_id, r.kanal))
    read = [ResponseRow(service, kanal, tuple(answers)) for service, kanal, *answers in each]
    return sorted(read, key=lambda row: (row.service_id, row.kanal, [n or 0 for n in row.answers]))


UNITS = select(t.service.c.id, t.service.c.unit_id)


def grouped_by_place(
    db: Db, registered: Registered, period_id: int
) -> Iterator[tuple[CountedResponse, dict[str, int], int]]:
    """Every completed response of a period, equal ones grouped by the database.

    Yields:
        Where they count, their answers (without skipped items), how many there are.
    """
    units: dict[int, int] = {row.id: row.unit_id for row in db.execute(UNITS)}
    codes = registered.instrument.codes
    for n, service_id, kanal, urutan, *nilai in db.execute(
        _by_place(_items(registered)), _range(period_id), execution_options={"yield_per": 2000}
    ):
        answers = {code: given for code, given in zip(codes, nilai, strict=True) if given}
        where = CountedResponse(period_id, service_id, units[service_id], kanal, urutan)
        yield where, answers, n


@cache
def _by_place(items: Items) -> Select[Any]:
    """Built once: nights and locks ask for each period."""
    r = t.response.c
    one = _answers_of(items, _OF_PERIOD, r.service_id, r.kanal, r.urutan).subquery()
    return select(func.count().label("n"), *one.c).group_by(*one.c)


@dataclass(frozen=True, slots=True)
class RepeatedResponse:
    """A response of a person who sent several in the period: answers in the instrument's order."""

    person: bytes
    response_id: int
    service_id: int
    kanal: str
    urutan: int
    answers: tuple[int | None, ...]


def of_repeated_people(db: Db, registered: Registered, period_id: int) -> list[RepeatedResponse]:
    """The responses of each person with several in a period; none when its owners are deleted.

    Raises:
        ConcurrentChange: another process locked the period meanwhile. PostgreSQL shows a dropped
            table to no snapshot, though it shows the older rows of other tables.
    """
    if not has_owners(db, period_id):
        return []
    try:
        found = db.execute(_repeated(_items(registered), period_id), _range(period_id)).all()
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE:
            raise ConcurrentChange from error
        raise
    return [
        RepeatedResponse(person, number, service, kanal, urutan, tuple(answers))
        for person, number, service, kanal, urutan, *answers in found
    ]


@cache
def _repeated(items: Items, period_id: int) -> Select[Any]:
    r, o = t.response.c, owners.table(period_id).c
    rows = _answers_of(items, _OF_PERIOD, o.owner, r.id, r.service_id, r.kanal, r.urutan)
    joined = rows.join(owners.table(period_id), o.response_id == r.id)
    return joined.where(o.owner.in_(owners.repeated(period_id))).order_by(r.id)


def options_of_repeated_people(db: Db, period_id: int) -> list[tuple[bytes, str, str]]:
    """Person, attribute and option of every response of people with several responses."""
    o, a, c = owners.table(period_id).c, t.response_attribute.c, t.attribute_option.c
    rows = (
        select(o.owner, c.attribute, c.code)
        .select_from(t.response)
        .join(owners.table(period_id), o.response_id == t.response.c.id)
        .join(t.response_attribute, a.response_id == t.response.c.id)
        .join(t.attribute_option, c.id == a.option_id)
        .where(_of([period_id]), o.owner.in_(owners.repeated(period_id)), c.code != DECLINED)
    )
    return [(row.owner, row.attribute, row.code) for row in db.execute(rows)]


def counts_by_option(db: Db, period_id: int) -> dict[str, dict[str, int]]:
    """How many responses of a period gave each option, by attribute."""
    counts: dict[str, dict[str, int]] = {}
    for row in db.execute(_by_option(), _range(period_id)):
        counts.setdefault(row.attribute, {})[row.code] = row.n
    return counts


@cache
def _by_option() -> Select[Any]:
    a, o = t.response_attribute.c, t.attribute_option.c
    return (
        select(o.attribute, o.code, func.count().label("n"))
        .select_from(t.response)
        .join(t.response_attribute, a.response_id == t.response.c.id)
        .join(t.attribute_option, o.id == a.option_id)
        .where(_OF_PERIOD, o.code != DECLINED)
        .group_by(o.attribute, o.code)
    )


def of_batch(
    db: Db, registered: Registered, batch_id: int
) -> list[tuple[CountedResponse, dict[str, int], int]]:
    """The slips of a batch that are neither voided nor undone, equal ones counted together.

    They are those that count, or all of a batch that does not count yet.
    """
    r, s = t.response.c, t.service.c
    ids = select(r.id).where(r.batch_id == batch_id, r.status != Status.VOID)
    codes = registered.instrument.codes
    one = _answers_of(
        _items(registered), r.id.in_(ids), r.period_id, r.service_id, r.kanal, r.urutan
    )
    each = one.subquery()
    rows = (
        select(func.count().label("n"), s.unit_id, *each.c)
        .join(t.service, s.id == each.c.service_id)
        .group_by(s.unit_id, *each.c)
    )
    return [
        (
            CountedResponse(period_id, service_id, unit_id, kanal, urutan),
            {code: nilai for code, nilai in zip(codes, answers, strict=True) if nilai},
            n,
        )
        for n, unit_id, period_id, service_id, kanal, urutan, *answers in db.execute(rows)
    ]


def options_of_batch(db: Db, batch_id: int) -> dict[str, dict[str, int]]:
    """How many slips of a batch gave each option, by attribute."""
    r, a, o = t.response.c, t.response_attribute.c, t.attribute_option.c
    rows = (
        select(o.attribute, o.code, func.count().label("n"))
        .select_from(t.response)
        .join(t.response_attribute, a.response_id == r.id)
        .join(t.attribute_option, o.id == a.option_id)
        .where(r.batch_id == batch_id, r.status != Status.VOID, o.code != DECLINED)
        .group_by(o.attribute, o.code)
    )
    given: dict[str, dict[str, int]] = {}
    for row in db.execute(rows):
        given.setdefault(row.attribute, {})[row.code] = row.n
    return given


def _of(periods: Sequence[int]) -> ColumnElement[bool]:
    r = t.response.c
    return and_(in_periods(periods), r.status == Status.COMPLETED)


def _range(period_id: int) -> dict[str, int]:
    first, last = ids_of(period_id)
    return {"first_id": first, "last_id": last}


def _items(registered: Registered) -> Items:
    return tuple((code, registered.item_ids[code]) for code in registered.instrument.codes)


def _pivoted(registered: Registered, periods: Sequence[int], *more: Any) -> Select[Any]:
    """One row per response: `more`, then its answers by item code."""
    return _answers_of(_items(registered), _of(periods), *more)


def _answers_of(items: Items, where: ColumnElement[bool], *more: Any) -> Select[Any]:
    r, a = t.response.c, t.answer.c
    answers = [func.max(case((a.item_id == number, a.nilai))).label(code) for code, number in items]
    joined = t.response.outerjoin(t.answer, a.response_id == r.id)
    return select(*more, *answers).select_from(joined).where(where).group_by(r.id, *more)
