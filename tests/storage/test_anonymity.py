"""Anonymous by construction: once a response is sent, no row knows the chat it came from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect

from storage import people, periods
from storage.survey import owners
from storage.tables import Door, metadata
from tests.postgres import ON_SQLITE
from tests.storage.office_fixture import NOW, SECRET, OfficeFixture

PERSON = 0x5AC7_0FFE_E123  # 48 bits, so that chance does not write them
PLAIN = PERSON.to_bytes(6, "big")


def everything(office: OfficeFixture) -> list[tuple[str, object]]:
    """Every value of every row."""
    with office.database.read() as db:
        return [
            (f"{table.name}.{name}", value)
            for table in metadata.sorted_tables
            for row in db.execute(table.select()).mappings()
            for name, value in row.items()
        ]


def contains(value: object, number: int) -> bool:
    """Whether a value is this number, or contains it as text or bytes."""
    if isinstance(value, bytes):
        return any(number.to_bytes(8, order)[:6] in value for order in ("big", "little")) or (
            number.to_bytes(6, "big") in value
        )
    return str(number) in str(value) or f"{number:x}" in str(value).lower()


def columns_with_person(office: OfficeFixture) -> set[str]:
    """The columns that contain the person's number."""
    return {column for column, value in everything(office) if contains(value, PERSON)}


def comes(office: OfficeFixture) -> None:
    """The person chooses a language, starts, answers, and is asked for a suggestion."""
    with office.turn(PERSON) as open_responses:
        people.choose_language(open_responses.db, people.person_key(SECRET, PERSON), "en")
        response = office.begins(open_responses, PERSON)
        response = open_responses.answer(response, "WAKTU", 3, "U4")
        response = open_responses.set_attribute(response, "umur", "26-35", "A3")
        response = open_responses.change(response, saran_parts={"0": "Kursi kurang"})
        open_responses.await_suggestion(response, True)


def sends(office: OfficeFixture) -> None:
    """The person sends the response."""
    with office.turn(PERSON) as open_responses:
        office.completes(open_responses, PERSON)


@pytest.mark.slow
def test_only_an_open_response_knows_the_chat(office: OfficeFixture) -> None:
    comes(office)
    assert columns_with_person(office) == {"open_response.person"}


def test_a_sent_response_has_no_chat(office: OfficeFixture) -> None:
    comes(office)
    sends(office)
    assert columns_with_person(office) == set()


def test_a_deleted_response_leaves_no_chat(office: OfficeFixture) -> None:
    comes(office)
    with office.turn(PERSON) as open_responses:
        open_responses.delete(office.response_of(open_responses, PERSON))
    assert columns_with_person(office) == set()


@pytest.mark.slow
def test_a_sent_response_has_a_day_and_a_band_of_hours_but_no_time(
    office: OfficeFixture,
) -> None:
    comes(office)
    sends(office)
    moments = {column for column, value in everything(office) if isinstance(value, datetime)}
    assert moments == {"period.starts_at", "period.ends_at", "period.opened_at"}


def test_a_suggestion_is_stored_apart_without_time_or_attributes(office: OfficeFixture) -> None:
    comes(office)
    sends(office)
    (row,) = office.rows("SELECT period_id, service_id, text FROM suggestion")
    assert row == (office.period.id, office.services[0].id, "Kursi kurang")
    sorted_by_the_camat = {"unsur", "done", "printed"}
    assert {column.name for column in metadata.tables["suggestion"].columns} == {
        "id",
        "period_id",
        "service_id",
        "text",
    } | sorted_by_the_camat
    assert office.count("open_response") == 0


def test_after_the_lock_the_secret_does_not_lead_to_the_person(
    office: OfficeFixture,
) -> None:
    comes(office)
    sends(office)
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
    salt = office.period.salt
    assert salt is not None
    values = [value for _, value in everything(office)]
    assert salt not in values
    assert office.owner(PERSON) not in values
    with office.database.read() as db:
        assert not inspect(db).has_table(owners.table(office.period.id).name)


def test_a_person_has_another_owner_hash_in_the_next_period(office: OfficeFixture) -> None:
    salts = (b"a" * 32, b"b" * 32)
    hashes = {
        owners.owner_hash(SECRET, salt, Door.TELEGRAM, chat)
        for salt in salts
        for chat in (PERSON, -PERSON)
    }
    assert len(hashes) == 4
    assert all(len(owner) == 10 and PLAIN[2:] not in owner for owner in hashes)


@pytest.mark.parametrize("column", ["user_id", "name", "username", "first_name", "nik", "phone"])
def test_no_column_of_a_citizen_is_named_for_an_identity(column: str) -> None:
    citizens = (
        "open_response",
        "response",
        "answer",
        "suggestion",
        "awaited_text",
        "language",
        "handled_update",
    )
    assert all(column not in metadata.tables[table].columns for table in citizens)


@ON_SQLITE
def test_deleted_chats_and_salts_are_gone_from_the_file(office: OfficeFixture) -> None:
    path = Path(str(office.database.url.database))
    comes(office)
    sends(office)
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
    assert PLAIN in (path.parent / f"{path.name}-wal").read_bytes()
    office.database.scrub()
    files = b"".join(file.read_bytes() for file in path.parent.glob("puas.db*"))
    assert len(files) > 10_000
    assert PLAIN not in files
    assert office.period.salt is not None
    assert office.period.salt not in files


def test_the_days_of_the_tests_are_in_the_period(office: OfficeFixture) -> None:
    assert office.period.starts_at <= NOW.astimezone(UTC) < office.period.ends_at
