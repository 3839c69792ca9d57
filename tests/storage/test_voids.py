"""Voids, slips and revisions."""

import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import periods, responses, slips, tallies, voids
from storage.periods import Locked
from storage.responses import NewResponse
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
        start = NewResponse(chat, office.services[service], None, slips.ASSISTED, 1, "id")
        response = open_responses.start(start, office.period, "U1")
        assert slips.assign(open_responses.db, response.id, office.period.id, slip, chat)
        response = open_responses.answer(response, "WAKTU", 4, "U2")
        assert office.period.salt is not None
        who = responses.owner_hash_of(open_responses.db, SECRET, office.period.salt, response)
        open_responses.complete(response, who, TODAY, "08-12")
    return response.id


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
        with office.open_responses(db) as open_responses:
            voids.void(db, office.known, open_responses.deltas, response.id, ADMIN, "keliru", NOW)
        assert tallies.stored_cells(db, office.period.id) == cells == recount(db)
        raise Undone


def test_a_response_is_found_by_its_receipt_until_it_is_voided(office: OfficeFixture) -> None:
    response, _ = office.rates(BUDI, 4, 3), office.rates(BUDI + 1, 1)
    code = responses.receipt(response.key)
    with office.database.read() as db:
        (found,) = voids.by_code(db, code)
        assert (found.id, found.kanal, found.petugas) == (response.id, "telegram", None)
    void(office, response.id)
    with office.database.read() as db:
        assert voids.by_code(db, code) == []
        assert voids.by_id(db, response.id) is None
    office.agrees()


def test_after_the_lock_no_receipt_leads_to_a_response_and_none_is_voided(
    office: OfficeFixture,
) -> None:
    response = office.rates(BUDI, 4)
    closes(office)
    with office.database.write() as db:
        periods.lock(db, office.period.id, NOW)
        assert voids.by_code(db, responses.receipt(response.key)) == []
    with pytest.raises(Locked, match="sudah dikunci"):
        void(office, response.id)
    assert office.count("response WHERE status = 1") == 1
    assert office.count("revision") == 0


def test_a_voided_open_or_unknown_response_is_not_voidable(
    office: OfficeFixture,
) -> None:
    response = office.rates(BUDI, 4)
    with office.turn(BUDI) as open_responses:
        still_open = office.begins(open_responses, BUDI)
    void(office, response.id)
    closes(office)
    for response_id in (response.id, still_open.id, 0):
        with pytest.raises(voids.NotVoidable):
            void(office, response_id)
    assert office.count("revision") == 0


def test_revisions_are_numbered_from_the_close_on(office: OfficeFixture) -> None:
    places = [office.rates(chat, 4) for chat in (1, 2, 3)]
    assert void(office, places[0].id) is None
    closes(office)
    assert [void(office, response.id) for response in places[1:]] == [1, 2]
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
    response = office.rates(BUDI, 4)
    void(office, response.id)
    closes(office)
    assert office.does(lambda open_responses: office.erases(open_responses, BUDI)) == 1
    assert office.count("response") == office.count("revision") == 0
    office.agrees()


@ON_POSTGRES
def test_two_admins_who_change_a_closed_period_at_once_get_two_numbers(
    office: OfficeFixture,
) -> None:
    places = [office.rates(chat, 4) for chat in range(1, 9)]
    closes(office)

    def voided(response_id: int) -> int | None:
        with office.another_process() as other:
            return void(other, response_id)

    numbers = together(*[lambda number=response.id: voided(number) for response in places])
    assert sorted(number or 0 for number in numbers) == list(range(1, 9))
    office.agrees()


@ON_POSTGRES
def test_a_void_that_waits_for_an_erasure_is_refused(office: OfficeFixture) -> None:
    response = office.rates(BUDI, 4)
    refused: list[Exception] = []

    def voided() -> None:
        with office.another_process() as other:
            try:
                void(other, response.id)
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
    owners = {slips.owner_hash(SECRET, salt, number) for salt in salts for number in ("A-1", "A-2")}
    chats = {responses.owner_hash(SECRET, salt, chat) for salt in salts for chat in (1, 5001)}
    assert len(owners | chats) == 8


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
        response = office.begins(open_responses, PETUGAS)
        assert slips.is_taken(open_responses.db, office.period.id, "A-1")
        assert not slips.assign(open_responses.db, response.id, office.period.id, "A-1", PETUGAS)
        open_responses.delete(response)
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
    assert office.rows("SELECT number, petugas FROM slip") == [(None, PETUGAS)]


@given(st.integers(0, 2**63 - 1))
def test_a_receipt_tells_a_narrow_span_in_which_its_key_lies(key: int) -> None:
    span = responses.key_range(responses.receipt(key))
    assert span is not None
    assert span[0] <= key <= span[1] < span[0] + 2**23


def test_what_is_no_receipt_stands_for_no_key() -> None:
    for typed in ("", "ABCD", "ABCD-EFG0", "abcd-efgh", "ABCD-EFGHJ", "ABCDEFGHI"):
        assert responses.key_range(typed) is None


@ON_SQLITE
def test_a_receipt_or_slip_is_read_by_index(
    office: OfficeFixture,
) -> None:
    found = plans(office, lambda db: voids.by_code(db, "ABCD-EFGH"))
    assert "response USING INDEX sqlite_autoindex_response" in found
    assert "response USING INTEGER PRIMARY KEY" in found
    assert "slip USING COVERING INDEX" in found or "slip USING INDEX" in found
    assert "ix_response_period_id" not in found
    assert "SCAN response" not in found
