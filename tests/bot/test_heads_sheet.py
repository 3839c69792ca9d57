"""Several heads of units are invited by a sheet of names and units."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.bot.test_planning import goes_out
from tests.harness import BOTH_DATABASES, Actor, Harness, leads
from tests.scoring.files import xlsx

pytestmark = BOTH_DATABASES

LINK = re.compile(r"start=(u_[A-Za-z0-9_-]+)")
SHEET = (
    "DAFTAR KEPALA UNIT KERJA;;;\n"
    ";;;\n"
    "No;Nama;NIP;Unit kerja\n"
    "1;Sri Wahyuni, S.Sos;197001011990032001;Seksi Pemerintahan\n"
    "2;Moh. Hasan;;seksi  pelayanan umum\n"
)


async def settles(office: Harness) -> None:
    """Let the result of a file be sent, however many messages were sent before."""
    await goes_out(office)
    await office.waits(minutes=1)
    await goes_out(office)


async def sends_sheet(admin: Actor, office: Harness, name: str, content: bytes) -> None:
    """Send a sheet in /undang and wait for what the bot says of it."""
    await admin.fills("/undang", "[📄 Undang dari lembar nama]")
    await admin.sends(name, content)
    await admin.taps("✅ Simpan")
    await settles(office)


async def test_heads_are_invited_by_a_sheet_of_names_and_units(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await sends_sheet(admin, office, "kepala.csv", SHEET.encode())
    admin.sees(
        "2 kepala unit kerja akan diundang", "Sri Wahyuni, S.Sos – Kepala Seksi Pemerintahan"
    )
    assert office.stored.invitation_count() == 0
    await admin.taps("✅ Undang 2 orang")
    await settles(office)
    links = LINK.findall(admin.text)
    assert len(links) == 2
    admin.sees("2 undangan kepala unit kerja", "Moh. Hasan – Kepala Seksi Pelayanan Umum")
    head = person(501)
    await head.scans(links[1])
    await head.taps("Ya, benar")
    head.sees("Anda tercatat sebagai Kepala Seksi Pelayanan Umum")
    assert "Hasan" not in office.everything()


async def test_a_sheet_of_positions_names_the_units(admin: Actor, office: Harness) -> None:
    content = xlsx(
        ("Nama Pejabat", "Jabatan"),
        ("Sri", "Kasi Pemerintahan"),
        ("Hasan", "Kepala Seksi Kesejahteraan Rakyat"),
        ("Ani", "Kasubbag Umum dan Kepegawaian"),
    )
    await sends_sheet(admin, office, "pejabat.xlsx", content)
    admin.sees("3 kepala unit kerja", "Ani – Kepala Subbag Umum dan Kepegawaian")


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ("Nama;Unit\nSri;Seksi Parkir\n", 'Baris 2, kolom B: unit kerja "Seksi Parkir" tidak ada'),
        ("Nama;Unit\nA;Seksi Pemerintahan\nB;Seksi Pemerintahan\n", "Baris 3, kolom B: Seksi"),
        ("Nama;Unit\nSri;\n", "Baris 2, kolom B: unit kerjanya kosong"),
        ("Sri;Seksi Pemerintahan\n", "Judul kolomnya tidak ditemukan"),
        ("Nama;Unit\n", "tidak ada satu pun unit kerja"),
    ],
)
async def test_a_wrong_sheet_invites_nobody_and_says_where(
    admin: Actor, office: Harness, sheet: str, sentence: str
) -> None:
    await sends_sheet(admin, office, "kepala.csv", sheet.encode())
    admin.sees("belum dapat dipakai", sentence)
    assert office.stored.invitation_count() == 0


async def test_a_sheet_that_is_sent_again_replaces_the_links(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await leads(admin, person(502), "Seksi Pemerintahan")
    for _ in range(2):
        await sends_sheet(admin, office, "kepala.csv", SHEET.encode())
        admin.sees("unit ini sudah mempunyai kepala")
        last = admin.screen
        await admin.taps("✅ Undang 2 orang")
        await admin.taps("✅ Undang 2 orang", on=last)
        await settles(office)
    links = [LINK.findall(str(each.get("text", ""))) for each in admin.messages]
    first, second = [each for each in links if len(each) == 2][-2:]
    old, new = person(503), person(504)
    await old.scans(first[1])
    old.sees("Undangan ini tidak berlaku")
    await new.scans(second[1])
    new.sees("mengundang Anda")
