"""Under a plan: an indikator is added by a form, and a plan that nothing uses is deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.bot.respondents import Respondent, rate
from tests.bot.test_access import holder
from tests.bot.test_iku import aims, enters
from tests.bot.test_planning import goes_out, sends
from tests.bot.test_planning_papers import dates
from tests.harness import BOTH_DATABASES, Actor, Harness

IKM = "Indeks Kepuasan Masyarakat"
FIRST, NEXT = "IKU Periode 2024–2028", "IKU Periode 2029–2033"


async def opens(person: Actor, plan: str = FIRST) -> None:
    """Open a plan."""
    await person.fills("/iku 2026", "[📋]", f"[{plan}]")


async def copies(admin: Actor) -> None:
    """Copy the plan to the next period."""
    await opens(admin)
    await admin.fills("[➕ Salin]", "[2029–2033]", "[✅ Simpan]")


@BOTH_DATABASES
async def test_an_indikator_is_added_by_a_form(admin: Actor, office: Harness) -> None:
    await opens(admin)
    await admin.fills(
        "[➕ Tambah IKU]", "[Meningkatnya kualitas", "Desa tertib administrasi", "ikm"
    )
    admin.sees("Kode IKM sudah dipakai indikator lain")
    await admin.fills("1 desa")
    admin.sees("Kode diawali huruf")
    await admin.fills(
        "desa tertib", "Desa tertib ÷ semua desa × 100", "Persen", "[makin tinggi", "[diisi"
    )
    await admin.taps("✅ Simpan")
    admin.sees("Desa tertib administrasi sudah masuk IKU Periode 2024–2028")
    await aims(admin, 2026, "Desa tertib administrasi", "75")
    await enters(admin, 2026, "Desa tertib administrasi", "60")
    admin.sees("4. Desa tertib administrasi", "60,00 dari target 75,00")
    assert "ubah_rencana" in office.stored.audit_actions()


async def test_an_indikator_may_have_a_new_sasaran(admin: Actor) -> None:
    await opens(admin)
    await admin.fills("[➕ Tambah IKU]", "Meningkatnya keamanan wilayah", "Konflik selesai")
    await admin.fills("KONFLIK", "Selesai ÷ semua × 100", "Persen", "[makin tinggi", "[diisi")
    await admin.fills("[✅ Simpan]", "[Lihat rencananya]")
    admin.sees("Sasaran: Meningkatnya keamanan wilayah", "Konflik selesai (KONFLIK)")


@BOTH_DATABASES
async def test_an_unused_plan_is_deleted_and_comes_back_from_its_workbook(
    admin: Actor, office: Harness
) -> None:
    await copies(admin)
    await aims(admin, 2030, IKM, "90")
    await opens(admin, NEXT)
    await admin.taps("📄")
    await goes_out(office)
    workbook = admin.screen["document"]
    await opens(admin, NEXT)
    await admin.fills("[🗑]", "[Ya, hapus]")
    admin.sees(f"Rencana {NEXT} sudah dihapus")
    await admin.says("/iku 2030")
    admin.sees("Belum ada rencana yang memuat tahun 2030")
    assert "hapus_rencana" in office.stored.audit_actions()
    file = await office.app.bot.get_file(workbook["file_id"])
    await sends(admin, bytes(await file.download_as_bytearray()))
    admin.sees(f"membuat rencana baru {NEXT}")
    await admin.taps("✅ Terapkan")
    await goes_out(office)
    await admin.says("/iku 2030")
    admin.sees("target 90,00")


async def has_no_other(admin: Actor, _office: Harness) -> None:
    """The source's plan was deleted."""
    await opens(admin, "IKU Periode 2018–2023")
    await admin.fills("[🗑]", "[Ya, hapus]")


async def has_a_paper(admin: Actor, _office: Harness) -> None:
    """A paper of its years has a number."""
    await copies(admin)
    await dates(admin)


async def has_a_realisasi(admin: Actor, _office: Harness) -> None:
    """A realisasi of its years was entered by hand."""
    await copies(admin)
    await enters(admin, 2025, IKM, "80")


async def has_results(admin: Actor, office: Harness) -> None:
    """A period of its years is locked."""
    await copies(admin)
    await rate(office, [Respondent((3,) * 9)] * 6)
    await office.reaches("2026-10-07 08:00")


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (has_no_other, "ini satu-satunya rencana"),
        (has_a_paper, "ada dokumennya yang sudah bernomor"),
        (has_a_realisasi, "ada realisasi yang diisi tangan"),
        (has_results, "tahunnya sudah punya angka yang dikunci"),
    ],
)
async def test_a_plan_in_use_stays_and_the_bot_says_why(
    use: Callable[[Actor, Harness], Awaitable[None]], why: str, admin: Actor, office: Harness
) -> None:
    await use(admin, office)
    await opens(admin)
    await admin.taps("🗑")
    admin.sees(f"Rencana {FIRST} tidak dapat dihapus", why)
    assert admin.labels() == ["‹ Kembali"]


async def test_a_plan_that_came_into_use_after_the_question_stays(admin: Actor) -> None:
    await copies(admin)
    await opens(admin, NEXT)
    await admin.taps("🗑")
    asked = admin.screen
    await enters(admin, 2030, IKM, "80")
    await admin.taps("Ya, hapus", on=asked)
    await admin.says("/iku 2030")
    admin.sees("diisi tangan")


async def test_an_official_deletes_and_adds_nothing(
    office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person, "camat")
    await opens(camat)
    assert not {"➕ Tambah IKU", "🗑 Hapus"} & set(camat.labels())
