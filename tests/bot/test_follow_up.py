"""*Tindak lanjut*: plans after a period, their progress, and where both are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bot.respondents import Respondent, rate, rate_and_lock
from tests.bot.test_manage import holder, opens
from tests.harness import BOTH_DATABASES, Actor, Harness

# Lowest: U3 (2), then U8 and U9 (3).
LOW = [Respondent((4, 4, 2, 4, 4, 4, 4, 3, 3)) for _ in range(6)]
QUARTER = "Triwulan III 2026"


@pytest.fixture
async def pejabat(office: Harness, person: Callable[..., Actor]) -> Actor:
    """An official who may only read."""
    return await holder(office, person(9103, name="Kasi"), "pejabat", "Kasi Pelayanan")


async def plans(
    admin: Actor, kegiatan: str = "Tambah loket", due: str = "30 Nov 2026", after: str = QUARTER
) -> None:
    """Plan a follow-up for the lowest unsur."""
    await opens(admin, "Tindak lanjut", after, "➕")
    await admin.fills("[▼ U3]", kegiatan, "Kasi Pelayanan", due, "[✅ Simpan]")


async def updates_progress(admin: Actor, *answers: str, after: str = QUARTER) -> None:
    """Enter the progress of the first plan."""
    await opens(admin, "Tindak lanjut", after, "1.")
    status, *others = answers
    await admin.fills("[Catat kemajuan]", status, "[Kosongkan]", *others, "[✅ Simpan]")


@BOTH_DATABASES
async def test_the_three_lowest_unsur_are_proposed_first(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    assert [label[:5] for label in admin.labels()[:4]] == ["▼ U3 ", "▼ U8 ", "▼ U9 ", "U1 Pe"]
    assert "(2,000)" in admin.labels()[0]


async def test_before_the_lock_no_unsur_is_proposed_first(admin: Actor, office: Harness) -> None:
    await rate(office, LOW)
    await office.reaches("2026-10-02 08:00")
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    assert [label[:3] for label in admin.labels()[:2]] == ["U1 ", "U2 "]


async def test_a_plan_is_shown_with_the_responsible_person_and_the_due_date(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    admin.sees("📋 direncanakan Tambah loket", "U3 Waktu penyelesaian · Kasi Pelayanan")
    admin.sees("sampai 30 November 2026")
    assert office.stored.follow_up_audit() != []


@pytest.mark.slow
async def test_the_outcome_of_a_plan_is_in_the_next_summary(
    admin: Actor, group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-08 08:00")
    await rate(office, LOW)
    await office.reaches("2027-01-08 08:00")
    await plans(admin, due="30 Jan 2027", after="Triwulan IV 2026")
    await updates_progress(
        admin, "[✅ selesai]", "Foto loket 3", "[Kosongkan]", after="Triwulan IV 2026"
    )
    admin.sees("Keadaan: ✅ selesai", "Bukti: Foto loket 3")
    await rate(office, LOW)
    await office.reaches("2027-04-07 08:00")
    group.sees("Tindak lanjut Triwulan IV 2026: 1 dari 1 selesai")
    group.sees_not("terlambat")


@pytest.mark.slow
async def test_one_press_keeps_an_earlier_answer(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await updates_progress(admin, "[▶ berjalan]", "Surat 12", "Menunggu dana")
    await updates_progress(admin, "[✅ selesai]", "[Tetap: Surat 12]", "[Kosongkan]")
    admin.sees("Bukti: Surat 12")
    admin.sees_not("Hambatan")
    assert office.stored.audit_count("ubah_tindak_lanjut") == 2


@pytest.mark.parametrize("due", ["1-10-2026", "Kamis, 1 Okt 26"])
async def test_an_overdue_plan_is_marked(due: str, admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[▼ U3]", "Tambah loket", "Kasi", due)
    admin.sees("Tanggal itu sudah lewat")
    await admin.taps("✅ Simpan")
    admin.sees("⚠ terlambat, sampai 1 Oktober 2026")


async def test_an_official_reads_plans_and_cannot_change_them(
    admin: Actor, pejabat: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await opens(pejabat, "Tindak lanjut", QUARTER)
    assert not [label for label in pejabat.labels() if label.startswith("➕")]
    await pejabat.taps("1.")
    assert pejabat.labels() == ["‹ Kembali"]


async def test_an_open_period_has_no_plan_yet(admin: Actor) -> None:
    await opens(admin, "Tindak lanjut")
    admin.sees("Belum ada periode yang sudah ditutup")


async def test_a_double_press_saves_one_plan(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[▼ U3]", "Tambah loket", "Kasi", "[Kosongkan]")
    last = admin.screen
    admin.press("✅ Simpan", on=last)
    admin.press("✅ Simpan", on=last)
    await office.works()
    assert office.stored.follow_up_count() == 1


@pytest.mark.parametrize("typed", ["baris\nkedua", "x" * 4000, "\u202eTPK", "🙂🙂", "..."])
async def test_an_invalid_plan_is_refused_and_not_stored(
    typed: str, admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[▼ U3]", typed)
    admin.sees_not("Penanggung jawab")
    assert office.stored.follow_up_count() == 0


@pytest.mark.parametrize("typed", ["besok", "31 Februari 2026", "2026", "<b>"])
async def test_an_invalid_date_is_asked_again(typed: str, admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[▼ U3]", "Tambah loket", "Kasi", typed)
    admin.sees("Tulis tanggal seperti 8 Oktober 2026")


async def test_a_date_with_the_name_of_another_day_is_asked_again(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[▼ U3]", "Tambah loket", "Kasi", "Senin 1/12/2026")
    admin.sees("1 Desember 2026 hari Selasa, bukan Senin. Tulis tanggalnya lagi.")


async def test_markup_in_a_plan_is_shown_as_typed(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin, '=HYPERLINK("x") <b>_*[</b>')
    admin.sees('=HYPERLINK("x") <b>_*[</b>')
