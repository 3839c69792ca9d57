"""Ratings of unit heads: one per unit, counted once, anonymous once they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from scoring import period as calendar
from scoring import unit_instrument_file
from scoring.period import WIB
from storage import instruments, periods
from storage import tables as t
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import RegisteredUnit
from storage.unit_index import ratings
from storage.unit_index.ratings import OpenRating
from tests.postgres import ON_SQLITE
from tests.storage.office_fixture import NOW, TODAY, together

FORM = unit_instrument_file.path_of("unit-pakong-contoh").read_text("utf-8")
HEAD = 0x5AC7_0FFE_E123  # 48 bits, so that chance does not write them


@dataclass(frozen=True)
class HeadsFixture:
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
        """The head of a unit starts a rating or continues it."""
        unit, first = self.units[place], self.registered.instrument.codes[0]
        form = self.period.instrument_id
        found = ratings.start(db, self.period, form, unit, chat, first, NOW)
        assert found is not None
        return found

    def rates(self, place: int, nilai: int, chat: int = 0) -> None:
        """The head of a unit starts, then sends this nilai for all items in another turn."""
        begun = self.database.turn(lambda db: self.begins(db, place, chat or 500 + place))

        def work(db: Db) -> None:
            rating: OpenRating | None = begun
            for code in self.registered.item_ids:
                assert rating is not None
                ratings.answer(db, rating, code, nilai, code, NOW)
                rating = ratings.by_key(db, begun.key)
            assert rating is not None
            ratings.send(db, self.registered, rating, TODAY)

        self.database.turn(work)


@pytest.fixture
def heads(database: Database) -> HeadsFixture:
    """An office with unit heads, in its own database."""
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
        return HeadsFixture(database, instruments.known_units(db), period, units)


def everything(heads: HeadsFixture) -> str:
    """Every row of every table, as text."""
    with heads.database.read() as db:
        return repr([db.execute(table.select()).all() for table in t.metadata.sorted_tables])


def test_heads_who_send_at_once_are_all_counted(heads: HeadsFixture) -> None:
    together(*[lambda n=n: heads.rates(n, n + 1) for n in range(4)])
    with heads.database.read() as db:
        counted = ratings.tally(db, heads.registered, heads.period.id)["TARGET_JELAS"]
        answered = ratings.answered_units(db, heads.period.id)
    assert counted == {0: 0, 1: 1, 2: 1, 3: 1, 4: 1}
    assert answered == [(unit, TODAY) for unit in heads.units]


def test_a_unit_has_one_rating_after_two_presses_at_once(heads: HeadsFixture) -> None:
    def press() -> int:
        return heads.database.turn(lambda db: heads.begins(db, 0, 500).key)

    assert len(set(together(press, press, press))) == 1


def test_a_unit_that_has_answered_starts_no_rating(heads: HeadsFixture) -> None:
    heads.rates(0, 3)
    with heads.database.write() as db:
        first, form = heads.registered.instrument.codes[0], heads.period.instrument_id
        again = ratings.start(db, heads.period, form, heads.units[0], 501, first, NOW)
    assert again is None


def test_a_skipped_indikator_counts_as_not_answered(heads: HeadsFixture) -> None:
    with heads.database.write() as db:
        begun = heads.begins(db, 0, 500)
        ratings.answer(db, begun, "TARGET_JELAS", None, "TERUKUR", NOW)
        begun = heads.begins(db, 0, 500)
        ratings.answer(db, begun, "TERUKUR", 2, "TERUKUR", NOW)
        ratings.send(db, heads.registered, heads.begins(db, 0, 500), TODAY)
        counted = ratings.tally(db, heads.registered, heads.period.id)
    assert counted["TARGET_JELAS"][0] == 1
    assert counted["TERUKUR"] == {0: 0, 1: 0, 2: 1, 3: 0, 4: 0}


def test_a_sent_rating_has_no_head(heads: HeadsFixture) -> None:
    with heads.database.write() as db:
        begun = heads.begins(db, 0, HEAD)
    assert str(HEAD) in everything(heads)
    heads.rates(0, 3, HEAD)
    assert str(HEAD) not in everything(heads)
    assert str(begun.key) not in everything(heads)


def test_rows_are_not_in_the_order_of_sending(heads: HeadsFixture) -> None:
    for place in range(4):
        heads.rates(place, place + 1)
    with heads.database.read() as db:
        ids = list(db.execute(select(t.rating.c.id)).scalars())
        if db.dialect.name == "postgresql":  # all of them written by the last one's transaction
            wrote = db.exec_driver_sql("SELECT count(DISTINCT xmin::text) FROM rating").scalar_one()
            assert wrote == 1
    assert ids == sorted(ids)


@ON_SQLITE
def test_the_head_of_a_sent_rating_is_gone_from_the_file(heads: HeadsFixture) -> None:
    heads.rates(0, 3, HEAD)  # its chat stood in the journal from one turn to the next
    path = Path(str(heads.database.url.database))
    plain = HEAD.to_bytes(6, "big")
    assert plain in (path.parent / f"{path.name}-wal").read_bytes()
    assert heads.database.scrub()
    assert plain not in b"".join(file.read_bytes() for file in path.parent.glob("puas.db*"))


def test_a_corrected_form_shares_its_indikator_with_the_first_wording(heads: HeadsFixture) -> None:
    corrected = FORM.replace("Kejelasan target", "Jelasnya target")
    assert corrected != FORM
    heads.rates(0, 3)
    with heads.database.write() as db:
        form = instruments.register(db, corrected)
        known = instruments.known_units(db)
        first = heads.registered.instrument.codes[0]
        begun = ratings.start(db, heads.period, form, heads.units[1], 501, first, NOW)
        assert begun is not None
        assert begun.instrument_id == form != heads.period.instrument_id
        ratings.answer(db, begun, first, 2, first, NOW)
        begun = ratings.by_key(db, begun.key)
        assert begun is not None
        ratings.send(db, known[form], begun, TODAY)
        counted = ratings.tally(db, heads.registered, heads.period.id)[first]
    assert counted == {0: 0, 1: 0, 2: 1, 3: 1, 4: 0}


def test_a_form_with_another_weight_has_indikator_of_its_own(heads: HeadsFixture) -> None:
    reweighted = FORM.replace('bobot = "1/3"', 'bobot = "1/2"', 1)
    reweighted = reweighted.replace('bobot = "1/3"', 'bobot = "1/6"', 1)
    with heads.database.write() as db:
        form = instruments.register(db, reweighted)
        known = instruments.known_units(db)
    assert not set(known[form].item_ids.values()) & set(heads.registered.item_ids.values())


def test_forms_of_heads_and_of_citizens_are_kept_apart(heads: HeadsFixture) -> None:
    with heads.database.read() as db:
        assert instruments.known(db) == {}
        assert list(instruments.known_units(db)) == [heads.period.instrument_id]
