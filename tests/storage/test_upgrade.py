"""A database of the program before open responses had tables of their own is upgraded whole."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, insert

from office.periods import division, recount
from scoring import instrument_file, unit_instrument_file
from storage import catalogue, instruments, outbox, periods, results
from storage import tables as t
from storage.database import Database
from storage.maintenance import schema
from storage.survey import (  # fmt: skip
    open_responses,
    owners,
    patterns,
    responses,
    suggestions,
    tallies,
    voids,
)
from storage.survey.open_responses import OpenResponses
from storage.survey.tallies import Deltas
from storage.tables import Status
from storage.unit_index import ratings
from tests.postgres import ON_SQLITE
from tests.storage.office_fixture import NOW, SECRET, SKM

BUDI, SITI, HEAD = 5_101, 5_102, 5_103
FORM = unit_instrument_file.path_of("unit-pakong-contoh").read_text("utf-8")
SALT = bytes(range(32, 64))
BEFORE = "0003"
KEY = 0x1234_5678_9ABC_DEF0


class Rows:
    """Inserts into the tables as they were."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.metadata = MetaData()

    def add(self, name: str, /, **values: Any) -> None:
        """One row."""
        table = Table(name, self.metadata, autoload_with=self.db)
        self.db.execute(insert(table).values(values))


def _fill(db: Connection) -> None:
    rows = Rows(db)
    day, hour = (20_640, 0) if db.dialect.name == "sqlite" else (date(2026, 7, 6), "08-12")
    rows.add("instrument", id=1, code="skm-2017", version=1, content=SKM)
    rows.add("instrument", id=2, code="unit-pakong-contoh", version=1, content=FORM)
    for number, code in enumerate(instrument_file.parse(SKM, "skm").codes, 1):
        rows.add("item", id=number, instrument_id=1, code=code)
    rows.add("item", id=99, instrument_id=2, code="TARGET_JELAS")
    rows.add("unit", id=1, slug="u", name="U", position=1, active=True, kerja=True)
    rows.add(
        "service", id=1, unit_id=1, slug="ktp", name="KTP", gratis=True, position=1, active=True
    )
    span = {"starts_at": NOW, "ends_at": NOW.replace(month=9), "opened_at": NOW}
    rows.add(
        "period", id=1, kind="ikm", label="2026-TW2", instrument_id=1, status="locked", salt=None,
        locked_at=NOW, **span,
    )  # fmt: skip
    rows.add(
        "period", id=2, kind="ikm", label="2026-TW3", instrument_id=1, status="open", salt=SALT,
        **span,
    )  # fmt: skip
    rows.add(
        "period", id=3, kind="unit", label="2026-S2", instrument_id=2, status="open", salt=SALT,
        **span,
    )  # fmt: skip
    sent = {
        "instrument_id": 1, "service_id": 1, "kanal": "telegram", "urutan": 1, "status": 1,
        "revision": 16, "tanggal": day, "jam": hour, "umur": "26-35", "pekerjaan": "-",
    }  # fmt: skip
    owner = owners.owner_hash(SECRET, SALT, 0, BUDI)
    rows.add("response", id=1, period_id=1, **sent)
    rows.add("response", id=2, period_id=2, key=KEY, owner=owner, **sent)
    rows.add("response", id=3, period_id=2, key=KEY + 2**40, **sent | {"kanal": "kertas"})
    rows.add(
        "response", id=4, period_id=2, key=7, instrument_id=1, service_id=1, kanal="telegram",
        urutan=1, status=0, revision=3, chat_id=SITI, step="PROSEDUR", language="en", saran="Kursi",
        touched_at=NOW, jenis_kelamin="P",
    )  # fmt: skip
    for response in (1, 2, 3, 4):
        rows.add("answer", response_id=response, item_id=1, nilai=response)
    rows.add("answer", response_id=4, item_id=2, nilai=None)
    rows.add("slip", response_id=3, period_id=2, number="0007", batch_id=None, petugas=None)
    rows.add("suggestion", id=1, period_id=1, service_id=1, response_id=None, text="lama")
    rows.add("suggestion", id=2, period_id=2, service_id=1, response_id=2, text="baru")
    rows.add("awaited_text", chat_id=SITI, kind="saran", response_id=4, data={}, since=NOW)
    rows.add("awaited_text", chat_id=HEAD, kind="form", data={"form": "x"}, since=NOW)
    rows.add(
        "result", id=1, period_id=1, scope=2, scope_id=0, revision=0, formula="ikm-1", n=1,
        index="25/1", ikm="25.00", mutu="D", margin="1.50", inputs={"n": 1}, fingerprint="f" * 64,
        computed_at=NOW,
    )  # fmt: skip
    rows.add("population", period_id=1, unit_id=1, users=236)
    rows.add(
        "period", id=4, kind="unit", label="2026-S1", instrument_id=2, status="locked", salt=None,
        locked_at=NOW, **span,
    )  # fmt: skip
    rows.add(
        "result", id=2, period_id=4, scope=2, scope_id=0, revision=0, formula="unit-1", n=3,
        index="3/1", ikm="75.00", mutu=None, margin=None, inputs={"unit_kerja": 7},
        fingerprint="e" * 64, computed_at=NOW,
    )  # fmt: skip
    rows.add(
        "rating", id=99, period_id=3, revision=2, status=0, unit_id=1, chat_id=HEAD, step="X",
        touched_at=NOW,
    )  # fmt: skip
    rows.add("rating_answer", rating_id=99, item_id=99, nilai=4)
    rows.add(
        "outbox", id=1, kind="summary", chat_id=-100, period_id=1, body={"period_id": 1},
        status="due", due_at=NOW, late=False, attempts=0, claims=0,
    )  # fmt: skip


