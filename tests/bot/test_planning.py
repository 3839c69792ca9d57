"""/iku → Rencana: a year's table comes from the plan that holds it; plans are copied."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from office.papers import files
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_access import holder
from tests.bot.test_iku import NINE, aims, enters, fills
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.planning import move_years

pytestmark = BOTH_DATABASES
IKM = "Indeks Kepuasan Masyarakat"


async def copies(admin: Actor, years: str, plan: str = "2024–2028") -> None:
    """Copy a plan to other years."""
    await admin.says("/iku")
    await fills(admin, "[📋]", f"[IKU Periode {plan}]", "[➕]", years, "[✅]")


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
    await admin.says("/iku")
    await fills(admin, "[📋]", "[IKU Periode 2024–2028]", "[➕]", years)
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
    with pytest.raises(files.NoPlan) as refusal:
        papers[-1].make()
    said = files.reason(office.app.office, refusal.value)
    assert said.startswith("Belum ada rencana yang memuat tahun 2026. Buat lewat /iku")


async def test_an_official_sees_the_plans_and_changes_nothing(
    office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person, "camat")
    await camat.says("/iku")
    await fills(camat, "[📋]", "[IKU Periode 2024–2028]")
    camat.sees("IKU Periode 2024–2028", "Indeks kepuasan unit kerja")
    with pytest.raises(AssertionError, match="no button"):
        await camat.taps("➕")
