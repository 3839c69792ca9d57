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
from tests.storage.office_fixture import NOW, OfficeFixture, together, until_waiting

R = TypeVar("R")
GROUP, SUPERGROUP = -100, -1009
SECOND = timedelta(seconds=1)
EXPIRED = NOW + LEASE + SECOND


def put(office: OfficeFixture, chat: int = GROUP, kind: str = "summary", **more: Any) -> bool:
    """A turn that puts a row of the ledger."""
    more = {"period_id": office.period.id} | more
    return office.database.turn(lambda db: outbox.put(db, kind, chat, {"n": 1}, NOW, **more))


def notice(office: OfficeFixture, due: datetime = NOW) -> bool:
    """A turn that puts a message to an admin."""
    return office.database.turn(lambda db: outbox.put(db, "notice", 9001, {"text": "x"}, due))


def claim(office: OfficeFixture, who: str = "one", real: datetime = NOW) -> list[OutboxRow]:
    """A turn in which a process takes what is due."""
    return office.database.turn(lambda db: outbox.claim(db, NOW, real, who, most=10))


def does(office: OfficeFixture, work: Callable[..., R], *given: Any, **more: Any) -> R:
    """Any other turn."""
    return office.database.turn(lambda db: work(db, *given, **more))


def statuses(office: OfficeFixture) -> list[str]:
    """How every row stands, in the order of their ids."""
    return [status for (status,) in office.rows("SELECT status FROM outbox ORDER BY id")]


# --- the ledger -----------------------------------------------------------------------------


def test_the_ledger_has_one_row_a_kind_period_and_chat(office: OfficeFixture) -> None:
    assert [put(office), put(office), put(office, SUPERGROUP), put(office, kind="reminder")] == [
        True,
        False,
        True,
        True,
    ]
    assert office.count("outbox") == 3


def test_notices_of_no_period_may_repeat(office: OfficeFixture) -> None:
    assert notice(office)
    assert notice(office)


def test_of_processes_that_put_the_same_summary_at_once_one_does(office: OfficeFixture) -> None:
    def puts() -> bool:
        with office.another_process() as other:
            return put(other)

    assert sorted(together(*[puts] * 3)) == [False, False, True]


def test_the_ledger_shows_its_newest_rows_first(office: OfficeFixture) -> None:
    for chat in (-1, -2, -3):
        put(office, chat)
    notice(office)
    with office.database.read() as db:
        assert [row.chat_id for row in outbox.ledger(db, most=2)] == [-3, -2]


# --- claiming -------------------------------------------------------------------------------


def test_what_one_process_claimed_another_does_not_get(office: OfficeFixture) -> None:
    put(office)
    assert [row.kind for row in claim(office)] == ["summary"]
    assert claim(office, "two") == []


def test_of_processes_that_claim_at_once_each_row_goes_to_one(office: OfficeFixture) -> None:
    for _ in range(40):
        notice(office)

    def takes(who: str) -> list[int]:
        with office.another_process() as other:
            return [row.id for _ in range(6) for row in claim(other, who)]

    taken = together(*[lambda n=n: takes(f"process {n}") for n in range(3)])
    assert sorted(number for found in taken for number in found) == list(range(1, 41))


@ON_POSTGRES
def test_a_row_in_another_processs_hands_is_passed_over_not_waited_for(
    office: OfficeFixture,
) -> None:
    notice(office)
    notice(office)
    with office.another_process() as other, office.database.write() as db:
        first = outbox.claim(db, NOW, NOW, "one", most=1)
        second = claim(other, "two")
    assert [row.id for row in (*first, *second)] == [1, 2]


def test_the_oldest_goes_first_and_what_is_not_due_waits(office: OfficeFixture) -> None:
    for due in (NOW, NOW - SECOND, NOW + SECOND):
        notice(office, due)
    assert [row.due_at for row in claim(office)] == [NOW - SECOND, NOW]
    assert statuses(office) == ["claimed", "claimed", "due"]


