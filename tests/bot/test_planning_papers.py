"""/iku → Dokumen: papers of a year are numbered, sent, signed, and changed by a new version."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bot.test_access import holder
from tests.bot.test_iku import aims
from tests.bot.test_laporan import documents, messages_go_out
from tests.bot.test_officials import heads
from tests.harness import BOTH_DATABASES, Actor, Harness

IKM = "Indeks Kepuasan Masyarakat"
PK, NUMBER = "Perjanjian Kinerja", "100.3.3/14/2026"


async def opens(person: Actor, paper: str = PK, year: int = 2026) -> None:
    """Open a paper of a year."""
    await person.fills(f"/iku {year}", "[📑]", f"[{paper}]")


async def dates(admin: Actor, day: str = "5 Januari 2026", paper: str = PK) -> None:
    """Set number and date of a paper."""
    await opens(admin, paper)
    await admin.fills("[✍]", NUMBER, day, "[✅ Simpan]")


async def signs(admin: Actor) -> None:
    """Mark a paper as signed."""
    await admin.fills("[✅ Tandai]", "[Ya, sudah]")


def mark(person: Actor) -> str:
    """The fingerprint on the screen."""
    return person.text.partition("Sidik isi: ")[2].split()[0]


@pytest.mark.slow
async def test_a_paper_comes_in_three_formats(admin: Actor, office: Harness) -> None:
    await aims(admin, 2026, IKM, "83")
    await opens(admin)
    admin.sees("Perjanjian Kinerja 2026", "Nomor: –", "Isi tanggalnya dulu")
    await admin.taps("⬇")
    await messages_go_out(office, 3)
    assert sorted(documents(admin)) == ["pk-2026.docx", "pk-2026.pdf", "pk-2026.xlsx"]


@pytest.mark.slow
@BOTH_DATABASES
async def test_a_signed_paper_keeps_its_content_whatever_the_plan_becomes(
    admin: Actor, office: Harness
) -> None:
    await aims(admin, 2026, IKM, "83")
    await heads(admin, "Drs. Ahmad", "Definitif", "[Kosongkan]", "[Kosongkan]")
    await dates(admin)
    before = mark(admin)
    await signs(admin)
    admin.sees("Ditandai sudah ditandatangani", f"Nomor: {NUMBER}")
    await aims(admin, 2026, IKM, "85")
    await heads(admin, "Ir. Budi", "Definitif", "1 Januari 2026", "[Kosongkan]")
    await opens(admin)
    assert mark(admin) == before
    assert "✍ Nomor dan tanggal" not in admin.labels()
    assert office.stored.signed_papers() == [("pk", 2026, 1, True)]
    assert "tanda_tangan_dokumen" in office.stored.audit_actions()


@pytest.mark.slow
async def test_a_perubahan_is_a_new_version_with_its_own_number(
    admin: Actor, office: Harness
) -> None:
    await dates(admin)
    await signs(admin)
    await admin.taps("➕ Perjanjian Kinerja Perubahan")
    admin.sees("Perubahan, versi 2", "Nomor: –", "Isinya masih mengikuti rencana")
    await admin.fills("[✍]", "100.3.3/90/2026", "1 Juli 2026", "[✅ Simpan]")
    await signs(admin)
    assert office.stored.signed_papers() == [("pk", 2026, 1, True), ("pk", 2026, 2, True)]


async def test_what_changed_since_it_was_shown_is_not_signed(admin: Actor, office: Harness) -> None:
    await aims(admin, 2026, IKM, "83")
    await dates(admin)
    await admin.taps("✅ Tandai")
    asked = admin.screen
    await aims(admin, 2026, IKM, "85")
    await admin.taps("Ya, sudah", on=asked)
    assert office.stored.signed_papers() == [("pk", 2026, 1, False)]
    assert "berubah sejak ditampilkan" in str(admin.toast)


@pytest.mark.slow
async def test_a_paper_takes_the_signatory_of_its_date(admin: Actor, office: Harness) -> None:
    await heads(admin, "Drs. Ahmad", "Definitif", "[Kosongkan]", "[Kosongkan]")
    await heads(admin, "Ir. Budi", "Plt.", "1 Februari 2026", "[Kosongkan]")
    await dates(admin)
    of_january = mark(admin)
    await admin.fills("[✍]", NUMBER, "1 Februari 2026", "[✅ Simpan]")
    assert mark(admin) != of_january
    await signs(admin)
    (content,) = office.stored.signed_contents()
    assert "Plt. Camat Pakong" in content
    assert "Drs. Ahmad" not in content


async def test_the_tables_of_a_year_that_goes_on_are_not_signed(admin: Actor) -> None:
    await dates(admin, paper="Tabel LKjIP")
    admin.sees("Angka tahun ini masih dapat berubah")
    with pytest.raises(AssertionError, match="no button"):
        await admin.taps("✅ Tandai")


async def test_the_list_tells_which_papers_are_signed(admin: Actor) -> None:
    await dates(admin)
    await signs(admin)
    await admin.taps("‹ Kembali")
    admin.sees("Perjanjian Kinerja: ✅ 5 Januari 2026", "Lembar IKU: belum bernomor")


async def test_an_official_gets_papers_and_signs_none(
    office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person, "camat")
    await opens(camat)
    assert camat.labels()[0].startswith("⬇")
    with pytest.raises(AssertionError, match="no button"):
        await camat.taps("✍")
