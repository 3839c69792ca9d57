"""Times are aware UTC, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from scoring.period import WIB
from storage import periods
from storage import tables as t
from storage.database import Database, Db
from tests.storage.office_fixture import OfficeFixture

EARLY = datetime(2026, 7, 6, 9, 0, 0, 123456, WIB)


def seen_at(db: Db, moment: datetime) -> None:
    row = {"bot_id": 1, "update_id": moment.microsecond, "handled_at": moment}
    db.execute(insert(t.handled_update).values(row))


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.write() as db:
        seen_at(db, datetime(2026, 7, 6, 9, 0))  # noqa: DTZ001 # what is refused


def test_a_moment_comes_back_in_utc_to_the_microsecond(database: Database) -> None:
    with database.write() as db:
        seen_at(db, EARLY)
        if not database.is_sqlite:
            db.execute(text("SET LOCAL TimeZone = 'Asia/Jayapura'"))
        found = db.execute(select(t.handled_update.c.handled_at)).scalar_one()
    assert found == EARLY
    assert found.tzinfo is UTC
    assert found.isoformat() == "2026-07-06T02:00:00.123456+00:00"


def test_moments_are_compared_as_moments_whatever_their_zone(database: Database) -> None:
    column = t.handled_update.c.handled_at
    with database.write() as db:
        seen_at(db, EARLY)
        same = datetime(2026, 7, 6, 2, 0, 0, 123456, UTC)
        assert db.execute(select(column).where(column == same)).first()
        assert db.execute(select(column).where(column <= same)).first()
        assert not db.execute(select(column).where(column < same)).first()


def test_a_period_ends_in_the_microsecond_in_which_the_next_one_begins(
    office: OfficeFixture,
) -> None:
    with office.database.read() as db:
        period = periods.current(db, "ikm")
    assert period is not None
    assert period.ends_at == datetime(2026, 10, 1, tzinfo=WIB)
    assert period.starts_at.tzinfo is UTC
