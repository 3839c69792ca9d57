"""Responses: the open ones of a turn; completing, erasing and anonymizing them."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)

from scoring.instrument import Instrument
from storage import awaited, periods, slips
from storage import tables as t
from storage.catalogue import Service
from storage.database import Db, insert, insert_in
from storage.instruments import Registered
from storage.periods import PeriodRow
from storage.tables import Status
from storage.tallies import Deltas

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # five bits each; no two look alike
RECEIPT = re.compile(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")
KEY_BITS, HIDDEN_BITS = 63, 23  # bits of a key, and how many of them its receipt leaves out
ERASED = "/hapus_data"  # the reason of the revision that an erasure adds
ATTRIBUTES = ("jenis_kelamin", "umur", "pendidikan", "pekerjaan")


@dataclass(frozen=True, slots=True)
class OpenResponse:
    """An open response of one chat, as read from its rows."""

    id: int
    key: int
    period_id: int
    instrument_id: int
    service_id: int
    service: str
    unit_id: int
    counter_id: int | None
    kanal: str
    urutan: int
    revision: int
    chat_id: int
    step: str
    language: str
    repeated: int | None
    saran: str | None
    touched_at: datetime
    writing: bool
    answers: Mapping[str, int | None]
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class NewResponse:
    """What a new response is about."""

    chat_id: int
    service: Service
    counter_id: int | None
    kanal: str
    urutan: int
    language: str


def owner_hash(secret: bytes, salt: bytes, chat_id: int) -> bytes:
    """The owner of a completed response; nobody can compute it again once the salt is deleted."""
    person = chat_id.to_bytes(8, "big", signed=True)
    return hmac.digest(secret, b"owner" + salt + person, "sha256")[: slips.OWNER]


def owner_hash_of(db: Db, secret: bytes, salt: bytes, response: OpenResponse) -> bytes:
    """The owner that an open response gets when it is sent: its chat, or its slip."""
    number = slips.number_of_response(db, response.id) if response.kanal == slips.ASSISTED else None
    if number is None:
        return owner_hash(secret, salt, response.chat_id)
    return slips.owner_hash(secret, salt, number)


def receipt(key: int) -> str:
    """The receipt of a response, `XXXX-XXXX`: the upper bits of its random key, in no export."""
    upper = key >> HIDDEN_BITS
    letters = "".join(LETTERS[upper >> 5 * position & 31] for position in reversed(range(8)))
    return f"{letters[:4]}-{letters[4:]}"


def key_range(receipt: str) -> tuple[int, int] | None:
    """The lowest and the highest key with this receipt; None when it is not a receipt."""
    if RECEIPT.fullmatch(receipt) is None:
        return None
    upper = 0
    for letter in receipt.replace("-", ""):
        upper = upper << 5 | LETTERS.index(letter)
    return upper << HIDDEN_BITS, (upper + 1 << HIDDEN_BITS) - 1


def _open(where: Any) -> Select[Any]:
    r, s, w = t.response.c, t.service.c, t.awaited_text.c
    joined = t.response.join(t.service, r.service_id == s.id).outerjoin(
        t.awaited_text, and_(w.chat_id == r.chat_id, w.response_id == r.id)
    )
    columns = [c for c in t.response.c if c.name not in ("status", "owner", "tanggal", "jam")]
    return (
        select(*columns, s.name.label("service"), s.unit_id, w.chat_id.label("writing"))
        .select_from(joined)
        .where(where)
        .order_by(r.chat_id)
        .with_for_update(of=t.response)  # sorted: two processes cannot deadlock
    )


def _open_in(period_id: Any) -> ColumnElement[bool]:
    """Open in this period; `+ 0` makes SQLite use the short index on chats, not that on periods."""
    r = t.response.c
    return and_(r.chat_id.is_not(None), r.period_id + 0 == period_id)


OPEN_OF_CHATS = _open(t.response.c.chat_id.in_(bindparam("chats", expanding=True)))
OPEN_IDLE = _open(
    and_(t.response.c.chat_id.is_not(None), t.response.c.touched_at < bindparam("before"))
)
OPEN_ACTIVE = _open(
    and_(t.response.c.chat_id.is_not(None), t.response.c.touched_at >= bindparam("since"))
)
OPEN_OF_PERIOD = _open(_open_in(bindparam("period")))
ANSWERS = select(t.answer).where(t.answer.c.response_id.in_(bindparam("responses", expanding=True)))
CHANGE = (
    update(t.response)
    .where(t.response.c.id == bindparam("this"))
    .values(
        revision=bindparam("revision"),
        step=bindparam("step"),
        language=bindparam("language"),
        repeated=bindparam("repeated"),
        saran=bindparam("saran"),
        touched_at=bindparam("touched_at"),
        **{name: bindparam(name) for name in ATTRIBUTES},
    )
)
COMPLETE = (
    update(t.response)
    .where(t.response.c.id == bindparam("this"))
    .values(
        status=Status.COMPLETED,
        revision=bindparam("revision"),
        chat_id=None,
        step=None,
        language=None,
        repeated=None,
        saran=None,
        touched_at=None,
        owner=bindparam("owner"),
        tanggal=bindparam("tanggal"),
        jam=bindparam("jam"),
        **{name: bindparam(name) for name in ATTRIBUTES},
    )
)


def _read(
    db: Db, known: Mapping[int, Registered], statement: Any, values: Any
) -> list[OpenResponse]:
    rows = db.execute(statement, values).mappings().all()
    if not rows:
        return []
    answers: dict[int, dict[str, int | None]] = {row["id"]: {} for row in rows}
    codes = {row["id"]: known[row["instrument_id"]].codes for row in rows}
    for answer in db.execute(ANSWERS, {"responses": list(answers)}):
        answers[answer.response_id][codes[answer.response_id][answer.item_id]] = answer.nilai
    return [
        OpenResponse(
            attributes={name: row[name] for name in ATTRIBUTES},
            answers=answers[row["id"]],
            writing=row["writing"] is not None,
            **{name: row[name] for name in _COPIED_COLUMNS},
        )
        for row in rows
    ]


_COPIED_COLUMNS = (
    "id", "key", "period_id", "instrument_id", "service_id", "service", "unit_id", "counter_id",
    "kanal", "urutan", "revision", "chat_id", "step", "language", "repeated", "saran", "touched_at",
)  # fmt: skip


@dataclass(slots=True)
class OpenResponses:
    """The open responses of a turn's chats: read together, changed in memory, written together."""

    db: Db
    known: Mapping[int, Registered]
    now: datetime
    deltas: Deltas
    _open: dict[int, OpenResponse] = field(default_factory=dict)
    _changed: dict[int, OpenResponse] = field(default_factory=dict)
    _answers: dict[tuple[int, int], int | None] = field(default_factory=dict)
    _held_open: set[int] = field(default_factory=set)  # their rows, until the turn ends

    def load(self, chats: Collection[int]) -> None:
        """Read the open responses of these chats and lock their rows until the turn ends."""
        if chats:
            loaded = _read(self.db, self.known, OPEN_OF_CHATS, {"chats": sorted(chats)})
            self._open.update({response.chat_id: response for response in loaded})

    def of_chat(self, chat_id: int) -> OpenResponse | None:
        """The chat's open response."""
        return self._open.get(chat_id)

    def instrument(self, response: OpenResponse) -> Instrument:
        """The instrument in the version that this response was started with."""
        return self.known[response.instrument_id].instrument

    def answer(
        self, response: OpenResponse, code: str, nilai: int | None, step: str
    ) -> OpenResponse:
        """Record the nilai of one item (None: skipped) and the next step."""
        self._answers[response.id, self.known[response.instrument_id].item_ids[code]] = nilai
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
        self._open[response.chat_id] = self._changed[response.id] = response
        return response

    def ask_again(self, response: OpenResponse, codes: Iterable[str], step: str) -> OpenResponse:
        """Delete the skips of these items and continue at `step`."""
        self.flush()
        ids = [self.known[response.instrument_id].item_ids[code] for code in codes]
        self.db.execute(
            delete(t.answer).where(
                t.answer.c.response_id == response.id, t.answer.c.item_id.in_(ids)
            )
        )
        left = {code: nilai for code, nilai in response.answers.items() if nilai is not None}
        return self.change(response, answers=left, step=step)

    def await_suggestion(self, response: OpenResponse, wanted: bool) -> OpenResponse:
        """Take the next text of this chat as the suggestion, or no longer."""
        if wanted:
            awaited.put(self.db, response.chat_id, "saran", {}, self.now, response.id)
        else:
            awaited.forget(self.db, response.chat_id)
        return self.change(response, writing=wanted)

    def start(self, start: NewResponse, current: PeriodRow, step: str) -> OpenResponse:
        """Start a response in the open period; return the open one if the chat has one."""
        values: dict[str, Any] = {
            "key": secrets.randbits(KEY_BITS),
            "period_id": current.id,
            "instrument_id": current.instrument_id,
            "service_id": start.service.id,
            "counter_id": start.counter_id,
            "kanal": start.kanal,
            "urutan": start.urutan,
            "revision": 1,
            "chat_id": start.chat_id,
            "step": step,
            "language": start.language,
            "touched_at": self.now,
        }
        if current.id not in self._held_open:
            periods.keep_open(self.db, current)
            self._held_open.add(current.id)
        begun = self.db.execute(_begin(self.db.dialect.name), values).scalar_one_or_none()
        if begun is None:
            self.load([start.chat_id])
        else:
            response = OpenResponse(
                begun, **values, **_BLANK, service=start.service.name, unit_id=start.service.unit_id
            )
            self._open[start.chat_id] = response
        return self._open[start.chat_id]

    def delete(self, response: OpenResponse) -> None:
        """Delete an open response with its answers."""
        self._forget(response)
        self.db.execute(delete(t.response).where(t.response.c.id == response.id))

    def complete(self, response: OpenResponse, owner: bytes, tanggal: date, jam: str) -> None:
        """Complete it: the owner hash replaces the chat; the tallies change when the turn ends."""
        self.flush()
        self._forget(response)
        self.db.execute(
            COMPLETE,
            {
                "this": response.id,
                "revision": response.revision + 1,
                "owner": owner,
                "tanggal": tanggal,
                "jam": jam,
                **response.attributes,
            },
        )
        if response.saran:
            self.db.execute(
                insert(self.db, t.suggestion).values(
                    period_id=response.period_id,
                    service_id=response.service_id,
                    response_id=response.id,
                    text=response.saran,
                )
            )
        self.deltas.add(self.known[response.instrument_id], response, response.answers, 1)

    def _forget(self, response: OpenResponse) -> None:
        awaited.forget(self.db, response.chat_id)
        self._open.pop(response.chat_id, None)
        self._changed.pop(response.id, None)
        self._answers = {key: n for key, n in self._answers.items() if key[0] != response.id}

    def flush_and_clear(self) -> None:
        """Write what changed and drop the loaded responses: their period closes."""
        self.flush()
        self._open.clear()
        self._held_open.clear()

    def flush(self) -> None:
        """Write all changes so far with two statements."""
        if self._changed:
            changed = sorted(self._changed.items())
            self.db.execute(CHANGE, [_row(response, self.now) for _, response in changed])
            self._changed.clear()
        if self._answers:
            rows = [
                {"response_id": response, "item_id": item, "nilai": nilai}
                for (response, item), nilai in sorted(self._answers.items())
            ]
            self.db.execute(_upsert_answers(self.db.dialect.name), rows)
            self._answers.clear()


