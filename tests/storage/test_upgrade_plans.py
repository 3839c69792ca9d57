"""A database with one IKU table for all years is upgraded to plans, and no year's table changes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection

from scoring import profile
from scoring.iku import Target
from storage.database import Database
from storage.maintenance import schema
from storage.planning import ikus, plans
from storage.settings import rows
from tests.storage.office_fixture import NOW, SKM
from tests.storage.test_upgrade import Rows

SHIPPED = profile.named("pakong-2018")
BEFORE = "0010"
OLD_IDS = (3, 5, 8)  # with gaps, as after deletions


def _fill(db: Connection, targets: dict[tuple[int, int], str]) -> None:
    old = Rows(db)
    values: dict[str, Any] = {
        "profil.periode": SHIPPED.periode, "profil.tugas": SHIPPED.tugas,
        "profil.fungsi": SHIPPED.fungsi, "profil.source": SHIPPED.source,
        "iku.tahunan": "rerata_periode", "iku.batas_capaian": "120",
        "sakip.batas": "paling sedikit", "office.nama": "Kecamatan Pakong",
    }  # fmt: skip
    for key, value in values.items():
        old.add("setting", key=key, value=value)
    planned = [(sasaran.name, one) for sasaran in SHIPPED.sasaran for one in sasaran.iku]
    for position, (number, (name, one)) in enumerate(zip(OLD_IDS, planned, strict=True), 1):
        old.add(
            "iku", id=number, position=position, sasaran=name, indikator=one.name,
            satuan=one.satuan, formulasi=one.formulasi, arah=one.arah, sumber=one.realisasi,
            active=True,
        )  # fmt: skip
    for (number, year), target in targets.items():
        old.add("iku_target", iku_id=number, year=year, target=target, predikat=None)
    for entry, (number, year, revision, nilai) in enumerate(
        ((8, 2021, 1, "79.95"), (8, 2021, 2, "80.95"), (8, 2025, 1, "81.5")), 1
    ):
        old.add(
            "iku_entry", id=entry, iku_id=number, year=year, revision=revision, realisasi=nilai,
            source="LKIP", reason=None if revision == 1 else "salah ketik", entered_by=1,
            entered_at=NOW,
        )  # fmt: skip
    old.add("instrument", id=1, code="skm-2017", version=1, content=SKM)
    old.add(
        "period", id=1, kind="ikm", label="2026-TW3", instrument_id=1, status="open",
        starts_at=NOW, ends_at=NOW.replace(month=9), opened_at=NOW,
    )  # fmt: skip


@pytest.fixture
def upgraded(empty_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of that time after the upgrade."""
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, BEFORE)
        _fill(db, {(8, 2021): "83", (8, 2023): "84", (5, 2027): "70.5"} | request.param)
    schema.migrate(database)
    yield database
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("upgraded", [{}], indirect=True)
def test_every_year_that_has_something_is_held_by_a_plan(upgraded: Database) -> None:
    with upgraded.read() as db:
        heads = [row.head for row in plans.all_plans(db)]
        assert [(head.name, head.first, head.last) for head in heads] == [
            ("IKU Periode 2018–2023", 2018, 2023),
            ("IKU Periode 2025–2027", 2025, 2027),
        ]
        assert [head.source for head in heads] == [
            SHIPPED.source, "Disalin dari IKU Periode 2018–2023",
        ]  # fmt: skip
        assert {head.tugas for head in heads} == {tuple(SHIPPED.tugas)}
        for head in heads:
            rules = head.rules
            assert (rules.tahunan, rules.feeding) == ("rerata_periode", "terbit")
            assert (rules.at_boundary, rules.cap) == ("paling sedikit", Decimal(120))


@pytest.mark.slow
@pytest.mark.parametrize("upgraded", [{}], indirect=True)
def test_targets_and_entries_stand_in_the_plan_of_their_year(upgraded: Database) -> None:
    with upgraded.read() as db:
        assert [one.id for one in ikus.of_year(db, 2021)] == list(OLD_IDS)
        codes = {
            (one.code, year): one.id
            for year, planned in ikus.of_years(db, range(2018, 2028)).items()
            for one in planned
        }
        assert len(codes) == 3 * (6 + 3)
        assert ikus.targets(db, range(2018, 2028)) == {
            (8, 2021): Target(Decimal(83)),
            (8, 2023): Target(Decimal(84)),
            (codes["SAKIP", 2027], 2027): Target(Decimal("70.5")),
        }
        entered = ikus.entered_realisasi(db, range(2018, 2028))
        assert {key: (one.realisasi, one.revision) for key, one in entered.items()} == {
            (8, 2021): (Decimal("80.95"), 2),
            (codes["IKM", 2025], 2025): (Decimal("81.5"), 1),
        }
        assert ikus.entered_of_source(db, "ikm", (2021, 2025)) == {
            2021: Decimal("80.95"), 2025: Decimal("81.5"),
        }  # fmt: skip
        assert set(rows.under(db, "")) == {"office.nama"}


@pytest.mark.slow
@pytest.mark.parametrize("upgraded", [{(8, 2010): "60", (8, 2099): "99"}], indirect=True)
def test_years_far_apart_are_held_by_plans_of_their_own(upgraded: Database) -> None:
    with upgraded.read() as db:
        spans = [(row.head.first, row.head.last) for row in plans.all_plans(db)]
    assert spans == [(2010, 2010), (2018, 2023), (2025, 2027), (2099, 2099)]


@pytest.mark.slow
@pytest.mark.parametrize("upgraded", [{}], indirect=True)
def test_what_is_stored_after_the_upgrade_gets_new_numbers(upgraded: Database) -> None:
    with upgraded.write() as db:
        whole = plans.whole(db, plans.newest(db).id)
        plans.put(db, plans.newest(db).id, whole, None, NOW)
        assert plans.whole(db, plans.newest(db).id) == whole
        of_2027 = ikus.of_year(db, 2027)[0].id
        ikus.enter_realisasi(db, of_2027, 2027, Decimal(75), "LKIP", None, 1, NOW)
        with pytest.raises(plans.YearTaken, match="2025"):
            plans.put(db, None, whole, None, NOW)
