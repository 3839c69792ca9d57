"""Ratings of the office by unit heads: open while a head fills one in, then anonymous.

A sent rating has no unit, no chat and no time; that a unit has answered is stored apart, with the
day only. Each sending rewrites all sent ratings of the period under new random ids, so that
neither the order of the rows nor the transaction that wrote them shows who answered when.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from scoring import ikm
from scoring.ikm import Tally
from storage import periods
from storage import tables as t
from storage.database import Db, insert
from storage.periods import PeriodRow
from storage.registered import RegisteredUnit


@dataclass(frozen=True, slots=True)
class OpenRating:
    """A rating that a head has started; its buttons carry `key` until it is sent."""

    key: int
    period_id: int
    unit_id: int
    unit: str
    chat_id: int
    revision: int
    step: str
    touched_at: datetime
    instrument_id: int
    answers: Mapping[str, int | None]
    attributes: Mapping[str, str | None] = field(default_factory=dict)  # heads are asked for none


_OPEN = (
    select(t.open_rating, t.unit.c.name.label("unit"))
    .join(t.unit, t.open_rating.c.unit_id == t.unit.c.id)
    .order_by(t.open_rating.c.period_id, t.open_rating.c.unit_id)
    .with_for_update(of=t.open_rating)
)
BY_KEY = _OPEN.where(t.open_rating.c.key == bindparam("this_key"))
CHANGED = ("answers", "step", "revision", "touched_at")
CHANGE = (
    update(t.open_rating)
    .where(t.open_rating.c.key == bindparam("this_key"))
    .values({name: bindparam(name) for name in CHANGED})
)


def _read(db: Db, where: Any) -> list[OpenRating]:
    return [OpenRating(**row) for row in db.execute(_OPEN.where(where)).mappings()]


def _answers(db: Db, ratings: Collection[int]) -> dict[int, dict[int, int | None]]:
    answers: dict[int, dict[int, int | None]] = {}
    for row in db.execute(select(t.rating_answer).where(t.rating_answer.c.rating_id.in_(ratings))):
        answers.setdefault(row.rating_id, {})[row.item_id] = row.nilai
    return answers


def by_key(db: Db, key: int) -> OpenRating | None:
    """The open rating with this key, of any chat."""
    row = db.execute(BY_KEY, {"this_key": key}).mappings().one_or_none()
    return OpenRating(**row) if row else None


def of_unit(db: Db, period_id: int, unit_id: int) -> OpenRating | None:
    """The open rating of a unit's head in this period."""
    c = t.open_rating.c
    return next(iter(_read(db, and_(c.period_id == period_id, c.unit_id == unit_id))), None)


def open_in(db: Db, period_id: int) -> list[OpenRating]:
    """Open ratings of a period that is about to close; its row stays locked against new ones."""
    periods.lock_row(db, period_id)
    return _read(db, t.open_rating.c.period_id == period_id)


def start(
    db: Db,
    current: PeriodRow,
    instrument_id: int,
    unit_id: int,
    chat_id: int,
    step: str,
    now: datetime,
) -> OpenRating | None:
    """Start a unit's rating, or return the open one; None when the unit has answered.

    Args:
        instrument_id: the wording it is asked in, of the period's series.
    """
    periods.keep_open(db, current)
    if unit_id in dict(answered_units(db, current.id)):
        return None
    values = {
        "period_id": current.id,
        "unit_id": unit_id,
        "instrument_id": instrument_id,
        "key": secrets.randbits(63),
        "chat_id": chat_id,
        "revision": 1,
        "step": step,
        "answers": {},
        "touched_at": now,
    }
    db.execute(insert(db, t.open_rating).values(values).on_conflict_do_nothing())
    return of_unit(db, current.id, unit_id)


def answer(
    db: Db, rating: OpenRating, code: str, nilai: int | None, step: str, now: datetime
) -> None:
    """Record one item's nilai (None: skipped) and the next step."""
    _change(db, rating, {**rating.answers, code: nilai}, step, now)


def ask_again(db: Db, rating: OpenRating, codes: Iterable[str], step: str, now: datetime) -> None:
    """Forget the skips of these items and continue at `step`."""
    again = set(codes)
    left = {code: nilai for code, nilai in rating.answers.items() if code not in again}
    _change(db, rating, left, step, now)


def set_step(db: Db, rating: OpenRating, step: str, now: datetime) -> None:
    """Set the step and raise the revision, so that older screens are stale."""
    _change(db, rating, rating.answers, step, now)


def _change(
    db: Db, rating: OpenRating, answers: Mapping[str, int | None], step: str, now: datetime
) -> None:
    changed = (dict(answers), step, rating.revision + 1, now)
    db.execute(CHANGE, {"this_key": rating.key, **dict(zip(CHANGED, changed, strict=True))})


def delete_of_unit(db: Db, unit_id: int, chat_id: int) -> None:
    """Delete the open rating of this unit's head."""
    c = t.open_rating.c
    db.execute(delete(t.open_rating).where(c.unit_id == unit_id, c.chat_id == chat_id))


def delete_of_chat(db: Db, chat_id: int) -> None:
    """Delete the open ratings of this chat."""
    db.execute(delete(t.open_rating).where(t.open_rating.c.chat_id == chat_id))


def delete_open(db: Db, rating: OpenRating) -> None:
    """Delete an open rating."""
    db.execute(delete(t.open_rating).where(t.open_rating.c.key == rating.key))


def send(db: Db, registered: RegisteredUnit, rating: OpenRating, day: date) -> None:
    """Send an open rating: note the unit with the day, and store the answers without the unit."""
    periods.lock_row(db, rating.period_id)  # concurrent sends run one after the other
    c = t.rating.c
    noted = {"period_id": rating.period_id, "unit_id": rating.unit_id, "day": day}
    db.execute(insert(db, t.rated).values(noted))
    ids = list(db.execute(select(c.id).where(c.period_id == rating.period_id)).scalars())
    before = _answers(db, ids)
    own = {registered.item_ids[code]: nilai for code, nilai in rating.answers.items()}
    delete_open(db, rating)
    db.execute(delete(t.rating).where(c.id.in_(ids)))
    given = [own, *(before.get(old, {}) for old in ids)]
    anew = sorted(((secrets.randbits(63), one) for one in given), key=itemgetter(0))
    db.execute(
        insert(db, t.rating), [{"id": new, "period_id": rating.period_id} for new, _ in anew]
    )
    answers = [
        {"rating_id": new, "item_id": item, "nilai": nilai}
        for new, answers in anew
        for item, nilai in sorted(answers.items())
    ]
    if answers:
        db.execute(insert(db, t.rating_answer), answers)


def answered_units(db: Db, period_id: int) -> list[tuple[int, date]]:
    """Which units have answered, and on which day."""
    c = t.rated.c
    rows = db.execute(select(c.unit_id, c.day).where(c.period_id == period_id).order_by(c.unit_id))
    return [(row.unit_id, row.day) for row in rows]


def tally(db: Db, registered: RegisteredUnit, period_id: int) -> Tally:
    """How often each nilai was given: item → nilai → count, 0 for not answered."""
    c = t.rating.c
    sent = select(c.id).where(c.period_id == period_id)
    ids = list(db.execute(sent).scalars())
    given = _answers(db, ids)
    rows = [
        {registered.codes[item]: nilai for item, nilai in given.get(number, {}).items()}
        for number in ids
    ]
    return ikm.tally_of(registered.instrument, rows)
