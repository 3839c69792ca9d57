"""A regency in one office: more units and services than a screen holds."""

from collections.abc import Callable

import pytest

from benchmarks import regency
from storage import people
from tests.stage import Actor, Stage


@pytest.fixture
async def many(office: Stage, admin: Actor) -> Stage:
    """Fourteen units with thirty services more than the starter list."""
    with office.app.office.database.write() as db:
        regency.found(db, units=14, services=30)
    return office


async def test_a_citizen_finds_a_service_in_a_long_list_by_typing(
    many: Stage, citizen: Actor
) -> None:
    await citizen.says("/mulai")
    citizen.sees("boleh juga mengetik sebagian nama")
    await citizen.says("pelayanan PAKONG")
    citizen.sees("cocok dengan “pelayanan PAKONG”")
    await citizen.taps("Layanan 2 Pelayanan Umum Pakong")
    citizen.sees("Layanan 2 Pelayanan Umum Pakong", "Bagaimana pelayanan kami?")


async def test_a_word_that_many_services_have_shows_the_first_and_asks_for_more(
    many: Stage, citizen: Actor
) -> None:
    await citizen.says("layanan")
    citizen.sees("31 layanan cocok dengan “layanan”; ini 8 yang pertama")
    assert len(citizen.labels()) == 8
    await citizen.says("<b>desa antah</b>")
    citizen.sees("Tidak ada layanan yang cocok dengan “<b>desa antah</b>”")


async def test_a_short_list_needs_no_search(citizen: Actor) -> None:
    await citizen.says("ktp")
    citizen.sees("Tidak ada survei yang sedang diisi")


async def test_a_form_offers_many_units_a_page_at_a_time(many: Stage, admin: Actor) -> None:
    await begins_a_service(admin)
    assert admin.labels()[8:] == ["Berikutnya ›", "‹ Kembali", "Batal"]
    await admin.taps("Berikutnya")
    await admin.taps("Pemerintahan Batumarmar")
    admin.sees("Unit pelayanan: Pemerintahan Batumarmar")


async def test_a_form_finds_a_unit_by_typing(many: Stage, admin: Actor) -> None:
    await begins_a_service(admin)
    await admin.says("atlantis")
    admin.sees("Jawab dengan menekan salah satu tombol")
    await admin.says("umum waru")
    assert admin.labels()[0] == "Pelayanan Umum Waru"
    await admin.taps("Pelayanan Umum Waru")
    admin.sees("Unit pelayanan: Pelayanan Umum Waru")


async def begins_a_service(admin: Actor) -> None:
    """A new service, up to the question of its unit."""
    await admin.says("/kelola")
    await admin.taps("Layanan dan loket")
    await admin.taps("➕")
    await admin.says("Surat jalan")
    await admin.taps("surat-jalan")
    admin.sees("boleh juga mengetik sebagian namanya")


async def test_users_are_told_by_unit_a_page_at_a_time(many: Stage, admin: Actor) -> None:
    await admin.says("/kelola")
    await admin.taps("Pengguna layanan")
    await admin.taps("Triwulan III 2026")
    admin.sees("Kecamatan Pakong", "Pelayanan Umum Palengaan")
    admin.sees_not("Pelayanan Umum Waru")
    await admin.taps("Berikutnya")
    admin.sees("Pelayanan Umum Waru")


async def test_a_petugas_finds_the_service_by_typing(
    many: Stage, person: Callable[..., Actor]
) -> None:
    petugas = person(5001)
    with many.app.office.database.write() as db:
        people.grant(db, petugas.id, "petugas", "Petugas", None, many.now)
    await petugas.says("/isi_bantu")
    await petugas.says("17")
    await petugas.says("umum pakong 1")
    assert petugas.labels()[0] == "Layanan 1 Pelayanan Umum Pakong"
