"""/iku → Rencana: a year's table comes from the plan that holds it; plans are copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from office.papers import files
from office.papers.refusals import NoPlan
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_access import holder
from tests.bot.test_iku import NINE, aims, enters
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.planning import move_years
from tests.reports.test_plan_workbook import Rows, book

IKM = "Indeks Kepuasan Masyarakat"


async def copies(admin: Actor, years: str, plan: str = "2024–2028") -> None:
    """Copy a plan to other years."""
    await admin.fills("/iku", "[📋]", f"[IKU Periode {plan}]", "[➕]", years, "[✅]")


async def test_a_year_that_no_plan_holds_says_so_and_how_to_make_one(admin: Actor) -> None:
    await admin.says("/iku 2031")
    admin.sees("Belum ada rencana yang memuat tahun 2031", "tombol Rencana")
    await admin.taps("📋 Rencana")
    admin.sees("IKU Periode 2018–2023 (tahun 2018–2023)", "IKU Periode 2024–2028")


async def test_a_plan_is_copied_to_the_next_period_without_its_targets(admin: Actor) -> None:
    await aims(admin, 2026, IKM, "83")
    await copies(admin, "2029 s/d 2033")
    admin.sees("IKU Periode 2029–2033", "disalin dari IKU Periode 2024–2028")
    await admin.taps("Lihat")
    admin.sees("Sasaran: Meningkatnya kualitas", "Target: 2029 – · 2030 –", "SK: belum diisi")
    admin.sees("(IKM)", "dari survei warga")
    await admin.taps("Berikutnya")
    admin.sees("10. pelaksanaan fungsi lain yang diberikan oleh Bupati")
    await admin.says("/iku 2031")
    admin.sees("IKU Kecamatan Pakong – 2031", "target belum diisi")


@pytest.mark.parametrize("years", ["2028–2032", "2010–2025", "2020-2020", "2033-2029", "2029–2099"])
async def test_a_year_is_held_by_one_plan_alone(years: str, admin: Actor, office: Harness) -> None:
    await admin.fills("/iku", "[📋]", "[IKU Periode 2024–2028]", "[➕]", years)
    assert "[✅]" not in admin.text
    assert office.stored.row_counts("plan") == [2]


async def test_a_year_is_compared_with_one_of_the_plan_before(admin: Actor) -> None:
    await enters(admin, 2023, IKM, "79,95")
    await aims(admin, 2028, IKM, "85")
    await enters(admin, 2024, IKM, "81")
    await admin.says("/iku 2024")
    admin.sees("81,00 indeks", "2023 79,95", "target akhir 2028: 85,00")


@pytest.mark.slow
async def test_the_end_of_a_year_without_a_plan_says_so(group: Actor, office: Harness) -> None:
    await office.app.turns.do(lambda db: move_years(db, 2026, 2027, 2028))
    for label in ("2026-10-07", "2027-01-08"):
        await respondents.rate(office, [Respondent(NINE)] * 6)
        await office.reaches(f"{label} 08:00")
    assert group.text.splitlines()[-1] == "IKU 2026: belum ada rencana untuk tahun ini (/iku)"
    with office.app.office.database.read() as db:
        papers = files.files(files.report_set(db, office.app.office, "2026"))
    assert papers[-1].name == "iku-2026.pdf"
    with pytest.raises(NoPlan) as refusal:
        papers[-1].make()
    said = files.reason(office.app.office, refusal.value)
    assert said.startswith("Belum ada rencana yang memuat tahun 2026. Buat lewat /iku")


async def test_an_official_sees_the_plans_and_changes_nothing(
    office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person, "camat")
    await camat.fills("/iku", "[📋]", "[IKU Periode 2024–2028]")
    camat.sees("IKU Periode 2024–2028", "Indeks kepuasan unit kerja")
    with pytest.raises(AssertionError, match="no button"):
        await camat.taps("➕")


SPAN: Rows = [["Keterangan", "Isi"], ["Tahun pertama", 2024], ["Tahun terakhir", 2028]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def sends(person: Actor, data: bytes, name: str = "rencana.xlsx") -> None:
    """Send a file and let the bot answer it."""
    person.office.world.send_file(person.id, person.chat, name, data, XLSX)
    await goes_out(person.office)


async def goes_out(office: Harness) -> None:
    """Let the outbox send at once."""
    await office.works()
    office.app.sender.rate_limiter.chats.clear()
    await office.works()


def targets(*rows: list[Any]) -> bytes:
    """A workbook with targets of the IKM, (year, target)."""
    return book(
        Rencana=SPAN,
        Target=[["Kode", "Tahun", "Target"], *(["IKM", *row] for row in rows)],
    )


@BOTH_DATABASES
async def test_targets_of_five_years_come_by_a_file_in_three_steps(
    admin: Actor, office: Harness
) -> None:
    await admin.says("/iku")
    await sends(admin, targets(*([year, year - 1942] for year in range(2024, 2029))))
    admin.sees("IKU Periode 2024–2028: 5 perubahan", "IKM 2026, target: kosong → 84")
    assert office.stored.iku_target_count() == 0
    await admin.taps("✅ Terapkan")
    await goes_out(office)
    admin.sees("IKU Periode 2024–2028 sudah diperbarui")
    assert office.stored.iku_target_count() == 5
    await admin.says("/riwayat")
    admin.sees("Rencana diubah", "IKM 2028, target (IKU Periode 2024–2028)", "rencana.xlsx")


async def test_the_workbook_that_the_bot_sends_changes_nothing(
    admin: Actor, office: Harness
) -> None:
    await aims(admin, 2026, IKM, "83")
    await admin.fills("/iku", "[📋]", "[IKU Periode 2024–2028]", "[📄]")
    await goes_out(office)
    document = admin.screen["document"]
    assert document["file_name"] == "rencana-2024-2028.xlsx"
    file = await office.app.bot.get_file(document["file_id"])
    data = bytes(await file.download_as_bytearray())
    await sends(admin, data)
    admin.sees("Isi berkas sama dengan rencana IKU Periode 2024–2028")


async def test_a_file_with_mistakes_is_answered_by_sheet_row_and_column(
    admin: Actor, office: Harness
) -> None:
    await sends(admin, targets([2024, 82], [2031, 84], [2025, "banyak"]))
    admin.sees('Lembar "Target", baris 3, kolom B (Tahun): "2031" bukan tahun dari 2024–2028.')
    admin.sees('baris 4, kolom C (Target): "banyak"', "tidak ada yang diubah")
    await sends(admin, book(Isian=[["no", "u1"]]), "isian.xlsx")
    admin.sees("Berkas ini bukan lembar kerja rencana")
    assert office.stored.iku_target_count() == 0


async def test_what_is_applied_is_what_was_shown(admin: Actor, office: Harness) -> None:
    await sends(admin, targets([2024, 82], [2025, 83]))
    shown = admin.screen
    await aims(admin, 2024, IKM, "82")
    await admin.taps("✅ Terapkan", on=shown)
    await goes_out(office)
    admin.sees("1 perubahan", "IKM 2025, target: kosong → 83", "Terapkan?")
    await admin.taps("✅ Terapkan")
    await goes_out(office)
    assert office.stored.iku_target_count() == 2


async def test_a_citizens_file_is_no_plan(citizen: Actor, office: Harness) -> None:
    await sends(citizen, targets([2024, 82]))
    assert "Terapkan" not in citizen.text
    assert office.stored.iku_target_count() == 0


async def test_targets_of_five_years_are_typed_in_one_message(
    admin: Actor, office: Harness
) -> None:
    await admin.says("/iku")
    await admin.fills("[🎯]", f"[{IKM}]", "2024: 82; 2025: 83; 2026: 84,5; 2027=85\n2028: 86 (A)")
    admin.sees("IKM 2024: 82; 2025: 83; 2026: 84,5; 2027: 85; 2028: 86 (A)")
    await admin.taps("✅")
    admin.sees("target 84,50")
    assert office.stored.iku_target_count() == 5
    await admin.says("/iku 2028")
    admin.sees("target 86,00 (A)")


async def test_targets_of_all_indikator_are_typed_in_one_message(
    admin: Actor, office: Harness
) -> None:
    await admin.says("/iku")
    await admin.fills("[🎯]", "[Semua indikator]", "ikm 2025: 83; 2026: 84\nSAKIP 70 (BB)", "[✅]")
    admin.sees("target 84,00", "target 70,00 (BB)")
    assert office.stored.iku_target_count() == 3


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2024: 82; 2031: 90", "Tahun 2031 tidak dimuat rencana ini (2024–2028)"),
        ("2024: 82; 2024: 83", "Satu tahun tertulis dua kali"),
        ("2024: tinggi", "“2024: tinggi” belum dipahami"),
        ("2024: 82,555", "paling banyak dua desimal"),
    ],
)
async def test_a_target_that_is_none_changes_nothing(
    typed: str, answer: str, admin: Actor, office: Harness
) -> None:
    await admin.fills("/iku", "[🎯]", f"[{IKM}]", typed)
    admin.sees(answer)
    assert office.stored.iku_target_count() == 0


async def changes(admin: Actor, *answers: str) -> None:
    """Change one cell of the plan by the form."""
    await admin.fills("/iku", "[📋]", "[IKU Periode 2024–2028]", "[✏]", *answers)


async def test_one_thing_of_a_plan_is_changed_by_a_form(admin: Actor, office: Harness) -> None:
    await changes(admin, "[Rencana]", "[Nomor SK]", "188/7/432.300/2024", "[✅]")
    admin.sees("IKU Periode 2024–2028 sudah diperbarui")
    await changes(admin, "[Tugas dan fungsi]", "[Tugas baru]", "membina desa", "[✅]")
    await changes(admin, "[Sasaran dan IKU]", "[IKM: ", "[Satuan]", "Poin", "[✅]")
    await admin.taps("Lihat")
    admin.sees("SK: 188/7/432.300/2024", "Satuan Poin")
    admin.sees_not("(IKM) (IKM)")
    await admin.says("/profil")
    admin.sees("6. membina desa")
    await admin.says("/riwayat")
    admin.sees("Nomor SK (IKU Periode 2024–2028)", "IKM, satuan", "Tugas 6")


async def test_the_rules_of_a_plan_are_chosen(admin: Actor) -> None:
    await aims(admin, 2026, IKM, "50")
    await enters(admin, 2026, IKM, "80")
    admin.sees("160,00 %")
    await changes(admin, "[Rencana]", "[Batas capaian", "120", "[✅]")
    await changes(admin, "[Rencana]", "[Angka setahun]", "[rerata periode]", "[✅]")
    await admin.says("/iku 2026")
    admin.sees("120,00 %", "IKM setahun: rerata periode")


async def test_a_wrong_cell_of_a_plan_is_refused_in_words(admin: Actor, office: Harness) -> None:
    await changes(admin, "[Rencana]", "[Tahun terakhir]", "dua ribu")
    admin.sees('Tahun terakhir: "dua ribu" bukan tahun')
    await admin.says("2020")
    admin.sees("harus sesudah Tahun pertama")
    assert office.stored.audit_count("ubah_rencana") == 0
