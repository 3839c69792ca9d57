"""Both databases, and a town on each."""

import pytest

from storage.database import Database
from tests.postgres import backend, database, empty_url, sqlite_template, url
from tests.storage.town import Town

__all__ = ["backend", "database", "empty_url", "sqlite_template", "town", "url"]


@pytest.fixture
def town(database: Database) -> Town:
    """A town on a database of its own."""
    return Town.on(database)
