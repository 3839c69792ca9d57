"""A jump in one channel is told to the admins once, in steps of five."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from office.summary.pulse import Jumps, jumped, tell
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

DAY = date(2026, 7, 20)


def counts(yesterday: int, earlier: dict[int, int], kanal: str = "web") -> dict[str, int]:
    """The jumps when so many came yesterday and so many each of these days ago."""
    given = {(DAY - timedelta(days=ago), kanal): n for ago, n in earlier.items()}
    return jumped({**given, (DAY, kanal): yesterday}, DAY)


@pytest.mark.parametrize(
    ("yesterday", "earlier", "told"),
    [
        (20, {4: 19}, True),  # of four days: a mean below five
        (20, {4: 20}, False),  # exactly four times the mean
        (19, {4: 1}, False),  # too few to be told
        (500, {}, False),  # nothing to compare with
        (100, dict.fromkeys(range(1, 15), 30), False),
        (121, dict.fromkeys(range(1, 15), 30), True),
    ],
)
def test_a_jump_is_twenty_responses_and_more_than_four_times_the_mean(
    yesterday: int, earlier: dict[int, int], told: bool
) -> None:
    assert bool(counts(yesterday, earlier)) == told


def test_a_channel_that_was_never_used_jumps_beside_one_that_was() -> None:
    before = DAY - timedelta(days=3)
    given = {(before, "telegram"): 9, (DAY, "telegram"): 9, (DAY, "web-beruntun"): 40}
    assert jumped(given, DAY) == {"web-beruntun": 40}


def test_slips_of_paper_are_no_jump() -> None:
    assert counts(200, {4: 1}, "kertas") == {}


def told(admin: Actor) -> list[str]:
    texts = [str(message.get("text", "")) for message in admin.messages]
    return [text for text in texts if "rata-rata harian" in text]


async def crowd(office: Harness, kanal: str, people: int) -> None:
    await respondents.rate(office, [Respondent([4] * 9, kanal=kanal)] * people)


@BOTH_DATABASES
async def test_an_admin_hears_of_a_jump_once_and_in_office_hours(
    admin: Actor, office: Harness
) -> None:
    await crowd(office, "telegram", 3)
    await office.reaches("2026-07-08 10:00")
    await crowd(office, "telegram", 3)
    await crowd(office, "web-beruntun", 43)
    await office.reaches("2026-07-09 00:01")
    assert told(admin) == []
    await office.reaches("2026-07-09 08:00")
    await office.restarts()
    await office.reaches("2026-07-09 12:00")
    (text,) = told(admin)
    assert "8 Jul 2026: isi sendiri (web, beruntun) 40+" in text
    assert "/status" in text
    assert "/gugurkan" in text
    assert "isi sendiri (Telegram)" not in text
    await office.reaches("2026-07-10 09:00")
    assert len(told(admin)) == 1


async def test_an_ordinary_day_is_not_told(admin: Actor, office: Harness) -> None:
    await crowd(office, "telegram", 30)
    await office.reaches("2026-07-07 10:00")
    await crowd(office, "telegram", 40)
    await office.reaches("2026-07-08 10:00")
    assert told(admin) == []


async def test_of_two_processes_one_tells(admin: Actor, office: Harness) -> None:
    jumps = Jumps(date(2026, 7, 5), {"web": 40})
    for _ in range(2):
        await office.app.turns.do(lambda db: tell(db, office.app.office, jumps, office.now))
    await office.works()
    assert len(told(admin)) == 1
