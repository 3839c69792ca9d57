"""A group that is bound to some units: chosen by the admin, and informed of these only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.faults import Fault
from storage import catalogue, outbox, people, periods
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

LOCKED = "2026-10-07 08:00"
PAKONG = -1002


@pytest.fixture
async def units(office: Harness) -> Harness:
    """Two units beside the starter one, each with a service."""
    with office.app.office.database.write() as db:
        for slug, name in (("pkm", "Puskesmas"), ("kel", "Kelurahan")):
            number = catalogue.add_unit(db, slug, name, kerja=False)
            assert number is not None
            catalogue.add_service(db, number, f"{slug}-1", f"Layanan {name}")
    return office


@pytest.fixture
async def pakong(units: Harness, admin: Actor) -> Actor:
    """A second linked group; the admin writes and reads there."""
    units.world.add_group(PAKONG, "Grup Pakong", [admin.id])
    await units.works()
    group = Actor(units, admin.id, name="Admin", chat=PAKONG)
    await group.says(f"/pasang_grup@{units.app.office.username}")
    return group


@pytest.fixture
async def rated(units: Harness) -> None:
    """Five citizens rated the Puskesmas with 4 throughout, seven the Kelurahan with 2."""
    await rate(units, 5, 4, "pkm-1")
    await rate(units, 7, 2, "kel-1")


async def rate(office: Harness, count: int, nilai: int, service: str) -> None:
    """Let `count` citizens answer all nine items with `nilai`."""
    await respondents.rate(office, [Respondent([nilai] * 9, service)] * count)


async def opens(admin: Actor, title: str = "Grup Pakong") -> None:
    """Open the form for the units of a group."""
    await admin.says("/kelola")
    await admin.taps("Grup", title, "Unit grup ini")


async def binds(admin: Actor, *units: str, name: str = "", title: str = "Grup Pakong") -> None:
    """Bind a group to these units, with the first proposed name or `name`."""
    await opens(admin, title)
    for unit in units:
        await admin.taps(f"☐ {unit}")
    await admin.taps("Lanjut")
    if name:
        await admin.says(name)
    else:
        await admin.taps(admin.labels()[0])
    await admin.taps("✅ Simpan")


def summaries(group: Actor) -> list[str]:
    """The texts of all summaries in the group."""
    texts = [m.get("caption") or m.get("text", "") for m in group.messages if m["from"]["is_bot"]]
    return [text for text in texts if "📊" in text]


# --- choosing --------------------------------------------------------------------------------


async def test_an_admin_binds_a_group_to_units_and_gives_them_a_name(
    pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas", "Kelurahan", name="Kecamatan Pakong")
    admin.sees("Hanya menerima ringkasan 2 unit: Puskesmas, Kelurahan", "Disebut: Kecamatan Pakong")
    (before, after), *_ = office.stored.audit_before_and_after("unit_grup")
    assert (str(before), "Kecamatan Pakong" in str(after)) in {("None", True), ("null", True)}
    await admin.taps("‹ Kembali")
    assert admin.labels()[0] == "Grup Pakong · 2 unit"


async def test_the_form_names_the_group_that_it_is_about(pakong: Actor, admin: Actor) -> None:
    await opens(admin)
    admin.sees("Unit grup “Grup Pakong” · 1 dari 2")
    await admin.taps("☐ Puskesmas", "Lanjut")
    admin.sees("Unit grup “Grup Pakong” · 2 dari 2")
    await admin.taps("Puskesmas")
    form = admin.screen["message_id"]
    await admin.taps("✅ Simpan")
    (saved,) = [each["text"] for each in admin.messages if each["message_id"] == form]
    assert "Unit grup “Grup Pakong”" in saved
    assert "Nama dalam ringkasan: Puskesmas" in saved
    assert "✅ Disimpan." in saved


async def test_an_admin_removes_a_unit_from_a_group(pakong: Actor, admin: Actor) -> None:
    await binds(admin, "Puskesmas", "Kelurahan")
    await opens(admin)
    await admin.taps("☑ Puskesmas")
    admin.sees("Terpilih 1: Kelurahan.")
    await admin.taps("Lanjut", "Kelurahan", "✅ Simpan")
    admin.sees("Hanya menerima ringkasan 1 unit: Kelurahan", "Disebut: Kelurahan")


async def test_the_form_does_not_continue_without_a_unit(pakong: Actor, admin: Actor) -> None:
    await opens(admin)
    await admin.taps("Lanjut")
    assert admin.toast == "Pilih paling sedikit satu."
    admin.sees("Belum ada yang dipilih")


async def test_a_unit_tapped_twice_is_chosen_once(pakong: Actor, admin: Actor) -> None:
    await opens(admin)
    admin.press("☐ Puskesmas")
    await admin.taps("☐ Puskesmas")
    admin.sees("Terpilih 1: Puskesmas.")


async def test_a_group_returns_to_the_whole_office_and_a_stale_button_changes_nothing(
    pakong: Actor, admin: Actor
) -> None:
    await binds(admin, "Puskesmas")
    old = admin.screen
    await admin.taps("Seluruh kantor")
    admin.sees("Menerima ringkasan seluruh kantor")
    await binds(admin, "Kelurahan")
    await admin.taps("Seluruh kantor", on=old)
    assert admin.toast == "Layar ini sudah lama; ini yang terbaru."
    await admin.fills("/kelola", "[Grup]")
    assert admin.labels()[0] == "Grup Pakong · 1 unit"


async def test_a_form_begun_before_another_admins_change_saves_nothing(
    pakong: Actor, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    other = person(9002, name="Admin kedua")
    with office.app.office.database.write() as db:
        people.grant(db, other.id, "admin", "Admin", None, office.now)
    await opens(admin)
    await admin.taps("☐ Puskesmas")
    await binds(other, "Kelurahan")
    await admin.taps("Lanjut", "Puskesmas", "✅ Simpan")
    admin.sees("Hanya menerima ringkasan 1 unit: Kelurahan")


async def test_a_deactivated_unit_stays_with_its_group(pakong: Actor, admin: Actor) -> None:
    await binds(admin, "Puskesmas")
    await admin.says("/kelola")
    await admin.taps("Layanan dan loket", "Berikutnya", "Layanan Puskesmas", "Nonaktifkan")
    await admin.says("/kelola")
    await admin.taps("Unit pelayanan dan", "Berikutnya", "Puskesmas", "Nonaktifkan")
    await opens(admin)
    assert "☑ 🚫 Puskesmas" in admin.labels()


# --- at the lock -----------------------------------------------------------------------------


async def test_a_group_of_two_units_gets_their_pooled_index_and_the_index_of_each(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    """5 × 4 and 7 × 2: NRR 34 ÷ 12, × 25 = 70,83; the mean of 100 and 50 is 75."""
    await binds(admin, "Puskesmas", "Kelurahan", name="Kecamatan Pakong")
    await office.reaches(LOCKED)
    pakong.sees("📊 IKM Kecamatan Pakong – Triwulan III 2026", "Gabungan 2 unit: 70,83 – mutu C")
    pakong.sees("12 responden", "; rerata unit 75,00")
    pakong.sees("Unit, terendah dulu: Kelurahan 50,00 · Puskesmas 100,00")
    pakong.sees_not("IKU")
    assert pakong.screen["photo"]


@pytest.mark.slow
async def test_a_bound_group_gets_its_units_and_an_unbound_group_the_whole_office(
    rated: None, group: Actor, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    await office.reaches(LOCKED)
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    (whole,), (own,) = summaries(group), summaries(pakong)
    assert "70,83 – mutu C" in whole
    assert "Gabungan" not in whole
    assert "IKM Puskesmas" in own
    assert "100,00 – mutu A" in own
    assert "Kelurahan" not in own
    assert office.stored.outbox_count("ringkasan") == 2


async def test_the_summary_of_a_single_unit_has_its_interval(
    pakong: Actor, admin: Actor, office: Harness
) -> None:
    """Three 4s and three 2s: the spread of six, ± t(5) · 27,386 ÷ √6 = 28,7."""
    await rate(office, 3, 4, "pkm-1")
    await rate(office, 3, 2, "pkm-1")
    await binds(admin, "Puskesmas")
    await office.reaches(LOCKED)
    pakong.sees("75,00 – mutu C", "perkiraan 46,3–100,0")
    pakong.sees_not("Gabungan", "rerata")


@pytest.mark.slow
async def test_a_small_unit_is_merged_with_others_in_the_summary(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    """Two more rated the third unit with 1: seven and two leave five to stand for them."""
    await rate(office, 2, 1, "ktp-el")
    await opens(admin)
    for unit in admin.labels()[:3]:
        await admin.taps(unit)
    await admin.taps("Lanjut", "Grup Pakong", "✅ Simpan")
    await office.reaches(LOCKED)
    pakong.sees("Gabungan 3 unit: 64,29", "14 responden")
    pakong.sees("Kelurahan 50,00 · unit lain digabung 78,57")
    pakong.sees_not("rerata", "Puskesmas", "KTP")


@pytest.mark.slow
async def test_a_group_gets_whole_blocks_only_and_how_many_answers_these_are(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    """Two of the third unit are in one block with the Puskesmas' five, which this group lacks."""
    await rate(office, 2, 1, "ktp-el")
    await binds(admin, "Puskesmas", "Kelurahan")
    await office.reaches(LOCKED)
    pakong.sees("Sebagian jawaban 2 unit: 50,00", "7 dari 12 jawaban ikut dihitung")
    pakong.sees_not("70,83", "100,00", "Puskesmas")


