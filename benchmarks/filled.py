"""A database filled with any number of completed responses, fast and reproducible.

The responses repeat `DRAWN` random ones in turn, with ids, keys, owners and days of their own. The
database itself generates the rows, a million per transaction; the program computes the tallies.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, text

from office import bootstrap
from office.config import Config
from office.office import Office, real_clock
from storage import catalogue, periods
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import Registered
from storage.survey import owners
from storage.survey.tallies import Cell, CountedResponse, Deltas
from storage.tables import response

DRAWN = 20_000
CHUNK = 1_000_000
SECRET = bytes(range(32))
FIRST = date(2026, 7, 1)
KANAL = ("telegram", "dibantu", "kertas")
# The expressions of each database for a scattered id (an odd factor: no two are the same), a
# random receipt, random bytes and a day.
EXPRESSIONS = {
    "sqlite": (
        "(:period << 40) | ((n * 618033988749 + 7) & 1099511627775)",
        "random() & 1099511627775",
        "randomblob(10)",
        ":day + n % 90",
    ),
    "postgresql": (
        "(CAST(:period AS bigint) << 40) | ((n * 618033988749 + 7) & 1099511627775)",
        "(random() * 1099511627775)::bigint",
        "substr(uuid_send(gen_random_uuid()), 1, 10)",
        "CAST(:day AS date) + (n % 90)::int",
    ),
}  # fmt: skip
ABOUT = {"jenis_kelamin": "P", "umur": "26-35", "pendidikan": "SMA", "pekerjaan": "PNS"}
NUMBERED = """INSERT INTO numbered (n, id) WITH RECURSIVE number(n) AS (
    SELECT CAST(:first AS bigint) UNION ALL SELECT n + 1 FROM number WHERE n < :last)
    SELECT n, {id} FROM number"""
RESPONSES = """INSERT INTO response (id, period_id, instrument_id, service_id, kanal, urutan,
    status, tanggal, jam)
    SELECT u.id, :period, :instrument, d.service_id, d.kanal, d.urutan, 1, {day}, :jam
    FROM numbered u JOIN drawn d ON d.k = u.n % :drawn ORDER BY u.n"""
ANSWERS = """INSERT INTO answer (response_id, item_id, nilai)
    SELECT u.id, d.item_id, d.nilai FROM numbered u JOIN drawn_answer d ON d.k = u.n % :drawn
    ORDER BY u.n"""
ATTRIBUTES = """INSERT INTO response_attribute (response_id, option_id)
    SELECT u.id, o.id FROM numbered u, attribute_option o WHERE o.id IN :options ORDER BY u.n"""
OWNERS = """INSERT INTO {table} (owner, service_id, urutan, response_id, receipt, voided)
    SELECT {owner}, d.service_id, d.urutan, u.id, {receipt}, 0
    FROM numbered u JOIN drawn d ON d.k = u.n % :drawn ORDER BY u.n"""


@dataclass(frozen=True)
class Filled:
    """An office and its open period."""

    office: Office
    period: PeriodRow

    @property
    def registered(self) -> Registered:
        """The period's instrument."""
        return self.office.instruments[self.period.instrument_id]


@dataclass(frozen=True)
class Drawn:
    """A random response that is repeated."""

    service_id: int
    unit_id: int
    kanal: str
    urutan: int
    answers: dict[str, int | None]


def empty(folder: Path, url: str | None = None) -> Filled:
    """A new office, as after its first start; its secret is beside the database."""
    (folder / "puas.key").write_bytes(SECRET)
    database = Database(url or f"sqlite:///{folder}/puas.db")
    config = Config(telegram={"admins": [1]})
    office = bootstrap.prepare(config, real_clock, database, SECRET)
    bootstrap.open_periods(office)
    with database.read() as db:
        period = periods.current(db, "ikm")
    assert period
    return Filled(office, period)