@pytest.fixture
def upgraded(empty_url: str) -> Iterator[Database]:
    """A database of that time after the upgrade."""
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, BEFORE)
        _fill(db)
    schema.migrate(database)
    yield database
    database.close()


@pytest.mark.slow
def test_a_half_filled_survey_goes_on_under_its_key(upgraded: Database) -> None:
    with upgraded.write() as db:
        known = instruments.known(db)
        opened = OpenResponses(db, known, NOW, Deltas())
        opened.load([SITI])
        response = opened.of_chat(SITI)
        assert response is not None
        assert (response.key, response.revision, response.step) == (7, 3, "PROSEDUR")
        assert response.answers == {"PERSYARATAN": 4, "PROSEDUR": None}
        assert response.attributes == {"jenis_kelamin": "P"}
        assert (response.language, response.saran, response.writing) == ("en", "Kursi", True)
        assert response.saran_parts == {"0": "Kursi"}
        owner = open_responses.owner_hash_of(SECRET, SALT, response)
        opened.complete(response, owner, date(2026, 7, 6), "08-12")
    with upgraded.read() as db:
        ended = responses.by_key(db, 7)
    assert ended is not None
    assert ended.owner == owner


@pytest.mark.slow
def test_sent_responses_keep_all_but_their_numbers(upgraded: Database) -> None:
    with upgraded.read() as db:
        sent = db.execute(t.response.select().order_by(t.response.c.id)).all()
        answers = db.execute(t.answer.select().order_by(t.answer.c.nilai)).all()
        registered = instruments.known(db)[1]
        options = [patterns.counts_by_option(db, period_id) for period_id in (1, 2)]
        rows = list(patterns.grouped_by_place(db, registered, 2))
    assert [row.period_id for row in sent] == [1, 2, 2]
    assert [row.id >> periods.ID_BITS for row in sent] == [1, 2, 2]
    assert {(row.tanggal, row.jam, row.status) for row in sent} == {
        (date(2026, 7, 6), "08-12", Status.COMPLETED)
    }
    assert [answer.nilai for answer in answers] == [1, 2, 3]
    assert {answer.response_id for answer in answers} == {row.id for row in sent}
    assert options == [{"umur": {"26-35": 1}}, {"umur": {"26-35": 2}}]
    assert sorted((where.kanal, given) for where, given, _ in rows) == [
        ("kertas", {"PERSYARATAN": 3}),
        ("telegram", {"PERSYARATAN": 2}),
    ]


