"""Instruments, settings, services: what processes that start together write."""

from collections.abc import Callable
from dataclasses import replace

from storage import catalogue, instruments
from storage import tables as t
from storage.database import Database, Db
from storage.settings import office_facts, rows
from storage.settings.office_facts import OfficeFacts
from storage.survey import tallies
from storage.survey.open_responses import NewResponse
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


CORRECTED = SKM.replace("KTP, KK, surat desa.", "KTP, KK, dan surat desa.")
LIMIT = SKM.replace('lower = "88.31"', 'lower = "88.50"')


def test_a_file_with_another_remark_is_the_same_wording(office: OfficeFixture) -> None:
    with office.database.write() as db:
        assert instruments.register(db, f"# a remark\n{SKM}") == office.period.instrument_id


def test_a_corrected_text_is_a_wording_with_the_items_of_the_first(office: OfficeFixture) -> None:
    with office.database.write() as db:
        number = instruments.register(db, CORRECTED)
        again = instruments.register(db, SKM.replace("Misalnya KTP", "Contohnya KTP"))
        known = instruments.known(db)
        assert instruments.register(db, CORRECTED) == number
        assert instruments.register(db, SKM) == office.period.instrument_id
    assert office.count("item") == 9
    assert len({number, again, office.period.instrument_id}) == 3
    for each in (number, again):
        assert known[each].item_ids == office.registered.item_ids
        assert known[each].codes == office.registered.codes
    assert instruments.newest_wording(known, office.period.instrument_id).id == again


def test_a_wording_is_registered_once_by_processes_that_start_at_once(
    office: OfficeFixture,
) -> None:
    at_once(office.database, lambda db: instruments.register(db, CORRECTED))
    assert (office.count("instrument"), office.count("item")) == (2, 9)


def test_another_limit_begins_a_series_with_items_of_its_own(office: OfficeFixture) -> None:
    with office.database.write() as db:
        number = instruments.register(db, LIMIT)
        known = instruments.known(db)
    assert not set(known[number].item_ids.values()) & set(office.registered.item_ids.values())
    assert instruments.newest_wording(known, office.period.instrument_id).id != number


def test_responses_of_two_wordings_are_counted_and_recounted_together(
    office: OfficeFixture,
) -> None:
    office.rates(101, *[3] * 9)
    with office.database.write() as db:
        number = instruments.register(db, CORRECTED)
        later = replace(office, known=instruments.known(db))
    with later.turn(102) as open_responses:
        start = NewResponse(102, office.services[0], None, "telegram", 1, "id")
        response = open_responses.start(start, office.period, number, "U1")
        for code in office.registered.instrument.codes:
            response = open_responses.answer(response, code, 4, "U2")
        later.completes(open_responses, 102)
    with office.database.read() as db:
        counted = tallies.of_office(db, office.registered, office.period.id).total()
        asked = {row.instrument_id for row in db.execute(t.response.select())}
    assert counted == {code: {3: 1, 4: 1} for code in office.registered.instrument.codes}
    office.agrees()
    assert asked == {number, office.period.instrument_id}
    with later.turn(102) as open_responses:
        assert later.erases(open_responses, 102) == 1
    office.agrees()


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
        office_facts.seed(db, OfficeFacts(nama="Pakong", alamat="1"))
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