def fill(filled_office: Filled, responses: int) -> None:
    """Add so many completed responses to the open period of an empty office."""
    database = filled_office.office.database
    with database.write() as db:
        drawn = _drawn(db, filled_office.registered, min(DRAWN, responses))
    for first in range(1, responses + 1, CHUNK):
        last = min(first + CHUNK - 1, responses)
        with database.write() as db:
            _keep(db, filled_office.registered, drawn)
            _insert(db, filled_office, first, last, len(drawn))
    with database.write() as db:
        _tallies(db, filled_office, drawn, responses)
    database.scrub()


def _drawn(db: Db, registered: Registered, many: int) -> list[Drawn]:
    draw = random.Random(17)
    services = catalogue.active_services(db)
    responses = []
    for _ in range(many):
        mood = draw.gauss(3.2, 0.5)
        answers = {
            code: None if draw.random() < 0.02 else min(4, max(1, round(draw.gauss(mood, 0.5))))
            for code in registered.instrument.codes
        }
        service = draw.choice(services)
        kanal = draw.choices(KANAL, (7, 2, 1))[0]
        urutan = draw.choices((1, 2), (9, 1))[0]
        responses.append(Drawn(service.id, service.unit_id, kanal, urutan, answers))
    return responses


def _keep(db: Db, registered: Registered, drawn: Sequence[Drawn]) -> None:
    if db.dialect.name == "sqlite":
        db.execute(text("PRAGMA cache_size = -1000000"))
    db.execute(text("DROP TABLE IF EXISTS drawn"))
    db.execute(text("DROP TABLE IF EXISTS drawn_answer"))
    db.execute(
        text(
            "CREATE TEMP TABLE drawn (k integer PRIMARY KEY, service_id integer,"
            " kanal text, urutan integer)"
        )
    )
    db.execute(
        text(
            "CREATE TEMP TABLE drawn_answer (k integer, item_id integer, nilai integer,"
            " PRIMARY KEY (k, item_id))"
        )
    )
    rows = [
        {"k": k, "service": d.service_id, "kanal": d.kanal, "urutan": d.urutan}
        for k, d in enumerate(drawn)
    ]
    db.execute(text("INSERT INTO drawn VALUES (:k, :service, :kanal, :urutan)"), rows)
    answers = [
        {"k": k, "item": registered.item_ids[code], "nilai": nilai}
        for k, d in enumerate(drawn)
        for code, nilai in d.answers.items()
    ]
    db.execute(text("INSERT INTO drawn_answer VALUES (:k, :item, :nilai)"), answers)


def _insert(db: Db, filled_office: Filled, first: int, last: int, drawn: int) -> None:
    new_id, receipt, owner, day = EXPRESSIONS[db.dialect.name]
    period, options = filled_office.period, filled_office.registered.option_ids
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "drawn": drawn,
        "period": period.id,
        "instrument": period.instrument_id,
        "options": [options[about] for about in ABOUT.items()],
    }
    db.execute(text("DROP TABLE IF EXISTS numbered"))
    db.execute(text("CREATE TEMP TABLE numbered (n bigint PRIMARY KEY, id bigint)"))
    db.execute(text(NUMBERED.format(id=new_id)), values)
    typed = (
        bindparam("day", FIRST, response.c.tanggal.type),
        bindparam("jam", "08-12", response.c.jam.type),
    )
    db.execute(text(RESPONSES.format(day=day)).bindparams(*typed), values)
    db.execute(text(ANSWERS), values)
    db.execute(text(ATTRIBUTES).bindparams(bindparam("options", expanding=True)), values)
    table = owners.table(period.id).name
    db.execute(text(OWNERS.format(table=table, owner=owner, receipt=receipt)), values)


def _tallies(db: Db, filled_office: Filled, drawn: Sequence[Drawn], responses: int) -> None:
    total = Counter[Cell]()
    for k, d in enumerate(drawn):
        times = len(range(k or len(drawn), responses + 1, len(drawn)))
        where = CountedResponse(filled_office.period.id, d.service_id, d.unit_id, d.kanal, d.urutan)
        Deltas(total).add(filled_office.registered, where, d.answers, times)
    Deltas(total).apply(db)