@pytest.mark.slow
def test_receipts_slips_and_owners_of_an_open_period_still_lead_to_responses(
    upgraded: Database,
) -> None:
    with upgraded.write() as db:
        (by_receipt,) = voids.by_code(db, owners.receipt(KEY))
        (by_slip,) = voids.by_code(db, "0007")
        late = responses.by_key(db, KEY)
        assert (by_receipt.kanal, by_slip.kanal) == ("telegram", "kertas")
        assert late is not None
        assert late.owner == owners.owner_hash(SECRET, SALT, 0, BUDI)
        deltas = Deltas()
        known = instruments.known(db)
        assert responses.erase(db, known, deltas, SECRET, BUDI, NOW) == 1
        assert suggestions.period_ids(db) == [1]  # "baru" went with its response


@pytest.mark.slow
def test_a_locked_period_is_divided_anew_and_keeps_nobodys_owner(upgraded: Database) -> None:
    """One person rated in it: his answers are in no figure."""
    with upgraded.write() as db:
        assert results.without_result(db) == [1]
        known, period = instruments.known(db), periods.by_id(db, 1)
        assert period is not None
        read = recount.of_period(db, known[1], 1).read
        blocks = division.divided(known[1], read, catalogue.services_by_id(db))
        results.store(db, known[1], 1, blocks, division.attributes(read), None, NOW)
        (result,) = results.of_periods(db, known, [period])
        assert [(block.people, block.published) for block in result.blocks] == [(1, False)]
        assert results.without_result(db) == []
        assert periods.with_owners(db) == [2]
        assert [each.n for each in suggestions.counts_of_locked(db, [1])] == [1]


@pytest.mark.slow
def test_the_index_of_the_unit_heads_keeps_its_result(upgraded: Database) -> None:
    with upgraded.read() as db:
        stored = db.execute(t.unit_result.select()).one()
    assert (stored.period_id, stored.n, stored.nilai) == (4, 3, "75.00")
    assert (stored.formula, stored.fingerprint) == ("unit-1", "e" * 64)


@pytest.mark.slow
def test_a_heads_half_filled_rating_and_the_waiting_outbox_go_on(upgraded: Database) -> None:
    with upgraded.write() as db:
        rating = ratings.by_key(db, 99)
        assert rating is not None
        assert (rating.chat_id, rating.revision, rating.answers) == (HEAD, 2, {"TARGET_JELAS": 4})
        assert outbox.by_status(db) == {"due": 1}
        assert [row.kind for row in db.execute(t.awaited_text.select())] == ["form"]


@pytest.mark.slow
def test_the_users_of_a_unit_stay_and_those_of_its_services_can_be_entered(
    upgraded: Database,
) -> None:
    with upgraded.write() as db:
        assert catalogue.users_by_unit(db, 1) == {1: 236}
        assert catalogue.users_by_service(db, 2) == {}
        catalogue.set_service_users(db, 2, 1, 120)
        assert catalogue.users_by_unit(db, 2) == {1: 120}


@pytest.mark.slow
def test_what_each_item_asks_about_is_known(upgraded: Database) -> None:
    with upgraded.read() as db:
        items = {row.code: row.unsur for row in db.execute(t.item.select())}
    assert items["PERSYARATAN"] == "PERSYARATAN"
    assert items["TARGET_JELAS"] != "TARGET_JELAS"  # its aspek


@ON_SQLITE
def test_ids_that_are_drawn_twice_are_drawn_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = importlib.import_module("storage.migrations.versions.0004_open_responses_apart")
    monkeypatch.setitem(migration.NEW_ID, "sqlite", "(period_id << 40) | (random() & 15)")
    numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)"
    with database.write() as db:
        migration._draw_ids(db, "drawn", f"{numbers} SELECT n, 2 FROM n")  # noqa: S608 # numbers
        ids = list(db.exec_driver_sql("SELECT new FROM drawn").scalars())
    assert len(set(ids)) == 14
    assert {number >> 40 for number in ids} == {2}


MENDED = SKM.replace("version = 1", "version = 2").replace("Misalnya KTP, KK", "Contohnya KTP, KK")
OTHER = SKM.replace("version = 1", "version = 3").replace('lower = "88.31"', 'lower = "88.50"')


