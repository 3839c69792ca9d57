"""The preview: Camat and admins see a summary at the lock, the groups a working day later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.config import Schedule
from office.office import Calendar
from simulator.faults import Fault
from storage import people
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_unit_index import all_messages_go_out, rate
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, WIB, Actor, Harness, buttons, local

OPENED = ["Rincian", "Teks untuk WhatsApp"]  # what every official may open
LOCKED, POSTED = "2026-10-07 08:00", "2026-10-08 08:00"  # a Wednesday and the day after
PREVIEW = {"schedule": {"preview_days": 1}}

previewed = pytest.mark.parametrize("office", [PREVIEW], indirect=True)


@pytest.fixture
async def rated(office: Harness) -> None:
    """Six citizens rated KTP-el."""
    await respondents.rate(office, [Respondent((3, 3, 3, 4, 3, 3, 4, 4, 3))] * 6)


async def official(office: Harness, person: Callable[..., Actor], number: int, role: str) -> Actor:
    """Somebody who holds this role and has written to the bot before."""
    actor = person(number)
    await actor.says("/mulai")
    await office.app.turns.do(
        lambda db: people.grant(db, actor.id, role, f"Pak {role}", None, office.now)
    )
    return actor


@pytest.fixture
async def camat(office: Harness, person: Callable[..., Actor]) -> Actor:
    """The Camat."""
    return await official(office, person, 9101, "camat")


def summaries(actor: Actor) -> list[str]:
    """The summaries of the third quarter in this chat."""
    texts = [str(m.get("caption") or m.get("text") or "") for m in actor.messages]
    return [text for text in texts if "📊 IKM" in text and "Triwulan III" in text]


@pytest.mark.slow
@previewed
@BOTH_DATABASES
async def test_the_camat_and_the_admins_see_the_summary_a_working_day_before_the_group(
    rated: None, group: Actor, admin: Actor, camat: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    for reader in (admin, camat):
        reader.sees("belum dikirim ke grup, menunggu sampai 8 Okt 2026 08.00 WIB", "83,33")
        assert reader.screen["photo"]
        assert reader.labels() == [*OPENED, "Kirim sekarang"]
    await office.reaches("2026-10-08 07:59:59")
    assert summaries(group) == []
    await office.reaches(POSTED)
    await office.reaches("2026-10-09 08:00")
    group.sees("83,33")
    group.sees_not("terlambat", "lebih awal", "belum dikirim")
    assert [len(summaries(actor)) for actor in (group, admin, camat)] == [1, 1, 1]


@pytest.mark.slow
@previewed
async def test_an_official_without_a_say_and_a_petugas_get_no_preview(
    rated: None, group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    pejabat = await official(office, person, 9102, "pejabat")
    petugas = await official(office, person, 9103, "petugas")
    await office.reaches(LOCKED)
    assert summaries(pejabat) == summaries(petugas) == []
    await pejabat.says("/ringkasan 2026-TW3")
    pejabat.sees("menunggu sampai 8 Okt 2026 08.00 WIB")
    assert pejabat.labels() == OPENED


@pytest.mark.slow
@previewed
@BOTH_DATABASES
async def test_kirim_sekarang_sends_it_at_once_and_only_once(
    rated: None, group: Actor, admin: Actor, camat: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    shown = {actor.id: actor.screen for actor in (admin, camat)}
    camat.press("Kirim sekarang")
    camat.press("Kirim sekarang")
    admin.press("Kirim sekarang")
    await office.works()
    group.sees("83,33")
    group.sees_not("terlambat")
    office.app.sender.rate_limiter.chats.clear()
    await camat.taps("Kirim sekarang", on=shown[camat.id])
    camat.sees("Ringkasan Triwulan III 2026: dikirim ke grup pada 7 Okt 2026 08.00 WIB")
    await office.reaches(POSTED)
    assert len(summaries(group)) == 1
    assert office.stored.audit_users("kirim_sekarang") == [camat.id]


@previewed
async def test_somebody_without_a_say_cannot_send_it_with_a_forged_button(
    rated: None, group: Actor, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    pejabat = await official(office, person, 9102, "pejabat")
    await office.reaches(LOCKED)
    (data,) = [b["callback_data"] for b in buttons(admin.screen) if b["text"] == "Kirim sekarang"]
    office.world.tap(pejabat.id, pejabat.chat, pejabat.screen["message_id"], data)
    await office.works()
    assert pejabat.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert summaries(group) == []
    assert office.stored.audit_users("kirim_sekarang") == []


@pytest.mark.slow
@previewed
@BOTH_DATABASES
async def test_a_group_linked_meanwhile_gets_it_at_its_time_and_not_as_late(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    admin.sees("belum ada grup")
    assert admin.labels() == OPENED
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    await office.works()
    group = Actor(office, admin.id, chat=CAMAT_GROUP)
    await group.says(f"/pasang_grup@{office.app.office.username}")
    group.sees_not("tertunda")
    await office.reaches("2026-10-07 15:00")
    assert summaries(group) == []
    await office.reaches(POSTED)
    group.sees_not("terlambat")
    assert len(summaries(group)) == 1


@pytest.mark.slow
@previewed
async def test_a_second_group_linked_meanwhile_gets_it_too(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    office.world.add_group(-1002, "Sekretariat", [admin.id])
    second = Actor(office, admin.id, chat=-1002)
    await second.says(f"/pasang_grup@{office.app.office.username}")
    await office.reaches(POSTED)
    assert [len(summaries(group)), len(summaries(second))] == [1, 1]


@previewed
async def test_a_group_linked_after_its_time_gets_it_at_once_and_as_late(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    await office.reaches("2026-10-12 09:00")
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    group = Actor(office, admin.id, chat=CAMAT_GROUP)
    await group.says(f"/pasang_grup@{office.app.office.username}")
    await office.reaches("2026-10-12 09:01")
    group.sees("terlambat dikirim")


@previewed
async def test_a_lock_some_hours_late_does_not_make_the_groups_summary_late(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 14:00")
    admin.sees("terlambat dikirim")
    await office.reaches(POSTED)
    group.sees("83,33")
    group.sees_not("terlambat")


@previewed
@BOTH_DATABASES
async def test_a_summary_that_found_the_program_down_at_its_time_is_marked_as_late(
    rated: None, group: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    await office.reaches("2026-10-08 13:00")
    group.sees("terlambat dikirim")


@previewed
async def test_a_lock_found_due_on_a_saturday_wakes_nobody_before_monday(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-10 23:00")
    assert office.stored.period_status("2026-TW3") == ["locked"]
    assert summaries(admin) == []
    await office.reaches("2026-10-12 08:00")
    admin.sees("menunggu sampai 13 Okt 2026 08.00 WIB")
    await office.reaches("2026-10-13 08:00")
    group.sees("terlambat dikirim")


@pytest.mark.slow
@previewed
async def test_an_early_lock_is_previewed_too_and_says_so_before(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 14:00")  # a Friday
    await admin.fills("/periode 2026-TW3", "[Kunci]")
    admin.sees("kepada Camat dan admin", "Grup Camat Pakong mendapatnya 5 Okt 2026 08.00 WIB")
    await admin.taps("Ya, kunci", "Akhiri keduanya")
    await office.reaches("2026-10-02 14:01")
    await office.reaches("2026-10-02 14:02")
    assert len(summaries(admin)) == 1
    await office.reaches("2026-10-04 12:00")
    assert summaries(group) == []
    await office.reaches("2026-10-05 08:00")
    group.sees("dikunci lebih awal")


@previewed
async def test_an_admin_whose_role_ended_before_the_posting_hour_gets_no_copy(
    rated: None, group: Actor, camat: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-10 23:00")
    (role,) = await office.app.turns.do(lambda db: people.role_rows_of(db, camat.id))
    await office.app.turns.do(lambda db: people.revoke(db, role.id, office.now))
    await office.reaches("2026-10-12 08:00")
    assert summaries(camat) == []


@previewed
@pytest.mark.slow
async def test_the_index_of_the_unit_heads_is_previewed_the_same_way(
    group: Actor, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    heads = [person(501 + number) for number in range(3)]
    units = ("Subbag Umum", "Subbag Perencanaan", "Seksi Pemerintahan")
    for head, unit in zip(heads, units, strict=True):
        await respondents.appoint(head, unit)
    await rate(heads, 3, 3, 3)
    await all_messages_go_out_after(office, "2027-01-07 08:00")
    (copy,) = unit_indices(admin)
    assert copy.startswith("👁 Untuk Anda – belum dikirim ke grup, menunggu sampai 8 Jan 2027")
    assert unit_indices(group) == []
    await all_messages_go_out_after(office, "2027-01-08 08:00")
    (posted,) = unit_indices(group)
    assert posted in copy


def unit_indices(actor: Actor) -> list[str]:
    """The messages of the unit heads' index in this chat."""
    texts = [str(m.get("caption") or m.get("text") or "") for m in actor.messages]
    return [text for text in texts if "Indeks kepuasan unit kerja" in text]


