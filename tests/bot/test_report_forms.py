"""What the office writes for its report: causes, what was done, photos; until it is signed."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import pytest

from office.papers import contents
from reports.document import Table
from reports.papers import Papers
from reports.publication import web_page
from reports.survey_report.report import report
from tests.bot.respondents import rate, rate_and_lock
from tests.bot.test_follow_up import LOW, QUARTER, plans
from tests.bot.test_manage import opens
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.photo import JPEG, PLACE, PNG

CAUSE = "Satu petugas melayani dua loket"


def papers(office: Harness, label: str) -> Papers:
    """The papers of a period."""
    with office.app.office.database.read() as db:
        return contents.papers(db, office.app.office, label)


def rows(of: Papers, head: str) -> Sequence[tuple[str, ...]]:
    """The rows of the report's table that begins with this column."""
    tables = (block for block in report(of).blocks if isinstance(block, Table))
    return next(table.rows for table in tables if head in table.head)


async def explains(admin: Actor, *answers: str) -> None:
    """Write why the lowest unsur is weak."""
    await opens(admin, "Tindak lanjut", QUARTER, "✍️ Tulis sebab")
    await admin.fills("[▼ U3]", *answers, "[✅ Simpan]")


async def shows(office: Harness, admin: Actor, content: bytes = JPEG) -> None:
    """Send a photo of the first plan."""
    await opens(admin, "Tindak lanjut", QUARTER, "1.", "📷 Tambah foto")
    office.world.send_file(admin.id, admin.chat, "foto.jpg", content, kind="photo")
    await office.works()
    await admin.taps("✅ Simpan")
    await office.works()


@BOTH_DATABASES
async def test_the_cause_of_a_low_nilai_is_in_the_report(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, LOW)
    await explains(admin, CAUSE)
    admin.sees(f"Sebab U3 Waktu penyelesaian: {CAUSE}")
    assert rows(papers(office, "2026-TW3"), "Sebab menurut kantor") == (
        ("U3 Waktu penyelesaian", CAUSE),
    )
    await explains(admin, "[Kosongkan]")
    admin.sees_not("Sebab U3")
    assert papers(office, "2026-TW3").causes == ()


async def test_once_the_report_is_signed_neither_cause_nor_plan_changes(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await opens(admin, "Tindak lanjut", QUARTER, "✍️ Tulis sebab")
    await admin.fills("[▼ U3]", CAUSE)
    half_written = admin.screen
    await opens(admin, "Tindak lanjut", QUARTER)
    before = copy.deepcopy(admin.screen)
    await admin.taps("🖋 Tandai sudah ditandatangani")
    admin.sees("sudah ditandatangani")
    assert "➕ Tambah rencana" not in admin.labels()
    for button in ("➕ Tambah rencana", "✍️ Tulis sebab"):
        await admin.taps(button, on=before)
        admin.sees("sudah ditandatangani")
    await admin.taps("✅ Simpan", on=half_written)
    assert papers(office, "2026-TW3").causes == ()
    await opens(admin, "Tindak lanjut", QUARTER, "🔓 Buka lagi")
    await explains(admin, CAUSE)
    admin.sees(CAUSE)
    assert office.stored.audit_count("tanda_laporan") == 1


@pytest.mark.slow
@BOTH_DATABASES
async def test_what_was_done_is_shown_with_its_photo_in_report_and_page(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await opens(admin, "Tindak lanjut", QUARTER, "1.")
    await admin.fills(
        "[Catat kemajuan]", "[✅ selesai]", "Loket 3 dibuka", "Berita acara", "[Kosongkan]",
        "[✅ Simpan]",
    )  # fmt: skip
    admin.sees("Yang dikerjakan: Loket 3 dibuka")
    await shows(office, admin)
    assert any("Fotonya tersimpan" in str(each.get("text")) for each in admin.messages)
    await rate(office, LOW)
    await office.reaches("2027-01-08 08:00")

    of = papers(office, "2026-TW4")

    (line,) = of.last_follow_up
    (photo,) = line.photos
    assert rows(of, "Dokumentasi")[0][3] == "Loket 3 dibuka"
    assert report(of).photos == {photo.name: photo.png}
    page = web_page.files(of)
    assert page[photo.name] == photo.png
    assert f'<img src="{photo.name}" alt="Foto: Tambah loket"'.encode() in page["index.html"]
    assert PLACE not in photo.png


async def progresses(admin: Actor, status: str, done: str) -> None:
    """Enter the progress of the first plan."""
    await opens(admin, "Tindak lanjut", QUARTER, "1.")
    await admin.fills(
        "[Catat kemajuan]", status, done, "Berita acara", "[Kosongkan]", "[✅ Simpan]"
    )


@pytest.mark.slow
@BOTH_DATABASES
async def test_a_signed_report_stays_while_the_follow_up_goes_on(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await progresses(admin, "[▶ berjalan]", "Loket 3 disiapkan")
    await shows(office, admin)
    await rate(office, LOW)
    await office.reaches("2027-01-08 08:00")
    await opens(admin, "Tindak lanjut", "Triwulan IV 2026", "🖋 Tandai sudah ditandatangani")
    signed = papers(office, "2026-TW4")
    await progresses(admin, "[✅ selesai]", "Loket 3 dibuka")
    admin.sees("Laporan Triwulan IV 2026 sudah ditandatangani dan tetap seperti waktu itu")
    await shows(office, admin, PNG)
    await admin.fills("/kelola", "[Data kantor]", "[Alamat", "Jl. Baru No. 2", "[✅ Simpan]")
    assert report(papers(office, "2026-TW4")) == report(signed)
    assert rows(papers(office, "2026"), "Dokumentasi")[0][3] == "Loket 3 dibuka"
    assert len(papers(office, "2026").last_follow_up[0].photos) == 2
    await opens(admin, "Tindak lanjut", QUARTER, "1.", "🗑 Hapus foto terakhir")
    await admin.taps("🗑 Hapus foto terakhir")
    admin.sees("Foto: 1")  # the one that the signed report shows
    await opens(admin, "Tindak lanjut", "Triwulan IV 2026", "🔓 Buka lagi")
    assert rows(papers(office, "2026-TW4"), "Dokumentasi")[0][3] == "Loket 3 dibuka"
    await opens(admin, "Tindak lanjut", QUARTER, "1.", "🗑 Hapus foto terakhir")
    admin.sees_not("Foto:")


@BOTH_DATABASES
async def test_a_line_has_four_photos_and_the_last_can_be_deleted(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await shows(office, admin)
    await shows(office, admin)  # the same one is kept once
    await opens(admin, "Tindak lanjut", QUARTER, "1.")
    admin.sees("Foto: 1")
    await admin.taps("🗑 Hapus foto terakhir")
    admin.sees_not("Foto:")


async def test_a_photo_sent_as_a_file_and_a_text_are_asked_for_again(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, LOW)
    await plans(admin)
    await opens(admin, "Tindak lanjut", QUARTER, "1.", "📷 Tambah foto")
    await admin.sends("foto.jpg", JPEG)
    admin.sees("Kirim sebagai foto")
    await admin.says("nanti")
    admin.sees("Kirim sebagai foto")