_BLANK: Mapping[str, Any] = {
    "repeated": None,
    "saran": None,
    "writing": False,
    "answers": {},
    "attributes": dict.fromkeys(ATTRIBUTES),
}


@cache
def _begin(dialect: str) -> Executable:
    begun = insert_in(dialect, t.response).values(status=Status.OPEN)
    return begun.on_conflict_do_nothing().returning(t.response.c.id)


@cache
def _upsert_answers(dialect: str) -> Executable:
    statement = insert_in(dialect, t.answer)
    return statement.on_conflict_do_update(
        index_elements=["response_id", "item_id"], set_={"nilai": statement.excluded.nilai}
    )


def _row(response: OpenResponse, now: datetime) -> dict[str, Any]:
    return {
        "this": response.id,
        "revision": response.revision,
        "step": response.step,
        "language": response.language,
        "repeated": response.repeated,
        "saran": response.saran,
        "touched_at": now,
        **response.attributes,
    }


def idle(db: Db, known: Mapping[int, Registered], before: datetime) -> list[OpenResponse]:
    """Open responses that were last touched before `before`."""
    return _read(db, known, OPEN_IDLE, {"before": before})


def active(db: Db, known: Mapping[int, Registered], since: datetime) -> list[OpenResponse]:
    """Open responses that were touched at or after `since`."""
    return _read(db, known, OPEN_ACTIVE, {"since": since})


