"""Periods: one open of each kind, closed once, locked for good."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from scoring import period as calendar
from scoring.period import WIB
from storage import periods
from storage import tables as t
from storage.database import ConcurrentChange, Db
from storage.survey import open_responses, tallies
from storage.survey.open_responses import OpenResponse, OpenResponses
from storage.survey.tallies import Deltas
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import NOW, OfficeFixture, together, until_waiting

NEXT = calendar.parse("2026-TW4", WIB)


def opens(office: OfficeFixture, db: Db, kind: str = "ikm") -> None:
    """The next period is opened."""
    periods.open_period(db, kind, NEXT, office.period.instrument_id, NOW)


def turns_over(office: OfficeFixture) -> Callable[[Db], None]:
    """What the clock does at the end of a period."""

    def work(db: Db) -> None:
        for response in open_responses.open_in(db, office.period.id):
            OpenResponses(db, office.known, NOW, Deltas()).delete(response)
        periods.close(db, office.period.id, NOW)
        opens(office, db)

    return work


def test_a_kind_has_one_open_period(office: OfficeFixture) -> None:
    with office.database.write() as db:
        opens(office, db)
        opens(office, db, "unit")
        found = [periods.current(db, kind) for kind in ("ikm", "unit")]
    assert [period and period.label for period in found] == ["2026-TW3", "2026-TW4"]


def test_the_database_itself_refuses_a_second_open_period(office: OfficeFixture) -> None:
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        opens(office, db)
    with pytest.raises(IntegrityError), office.database.write() as db:
        db.execute(update(t.period).values(status="open"))


@pytest.mark.slow
def test_of_processes_that_open_a_period_together_one_does(office: OfficeFixture) -> None:
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)

    def open_it() -> None:
        with office.another_process() as other:
            other.database.turn(lambda db: opens(office, db))

    together(*[open_it] * 3)
    assert office.count("period WHERE status = 'open'") == 1


def test_a_period_is_closed_once(office: OfficeFixture) -> None:
    def close() -> bool:
        with office.another_process() as other:
            return other.database.turn(lambda db: periods.close(db, office.period.id, NOW))

    assert sorted(together(*[close] * 3)) == [False, False, True]
    with office.database.read() as db:
        assert periods.current(db, "ikm") is None
        assert [period.label for period in periods.closed(db, "ikm")] == ["2026-TW3"]


def test_a_lock_deletes_the_salt_and_separates_suggestions_from_responses(
    office: OfficeFixture,
) -> None:
    office.rates(101, 4, saran="Kursi kurang")
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        assert periods.lock(db, office.period.id, NOW)
    assert office.rows("SELECT status FROM period") == [("locked",)]
    assert office.count("period_salt") == 0
    assert office.rows("SELECT text FROM suggestion") == [("Kursi kurang",)]
    with office.database.read() as db:
        assert periods.unlocked(db, "ikm") == []


def test_a_period_is_locked_once_and_only_after_its_close(office: OfficeFixture) -> None:
    def lock(moment: timedelta) -> bool:
        return office.database.turn(lambda db: periods.lock(db, office.period.id, NOW + moment))

    assert not lock(timedelta(0))
    office.database.turn(lambda db: periods.close(db, office.period.id, NOW))
    assert [lock(timedelta(days=n)) for n in (1, 2)] == [True, False]
    with office.database.read() as db:
        assert db.execute(t.period.select()).one().locked_at == NOW + timedelta(days=1)


def test_a_locked_period_never_gets_a_salt_again(office: OfficeFixture) -> None:
    own = calendar.parse(office.period.label, WIB)
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
        periods.open_period(db, "ikm", own, office.period.instrument_id, NOW)
        assert not periods.has_owners(db, office.period.id)


@pytest.mark.parametrize("wrong", [{"status": "begun"}, {"ends_at": NOW - timedelta(days=99)}])
def test_a_period_has_a_known_status_and_an_end_after_its_start(
    office: OfficeFixture, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), office.database.write() as db:
        db.execute(update(t.period).values(wrong))


def test_every_period_has_a_salt_of_its_own(office: OfficeFixture) -> None:
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        opens(office, db)
        salts = [bytes(salt) for (salt,) in db.execute(text("SELECT salt FROM period_salt"))]
    assert len({*salts}) == 2
    assert all(len(salt) == 32 for salt in salts)


def test_the_latest_locked_period_is_the_one_that_ended_last(office: OfficeFixture) -> None:
    with office.database.write() as db:
        for label in ("2025-TW4", "2026-TW2", "2026-TW1"):
            past = calendar.parse(label, WIB)
            row = {"label": label, "starts_at": past.start, "ends_at": past.end, "kind": "ikm"}
            rest = {"instrument_id": 1, "status": "locked", "opened_at": past.start}
            db.execute(insert(t.period).values(row | rest))
        before = calendar.parse("2026-TW2", WIB).start
        found = periods.latest_locked(db, "ikm"), periods.latest_locked(db, "ikm", before)
    assert [period and period.label for period in found] == ["2026-TW2", "2026-TW1"]


# --- the close, and who begins at that moment -------------------------------------------------


def test_starting_in_a_period_that_another_process_closed_raises_concurrent_change(
    office: OfficeFixture,
) -> None:
    office.database.turn(turns_over(office))
    with pytest.raises(ConcurrentChange), office.turn() as open_responses:
        office.begins(open_responses, 101)
    assert office.count("response") == 0


@ON_POSTGRES
def test_the_close_waits_for_a_turn_in_which_somebody_begins(office: OfficeFixture) -> None:
    with office.another_process() as other:
        closing = threading.Thread(target=other.database.turn, args=(turns_over(office),))
        with office.turn() as open_responses:
            office.begins(open_responses, 101)
            closing.start()
            until_waiting(office.database)
        closing.join(30)
    assert office.count("open_response") == 0


@ON_POSTGRES
def test_who_begins_during_the_close_begins_in_the_next_period(office: OfficeFixture) -> None:
    begun: list[OpenResponse] = []

    def begins(open_responses: OpenResponses) -> OpenResponse:
        return OfficeFixture.begins(OfficeFixture.reopened(office.database), open_responses, 101)

    with office.another_process() as other:
        beginning = threading.Thread(target=lambda: begun.append(other.does(begins, 101)))
        with office.database.write() as db:
            turns_over(office)(db)
            beginning.start()
            until_waiting(office.database)
        beginning.join(30)
    with office.database.read() as db:
        current = periods.current(db, "ikm")
    assert current is not None
    assert [response.period_id for response in begun] == [current.id]


@ON_POSTGRES
def test_an_erasure_that_waits_for_the_lock_finds_no_responses(office: OfficeFixture) -> None:
    office.rates(101, 4)
    office.database.turn(lambda db: periods.close(db, office.period.id, NOW))
    erased: list[int] = []
    with office.another_process() as other:
        erasing = threading.Thread(
            target=lambda: erased.append(
                other.does(lambda open_responses: office.erases(open_responses, 101))
            )
        )
        with office.database.write() as db:
            periods.lock(db, office.period.id, NOW)
            erasing.start()
            until_waiting(office.database)
        erasing.join(30)
    assert erased == [0]
    office.agrees()


@ON_POSTGRES
def test_a_lock_that_waits_for_an_erasure_sees_what_was_erased(
    office: OfficeFixture,
) -> None:
    office.rates(101, 4)
    office.database.turn(lambda db: periods.close(db, office.period.id, NOW))
    seen: list[int] = []

    def lock(db: Db) -> None:
        periods.lock_row(db, office.period.id)
        seen.append(len(tallies.stored_cells(db, office.period.id)))
        periods.lock(db, office.period.id, NOW)

    with office.another_process() as other:
        locking = threading.Thread(target=other.database.turn, args=(lock,))
        with office.turn() as open_responses:
            office.erases(open_responses, 101)
            locking.start()
            until_waiting(office.database)
        locking.join(30)
    assert seen == [0]
