"""Ratings of unit heads: one a unit, counted once, and nobody's once they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from scoring import period as calendar
from scoring import unit_instrument_file
from scoring.period import WIB
from storage import instruments, periods, ratings
from storage import tables as t
from storage.database import Database, Db
from storage.instruments import RegisteredUnit
from storage.periods import PeriodRow
from storage.ratings import OpenRating
from tests.postgres import ON_SQLITE
from tests.storage.office_fixture import NOW, TODAY, together

FORM = unit_instrument_file.path_of("unit-pakong-contoh").read_text("utf-8")
HEAD = 0x5AC7_0FFE_E123  # 48 bits, so that chance does not write them


@dataclass(frozen=True)
class Hall:
    """An office with unit kerja and an open period of their heads."""

    database: Database
    known: dict[int, RegisteredUnit]
    period: PeriodRow
    units: list[int]

    @property
    def registered(self) -> RegisteredUnit:
        """The period's form."""
        return self.known[self.period.instrument_id]

    def begins(self, db: Db, place: int, chat: int) -> OpenRating:
        """The head of a unit begins, or comes back to what was begun."""
        unit, first = self.units[place], self.registered.instrument.codes[0]
        found = ratings.start(db, self.known, self.period, unit, chat, first, NOW)
        assert found is not None
        return found

    def rates(self, place: int, nilai: int, chat: int = 0) -> None:
        """The head of a unit begins, and in another turn gives this nilai throughout and sends."""
        begun = self.database.turn(lambda db: self.begins(db, place, chat or 500 + place))

        def work(db: Db) -> None:
            for item in self.registered.codes:
                ratings.answer(db, begun, item, nilai)
            ratings.send(db, begun, TODAY)

        self.database.turn(work)


@pytest.fixture
def hall(database: Database) -> Hall:
    """A hall on a database of its own."""
    with database.write() as db:
        instrument_id = instruments.register(db, FORM)
        rows = [
            {"slug": f"u{n}", "name": f"U{n}", "position": n, "active": True, "kerja": True}
            for n in range(4)
        ]
        db.execute(insert(t.unit), rows)
        units = list(db.execute(select(t.unit.c.id).order_by(t.unit.c.id)).scalars())
        periods.open_period(db, "unit", calendar.parse("2026-S2", WIB), instrument_id, NOW)
        period = periods.current(db, "unit")
        assert period is not None
        return Hall(database, instruments.known_units(db), period, units)


def everything(hall: Hall) -> str:
    """Every row of every table, as text."""
    with hall.database.read() as db:
        return repr([db.execute(table.select()).all() for table in t.metadata.sorted_tables])


def test_heads_who_send_at_once_are_all_counted(hall: Hall) -> None:
    together(*[lambda n=n: hall.rates(n, n + 1) for n in range(4)])
    with hall.database.read() as db:
        counted = ratings.tally(db, hall.registered, hall.period.id)["TARGET_JELAS"]
        answered = ratings.answered_units(db, hall.period.id)
    assert counted == {0: 0, 1: 1, 2: 1, 3: 1, 4: 1}
    assert answered == [(unit, TODAY) for unit in hall.units]


def test_a_unit_begins_once_whoever_presses_twice_at_once(hall: Hall) -> None:
    def press() -> int:
        return hall.database.turn(lambda db: hall.begins(db, 0, 500).key)

    assert len(set(together(press, press, press))) == 1


def test_a_unit_that_has_answered_begins_nothing(hall: Hall) -> None:
    hall.rates(0, 3)
    with hall.database.write() as db:
        first = hall.registered.instrument.codes[0]
        again = ratings.start(db, hall.known, hall.period, hall.units[0], 501, first, NOW)
    assert again is None


def test_a_skipped_indikator_counts_as_not_answered(hall: Hall) -> None:
    with hall.database.write() as db:
        begun = hall.begins(db, 0, 500)
        ratings.answer(db, begun, hall.registered.item_ids["TARGET_JELAS"], None)
        ratings.answer(db, begun, hall.registered.item_ids["TERUKUR"], 2)
        ratings.send(db, begun, TODAY)
        counted = ratings.tally(db, hall.registered, hall.period.id)
    assert counted["TARGET_JELAS"][0] == 1
    assert counted["TERUKUR"] == {0: 0, 1: 0, 2: 1, 3: 0, 4: 0}


def test_once_it_is_sent_nothing_knows_the_head(hall: Hall) -> None:
    with hall.database.write() as db:
        begun = hall.begins(db, 0, HEAD)
    assert str(HEAD) in everything(hall)
    hall.rates(0, 3, HEAD)
    assert str(HEAD) not in everything(hall)
    assert str(begun.key) not in everything(hall)


def test_rows_stand_in_no_order_of_sending(hall: Hall) -> None:
    for place in range(4):
        hall.rates(place, place + 1)
    with hall.database.read() as db:
        ids = list(db.execute(select(t.rating.c.id)).scalars())
        if db.dialect.name == "postgresql":  # all of them written by the last one's transaction
            wrote = db.exec_driver_sql("SELECT count(DISTINCT xmin::text) FROM rating").scalar_one()
            assert wrote == 1
    assert ids == sorted(ids)


@ON_SQLITE
def test_the_head_of_a_sent_rating_is_gone_from_the_file_too(hall: Hall) -> None:
    hall.rates(0, 3, HEAD)  # its chat stood in the journal from one turn to the next
    path = Path(str(hall.database.url.database))
    plain = HEAD.to_bytes(6, "big")
    assert plain in (path.parent / f"{path.name}-wal").read_bytes()
    assert hall.database.scrub()
    assert plain not in b"".join(file.read_bytes() for file in path.parent.glob("puas.db*"))


def test_a_form_changed_under_its_version_is_refused_by_name(hall: Hall) -> None:
    changed = FORM.replace("min_filled = 11", "min_filled = 12")
    with (
        pytest.raises(instruments.UnitInstrumentChanged),
        hall.database.write() as db,
    ):
        instruments.register(db, changed)


def test_forms_of_heads_and_of_citizens_are_kept_apart(hall: Hall) -> None:
    with hall.database.read() as db:
        assert instruments.known(db) == {}
        assert list(instruments.known_units(db)) == [hall.period.instrument_id]
