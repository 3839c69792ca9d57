"""Both databases without a bot, beside the offices of the scenarios."""

import pytest

from storage.database import Database
from storage.settings import office_facts
from storage.settings.office_facts import OfficeFacts
from tests.postgres import backend, database, empty_url, url
from tests.storage.office_fixture import OfficeFixture

__all__ = ["backend", "database", "empty_url", "fixture", "url"]


@pytest.fixture
def fixture(database: Database) -> OfficeFixture:
    """An office on a database of its own."""
    fixture = OfficeFixture.on(database)
    with fixture.database.write() as db:
        office_facts.seed(db, OfficeFacts(nama="Kecamatan Pakong"))
    return fixture
