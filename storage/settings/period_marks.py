"""Settings of periods: what was recounted, which lock is requested, which series follows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select

from scoring.naming import Levy
from storage import tables as t
from storage.database import Db
from storage.periods import in_period
from storage.settings import rows
from storage.tables import Status

RECOUNT = "recount:"  # then the period: what its last recount covered
STANDING = "standing:"  # then the period: what officials may know of it
LEVY = "levy:"  # then the period: what the Camat was told of answers other than gratis
LOCK_REQUEST = "lock_asked:"  # then the period: the admin who wants it locked early
NEXT_SERIES = "next_series:"  # then the period and the instrument that is asked after it
VISITS_PRINTED = "kunjungan:"  # then the period: how many codes of a visit were printed
PRINTED_SLIP = "printed_slip:"  # then the period: the highest number of its printed slips
PRINTED_LAST = "kuesioner.terakhir"  # before there was one a period: what was printed last
NEWS = "kabar:"  # then the period: who asked may be told of its follow-up
FIRST_ANSWER = "first_answer"  # when the office had its first answer


@dataclass(frozen=True, slots=True)
class RecountMark:
    """What a recount covered: the day of the office, the status and the newest revision."""

    day: date
    status: str
    revision: int


def recount_mark(db: Db, period_id: int) -> RecountMark | None:
    """What the last recount of a period covered; None before the first one."""
    text = rows.value(db, f"{RECOUNT}{period_id}")
    if text is None:
        return None
    day, status, revision = str(text).split(" ")
    return RecountMark(date.fromisoformat(day), status, int(revision))


def note_recount(db: Db, period_id: int, mark: RecountMark) -> None:
    """Note what a recount of this period covered."""
    rows.put(db, f"{RECOUNT}{period_id}", f"{mark.day.isoformat()} {mark.status} {mark.revision}")


@dataclass(frozen=True, slots=True)
class Standing:
    """What officials may know of a period before its lock: no number, a letter from 30 people.

    `change` is the verdict against the figure before; `drops` counts the last nights in a row
    whose verdict was a drop.
    """

    mutu: str | None = None
    change: str | None = None
    drops: int = 0


def standing(db: Db, period_id: int) -> Standing:
    """The standing of last night's recount."""
    stored = rows.value(db, f"{STANDING}{period_id}")
    return Standing() if stored is None else Standing(**stored)


def note_standing(db: Db, period_id: int, standing: Standing) -> None:
    """Note the standing of a period that is not locked."""
    rows.put(db, f"{STANDING}{period_id}", asdict(standing))


def levy(db: Db, period_id: int) -> Levy | None:
    """Answers other than gratis, as the Camat was told; None: not yet."""
    stored = rows.value(db, f"{LEVY}{period_id}")
    return None if stored is None else Levy(stored[0], stored[1], tuple(stored[2]))


def note_levy(db: Db, period_id: int, levy: Levy) -> None:
    """Note what the Camat is told of answers other than gratis."""
    rows.put(db, f"{LEVY}{period_id}", [levy.paid, levy.answered, list(levy.services)])


def forget_standing(db: Db, period_id: int) -> None:
    """Delete what was known of a period before its lock."""
    rows.forget(db, [f"{STANDING}{period_id}", f"{LEVY}{period_id}"])


def request_lock(db: Db, period_id: int, user_id: int) -> None:
    """Let the next tick lock a closed period before its time; it notifies this admin."""
    rows.put(db, f"{LOCK_REQUEST}{period_id}", user_id)


def lock_requested_by(db: Db, period_id: int) -> int | None:
    """The admin who wants this closed period locked before its time."""
    user_id: int | None = rows.value(db, f"{LOCK_REQUEST}{period_id}")
    return user_id


def end_lock_request(db: Db, period_id: int) -> None:
    """Delete the request to lock this period."""
    rows.forget(db, [f"{LOCK_REQUEST}{period_id}"])


def note_next_series(db: Db, period_id: int, instrument_id: int) -> bool:
    """Note that this instrument begins another series after the period; False when noted before."""
    return rows.claim(db, f"{NEXT_SERIES}{period_id}:{instrument_id}", True)


def publish_news(db: Db, period_id: int) -> bool:
    """Note that the follow-up of a period is told to who asked; False when it was before."""
    return rows.claim(db, f"{NEWS}{period_id}", True)


def news_is_published(db: Db, period_id: int) -> bool:
    """Whether the follow-up of a period is told to who asked."""
    return rows.value(db, f"{NEWS}{period_id}") is not None


def note_first_answer(db: Db, now: datetime) -> None:
    """Note when the office had its first answer, at the latest the end of the answer's period.

    It stays when these answers are erased; papers that are filed in an earlier period move it back.
    """
    c, known = t.period.c, _first_answer(db)
    response, rating = t.response.c, t.rating.c
    answered = or_(
        c.status == "locked",
        exists().where(in_period(c.id), response.status == Status.COMPLETED),
        exists().where(rating.period_id == c.id),
    )
    query = select(func.min(c.ends_at)).where(answered)
    if known is not None:
        query = query.where(c.ends_at < known)
    ends_at = db.execute(query).scalar()
    if ends_at is not None:
        rows.put(db, FIRST_ANSWER, min(ends_at, now).isoformat())


def ended_unanswered(db: Db, ends_at: datetime) -> bool:
    """Whether a period that ends then ended before the office's first answer."""
    first = _first_answer(db)
    return first is None or ends_at < first


def _first_answer(db: Db) -> datetime | None:
    text = rows.value(db, FIRST_ANSWER)
    return None if text is None else datetime.fromisoformat(text)


def visits_printed(db: Db, period_id: int) -> int:
    """How many codes of a visit were printed for a period."""
    return int(rows.value(db, f"{VISITS_PRINTED}{period_id}") or 0)


def note_visits_printed(db: Db, period_id: int, count: int) -> None:
    """Note how many codes of a visit were printed for a period, in all."""
    rows.put(db, f"{VISITS_PRINTED}{period_id}", count)


def printed_slip(db: Db, period_id: int) -> int:
    """The highest slip number printed in a period, or until it began; 0 before the first ones."""
    marks = rows.under(db, PRINTED_SLIP)
    by_period = {int(key.removeprefix(PRINTED_SLIP)): number for key, number in marks.items()}
    newest = max((each for each in by_period if each <= period_id), default=None)
    return int(rows.value(db, PRINTED_LAST) or 0) if newest is None else int(by_period[newest])


def note_printed_slip(db: Db, period_id: int, number: int) -> None:
    """Note the last number of slips printed in a period; a reprint of earlier ones changes nothing.

    A lower number never replaces a higher one, also when two processes print at the same time.
    """
    key = f"{PRINTED_SLIP}{period_id}"
    rows.seed(db, {key: printed_slip(db, period_id)})
    rows.put(db, key, max(number, rows.locked_value(db, key)))


def restart_printed_slips(db: Db, period_id: int, number: int) -> None:
    """Note the last number printed in a period whose numbers begin again at 1."""
    rows.put(db, f"{PRINTED_SLIP}{period_id}", number)