async def all_messages_go_out_after(office: Harness, moment: str) -> None:
    """Tick at this moment; let what waits for the rate limit be sent."""
    await office.reaches(moment)
    for _ in range(3):
        await all_messages_go_out(office)


# --- what /ringkasan says of a locked period ---------------------------------------------------


async def test_ringkasan_of_a_sent_summary_says_when_it_was_sent(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    await admin.says("/ringkasan 2026-TW3")
    admin.sees("dikirim ke grup pada 7 Okt 2026 08.00 WIB")
    admin.sees_not("belum dikirim")
    assert admin.labels() == OPENED


@pytest.mark.slow
async def test_ringkasan_offers_to_send_an_uncertain_summary_again(
    rated: None, group: Actor, admin: Actor, camat: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", "timeout_after", times=1))
    await office.reaches(LOCKED)
    office.app.sender.rate_limiter.chats.clear()
    for reader in (admin, camat):
        await reader.says("/ringkasan 2026-TW3")
        reader.sees("belum pasti terkirim ke grup")
    assert camat.labels() == OPENED
    await admin.taps("Kirim lagi Triwulan III 2026 ke Camat Pakong")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert len(summaries(group)) == 2


async def test_ringkasan_names_the_groups_where_their_states_differ(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.add_group(-1002, "Sekretariat", [admin.id])
    second = Actor(office, admin.id, chat=-1002)
    await second.says(f"/pasang_grup@{office.app.office.username}")
    office.world.faults.add(Fault("sendPhoto", 403, chat=-1002))
    await office.reaches(LOCKED)
    office.app.sender.rate_limiter.chats.clear()
    await admin.says("/ringkasan 2026-TW3")
    admin.sees("dikirim ke grup pada 7 Okt 2026 08.00 WIB (Camat Pakong)", "(Sekretariat)")


async def test_ringkasan_of_an_open_period_says_that_it_is_not_locked(
    rated: None, admin: Actor
) -> None:
    await admin.says("/ringkasan")
    admin.sees("belum dikirim ke grup: periode ini belum dikunci")


# --- the calendar ------------------------------------------------------------------------------


@given(
    locked=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 # local below
    days=st.integers(0, 10),
    holidays=st.sets(st.dates(date(2026, 1, 1), date(2028, 1, 31)), max_size=20),
)
def test_groups_get_a_summary_on_a_working_day_after_the_officials(
    locked: datetime, days: int, holidays: set[date]
) -> None:
    schedule = Schedule(preview_days=days, holidays=tuple(holidays))
    calendar = Calendar.from_schedule(schedule)
    at = locked.replace(tzinfo=WIB)
    posted = calendar.group_at(at)
    if not days:
        assert posted == at
        return
    first = calendar.office_hour(at)
    between = [first.date() + timedelta(n) for n in range(1, (posted - first).days + 2)]
    working = [day for day in between if day.weekday() < 5 and day not in holidays]
    working = [day for day in working if day <= posted.date()]
    assert posted.date() in working
    assert len(working) == days
    assert posted.time() == calendar.post_at


def test_a_lock_before_a_long_weekend_is_posted_after_it() -> None:
    schedule = Schedule(holidays=(date(2026, 10, 12),))
    posted = Calendar.from_schedule(schedule).group_at(local("2026-10-09 08:00"))
    assert posted == local("2026-10-13 08:00")
