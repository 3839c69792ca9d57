"""Recommendations of an LHE: entered, planned, followed up, and printed with the LKjIP tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from office.iku import papers
from office.iku.papers import Which
from reports.document import Table
from tests.bot.test_access import holder
from tests.bot.test_iku import PLAIN, records
from tests.harness import BOTH_DATABASES, Actor, Harness

LIST = "📋 Tindak lanjut rekomendasi"
TWO = "Selaraskan Renja dengan Renstra\nPublikasikan LKjIP"


async def recommends(admin: Actor, text: str = TWO) -> None:
    """Record an LHE of 2026 with these recommendations."""
    await records(admin, *PLAIN[:5], text, "[Kosongkan]", "[✅]")


async def opens(person: Actor, *labels: str) -> None:
    """Open the follow-up of the LHE of 2026."""
    await person.fills("/sakip", "[Lihat 2026]", f"[{LIST}", *labels)


async def plans(admin: Actor, line: str = "1.", due: str = "30 Nov 2026") -> None:
    """Plan what is done about a recommendation."""
    await opens(admin, f"[{line}]", "[🗓 Rencanakan]")
    await admin.fills("Rapat penyelarasan", "Kasubbag Perencanaan", due, "[✅ Simpan]")


def printed(office: Harness, year: int) -> list[tuple[str, ...]]:
    """The rows of the LKjIP's table of recommendations."""
    with office.app.office.database.read() as db:
        paper = papers.current(db, office.app.office, Which("lkjip", year))
    tables = [block for block in paper.content.blocks if isinstance(block, Table)]
    return [row for table in tables if "Rekomendasi" in table.head for row in table.rows]


@BOTH_DATABASES
@pytest.mark.slow
async def test_each_line_of_an_lhe_is_a_recommendation_to_follow_up(
    admin: Actor, office: Harness
) -> None:
    await recommends(admin)
    await opens(admin)
    admin.sees("1. ◦ belum direncanakan Selaraskan Renja", "2. ◦ belum direncanakan Publikasikan")
    await plans(admin)
    admin.sees("Tindak lanjut: Rapat penyelarasan", "Penanggung jawab: Kasubbag Perencanaan")
    await admin.fills("[Catat kemajuan]", "[✅ selesai]", "Rapat dua kali", "Notula")
    await admin.fills("[Kosongkan]", "[✅ Simpan]")
    admin.sees("Keadaan: ✅ selesai", "Yang dikerjakan: Rapat dua kali", "Bukti: Notula")
    await opens(admin)
    await admin.taps("‹ Kembali")
    assert "📋 Tindak lanjut rekomendasi (1 dari 2 selesai)" in admin.labels()
    assert printed(office, 2026) == [
        (
            *("1", "2026", "Selaraskan Renja dengan Renstra", "Rapat penyelarasan"),
            *("Kasubbag Perencanaan", "30 November 2026", "selesai", "Rapat dua kali; Notula"),
        ),
        ("2", "2026", "Publikasikan LKjIP", "-", "-", "-", "belum direncanakan", "-"),
    ]


async def test_an_lhe_of_autumn_stands_in_the_next_years_tables_too(
    admin: Actor, office: Harness
) -> None:
    await recommends(admin)
    assert [len(printed(office, year)) for year in (2026, 2027, 2028)] == [2, 2, 0]


async def test_a_year_without_recommendations_has_no_such_table(
    admin: Actor, office: Harness
) -> None:
    await records(admin, *PLAIN)
    assert printed(office, 2026) == []


@BOTH_DATABASES
async def test_recommendations_are_added_later_and_a_mistake_is_deleted(
    admin: Actor, office: Harness
) -> None:
    await records(admin, *PLAIN)
    await opens(admin, "[➕]", TWO, "[✅ Simpan]")
    await admin.fills("[➕]", "Publikasikan LKjIP\nTambah reviu", "[✅ Simpan]")
    admin.sees("3. ◦ belum direncanakan Tambah reviu")
    await admin.fills("[2.]", "[🗑]")
    assert len(printed(office, 2026)) == 2
    assert "Publikasikan" not in admin.text
    assert "hapus_rekomendasi" in office.stored.audit_actions()


async def test_what_is_planned_is_changed_field_by_field_and_not_deleted(
    admin: Actor, office: Harness
) -> None:
    await recommends(admin)
    await opens(admin, "[1.]")
    before = admin.screen
    await plans(admin)
    await admin.taps("🗑", on=before)
    assert "dibatalkan" in str(admin.toast)
    await opens(admin, "[1.]", "[🗓 Ubah rencana]", "[Tetap: Rapat]", "Sekcam")
    await admin.fills("[Tetap: 30 November 2026]", "[✅ Simpan]")
    admin.sees("Rapat penyelarasan", "Sekcam", "sampai 30 November 2026")


async def test_a_corrected_lhe_adds_only_what_is_new(admin: Actor, office: Harness) -> None:
    await recommends(admin)
    await admin.taps("Perbaiki")
    await admin.fills("[2025]", "[PermenPANRB 88/2021]", "700/12/2026", "3 Mar 2026", "72,00")
    await admin.fills(*PLAIN[:5], f"{TWO}\nTambah reviu", "[Kosongkan]", "salah baca", "[✅]")
    assert [row[2] for row in printed(office, 2026)] == [*TWO.splitlines(), "Tambah reviu"]


async def test_an_official_reads_and_changes_nothing(
    admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    await recommends(admin)
    camat = await holder(office, person, "camat")
    await opens(camat)
    assert "➕ Tambah rekomendasi" not in camat.labels()
    await camat.taps("1.")
    assert camat.labels() == ["‹ Kembali"]


async def test_status_tells_how_many_recommendations_have_a_plan(admin: Actor) -> None:
    await recommends(admin)
    await plans(admin)
    await admin.says("/status")
    admin.sees("✗ Tindak lanjut rekomendasi LHE SAKIP 2026 direncanakan: 1 dari 2")
    await admin.fills("[Tindak lanjut LHE SAKIP 2026]")
    admin.sees("Tindak lanjut rekomendasi LHE SAKIP 2026")
