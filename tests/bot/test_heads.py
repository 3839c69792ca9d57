"""Unit heads rate the office: told, walked through, sent, and then nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from office.conversation import Kind, Tap, to, write_tap
from simulator.faults import Fault
from tests.harness import BOTH_DATABASES, Actor, Harness, invited, leads, local

PELAYANAN = "Seksi Pelayanan Umum"
TRANTIB = "Seksi Ketenteraman dan Ketertiban Umum"
ALL = [3] * 21


@pytest.fixture
async def head(admin: Actor, person: Callable[..., Actor]) -> Actor:
    """The head of Seksi Pelayanan Umum."""
    head = person(501, name="Kasi")
    await leads(admin, head, PELAYANAN)
    return head


async def begins(head: Actor, unit: str = "") -> None:
    """The head opens the rating and agrees."""
    await head.says("/nilai")
    if unit:
        await head.taps(unit)
    await head.taps("Setuju")


def told(actor: Actor, part: str) -> int:
    """How many messages say this."""
    return sum(part in message.get("text", "") for message in actor.messages)


# --- the way ---------------------------------------------------------------------------------


@BOTH_DATABASES
async def test_a_head_sees_first_what_is_rated_and_for_which_unit(head: Actor) -> None:
    await head.taps("Mulai menilai")
    head.sees(
        "Semester II 2026",
        PELAYANAN,
        "akuntabilitas kinerja kecamatan",
        "contoh, ganti dengan formulir kantor",
        "21 pernyataan dalam 3 aspek",
        "disimpan terpisah dari nama unit",
        "sampai 31 Des 2026",
    )
    assert head.labels() == ["Setuju, mulai"]


@pytest.mark.slow
async def test_the_whole_way_aspek_by_aspek(head: Actor, office: Harness) -> None:
    await begins(head)
    head.sees("Aspek 1 dari 3: Perencanaan dan pengukuran kinerja", "Pernyataan 1 dari 21")
    await head.answers(*[3] * 7)
    head.sees("Aspek 2 dari 3", "Pernyataan 8 dari 21")
    await head.answers(*[4] * 14)
    head.sees("Sudah selesai?", "Terjawab 21 dari 21")
    assert head.labels() == ["✅ Kirim", "‹ Kembali"]
    await head.taps("✅")
    head.sees("sudah terkirim", PELAYANAN)
    assert head.labels() == []
    assert office.stored.rating_answers_by_value() == [
        (3, 7),
        (4, 14),
    ]


@pytest.mark.slow
async def test_a_head_stops_and_goes_on_after_a_restart(head: Actor, office: Harness) -> None:
    await begins(head)
    for _ in range(3):
        await head.answers(3, 4)
        await office.restarts()
    await office.waits(days=20)
    await head.says("/nilai")
    head.sees("Pernyataan 7 dari 21")
    await head.answers(*[3] * 15)
    await head.taps("✅")
    head.sees("sudah terkirim")


@pytest.mark.slow
async def test_back_corrects_and_skipped_ones_can_be_filled(head: Actor, office: Harness) -> None:
    await begins(head)
    await head.answers(1)
    await head.taps("‹ Kembali")
    head.sees("Pernyataan 1 dari 21")
    await head.answers(4, 0, *[4] * 19)
    head.sees("Terjawab 20 dari 21")
    await head.taps("Isi yang dilewati")
    head.sees("Pernyataan 2 dari 21")
    await head.answers(4)
    await head.taps("✅")
    assert office.stored.rating_values() == [4]


@pytest.mark.slow
async def test_too_few_answers_cannot_be_sent(head: Actor, office: Harness) -> None:
    await begins(head)
    await head.answers(*[3] * 10, *[0] * 11)
    head.sees("baru 10 dari 21", "paling sedikit 11")
    assert head.labels() == ["Isi yang dilewati", "‹ Kembali"]
    ((key, revision),) = office.stored.open_ratings()
    forged = write_tap(to("nilai-kirim", key, 0, revision))
    office.world.tap(head.id, head.chat, head.screen["message_id"], forged)
    await office.works()
    head.sees("baru 10 dari 21")


async def test_a_double_tap_counts_once(head: Actor) -> None:
    await begins(head)
    first = head.screen
    await head.taps("Sesuai", on=first)
    await head.taps("Sesuai", on=first)
    head.sees("Pernyataan 2 dari 21")
    assert head.toast == "Layar ini sudah lama; ini yang terbaru."


@pytest.mark.slow
async def test_sending_twice_sends_once(head: Actor, office: Harness) -> None:
    await begins(head)
    await head.answers(*ALL)
    last = head.screen
    head.press("✅", last)
    head.press("✅", last)
    await office.works()
    head.sees("sudah mengisi penilaian Semester II 2026 pada 6 Jul 2026")
    await begins_nothing(head)
    assert len(office.stored.rating_ids()) == 1
    assert office.stored.open_ratings() == []


async def begins_nothing(head: Actor) -> None:
    """/nilai offers nothing to begin."""
    await head.says("/nilai")
    head.sees("sudah mengisi penilaian")
    assert head.labels() == []


async def test_agreeing_twice_begins_once(head: Actor, office: Harness) -> None:
    await head.says("/nilai")
    consent = head.screen
    await head.taps("Setuju", on=consent)
    await head.answers(3)
    await head.taps("Setuju", on=consent)
    head.sees("Pernyataan 2 dari 21")
    assert office.stored.rating_count() == 1


async def test_forged_answers_change_nothing(head: Actor, office: Harness) -> None:
    await begins(head)
    ((key, revision),) = office.stored.open_ratings()
    for tap in (
        to("nilai-jawab", key, 9, revision),
        to("nilai-jawab", key + 1, 3, revision),
        to("nilai-kirim", key, 0, revision),
        to("nilai-isi", key, 0, revision),
        to("nilai-mulai", 999),
        Tap(Kind.ANSWER, key, "TARGET_JELAS", 3, revision),
    ):
        office.world.tap(head.id, head.chat, head.screen["message_id"], write_tap(tap))
        await office.works()
    assert office.stored.open_ratings() == [(key, revision)]
    assert office.stored.rating_answer_count() == 0


async def test_another_heads_button_is_not_his(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = person(502)
    await leads(admin, other, TRANTIB)
    await begins(head)
    ((key, revision),) = office.stored.open_ratings()
    tap = write_tap(to("nilai-jawab", key, 3, revision))
    office.world.tap(other.id, other.chat, other.screen["message_id"], tap)
    await office.works()
    other.sees(TRANTIB)
    other.sees_not(PELAYANAN)
    assert office.stored.rating_answer_count() == 0


@pytest.mark.slow
async def test_a_head_of_two_units_chooses_which(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await leads(admin, head, TRANTIB)
    await begins(head, TRANTIB)
    await head.answers(3, 3)
    await head.says("/nilai")
    assert head.labels() == [f"{TRANTIB} (2/21)", PELAYANAN]
    await begins(head, PELAYANAN)
    await head.answers(*ALL)
    await head.taps("✅", "Unit lain")
    assert head.labels() == [f"{TRANTIB} (2/21)", f"✓ {PELAYANAN}"]
    await head.taps(TRANTIB)
    head.sees("Pernyataan 3 dari 21", TRANTIB)


async def test_a_head_who_is_a_citizen_too_keeps_both_ways_apart(head: Actor) -> None:
    await begins(head)
    rating = head.screen
    await head.begins()
    await head.answers(3)
    await head.taps("Sesuai", on=rating)
    head.sees("Pertanyaan 2 dari 9")
    assert any("Pernyataan 2 dari 21" in message["text"] for message in head.messages)


@pytest.mark.slow
async def test_a_replaced_head_loses_what_he_began(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await begins(head)
    await head.answers(1, 1)
    asked = head.screen
    successor = person(502)
    await leads(admin, successor, PELAYANAN)
    assert office.stored.rating_count() == 0
    await head.taps("Sesuai", on=asked)
    assert head.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    await begins(successor)
    successor.sees("Pernyataan 1 dari 21")


@pytest.mark.slow
async def test_a_unit_rates_once_whoever_leads_it(
    admin: Actor, head: Actor, person: Callable[..., Actor]
) -> None:
    await begins(head)
    await head.answers(*ALL)
    await head.taps("✅")
    successor = person(502)
    await leads(admin, successor, PELAYANAN)
    await begins_nothing(successor)


@pytest.mark.parametrize("typed", ["/nilai", "/nilai 2026-S2", "/nilai <b>"])
async def test_a_citizen_has_nothing_to_rate_here(typed: str, citizen: Actor) -> None:
    await citizen.says(typed)
    citizen.sees("tidak tersedia untuk Anda")


# --- told and reminded -----------------------------------------------------------------------


async def test_every_head_is_told_once_when_a_period_opens(head: Actor, office: Harness) -> None:
    await office.reaches("2027-01-01 00:00")  # a Friday, midnight
    assert told(head, "sudah dibuka") == 0
    for moment in ("2027-01-01 08:00", "2027-01-01 09:00"):
        await office.reaches(moment)
    head.sees("Semester I 2027", "sampai 30 Jun 2027")
    assert told(head, "sudah dibuka") == 1
    await head.taps("Mulai menilai")
    head.sees("akuntabilitas kinerja")


@pytest.mark.slow
async def test_who_has_not_answered_is_reminded_once_in_office_hours(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    done = person(502)
    await leads(admin, done, TRANTIB)
    await begins(done)
    await done.answers(*ALL)
    await done.taps("✅")
    await office.reaches("2026-12-18 07:59")  # ten working days before 1 January
    assert told(head, "Pengingat") == 0
    await office.reaches("2026-12-18 08:00")
    await office.reaches("2026-12-21 08:00")
    assert (told(head, "Pengingat"), told(done, "Pengingat")) == (1, 0)
    head.sees("ditutup setelah 31 Des 2026")


async def test_a_missed_reminder_waits_for_the_next_office_hour(
    head: Actor, office: Harness
) -> None:
    await office.reaches("2026-12-19 23:00")  # a Saturday night
    assert told(head, "Pengingat") == 0
    await office.reaches("2026-12-21 08:00")
    assert told(head, "Pengingat") == 1


async def test_two_ticks_at_once_remind_once(head: Actor, office: Harness) -> None:
    office.world.clock.set(local("2026-12-18 08:00"))
    now = office.world.clock.now()
    await asyncio.gather(*(office.app.ticks.tick(now) for _ in range(3)))
    office.app.sender.rate_limiter.chats.clear()
    await asyncio.gather(*(office.app.sender.send_due() for _ in range(3)))
    await office.works()
    assert told(head, "Pengingat") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "office", [{"schedule": {"holidays": ["2026-12-24", "2026-12-25"]}}], indirect=True
)
async def test_holidays_bring_the_reminder_forward(head: Actor, office: Harness) -> None:
    await office.reaches("2026-12-16 07:59")
    assert told(head, "Pengingat") == 0
    await office.reaches("2026-12-16 08:00")
    assert told(head, "Pengingat") == 1


async def test_a_notice_whose_answer_never_came_is_sent_again(head: Actor, office: Harness) -> None:
    office.world.faults.add(Fault("sendMessage", "timeout_after", times=1))
    await office.reaches("2026-12-18 08:00")
    await office.waits(seconds=31)
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert office.stored.outbox_status("nilai_ingat") == ["sent"]
    assert office.stored.outbox_attempts(head.id)[-1] == ("sent", 2)


async def test_a_head_who_lost_his_unit_is_not_reminded(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await office.reaches("2026-12-19 23:00")
    await admin.taps("Cabut")
    await office.reaches("2026-12-21 08:00")
    assert told(head, "Pengingat") == 0


# --- near the end of the period ---------------------------------------------------------------


LAST_MONTH = pytest.mark.parametrize("office", [{"schedule": {"rating_days": 30}}], indirect=True)
LAST_WEEK = pytest.mark.parametrize("office", [{"schedule": {"rating_days": 7}}], indirect=True)


@LAST_MONTH
async def test_a_head_who_comes_early_is_told_from_when_he_may_rate(
    admin: Actor, head: Actor, office: Harness
) -> None:
    head.sees("Anda tercatat", "dibuka 2 Des 2026; Anda akan dikabari")
    assert head.labels() == []
    await head.says("/nilai")
    head.sees(PELAYANAN, "Semester II 2026 dibuka 2 Des 2026, sampai 31 Des 2026")
    assert head.labels() == []
    first = office.stored.first_unit_kerja()
    for unit in range(first, first + office.stored.unit_kerja_count()):
        forged = write_tap(to("nilai-mulai", unit))
        office.world.tap(head.id, head.chat, head.screen["message_id"], forged)
        await office.works()
    head.sees("dibuka 2 Des 2026")
    assert office.stored.rating_count() == 0
    await admin.says("/nilai")
    admin.sees("0 dari 7 unit kerja", "dapat menilai mulai 2 Des 2026")
    await admin.fills("/kelola", "[Penilaian unit kerja]")
    admin.sees("Kepala unit menilai: 2 Des 2026–31 Des 2026")


@LAST_MONTH
async def test_heads_are_told_once_when_they_may_rate_and_reminded_later(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2026-12-01 23:59")
    assert told(head, "sudah dibuka") == 0
    await office.reaches("2026-12-02 00:00")
    late = person(502)
    await leads(admin, late, TRANTIB)
    for moment in ("2026-12-02 08:00", "2026-12-03 08:00"):
        await office.reaches(moment)
    assert (told(head, "sudah dibuka"), told(late, "sudah dibuka")) == (1, 0)
    assert "Mulai menilai" in late.labels()
    await begins(head)
    head.sees("Pernyataan 1 dari 21")
    await office.reaches("2026-12-18 07:59")
    assert told(head, "Pengingat") == 0
    await office.reaches("2026-12-18 08:00")
    assert (told(head, "Pengingat"), told(late, "Pengingat")) == (1, 1)


@LAST_WEEK
async def test_the_reminder_of_a_short_time_comes_after_a_third_of_it(
    head: Actor, office: Harness
) -> None:
    await office.reaches("2026-12-25 08:00")
    assert (told(head, "sudah dibuka"), told(head, "Pengingat")) == (1, 0)
    await office.reaches("2026-12-27 08:00")  # a Sunday
    assert told(head, "Pengingat") == 0
    await office.reaches("2026-12-28 08:00")
    assert told(head, "Pengingat") == 1


# --- who has answered ------------------------------------------------------------------------


@pytest.mark.slow
async def test_an_admin_sees_who_has_answered_and_the_day_only(admin: Actor, head: Actor) -> None:
    await begins(head)
    await head.answers(*ALL)
    await head.taps("✅")
    await admin.says("/nilai")
    admin.sees("1 dari 7 unit kerja sudah mengisi", f"✓ {PELAYANAN} – 6 Jul 2026")
    admin.sees(f"– {TRANTIB}: belum ada kepalanya")


@pytest.mark.slow
async def test_the_camat_sees_nothing_before_the_lock(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    camat = person(601)
    await camat.scans(await invited(admin, "camat"))
    await camat.taps("Ya, benar")
    await begins(head)
    await head.answers(*ALL)
    await head.taps("✅")
    await camat.says("/nilai")
    camat.sees("Belum ada hasil penilaian unit kerja yang dikunci.")
    assert told(camat, PELAYANAN) == 0


# --- anonymous -------------------------------------------------------------------------------


@pytest.mark.slow
async def test_once_sent_no_row_links_the_unit_and_the_answers(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = person(502)
    await leads(admin, other, TRANTIB)
    await begins(head)
    await head.answers(*[1] * 21)
    ((key, _),) = office.stored.open_ratings()
    await head.taps("✅")
    await begins(other)
    await other.answers(*[4] * 21)
    await other.taps("✅")
    assert office.stored.open_ratings() == []
    assert str(key) not in office.everything()  # what the buttons in his chat carry


@pytest.mark.slow
async def test_each_sending_writes_all_sent_ratings_anew(
    admin: Actor, head: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = person(502)
    await leads(admin, other, TRANTIB)
    await begins(head)
    await head.answers(*[1] * 21)
    await head.taps("✅")
    before = office.stored.rating_ids()
    await begins(other)
    await other.answers(*[4] * 21)
    await other.taps("✅")
    after = office.stored.rating_ids()
    assert len(after) == 2
    assert before[0] not in after


async def test_who_erases_his_data_loses_what_he_began_as_a_head(
    head: Actor, office: Harness
) -> None:
    await begins(head)
    await head.answers(3)
    await head.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.rating_count() == 0
