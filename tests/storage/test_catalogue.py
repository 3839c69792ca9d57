"""Units, services, counters, users, suggestions: what admins change, and who comes in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from benchmarks import regency
from storage import audit, catalogue, people
from storage.catalogue import Noun
from storage.database import Db
from storage.survey import suggestions, tallies
from storage.survey.suggestions import Wanted
from tests.storage.office_fixture import NOW, TODAY, OfficeFixture, statements, together


def names(office: OfficeFixture) -> list[str]:
    """The services in their order."""
    with office.database.read() as db:
        return [service.name for service in catalogue.services(db)]


def test_a_service_moves_past_one_that_had_the_same_place(office: OfficeFixture) -> None:
    before = names(office)
    with office.database.write() as db:
        last = catalogue.services(db)[-1]
        assert catalogue.move(db, last.id, -1) == (3, 2)
        assert catalogue.move(db, last.id, 1) == (2, 3)
        assert catalogue.move(db, last.id, 1) is None
    assert names(office) == before


def test_a_service_moves_among_many_with_as_few_statements_as_among_three(
    office: OfficeFixture,
) -> None:
    with office.database.write() as db:
        regency.add_regency(db, units=3, services=40)
    with statements(office.database) as seen, office.database.write() as db:
        last = catalogue.services(db)[-1]
        assert catalogue.move(db, last.id, -1) == (43, 42)
    assert len([line for line in seen if line.startswith("UPDATE")]) == 1
    assert names(office)[41] == last.name


def test_processes_that_move_at_once_lose_no_service(office: OfficeFixture) -> None:
    first = office.services[0]

    def moves() -> None:
        with office.another_process() as other:
            other.database.turn(lambda db: catalogue.move(db, first.id, 1))

    together(*[moves] * 3)
    assert len(names(office)) == 3
    assert names(office)[-1] == first.name


def test_of_processes_that_add_the_same_code_one_does(office: OfficeFixture) -> None:
    unit_id = office.services[0].unit_id

    def adds() -> bool:
        with office.another_process() as other:
            added = other.database.turn(lambda db: catalogue.add_service(db, unit_id, "baru", "B"))
        return added is not None

    assert sorted(together(*[adds] * 3)) == [False, False, True]


def test_deactivated_services_are_still_named_in_results(office: OfficeFixture) -> None:
    service = office.services[0]
    with office.database.write() as db:
        catalogue.change(db, Noun.SERVICE, service.id, active=False)
    with office.database.read() as db:
        assert catalogue.active_service(db, service.id) is None
        assert catalogue.services_by_id(db)[service.id].name == service.name


def test_a_unit_kerja_serves_only_when_it_has_services(office: OfficeFixture) -> None:
    with office.database.write() as db:
        catalogue.add_unit(db, "umum", "Subbag Umum", kerja=True)
        catalogue.change(db, Noun.UNIT, office.services[0].unit_id, kerja=True)
        assert [unit.slug for unit in catalogue.units_with_services(db)] == ["pelayanan", "trantib"]


def test_users_are_kept_by_unit_and_forgotten_with_0(office: OfficeFixture) -> None:
    one, two = {service.unit_id for service in office.services}
    with office.database.write() as db:
        for unit_id, users in ((one, 100), (two, 50), (one, 236), (two, 0)):
            catalogue.set_users(db, office.period.id, unit_id, users)
        assert catalogue.users_by_unit(db, office.period.id) == {one: 236}


def test_a_unit_without_an_entry_has_the_sum_of_its_services(office: OfficeFixture) -> None:
    service = office.services[0]
    with office.database.write() as db:
        other = catalogue.add_service(db, service.unit_id, "akta", "Akta")
        assert other is not None
        for number, users in ((service.id, 120), (other, 0), (other, 30)):
            catalogue.set_service_users(db, office.period.id, number, users)
        assert catalogue.users_by_service(db, office.period.id) == {service.id: 120, other: 30}
        assert catalogue.users_by_unit(db, office.period.id) == {service.unit_id: 150}
        catalogue.set_users(db, office.period.id, service.unit_id, 236)
        assert catalogue.users_by_unit(db, office.period.id) == {service.unit_id: 236}
        catalogue.set_users(db, office.period.id, service.unit_id, 0)
        catalogue.set_service_users(db, office.period.id, other, None)
        assert catalogue.users_by_unit(db, office.period.id) == {service.unit_id: 120}


def test_a_service_that_nobody_used_is_known_and_its_unit_alone_is_not(
    office: OfficeFixture,
) -> None:
    service = office.services[0].id
    with office.database.write() as db:
        catalogue.set_service_users(db, office.period.id, service, 0)
        assert catalogue.users_by_service(db, office.period.id) == {service: 0}
        assert catalogue.users_by_unit(db, office.period.id) == {}


@pytest.mark.parametrize(("before", "seen"), [(TODAY, []), (TODAY + timedelta(days=1), ["Kursi"])])
def test_a_suggestion_is_read_from_the_day_after(
    before: date, seen: list[str], office: OfficeFixture
) -> None:
    office.rates(101, *[3] * 9, saran="Kursi")
    service = office.services[0].id
    with office.database.read() as db:
        found = suggestions.page(db, office.period.id, before, Wanted(service), 0, 9)
        assert [each.text for each in found] == seen
        counted = suggestions.counts(db, office.period.id, before)
        assert [(each.service_id, each.n) for each in counted] == [(service, 1)] * len(seen)


@pytest.mark.parametrize("saran", [None, "Kursi"])
def test_a_suggestion_that_was_added_to_later_is_read_from_the_day_after_that(
    saran: str | None, office: OfficeFixture
) -> None:
    office.rates(101, *[3] * 9, saran=saran)
    added = TODAY + timedelta(days=5)
    with office.database.write() as db:
        for one in suggestions.page(db, office.period.id, added, Wanted(), 0, 9):
            suggestions.mark_done(db, one.id, True)
            suggestions.choose_to_print(db, one.id, True)
    office.adds(101, "Loket", added)
    with office.database.read() as db:
        assert suggestions.page(db, office.period.id, added, Wanted(), 0, 9) == []
        tomorrow = added + timedelta(days=1)
        (seen,) = suggestions.page(db, office.period.id, tomorrow, Wanted(), 0, 9)
        assert seen.text == ("Kursi\nLoket" if saran else "Loket")
        assert (seen.done, seen.printed) == (False, False)  # the Camat chose other words


def test_suggestions_are_paged_in_the_order_of_the_alphabet(office: OfficeFixture) -> None:
    for chat, text in enumerate(("Citra", "Alfa", "Beta"), 101):
        office.rates(chat, *[3] * 9, saran=text)
    office.rates(105, *[3] * 9, service=1, saran="Lain")
    place = (office.period.id, TODAY + timedelta(days=1), Wanted(office.services[0].id))
    with office.database.read() as db:
        assert suggestions.period_ids(db) == [office.period.id]
        pages = [suggestions.page(db, *place, skip, 2) for skip in (0, 2)]
    assert [[each.text for each in page] for page in pages] == [["Alfa", "Beta"], ["Citra"]]


def test_the_camat_sorts_a_suggestion_and_takes_it_back(office: OfficeFixture) -> None:
    for chat, text in enumerate(("Antre", "Kursi"), 101):
        office.rates(chat, *[3] * 9, saran=text)
    period, tomorrow = office.period.id, TODAY + timedelta(days=1)

    def seen(db: Db, **wanted: Any) -> list[str]:
        page = suggestions.page(db, period, tomorrow, Wanted(**wanted), 0, 9)
        return [each.text for each in page]

    with office.database.write() as db:
        antre, kursi = suggestions.page(db, period, tomorrow, Wanted(), 0, 9)
        suggestions.put_under(db, antre.id, "WAKTU")
        suggestions.put_under(db, kursi.id, suggestions.OTHER)
        suggestions.mark_done(db, antre.id, True)
        suggestions.choose_to_print(db, antre.id, True)
        assert seen(db, unsur="WAKTU") == seen(db, done=True) == ["Antre"]
        assert seen(db, unsur=suggestions.OTHER) == seen(db, done=False) == ["Kursi"]
        assert suggestions.texts_to_print(db, [period], 9) == ["Antre"]
        suggestions.put_under(db, antre.id, suggestions.UNSORTED)
        suggestions.mark_done(db, antre.id, False)
        suggestions.choose_to_print(db, antre.id, False)
        assert suggestions.by_id(db, antre.id, tomorrow) == antre
        assert suggestions.by_id(db, antre.id, TODAY) is None  # it is of today
        assert suggestions.texts_to_print(db, [period], 9) == []


def test_responses_are_counted_once_each_whatever_was_skipped(office: OfficeFixture) -> None:
    for chat, answers in ((101, [3] * 9), (102, [0, *[3] * 8]), (101, [4] * 9)):
        office.rates(chat, *answers)
    with office.database.read() as db:
        assert tallies.response_count(db, office.registered, office.period.id) == 3


def test_the_newest_title_held_now_names_an_officer(office: OfficeFixture) -> None:
    with office.database.write() as db:
        people.grant(db, 7, "pejabat", "Kasi lama", None, NOW)
        people.grant(db, 7, "camat", "Camat", None, NOW)
        db.exec_driver_sql("UPDATE role SET revoked_at = granted_at WHERE role = 'pejabat'")
        assert people.titles(db, [7, 8]) == {7: "Camat"}


def test_a_button_knows_how_often_its_target_was_changed(office: OfficeFixture) -> None:
    with office.database.write() as db:
        for aim in ("layanan ktp", "layanan kk", "layanan ktp"):
            audit.record(db, NOW, 7, "uji", aim)
        assert audit.change_count(db, "layanan ktp") == 2
        assert [entry.id for entry in audit.entries(db, 2, 0, 9)] == [2, 1]
