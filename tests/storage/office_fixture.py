"""An office on a database, with turns like those of the bot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import event, insert, text

from scoring import instrument_file
from scoring import period as calendar
from scoring.period import WIB
from storage import catalogue, instruments, periods
from storage import tables as t
from storage.catalogue import Service
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import Registered
from storage.survey import owners, responses, suggestions, tallies
from storage.survey.open_responses import NewResponse, OpenResponse, OpenResponses
from storage.survey.tallies import Cell, Deltas
from storage.tables import Door, Scope

R = TypeVar("R")

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
TODAY = date(2026, 7, 6)
SECRET = bytes(range(32))
SKM = instrument_file.path_of("skm-2017").read_text("utf-8")
UNITS = {"pelayanan": ("ktp", "kk"), "trantib": ("izin",)}

# Every completed response counted from its rows, by SQL alone: the tallies must say the same.
RECOUNT = """
WITH counted AS (
    SELECT r.period_id, r.service_id, s.unit_id, r.kanal, r.urutan > 1 AS again,
           i.id AS item_id, coalesce(a.nilai, 0) AS nilai
    FROM response r JOIN service s ON s.id = r.service_id
    JOIN instrument f ON f.id = r.instrument_id
    JOIN item i ON i.instrument_id = COALESCE(f.first_wording_id, f.id)
    LEFT JOIN answer a ON a.response_id = r.id AND a.item_id = i.id
    WHERE r.status = 1
), scoped AS (
    SELECT counted.*, 0 AS scope, service_id AS scope_id FROM counted
    UNION ALL SELECT counted.*, 1, unit_id FROM counted
    UNION ALL SELECT counted.*, 2, 0 FROM counted
)
SELECT period_id, scope, scope_id, kanal, again, item_id, nilai, count(*)
FROM scoped GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


