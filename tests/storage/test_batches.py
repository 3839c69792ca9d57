"""Batches: paper answers count all at once or not at all, and are undone as one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scoring.paper import Slip
from storage import periods
from storage.survey import batches, slips
from storage.survey.batches import BatchNotFound, Interrupted, SlipTaken
from tests.storage.office_fixture import NOW, TODAY, OfficeFixture

REAL = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
FILE = bytes(32)
NINE = (3, 3, 3, 4, None, 3, 4, 4, 3)


def slip(
    office: OfficeFixture, number: str | None, service: int = 0, saran: str | None = None
) -> Slip:
    """One slip of the open period."""
    there = office.services[service].id
    told = ("L", "17-25", "-", "PNS")
    return Slip(office.period.id, there, None, TODAY, "08-12", number, told, NINE, saran)


def begins(office: OfficeFixture, slips: Sequence[Slip], file: bytes = FILE) -> int:
    """Start a batch and write its slips, which do not count yet."""
    with office.database.write() as db:
        number = batches.start(db, "kertas.csv", file, len(slips), 1, NOW, REAL)
        assert number is not None
        batches.write_slice(db, number, office.registered, slips, REAL)
    return number


def enters(office: OfficeFixture, *slips: Slip, file: bytes = FILE) -> int:
    """Import a whole file."""
    number = begins(office, slips, file)
    cells = batches.deltas_by_period(
        office.registered, slips, {s.id: s.unit_id for s in office.services}
    )
    with office.database.write() as db:
        batches.finish(db, number, cells, 1, NOW)
    return number


def undoes(office: OfficeFixture, number: int) -> None:
    """Undo the batch and delete its rows."""
    with office.database.write() as db:
        batches.undo(db, number, 1, NOW)
    sweeps(office)


def sweeps(office: OfficeFixture, real: datetime = REAL) -> int:
    """Delete all leftovers; the number of slices."""
    for slices in range(100):
        with office.database.write() as db:
            if not batches.remove_leftovers(db, real, most=2):
                return slices
    raise AssertionError("it never ends")


def ends(office: OfficeFixture, status: str) -> None:
    """The period is closed, or locked."""
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        if status == "locked":
            periods.lock(db, office.period.id, NOW)


def test_a_whole_file_counts_beside_answers_from_telegram(office: OfficeFixture) -> None:
    office.rates(101, 4, 4, 4, 4, 4)
    enters(office, slip(office, "0001"), slip(office, "0002", service=2), slip(office, None))
    office.agrees()
    assert office.count("response WHERE status = 1 AND kanal = 'kertas'") == 3
    assert office.count(f"owner_{office.period.id} WHERE receipt IS NOT NULL") == 1


def test_a_half_written_file_does_not_count(office: OfficeFixture) -> None:
    begins(office, [slip(office, "0001", saran="Kursi")])
    office.agrees()
    assert office.count("response WHERE status = 1") == 0
    assert office.count("tally WHERE count > 0") == 0


def test_a_half_written_file_is_removed_when_its_lease_expires(office: OfficeFixture) -> None:
    begins(office, [slip(office, f"{n:04}", saran="Kursi") for n in range(5)])
    assert sweeps(office) == 0
    assert sweeps(office, REAL + timedelta(minutes=2)) == 4
    assert [
        office.count(table) for table in ("response", "answer", "slip", "suggestion", "batch")
    ] == [0] * 5


def test_writing_to_a_removed_file_raises_interrupted(office: OfficeFixture) -> None:
    number = begins(office, [slip(office, "0001")])
    sweeps(office, REAL + timedelta(minutes=2))
    with pytest.raises(Interrupted), office.database.write() as db:
        batches.write_slice(db, number, office.registered, [slip(office, "0002")], REAL)
    with pytest.raises(Interrupted), office.database.write() as db:
        batches.finish(db, number, {}, 1, NOW)


def test_the_same_file_is_refused_until_it_is_undone(office: OfficeFixture) -> None:
    number = enters(office, slip(office, "0001"))
    with office.database.write() as db:
        assert batches.start(db, "lain.csv", FILE, 1, 1, NOW, REAL) is None
    undoes(office, number)
    assert enters(office, slip(office, "0001")) != number
    office.agrees()


def test_a_file_is_undone_whole_and_others_stay(office: OfficeFixture) -> None:
    office.rates(101, 4, 4, 4, 4, 4)
    kept = enters(office, slip(office, "0001"))
    undoes(office, enters(office, *[slip(office, f"{n:04}") for n in range(2, 9)], file=b"2" * 32))
    office.agrees()
    assert office.count("response") == 2
    with office.database.read() as db:
        assert batches.counts_by_period(db, kept) == {office.period.id: 1}


def test_a_file_is_undone_once(office: OfficeFixture) -> None:
    number = enters(office, slip(office, "0001"))
    undoes(office, number)
    with pytest.raises(BatchNotFound), office.database.write() as db:
        batches.undo(db, number, 1, NOW)
    office.agrees()


def test_a_response_voided_before_is_not_taken_out_twice(office: OfficeFixture) -> None:
    number = enters(office, slip(office, "0001"), slip(office, "0002"))
    first = office.rows("SELECT min(id) FROM response")[0][0]
    with office.database.write() as db:
        cells = batches.deltas_by_period(
            office.registered, [slip(office, "0001")], {office.services[0].id: 1}
        )
        for cell, n in cells[office.period.id].cells.items():
            cells[office.period.id].cells[cell] = -n
        cells[office.period.id].apply(db)
        db.exec_driver_sql(f"UPDATE response SET status = 2 WHERE id = {first}")  # noqa: S608 # a number
    undoes(office, number)
    office.agrees()
    assert office.count("response") == 0


def test_a_slip_number_used_after_the_check_stops_the_file(office: OfficeFixture) -> None:
    enters(office, slip(office, "0001"))
    with pytest.raises(SlipTaken, match="0001"):
        begins(office, [slip(office, "0002"), slip(office, "0001")], file=b"2" * 32)
    assert office.count("response") == 1


def test_paper_that_comes_after_the_close_is_a_numbered_revision(office: OfficeFixture) -> None:
    ends(office, "closed")
    undoes(office, enters(office, slip(office, "0001")))
    with office.database.read() as db:
        told = [(each.number, each.reason) for each in periods.revisions(db, office.period.id)]
    assert told == [(1, "isian kertas 1 masuk"), (2, "isian kertas 1 dibatalkan")]


def test_in_a_locked_period_no_file_is_imported_or_undone(office: OfficeFixture) -> None:
    number = enters(office, slip(office, "0001"))
    with office.database.write() as db:
        batches.start(db, "x", b"2" * 32, 1, 1, NOW, REAL)
    ends(office, "locked")
    cells = batches.deltas_by_period(
        office.registered, [slip(office, "0002")], {office.services[0].id: 1}
    )
    with pytest.raises(periods.Locked), office.database.write() as db:
        batches.finish(db, number + 1, cells, 1, NOW)
    with pytest.raises(periods.Locked), office.database.write() as db:
        batches.undo(db, number, 1, NOW)
    office.agrees()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", "0007"),
        (" 0007 ", "0007"),
        ("a-7", "A-7"),
        ("12345", "12345"),
        ("7.5", None),
        ("", None),
    ],
)
def test_a_slip_has_one_number_however_it_is_typed(typed: str, number: str | None) -> None:
    assert slips.normalized(typed) == number
