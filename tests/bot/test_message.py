"""The period's message in all its lines, and what the group hears between two of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.iku import Target
from storage import catalogue, follow_ups, periods
from storage.database import Db
from storage.planning import ikus
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_manage import holder
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness

PULSE = {"schedule": {"pulse": True}}
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


async def rate(office: Harness, count: int, nilai: int) -> None:
    """So many people give every unsur this nilai."""
    await respondents.rate(office, [Respondent([nilai] * 9)] * count)


async def write(office: Harness, work: Callable[[Db], Any]) -> None:
    """Put something into the rows that other screens put there."""
    await office.app.turns.do(work)


async def plan(
    office: Harness, kegiatan: str, due: date, status: str = "rencana", label: str = "2026-TW3"
) -> None:
    """Plan a follow-up for a period."""

    def work(db: Db) -> None:
        period = periods.by_label(db, "ikm", label)
        assert period is not None
        line = follow_ups.add(
            db, period.id, "WAKTU", kegiatan, "Kasi Pelayanan", due, 1, office.now
        )
        follow_ups.change(db, line, 1, office.now, status=status)

    await write(office, work)


async def users(office: Harness, label: str, number: int) -> None:
    """Note how many users the starter unit had in a period."""

    def work(db: Db) -> None:
        period = periods.by_label(db, "ikm", label)
        assert period is not None
        catalogue.set_users(db, period.id, 1, number)

    await write(office, work)


def ikm_of(db: Db) -> int:
    """The indikator that is the IKM."""
    (found,) = [one.id for one in ikus.of_year(db, 2026) if one.sumber == "ikm"]
    return found


def caption(group: Actor) -> list[str]:
    """The lines of the newest message of a period."""
    return [text for text in told(group) if "📊 IKM" in text][-1].splitlines()


def scattered(low: int, service: str = "ktp-el", n: int = 20) -> list[Respondent]:
    """So many people who give 3 or 4, and `low` or one more for the third unsur."""
    return [Respondent([3 + at % 2] * 2 + [low + at // 2 % 2] + [3 + at % 2] * 6, service)
            for at in range(n)]  # fmt: skip


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_message_has_six_lines_in_the_words_of_the_design(
    group: Actor, office: Harness
) -> None:
    def aim(db: Db) -> None:
        ikus.set_target(db, ikm_of(db), 2027, Target(Decimal(83)))

    await office.reaches("2026-10-08 08:00")
    await respondents.rate(office, scattered(3))
    await office.reaches("2027-01-08 08:00")
    await plan(office, "jadwal loket", date(2027, 3, 1), label="2026-TW4")
    await plan(office, "kursi tunggu", date(2027, 3, 1), "selesai", label="2026-TW4")
    await write(office, aim)
    await respondents.rate(office, scattered(1))
    await users(office, "2027-TW1", 40)
    await office.reaches("2027-04-07 08:00")
    assert caption(group) == [
        "📊 IKM Kecamatan Pakong – Triwulan I 2027",
        "81,94 – mutu B (Baik); target 83 belum tercapai",
        "Turun 5,56 dari Triwulan IV 2026 (87,50); belum ada perubahan nyata",
        "20 responden dari 36 yang diperlukan; perkiraan 76,6–87,3",
        "Nilai terendah: Waktu penyelesaian 1,50 (D)",
        "Tindak lanjut Triwulan IV 2026: 1 dari 2 selesai, 1 terlambat",
    ]


@pytest.mark.slow
async def test_a_service_is_named_where_it_is_clearly_lower(group: Actor, office: Harness) -> None:
    await respondents.rate(office, scattered(2, "ktp-el", 40) + scattered(1, "kk", 40))
    await respondents.rate(office, [Respondent([2, 1, 1, 2, 1, 2, 1, 2, 1], "kk")] * 10)
    await office.reaches("2026-10-07 08:00")
    assert caption(group)[-1].startswith("Nilai terendah: Waktu penyelesaian 1,89 (D)")
    assert caption(group)[-1].endswith(", terutama Kartu Keluarga (KK)")


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ((3, 2, 3, 3, 3, 3, 3, 3, 3), "Sistem, mekanisme, dan prosedur 2,00 (D)"),
        ((3, 3, 2, 3, 3, 3, 3, 3, 2), "Waktu penyelesaian serta Sarana dan prasarana 2,00 (D)"),
        ((2, 2, 2, 3, 3, 3, 3, 3, 3), "3 unsur sama, 2,00 (D)"),
    ],
)
async def test_the_lowest_unsur_is_named_in_full_though_it_is_not_clearly_lower(
    answers: tuple[int, ...], line: str, group: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent(answers)] * 6)
    await office.reaches("2026-10-07 08:00")
    assert caption(group)[-1] == f"Nilai terendah: {line}, belum jelas lebih rendah"


async def test_where_all_are_equal_nothing_is_called_lowest(group: Actor, office: Harness) -> None:
    await rate(office, 6, 3)
    await office.reaches("2026-10-07 08:00")
    assert caption(group) == [
        "📊 IKM Kecamatan Pakong – Triwulan III 2026",
        "75,00 – mutu C (Kurang baik)",
        "6 responden",
    ]


async def test_users_do_not_change_the_interval(group: Actor, office: Harness) -> None:
    await rate(office, 3, 3)
    await rate(office, 3, 2)
    await users(office, "2026-TW3", 8)
    await office.reaches("2026-10-07 08:00")
    # s = 0,5477; 25 · 2,571 · s/√6 = 14,37, whatever the number of users
    group.sees("6 responden dari 8 yang diperlukan; perkiraan 48,1–76,9")


@pytest.mark.slow
async def test_the_first_summary_is_compared_with_last_years_figure_by_hand(
    group: Actor, office: Harness
) -> None:
    def enter(db: Db) -> None:
        source = "LKIP hal. 14"
        ikus.enter_realisasi(db, ikm_of(db), 2025, Decimal("73.85"), source, None, 1, office.now)

    await write(office, enter)
    await rate(office, 6, 3)
    await office.reaches("2026-10-07 08:00")
    # 75,00 − 73,85
    group.sees("Naik 1,15 dari tahun 2025 (73,85); angka lama diisi tangan, tidak diuji")
    await rate(office, 6, 3)
    await office.reaches("2027-01-07 08:00")
    group.sees("Tetap, sama dengan Triwulan III (75,00)")
    group.sees_not("diisi tangan")


@pytest.mark.slow
async def test_at_a_years_end_the_last_line_is_the_iku(group: Actor, office: Harness) -> None:
    def fill(db: Db) -> None:
        ikus.set_target(db, ikm_of(db), 2026, Target(Decimal("82.5")))
        (sakip,) = [one.id for one in ikus.of_year(db, 2026) if one.sumber == "sakip"]
        ikus.enter_realisasi(db, sakip, 2026, Decimal("71.35"), "LHE", None, 1, office.now)

    await write(office, fill)
    await plan(office, "jadwal loket", date(2026, 11, 1))
    await office.reaches("2026-10-07 08:00")
    await rate(office, 6, 3)
    await office.reaches("2027-01-07 08:00")
    assert "SAKIP 71,35" in caption(group)[-1]
    assert "IKM 75,00/82,5" in caption(group)[-1]
    assert caption(group)[-1].startswith("IKU 2026: ")
    group.sees_not("Tindak lanjut")


@pytest.mark.slow
async def test_a_period_of_too_few_people_says_into_which_one_its_answers_run(
    group: Actor, admin: Actor, office: Harness
) -> None:
    await rate(office, 4, 2)
    await office.reaches("2026-10-07 08:00")
    assert len(caption(group)) == 2
    group.sees("4 responden di seluruh kantor: terlalu sedikit untuk menyebut angka.")
    group.sees("Jawabannya dihitung bersama Triwulan IV 2026.")
    await rate(office, 2, 2)
    await office.reaches("2027-01-07 08:00")
    group.sees("50,00 – mutu D (Tidak baik)", "6 responden; jawaban 1 Jul–31 Des 2026")


@pytest.mark.slow
async def test_answers_other_than_gratis_are_told_to_the_camat_once_and_never_to_a_group(
    group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person(9102, name="Camat"), "camat", "Camat")
    paid = [Respondent([4, 4, 4, 2, 4, 4, 4, 4, 4])] * 5
    await respondents.rate(office, paid[:4] + [Respondent([4] * 9)] * 7)
    await office.reaches("2026-07-08 08:00")
    camat.sees_not("gratis")
    await respondents.rate(office, paid[:1])
    for moment in ("2026-07-09 08:00", "2026-07-10 08:00", "2026-10-07 08:00"):
        await office.reaches(moment)
    texts = [m.get("text", "") for m in camat.messages if "bukan 'gratis'" in m.get("text", "")]
    assert ["5 dari 12 jawaban" in text for text in texts] == [True]
    assert not any("gratis" in text for text in told(group))


@pytest.mark.slow
async def test_from_thirty_people_officials_see_the_letter_and_the_verdict_before_the_lock(
    group: Actor, admin: Actor, office: Harness
) -> None:
    await rate(office, 28, 4)
    await rate(office, 2, 3)
    await office.reaches("2026-07-08 08:00")
    await admin.says("/ringkasan")
    admin.sees("30 responden sejauh ini", "Mutu menurut hitungan tadi malam: A")
    await office.reaches("2026-10-07 08:00")
    await rate(office, 30, 2)
    await rate(office, 2, 3)
    await office.reaches("2026-10-08 08:00")
    office.app.sender.rate_limiter.chats.clear()
    await admin.says("/ringkasan")
    admin.sees("tadi malam: D; penurunannya nyata dibanding Triwulan III")
    admin.sees_not("50,", "perkiraan")


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
    assert "Triwulan III 2026 sejauh ini 6 responden." in pulses(group)[0]


async def test_without_being_asked_for_no_week_is_told(group: Actor, office: Harness) -> None:
    await rate(office, 6, 3)
    await office.reaches("2026-07-13 08:00")
    assert pulses(group) == []


@pytest.mark.slow
@pytest.mark.parametrize("office", [PULSE], indirect=True)
async def test_a_real_drop_of_three_nights_is_told_once_in_the_period_without_a_number(
    group: Actor, office: Harness
) -> None:
    await rate(office, 30, 4)
    await rate(office, 4, 3)
    await office.reaches("2026-10-08 08:00")
    await rate(office, 31, 2)
    await rate(office, 4, 3)
    drops = []
    for day in ("2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16", "2026-10-17"):
        await office.reaches(f"{day} 08:00")
        drops.append(sum("⚠ IKM" in text for text in told(group)))
    assert drops == [0, 0, 1, 1, 1]
    (alert,) = [text for text in told(group) if "⚠ IKM" in text]
    assert alert.startswith("⚠ IKM Triwulan IV 2026 turun nyata dibanding Triwulan III, ")
    assert "7 Jan 2027" in alert


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
    admin.sees("gagal dikirim", f"kirim /pasang_grup@{office.app.office.username} di topik lain")
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
