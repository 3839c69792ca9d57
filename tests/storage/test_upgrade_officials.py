"""A database that names its head in the office's data is upgraded to signatories with dates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database
from storage.maintenance import schema
from storage.settings import office_facts, rows
from storage.settings.office_facts import Official
from tests.storage.office_fixture import NOW
from tests.storage.test_upgrade import Rows

BEFORE = "0015"
FACTS = {"nama": "Kecamatan Pakong", "jabatan": "Camat Pakong"}


@pytest.fixture
def upgraded(empty_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of that time after the upgrade."""
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, BEFORE)
        old = Rows(db)
        for name, text in (FACTS | request.param).items():
            old.add("setting", key=f"office.{name}", value=text)
    schema.migrate(database)
    yield database
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("upgraded", [{"kepala": "H. Ahmad", "nip": "1970"}], indirect=True)
def test_the_head_in_the_offices_data_becomes_the_first_signatory(upgraded: Database) -> None:
    first = Official(1, "kepala", "H. Ahmad", "1970", "", "Camat Pakong", "", None, None)
    with upgraded.write() as db:
        assert office_facts.officials(db) == [first]
        assert office_facts.signatory(db, "kepala", NOW.date()) == first
        assert set(rows.under(db, "office.")) == {"office.nama", "office.jabatan"}
        office_facts.seed_head(db, "Nama lain", "", "Camat")
        assert office_facts.officials(db) == [first]


@pytest.mark.parametrize("upgraded", [{"kepala": "", "nip": ""}, {}], indirect=True)
def test_an_office_that_named_nobody_has_no_signatory(upgraded: Database) -> None:
    with upgraded.read() as db:
        assert office_facts.officials(db) == []
        assert office_facts.signatory(db, "atasan", NOW.date()) is None
