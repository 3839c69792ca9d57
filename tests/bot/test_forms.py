"""Forms as a clerk reads them: counted steps, named values, and what was saved."""

from __future__ import annotations

from storage import catalogue
from storage.database import Db
from storage.unit_index import unit_results
from tests.bot import respondents
from tests.bot.test_follow_up import LOW, plans
from tests.bot.test_manage import opens
from tests.bot.test_paper_entry import GOOD, sends
from tests.harness import BOTH_DATABASES, Actor, Harness


def shown(admin: Actor, part: str) -> str:
    """The newest message that says this."""
    return next(str(m["text"]) for m in admin.messages[::-1] if part in str(m.get("text", "")))


@BOTH_DATABASES
async def test_after_saving_the_form_shows_what_was_saved(admin: Actor) -> None:
    await opens(admin, "Data kantor", "Nama kantor")
    await admin.fills("Kecamatan Galis", "[✅ Simpan]")
    form = shown(admin, "Disimpan")
    assert "Nama kantor: Kecamatan Galis" in form
    assert "Sudah benar?" not in form
    admin.sees("Kecamatan Galis")


async def test_a_file_that_is_checked_next_is_received_and_not_saved(admin: Actor) -> None:
    await sends(admin, GOOD)
    assert "Berkas isian: kertas.csv" in shown(admin, "✅ Diterima.")
    assert not any("Disimpan" in str(m.get("text", "")) for m in admin.messages)


async def test_a_second_press_of_save_leaves_what_was_saved(admin: Actor, office: Harness) -> None:
    await opens(admin, "Data kantor", "Nama kantor")
    await admin.fills("Kecamatan Galis")
    confirm = admin.screen
    admin.press("✅ Simpan", confirm)
    admin.press("✅ Simpan", confirm)
    await office.works()
    assert "Nama kantor: Kecamatan Galis" in shown(admin, "Disimpan")
    assert admin.toast is not None
    assert "sudah selesai" in admin.toast


async def test_what_cannot_be_saved_any_more_is_not_called_saved(
    admin: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "➕")
    await admin.fills("Surat Pindah", "[surat-pindah]")
    first = admin.screen
    await office.app.turns.do(lambda db: _adds(db, "surat-pindah"))
    await admin.taps("✅ Simpan", on=first)
    assert "Surat Pindah" in shown(admin, "Tidak disimpan")


async def test_units_that_are_gone_before_saving_are_not_called_saved(
    admin: Actor, office: Harness
) -> None:
    await admin.fills("/undang", "[👥]", "[Lanjut]")
    confirm = admin.screen
    await office.app.turns.do(_deactivates_units)
    await admin.taps("✅ Simpan", on=confirm)
    assert shown(admin, "Tidak disimpan")
    assert not any("✅ Disimpan" in str(message.get("text", "")) for message in admin.messages)


def _deactivates_units(db: Db) -> None:
    for unit in unit_results.active_kerja(db):
        catalogue.change(db, catalogue.Noun.UNIT, unit.id, active=False)


def _adds(db: Db, slug: str) -> None:
    catalogue.add_service(db, catalogue.units_with_services(db)[0].id, slug, "Lain")


async def test_steps_are_counted_once_it_is_known_how_many_there_are(admin: Actor) -> None:
    await admin.fills("/undang", "[➕ Undang orang]")
    admin.sees("langkah 1")
    admin.sees_not("dari 1")
    await admin.taps("kepala unit kerja")
    admin.sees("2 dari 2")


async def test_a_question_that_proposes_an_answer_may_be_typed_too(admin: Actor) -> None:
    await opens(admin, "Layanan", "➕")
    admin.sees("Ketik jawabannya sebagai pesan biasa.")
    await admin.says("Surat Pindah")
    admin.sees("Pilih salah satu, atau ketik jawabannya sebagai pesan biasa.")
    assert admin.labels()[0] == "surat-pindah"


async def test_a_form_of_one_question_counts_nothing(admin: Actor) -> None:
    await opens(admin, "Data kantor", "Nama kantor")
    admin.sees_not("1 dari 1", "langkah")


async def test_a_form_names_the_unsur_and_the_period_not_their_codes(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate_and_lock(office, LOW)
    await plans(admin)
    assert "Unsur: U3 Waktu penyelesaian" in shown(admin, "Disimpan")
    await opens(admin, "Pengguna", "Triwulan IV", "Kecamatan")
    admin.sees("Pengguna layanan Kecamatan Pakong, Triwulan IV 2026")