def test_a_claim_whose_lease_ran_out_may_be_taken_by_another(office: OfficeFixture) -> None:
    put(office)
    (row,) = claim(office)
    assert claim(office, "two", NOW + LEASE) == []
    assert [found.id for found in claim(office, "two", EXPIRED)] == [row.id]
    assert not does(office, outbox.mark_sending, row, "one", EXPIRED)
    assert does(office, outbox.mark_sending, row, "two", EXPIRED)


def test_whoever_waits_is_seen_until_it_is_sent(office: OfficeFixture) -> None:
    def waiting() -> bool:
        with office.database.read() as db:
            return outbox.waiting(db, NOW)

    assert not waiting()
    put(office)
    assert waiting()
    (row,) = claim(office)
    assert waiting()
    does(office, outbox.mark_sending, row, "one", NOW)
    assert waiting()
    does(office, outbox.settle, row.id, "sent", NOW, message_id=5)
    assert not waiting()


def dies_after_each_claim(office: OfficeFixture, times: int) -> datetime:
    """Processes claim what is due and die, one after another; when the last lease has expired."""
    for number in range(times):
        claim(office, f"process {number}", NOW + number * (LEASE + SECOND))
    return NOW + times * (LEASE + SECOND)


def test_a_row_whose_processes_died_after_three_claims_is_failed_once(
    office: OfficeFixture,
) -> None:
    notice(office)
    assert does(office, outbox.recover_abandoned, dies_after_each_claim(office, 2), NOW) == []
    last = dies_after_each_claim(office, 3)
    assert claim(office, "four", last) == []
    found = [does(office, outbox.recover_abandoned, last, NOW) for _ in range(2)]
    assert [[row.status for row in rows] for rows in found] == [["failed"], []]


def test_a_row_that_ends_its_process_uses_up_no_claims_of_the_others(
    office: OfficeFixture,
) -> None:
    for _ in range(3):
        notice(office)
    last = dies_after_each_claim(office, 3)
    assert office.rows("SELECT claims FROM outbox ORDER BY id") == [(3,), (1,), (1,)]
    assert len(does(office, outbox.recover_abandoned, last, NOW)) == 1


def test_a_row_that_was_postponed_may_be_claimed_three_times_again(office: OfficeFixture) -> None:
    notice(office)
    (row,) = claim(office)
    does(office, outbox.postpone, row.id, NOW, "one")
    assert office.rows("SELECT status, claims FROM outbox") == [("due", 0)]


def test_a_repeatable_row_whose_senders_died_during_three_calls_is_uncertain(
    office: OfficeFixture,
) -> None:
    notice(office)
    found = []
    for number in range(3):
        real = NOW + number * (LEASE + SECOND)
        (row,) = claim(office, "one", real)
        assert does(office, outbox.mark_sending, row, "one", real)
        expired = real + LEASE + SECOND
        found.append(does(office, outbox.recover_abandoned, expired, NOW, {"notice"}))
    assert [[row.status for row in rows] for rows in found] == [[], [], ["uncertain"]]


# --- sending --------------------------------------------------------------------------------


def sends(office: OfficeFixture, who: str = "one") -> OutboxRow:
    """A process claims one row and says that it calls now."""
    (row,) = claim(office, who)
    assert does(office, outbox.mark_sending, row, who, NOW)
    return row


