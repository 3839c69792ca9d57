"""Responses: begun, answered, completed, dropped, erased."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from storage import periods, responses
from storage import tables as t
from storage.responses import OpenResponse, OpenResponses
from storage.tallies import Deltas
from tests.postgres import ON_POSTGRES, ON_SQLITE
from tests.storage.town import (
    NOW,
    SECRET,
    TODAY,
    Town,
    plans,
    statements,
    together,
    until_waiting,
)

BUDI, SITI = 101, 102


def begins(town: Town, chat: int, service: int = 0) -> OpenResponse:
    """A turn in which somebody begins."""
    return town.does(lambda desk: desk.of(chat) or town.begins(desk, chat, service), chat)


# --- what the constraints hold ---------------------------------------------------------------


def test_an_item_has_one_answer_and_the_last_one_counts(town: Town) -> None:
    begins(town, BUDI)
    for nilai in (1, 4, None, 3):
        with town.turn(BUDI) as desk:
            place = town.place(desk, BUDI)
            desk.answer(place, "PERSYARATAN", nilai, "U2")
    assert town.rows("SELECT nilai FROM answer") == [(3,)]
    row = {"response_id": place.id, "item_id": town.registered.item_ids["PERSYARATAN"]}
    with pytest.raises(IntegrityError), town.database.write() as db:
        db.execute(insert(t.answer).values(row))


def test_a_skip_is_a_row_without_a_value(town: Town) -> None:
    town.rates(BUDI, 0, 4)
    assert town.rows("SELECT nilai FROM answer ORDER BY item_id") == [(None,), (4,)]


def test_a_chat_that_begins_twice_has_one_response_the_first(town: Town) -> None:
    first = begins(town, BUDI)
    with town.turn() as desk:  # a process that does not know yet
        second = town.begins(desk, BUDI, service=1)
    assert (second.key, second.service_id) == (first.key, first.service_id)
    assert town.count("response") == 1


def test_of_two_processes_that_begin_for_one_chat_both_see_the_same_response(town: Town) -> None:
    def taps(service: int) -> int:
        with town.another_process() as other:
            return other.does(lambda desk: town.begins(desk, BUDI, service)).key

    assert len(set(together(*[lambda n=n: taps(n) for n in (0, 1, 2)]))) == 1
    assert town.count("response") == 1


@ON_POSTGRES
def test_the_second_process_to_begin_for_a_chat_waits_for_the_first(town: Town) -> None:
    with town.another_process() as other:
        second: list[OpenResponse] = []
        waiting = threading.Thread(target=lambda: second.append(begins(other, BUDI, service=1)))
        with town.turn(BUDI) as desk:
            first = town.begins(desk, BUDI)
            waiting.start()
            until_waiting(town.database)
        waiting.join(30)
    assert [place.key for place in second] == [first.key]


def test_a_person_completes_once_per_service_period_and_urutan(town: Town) -> None:
    town.rates(BUDI, 4)
    begins(town, BUDI)
    with town.database.write() as db:
        db.execute(update(t.response).values(urutan=1))
    with pytest.raises(IntegrityError), town.turn(BUDI) as desk:
        town.completes(desk, BUDI)
    assert town.rows("SELECT status FROM response ORDER BY status") == [(0,), (1,)]
    town.agrees()


def test_each_further_visit_has_the_next_urutan(town: Town) -> None:
    for service in (0, 0, 1, 0):
        town.rates(BUDI, 4, service=service)
    town.rates(SITI, 4)
    found = town.rows("SELECT urutan FROM response ORDER BY id")
    assert [urutan for (urutan,) in found] == [1, 2, 1, 3, 1]
    with town.database.read() as db:
        there = town.services[0].id
        assert responses.times_rated(db, town.period.id, there, town.owner(BUDI)) == 3


@pytest.mark.parametrize(
    "kept", ["chat_id = 1", "step = 'U1'", "language = 'id'", "saran = 'x'", "touched_at = opened"]
)
def test_an_ended_response_keeps_nothing_of_the_chat(town: Town, kept: str) -> None:
    town.rates(BUDI, 4)
    moment = "(SELECT opened_at FROM period)"
    with pytest.raises(IntegrityError), town.database.write() as db:
        db.execute(text(f"UPDATE response SET {kept.replace('opened', moment)}"))  # noqa: S608


@ON_SQLITE
def test_whether_somebody_rated_before_is_looked_up_not_searched_for(town: Town) -> None:
    found = plans(town, lambda db: responses.times_rated(db, 1, 1, b"x"))
    assert "uq_response_owner" in found


@ON_SQLITE
def test_what_a_person_takes_back_is_looked_up_not_searched_for(town: Town) -> None:
    found = plans(town, lambda db: responses.erase(db, town.known, Deltas(), SECRET, BUDI, NOW))
    assert "uq_response_owner" in found
    assert "ix_response_voided" in found
    assert "SCAN response" not in found


@ON_SQLITE
def test_who_is_still_filling_in_is_looked_up_not_searched_for(town: Town) -> None:
    assert "uq_response_chat" in plans(town, lambda db: responses.unfinished(db, town.period.id))


# --- a turn's desk ---------------------------------------------------------------------------


def test_of_people_who_begin_together_each_costs_two_statements(town: Town) -> None:
    with statements(town.database) as seen, town.turn(*range(1, 41)) as desk:
        arrived = len(seen)
        for chat in range(1, 41):
            town.begins(desk, chat)
        begun = len(seen) - arrived
    assert begun == 1 + 40 * 2  # the period is held once; each is counted, and inserted


def test_what_a_turn_has_just_begun_is_what_the_next_one_reads(town: Town) -> None:
    with town.turn(1) as desk:
        begun = town.begins(desk, 1)
    with town.turn(1) as desk:
        assert town.place(desk, 1) == begun


def test_a_hundred_taps_are_written_with_as_many_statements_as_one(town: Town) -> None:
    chats = range(1, 101)
    for chat in chats:
        begins(town, chat)

    def tap(*who: int) -> list[str]:
        with statements(town.database) as seen, town.turn(*who) as desk:
            for chat in who:
                place = town.place(desk, chat)
                desk.answer(place, "PERSYARATAN", 3, "U2")
        return seen

    assert [line[:6] for line in tap(1)] == [line[:6] for line in tap(*chats)]
    assert town.count("answer") == 100


def test_what_a_turn_changed_the_next_one_reads(town: Town) -> None:
    begins(town, BUDI)
    with town.turn(BUDI) as desk:
        place = town.place(desk, BUDI)
        place = desk.answer(place, "PERSYARATAN", None, "U2")
        place = desk.describe(place, "umur", "26-35", "A2")
        place = desk.await_suggestion(desk.change(place, saran="Kursi kurang"), True)
    with town.turn(BUDI) as desk:
        assert desk.of(BUDI) == place
    assert place.revision == 5
    assert place.writing


def test_skipped_items_that_are_asked_again_lose_their_row(town: Town) -> None:
    begins(town, BUDI)
    with town.turn(BUDI) as desk:
        place = town.place(desk, BUDI)
        place = desk.answer(place, "PERSYARATAN", None, "U2")
        place = desk.answer(place, "PROSEDUR", 4, "U3")
        place = desk.ask_again(place, ["PERSYARATAN"], "U1")
    assert place.answers == {"PROSEDUR": 4}
    assert town.rows("SELECT nilai FROM answer") == [(4,)]


def test_a_dropped_response_leaves_nothing_behind(town: Town) -> None:
    begins(town, BUDI)
    with town.turn(BUDI) as desk:
        place = town.place(desk, BUDI)
        place = desk.await_suggestion(desk.answer(place, "PERSYARATAN", 2, "U2"), True)
    with town.turn(BUDI) as desk:
        desk.drop(desk.answer(place, "PROSEDUR", 2, "U3"))
    for table in ("response", "answer", "awaited_text", "tally"):
        assert town.count(table) == 0


def test_idle_and_active_responses_part_at_the_moment(town: Town) -> None:
    begins(town, BUDI)
    later = NOW + timedelta(microseconds=1)
    with town.database.write() as db:
        assert [place.chat_id for place in responses.active(db, town.known, NOW)] == [BUDI]
        assert responses.idle(db, town.known, NOW) == []
        assert responses.active(db, town.known, later) == []
        assert [place.chat_id for place in responses.idle(db, town.known, later)] == [BUDI]


# --- completing and erasing ------------------------------------------------------------------


def test_a_late_tap_finds_what_became_of_the_response(town: Town) -> None:
    place = town.rates(BUDI, 4)
    with town.database.read() as db:
        ended = responses.by_key(db, place.key)
        assert responses.by_key(db, place.key + 1) is None
    assert ended is not None
    assert (ended.open, ended.owner, ended.urutan) == (False, town.owner(BUDI), 1)


def test_receipts_are_of_letters_nobody_confuses_and_differ(town: Town) -> None:
    receipts = {responses.receipt(town.rates(chat, 4).key) for chat in range(1, 20)}
    assert len(receipts) == 19
    assert all(set(shown) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789-") for shown in receipts)


def test_erasing_takes_back_everything_of_this_person_and_nothing_else(town: Town) -> None:
    town.rates(BUDI, 4, saran="Kursi kurang")
    town.rates(BUDI, 3, service=2)
    town.rates(SITI, 2, saran="Bagus")
    assert town.does(lambda desk: town.erases(desk, BUDI)) == 2
    assert town.does(lambda desk: town.erases(desk, BUDI)) == 0
    assert town.rows("SELECT text FROM suggestion") == [("Bagus",)]
    assert (town.count("response"), town.count("answer")) == (1, 1)
    town.agrees()


def test_nothing_is_erased_once_the_period_is_locked(town: Town) -> None:
    town.rates(BUDI, 4)
    with town.database.write() as db:
        periods.close(db, town.period.id, NOW)
        periods.lock(db, town.period.id, NOW)
    assert town.does(lambda desk: town.erases(desk, BUDI)) == 0
    assert town.count("response") == 1


def test_after_the_lock_no_old_button_leads_to_a_response(town: Town) -> None:
    places = [town.rates(chat, 4) for chat in range(1, 6)]
    with town.database.write() as db:
        after: int | None = 0
        while after is not None:
            after = responses.unlink(db, town.period.id, after, most=2)
        assert [responses.by_key(db, place.key) for place in places] == [None] * 5
    assert town.count("response WHERE key IS NULL AND owner IS NULL") == 5
    town.agrees()


def test_erasing_twice_at_once_takes_each_response_back_once(town: Town) -> None:
    for chat in (BUDI, SITI):
        for service in (0, 1, 2):
            town.rates(chat, 4, 3, 2, service=service)

    def erase(chat: int) -> int:
        with town.another_process() as other:
            return other.does(lambda desk: town.erases(desk, chat))

    assert sum(together(*[lambda: erase(BUDI)] * 3)) == 3
    town.agrees()


@ON_POSTGRES
def test_who_erases_second_waits_and_finds_nothing(town: Town) -> None:
    town.rates(BUDI, 4)
    with town.another_process() as other:
        found: list[int] = []
        second = threading.Thread(
            target=lambda: found.append(other.does(lambda desk: town.erases(desk, BUDI)))
        )
        with town.turn() as desk:
            town.erases(desk, BUDI)
            second.start()
            until_waiting(town.database)
        second.join(30)
    assert found == [0]
    town.agrees()


def test_a_response_that_was_never_finished_counts_nowhere(town: Town) -> None:
    begins(town, BUDI)
    with town.turn(BUDI) as desk:
        place = town.place(desk, BUDI)
        desk.answer(place, "PERSYARATAN", 1, "U2")
    with town.database.read() as db:
        assert list(responses.counted_together(db, town.registered, town.period.id)) == []
    assert town.count("tally") == 0


def test_a_recount_sees_equal_responses_of_a_service_together(town: Town) -> None:
    town.rates(BUDI, 4, 0, 2)
    town.rates(103, 4, 0, 2)
    town.rates(SITI, service=2)
    with town.database.read() as db:
        found = list(responses.counted_together(db, town.registered, town.period.id))
    codes = town.registered.instrument.codes
    seen = [(where.service_id, answers, n) for where, answers, n in found]
    assert (town.services[0].id, {codes[0]: 4, codes[2]: 2}, 2) in seen
    assert (town.services[2].id, {}, 1) in seen
    assert len(seen) == 2


def test_a_completed_response_carries_a_date_and_a_band_of_hours(town: Town) -> None:
    town.rates(BUDI, 4)
    with town.database.read() as db:
        row = db.execute(t.response.select()).one()
    assert (row.tanggal, row.jam) == (TODAY, "08-12")


def test_a_completion_that_fails_leaves_the_response_open(town: Town) -> None:
    begins(town, BUDI)

    def fails(desk: OpenResponses) -> None:
        town.completes(desk, BUDI)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        town.does(fails, BUDI)
    assert town.rows("SELECT status, chat_id FROM response") == [(0, BUDI)]
