"""Reminders: an admin is told what is due, in office hours, once, with the button that does it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.bot import test_recommendations
from tests.bot.respondents import Respondent, appoint, rate, rate_as_heads
from tests.bot.test_follow_up import LOW, plans
from tests.bot.test_message import users
from tests.harness import BOTH_DATABASES, Actor, Harness, local

REMINDED = {"schedule": {"reminders": True, "preview_days": 1}}
pytestmark = pytest.mark.parametrize("office", [REMINDED], indirect=True)

CLOSING, LOCKED, LATE = "berakhir 30 Sep 2026", "sudah dikunci", "lewat tenggat"
SERVING = "Pelayanan Kecamatan"


def told(admin: Actor, part: str) -> list[str]:
    """The messages that say this."""
    return [text for each in admin.messages if part in (text := str(each.get("text", "")))]


def reminder(admin: Actor, part: str) -> dict[str, Any]:
    """The newest message that says this."""
    return [each for each in admin.messages if part in str(each.get("text", ""))][-1]


async def reaches(office: Harness, moment: str) -> None:
    """Set the clock, and let every message of this minute arrive, one a second."""
    await office.reaches(moment)
    for _ in range(8):
        await office.waits(seconds=2)
        office.app.sender.rate_limiter.chats.clear()
        await office.works()


async def test_a_week_before_the_close_a_short_sample_is_told_in_steps_of_five(
    admin: Actor, office: Harness
) -> None:
    await rate(office, [Respondent((4,) * 9) for _ in range(13)])
    await users(office, "2026-TW3", 230)
    await reaches(office, "2026-09-23 23:30")
    assert told(admin, CLOSING) == []
    await reaches(office, "2026-09-24 08:00")
    assert len(told(admin, CLOSING)) == 1
    message = reminder(admin, CLOSING)
    assert "Responden 10+ dari 144 yang diperlukan" in str(message["text"])
    assert "pengguna layanan" not in str(message["text"])
    assert admin.labels(message) == ["Isian kertas", "Poster QR"]


async def test_the_button_opens_a_new_message_and_leaves_the_reminder(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    await reaches(office, "2026-09-24 08:00")
    await admin.taps("Isi jumlah pengguna", on=reminder(admin, CLOSING))
    admin.sees("Pengguna layanan", "Triwulan III 2026")
    assert len(told(admin, CLOSING)) == 1


@BOTH_DATABASES
async def test_with_enough_responses_and_known_users_nothing_is_told(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    await users(office, "2026-TW3", 6)
    await reaches(office, "2026-09-24 08:00")
    assert told(admin, CLOSING) == []


async def test_ticks_at_once_and_a_restart_tell_once(admin: Actor, office: Harness) -> None:
    await rate(office, LOW)
    office.world.clock.set(local("2026-09-24 08:00"))
    now = office.world.clock.now()
    await asyncio.gather(*(office.app.ticks.tick(now) for _ in range(3)))
    await office.works()
    await office.restarts()
    await reaches(office, "2026-09-25 08:00")
    assert len(told(admin, CLOSING)) == 1


@pytest.mark.slow
async def test_at_the_lock_the_next_steps_are_told_with_their_buttons(
    admin: Actor, office: Harness, group: Actor
) -> None:
    await rate(office, LOW)
    await reaches(office, "2026-10-02 08:00")
    await reaches(office, "2026-10-07 08:00")
    message = reminder(admin, LOCKED)
    assert "nilai terendah: U3 Waktu penyelesaian" in str(message["text"])
    assert "menunggu sampai 8 Okt 2026 08.00 WIB" in str(message["text"])
    assert admin.labels(message) == [
        "Lihat rincian",
        "Kirim sekarang",
        "Buat rencana tindak lanjut",
        "Laporan dan lembar publikasi",
    ]
    await admin.taps("Kirim sekarang", on=message)
    group.sees("Triwulan III 2026")
    await admin.taps("Lihat rincian", on=message)
    admin.sees("Unsur")
    await admin.taps("Buat rencana", on=message)
    admin.sees("Unsur mana")
    await reaches(office, "2026-10-08 08:00")
    assert len(told(admin, LOCKED)) == 1


@pytest.mark.slow
async def test_a_plan_past_its_due_date_is_told_and_its_progress_is_one_press_away(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    await reaches(office, "2026-10-07 08:00")
    await plans(admin, "Tambah loket", "30 Okt 2026")
    await plans(admin, "Cetak alur", "6 Nov 2026")
    await reaches(office, "2026-10-30 09:00")
    assert told(admin, LATE) == []
    await reaches(office, "2026-11-02 08:00")
    (first,) = told(admin, LATE)
    assert "Tambah loket – Kasi Pelayanan, tenggat 30 Oktober 2026" in first
    assert "Cetak alur" not in first
    await admin.taps("Catat: Tambah loket")
    await admin.fills("[✅ selesai]", *["[Kosongkan]"] * 3, "[✅ Simpan]")
    await reaches(office, "2026-11-09 08:00")
    assert "Tambah loket" not in told(admin, LATE)[1]


async def test_an_admin_hears_which_heads_have_not_rated_and_reminds_them(
    admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    await rate(office, LOW)
    done, owing = person(501, name="Kasi"), person(502, name="Kasi")
    await appoint(done, office.stored.unit_kerja_names()[0])
    await appoint(owing, office.stored.unit_kerja_names()[1])
    await rate_as_heads([done], [4])
    await reaches(office, "2026-12-25 08:00")
    message = reminder(admin, "Penilaian unit kerja")
    assert office.stored.unit_kerja_names()[0] not in str(message["text"]).partition("\n")[0]
    assert office.stored.unit_kerja_names()[1] in str(message["text"])
    before = len(owing.messages)
    await admin.taps("Ingatkan", on=message)
    assert admin.toast == "Pengingat dikirim kepada kepala unit yang belum menilai."
    await admin.taps("Ingatkan", on=message)
    assert admin.toast is not None
    assert "sudah diingatkan" in admin.toast
    assert len(owing.messages) == before + 1


@pytest.mark.slow
async def test_a_year_without_a_plan_is_told_once_in_the_year(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    for morning in ("2028-12-29", "2029-01-02", "2029-01-03", "2029-04-02", "2029-07-02"):
        await reaches(office, f"{morning} 08:00")
    assert len(told(admin, "Belum ada rencana yang memuat tahun 2029")) == 1
    await admin.taps("Salin rencana", on=reminder(admin, "Belum ada rencana"))
    admin.sees("Salin")


async def test_missing_targets_and_the_lhe_are_told_by_their_dates(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    await reaches(office, "2026-07-07 08:00")
    assert len(told(admin, "Target tahun 2026 belum diisi")) == 1
    await reaches(office, "2026-09-30 09:00")
    assert told(admin, "LHE SAKIP") == []
    await reaches(office, "2026-10-01 08:00")
    assert len(told(admin, "LHE SAKIP yang terbit tahun 2026")) == 1
    await admin.taps("Catat LHE", on=reminder(admin, "LHE SAKIP"))
    admin.sees("LHE")


async def test_before_the_first_answer_and_at_night_nobody_is_told(
    admin: Actor, office: Harness
) -> None:
    before = len(admin.messages)
    await reaches(office, "2026-09-24 08:00")
    await rate(office, LOW)
    await reaches(office, "2026-09-26 09:00")  # a Saturday
    assert len(admin.messages) == before


async def test_a_recommendation_past_its_due_date_is_told_too(
    admin: Actor, office: Harness
) -> None:
    await rate(office, LOW)
    await reaches(office, "2026-10-07 08:00")
    await test_recommendations.recommends(admin)
    await test_recommendations.plans(admin, due="30 Okt 2026")
    await reaches(office, "2026-11-02 08:00")
    (late,) = told(admin, LATE)
    assert "Tindak lanjut LHE SAKIP 2026 yang lewat tenggat" in late
    assert "Rapat penyelarasan – Kasubbag Perencanaan, tenggat 30 Oktober 2026" in late
    await admin.taps("Catat: Rapat penyelarasan")
    admin.sees("Bagaimana keadaan Rapat penyelarasan")