async def test_a_group_whose_units_have_no_block_of_their_own_gets_no_figure(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await rate(office, 2, 1, "ktp-el")
    await binds(admin, "Puskesmas")
    await office.reaches(LOCKED)
    pakong.sees("IKM Puskesmas", "5 responden: terlalu sedikit untuk menyebut angka.")
    assert "photo" not in pakong.screen


async def test_the_summary_of_units_without_respondents_says_so(
    pakong: Actor, admin: Actor, office: Harness
) -> None:
    await rate(office, 6, 2, "kel-1")
    await binds(admin, "Puskesmas")
    await office.reaches(LOCKED)
    pakong.sees("IKM Puskesmas", "Belum ada responden pada periode ini.")
    pakong.sees_not("50,00")


@pytest.mark.slow
async def test_the_summary_compares_the_units_with_their_previous_period(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    """70,83 became (6 × 4 + 6 × 2) ÷ 12 × 25 = 75,00: 4,17 more."""
    await binds(admin, "Puskesmas", "Kelurahan", name="Kecamatan Pakong")
    await office.reaches(LOCKED)
    await rate(office, 6, 4, "pkm-1")
    await rate(office, 6, 2, "kel-1")
    await rate(office, 5, 1, "ktp-el")
    await office.reaches("2027-01-07 09:00")
    pakong.sees("Gabungan 2 unit: 75,00", "Naik 4,17 dari Triwulan III (70,83)")
    pakong.sees("; belum ada perubahan nyata")


@pytest.mark.slow
async def test_the_number_of_users_counts_only_the_units_of_the_group(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    with office.app.office.database.write() as db:
        db.exec_driver_sql(
            "INSERT INTO population (period_id, unit_id, users) SELECT period.id, unit.id, 50"
            " FROM period, unit WHERE period.kind = 'ikm' AND unit.slug IN ('pkm', 'kel')"
        )
    await binds(admin, "Puskesmas")
    await office.reaches(LOCKED)
    pakong.sees("5 responden dari 44 yang diperlukan")


# --- linking, failures, other messages -----------------------------------------------------


async def test_a_group_bound_after_the_lock_gets_the_last_summary_late(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches(LOCKED)
    office.world.add_group(PAKONG, "Grup Pakong", [admin.id])
    new_group = Actor(office, admin.id, chat=PAKONG)
    await new_group.says(f"/pasang_grup@{office.app.office.username}")
    assert not summaries(new_group)
    office.app.sender.rate_limiter.chats.clear()
    await binds(admin, "Puskesmas")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    new_group.sees("IKM Puskesmas", "terlambat dikirim", "100,00 – mutu A")
    assert len(summaries(group)) == 1


@pytest.mark.slow
async def test_a_bound_group_lost_at_the_lock_gets_its_summary_when_linked_again(
    rated: None, group: Actor, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    office.world.kick(PAKONG, office.app.office.bot_id)
    await office.works()
    await office.reaches(LOCKED)
    office.world.add_member(PAKONG, office.app.office.bot_id)
    await pakong.says(f"/pasang_grup@{office.app.office.username}")
    assert any("menerima ringkasan Puskesmas" in m.get("text", "") for m in pakong.messages)
    pakong.sees("terlambat dikirim")
    assert ["IKM Puskesmas" in text for text in summaries(pakong)] == [True]


@pytest.mark.slow
async def test_a_failed_summary_of_a_bound_group_is_not_sent_to_another_group(
    rated: None, group: Actor, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    office.world.faults.add(Fault("sendPhoto", 403, chat=PAKONG))
    await office.reaches(LOCKED)
    office.world.kick(PAKONG, office.app.office.bot_id)
    await office.works()
    office.world.add_group(-1003, "Grup baru", [admin.id])
    new_group = Actor(office, admin.id, chat=-1003)
    await new_group.says(f"/pasang_grup@{office.app.office.username}")
    new_group.sees("menerima ringkasan Kecamatan Pakong")
    new_group.sees_not("tertunda")
    assert "failed" in office.stored.outbox_status("ringkasan")


@pytest.mark.slow
async def test_kirim_lagi_sends_the_summary_of_the_units_again(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    office.world.faults.add(Fault("sendPhoto", "timeout_after", times=1))
    await office.reaches(LOCKED)
    admin.sees("belum pasti terkirim", "Grup Pakong")
    await admin.taps("Kirim lagi")
    await office.reaches("2026-10-07 08:02")
    assert ["IKM Puskesmas" in text for text in summaries(pakong)] == [True, True]


@pytest.mark.slow
async def test_the_binding_follows_a_group_that_becomes_a_supergroup(
    rated: None, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    new = office.world.migrate(PAKONG)
    await office.works()
    await office.reaches(LOCKED)
    assert ["IKM Puskesmas" in text for text in summaries(Actor(office, admin.id, chat=new))] == [
        True
    ]


@pytest.mark.parametrize("office", [{"schedule": {"pulse": True}}], indirect=True)
async def test_the_weekly_pulse_is_sent_only_to_groups_of_the_whole_office(
    rated: None, group: Actor, pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    await office.reaches("2026-07-13 08:00")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    group.sees("penilaian masuk")
    pakong.sees_not("penilaian masuk")


@BOTH_DATABASES
async def test_a_waiting_message_of_the_whole_office_is_skipped_when_the_group_is_bound(
    pakong: Actor, admin: Actor, office: Harness
) -> None:
    await binds(admin, "Puskesmas")
    with office.app.office.database.write() as db:
        current = periods.current(db, "ikm")
        assert current is not None
        outbox.put(db, "peringatan", PAKONG, {"text": "Turun"}, office.now, period_id=current.id)
    await office.works()
    assert office.stored.outbox_reasons("peringatan") == [
        ("skipped", "grup ini hanya menerima unitnya")
    ]
