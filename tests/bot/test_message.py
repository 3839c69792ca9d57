"""The period's message in all its lines, and what the group hears between two of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storage import catalogue, follow_ups, ikus
from storage.database import Db
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness

pytestmark = BOTH_DATABASES

PULSE = {"schedule": {"pulse": True}}
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


async def rate(office: Harness, count: int, nilai: int) -> None:
    """So many people give every unsur this nilai."""
    await respondents.rate(office, [Respondent([nilai] * 9)] * count)


async def write(office: Harness, work: Callable[[Db], Any]) -> None:
    """Put something into the rows that other screens put there."""
    await office.app.turns.do(work)


async def plan(office: Harness, kegiatan: str, due: date, status: str = "rencana") -> None:
    """Plan a follow-up for the first period."""

    def work(db: Db) -> None:
        line = follow_ups.add(db, 1, "WAKTU", kegiatan, "Kasi Pelayanan", due, 1, office.now)
        follow_ups.change(db, line, 1, office.now, status=status)

    await write(office, work)


@pytest.mark.slow
async def test_the_respondents_are_told_of_how_many_users(group: Actor, office: Harness) -> None:
    await rate(office, 6, 3)
    await write(office, lambda db: catalogue.set_users(db, 1, 1, 10))
    await office.reaches("2026-10-07 08:00")
    group.sees("6 responden dari 10 pengguna (60 %)")


async def test_users_do_not_change_the_margin(group: Actor, office: Harness) -> None:
    await rate(office, 3, 3)
    await rate(office, 3, 2)
    await write(office, lambda db: catalogue.set_users(db, 1, 1, 8))
    await office.reaches("2026-10-07 08:00")
    # s = 0,5477; 25 · 2,571 · s/√6 = 14,37
    group.sees("galat ± 14,4 (perkiraan)")


@pytest.mark.slow
async def test_the_first_summary_is_compared_with_last_years_figure_by_hand(
    group: Actor, office: Harness
) -> None:
    def enter(db: Db) -> None:
        [ikm] = [one.id for one in ikus.indicators(db) if one.sumber == "ikm"]
        ikus.enter_realisasi(db, ikm, 2025, Decimal("73.85"), "LKIP hal. 14", None, 1, office.now)

    await write(office, enter)
    await rate(office, 6, 3)
    await office.reaches("2026-10-07 08:00")
    # 75,00 − 73,85
    group.sees("▲ 1,15 dari tahun 2025 (73,85): angka tahun lalu diisi tangan, tidak diuji")
    await rate(office, 6, 3)
    await office.reaches("2027-01-07 08:00")
    group.sees("sama dengan TW III 2026 (75,00)")
    group.sees_not("diisi tangan, tidak diuji")


@pytest.mark.slow
async def test_what_became_of_the_last_plan_is_told_with_what_is_overdue(
    group: Actor, office: Harness
) -> None:
    await plan(office, "jadwal <loket>", date(2026, 11, 1))
    await plan(office, "kursi tunggu", date(2026, 11, 1), "selesai")
    await plan(office, "papan biaya", date(2027, 3, 1), "berjalan")
    await plan(office, "tak jadi", date(2026, 11, 1), "batal")
    await office.reaches("2026-10-07 08:00")
    await rate(office, 6, 3)
    await office.reaches("2027-01-07 08:00")
    group.sees("Tindak lanjut TW III 2026: 1 dari 3 selesai")
    group.sees("terlambat: jadwal <loket> (Kasi Pelayanan)")


@pytest.mark.parametrize("office", [PULSE], indirect=True)
async def test_the_week_is_told_once_on_its_first_working_day(
    group: Actor, office: Harness
) -> None:
    await rate(office, 6, 3)
    await office.reaches("2026-07-13 07:59")
    assert pulses(group) == []
    await office.reaches("2026-07-13 08:00")
    await office.reaches("2026-07-14 09:00")
    assert len(pulses(group)) == 1
    assert "Minggu ke-28" in pulses(group)[0]
    assert "6 penilaian masuk" in pulses(group)[0]
    assert "sejauh ini 75,00 – C, 6 responden" in pulses(group)[0]


async def test_without_being_asked_for_no_week_is_told(group: Actor, office: Harness) -> None:
    await rate(office, 6, 3)
    await office.reaches("2026-07-13 08:00")
    assert pulses(group) == []


@pytest.mark.slow
@pytest.mark.parametrize("office", [PULSE], indirect=True)
async def test_a_real_drop_is_told_once_in_the_period(group: Actor, office: Harness) -> None:
    await rate(office, 30, 4)
    await rate(office, 4, 3)
    await office.reaches("2026-10-08 08:00")
    await rate(office, 31, 2)
    await rate(office, 4, 3)
    for day in ("2026-10-09", "2026-10-10", "2026-10-12"):
        await office.reaches(f"{day} 08:00")
    drops = [text for text in told(group) if "turun nyata" in text and "⚠ IKM" in text]
    assert len(drops) == 1
    assert "Triwulan IV 2026" in drops[0]


async def forum(office: Harness, admin: Actor) -> Actor:
    """A forum of the Camat's, linked in its topic 7; seen by the admin."""
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    chat = office.world.migrate(CAMAT_GROUP)
    office.world.open_topic(chat, 7)
    office.world.say(admin.id, chat, f"/pasang_grup@{office.app.office.username}", topic=7)
    await office.works()
    return Actor(office, admin.id, name="Admin", chat=chat)


@pytest.mark.slow
async def test_a_deleted_topic_is_told_with_its_remedy_and_made_good(
    admin: Actor, office: Harness
) -> None:
    await rate(office, 6, 3)
    there = await forum(office, admin)
    office.world.delete_topic(there.chat, 7)
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-07 08:01")
    admin.sees("gagal dikirim", "kirim /pasang_grup di topik lain")
    office.world.say(admin.id, there.chat, f"/pasang_grup@{office.app.office.username}")
    await office.works()
    await office.reaches("2026-10-07 08:02")
    assert sum("📊" in text for text in told(there)) == 1


async def test_a_group_that_takes_no_pictures_gets_the_text(admin: Actor, office: Harness) -> None:
    await rate(office, 6, 3)
    there = await forum(office, admin)
    office.world.restrict(there.chat, office.app.office.bot_id, ["can_send_messages"])
    await office.reaches("2026-10-07 08:00")
    there.sees("📊 IKM Kecamatan Pakong", "75,00")
    assert "photo" not in there.screen


async def test_a_bot_that_may_no_longer_write_tells_an_admin(admin: Actor, office: Harness) -> None:
    there = await forum(office, admin)
    office.world.restrict(there.chat, office.app.office.bot_id, [])
    await office.works()
    admin.sees("tidak lagi boleh menulis", "izin mengirim pesan")


def told(group: Actor) -> list[str]:
    """Everything the bot wrote into the group."""
    return [m.get("caption") or m.get("text", "") for m in group.messages if m["from"]["is_bot"]]


def pulses(group: Actor) -> list[str]:
    """What the group was told of weeks."""
    return [text for text in told(group) if "📈" in text]