def _fill_0004(db: Connection) -> None:
    """An office that raised the version for a text, then for a limit; its period has the second."""
    rows = Rows(db)
    day = 20_640 if db.dialect.name == "sqlite" else date(2026, 7, 6)
    files = {1: ("skm-2017", 1, SKM), 2: ("skm-2017", 2, MENDED), 3: ("skm-2017", 3, OTHER)}
    files[4] = ("unit-pakong-contoh", 1, FORM)
    for number, (code, version, content) in files.items():
        rows.add("instrument", id=number, code=code, version=version, content=content)
    for place, code in enumerate(instrument_file.parse(SKM, "skm").codes, 1):
        for number in (1, 2, 3):
            rows.add("item", id=10 * number + place, instrument_id=number, code=code, unsur=code)
    rows.add("item", id=99, instrument_id=4, code="TARGET_JELAS", unsur="TARGET")
    rows.add("unit", id=1, slug="u", name="U", position=1, active=True, kerja=True)
    rows.add(
        "service", id=1, unit_id=1, slug="ktp", name="KTP", gratis=True, position=1, active=True
    )
    span = {"starts_at": NOW, "ends_at": NOW.replace(month=9), "opened_at": NOW}
    for number, kind, label, status, used in (
        (1, "ikm", "2026-TW2", "locked", 1),
        (2, "ikm", "2026-TW3", "closed", 2),
        (3, "unit", "2026-S2", "open", 4),
    ):
        rows.add(
            "period", id=number, kind=kind, label=label, instrument_id=used, status=status, **span
        )
    for period, item, nilai in ((1, 11, 2), (2, 21, 4)):
        response = (period << periods.ID_BITS) + 5
        rows.add(
            "response", id=response, period_id=period, instrument_id=period, service_id=1,
            kanal="telegram", urutan=1, status=1, tanggal=day,
        )  # fmt: skip
        rows.add("answer", response_id=response, item_id=item, nilai=nilai)
        rows.add(
            "tally", period_id=period, scope=2, scope_id=0, kanal="telegram", repeat=False,
            item_id=item, nilai=nilai, count=1,
        )  # fmt: skip
    rows.add(
        "open_rating", period_id=3, unit_id=1, key=99, chat_id=HEAD, revision=2, step="X",
        answers={"TARGET_JELAS": 4}, touched_at=NOW,
    )  # fmt: skip


@pytest.fixture
def with_versions(empty_url: str) -> Iterator[Database]:
    """The database of that office after the upgrade."""
    database = Database(empty_url)
    database.make_private()
    with database.migration() as db:
        schema.upgrade(db, "0004")
        _fill_0004(db)
    schema.migrate(database)
    yield database
    database.close()


@pytest.mark.slow
def test_a_version_that_was_raised_for_a_text_joins_its_series(with_versions: Database) -> None:
    with with_versions.read() as db:
        known = instruments.known(db)
        found = [list(patterns.grouped_answers(db, known[1], [number])) for number in (1, 2)]
        counts = [tallies.of_office(db, known[1], number).total() for number in (1, 2)]
    assert known[2].item_ids == known[1].item_ids
    assert known[2].instrument.version == 2
    assert [answers[0][0]["PERSYARATAN"] for answers in found] == [2, 4]
    assert counts == [{"PERSYARATAN": {2: 1}}, {"PERSYARATAN": {4: 1}}]


@pytest.mark.slow
def test_a_version_that_was_raised_for_a_limit_keeps_its_items(with_versions: Database) -> None:
    with with_versions.write() as db:
        known = instruments.known(db)
        assert not set(known[3].item_ids.values()) & set(known[1].item_ids.values())
        assert [instruments.register(db, text) for text in (SKM, MENDED, OTHER)] == [1, 2, 3]


@pytest.mark.slow
def test_an_open_rating_keeps_the_form_of_its_period(with_versions: Database) -> None:
    with with_versions.write() as db:
        rating = ratings.by_key(db, 99)
    assert rating is not None
    assert (rating.instrument_id, rating.chat_id) == (4, HEAD)