@dataclass(frozen=True)
class OfficeFixture:
    """Two units, three services, one open period."""

    database: Database
    known: dict[int, Registered]
    period: PeriodRow
    services: list[Service]

    @staticmethod
    def on(database: Database) -> OfficeFixture:
        """Set up the office in a migrated database."""
        with database.write() as db:
            instrument_id = instruments.register(db, SKM)
            for position, (unit, services) in enumerate(UNITS.items()):
                row = {
                    "slug": unit,
                    "name": unit,
                    "position": position,
                    "active": True,
                    "kerja": False,
                }
                unit_id = db.execute(insert(t.unit).values(row).returning(t.unit.c.id)).scalar_one()
                for slug in services:
                    service = {"unit_id": unit_id, "slug": slug, "name": slug.upper()}
                    rest = {"gratis": True, "position": 1, "active": True}
                    db.execute(insert(t.service).values(service | rest))
            periods.open_period(db, "ikm", calendar.parse("2026-TW3", WIB), instrument_id, NOW)
        return OfficeFixture.reopened(database)

    @staticmethod
    def reopened(database: Database) -> OfficeFixture:
        """The office that this database already has."""
        with database.read() as db:
            period = periods.current(db, "ikm")
            assert period is not None
            return OfficeFixture(
                database, instruments.known(db), period, catalogue.active_services(db)
            )

    @contextmanager
    def another_process(self) -> Iterator[OfficeFixture]:
        """The same office over its own connections."""
        database = Database(self.database.url)
        try:
            yield OfficeFixture(database, self.known, self.period, self.services)
        finally:
            database.close()

    @property
    def registered(self) -> Registered:
        """The period's instrument."""
        return self.known[self.period.instrument_id]

    # Turns

    @contextmanager
    def open_responses(self, db: Db, *chats: int) -> Iterator[OpenResponses]:
        """The open responses of a turn, on an open transaction."""
        deltas = Deltas()
        open_responses = OpenResponses(db, self.known, NOW, deltas)
        open_responses.load(chats)
        yield open_responses
        open_responses.flush()
        deltas.apply(db)

    @contextmanager
    def turn(self, *chats: int) -> Iterator[OpenResponses]:
        """One turn for these chats."""
        with self.database.write() as db, self.open_responses(db, *chats) as open_responses:
            yield open_responses

    def does(self, work: Callable[[OpenResponses], R], *chats: int) -> R:
        """One turn, retried after a conflict with another process."""

        def whole(db: Db) -> R:
            with self.open_responses(db, *chats) as open_responses:
                return work(open_responses)

        return self.database.turn(whole)

    def rates(
        self,
        chat: int,
        *values: int,
        service: int = 0,
        saran: str | None = None,
        about: Mapping[str, str] | None = None,
    ) -> OpenResponse:
        """A whole response in one turn; 0 skips an item."""
        with self.turn(chat) as open_responses:
            response = self.begins(open_responses, chat, service)
            for code, nilai in zip(self.registered.instrument.codes, values, strict=False):
                response = open_responses.answer(response, code, nilai or None, "U2")
            for attribute, code in (about or {}).items():
                response = open_responses.set_attribute(response, attribute, code, "A1")
            parts = {"0": saran} if saran else {}
            response = open_responses.change(response, saran_parts=parts)
            self.completes(open_responses, chat)
        return response

    def adds(self, chat: int, text: str, day: date) -> None:
        """The person adds this text to the suggestion of what he sent last."""
        with self.database.write() as db:
            sent = responses.newest_of(db, SECRET, chat, Door.TELEGRAM, to_change=True)
            assert sent is not None
            before = suggestions.text_of(db, sent)
            suggestions.write(db, sent, f"{before}\n{text}" if before else text, day)

    # Steps of a turn

    def begins(self, open_responses: OpenResponses, chat: int, service: int = 0) -> OpenResponse:
        """The person starts a response with the next `urutan`."""
        there = self.services[service]
        times = owners.times_rated(open_responses.db, self.period.id, there.id, self.owner(chat))
        start = NewResponse(chat, there, None, "telegram", times + 1, "id")
        return open_responses.start(start, self.period, self.period.instrument_id, "U1")

    def response_of(self, open_responses: OpenResponses, chat: int) -> OpenResponse:
        """The chat's open response."""
        response = open_responses.of_chat(chat)
        assert response is not None
        return response

    def completes(self, open_responses: OpenResponses, chat: int) -> None:
        """The chat's open response is sent."""
        open_responses.complete(
            self.response_of(open_responses, chat), self.owner(chat), TODAY, "08-12"
        )

    def erases(self, open_responses: OpenResponses, chat: int) -> int:
        """The person erases everything."""
        return responses.erase(
            open_responses.db, self.known, open_responses.deltas, SECRET, chat, NOW
        )

    def owner(self, chat: int) -> bytes:
        """The owner hash of the person in this period."""
        assert self.period.salt is not None
        return owners.owner_hash(SECRET, self.period.salt, Door.TELEGRAM, chat)

    # Looking

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.database.read() as db:
            return [tuple(row) for row in db.execute(text(sql))]

    def count(self, what: str) -> int:
        """How many rows: `response WHERE status = 1`."""
        return int(self.rows(f"SELECT count(*) FROM {what}")[0][0])  # noqa: S608 # a test's words

    def agrees(self) -> None:
        """Fail unless the tallies equal a recount."""
        with self.database.read() as db:
            assert tallies.stored_cells(db, self.period.id) == recount(db)


def recount(db: Db) -> Counter[Cell]:
    """The cells, counted from the answers."""
    cells = Counter[Cell]()
    for *key, n in db.execute(text(RECOUNT)):
        cell = Cell(*key)
        cells[cell._replace(repeat=bool(cell.repeat))] = n
    return cells


def together(*works: Callable[[], R]) -> list[R]:
    """Run all of these in threads at once; raise what one of them raises."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(60) for done in [pool.submit(work) for work in works]]


def until_waiting(database: Database) -> None:
    """Return when a transaction waits for a lock on this PostgreSQL database."""
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = monotonic() + 30
    while monotonic() < deadline:
        with database.read() as db:
            if db.execute(waits).scalar_one():
                return
        sleep(0.01)
    raise AssertionError("no transaction waits for a lock")


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements that the writer executes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.writer, "before_cursor_execute", note)


def plans(office: OfficeFixture, asks: Callable[[Db], object]) -> str:
    """SQLite's query plan of every SELECT, with the values that the program binds."""
    found: list[str] = []
    with office.database.write() as db:

        def explain(_db: object, cursor: Any, asked: str, given: Any, *_rest: object) -> None:
            if asked.startswith("SELECT"):
                found.append(str(cursor.execute(f"EXPLAIN QUERY PLAN {asked}", given).fetchall()))

        event.listen(db, "before_cursor_execute", explain)
        asks(db)
    return "\n".join(found)


SERVICE, UNIT, OFFICE = Scope
