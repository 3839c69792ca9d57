"""A database of before is upgraded: its follow-up and photos stay, and an LHE gets its own."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from storage import follow_ups
from storage.database import Database
from storage.maintenance import schema
from tests.storage.office_fixture import NOW, SKM
from tests.storage.test_upgrade import Rows


def test_follow_ups_stay_and_recommendations_are_added(empty_url: str) -> None:
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, "0018")
        old = Rows(db)
        old.add("instrument", id=1, code="skm-2017", version=1, content=SKM)
        old.add(
            "period", id=1, kind="ikm", label="2026-TW3", instrument_id=1, status="open",
            starts_at=NOW, ends_at=NOW.replace(month=9), opened_at=NOW,
        )  # fmt: skip
        old.add(
            "follow_up", id=7, period_id=1, item="WAKTU", kegiatan="Loket", responsible="Kasi",
            due=date(2026, 12, 1), status="berjalan", evidence="", obstacle="", changed_by=1,
            changed_at=NOW, description="",
        )  # fmt: skip
        old.add(
            "follow_up_photo", id=1, follow_up_id=7, sha256=b"a" * 32, png=b"png", added_by=1,
            added_at=NOW,
        )  # fmt: skip
    schema.migrate(database)
    with database.write() as db:
        (kept,) = follow_ups.of_period(db, 1)
        assert (kept.id, kept.kegiatan, kept.tahun_evaluasi) == (7, "Loket", None)
        assert follow_ups.photo_count(db, 7) == 1
        follow_ups.add_recommendations(db, 2026, ["Selaraskan", "Pantau"], 1, NOW)
        first, second = follow_ups.of_lhe(db, 2026)
        follow_ups.change(db, first.id, 1, NOW, kegiatan="Rapat")
        for line in (first, second):
            follow_ups.delete_untouched(db, line)
        assert [line.rekomendasi for line in follow_ups.of_lhe(db, 2026)] == ["Selaraskan"]
        assert len(follow_ups.unfinished(db)) == 2
    with pytest.raises(IntegrityError), database.write() as db:
        follow_ups.change(db, 7, 1, NOW, tahun_evaluasi=2026)
    database.close()
