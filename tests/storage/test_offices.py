"""Instruments, settings, services: what processes that start together write."""

from collections.abc import Callable

import pytest

from storage import catalogue, instruments
from storage.database import Database, Db
from storage.instruments import InstrumentChanged
from storage.settings import office_facts, rows
from storage.settings.office_facts import OfficeFacts
from tests.storage.office_fixture import SKM, OfficeFixture, together

SERVICES = [{"slug": "ktp-el", "name": "KTP-el", "counters": [{"slug": "1", "name": "Loket 1"}]}]


def at_once(database: Database, work: Callable[[Db], object]) -> None:
    """Three processes do the same on the same empty database."""

    def process() -> None:
        other = Database(database.url)
        try:
            other.turn(work)
        finally:
            other.close()

    together(*[process] * 3)


def test_an_instrument_is_registered_once_by_processes_that_start_at_once(
    database: Database,
) -> None:
    at_once(database, lambda db: instruments.register(db, SKM))
    with database.read() as db:
        (known,) = instruments.known(db).values()
    assert tuple(known.item_ids) == known.instrument.codes
    assert {known.item_ids[code]: code for code in known.item_ids} == known.codes


def test_an_instrument_that_changed_without_a_new_version_is_refused(office: OfficeFixture) -> None:
    changed = SKM.replace("min_filled = 5", "min_filled = 6")
    assert changed != SKM
    with pytest.raises(InstrumentChanged, match="skm-2017 versi 1"), office.database.write() as db:
        instruments.register(db, changed)
    with office.database.write() as db:
        assert instruments.register(db, f"# a remark\n{SKM}") == office.period.instrument_id


def test_a_new_version_stands_beside_the_old_one(office: OfficeFixture) -> None:
    with office.database.write() as db:
        instruments.register(db, SKM.replace("version = 1", "version = 2"))
        known = instruments.known(db)
    assert sorted(found.instrument.version for found in known.values()) == [1, 2]


def test_an_office_is_seeded_once_by_processes_that_start_at_once(database: Database) -> None:
    at_once(database, lambda db: catalogue.seed_services(db, ("kantor", "Kantor"), SERVICES))
    with database.read() as db:
        (service,) = catalogue.active_services(db)
        found = catalogue.by_slug(db, "ktp-el", "1")
    assert found is not None
    assert (found[0], found[1] and found[1].name) == (service, "Loket 1")


def test_the_database_wins_over_what_is_seeded_later(database: Database) -> None:
    with database.write() as db:
        office_facts.seed(db, OfficeFacts(nama="Pakong"))
        office_facts.change(db, "nama", "Kecamatan Pakong")
        office_facts.seed(db, OfficeFacts(nama="Pakong", nip="1"))
        assert office_facts.read(db) == OfficeFacts(nama="Kecamatan Pakong")


def test_facts_that_were_never_set_are_empty(database: Database) -> None:
    with database.read() as db:
        assert office_facts.read(db) == OfficeFacts()


def test_a_prefix_of_settings_is_matched_literally(
    database: Database,
) -> None:
    with database.write() as db:
        rows.seed(db, {"a_b:1": 1, "axb:2": 2})
        assert rows.under(db, "a_b:") == {"a_b:1": 1}
