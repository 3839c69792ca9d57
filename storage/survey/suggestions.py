"""Suggestions of citizens, as the Camat sorts them: without person, time or order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, true, update

from storage import periods
from storage import tables as t
from storage.database import Db
from storage.survey import owners, sending
from storage.survey.owners import Said

OTHER = "lain-lain"  # put under no unsur; no code of an unsur has a lower-case letter
UNSORTED = ""  # not put under anything yet


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion, and what the Camat made of it; `unsur`: a code, `OTHER` or `UNSORTED`."""

    id: int
    period_id: int
    service_id: int
    text: str
    unsur: str
    done: bool
    printed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which suggestions of a period; None: any."""

    service_id: int | None = None
    unsur: str | None = None
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many suggestions of a service are under an unsur, done or not."""

    service_id: int
    unsur: str
    done: bool
    n: int


_S = t.suggestion.c
_put_under = func.coalesce(_S.unsur, UNSORTED)
_ROWS = select(
    _S.id, _S.period_id, _S.service_id, _S.text, _put_under.label("unsur"), _S.done, _S.printed
)


def period_ids(db: Db) -> list[int]:
    """The periods that have suggestions, newest first."""
    p = t.period.c
    having = select(_S.period_id).distinct()
    return list(
        db.execute(select(p.id).where(p.id.in_(having)).order_by(p.starts_at.desc())).scalars()
    )


def counts(db: Db, period_id: int, before: date) -> list[Count]:
    """The suggestions of a period, of responses dated earlier than `before`."""
    return _counts(db, and_(_S.period_id == period_id, _dated(db, period_id, before)))


def counts_of_locked(db: Db, period_ids: Sequence[int]) -> list[Count]:
    """The suggestions of locked periods."""
    return _counts(db, _S.period_id.in_(period_ids))


def _counts(db: Db, condition: ColumnElement[bool]) -> list[Count]:
    keys = (_S.service_id, _put_under, _S.done)
    rows = db.execute(select(*keys, func.count()).where(condition).group_by(*keys))
    return [Count(service_id, unsur, bool(done), n) for service_id, unsur, done, n in rows]


def page(
    db: Db, period_id: int, before: date, wanted: Wanted, skip: int, most: int
) -> list[Suggestion]:
    """A page of suggestions in alphabetical order, which says nothing about persons."""
    conditions: list[ColumnElement[bool]] = [
        _S.period_id == period_id,
        _dated(db, period_id, before),
    ]
    if wanted.service_id is not None:
        conditions.append(_S.service_id == wanted.service_id)
    if wanted.unsur is not None:
        conditions.append(_put_under == wanted.unsur)
    if wanted.done is not None:
        conditions.append(_S.done.is_(wanted.done))
    query = _ROWS.where(*conditions).order_by(_S.text, _S.id).offset(skip).limit(most)
    return [_read(row) for row in db.execute(query)]


def by_id(db: Db, number: int, before: date) -> Suggestion | None:
    """One that may be read; None for an unknown one and one of today."""
    row = db.execute(_ROWS.where(_S.id == number)).first()
    if row is None:
        return None
    dated = select(_S.id).where(_S.id == number, _dated(db, row.period_id, before))
    return None if db.execute(dated).first() is None else _read(row)


def put_under(db: Db, number: int, unsur: str) -> None:
    """Put a suggestion under the code of an unsur, `OTHER` or `UNSORTED`."""
    _change(db, number, unsur=unsur or None)


def mark_done(db: Db, number: int, done: bool) -> None:
    """Mark a suggestion done, or not done any more."""
    _change(db, number, done=done)


def choose_to_print(db: Db, number: int, printed: bool) -> None:
    """Let reports with suggestions print this one, or no longer."""
    _change(db, number, printed=printed)


def _change(db: Db, number: int, **values: Any) -> None:
    db.execute(update(t.suggestion).where(_S.id == number).values(**values))


def texts_to_print(db: Db, period_ids: Sequence[int], most: int) -> list[str]:
    """The suggestions of locked periods that were chosen, in alphabetical order, at most `most`."""
    query = (
        select(_S.text)
        .where(_S.period_id.in_(period_ids), _S.printed)
        .order_by(_S.text, _S.id)
        .limit(most)
    )
    return sorted(db.execute(query).scalars())


def text_of(db: Db, said: Said) -> str:
    """The suggestion of a sent response; empty without one. Its row stays locked."""
    query = select(_S.text).where(_S.id == said.suggestion_id).with_for_update()
    return db.execute(query).scalar() or ""


def write(db: Db, said: Said, text: str, day: date) -> None:
    """Store the suggestion of a sent response anew; nobody reads it before the next day.

    The new words are not done and not chosen to print, whatever the Camat did with the old ones.
    """
    number = said.suggestion_id
    if number is None:
        number = sending.new_id(said.period_id)
        row = {"id": number, "period_id": said.period_id, "service_id": said.service_id}
        db.execute(insert(t.suggestion).values(**row, text=text))
    else:
        _change(db, number, text=text, done=False, printed=False)
    owners.note_added(db, said, number, day)


def _read(row: Any) -> Suggestion:
    return Suggestion(
        row.id,
        row.period_id,
        row.service_id,
        row.text,
        row.unsur,
        bool(row.done),
        bool(row.printed),
    )


def _dated(db: Db, period_id: int, before: date) -> ColumnElement[bool]:
    """Of responses dated earlier; all after the lock, when no suggestion has its response."""
    if not periods.has_owners(db, period_id):
        return true()
    return _S.id.in_(owners.suggestions_dated_before(period_id, before))
