"""Responses: begun, answered, completed, dropped, erased."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect, update
from sqlalchemy.exc import IntegrityError

from storage import periods
from storage import tables as t
from storage.survey import open_responses, owners, patterns, responses
from storage.survey.open_responses import OpenResponse, OpenResponses
from storage.survey.tallies import Deltas
from tests.postgres import ON_POSTGRES, ON_SQLITE
from tests.storage.office_fixture import (
    NOW,
    SECRET,
    TODAY,
    OfficeFixture,
    plans,
    statements,
    together,
    until_waiting,
)

BUDI, SITI = 101, 102


def begins(office: OfficeFixture, chat: int, service: int = 0) -> OpenResponse:
    """A turn in which somebody begins."""
    return office.does(
        lambda open_responses: (
            open_responses.of_chat(chat) or office.begins(open_responses, chat, service)
        ),
        chat,
    )


# --- what the constraints hold ---------------------------------------------------------------


def test_an_item_has_one_answer_and_the_last_one_counts(office: OfficeFixture) -> None:
    begins(office, BUDI)
    for nilai in (1, 4, None, 3):
        with office.turn(BUDI) as open_responses:
            response = office.response_of(open_responses, BUDI)
            open_responses.answer(response, "PERSYARATAN", nilai, "U2")
    with office.turn(BUDI) as open_responses:
        office.completes(open_responses, BUDI)
    assert office.rows("SELECT nilai FROM answer") == [(3,)]
    (again,) = office.rows("SELECT response_id, item_id FROM answer")
    with pytest.raises(IntegrityError), office.database.write() as db:
        db.execute(insert(t.answer).values(again))


@pytest.mark.slow
def test_a_skip_is_a_row_without_a_value(office: OfficeFixture) -> None:
    office.rates(BUDI, 0, 4)
    assert office.rows("SELECT nilai FROM answer ORDER BY item_id") == [(None,), (4,)]


def test_a_chat_that_begins_twice_has_one_response_the_first(office: OfficeFixture) -> None:
    first = begins(office, BUDI)
    with office.turn() as open_responses:  # a process that does not know yet
        second = office.begins(open_responses, BUDI, service=1)
    assert (second.key, second.service_id) == (first.key, first.service_id)
    assert office.count("open_response") == 1


def test_of_two_processes_that_begin_for_one_chat_both_see_the_same_response(
    office: OfficeFixture,
) -> None:
    def taps(service: int) -> int:
        with office.another_process() as other:
            return other.does(
                lambda open_responses: office.begins(open_responses, BUDI, service)
            ).key

    assert len(set(together(*[lambda n=n: taps(n) for n in (0, 1, 2)]))) == 1
    assert office.count("open_response") == 1


@ON_POSTGRES
def test_the_second_process_to_begin_for_a_chat_waits_for_the_first(office: OfficeFixture) -> None:
    with office.another_process() as other:
        second: list[OpenResponse] = []
        waiting = threading.Thread(target=lambda: second.append(begins(other, BUDI, service=1)))
        with office.turn(BUDI) as open_responses:
            first = office.begins(open_responses, BUDI)
            waiting.start()
            until_waiting(office.database)
        waiting.join(30)
    assert [response.key for response in second] == [first.key]


def test_a_person_completes_once_per_service_period_and_urutan(office: OfficeFixture) -> None:
    office.rates(BUDI, 4)
    begins(office, BUDI)
    with office.database.write() as db:
        db.execute(update(t.open_response).values(urutan=1))
    with pytest.raises(IntegrityError), office.turn(BUDI) as open_responses:
        office.completes(open_responses, BUDI)
    assert (office.count("open_response"), office.count("response")) == (1, 1)
    office.agrees()


def test_each_further_visit_has_the_next_urutan(office: OfficeFixture) -> None:
    for service in (0, 0, 1, 0):
        office.rates(BUDI, 4, service=service)
    office.rates(SITI, 4)
    found = office.rows("SELECT urutan FROM response ORDER BY urutan")
    assert [urutan for (urutan,) in found] == [1, 1, 1, 2, 3]
    with office.database.read() as db:
        there = office.services[0].id
        assert owners.times_rated(db, office.period.id, there, office.owner(BUDI)) == 3


def test_a_sent_response_leaves_no_open_one(office: OfficeFixture) -> None:
    office.rates(BUDI, 4)
    assert (office.count("open_response"), office.count("response")) == (0, 1)


@pytest.mark.slow
def test_the_id_of_a_response_is_random_after_the_number_of_its_period(
    office: OfficeFixture,
) -> None:
    sent: list[int] = []
    for chat in range(1, 21):
        key = office.rates(chat, 4).key
        with office.database.read() as db:
            found = owners.with_key(db, office.period.id, key)
        assert found is not None
        sent.append(found[1])
    ids = [number for (number,) in office.rows("SELECT id FROM response ORDER BY id")]
    assert {number >> periods.ID_BITS for number in ids} == {office.period.id}
    assert len({number % 2**periods.ID_BITS for number in ids}) == 20
    assert sent != ids
    assert sorted(sent) == ids


@ON_SQLITE
def test_the_earlier_ratings_of_a_person_are_read_by_index(office: OfficeFixture) -> None:
    found = plans(office, lambda db: owners.times_rated(db, office.period.id, 1, b"x"))
    assert f"uq_owner_{office.period.id}" in found


@ON_SQLITE
def test_the_responses_that_a_person_erases_are_read_by_index(office: OfficeFixture) -> None:
    found = plans(office, lambda db: responses.erase(db, office.known, Deltas(), SECRET, BUDI, NOW))
    assert f"uq_owner_{office.period.id}" in found
    assert f"ix_owner_{office.period.id}_voided" in found
    assert "SCAN response" not in found


@ON_SQLITE
def test_open_responses_are_read_by_index(office: OfficeFixture) -> None:
    found = plans(office, lambda db: OpenResponses(db, {}, NOW, Deltas()).load([BUDI]))
    assert "open_response USING PRIMARY KEY" in found


# --- the open responses of a turn ----------------------------------------------------------


def test_each_of_several_starts_in_a_turn_takes_two_statements(office: OfficeFixture) -> None:
    with statements(office.database) as seen, office.turn(*range(1, 41)) as open_responses:
        arrived = len(seen)
        for chat in range(1, 41):
            office.begins(open_responses, chat)
        begun = len(seen) - arrived
    assert begun == 1 + 40 * 2  # the period is held once; each is counted, and inserted


def test_the_next_turn_reads_what_a_turn_started(office: OfficeFixture) -> None:
    with office.turn(1) as open_responses:
        begun = office.begins(open_responses, 1)
    with office.turn(1) as open_responses:
        assert office.response_of(open_responses, 1) == begun


def test_a_hundred_taps_are_written_with_as_many_statements_as_one(office: OfficeFixture) -> None:
    chats = range(1, 101)
    for chat in chats:
        begins(office, chat)

    def tap(*who: int) -> list[str]:
        with statements(office.database) as seen, office.turn(*who) as open_responses:
            for chat in who:
                response = office.response_of(open_responses, chat)
                open_responses.answer(response, "PERSYARATAN", 3, "U2")
        return seen

    assert [line[:6] for line in tap(1)] == [line[:6] for line in tap(*chats)]
    with office.turn(*chats) as open_responses:
        answers = [office.response_of(open_responses, chat).answers for chat in chats]
    assert answers == [{"PERSYARATAN": 3}] * 100


def test_the_next_turn_reads_what_a_turn_changed(office: OfficeFixture) -> None:
    begins(office, BUDI)
    with office.turn(BUDI) as open_responses:
        response = office.response_of(open_responses, BUDI)
        response = open_responses.answer(response, "PERSYARATAN", None, "U2")
        response = open_responses.set_attribute(response, "umur", "26-35", "A2")
        response = open_responses.await_suggestion(
            open_responses.change(response, saran_parts={"0": "Kursi kurang"}), True
        )
    with office.turn(BUDI) as open_responses:
        assert open_responses.of_chat(BUDI) == response
    assert response.revision == 5
    assert response.writing


def test_skipped_items_that_are_asked_again_have_no_answer(office: OfficeFixture) -> None:
    begins(office, BUDI)
    with office.turn(BUDI) as open_responses:
        response = office.response_of(open_responses, BUDI)
        response = open_responses.answer(response, "PERSYARATAN", None, "U2")
        response = open_responses.answer(response, "PROSEDUR", 4, "U3")
        response = open_responses.ask_again(response, ["PERSYARATAN"], "U1")
    assert response.answers == {"PROSEDUR": 4}
    with office.turn(BUDI) as open_responses:
        assert office.response_of(open_responses, BUDI) == response


def test_a_deleted_response_leaves_no_rows(office: OfficeFixture) -> None:
    begins(office, BUDI)
    with office.turn(BUDI) as open_responses:
        response = office.response_of(open_responses, BUDI)
        response = open_responses.await_suggestion(
            open_responses.answer(response, "PERSYARATAN", 2, "U2"), True
        )
    with office.turn(BUDI) as open_responses:
        open_responses.delete(open_responses.answer(response, "PROSEDUR", 2, "U3"))
    for table in ("open_response", "response", "answer", "awaited_text", "tally"):
        assert office.count(table) == 0


def test_idle_and_active_responses_part_at_the_moment(office: OfficeFixture) -> None:
    begins(office, BUDI)
    later = NOW + timedelta(microseconds=1)
    with office.database.write() as db:
        assert [response.person for response in open_responses.active(db, NOW)] == [BUDI]
        assert open_responses.idle(db, NOW) == []
        assert open_responses.active(db, later) == []
        assert [response.person for response in open_responses.idle(db, later)] == [BUDI]


# --- completing and erasing ------------------------------------------------------------------


def test_a_late_tap_finds_the_completed_response(office: OfficeFixture) -> None:
    response = office.rates(BUDI, 4)
    with office.database.read() as db:
        ended = responses.by_key(db, response.key)
        assert responses.by_key(db, response.key ^ 1 << owners.HIDDEN_BITS) is None
    assert ended is not None
    assert (ended.owner, ended.urutan) == (office.owner(BUDI), 1)


def test_receipts_use_letters_that_do_not_look_alike_and_differ(office: OfficeFixture) -> None:
    receipts = {owners.receipt(office.rates(chat, 4).key) for chat in range(1, 20)}
    assert len(receipts) == 19
    assert all(set(shown) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789-") for shown in receipts)


def test_erasing_deletes_all_responses_of_this_person_only(
    office: OfficeFixture,
) -> None:
    office.rates(BUDI, 4, saran="Kursi kurang")
    office.rates(BUDI, 3, service=2)
    office.rates(SITI, 2, saran="Bagus")
    assert office.does(lambda open_responses: office.erases(open_responses, BUDI)) == 2
    assert office.does(lambda open_responses: office.erases(open_responses, BUDI)) == 0
    assert office.rows("SELECT text FROM suggestion") == [("Bagus",)]
    assert (office.count("response"), office.count("answer")) == (1, 1)
    office.agrees()


def test_nothing_is_erased_once_the_period_is_locked(office: OfficeFixture) -> None:
    office.rates(BUDI, 4)
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
    assert office.does(lambda open_responses: office.erases(open_responses, BUDI)) == 0
    assert office.count("response") == 1


def test_after_the_lock_no_old_button_finds_a_response(office: OfficeFixture) -> None:
    places = [office.rates(chat, 4) for chat in range(1, 6)]
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
        assert [responses.by_key(db, response.key) for response in places] == [None] * 5
        assert not inspect(db).has_table(owners.table(office.period.id).name)
    assert office.count("response") == 5
    office.agrees()


def test_two_erasures_at_once_delete_each_response_once(office: OfficeFixture) -> None:
    for chat in (BUDI, SITI):
        for service in (0, 1, 2):
            office.rates(chat, 4, 3, 2, service=service)

    def erase(chat: int) -> int:
        with office.another_process() as other:
            return other.does(lambda open_responses: office.erases(open_responses, chat))

    assert sum(together(*[lambda: erase(BUDI)] * 3)) == 3
    office.agrees()


@ON_POSTGRES
def test_the_second_erasure_waits_and_finds_nothing(office: OfficeFixture) -> None:
    office.rates(BUDI, 4)
    with office.another_process() as other:
        found: list[int] = []
        second = threading.Thread(
            target=lambda: found.append(
                other.does(lambda open_responses: office.erases(open_responses, BUDI))
            )
        )
        with office.turn() as open_responses:
            office.erases(open_responses, BUDI)
            second.start()
            until_waiting(office.database)
        second.join(30)
    assert found == [0]
    office.agrees()


def test_an_open_response_does_not_count(office: OfficeFixture) -> None:
    begins(office, BUDI)
    with office.turn(BUDI) as open_responses:
        response = office.response_of(open_responses, BUDI)
        open_responses.answer(response, "PERSYARATAN", 1, "U2")
    with office.database.read() as db:
        assert list(patterns.grouped_by_place(db, office.registered, office.period.id)) == []
    assert office.count("tally") == 0


def test_a_recount_groups_equal_responses_of_a_service(office: OfficeFixture) -> None:
    office.rates(BUDI, 4, 0, 2)
    office.rates(103, 4, 0, 2)
    office.rates(SITI, service=2)
    with office.database.read() as db:
        found = list(patterns.grouped_by_place(db, office.registered, office.period.id))
    codes = office.registered.instrument.codes
    seen = [(where.service_id, answers, n) for where, answers, n in found]
    assert (office.services[0].id, {codes[0]: 4, codes[2]: 2}, 2) in seen
    assert (office.services[2].id, {}, 1) in seen
    assert len(seen) == 2


def test_a_completed_response_carries_a_date_and_a_band_of_hours(office: OfficeFixture) -> None:
    office.rates(BUDI, 4)
    with office.database.read() as db:
        row = db.execute(t.response.select()).one()
    assert (row.tanggal, row.jam) == (TODAY, "08-12")


def test_a_completion_that_fails_leaves_the_response_open(office: OfficeFixture) -> None:
    begins(office, BUDI)

    def fails(open_responses: OpenResponses) -> None:
        office.completes(open_responses, BUDI)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        office.does(fails, BUDI)
    assert office.rows("SELECT person FROM open_response") == [(BUDI,)]
    assert office.count("response") == 0
