"""Several heads of units are invited at once: one message with a link for each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from storage import catalogue
from tests.harness import BOTH_DATABASES, Actor, Harness, leads

PELAYANAN = "Seksi Pelayanan Umum"
LINK = re.compile(r"start=(u_[A-Za-z0-9_-]+)")


@pytest.fixture(autouse=True)
async def nine_units(office: Harness) -> None:
    """Two units kerja beside the seven of the starter list."""
    with office.app.office.database.write() as db:
        for number in (8, 9):
            catalogue.add_unit(db, f"unit-{number}", f"Unit {number}", kerja=True)


@BOTH_DATABASES
async def test_nine_invitations_cost_four_messages_and_taps(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    before = len([m for m in admin.messages if not m["from"]["is_bot"]])
    await admin.fills("/undang", "[👥]")
    admin.sees("Dipilih: 9 unit")
    await admin.taps("Lanjut", "✅ Simpan")
    said = len([m for m in admin.messages if not m["from"]["is_bot"]]) - before
    assert said + 3 <= 5
    links = LINK.findall(admin.text)
    assert len(set(links)) == 9
    admin.sees("9 undangan kepala unit kerja", f"Kepala {PELAYANAN}", "sekali pakai", "13 Jul 2026")
    for number, link in enumerate(links, 501):
        head = person(number)
        await head.scans(link)
        await head.taps("Ya, benar")
        head.sees("Anda tercatat sebagai Kepala")
    assert sorted(office.stored.roles()) == ["admin", *["kepala_unit"] * 9]
    assert office.stored.audit_actions().count("undang") == 9


async def test_each_link_is_used_once_and_dies_after_seven_days(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await admin.fills("/undang", "[👥]", "[Lanjut]", "[✅ Simpan]")
    first, second = LINK.findall(admin.text)[:2]
    head, other = person(501), person(502)
    await head.scans(first)
    await head.taps("Ya, benar")
    await other.scans(first)
    other.sees("Undangan ini tidak berlaku")
    await office.waits(days=7)
    await other.scans(second)
    other.sees("Undangan ini tidak berlaku")


async def test_units_with_a_head_are_left_out_unless_they_are_picked(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await leads(admin, person(501), PELAYANAN)
    await admin.fills("/undang", "[👥]")
    admin.sees("Dipilih: 8 unit")
    assert f"☐ {PELAYANAN}" in admin.labels()
    await admin.taps(f"☐ {PELAYANAN}")
    admin.sees("Dipilih: 9 unit")
    await admin.taps(f"☑ {PELAYANAN}", "Lanjut", "✅ Simpan")
    assert len(LINK.findall(admin.text)) == 8
    admin.sees_not(PELAYANAN)


async def test_saving_twice_makes_nine_links(admin: Actor, office: Harness) -> None:
    await admin.fills("/undang", "[👥]", "[Lanjut]")
    last = admin.screen
    await admin.taps("✅ Simpan", on=last)
    await admin.taps("✅ Simpan", on=last)
    assert office.stored.invitation_count() == 9
    assert office.stored.outbox_status() == []


async def test_of_the_links_only_hashes_are_kept(admin: Actor, office: Harness) -> None:
    await admin.fills("/undang", "[👥]", "[Lanjut]", "[✅ Simpan]")
    stored = office.everything()
    assert not [link for link in LINK.findall(admin.text) if link[2:] in stored]
