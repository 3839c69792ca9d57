"""Ralat: locked figures change by whole batches of slips; an admin proposes, the Camat decides.

Figures are those of the message that the group got, and of /hasil.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from office.figures import figures
from office.papers import contents
from reports.papers import check_totals
from storage import people
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_paper_entry import csv, enters, row, sends, taps_after_pause
from tests.harness import BOTH_DATABASES, Actor, Harness, buttons

pytestmark = BOTH_DATABASES

CAMAT = 8001


@pytest.fixture
async def camat(office: Harness, admin: Actor) -> Actor:
    """The Camat, who has written to the bot before."""
    with office.app.office.database.write() as db:
        people.grant(db, CAMAT, "camat", "Camat", None, office.now)
    camat = Actor(office, CAMAT, name="Camat")
    await camat.says("/bantuan")
    return camat


async def locked(office: Harness) -> None:
    """A quarter of six responses of all 4, locked."""
    await respondents.rate_and_lock(office, [Respondent([4] * 9) for _ in range(6)])


async def index(citizen: Actor) -> str:
    """The line of /hasil with the index."""
    await citizen.says("/hasil")
    return next(line for line in citizen.text.splitlines() if re.match(r"\d+,\d\d – ", line))


LATE = csv(*[row(n, "2026-09-30") for n in range(1, 7)])  # all 3, but two of 4


async def decides(camat: Actor, decision: str, reason: str = "Lembar tertinggal di desa") -> None:
    """Open the newest proposal and decide; confirming asks for a reason."""
    await camat.taps("Putuskan", decision)
    if decision == "✅ Setujui":
        await camat.says(reason)
        await taps_after_pause(camat, "✅ Simpan")


@pytest.mark.slow
async def test_late_slips_change_a_locked_figure_once_the_camat_agrees(
    citizen: Actor, admin: Actor, camat: Actor, group: Actor, office: Harness
) -> None:
    await locked(office)
    assert "100,00" in await index(citizen)
    await sends(admin, LATE)
    admin.sees("6 lembar susulan terbaca", "yang sudah dikunci", "ralat")
    await taps_after_pause(admin, "✅ Masukkan 6 lembar")
    admin.sees("diusulkan sebagai ralat", "Camat sudah dikabari")
    assert "100,00" in await index(citizen)
    camat.sees("Usul ralat", "6 lembar susulan (isian kertas 1) ikut dihitung pada Triwulan III")
    await decides(camat, "✅ Setujui")
    camat.sees("Ralat dicatat", "Semula 100,00 (A), menjadi 91,67 (A)")
    form = next(m["text"] for m in camat.messages if "Disimpan" in str(m.get("text", "")))
    assert "6 lembar susulan (isian kertas 1) ikut dihitung" in form
    await office.ticks()
    group.sees("Ralat", "IKM semula 100,00 (A), menjadi 91,67 (A)", "Lembar tertinggal di desa")
    assert "91,67" in await index(citizen)
    citizen.sees("12 responden")
    assert office.stored.audit_actions()[-2:] == ["usul_ralat", "ralat"]


async def test_a_refused_proposal_changes_nothing_and_its_slips_are_deleted(
    citizen: Actor, admin: Actor, camat: Actor, office: Harness
) -> None:
    await locked(office)
    await enters(admin, LATE)
    await decides(camat, "Tolak")
    camat.sees("Usul ralat ditolak. Angkanya tetap.")
    await office.waits(seconds=5)
    await office.ticks()
    admin.sees("ditolak Camat")
    assert "100,00" in await index(citizen)
    await office.ticks()
    assert office.stored.response_count() == 6
    await camat.says("/bantuan")
    await enters(admin, LATE)  # the same file may come again
    admin.sees("diusulkan sebagai ralat")


async def test_too_few_late_slips_are_no_correction(
    admin: Actor, camat: Actor, office: Harness
) -> None:
    await locked(office)
    await enters(admin, csv(*[row(n, "2026-09-30") for n in range(1, 5)]))
    admin.sees("belum dapat dimasukkan", "Ralat hanya untuk kelompok lembar yang cukup")
    assert office.stored.response_count() == 6
    assert office.stored.audit_count("usul_ralat") == 0


async def test_slips_of_a_locked_period_come_in_a_file_of_their_own(
    admin: Actor, camat: Actor, office: Harness
) -> None:
    await locked(office)
    await sends(admin, csv(row(1, "2026-09-30"), row(2, "2026-10-05")))
    admin.sees("Triwulan III 2026 sudah dikunci; pisahkan lembarnya ke berkas sendiri")


@pytest.mark.slow
async def test_a_batch_filed_under_the_wrong_service_moves_as_a_whole(
    citizen: Actor, admin: Actor, camat: Actor, group: Actor, office: Harness
) -> None:
    await enters(admin, csv(*[row(n, service="KK") for n in range(1, 7)]))
    await respondents.rate(office, [Respondent([4] * 9, "kk") for _ in range(7)])
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-08 08:00")
    before = await index(citizen)
    await admin.says("/kelola")
    await admin.taps("Isian kertas", "1 · kertas.csv", "Ralat: salah layanan", "KTP-el")
    admin.sees("Ralat isian kertas 1: salah layanan", "Layanan: KTP-el", "Sudah benar?")
    await taps_after_pause(admin, "✅ Simpan")
    admin.sees("Usul ralat terkirim ke Camat", "dipindahkan ke layanan KTP-el")
    await office.works()
    await decides(camat, "✅ Setujui", "Salah tumpukan")
    camat.sees("Ralat dicatat")
    assert await index(citizen) == before
    assert office.stored.tally_sum(scope=0, scope_id=1) > 0
    with office.app.office.database.read() as db:
        given = figures.of(db, office.app.office, "2026-TW3")
    assert [(part.name, part.n) for part in given.services] == [
        ("KTP-el", 6),
        ("Kartu Keluarga (KK)", 7),
    ]
    assert given.corrections[0].reason == "Salah tumpukan"


async def test_a_batch_does_not_leave_few_people_behind(
    admin: Actor, camat: Actor, office: Harness
) -> None:
    await enters(admin, csv(*[row(n, service="KK") for n in range(1, 7)]))
    await respondents.rate(office, [Respondent([4] * 9, "kk") for _ in range(4)])
    await office.reaches("2026-10-07 08:00")
    await admin.says("/kelola")
    await admin.taps("Isian kertas", "1 · kertas.csv", "Ralat: salah layanan", "KTP-el")
    await taps_after_pause(admin, "✅ Simpan")
    admin.sees("Ralat hanya untuk kelompok lembar yang cukup")


async def test_only_the_camat_decides(
    citizen: Actor, admin: Actor, camat: Actor, office: Harness
) -> None:
    await locked(office)
    await enters(admin, LATE)
    data = buttons(camat.screen)[0]["callback_data"]
    await citizen.says("/hasil")
    for stranger in (admin, citizen):
        shown = stranger.screen["message_id"]
        office.world.tap(stranger.id, stranger.chat, shown, data)
        await office.works()
    assert office.stored.audit_count("ralat") == 0
    await decides(camat, "✅ Setujui")
    assert office.stored.audit_count("ralat") == 1


async def test_the_papers_print_the_figure_before_and_after(
    admin: Actor, camat: Actor, office: Harness
) -> None:
    await locked(office)
    await sends(admin, LATE)
    await taps_after_pause(admin, "✅ Masukkan 6 lembar")
    await decides(camat, "✅ Setujui")
    with office.app.office.database.read() as db:
        papers = contents.papers(db, office.app.office, "2026-TW3")
    check_totals(papers)
    (correction,) = papers.corrections
    assert (correction.before, correction.after) == (Decimal("100.00"), Decimal("91.67"))
    assert correction.reason == "Lembar tertinggal di desa"
    assert "6 lembar susulan" in correction.what
    assert papers.ikm == Decimal("91.67")
    assert len(papers.rows) == papers.score.n == papers.received == 12
