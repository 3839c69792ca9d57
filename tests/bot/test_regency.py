"""A regency in one office: more units and services than one screen can show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from benchmarks import regency
from office.summary import caption, content
from office.words.text import shown_length
from scoring.ikm import Tally
from scoring.moments import moments
from storage import catalogue, groups, people, periods, results
from storage.database import Db
from storage.groups import Group
from storage.periods import PeriodRow
from storage.results import Block
from storage.survey.tallies import Counts
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import Actor, Harness

GROUP = -2000


@pytest.fixture
async def regency_office(office: Harness, admin: Actor) -> Harness:
    """Fourteen units with thirty services more than the starter list."""
    with office.app.office.database.write() as db:
        regency.add_regency(db, units=14, services=30)
    return office


async def test_a_citizen_finds_a_service_in_a_long_list_by_typing(
    regency_office: Harness, citizen: Actor
) -> None:
    await citizen.says("/mulai")
    citizen.sees("boleh juga mengetik sebagian nama")
    await citizen.says("pelayanan PAKONG")
    citizen.sees("cocok dengan “pelayanan PAKONG”")
    await citizen.taps("Layanan 2 Pelayanan Umum Pakong")
    citizen.sees("Layanan 2 Pelayanan Umum Pakong", "Bagaimana pelayanan kami?")


async def test_a_search_with_many_matches_shows_the_first_ones_and_asks_for_more(
    regency_office: Harness, citizen: Actor
) -> None:
    await citizen.says("layanan")
    citizen.sees("31 layanan cocok dengan “layanan”; ini 8 yang pertama")
    assert len(citizen.labels()) == 8
    await citizen.says("<b>desa antah</b>")
    citizen.sees("Tidak ada layanan yang cocok dengan “<b>desa antah</b>”")


async def test_a_short_list_is_searched_by_typing_too(citizen: Actor) -> None:
    await citizen.says("ktp")
    citizen.sees("Layanan yang cocok dengan “ktp”")


async def test_a_form_offers_many_units_a_page_at_a_time(
    regency_office: Harness, admin: Actor
) -> None:
    await begins_a_service(admin)
    assert admin.labels()[8:] == ["Berikutnya ›", "‹ Kembali", "Batal"]
    await admin.taps("Berikutnya", "Pemerintahan Batumarmar")
    admin.sees("Unit pelayanan: Pemerintahan Batumarmar")


async def test_a_form_finds_a_unit_by_typing(regency_office: Harness, admin: Actor) -> None:
    await begins_a_service(admin)
    await admin.says("atlantis")
    admin.sees("Jawab dengan menekan salah satu tombol")
    await admin.says("umum waru")
    assert admin.labels()[0] == "Pelayanan Umum Waru"
    await admin.taps("Pelayanan Umum Waru")
    admin.sees("Unit pelayanan: Pelayanan Umum Waru")


async def begins_a_service(admin: Actor) -> None:
    """Begin the form of a new service, up to the question of its unit."""
    await admin.fills("/kelola", "[Layanan dan loket]", "[➕]", "Surat jalan", "[surat-jalan]")
    admin.sees("boleh juga mengetik sebagian namanya")


async def test_numbers_of_users_are_listed_by_unit_a_page_at_a_time(
    regency_office: Harness, admin: Actor
) -> None:
    await admin.fills("/kelola", "[Pengguna layanan]", "[Triwulan III 2026]")
    admin.sees("Kecamatan Pakong", "Pelayanan Umum Palengaan")
    admin.sees_not("Pelayanan Umum Waru")
    await admin.taps("Berikutnya")
    admin.sees("Pelayanan Umum Waru")


async def test_a_petugas_finds_the_service_by_typing(
    regency_office: Harness, person: Callable[..., Actor]
) -> None:
    petugas = person(5001)
    with regency_office.app.office.database.write() as db:
        people.grant(db, petugas.id, "petugas", "Petugas", None, regency_office.now)
    await petugas.fills("/isi_bantu", "17", "umum pakong 1")
    assert petugas.labels()[0] == "Layanan 1 Pelayanan Umum Pakong"


# --- a group for each kecamatan --------------------------------------------------------------


def link_group(office: Harness, db: Db, name: str, number: int, units: list[int]) -> None:
    """Store a linked group that is bound to these units."""
    chat = GROUP - number
    groups.link(db, Group(chat, None, f"Grup {name}", "linked"), 9001, office.now)
    groups.bind(db, chat, f"Kecamatan {name}", units, office.now)


def store_results(office: Harness, db: Db, respondents: dict[int, int]) -> PeriodRow:
    """Lock the open period: the respondents of each unit all answered 3 at its one service."""
    current = periods.current(db, "ikm")
    assert current is not None
    registered = office.app.office.instruments[current.instrument_id]
    codes = registered.instrument.codes
    service_of = {service.unit_id: service.id for service in catalogue.services(db)}
    blocks = []
    for unit, n in respondents.items():
        tally: Tally = {code: {3: n} for code in codes}
        counts = Counts({("telegram", False): tally})
        of_block = moments(sorted(codes), [(dict.fromkeys(codes, 3), n)])
        blocks.append(Block({service_of[unit]: unit}, n, True, True, counts, of_block))
    results.store(db, registered, current.id, blocks, {}, None, office.now)
    periods.close(db, current.id, office.now)
    periods.lock(db, current.id, office.now)
    locked = periods.by_id(db, current.id)
    assert locked is not None
    return locked


@contextmanager
def recording_statements(statements: list[str]) -> Iterator[None]:
    """Append every SQL statement to the list while the block runs."""

    def record(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", record)


@pytest.mark.slow
async def test_each_of_thirteen_groups_gets_the_summary_of_its_own_kecamatan(
    regency_office: Harness, admin: Actor
) -> None:
    groups = [Actor(regency_office, admin.id, chat=GROUP - number) for number in range(13)]
    with regency_office.app.office.database.write() as db:
        units = [unit.id for unit in catalogue.units(db) if unit.slug.startswith("u")]
        for number, name in enumerate(regency.KECAMATAN):
            regency_office.world.add_group(GROUP - number, f"Grup {name}", [admin.id])
            link_group(regency_office, db, name, number, units[number::13])
    for service, nilai in (("l1", 4), ("l14", 2), ("l2", 1)):
        await respondents.rate(regency_office, [Respondent([nilai] * 9, service)] * 5)
    await regency_office.reaches("2026-10-07 08:00")
    for _ in range(4):
        await regency_office.ticks()
    groups[0].sees("IKM Kecamatan Batumarmar", "Gabungan 2 unit: 75,00", "rerata unit 75,00")
    groups[1].sees("IKM Kecamatan Galis", "25,00 – mutu D")
    for group, name in zip(groups[2:], regency.KECAMATAN[2:], strict=True):
        group.sees(f"IKM Kecamatan {name}", "Belum ada responden pada periode ini.")
    assert regency_office.stored.group_rows_by_status() == [(13, "sent")]


@pytest.mark.slow
async def test_the_summary_of_150_units_counts_the_units_it_has_no_room_to_name(
    office: Harness, admin: Actor
) -> None:
    with office.app.office.database.write() as db:
        units = regency.add_regency(db, units=150, services=150)
        link_group(office, db, "Pamekasan", 0, units)
        current = store_results(office, db, dict.fromkeys(units, 5))
        group = groups.by_chat(db, GROUP)
        assert group is not None
        summary = content.read(db, office.app.office, current, office.now, group)
    text = caption.html(summary, office.app.office.words.summary)
    assert "Gabungan 150 unit: 75,00 – mutu C (Kurang baik)</b>; rerata unit 75,00" in text
    assert text.endswith(" · dan 146 unit lain")
    assert shown_length(text) < 300


async def test_reading_a_group_of_many_units_takes_as_many_statements_as_a_group_of_one(
    regency_office: Harness, admin: Actor
) -> None:
    statements: list[str] = []
    with regency_office.app.office.database.write() as db:
        units = [unit.id for unit in catalogue.units(db) if unit.slug.startswith("u")]
        link_group(regency_office, db, "Pakong", 0, units[:1])
        link_group(regency_office, db, "Pamekasan", 1, units)
        current = store_results(regency_office, db, dict.fromkeys(units, 6))
        first, second = groups.linked(db)
        with recording_statements(statements):
            content.read(db, regency_office.app.office, current, regency_office.now, first)
            once = len(statements)
            content.read(db, regency_office.app.office, current, regency_office.now, second)
    assert len(statements) == 2 * once
    assert once < 14


async def test_an_admin_finds_a_unit_for_a_group_by_typing_and_by_pages(
    regency_office: Harness, group: Actor, admin: Actor
) -> None:
    await admin.fills("/kelola", "[Grup]", "[Camat Pakong]", "[Unit grup ini]", "umum waru")
    await admin.taps("☐ Pelayanan Umum Waru")
    admin.sees("Terpilih 1: Pelayanan Umum Waru.")
    assert "☑ Pelayanan Umum Waru" in admin.labels()
    await admin.taps("‹ Sebelumnya", "☐ Pelayanan Umum Pakong")
    admin.sees("Terpilih 2: Pelayanan Umum Pakong, Pelayanan Umum Waru.")
