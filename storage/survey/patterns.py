"""Completed responses of periods: grouped by attribute or by equal answers, or one by one.

The counting is the database's: a million responses come back as some thousand rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from scoring.instrument import DECLINED
from storage import tables as t
from storage.database import Db
from storage.instruments import Registered
from storage.periods import in_periods
from storage.survey.responses import CountedResponse
from storage.tables import Status

ATTRIBUTES = ("jenis_kelamin", "umur", "pendidikan", "pekerjaan")

# The tally of everybody who gave each answer; None: who declined, or was not asked.
ByCode: TypeAlias = dict[str | None, dict[str, dict[int, int]]]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response without owner or attributes; answers in the instrument's order."""

    service_id: int
    kanal: str
    answers: tuple[int | None, ...]


def counts_by_attribute(db: Db, periods: Sequence[int], attribute: str) -> dict[str | None, int]:
    """How many people gave each answer to an attribute; None: declined or not asked.

    Args:
        attribute: one of `ATTRIBUTES`.
    """
    if attribute not in ATTRIBUTES:
        raise ValueError(f"{attribute!r} is not kept with a response")
    a, o = t.response_attribute.c, t.attribute_option.c
    completed = int(db.execute(select(func.count()).where(_of(periods))).scalar_one())
    given = (
        select(o.code, func.count().label("n"))
        .select_from(t.response)
        .join(t.response_attribute, a.response_id == t.response.c.id)
        .join(t.attribute_option, o.id == a.option_id)
        .where(_of(periods), o.attribute == attribute, o.code != DECLINED)
        .group_by(o.code)
    )
    counts: dict[str | None, int] = {row.code: row.n for row in db.execute(given)}
    silent = completed - sum(counts.values())
    return counts | ({None: silent} if silent else {})


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


def tallies_by_attribute(
    db: Db, registered: Registered, periods: Sequence[int], attributes: Sequence[str]
) -> dict[str, ByCode]:
    """For each attribute and each answer to it, a tally; all answers are read once.

    Args:
        attributes: of `ATTRIBUTES`.
    """
    a = t.answer.c
    tallies: dict[str, ByCode] = {
        attribute: {
            code: {item: {0: n} for item in registered.item_ids}
            for code, n in counts_by_attribute(db, periods, attribute).items()
        }
        for attribute in attributes
    }
    one = described(attributes, _of(periods)).subquery()
    together = [*(one.c[attribute] for attribute in attributes), a.item_id, a.nilai]
    filled = db.execute(
        select(*together, func.count())
        .select_from(t.response)
        .join(t.answer, a.response_id == t.response.c.id)
        .outerjoin(one, one.c.response_id == t.response.c.id)
        .where(_of(periods), a.nilai.is_not(None))
        .group_by(*together)
    )
    for *codes, item_id, nilai, n in filled:
        for attribute, code in zip(attributes, codes, strict=True):
            answers = tallies[attribute][_given(code)][registered.codes[item_id]]
            answers[nilai] = answers.get(nilai, 0) + n
            answers[0] -= n
    return tallies


def _given(code: str | None) -> str | None:
    return None if code == DECLINED else code


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
    r, codes = t.response.c, registered.instrument.codes
    one = _pivoted(registered, [period_id], r.service_id, r.kanal, r.urutan).subquery()
    rows = select(func.count().label("n"), *one.c).group_by(*one.c)
    for n, service_id, kanal, urutan, *nilai in db.execute(
        rows, execution_options={"yield_per": 2000}
    ):
        answers = {code: given for code, given in zip(codes, nilai, strict=True) if given}
        where = CountedResponse(period_id, service_id, units[service_id], kanal, urutan)
        yield where, answers, n


def _of(periods: Sequence[int]) -> ColumnElement[bool]:
    r = t.response.c
    return and_(in_periods(periods), r.status == Status.COMPLETED)


def _pivoted(registered: Registered, periods: Sequence[int], *more: Any) -> Select[Any]:
    """One row per response: `more`, then its answers by item code."""
    r, a = t.response.c, t.answer.c
    answers = [
        func.max(case((a.item_id == registered.item_ids[code], a.nilai))).label(code)
        for code in registered.instrument.codes
    ]
    joined = t.response.outerjoin(t.answer, a.response_id == r.id)
    return select(*more, *answers).select_from(joined).where(_of(periods)).group_by(r.id, *more)
