"""Both databases, and an office on each."""

import pytest

from storage.database import Database
from tests.postgres import backend, database, empty_url, sqlite_template, url
from tests.storage.office_fixture import OfficeFixture

__all__ = ["backend", "database", "empty_url", "office", "sqlite_template", "url"]


@pytest.fixture
def office(database: Database) -> OfficeFixture:
    """An office on a database of its own."""
    return OfficeFixture.on(database)
