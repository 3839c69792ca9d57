"""A database of before is upgraded: its years have no papers yet, and a signed one stays."""

from __future__ import annotations

from datetime import date

from storage.database import Database
from storage.maintenance import schema
from storage.planning import planning_papers
from tests.storage.office_fixture import NOW


def test_papers_are_numbered_and_signed_after_the_upgrade(empty_url: str) -> None:
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, "0017")
    schema.migrate(database)
    with database.write() as db:
        assert planning_papers.versions(db, 2026) == []
        planning_papers.add(db, "pk", 2026, 0, 1)
        row = planning_papers.newest(db, "pk", 2026, 0)
        assert row is not None
        planning_papers.change(db, row.id, "100/1", date(2026, 1, 5))
        planning_papers.sign(db, row.id, {"title": "PK"}, "ab" * 32, 1, NOW)
        planning_papers.change(db, row.id, "lain", None)
        planning_papers.sign(db, row.id, {"title": "lain"}, "cd" * 32, 1, NOW)
        (kept,) = planning_papers.versions(db, 2026)
    assert (kept.number, kept.dated, kept.content) == ("100/1", date(2026, 1, 5), {"title": "PK"})
    assert kept.fingerprint == "ab" * 32
    database.close()
