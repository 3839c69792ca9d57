"""Roles, the first admin's code, languages, the audit."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from storage import audit, people
from storage import tables as t
from storage.database import Database, Db
from storage.people import (
    CLAIM_FAILURES,
    CLAIM_LIFE,
    CLAIM_PAUSE,
    CLAIM_PERSONS,
    ClaimAnswer,
)
from storage.settings import program_state
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import NOW, SECRET, OfficeFixture, together

BUDI, SITI = 9001, 9002
WRONG = "0000-0000-0000-0000"


def code(database: Database) -> str:
    """A start prints a code."""
    return database.turn(lambda db: people.new_claim_code(db, NOW))


def answer(
    database: Database, given: str, later: timedelta = timedelta(0), person: int = BUDI
) -> ClaimAnswer:
    """What somebody is answered who sends a code."""
    key = people.person_key(SECRET, person)
    return database.turn(lambda db: people.redeem_claim_code(db, key, given, NOW + later))


def claims(database: Database, given: str, later: timedelta = timedelta(0)) -> bool:
    """Somebody sends a code."""
    return answer(database, given, later).outcome == "right"


def role(user: int, name: str, unit: int | None = None) -> dict[str, object]:
    """A row of the roles."""
    held = {"user_id": user, "role": name, "unit_id": unit, "title": "x", "granted_at": NOW}
    return dict(held)


# --- roles ----------------------------------------------------------------------------------


def test_a_role_is_held_once_however_often_it_is_granted(database: Database) -> None:
    with database.write() as db:
        for user in (SITI, BUDI, BUDI):
            people.grant(db, user, "admin", "Admin", None, NOW)
        assert people.roles(db, BUDI) == {"admin"}
        assert people.users_with_role(db, "admin") == [BUDI, SITI]
        assert len(db.execute(t.role.select()).all()) == 2


def test_of_processes_that_grant_a_role_at_once_one_does(office: OfficeFixture) -> None:
    def grants() -> None:
        with office.another_process() as other:
            other.database.turn(lambda db: people.grant(db, BUDI, "admin", "Admin", None, NOW))

    together(*[grants] * 3)
    assert office.count("role") == 1


def test_one_person_may_head_two_units_but_each_once(office: OfficeFixture) -> None:
    heads = [role(BUDI, "kepala_unit", service.unit_id) for service in (office.services)]
    with office.database.write() as db:
        db.execute(insert(t.role), [heads[0], heads[2]])
    with pytest.raises(IntegrityError), office.database.write() as db:
        db.execute(insert(t.role), heads[1])


def test_a_revoked_role_is_held_no_longer_and_may_be_granted_again(database: Database) -> None:
    with database.write() as db:
        db.execute(insert(t.role), role(BUDI, "admin") | {"revoked_at": NOW})
        assert not people.has_admin(db)
        people.grant(db, BUDI, "admin", "Admin", SITI, NOW)
        assert people.roles(db, BUDI) == {"admin"}


# --- the claim code -------------------------------------------------------------------------


def test_a_claim_code_works_once(database: Database) -> None:
    given = code(database)
    assert [claims(database, given) for _ in range(2)] == [True, False]


def test_a_code_is_read_as_people_type_it(database: Database) -> None:
    assert claims(database, f"  {code(database).lower()}\n")


def test_a_code_expires_at_its_moment(database: Database) -> None:
    given = code(database)
    assert not claims(database, given, CLAIM_LIFE)
    assert claims(database, given, CLAIM_LIFE - timedelta(microseconds=1))


def test_the_next_start_replaces_the_code(database: Database) -> None:
    old, new = code(database), code(database)
    assert [claims(database, given) for given in (old, new)] == [False, True]


def test_a_person_guesses_so_often_and_no_more_for_an_hour(database: Database) -> None:
    given = code(database)
    for _ in range(CLAIM_FAILURES):
        assert answer(database, WRONG) == ClaimAnswer("wrong")
    assert answer(database, given) == ClaimAnswer("too many", NOW + CLAIM_PAUSE)
    assert claims(database, given, CLAIM_PAUSE)


def test_wrong_codes_count_again_with_a_new_code(database: Database) -> None:
    code(database)
    for _ in range(CLAIM_FAILURES):
        answer(database, WRONG)
    assert claims(database, code(database))


def test_wrong_codes_of_a_stranger_leave_the_code_to_everybody_else(database: Database) -> None:
    given = code(database)
    for _ in range(CLAIM_FAILURES + 1):
        last = answer(database, WRONG, person=SITI)
    assert last.outcome == "too many"
    assert claims(database, given)


@pytest.mark.slow
def test_wrong_codes_of_many_strangers_fill_no_table(office: OfficeFixture) -> None:
    given = code(office.database)
    for person in range(CLAIM_PERSONS + 20):
        answer(office.database, WRONG, timedelta(seconds=person), person)
    with office.database.read() as db:
        counted = program_state.wrong_codes(db)
    assert len(counted) == CLAIM_PERSONS
    assert people.person_key(SECRET, CLAIM_PERSONS + 19).hex() in counted
    assert claims(office.database, given)
    with office.database.read() as db:
        assert program_state.wrong_codes(db) == {}


def test_what_is_answered_is_true(database: Database) -> None:
    assert answer(database, WRONG) == ClaimAnswer("no code")
    given = code(database)
    assert answer(database, WRONG) == ClaimAnswer("wrong")
    assert answer(database, given, CLAIM_LIFE) == ClaimAnswer("no code")
    database.turn(lambda db: people.grant(db, SITI, "admin", "Admin", None, NOW))
    assert answer(database, given) == ClaimAnswer("has admin")


def test_no_code_works_once_there_is_an_admin(database: Database) -> None:
    given = code(database)
    database.turn(lambda db: people.grant(db, SITI, "admin", "Admin", None, NOW))
    assert not claims(database, given)


def test_a_code_is_stored_as_a_hash_only(office: OfficeFixture) -> None:
    given = code(office.database)
    assert given not in str(office.rows("SELECT * FROM claim_code"))
    assert given.replace("-", "") not in str(office.rows("SELECT * FROM claim_code"))


def test_without_a_code_nothing_can_be_claimed(database: Database) -> None:
    assert not claims(database, "0000-0000-0000-0000")


def test_of_people_who_send_the_code_at_once_one_is_first(office: OfficeFixture) -> None:
    given = code(office.database)

    def sends() -> bool:
        with office.another_process() as other:
            return claims(other.database, given)

    assert sorted(together(*[sends] * 3)) == [False, False, True]


@ON_POSTGRES
def test_the_codes_of_processes_that_started_at_once_serve_one_claim(office: OfficeFixture) -> None:
    with office.another_process() as other, office.database.write() as db:
        first = people.new_claim_code(db, NOW)
        second = code(other.database)
    assert [claims(office.database, given) for given in (second, first)] == [True, False]


# --- languages and the audit ----------------------------------------------------------------


def test_a_language_is_kept_until_it_is_forgotten(database: Database) -> None:
    person = people.person_key(SECRET, BUDI)
    with database.write() as db:
        assert people.language(db, person) is None
        for chosen in ("en", "id"):
            people.choose_language(db, person, chosen)
            assert people.language(db, person) == chosen
        people.forget_language(db, person)
        assert people.language(db, person) is None


def test_the_key_of_a_language_tells_neither_the_chat_nor_the_owner(office: OfficeFixture) -> None:
    key = people.person_key(SECRET, BUDI)
    others = {
        people.person_key(SECRET, SITI),
        people.person_key(SECRET, -BUDI),
        people.person_key(SECRET[::-1], BUDI),
        office.owner(BUDI),
    }
    assert key not in others
    assert len(others) == 4
    assert BUDI.to_bytes(2, "big") not in key


def test_the_audit_keeps_who_what_and_why(database: Database) -> None:
    def twice(db: Db) -> None:
        audit.record(db, NOW, BUDI, "target", "ikm", before=80, after=[83], reason="Renstra")
        audit.record(db, NOW, None, "kunci", "2026-TW3")

    database.turn(twice)
    with database.read() as db:
        rows = db.execute(t.audit.select().order_by(t.audit.c.id)).all()
    assert [(row.user_id, row.before, row.after, row.at) for row in rows] == [
        (BUDI, 80, [83], NOW),
        (None, None, None, NOW),
    ]
