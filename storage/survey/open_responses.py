"""Open responses: those of a turn's people, read together, changed in memory, written together."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, delete, func, select, update

from scoring.channels import CHANNELS, WITHOUT_CODE
from scoring.instrument import Instrument
from storage import awaited, periods
from storage import tables as t
from storage.catalogue import Service
from storage.database import Db, insert_in
from storage.periods import PeriodRow
from storage.registered import Registered
from storage.survey import owners, sending, slips, visit_codes
from storage.survey.tallies import Deltas
from storage.tables import Door


@dataclass(frozen=True, slots=True)
class OpenResponse:
    """An open response of one person, as read from its row.

    `person` is a number of the door: for Telegram the private chat, for the browser a part of the
    hash of its cookie. Answers are nilai by item code
    (None: skipped), attributes option codes by attribute code; what was not asked is not in them.
    `saran_parts` are the texts of its suggestion by the number of their message, in their order.
    """

    door: int
    person: int
    key: int
    period_id: int
    instrument_id: int
    service_id: int
    service: str
    unit_id: int
    counter_id: int | None
    kanal: str
    urutan: int
    slip: str | None
    revision: int
    step: str
    language: str
    repeated: int | None
    writing: bool
    saran_parts: Mapping[str, str]
    answers_in: int | None
    touched_at: datetime
    answers: Mapping[str, int | None]
    attributes: Mapping[str, str | None]
    visit: int | None
    reminded: bool

    @property
    def saran(self) -> str | None:
        """The suggestion as it is sent: its messages, a line for each."""
        return "\n".join(self.saran_parts.values()) or None

    @property
    def shared(self) -> bool:
        """Whether somebody else uses the device next."""
        return CHANNELS[self.kanal].shared

    @property
    def assisted(self) -> bool:
        """Whether a petugas has lent the phone: `person` is his chat."""
        return self.slip is not None


@dataclass(frozen=True, slots=True)
class NewResponse:
    """What a new response is about.

    Args:
        slip: the number of an assisted one.
        visit: the number of its code of a visit.
    """

    person: int
    service: Service
    counter_id: int | None
    kanal: str
    urutan: int
    language: str
    slip: str | None = None
    door: Door = Door.TELEGRAM
    visit: int | None = None


def owner_hash_of(secret: bytes, salt: bytes, response: OpenResponse) -> bytes:
    """The owner that an open response gets when it is sent: its person, or its slip."""
    if response.slip is not None:
        return owners.owner_hash_of_slip(secret, salt, response.slip)
    return owners.owner_hash(secret, salt, response.door, response.person)


def _read_only(where: Any) -> Select[Any]:
    o, s = t.open_response.c, t.service.c
    return (
        select(t.open_response, s.name.label("service"), s.unit_id)
        .join(t.service, o.service_id == s.id)
        .where(where)
        .order_by(o.door, o.person)
    )


def _open(where: Any) -> Select[Any]:
    # Sorted: two processes cannot deadlock.
    return _read_only(where).with_for_update(of=t.open_response)


C = t.open_response.c
THEIRS = (C.door == bindparam("door")) & C.person.in_(bindparam("persons", expanding=True))
OPEN_OF_PERSONS, SEEN_OF_PERSONS = _open(THEIRS), _read_only(THEIRS)
OPEN_IDLE = _open(C.touched_at < bindparam("before"))
OPEN_ACTIVE = _open((C.door == Door.TELEGRAM) & (C.touched_at >= bindparam("since")))
UNREMINDED = (
    (C.door == Door.TELEGRAM)
    & C.slip.is_(None)
    & C.reminded.is_(False)
    & C.touched_at.between(bindparam("since"), bindparam("before"))
)
OPEN_UNREMINDED = _open(UNREMINDED).limit(bindparam("most"))
ANY_UNREMINDED = select(C.key).where(UNREMINDED).limit(1)
OPEN_OF_PERIOD = _open(C.period_id == bindparam("period"))
MINE = (C.door == bindparam("this_door")) & (C.person == bindparam("this_person"))
CHANGED = (
    "revision", "kanal", "step", "language", "repeated", "writing", "saran_parts", "answers_in",
    "answers", "attributes",
)  # fmt: skip
CHANGE = (
    update(t.open_response)
    .where(MINE)
    .values(touched_at=bindparam("touched_at"), **{name: bindparam(name) for name in CHANGED})
)
DELETE = delete(t.open_response).where(MINE)
REMINDED = update(t.open_response).where(MINE).values(reminded=True)


def _read(db: Db, statement: Any, values: Any) -> list[OpenResponse]:
    return [OpenResponse(**row) for row in db.execute(statement, values).mappings()]


Respondent = tuple[int, int]  # door and person


@dataclass(slots=True)
class OpenResponses:
    """The open responses of a turn's people; what changed is written when the turn ends."""

    db: Db
    known: Mapping[int, Registered]
    now: datetime
    deltas: Deltas
    _open: dict[Respondent, OpenResponse] = field(default_factory=dict)
    _changed: dict[Respondent, OpenResponse] = field(default_factory=dict)
    _held_open: set[int] = field(default_factory=set)  # periods whose rows stay so in this turn

    def load(
        self, persons: Collection[int], door: Door = Door.TELEGRAM, *, read_only: bool = False
    ) -> None:
        """Read the open responses of these persons and lock their rows until the turn ends.

        Args:
            read_only: lock nothing, in a snapshot that writes nothing.
        """
        if persons:
            statement = SEEN_OF_PERSONS if read_only else OPEN_OF_PERSONS
            these = {"door": int(door), "persons": sorted(persons)}
            for response in _read(self.db, statement, these):
                self._open[_respondent(response)] = response

    def of_chat(self, chat_id: int) -> OpenResponse | None:
        """The open response of a private chat of Telegram."""
        return self.of_person(Door.TELEGRAM, chat_id)

    def of_person(self, door: Door, person: int) -> OpenResponse | None:
        """The open response of a person of this door."""
        return self._open.get((door, person))

    def instrument(self, response: OpenResponse) -> Instrument:
        """The instrument in the wording that this response was started with."""
        return self.known[response.instrument_id].instrument

    def answer(
        self, response: OpenResponse, code: str, nilai: int | None, step: str
    ) -> OpenResponse:
        """Record the nilai of one item (None: skipped) and the next step."""
        return self.change(response, answers={**response.answers, code: nilai}, step=step)

    def set_attribute(
        self, response: OpenResponse, attribute: str, code: str, step: str
    ) -> OpenResponse:
        """Record one attribute and the next step."""
        return self.change(response, attributes={**response.attributes, attribute: code}, step=step)

    def change(self, response: OpenResponse, **values: Any) -> OpenResponse:
        """Change the response and raise its revision, so that older screens are stale."""
        return self.replace_silently(replace(response, revision=response.revision + 1, **values))

    def replace_silently(self, response: OpenResponse) -> OpenResponse:
        """Store a changed response without raising its revision: older screens stay valid."""
        mine = _respondent(response)
        self._open[mine] = self._changed[mine] = response
        return response

    def ask_again(self, response: OpenResponse, codes: Iterable[str], step: str) -> OpenResponse:
        """Forget the skips of these items and continue at `step`."""
        again = set(codes)
        left = {code: nilai for code, nilai in response.answers.items() if code not in again}
        return self.change(response, answers=left, step=step)

    def await_suggestion(self, response: OpenResponse, wanted: bool) -> OpenResponse:
        """Take the next text of this person as the suggestion, or no longer."""
        if response.door == Door.TELEGRAM:
            awaited.forget(self.db, response.person)
        return self.change(response, writing=wanted)

    def stop_awaiting(self, chat_id: int) -> None:
        """Another text of this chat is awaited now, not the suggestion; its screens stay valid."""
        response = self.of_chat(chat_id)
        if response is not None and response.writing:
            self.replace_silently(replace(response, writing=False))

    def start(
        self, start: NewResponse, current: PeriodRow, instrument_id: int, step: str
    ) -> OpenResponse:
        """Start a response in the open period; return the open one if the person has one.

        Args:
            instrument_id: the wording it is asked in, of the period's series.
        """
        values: dict[str, Any] = {
            "door": int(start.door),
            "person": start.person,
            "key": secrets.randbits(owners.KEY_BITS),
            "period_id": current.id,
            "instrument_id": instrument_id,
            "service_id": start.service.id,
            "counter_id": start.counter_id,
            "kanal": start.kanal,
            "urutan": start.urutan,
            "slip": start.slip,
            "revision": 1,
            "step": step,
            "language": start.language,
            "repeated": None,
            "writing": False,
            "saran_parts": {},
            "answers_in": None,
            "answers": {},
            "attributes": {},
            "touched_at": self.now,
            "visit": start.visit,
            "reminded": False,
        }
        if current.id not in self._held_open:
            periods.keep_open(self.db, current)
            self._held_open.add(current.id)
        if self.db.execute(_begin(self.db.dialect.name), values).first() is None:
            self.load([start.person], start.door)
        else:
            service = start.service
            response = OpenResponse(**values, service=service.name, unit_id=service.unit_id)
            self._open[_respondent(response)] = response
        return self._open[start.door, start.person]

    def delete(self, response: OpenResponse) -> None:
        """Delete an open response with its answers, and free its slip's number."""
        self._forget(response)
        if response.slip is not None:
            slips.free(self.db, response.period_id, response.slip)

    def complete(self, response: OpenResponse, owner: bytes, tanggal: date, jam: str) -> None:
        """Store it anew under a random id and delete the open one.

        The tallies change when the turn ends. A code of a visit is used up; another response may
        have used it meanwhile.
        """
        self._forget(response)
        if response.visit is not None:
            response = self._with_code_used(response, response.visit)
        sent = sending.Sent(
            period_id=response.period_id,
            service_id=response.service_id,
            counter_id=response.counter_id,
            kanal=response.kanal,
            urutan=response.urutan,
            tanggal=tanggal,
            jam=jam,
            answers=response.answers,
            attributes=response.attributes,
            saran=response.saran,
            owner=owner,
            receipt=owners.receipt_number(response.key),
            slip=response.slip,
            petugas=response.person if response.assisted else None,
        )
        registered = self.known[response.instrument_id]
        sending.add(self.db, registered, [sent], t.Status.COMPLETED)
        self.deltas.add(registered, response, response.answers, 1)

    def _with_code_used(self, response: OpenResponse, visit: int) -> OpenResponse:
        if visit_codes.use(self.db, response.period_id, visit):
            return response
        return replace(response, kanal=WITHOUT_CODE[response.kanal])

    def _forget(self, response: OpenResponse) -> None:
        mine = _respondent(response)
        self._open.pop(mine, None)
        self._changed.pop(mine, None)
        self.db.execute(DELETE, {"this_door": response.door, "this_person": response.person})

    def flush_and_clear(self) -> None:
        """Write what changed and drop the loaded responses: their period closes."""
        self.flush()
        self._open.clear()
        self._held_open.clear()

    def flush(self) -> None:
        """Write all changes so far with one statement."""
        if self._changed:
            rows = [_row(response, self.now) for _, response in sorted(self._changed.items())]
            self.db.execute(CHANGE, rows)
            self._changed.clear()


