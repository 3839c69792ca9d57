"""Handled updates: each is new exactly once."""

import threading
from datetime import timedelta

from storage import updates
from storage.database import Database
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import NOW, OfficeFixture, together, until_waiting

BOT = 700000001


def fresh(database: Database, *numbers: int, bot: int = BOT) -> set[int]:
    """A turn that records these."""
    return database.turn(lambda db: updates.record_new(db, bot, numbers, NOW))


def test_an_update_is_new_once(database: Database) -> None:
    assert fresh(database, 3, 1, 2) == {1, 2, 3}
    assert fresh(database, 2, 4, 3) == {4}
    assert fresh(database, 1) == set()


def test_an_empty_batch_has_no_new_update(database: Database) -> None:
    assert fresh(database) == set()


def test_an_update_twice_in_one_batch_is_new_once(database: Database) -> None:
    assert database.turn(lambda db: updates.record_new(db, BOT, [5, 5], NOW)) == {5}


def test_two_bots_on_one_database_count_their_own_updates(database: Database) -> None:
    assert fresh(database, 1) == {1}
    assert fresh(database, 1, bot=BOT + 1) == {1}


def test_of_processes_that_get_the_same_updates_each_is_new_to_one(office: OfficeFixture) -> None:
    def takes(shift: int) -> list[int]:
        with office.another_process() as other:
            batches = [range(n + shift, n + shift + 30) for n in range(0, 120, 10)]
            return [number for batch in batches for number in fresh(other.database, *batch)]

    first, second = together(lambda: takes(0), lambda: takes(5))
    assert sorted(first + second) == list(range(145))


@ON_POSTGRES
def test_updates_are_recorded_in_one_order_without_deadlock(
    office: OfficeFixture,
) -> None:
    found: list[set[int]] = []

    def records_once(other: OfficeFixture) -> None:
        with other.database.write() as db:
            found.append(updates.record_new(db, BOT, [9, 5], NOW))

    with office.another_process() as other:
        second = threading.Thread(target=records_once, args=(other,))
        with office.database.write() as db:
            updates.record_new(db, BOT, [5], NOW)
            second.start()
            until_waiting(office.database)
            found.append(updates.record_new(db, BOT, [9], NOW))
        second.join(30)
    assert found == [{9}, set()]


@ON_POSTGRES
def test_an_update_whose_first_turn_fails_is_new_to_the_process_that_waited(
    office: OfficeFixture,
) -> None:
    recorded = threading.Event()

    def fails() -> None:
        with office.database.write() as db:
            updates.record_new(db, BOT, [7], NOW)
            recorded.set()
            until_waiting(office.database)
            raise ZeroDivisionError

    def waits() -> set[int]:
        with office.another_process() as other:
            recorded.wait(30)
            return fresh(other.database, 7)

    def failing() -> set[int]:
        try:
            fails()
        except ZeroDivisionError:
            return set()
        raise AssertionError

    assert together(failing, waits) in ([set(), {7}],)


def test_an_update_set_aside_is_kept_a_week_and_only_once(database: Database) -> None:
    with database.write() as db:
        for _ in range(2):
            updates.set_aside(db, BOT, 9, {"message": {}}, "ValueError: x", NOW)
        assert updates.set_aside_count(db) == 1
        updates.prune(db, NOW + timedelta(days=7))
        assert updates.set_aside_count(db) == 1
        updates.prune(db, NOW + timedelta(days=7, seconds=1))
        assert updates.set_aside_count(db) == 0


def test_a_handled_update_is_deleted_after_two_days(database: Database) -> None:
    fresh(database, 1)
    database.turn(lambda db: updates.prune(db, NOW + timedelta(days=2)))
    assert fresh(database, 1) == set()
    database.turn(lambda db: updates.prune(db, NOW + timedelta(days=2, seconds=1)))
    assert fresh(database, 1) == {1}
