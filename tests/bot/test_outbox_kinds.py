"""The table of outbox kinds: every kind is in it, and the JSON of today's databases is read."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.outbox.kinds import KINDS, LANES, Lane
from office import outbox_bodies
from office.outbox_bodies import Body, NoticeBody, PosterBody, ReportBody
from storage import outbox
from tests.harness import Actor, Harness

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "cli", "office", "reports", "scoring", "storage")
STORED: list[tuple[str, dict[str, Any]]] = [  # a body of each kind as the databases hold it
    ("ringkasan", {"period": 3}),
    ("ringkasan_unit", {"period": 3}),
    ("denyut-2026-W28", {"text": "<b>12</b> penilaian masuk"}),
    ("peringatan", {"text": "Turun"}),
    ("ralat-2", {"text": "IKM semula 80,00"}),
    ("kepala_berkas", {"file": "x", "name": "kepala.xlsx"}),
    ("kepala_berkas", {"file": "x", "name": "kepala.xlsx", "shown": 77}),
    ("kabar", {"text": "Selamat pagi", "button": None}),
    ("kabar", {"text": "Selamat pagi", "button": ["Cabut", "o.0.cabut.0.0"]}),
    ("kabar_warga", {"text": "<b>Kabar</b>"}),
    ("nilai_buka", {"text": "Dibuka", "button": ["Nilai", "o.0.nilai.0.0"]}),
    ("nilai_ingat", {"text": "Belum", "button": ["Nilai", "o.0.nilai.0.0"]}),
    ("agenda-kunci", {"text": "Dikunci", "buttons": [["Rincian", "y.3.rincian.0.1"]]}),
    ("pratinjau", {"period": 3}),
    ("gambar_iku", {"year": 2026}),
    ("gambar_iku", {"year": 2026, "iku": 4}),
    ("berkas", {"file_id": "BQAC"}),
    ("dokumen", {"kind": "pk", "year": 2026, "quarter": 0, "format": "pdf"}),
    ("kertas", {"file": "BQAC", "name": "isian.xlsx", "write": False}),
    ("templat", {}),
    ("foto", {"line": 2, "file": "AgAC"}),
    ("rencana_lembar", {"plan": 2}),
    ("rencana_berkas", {"file": "BQAC", "name": "rencana.xlsx"}),
    ("rencana_berkas", {"file": "BQAC", "name": "rencana.xlsx", "shown": 71}),
    ("laporan", {"label": "2026-TW3"}),
    ("laporan", {"label": "2026-TW3", "progress": 17, "file": "laporan-2026-TW3.pdf"}),
    ("laporan", {"label": "2026-TW3", "progress": 17, "done": True}),
    ("poster", {"service": 2, "counter": 0, "size": "a5"}),
    ("kuesioner", {"first": 1, "last": 20}),
    ("kunjungan", {"period": 3, "first": 1, "last": 48}),
]


def body_types(base: type[Body] = Body) -> Iterator[type[Body]]:
    """Every type of body that can be put."""
    for each in base.__subclasses__():
        if hasattr(each, "KIND"):
            yield each
        yield from body_types(each)


def test_every_kind_of_body_has_one_line_in_the_table() -> None:
    assert {each.KIND for each in body_types()} == set(KINDS)
    assert {name: kind.body.KIND for name, kind in KINDS.items()} == {name: name for name in KINDS}


@pytest.mark.slow
def test_rows_are_put_by_typed_bodies_alone() -> None:
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if path == ROOT / "office" / "outbox_bodies.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert call not in {"outbox.put", "outbox.bodies_waiting"}, path


def test_a_kind_fits_its_column_and_has_no_hyphen() -> None:
    assert all(len(name) <= 24 and "-" not in name for name in KINDS)


def test_each_kind_is_in_one_lane() -> None:
    others = LANES[Lane.PAPERS].kinds | LANES[Lane.NEWS].kinds
    assert LANES[Lane.MESSAGES].kinds == others
    assert LANES[Lane.PAPERS].kinds.isdisjoint(LANES[Lane.NEWS].kinds)
    assert [LANES[lane].others for lane in Lane] == [True, False, False]


def test_every_kind_has_a_stored_body_to_be_tested() -> None:
    assert {kind.partition("-")[0] for kind, _ in STORED} == set(KINDS)


@pytest.mark.parametrize(("kind", "data"), STORED, ids=[f"{k} {list(d)}" for k, d in STORED])
async def test_a_stored_body_is_read_and_written_as_it_was(
    office: Harness, kind: str, data: dict[str, Any]
) -> None:
    name, _, part = kind.partition("-")
    with office.app.office.database.write() as db:
        outbox.put(db, kind, 5, data, office.now)
        (before,) = outbox.claim(db, office.now, office.now, "A")
        outbox_bodies.put(
            db, outbox_bodies.read(before, KINDS[name].body), 6, office.now, part=part
        )
        (after,) = outbox.claim(db, office.now, office.now, "A")
    unset = {"button": None}
    assert after.kind == before.kind
    assert unset | dict(after.body) == unset | dict(before.body)


def test_a_report_is_one_order_whatever_its_progress_and_a_poster_one_for_each_size() -> None:
    assert ReportBody("2026-TW3", 17, done=True) == ReportBody("2026-TW3")
    assert PosterBody(2, 0, "a5") != PosterBody(2, 0, "a4")


@pytest.mark.parametrize("kind", ["kabar", "poster", "laporan", "ringkasan"])
async def test_a_row_whose_body_cannot_be_read_fails_and_holds_up_no_other(
    office: Harness, admin: Actor, kind: str
) -> None:
    with office.app.office.database.write() as db:
        outbox.put(db, kind, admin.id, {"n": 1}, office.now)
        outbox_bodies.put(db, NoticeBody("Selamat pagi"), admin.id, office.now)
    await office.works()
    assert office.stored.outbox_reasons()[0] == ("failed", "UnreadableBody")
    assert any(message.get("text") == "Selamat pagi" for message in admin.messages)


async def test_an_admin_is_told_of_a_poster_whose_row_cannot_be_read(
    office: Harness, admin: Actor
) -> None:
    with office.app.office.database.write() as db:
        outbox.put(db, "poster", admin.id, {"service": 2}, office.now)
    await office.works()
    admin.sees("oster")


async def test_a_row_of_an_unknown_kind_fails(office: Harness, admin: Actor) -> None:
    with office.app.office.database.write() as db:
        outbox.put(db, "telegram", admin.id, {"text": "Selamat pagi"}, office.now)
    await office.works()
    assert office.stored.outbox_reasons() == [("failed", "UnknownKind")]
