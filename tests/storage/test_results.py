"""Results: blocks stored with the fingerprint of their inputs, and recomputed when read."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from office.periods import division, recount
from scoring import ikm
from storage import catalogue, periods, results
from storage import tables as t
from storage.periods import Differs
from storage.results import Block, PeriodResult
from storage.survey import tallies
from tests.storage.office_fixture import NOW, OfficeFixture


def locks(office: OfficeFixture) -> list[Block]:
    """Divide the answers of the period, store the blocks, lock."""
    with office.database.write() as db:
        read = recount.of_period(db, office.registered, office.period.id).read
        blocks = division.divided(office.registered, read, catalogue.services_by_id(db))
        attributes = division.attributes(read)
        results.store(db, office.registered, office.period.id, blocks, attributes, None, NOW)
        periods.close(db, office.period.id, NOW)
        periods.lock(db, office.period.id, NOW)
    return blocks


def stored(office: OfficeFixture) -> PeriodResult | None:
    """The result as it is read."""
    with office.database.read() as db:
        period = periods.by_id(db, office.period.id)
        assert period is not None
        read = results.of_periods(db, office.known, [period])
        return read[0] if read else None


@pytest.fixture
def rated(office: OfficeFixture) -> OfficeFixture:
    for chat in range(1, 18):
        values = [(chat + n) % 4 + 1 for n in range(9)]
        office.rates(chat, *values, service=chat % 3, about={"umur": "26-35"})
    return office


def test_a_stored_result_is_rebuilt_from_its_inputs_the_same(rated: OfficeFixture) -> None:
    blocks = locks(rated)
    result = stored(rated)
    assert result is not None
    assert list(result.blocks) == blocks
    assert [len(block.services) for block in blocks] == [1, 1, 1]
    assert (result.n, result.revision, result.levy) == (17, 0, None)
    assert result.attributes["umur"] == [(("26-35",), 17)]


def test_blocks_add_up_to_what_the_office_has(rated: OfficeFixture) -> None:
    blocks = locks(rated)
    with rated.database.read() as db:
        rows = recount.of_period(db, rated.registered, rated.period.id)
    total = ikm.merged(*(block.counts.total() for block in blocks))
    whole = ikm.score(rated.registered.instrument, total)
    assert whole == ikm.score(
        rated.registered.instrument, division.tally(rated.registered, rows.read)
    )
    assert sum(block.people for block in blocks) == 17


def test_services_of_too_few_people_are_one_block(office: OfficeFixture) -> None:
    for chat in range(1, 11):
        office.rates(chat, *[3] * 9, service=0 if chat < 4 else 1)
    (block,) = locks(office)
    assert sorted(block.services) == sorted(service.id for service in office.services[:2])
    assert (block.people, block.counts.n, block.published) == (10, 10, True)


def test_a_phone_that_rated_several_times_is_one_person(office: OfficeFixture) -> None:
    for service in (0, 1, 2, 0, 1):
        office.rates(1, *[4] * 9, service=service)
    for chat in (2, 3, 4):
        office.rates(chat, *[3] * 9, service=2)
    (block,) = locks(office)
    assert (block.people, block.counts.n, block.published) == (4, 8, False)
    assert block.moments.clusters == 4


def test_nobody_leaves_no_block(office: OfficeFixture) -> None:
    assert locks(office) == []
    result = stored(office)
    assert result is not None
    assert result.n == 0


def test_a_correction_replaces_blocks_and_keeps_what_was_before(rated: OfficeFixture) -> None:
    first, second, third = locks(rated)
    before = stored(rated)
    assert before is not None
    with rated.database.write() as db:
        both = Block(
            {**first.services, **second.services},
            first.people + second.people,
            True,
            False,
            tallies.summed([first.counts, second.counts]),
            first.moments + second.moments,
        )
        results.correct(db, rated.registered, before, [0, 1], [both], before.attributes, NOW)
    after = stored(rated)
    assert after is not None
    assert (after.revision, after.n) == (1, before.n)
    assert list(after.blocks) == [third, both]
    assert rated.count("result") == 2
    assert rated.count("block WHERE until = 1") == 2


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ('"index"', "99", "indeks"),
        ("n", 8, "n"),
        ("formula", "ikm-1", "formula"),
        ("fingerprint", "0" * 64, "fingerprint"),
    ],
)
def test_a_figure_changed_by_hand_is_named(
    rated: OfficeFixture, column: str, value: object, named: str
) -> None:
    locks(rated)
    with rated.database.write() as db:
        change = f"UPDATE result SET {column} = :value"  # noqa: S608 # named above
        db.execute(text(change), {"value": value})
    with pytest.raises(Differs, match=rf"\b{named}\b"):
        stored(rated)


@pytest.mark.parametrize("nilai", ["1", "4", "9"])
def test_tallies_changed_by_hand_are_named(rated: OfficeFixture, nilai: str) -> None:
    locks(rated)
    with rated.database.write() as db:
        counts = db.execute(select(t.block.c.tallies).where(t.block.c.number == 0)).scalar_one()
        counts["telegram/pertama"]["WAKTU"][nilai] = 70
        db.execute(update(t.block).where(t.block.c.number == 0).values(tallies=counts))
    with pytest.raises(Differs, match="fingerprint"):
        stored(rated)


def test_a_block_with_another_number_of_responses_is_named(rated: OfficeFixture) -> None:
    locks(rated)
    with rated.database.write() as db:
        db.execute(update(t.block).where(t.block.c.number == 1).values(n=1))
    with pytest.raises(Differs, match=r"\bn\b"):
        stored(rated)
