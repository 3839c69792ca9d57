"""Completed responses of periods: grouped by attribute or by equal answers, or one by one.

The counting is the database's: a million responses come back as some thousand rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from storage import tables as t
from storage.database import Db
from storage.instruments import Registered
from storage.responses import ATTRIBUTES
from storage.tables import Status

DECLINED = "-"


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
        attribute: one of `responses.ATTRIBUTES`.
    """
    if attribute not in ATTRIBUTES:
        raise ValueError(f"{attribute!r} is not kept with a response")
    given = t.response.c[attribute]
    counts: dict[str | None, int] = {}
    for code, n in db.execute(select(given, func.count()).where(_of(periods)).group_by(given)):
        counts[_given(code)] = counts.get(_given(code), 0) + n
    return counts


def tallies_by_attribute(
    db: Db, registered: Registered, periods: Sequence[int], attributes: Sequence[str]
) -> dict[str, ByCode]:
    """For each attribute and each answer to it, a tally; all answers are read once.

    Args:
        attributes: of `responses.ATTRIBUTES`.
    """
    a = t.answer.c
    tallies: dict[str, ByCode] = {
        attribute: {
            code: {item: {0: n} for item in registered.item_ids}
            for code, n in counts_by_attribute(db, periods, attribute).items()
        }
        for attribute in attributes
    }
    together = [*(t.response.c[attribute] for attribute in attributes), a.item_id, a.nilai]
    filled = db.execute(
        select(*together, func.count())
        .join(t.answer, a.response_id == t.response.c.id)
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
    pivoted = db.execute(_pivoted(registered, periods, r.service_id, r.kanal))
    read = [ResponseRow(service, kanal, tuple(answers)) for service, kanal, *answers in pivoted]
    return sorted(read, key=lambda row: (row.service_id, row.kanal, [n or 0 for n in row.answers]))


def _of(periods: Sequence[int]) -> ColumnElement[bool]:
    r = t.response.c
    return and_(r.period_id.in_(periods), r.status == Status.COMPLETED)


def _pivoted(registered: Registered, periods: Sequence[int], *more: Any) -> Select[Any]:
    """One row per response: `more`, then its answers by item code."""
    r, a = t.response.c, t.answer.c
    answers = [
        func.max(case((a.item_id == registered.item_ids[code], a.nilai))).label(code)
        for code in registered.instrument.codes
    ]
    joined = t.response.outerjoin(t.answer, a.response_id == r.id)
    return select(*more, *answers).select_from(joined).where(_of(periods)).group_by(r.id, *more)