def _respondent(response: OpenResponse) -> Respondent:
    return response.door, response.person


@cache
def _begin(dialect: str) -> Executable:
    begun = insert_in(dialect, t.open_response).on_conflict_do_nothing()
    return begun.returning(t.open_response.c.key)


def _row(response: OpenResponse, now: datetime) -> dict[str, Any]:
    return {
        "this_door": response.door,
        "this_person": response.person,
        "touched_at": now,
        **{name: getattr(response, name) for name in CHANGED},
    }


def idle(db: Db, before: datetime) -> list[OpenResponse]:
    """Open responses that were last touched before `before`."""
    return _read(db, OPEN_IDLE, {"before": before})


def active(db: Db, since: datetime) -> list[OpenResponse]:
    """Open responses of Telegram that were touched at or after `since`."""
    return _read(db, OPEN_ACTIVE, {"since": since})


def any_unreminded(db: Db, since: datetime, before: datetime) -> bool:
    """Whether somebody on Telegram stopped between these moments and was not reminded."""
    return db.execute(ANY_UNREMINDED, {"since": since, "before": before}).first() is not None


def remind(db: Db, since: datetime, before: datetime, most: int) -> list[OpenResponse]:
    """Mark some of them as reminded; each is returned once. Not those that are assisted."""
    found = _read(db, OPEN_UNREMINDED, {"since": since, "before": before, "most": most})
    if found:
        these = [{"this_door": each.door, "this_person": each.person} for each in found]
        db.execute(REMINDED, these)
    return found


def open_in(db: Db, period_id: int) -> list[OpenResponse]:
    """Open responses of a period that is about to close; its row stays locked against new ones."""
    periods.lock_row(db, period_id)
    return _read(db, OPEN_OF_PERIOD, {"period": period_id})


def open_count(db: Db, period_id: int) -> int:
    """How many responses of the period are open."""
    open_ones = select(func.count()).where(C.period_id == period_id)
    return int(db.execute(open_ones).scalar_one())


def is_open(db: Db, key: int) -> bool:
    """Whether an open response of anybody has this key."""
    return db.execute(select(C.door).where(C.key == key)).first() is not None


def respondent_of(db: Db, key: int) -> Respondent | None:
    """Door and person of the open response with this key."""
    row = db.execute(select(C.door, C.person).where(C.key == key)).first()
    return None if row is None else (row.door, row.person)


def mark_repeated(response: OpenResponse) -> OpenResponse:
    """The response with a note that its buttons were repeated once at this revision."""
    return replace(response, repeated=response.revision)