def open_in(db: Db, known: Mapping[int, Registered], period_id: int) -> list[OpenResponse]:
    """Open responses of a period that is about to close; its row stays locked against new ones."""
    periods.lock_row(db, period_id)
    return _read(db, known, OPEN_OF_PERIOD, {"period": period_id})


def open_count(db: Db, period_id: int) -> int:
    """How many responses of the period are open."""
    open_ones = select(func.count()).where(_open_in(period_id))
    return int(db.execute(open_ones).scalar_one())


TIMES_RATED = select(func.max(t.response.c.urutan)).where(
    t.response.c.owner == bindparam("owner"),
    t.response.c.period_id == bindparam("period"),
    t.response.c.service_id == bindparam("service"),
    t.response.c.status == Status.COMPLETED,
)


def times_rated(db: Db, period_id: int, service_id: int, who: bytes) -> int:
    """The highest `urutan` this person completed for the service in the period; 0 for none."""
    this = {"owner": who, "period": period_id, "service": service_id}
    return int(db.execute(TIMES_RATED, this).scalar() or 0)


def completed_count(db: Db, first: date, last: date) -> int:
    """How many responses were completed on these days, both included."""
    r = t.response.c
    counted = select(func.count()).where(
        r.status == Status.COMPLETED, r.tanggal.between(first, last)
    )
    return int(db.execute(counted).scalar_one())


