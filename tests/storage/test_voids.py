"""Voids, slips and revisions."""

import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import periods
from storage.periods import Locked
from storage.survey import owners, slips, tallies, voids
from storage.survey.open_responses import NewResponse, owner_hash_of
from storage.tables import Door
from tests.postgres import ON_POSTGRES, ON_SQLITE
from tests.storage.office_fixture import (
    NOW,
    SECRET,
    TODAY,
    OfficeFixture,
    plans,
    recount,
    together,
    until_waiting,
)

BUDI, ADMIN, PETUGAS = 101, 9001, 5001
answers = st.lists(st.integers(0, 4), min_size=9, max_size=9)


class Undone(Exception):
    """Delete the rows of the example."""


def void(office: OfficeFixture, response_id: int) -> int | None:
    """An admin voids a response, in a turn of its own."""
    with office.turn() as open_responses:
        return voids.void(
            open_responses.db,
            office.known,
            open_responses.deltas,
            response_id,
            ADMIN,
            "keliru",
            NOW,
        )


def closes(office: OfficeFixture) -> None:
    """The period closes."""
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)


def assisted(office: OfficeFixture, slip: str, chat: int = PETUGAS, service: int = 0) -> int:
    """Somebody rates under a slip's number on the phone of a petugas."""
    with office.turn(chat) as open_responses:
        assert slips.take(open_responses.db, office.period.id, slip)
        start = NewResponse(chat, office.services[service], None, slips.ASSISTED, 1, "id", slip)
        response = open_responses.start(start, office.period, office.period.instrument_id, "U1")
        response = open_responses.answer(response, "WAKTU", 4, "U2")
        assert office.period.salt is not None
        who = owner_hash_of(SECRET, office.period.salt, response)
        open_responses.complete(response, who, TODAY, "08-12")
    return sent(office, response.key)


def sent(office: OfficeFixture, key: int) -> int:
    """The id of the response that was sent under this key."""
    with office.database.read() as db:
        found = owners.with_key(db, office.period.id, key)
    assert found is not None
    return found[1]


@pytest.mark.slow
@given(st.lists(answers, max_size=4), answers)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_completing_and_voiding_is_the_identity(
    office: OfficeFixture, before: list[list[int]], given_now: list[int]
) -> None:
    with suppress(Undone), office.database.write() as db:
        for chat, values in enumerate([*before, given_now], 1):
            cells = tallies.stored_cells(db, office.period.id)
            with office.open_responses(db, chat) as open_responses:
                response = office.begins(open_responses, chat)
                for code, nilai in zip(office.registered.instrument.codes, values, strict=True):
                    response = open_responses.answer(response, code, nilai or None, "U2")
                office.completes(open_responses, chat)
        found = owners.with_key(db, office.period.id, response.key)
        assert found is not None
        with office.open_responses(db) as open_responses:
            voids.void(db, office.known, open_responses.deltas, found[1], ADMIN, "keliru", NOW)
        assert tallies.stored_cells(db, office.period.id) == cells == recount(db)
        raise Undone


def test_a_response_is_found_by_its_receipt_until_it_is_voided(office: OfficeFixture) -> None:
    response, _ = office.rates(BUDI, 4, 3), office.rates(BUDI + 1, 1)
    code, number = owners.receipt(response.key), sent(office, response.key)
    with office.database.read() as db:
        (found,) = voids.by_code(db, code)
        assert (found.id, found.kanal, found.petugas) == (number, "telegram", None)
    void(office, number)
    with office.database.read() as db:
        assert voids.by_code(db, code) == []
        assert voids.by_id(db, number) is None
    office.agrees()


def test_after_the_lock_no_receipt_leads_to_a_response_and_none_is_voided(
    office: OfficeFixture,
) -> None:
    response = office.rates(BUDI, 4)
    number = sent(office, response.key)
    closes(office)
    with office.database.write() as db:
        periods.lock(db, office.period.id, NOW)
        assert voids.by_code(db, owners.receipt(response.key)) == []
    with pytest.raises(Locked, match="sudah dikunci"):
        void(office, number)
    assert office.count("response WHERE status = 1") == 1
    assert office.count("revision") == 0


def test_a_voided_open_or_unknown_response_is_not_voidable(
    office: OfficeFixture,
) -> None:
    response = office.rates(BUDI, 4)
    with office.turn(BUDI) as open_responses:
        still_open = office.begins(open_responses, BUDI)
    number = sent(office, response.key)
    void(office, number)
    closes(office)
    for response_id in (number, still_open.key, 0):
        with pytest.raises(voids.NotVoidable):
            void(office, response_id)
    assert office.count("revision") == 0


def test_revisions_are_numbered_from_the_close_on(office: OfficeFixture) -> None:
    numbers = [sent(office, office.rates(chat, 4).key) for chat in (1, 2, 3)]
    assert void(office, numbers[0]) is None
    closes(office)
    assert [void(office, number) for number in numbers[1:]] == [1, 2]
    with office.database.read() as db:
        assert periods.newest_revision(db, office.period.id) == 2
        told = [(one.number, one.user_id, one.reason) for one in periods.revisions(db, 1)]
    assert told == [(1, ADMIN, "keliru"), (2, ADMIN, "keliru")]