def test_a_call_is_said_once_and_counted(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    assert not does(office, outbox.mark_sending, row, "one", NOW)
    assert office.rows("SELECT status, attempts FROM outbox") == [("sending", 1)]


def test_a_row_in_sending_is_nobodys_to_claim(office: OfficeFixture) -> None:
    put(office)
    sends(office)
    assert claim(office, "two", EXPIRED) == []


def test_a_sender_that_died_leaves_an_uncertain_row_found_once(office: OfficeFixture) -> None:
    put(office)
    sends(office)
    assert does(office, outbox.recover_abandoned, NOW + LEASE, NOW) == []
    found = [does(office, outbox.recover_abandoned, EXPIRED, NOW) for _ in range(2)]
    assert [len(rows) for rows in found] == [1, 0]
    assert statuses(office) == ["uncertain"]


def test_a_row_of_a_repeatable_kind_whose_sender_died_is_due_again(office: OfficeFixture) -> None:
    notice(office)
    sends(office)
    assert does(office, outbox.recover_abandoned, EXPIRED, NOW, {"notice"}) == []
    assert len(claim(office, "two")) == 1


def test_of_processes_that_find_an_abandoned_row_at_once_one_tells(office: OfficeFixture) -> None:
    put(office)
    sends(office)

    def finds() -> int:
        with office.another_process() as other:
            return len(does(other, outbox.recover_abandoned, EXPIRED, NOW))

    assert sorted(together(*[finds] * 3)) == [0, 0, 1]


def test_what_telegram_asked_to_wait_for_is_due_again_later(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    does(office, outbox.postpone, row.id, NOW + SECOND, "one")
    assert claim(office) == []
    with office.database.write() as db:
        again = outbox.claim(db, NOW + SECOND, NOW, "two")
    assert [(found.id, found.attempts) for found in again] == [(row.id, 1)]


@pytest.mark.parametrize("end", ["sent", "uncertain", "failed", "skipped"])
def test_what_has_ended_is_not_postponed_by_a_sender_that_woke_up_late(
    office: OfficeFixture, end: str
) -> None:
    put(office)
    row = sends(office)
    does(office, outbox.settle, row.id, end, NOW)
    does(office, outbox.postpone, row.id, NOW, "one")
    assert statuses(office) == [end]


def test_only_who_has_a_row_in_hand_postpones_it(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    does(office, outbox.postpone, row.id, NOW, "two")
    assert statuses(office) == ["sending"]


def test_a_row_is_settled_only_in_the_state_it_was_seen_in(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    assert not does(office, outbox.settle, row.id, "skipped", NOW, only="due")
    assert does(office, outbox.settle, row.id, "skipped", NOW, only="sending")
    assert statuses(office) == ["skipped"]


def test_what_was_sent_stays_sent_whatever_a_late_sender_says(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    does(office, outbox.recover_abandoned, EXPIRED, NOW)
    does(office, outbox.settle, row.id, "sent", NOW, message_id=5)
    does(office, outbox.settle, row.id, "failed", NOW, reason="late")
    assert office.rows("SELECT status, message_id FROM outbox") == [("sent", 5)]


def test_an_admin_who_presses_twice_sends_again_once(office: OfficeFixture) -> None:
    put(office)
    row = sends(office)
    assert not does(office, outbox.send_again, row.id, 1, NOW)  # still on its way
    does(office, outbox.settle, row.id, "uncertain", NOW)
    assert [does(office, outbox.send_again, row.id, 1, NOW) for _ in range(2)] == [True, False]
    does(office, outbox.settle, sends(office, "two").id, "uncertain", NOW)
    assert not does(office, outbox.send_again, row.id, 1, NOW)  # the old button
    assert does(office, outbox.send_again, row.id, 2, NOW)


def test_a_status_nobody_knows_is_refused(office: OfficeFixture) -> None:
    put(office)
    with pytest.raises(IntegrityError), office.database.write() as db:
        db.execute(update(t.outbox).values(status="lost"))


# --- groups ---------------------------------------------------------------------------------


def test_a_summary_owed_to_nobody_goes_to_the_first_group_marked_late(
    office: OfficeFixture,
) -> None:
    put(office, NO_GROUP, skipped="belum ada grup")
    assert claim(office) == []
    assert does(office, outbox.resend_missed, "summary", GROUP, 7, NOW) == 1
    (row,) = claim(office)
    assert (row.chat_id, row.topic_id, row.late) == (GROUP, 7, True)
    assert does(office, outbox.resend_missed, "summary", SUPERGROUP, None, NOW) == 0


def test_a_group_that_has_the_summary_is_not_owed_it(office: OfficeFixture) -> None:
    put(office, NO_GROUP, skipped="belum ada grup")
    put(office, GROUP)
    assert does(office, outbox.resend_missed, "summary", GROUP, None, NOW) == 0


def test_a_summary_that_several_lost_groups_missed_is_owed_once(office: OfficeFixture) -> None:
    for chat in (-1, -2):
        put(office, chat)
        does(office, outbox.settle, sends(office).id, "failed", NOW, reason="Forbidden")
    put(office, NO_GROUP, skipped="belum ada grup")
    links(office, GROUP)
    assert does(office, outbox.resend_missed, "summary", GROUP, None, NOW) == 1
    assert [row.chat_id for row in claim(office)] == [GROUP]


def test_a_summary_that_a_linked_group_missed_stays_that_groups(office: OfficeFixture) -> None:
    links(office, SUPERGROUP)
    put(office, SUPERGROUP)
    does(office, outbox.settle, sends(office).id, "failed", NOW, reason="Bad Request")
    links(office, GROUP)
    assert does(office, outbox.resend_missed, "summary", GROUP, None, NOW) == 0


def test_what_waits_for_a_group_follows_it_to_its_new_topic(office: OfficeFixture) -> None:
    put(office, topic_id=3)
    does(office, outbox.redirect_to_topic, GROUP, 7)
    assert [row.topic_id for row in claim(office)] == [7]


def test_a_summary_of_no_period_hides_nothing_that_is_owed(office: OfficeFixture) -> None:
    put(office, NO_GROUP, skipped="belum ada grup")
    put(office, GROUP, period_id=None)
    assert does(office, outbox.resend_missed, "summary", GROUP, None, NOW) == 1


def test_what_waits_for_a_group_follows_it_to_the_supergroup(office: OfficeFixture) -> None:
    put(office, GROUP)
    does(office, outbox.move_chat, GROUP, SUPERGROUP)
    assert [row.chat_id for row in claim(office)] == [SUPERGROUP]
    assert not put(office, SUPERGROUP)


def test_a_supergroup_that_has_the_summary_does_not_get_the_groups_too(
    office: OfficeFixture,
) -> None:
    put(office, SUPERGROUP)
    put(office, GROUP)
    put(office, GROUP, kind="reminder")
    does(office, outbox.move_chat, GROUP, SUPERGROUP)
    found = office.rows("SELECT kind, chat_id, status FROM outbox ORDER BY id")
    assert found == [
        ("summary", SUPERGROUP, "due"),
        ("summary", GROUP, "skipped"),
        ("reminder", SUPERGROUP, "due"),
    ]


def links(office: OfficeFixture, chat: int) -> None:
    """An admin links a group."""
    does(office, groups.link, Group(chat, None, "Camat", "linked"), 9001, NOW)


def test_the_link_of_a_group_follows_it(office: OfficeFixture) -> None:
    links(office, GROUP)
    does(office, groups.move, GROUP, SUPERGROUP, NOW)
    assert [group.chat_id for group in does(office, groups.linked)] == [SUPERGROUP]


def test_a_group_that_moved_to_a_linked_one_is_no_longer_written_to(office: OfficeFixture) -> None:
    links(office, GROUP)
    links(office, SUPERGROUP)
    does(office, groups.move, GROUP, SUPERGROUP, NOW)
    assert [group.chat_id for group in does(office, groups.linked)] == [SUPERGROUP]


# --- forgetting -----------------------------------------------------------------------------


def test_notices_are_forgotten_after_a_month_and_the_ledger_never(office: OfficeFixture) -> None:
    put(office)
    notice(office)
    for row in claim(office):
        does(office, outbox.settle, row.id, "sent", NOW)
    does(office, outbox.prune, NOW + timedelta(days=30))
    assert office.count("outbox") == 2
    does(office, outbox.prune, NOW + timedelta(days=30, seconds=1))
    assert office.rows("SELECT kind FROM outbox") == [("summary",)]


@ON_POSTGRES
def test_a_second_put_waits_for_the_first_and_counts_if_that_one_fails(
    office: OfficeFixture,
) -> None:
    found: list[bool] = []

    def first(db: Db) -> None:
        outbox.put(db, "summary", GROUP, {}, NOW, period_id=office.period.id)
        waiting.start()
        until_waiting(office.database)
        raise ZeroDivisionError

    with office.another_process() as other:
        waiting = threading.Thread(target=lambda: found.append(put(other)))
        with pytest.raises(ZeroDivisionError):
            office.database.turn(first)
        waiting.join(30)
    assert found == [True]