@dataclass(frozen=True, slots=True)
class TappedResponse:
    """The response that a button names, open or completed."""

    open: bool
    owner: bytes | None
    period_id: int
    salt: bytes | None
    service_id: int
    service: str
    counter_id: int | None
    urutan: int
    petugas: int | None


def by_key(db: Db, key: int) -> TappedResponse | None:
    """The response with this key, of any chat; None when it was deleted or voided."""
    r, s, p = t.response.c, t.service.c, t.period.c
    row = db.execute(
        select(
            r.status, r.owner, r.period_id, p.salt, r.service_id, s.name, r.counter_id, r.urutan,
            t.slip.c.petugas,
        )
        .join(t.service, r.service_id == s.id)
        .join(t.period, r.period_id == p.id)
        .outerjoin(t.slip, t.slip.c.response_id == r.id)
        .where(r.key == key, r.status != Status.VOID)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    return TappedResponse(row.status == Status.OPEN, *row[1:])


def erase(
    db: Db,
    known: Mapping[int, Registered],
    deltas: Deltas,
    secret: bytes,
    chat_id: int,
    now: datetime,
) -> int:
    """Delete what this person sent in periods that are not locked; the number of responses."""
    periods.lock_closed_rows(db)
    # No other transaction locks these periods before this one ends.
    unlocked = db.execute(periods.FOR_SHARE.where(t.period.c.salt.is_not(None))).all()
    owners = [owner_hash(secret, row.salt, chat_id) for row in unlocked]
    r = t.response.c
    counting, voided = (
        closed_rows(
            db, and_(r.status == status, r.owner.in_(owners))
        )  # each query has its own index
        for status in (Status.COMPLETED, Status.VOID)
    )
    mine = [*counting, *voided]
    uncount(db, known, deltas, counting)
    db.execute(delete(t.response).where(r.id.in_([row["id"] for row in mine])))
    touched = {row["period_id"] for row in counting}
    # The inputs of a result contain the answers.
    db.execute(delete(t.result).where(t.result.c.period_id.in_(touched)))
    for row in unlocked:
        if row.id in touched and row.status == "closed":
            periods.add_revision(db, row.id, None, ERASED, now)
    return len(mine)


def closed_rows(db: Db, where: Any) -> list[dict[str, Any]]:
    """Responses that are not open, with their units; their rows stay locked."""
    r = t.response.c
    rows = db.execute(
        select(t.response, t.service.c.unit_id)
        .join(t.service, r.service_id == t.service.c.id)
        .where(where, r.status != Status.OPEN)
        .order_by(r.id)
        .with_for_update(of=t.response)
    )
    return [dict(row) for row in rows.mappings()]


def uncount(
    db: Db, known: Mapping[int, Registered], deltas: Deltas, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Take completed responses out of the tallies."""
    answers: dict[int, dict[int, int | None]] = {row["id"]: {} for row in rows}
    for answer in db.execute(ANSWERS, {"responses": list(answers)}):
        answers[answer.response_id][answer.item_id] = answer.nilai
    for row in rows:
        registered = known[row["instrument_id"]]
        given = {registered.codes[number]: nilai for number, nilai in answers[row["id"]].items()}
        deltas.add(registered, CountedResponse.of(row), given, -1)


def anonymize(db: Db, period_id: int, after: int, most: int = 1000) -> int | None:
    """Delete key and owner of a locked period's responses, so that no old button opens one.

    Returns:
        The last response done, where the next call continues; None at the end.
    """
    r = t.response.c
    some = select(r.id).where(r.period_id == period_id, r.id > after).order_by(r.id).limit(most)
    ids: list[int] = list(db.execute(some).scalars())
    if not ids:
        return None
    db.execute(
        update(t.response)
        .where(r.id.between(ids[0], ids[-1]), r.period_id == period_id)
        .values(key=None, owner=None)
    )
    return ids[-1]


@dataclass(frozen=True, slots=True)
class CountedResponse:
    """The period, service, unit, channel and urutan that a response counts in."""

    period_id: int
    service_id: int
    unit_id: int
    kanal: str
    urutan: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> CountedResponse:
        """From a row that carries these columns."""
        return CountedResponse(
            row["period_id"], row["service_id"], row["unit_id"], row["kanal"], row["urutan"]
        )


def grouped_answers(
    db: Db, registered: Registered, period_id: int
) -> Iterator[tuple[CountedResponse, dict[str, int], int]]:
    """Every completed response of a period, equal ones grouped by the database.

    Yields:
        Where they count, their answers (without skipped items), how many there are.
    """
    r, a, unit_id = t.response.c, t.answer.c, t.service.c.unit_id
    answered = cast(a.item_id, String) + "=" + cast(a.nilai, String)  # NULL where it was skipped
    each = (
        select(
            r.service_id, unit_id, r.kanal, r.urutan,
            func.aggregate_strings(answered, " ").label("answers"),
        )
        .join(t.service, r.service_id == t.service.c.id)
        .outerjoin(t.answer, a.response_id == r.id)
        .where(r.period_id == period_id, r.status == Status.COMPLETED)
        .group_by(r.id, unit_id)
        .subquery()
    )  # fmt: skip
    rows = select(*each.c, func.count().label("n")).group_by(*each.c)
    for row in db.execute(rows, execution_options={"yield_per": 2000}):
        given = dict(pair.split("=") for pair in (row.answers or "").split())
        answers = {registered.codes[int(item)]: int(nilai) for item, nilai in given.items()}
        where = CountedResponse(period_id, row.service_id, row.unit_id, row.kanal, row.urutan)
        yield where, answers, row.n


def mark_repeated(response: OpenResponse) -> OpenResponse:
    """The response with a note that its buttons were repeated once at this revision."""
    return replace(response, repeated=response.revision)
