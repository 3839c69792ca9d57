"""Suggestions of citizens: texts without person, time or order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, insert, select, true, update

from storage import periods
from storage import tables as t
from storage.database import Db
from storage.survey import owners, sending
from storage.survey.owners import Said


def period_ids(db: Db) -> list[int]:
    """The periods that have suggestions, newest first."""
    s, p = t.suggestion.c, t.period.c
    having = select(s.period_id).distinct()
    return list(
        db.execute(select(p.id).where(p.id.in_(having)).order_by(p.starts_at.desc())).scalars()
    )


def counts_by_service(db: Db, period_id: int, before: date) -> dict[int, int]:
    """How many suggestions each service has, of responses dated earlier than `before`."""
    s = t.suggestion.c
    rows = db.execute(
        select(s.service_id, func.count().label("n"))
        .where(s.period_id == period_id, _dated(db, period_id, before))
        .group_by(s.service_id)
    )
    return {row.service_id: row.n for row in rows}


def texts(db: Db, period_id: int, service_id: int, before: date, skip: int, most: int) -> list[str]:
    """A page of suggestions in alphabetical order, which says nothing about persons."""
    s = t.suggestion.c
    return list(
        db.execute(
            select(s.text)
            .where(
                and_(s.period_id == period_id, s.service_id == service_id),
                _dated(db, period_id, before),
            )
            .order_by(s.text, s.id)
            .offset(skip)
            .limit(most)
        ).scalars()
    )


def texts_of_periods(db: Db, period_ids: Sequence[int], most: int) -> list[str]:
    """The suggestions of locked periods in alphabetical order, at most `most`."""
    s = t.suggestion.c
    query = select(s.text).where(s.period_id.in_(period_ids)).order_by(s.text, s.id).limit(most)
    return sorted(db.execute(query).scalars())


def text_of(db: Db, said: Said) -> str:
    """The suggestion of a sent response; empty without one. Its row stays locked."""
    s = t.suggestion.c
    query = select(s.text).where(s.id == said.suggestion_id).with_for_update()
    return db.execute(query).scalar() or ""


def write(db: Db, said: Said, text: str, day: date) -> None:
    """Store the suggestion of a sent response anew; nobody reads it before the next day."""
    number = said.suggestion_id
    if number is None:
        number = sending.new_id(said.period_id)
        row = {"id": number, "period_id": said.period_id, "service_id": said.service_id}
        db.execute(insert(t.suggestion).values(**row, text=text))
    else:
        db.execute(update(t.suggestion).where(t.suggestion.c.id == number).values(text=text))
    owners.note_added(db, said, number, day)


def _dated(db: Db, period_id: int, before: date) -> ColumnElement[bool]:
    """Of responses dated earlier; all after the lock, when no suggestion has its response."""
    if not periods.has_owners(db, period_id):
        return true()
    return t.suggestion.c.id.in_(owners.suggestions_dated_before(period_id, before))
