"""One reminder to a citizen who stopped half-way: when, to whom, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from office.survey import reminder
from storage.database import Db
from storage.settings import program_state
from tests.bot.test_assist import appointed, hands_over
from tests.harness import BOTH_DATABASES, Actor, Harness, local

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
# The tests begin on Monday, 6 July 2026, at 09.00.
LATER, NEXT_DAY = "2026-07-06 13:05", "2026-07-07 08:00"


@pytest.fixture
async def stopped(citizen: Actor) -> Actor:
    """A citizen who left after two answers."""
    await citizen.begins()
    await citizen.answers(3, 3)
    return citizen


async def waits_until(office: Harness, moment: str) -> None:
    """Time passes; the office works all the while, so it takes no gap for an outage."""
    await office.app.turns.do(lambda db: program_state.note_alive(db, local(moment)))
    await office.reaches(moment)


def reminders(person: Actor) -> int:
    """How many reminders the person got."""
    once = ("hanya mengingatkan satu kali", "remind you only once")
    return sum(any(each in m.get("text", "") for each in once) for m in person.messages)


async def test_who_stopped_half_way_is_reminded_after_four_hours_once(
    stopped: Actor, office: Harness
) -> None:
    await office.reaches("2026-07-06 12:59")
    assert reminders(stopped) == 0
    await waits_until(office, LATER)
    stopped.sees("KTP-el", "belum selesai (2/9)", "dihapus", "hanya mengingatkan satu kali")
    assert stopped.labels() == ["Lanjutkan (2/9)", "Sudahi"]
    for moment in ("2026-07-06 13:10", "2026-07-06 15:00", NEXT_DAY):
        await office.reaches(moment)
    assert reminders(stopped) == 1


async def test_the_reminder_goes_on_where_the_survey_stands(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await stopped.taps("Lanjutkan (2/9)")
    stopped.sees("Pertanyaan 3 dari 9")
    await stopped.answers(*NINE[2:])
    await stopped.declines()
    await stopped.taps("✅ Kirim")
    stopped.sees("Tanda terima")
    assert office.stored.completed_count() == 1


async def test_who_stops_a_second_time_is_not_reminded_again(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await stopped.taps("Lanjutkan")
    await stopped.answers(3)
    await waits_until(office, NEXT_DAY)
    assert reminders(stopped) == 0  # its message shows the question now
    stopped.sees("Pertanyaan 4 dari 9")


async def test_another_survey_of_the_same_chat_has_its_own_reminder(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await stopped.taps("Sudahi")
    await stopped.begins("l_kk")
    await waits_until(office, NEXT_DAY)
    stopped.sees("belum selesai (0/9)")


async def test_ending_before_the_opinion_is_whole_deletes_the_answers_and_says_so(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await stopped.taps("Sudahi")
    stopped.sees("disudahi", "sudah dihapus", "/mulai")
    assert (office.stored.open_count(), office.stored.answer_count()) == (0, 0)
    assert office.stored.response_count() == 0


async def test_ending_after_the_opinion_counts_it_at_once_and_says_so(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(*NINE)
    await waits_until(office, NEXT_DAY)
    citizen.sees("belum dikirim (9/9)", "tetap dihitung")
    await citizen.taps("Sudahi")
    citizen.sees("disudahi", "tetap dihitung, tanpa identitas", "Tanda terima")
    assert (office.stored.open_count(), office.stored.completed_count()) == (0, 1)
    assert office.days() == [("2026-TW3", "2026-07-06")]  # when it was answered
    assert office.stored.tally_sum() > 0


async def test_pressing_end_twice_changes_nothing_more(stopped: Actor, office: Harness) -> None:
    await waits_until(office, LATER)
    stopped.press("Sudahi")
    stopped.press("Sudahi")
    await office.works()
    stopped.sees("sudah dihapus")
    assert stopped.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."


async def test_pressing_end_twice_counts_a_whole_opinion_once(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(*NINE)
    await waits_until(office, LATER)
    citizen.press("Sudahi")
    citizen.press("Sudahi")
    await office.works()
    citizen.sees("Tanda terima")
    assert office.stored.completed_count() == 1


async def test_an_old_reminder_ends_nothing_that_went_on(stopped: Actor, office: Harness) -> None:
    await waits_until(office, LATER)
    old = stopped.screen
    await stopped.fills("/mulai", "[Lanjutkan]")
    await stopped.answers(3)
    await stopped.taps("Sudahi", on=old)
    assert stopped.toast == "Layar ini sudah lama; ini yang terbaru."
    assert office.stored.open_count() == 1


async def test_a_reminder_of_a_period_that_closed_ends_nothing(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await office.reaches("2026-10-01 00:00")
    await stopped.taps("Sudahi")
    assert stopped.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."


async def test_nobody_ends_another_persons_survey(
    stopped: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await waits_until(office, LATER)
    data = stopped.screen["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    other = person(777)
    await other.says("/mulai")
    office.world.tap(other.id, other.chat, other.screen["message_id"], data)
    await office.works()
    assert other.toast == "Tombol ini untuk orang lain. Ketik /mulai untuk menilai."
    assert office.stored.open_count() == 1


@pytest.mark.parametrize(
    ("stopped_at", "moment"),
    [
        ("2026-07-06 11:00", "2026-07-06 16:00"),  # after office hours
        ("2026-07-06 22:00", "2026-07-07 07:59"),  # before them
        ("2026-07-03 14:00", "2026-07-05 09:00"),  # a Sunday
        ("2026-07-03 14:00", "2026-07-06 09:00"),  # the day after is a Saturday: too late now
    ],
)
async def test_nobody_is_reminded_out_of_office_hours_or_later_than_the_day_after(
    stopped_at: str, moment: str, citizen: Actor, office: Harness
) -> None:
    await office.reaches(stopped_at)
    await citizen.begins()
    await office.reaches(moment)
    assert reminders(citizen) == 0


async def test_who_stopped_in_the_evening_is_reminded_when_the_office_opens(
    citizen: Actor, office: Harness
) -> None:
    await office.reaches("2026-07-06 22:00")
    await citizen.begins()
    await waits_until(office, NEXT_DAY)
    assert reminders(citizen) == 1


@BOTH_DATABASES
@pytest.mark.parametrize("way", ["declined", "cancelled", "erased", "sent"])
async def test_who_left_nothing_open_is_not_reminded(
    way: str, citizen: Actor, office: Harness
) -> None:
    await citizen.scans()
    if way != "declined":
        await citizen.taps("Setuju")
        await citizen.answers(*NINE)
    if way == "cancelled":
        await citizen.says("/batal")
    elif way == "erased":
        await citizen.fills("/hapus_data", "[Ya, hapus]")
    elif way == "sent":
        await citizen.declines()
        await citizen.taps("✅ Kirim")
    await waits_until(office, LATER)
    await waits_until(office, NEXT_DAY)
    assert reminders(citizen) == 0


async def test_a_petugas_is_not_reminded_of_an_assisted_survey(
    person: Callable[..., Actor], office: Harness
) -> None:
    petugas = await appointed(office, person(5001), "Budi, Loket 1")
    await hands_over(petugas)
    await petugas.taps("Mulai")
    await waits_until(office, LATER)
    assert reminders(petugas) == 0


async def test_a_reminder_is_in_the_language_of_its_survey(
    person: Callable[..., Actor], office: Harness
) -> None:
    tourist = person(104, "en")
    await tourist.begins()
    await tourist.answers(3, 3)
    await waits_until(office, LATER)
    tourist.sees("not finished yet (2/9)", "deleted", "remind you only once")
    assert tourist.labels() == ["Continue (2/9)", "Stop here"]
    await tourist.taps("Stop here")
    tourist.sees("has ended", "answers so far are deleted")


async def test_a_whole_opinion_in_english_counts_when_it_is_ended(
    person: Callable[..., Actor], office: Harness
) -> None:
    tourist = person(104, "en")
    await tourist.begins()
    await tourist.answers(*NINE)
    await waits_until(office, LATER)
    tourist.sees("not sent yet (9/9)", "still count")
    await tourist.taps("Stop here")
    tourist.sees("still count, without identity", "Receipt")
    assert office.stored.completed_count() == 1


async def test_a_reminder_is_not_sent_again_after_a_restart(
    stopped: Actor, office: Harness
) -> None:
    await waits_until(office, LATER)
    await office.restarts()
    await office.ticks()
    assert reminders(stopped) == 1


async def test_a_program_that_ends_between_the_mark_and_the_send_sends_nothing_twice(
    stopped: Actor, office: Harness
) -> None:
    office.world.clock.set(office.now + timedelta(hours=5))
    await office.app.turns.do(_remind(office))  # committed; then the process ends
    await office.restarts()
    await office.ticks()
    assert reminders(stopped) == 0
    await stopped.fills("/mulai", "[Lanjutkan]")
    stopped.sees("Pertanyaan 3 dari 9")


@BOTH_DATABASES
async def test_of_two_processes_one_reminds(stopped: Actor, office: Harness) -> None:
    office.world.clock.set(office.now + timedelta(hours=5))
    first, second = [await office.app.turns.do(_remind(office)) for _ in range(2)]
    assert (len(first), len(second)) == (1, 0)


def _remind(office: Harness) -> Callable[[Db], Sequence[object]]:
    return partial(reminder.remind, office=office.app.office, now=office.now)


async def test_no_chat_is_in_the_outbox_for_a_reminder(stopped: Actor, office: Harness) -> None:
    await waits_until(office, LATER)
    assert office.stored.row_counts("outbox") == [0]


async def test_many_are_reminded_in_several_ticks(
    person: Callable[..., Actor], office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder, "MOST", 2)
    people = [person(number) for number in (201, 202, 203)]
    for one in people:
        await one.begins()
    await waits_until(office, LATER)
    assert sorted(map(reminders, people)) == [0, 1, 1]
    await office.ticks()
    assert [reminders(one) for one in people] == [1, 1, 1]
