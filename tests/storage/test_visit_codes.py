"""Codes of a visit: nobody can make one, each is used once, and no row tells by whom."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import text

from storage import periods
from storage.maintenance import rewriting
from storage.survey import owners, visit_codes
from storage.survey.open_responses import NewResponse, OpenResponses
from storage.tables import Door
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import NOW, SECRET, OfficeFixture

SALT = bytes(range(32))


@pytest.mark.parametrize("number", [1, 31, 32, 1000, visit_codes.HIGHEST])
def test_a_code_is_read_as_its_number_however_it_is_typed(number: int) -> None:
    code = visit_codes.code(SECRET, SALT, number)
    assert owners.RECEIPT.fullmatch(code)
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code[:4]} {code[4:]} "):
        assert visit_codes.read(SECRET, SALT, number, typed) == number


def test_what_was_not_printed_is_no_code() -> None:
    code = visit_codes.code(SECRET, SALT, 49)
    for secret, salt, printed, typed in (
        (SECRET, SALT, 48, code),
        (SECRET, bytes(32), 49, code),  # of another period
        (bytes(32), SALT, 49, code),
        (SECRET, SALT, 49, code[:-1] + ("A" if code[-1] != "A" else "B")),
        (SECRET, SALT, 49, code + "A"),
        (SECRET, SALT, 49, "0000-0000"),
        (SECRET, SALT, 49, "é" * 8),
        (SECRET, SALT, 49, ""),
    ):
        assert visit_codes.read(secret, salt, printed, typed) is None


def test_guessing_finds_no_code() -> None:
    drawn = ("".join(secrets.choice(owners.LETTERS) for _ in range(8)) for _ in range(2000))
    assert not any(visit_codes.read(SECRET, SALT, visit_codes.HIGHEST, code) for code in drawn)


def begin(responses: OpenResponses, office: OfficeFixture, person: int, visit: int) -> None:
    start = NewResponse(
        person, office.services[0], None, "web-kode", 1, "id", door=Door.WEB, visit=visit
    )
    responses.start(start, office.period, office.period.instrument_id, "")


def send(office: OfficeFixture, person: int) -> None:
    with office.turn() as responses:
        responses.load([person], Door.WEB)
        response = responses.of_person(Door.WEB, person)
        assert response is not None
        for code in responses.instrument(response).codes:
            response = responses.answer(response, code, 4, "")
        responses.complete(response, secrets.token_bytes(10), NOW.date(), "08-12")


def is_free(office: OfficeFixture, number: int) -> bool:
    with office.database.read() as db:
        return visit_codes.is_free(db, office.period.id, number)


def test_a_code_is_held_by_an_open_response_and_used_when_it_is_sent(
    office: OfficeFixture,
) -> None:
    assert is_free(office, 1)
    with office.turn() as responses:
        begin(responses, office, 71, 1)
    assert not is_free(office, 1)
    assert office.count("visit_code") == 0
    send(office, 71)
    assert not is_free(office, 1)
    assert (office.count("visit_code"), office.count("open_response")) == (1, 0)


def test_a_deleted_response_leaves_its_code_free(office: OfficeFixture) -> None:
    with office.turn() as responses:
        begin(responses, office, 71, 1)
        response = responses.of_person(Door.WEB, 71)
        assert response is not None
        responses.delete(response)
    assert is_free(office, 1)


def test_of_two_responses_with_one_code_the_second_counts_without_it(
    office: OfficeFixture,
) -> None:
    with office.turn() as responses:  # two processes that began at once
        begin(responses, office, 71, 1)
        begin(responses, office, 72, 1)
    send(office, 71)
    send(office, 72)
    assert office.count("response WHERE kanal = 'web-kode'") == 1
    assert office.count("response WHERE kanal = 'web'") == 1
    assert office.count("tally WHERE kanal = 'web' AND count = 1") > 0


def test_the_lock_deletes_the_used_codes(office: OfficeFixture) -> None:
    with office.database.write() as db:
        assert visit_codes.use(db, office.period.id, 1)
        assert not visit_codes.use(db, office.period.id, 1)
        periods.close(db, office.period.id, NOW)
        periods.forget_owners(db, office.period.id)
    assert office.count("visit_code") == 0


def test_a_used_code_has_no_time_and_no_response(office: OfficeFixture) -> None:
    with office.database.read() as db:
        columns = set(db.execute(text("SELECT * FROM visit_code")).keys())
    assert columns == {"period_id", "number"}


@ON_POSTGRES
def test_within_the_hour_no_transaction_joins_a_code_and_a_response(
    office: OfficeFixture,
) -> None:
    with office.turn() as responses:
        begin(responses, office, 71, 1)
    send(office, 71)
    joined = text("SELECT count(*) FROM visit_code v JOIN response r ON v.xmin = r.xmin")
    with office.database.read() as db:
        assert db.execute(joined).scalar_one() == 1
    with office.database.write() as db:
        rewriting.write_anew(db, rewriting.HOURLY)
    with office.database.read() as db:
        assert db.execute(joined).scalar_one() == 0
    assert office.count("visit_code") == 1