def test_who_takes_answers_back_after_the_close_is_numbered_without_a_name(
    office: OfficeFixture,
) -> None:
    office.rates(BUDI, 4)
    office.rates(BUDI + 1, 4)
    office.does(lambda open_responses: office.erases(open_responses, BUDI))
    closes(office)
    office.does(lambda open_responses: office.erases(open_responses, BUDI + 1))
    assert office.rows("SELECT number, user_id, reason FROM revision") == [(1, None, "/hapus_data")]


def test_who_takes_back_a_voided_response_changes_no_figure(office: OfficeFixture) -> None:
    void(office, sent(office, office.rates(BUDI, 4).key))
    closes(office)
    assert office.does(lambda open_responses: office.erases(open_responses, BUDI)) == 1
    assert office.count("response") == office.count("revision") == 0
    office.agrees()


@ON_POSTGRES
def test_two_admins_who_change_a_closed_period_at_once_get_two_numbers(
    office: OfficeFixture,
) -> None:
    sent_ones = [sent(office, office.rates(chat, 4).key) for chat in range(1, 9)]
    closes(office)

    def voided(response_id: int) -> int | None:
        with office.another_process() as other:
            return void(other, response_id)

    numbers = together(*[lambda number=number: voided(number) for number in sent_ones])
    assert sorted(number or 0 for number in numbers) == list(range(1, 9))
    office.agrees()


@ON_POSTGRES
def test_a_void_that_waits_for_an_erasure_is_refused(office: OfficeFixture) -> None:
    number = sent(office, office.rates(BUDI, 4).key)
    refused: list[Exception] = []

    def voided() -> None:
        with office.another_process() as other:
            try:
                void(other, number)
            except voids.NotVoidable as gone:
                refused.append(gone)

    waiting = threading.Thread(target=voided)
    with office.turn() as open_responses:
        office.erases(open_responses, BUDI)
        waiting.start()
        until_waiting(office.database)
    waiting.join(30)
    assert len(refused) == 1
    office.agrees()


def test_a_slip_is_somebody_else_than_any_chat_and_than_itself_next_time(
    office: OfficeFixture,
) -> None:
    salts = (b"a" * 32, b"b" * 32)
    numbers = {
        owners.owner_hash_of_slip(SECRET, salt, number)
        for salt in salts
        for number in ("A-1", "A-2")
    }
    people = {
        owners.owner_hash(SECRET, salt, door, person)
        for salt in salts
        for person in (1, 5001)
        for door in (Door.TELEGRAM, 1)
    }
    assert len(numbers | people) == 12


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" a-0123 ", "A-0123"),
        ("7", "0007"),
        ("", None),
        ("A 1", None),
        ("x" * 21, None),
        ("é", None),
    ],
)
def test_a_slips_number_is_kept_as_the_paper_has_it(typed: str, number: str | None) -> None:
    assert slips.normalized(typed) == number


@pytest.mark.slow
def test_the_number_of_a_slip_is_taken_once_a_period_and_free_after_a_void(
    office: OfficeFixture,
) -> None:
    first = assisted(office, "A-1")
    with office.turn(PETUGAS) as open_responses:
        assert slips.is_taken(open_responses.db, office.period.id, "A-1")
        assert not slips.take(open_responses.db, office.period.id, "A-1")
    void(office, first)
    assert assisted(office, "A-1") != first


def test_assisted_responses_are_counted_by_petugas_until_they_are_voided(
    office: OfficeFixture,
) -> None:
    first = assisted(office, "A-1")
    assisted(office, "A-2", service=1)
    assisted(office, "B-1", chat=5002)
    with office.database.read() as db:
        assert slips.counts_by_petugas(db, office.period.id) == {5001: 2, 5002: 1}
    void(office, first)
    with office.database.read() as db:
        assert slips.counts_by_petugas(db, office.period.id) == {5001: 1, 5002: 1}


def test_the_erasure_of_a_petugas_takes_nothing_he_helped_with(office: OfficeFixture) -> None:
    assisted(office, "A-1")
    assert office.does(lambda open_responses: office.erases(open_responses, PETUGAS)) == 0
    assert office.count("response") == 1


def test_the_lock_deletes_slip_numbers(office: OfficeFixture) -> None:
    assisted(office, "A-1")
    closes(office)
    with office.database.write() as db:
        periods.lock(db, office.period.id, NOW)
    assert office.count("slip") == 0
    assert office.rows("SELECT petugas FROM response") == [(PETUGAS,)]


@given(st.integers(0, 2**63 - 1))
def test_a_receipt_tells_the_upper_bits_of_its_key_only(key: int) -> None:
    number = owners.read_receipt(owners.receipt(key))
    assert number == owners.receipt_number(key) == key >> 23


def test_what_is_no_receipt_stands_for_no_key() -> None:
    for typed in ("", "ABCD", "ABCD-EFG0", "abcd-efgh", "ABCD-EFGHJ", "ABCDEFGHI"):
        assert owners.read_receipt(typed) is None


@ON_SQLITE
def test_a_receipt_or_slip_is_read_by_index(
    office: OfficeFixture,
) -> None:
    found = plans(office, lambda db: voids.by_code(db, "ABCD-EFGH"))
    assert "response USING INTEGER PRIMARY KEY" in found
    assert f"ix_owner_{office.period.id}_slip" in found
    assert f"ix_owner_{office.period.id}_receipt" in found
    assert "SCAN response" not in found
