"""The outbox: claimed by one, said to be sending before the call, by itself sent at most once."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from storage import groups, outbox
from storage import tables as t
from storage.database import Db
from storage.groups import Group
from storage.outbox import LEASE, NO_GROUP, OutboxRow
from tests.postgres import ON_POSTGRES
from tests.storage.town import NOW, Town, together, until_waiting

R = TypeVar("R")
GROUP, SUPERGROUP = -100, -1009
SECOND = timedelta(seconds=1)
EXPIRED = NOW + LEASE + SECOND


def put(town: Town, chat: int = GROUP, kind: str = "summary", **more: Any) -> bool:
    """A turn that puts a row of the ledger."""
    more = {"period_id": town.period.id} | more
    return town.database.turn(lambda db: outbox.put(db, kind, chat, {"n": 1}, NOW, **more))


def notice(town: Town, due: datetime = NOW) -> bool:
    """A turn that puts a message to an admin."""
    return town.database.turn(lambda db: outbox.put(db, "notice", 9001, {"text": "x"}, due))


def claim(town: Town, who: str = "one", real: datetime = NOW) -> list[OutboxRow]:
    """A turn in which a process takes what is due."""
    return town.database.turn(lambda db: outbox.claim(db, NOW, real, who, most=10))


def does(town: Town, work: Callable[..., R], *given: Any, **more: Any) -> R:
    """Any other turn."""
    return town.database.turn(lambda db: work(db, *given, **more))


def statuses(town: Town) -> list[str]:
    """How every row stands, in the order of their ids."""
    return [status for (status,) in town.rows("SELECT status FROM outbox ORDER BY id")]


# --- the ledger -----------------------------------------------------------------------------


def test_the_ledger_has_one_row_a_kind_period_and_chat(town: Town) -> None:
    assert [put(town), put(town), put(town, SUPERGROUP), put(town, kind="reminder")] == [
        True,
        False,
        True,
        True,
    ]
    assert town.count("outbox") == 3


def test_notices_of_no_period_may_repeat(town: Town) -> None:
    assert notice(town)
    assert notice(town)


def test_of_processes_that_put_the_same_summary_at_once_one_does(town: Town) -> None:
    def puts() -> bool:
        with town.another_process() as other:
            return put(other)

    assert sorted(together(*[puts] * 3)) == [False, False, True]


def test_the_ledger_shows_its_newest_rows_first(town: Town) -> None:
    for chat in (-1, -2, -3):
        put(town, chat)
    notice(town)
    with town.database.read() as db:
        assert [letter.chat_id for letter in outbox.ledger(db, most=2)] == [-3, -2]


# --- claiming -------------------------------------------------------------------------------


def test_what_one_process_claimed_another_does_not_get(town: Town) -> None:
    put(town)
    assert [letter.kind for letter in claim(town)] == ["summary"]
    assert claim(town, "two") == []


def test_of_processes_that_claim_at_once_each_row_goes_to_one(town: Town) -> None:
    for _ in range(40):
        notice(town)

    def takes(who: str) -> list[int]:
        with town.another_process() as other:
            return [letter.id for _ in range(6) for letter in claim(other, who)]

    taken = together(*[lambda n=n: takes(f"process {n}") for n in range(3)])
    assert sorted(number for found in taken for number in found) == list(range(1, 41))


@ON_POSTGRES
def test_a_row_in_another_processs_hands_is_passed_over_not_waited_for(town: Town) -> None:
    notice(town)
    notice(town)
    with town.another_process() as other, town.database.write() as db:
        first = outbox.claim(db, NOW, NOW, "one", most=1)
        second = claim(other, "two")
    assert [letter.id for letter in (*first, *second)] == [1, 2]


def test_the_oldest_goes_first_and_what_is_not_due_waits(town: Town) -> None:
    for due in (NOW, NOW - SECOND, NOW + SECOND):
        notice(town, due)
    assert [letter.due_at for letter in claim(town)] == [NOW - SECOND, NOW]
    assert statuses(town) == ["claimed", "claimed", "due"]


def test_a_claim_whose_lease_ran_out_may_be_taken_by_another(town: Town) -> None:
    put(town)
    (letter,) = claim(town)
    assert claim(town, "two", NOW + LEASE) == []
    assert [found.id for found in claim(town, "two", EXPIRED)] == [letter.id]
    assert not does(town, outbox.sending, letter, "one", EXPIRED)
    assert does(town, outbox.sending, letter, "two", EXPIRED)


def test_whoever_waits_is_seen_until_it_is_sent(town: Town) -> None:
    def waiting() -> bool:
        with town.database.read() as db:
            return outbox.waiting(db, NOW)

    assert not waiting()
    put(town)
    assert waiting()
    (letter,) = claim(town)
    assert waiting()
    does(town, outbox.sending, letter, "one", NOW)
    assert waiting()
    does(town, outbox.settle, letter.id, "sent", NOW, message_id=5)
    assert not waiting()


# --- sending --------------------------------------------------------------------------------


def sends(town: Town, who: str = "one") -> OutboxRow:
    """A process claims one row and says that it calls now."""
    (letter,) = claim(town, who)
    assert does(town, outbox.sending, letter, who, NOW)
    return letter


def test_a_call_is_said_once_and_counted(town: Town) -> None:
    put(town)
    letter = sends(town)
    assert not does(town, outbox.sending, letter, "one", NOW)
    assert town.rows("SELECT status, attempts FROM outbox") == [("sending", 1)]


def test_a_row_in_sending_is_nobodys_to_claim(town: Town) -> None:
    put(town)
    sends(town)
    assert claim(town, "two", EXPIRED) == []


def test_a_sender_that_died_leaves_an_uncertain_row_found_once(town: Town) -> None:
    put(town)
    sends(town)
    assert does(town, outbox.abandoned, NOW + LEASE, NOW) == []
    found = [does(town, outbox.abandoned, EXPIRED, NOW) for _ in range(2)]
    assert [len(letters) for letters in found] == [1, 0]
    assert statuses(town) == ["uncertain"]


def test_a_notice_whose_sender_died_is_due_again(town: Town) -> None:
    notice(town)
    sends(town)
    assert len(does(town, outbox.abandoned, EXPIRED, NOW)) == 1
    assert len(claim(town, "two")) == 1


def test_of_processes_that_find_an_abandoned_row_at_once_one_tells(town: Town) -> None:
    put(town)
    sends(town)

    def finds() -> int:
        with town.another_process() as other:
            return len(does(other, outbox.abandoned, EXPIRED, NOW))

    assert sorted(together(*[finds] * 3)) == [0, 0, 1]


def test_what_telegram_asked_to_wait_for_is_due_again_later(town: Town) -> None:
    put(town)
    letter = sends(town)
    does(town, outbox.postpone, letter.id, NOW + SECOND, "one")
    assert claim(town) == []
    with town.database.write() as db:
        again = outbox.claim(db, NOW + SECOND, NOW, "two")
    assert [(found.id, found.attempts) for found in again] == [(letter.id, 1)]


@pytest.mark.parametrize("end", ["sent", "uncertain", "failed", "skipped"])
def test_what_has_ended_is_not_postponed_by_a_sender_that_woke_up_late(
    town: Town, end: str
) -> None:
    put(town)
    letter = sends(town)
    does(town, outbox.settle, letter.id, end, NOW)
    does(town, outbox.postpone, letter.id, NOW, "one")
    assert statuses(town) == [end]


def test_only_who_has_a_row_in_hand_postpones_it(town: Town) -> None:
    put(town)
    letter = sends(town)
    does(town, outbox.postpone, letter.id, NOW, "two")
    assert statuses(town) == ["sending"]


def test_a_row_is_settled_only_in_the_state_it_was_seen_in(town: Town) -> None:
    put(town)
    letter = sends(town)
    assert not does(town, outbox.settle, letter.id, "skipped", NOW, only="due")
    assert does(town, outbox.settle, letter.id, "skipped", NOW, only="sending")
    assert statuses(town) == ["skipped"]


def test_what_was_sent_stays_sent_whatever_a_late_sender_says(town: Town) -> None:
    put(town)
    letter = sends(town)
    does(town, outbox.abandoned, EXPIRED, NOW)
    does(town, outbox.settle, letter.id, "sent", NOW, message_id=5)
    does(town, outbox.settle, letter.id, "failed", NOW, reason="late")
    assert town.rows("SELECT status, message_id FROM outbox") == [("sent", 5)]


def test_an_admin_who_presses_twice_sends_again_once(town: Town) -> None:
    put(town)
    letter = sends(town)
    assert not does(town, outbox.send_again, letter.id, 1, NOW)  # still on its way
    does(town, outbox.settle, letter.id, "uncertain", NOW)
    assert [does(town, outbox.send_again, letter.id, 1, NOW) for _ in range(2)] == [True, False]
    does(town, outbox.settle, sends(town, "two").id, "uncertain", NOW)
    assert not does(town, outbox.send_again, letter.id, 1, NOW)  # the old button
    assert does(town, outbox.send_again, letter.id, 2, NOW)


def test_a_status_nobody_knows_is_refused(town: Town) -> None:
    put(town)
    with pytest.raises(IntegrityError), town.database.write() as db:
        db.execute(update(t.outbox).values(status="lost"))


# --- groups ---------------------------------------------------------------------------------


def test_a_summary_owed_to_nobody_goes_to_the_first_group_marked_late(town: Town) -> None:
    put(town, NO_GROUP, skipped="belum ada grup")
    assert claim(town) == []
    assert does(town, outbox.owe, "summary", GROUP, 7, NOW) == 1
    (letter,) = claim(town)
    assert (letter.chat_id, letter.topic_id, letter.late) == (GROUP, 7, True)
    assert does(town, outbox.owe, "summary", SUPERGROUP, None, NOW) == 0


def test_a_group_that_has_the_summary_is_not_owed_it(town: Town) -> None:
    put(town, NO_GROUP, skipped="belum ada grup")
    put(town, GROUP)
    assert does(town, outbox.owe, "summary", GROUP, None, NOW) == 0


def test_a_summary_that_several_lost_groups_missed_is_owed_once(town: Town) -> None:
    for chat in (-1, -2):
        put(town, chat)
        does(town, outbox.settle, sends(town).id, "failed", NOW, reason="Forbidden")
    put(town, NO_GROUP, skipped="belum ada grup")
    links(town, GROUP)
    assert does(town, outbox.owe, "summary", GROUP, None, NOW) == 1
    assert [letter.chat_id for letter in claim(town)] == [GROUP]


def test_a_summary_that_a_linked_group_missed_stays_that_groups(town: Town) -> None:
    links(town, SUPERGROUP)
    put(town, SUPERGROUP)
    does(town, outbox.settle, sends(town).id, "failed", NOW, reason="Bad Request")
    links(town, GROUP)
    assert does(town, outbox.owe, "summary", GROUP, None, NOW) == 0


def test_what_waits_for_a_group_follows_it_to_its_new_topic(town: Town) -> None:
    put(town, topic_id=3)
    does(town, outbox.redirected, GROUP, 7)
    assert [letter.topic_id for letter in claim(town)] == [7]


def test_a_summary_of_no_period_hides_nothing_that_is_owed(town: Town) -> None:
    put(town, NO_GROUP, skipped="belum ada grup")
    put(town, GROUP, period_id=None)
    assert does(town, outbox.owe, "summary", GROUP, None, NOW) == 1


def test_what_waits_for_a_group_follows_it_to_the_supergroup(town: Town) -> None:
    put(town, GROUP)
    does(town, outbox.moved, GROUP, SUPERGROUP)
    assert [letter.chat_id for letter in claim(town)] == [SUPERGROUP]
    assert not put(town, SUPERGROUP)


def test_a_supergroup_that_has_the_summary_does_not_get_the_groups_too(town: Town) -> None:
    put(town, SUPERGROUP)
    put(town, GROUP)
    put(town, GROUP, kind="reminder")
    does(town, outbox.moved, GROUP, SUPERGROUP)
    found = town.rows("SELECT kind, chat_id, status FROM outbox ORDER BY id")
    assert found == [
        ("summary", SUPERGROUP, "due"),
        ("summary", GROUP, "skipped"),
        ("reminder", SUPERGROUP, "due"),
    ]


def links(town: Town, chat: int) -> None:
    """An admin links a group."""
    does(town, groups.link, Group(chat, None, "Camat", "linked"), 9001, NOW)


def test_the_link_of_a_group_follows_it(town: Town) -> None:
    links(town, GROUP)
    does(town, groups.move, GROUP, SUPERGROUP, NOW)
    assert [group.chat_id for group in does(town, groups.linked)] == [SUPERGROUP]


def test_a_group_that_moved_to_a_linked_one_is_no_longer_written_to(town: Town) -> None:
    links(town, GROUP)
    links(town, SUPERGROUP)
    does(town, groups.move, GROUP, SUPERGROUP, NOW)
    assert [group.chat_id for group in does(town, groups.linked)] == [SUPERGROUP]


# --- forgetting -----------------------------------------------------------------------------


def test_notices_are_forgotten_after_a_month_and_the_ledger_never(town: Town) -> None:
    put(town)
    notice(town)
    for letter in claim(town):
        does(town, outbox.settle, letter.id, "sent", NOW)
    does(town, outbox.prune, NOW + timedelta(days=30))
    assert town.count("outbox") == 2
    does(town, outbox.prune, NOW + timedelta(days=30, seconds=1))
    assert town.rows("SELECT kind FROM outbox") == [("summary",)]


@ON_POSTGRES
def test_a_second_put_waits_for_the_first_and_counts_if_that_one_fails(town: Town) -> None:
    found: list[bool] = []

    def first(db: Db) -> None:
        outbox.put(db, "summary", GROUP, {}, NOW, period_id=town.period.id)
        waiting.start()
        until_waiting(town.database)
        raise ZeroDivisionError

    with town.another_process() as other:
        waiting = threading.Thread(target=lambda: found.append(put(other)))
        with pytest.raises(ZeroDivisionError):
            town.database.turn(first)
        waiting.join(30)
    assert found == [True]
