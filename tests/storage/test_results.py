"""Results: stored with the fingerprint of their inputs, and recomputed when read."""

import threading
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select, text, update

from scoring.ikm import Mode
from storage import periods, results
from storage import tables as t
from storage.database import Db
from storage.periods import Differs
from storage.results import Result
from storage.survey import tallies
from storage.survey.tallies import Counts
from storage.tables import Scope
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import NOW, OFFICE, OfficeFixture, together, until_waiting

Found = dict[tuple[Scope, int], Result]


def stores(office: OfficeFixture, margin: str | None = "1.50") -> Found:
    """Compute and store the results of a period."""
    with office.database.write() as db:
        found = computed(office, db, margin)
        results.store(db, office.registered, office.period.id, found, NOW)
    return found


def computed(office: OfficeFixture, db: Db, margin: str | None = "1.50") -> Found:
    """Every scope's result."""
    counts = tallies.of_period(db, office.registered, office.period.id)
    size = None if margin is None else Decimal(margin)
    return {
        scope: results.computed(office.registered, counted, size)
        for scope, counted in counts.items()
    }


def stored(office: OfficeFixture) -> Found:
    """The results as they are read."""
    with office.database.read() as db:
        return results.of_period(db, office.registered, office.period.id)


@pytest.fixture
def rated(office: OfficeFixture) -> OfficeFixture:
    for chat in range(1, 8):
        office.rates(chat, *[(chat + n) % 4 + 1 for n in range(9)], service=chat % 3)
    return office


def test_a_stored_result_is_rebuilt_from_its_inputs_the_same(rated: OfficeFixture) -> None:
    found = stores(rated)
    assert len(found) == 3 + 2 + 1
    assert stored(rated) == found


def test_a_result_without_answers_or_margin_is_rebuilt_too(office: OfficeFixture) -> None:
    office.rates(1, *[0] * 9)
    found = stores(office, margin=None)
    assert found[OFFICE, 0].score.ikm is None
    assert stored(office) == found


def test_a_later_recount_takes_the_place_of_the_one_before(rated: OfficeFixture) -> None:
    stores(rated)
    rated.rates(99, *[4] * 9)
    found = stores(rated, margin="0.75")
    assert stored(rated) == found
    assert rated.count("result") == 6


def test_a_scope_without_answers_has_no_result(rated: OfficeFixture) -> None:
    stores(rated)
    for chat in (3, 6):  # all who rated the first service
        rated.does(partial(rated.erases, chat=chat))
    found = stores(rated)
    assert stored(rated) == found
    assert len(found) == 5


def test_erasing_deletes_results_that_contain_the_answers(rated: OfficeFixture) -> None:
    stores(rated)
    rated.does(partial(rated.erases, chat=1))
    assert stored(rated) == {}


def test_of_processes_that_recount_at_once_the_last_one_counts(rated: OfficeFixture) -> None:
    def recounts() -> Found:
        with rated.another_process() as other:
            return stores(other)

    found, *_ = together(*[recounts] * 3)
    assert stored(rated) == found


@ON_POSTGRES
def test_a_recount_that_waits_for_another_one_takes_its_place(rated: OfficeFixture) -> None:
    with rated.another_process() as other:
        waiting = threading.Thread(target=stores, args=(other, "0.75"))
        with rated.database.write() as db:
            results.store(db, rated.registered, rated.period.id, computed(rated, db), NOW)
            waiting.start()
            until_waiting(rated.database)
        waiting.join(30)
    assert {str(result.margin) for result in stored(rated).values()} == {"0.75"}


def revises(office: OfficeFixture) -> None:
    """The period closes, and something changes its figures afterwards."""
    with office.database.write() as db:
        periods.close(db, office.period.id, NOW)
        assert periods.add_revision(db, office.period.id, 9001, "salah slip", NOW) == 1


def test_a_revision_stands_beside_what_was_counted_before_and_is_what_counts(
    rated: OfficeFixture,
) -> None:
    stores(rated)
    rated.rates(99, *[4] * 9)
    revises(rated)
    assert stored(rated) == {}
    found = stores(rated)
    assert stored(rated) == found
    assert rated.count("result") == 12


def test_a_revision_that_leaves_nobody_brings_no_older_figure_back(rated: OfficeFixture) -> None:
    stores(rated)
    revises(rated)
    with rated.database.write() as db:
        results.store(db, rated.registered, rated.period.id, {}, NOW)
    assert stored(rated) == {}


def test_the_fingerprint_does_not_depend_on_the_order_of_counting(rated: OfficeFixture) -> None:
    with rated.database.read() as db:
        counts = tallies.of_period(db, rated.registered, rated.period.id)[OFFICE, 0]
    backwards = Counts(
        {
            key: {code: dict(reversed([*n.items()])) for code, n in reversed([*tally.items()])}
            for key, tally in counts.cells.items()
        }
    )
    one, other = (results.computed(rated.registered, c, None) for c in (counts, backwards))
    assert one.fingerprint == other.fingerprint


def test_the_fingerprint_tells_modes_and_tallies_apart(rated: OfficeFixture) -> None:
    with rated.database.read() as db:
        found = tallies.of_period(db, rated.registered, rated.period.id)
    modes = (Mode("1/k", "tanpa"), Mode("0.11", "tanpa"), Mode("1/k", "nrr2"))
    prints = {
        results.computed(rated.registered, counts, None, mode).fingerprint
        for mode in modes
        for counts in found.values()
    }
    assert len(prints) == len(modes) * (len(found) - 1)  # one service is all of its unit


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("ikm", "99.99", "ikm"),
        ("mutu", "A", "mutu"),
        ('"index"', "99", "indeks"),
        ("n", 8, "n"),
        ("formula", "ikm-1 0.11 tanpa", "formula"),
        ("fingerprint", "0" * 64, "fingerprint"),
    ],
)
def test_a_figure_changed_by_hand_is_named(
    rated: OfficeFixture, column: str, value: object, named: str
) -> None:
    stores(rated)
    with rated.database.write() as db:
        change = f"UPDATE result SET {column} = :value WHERE scope = 2"  # noqa: S608 # named above
        db.execute(text(change), {"value": value})
    with pytest.raises(Differs, match=rf"\b{named}\b"):
        stored(rated)


@pytest.mark.parametrize("nilai", ["1", "4", "9"])
def test_tallies_changed_by_hand_are_named(rated: OfficeFixture, nilai: str) -> None:
    stores(rated)
    with rated.database.write() as db:
        inputs = db.execute(select(t.result.c.inputs).where(t.result.c.scope == 2)).scalar_one()
        inputs["tallies"]["telegram/pertama"]["WAKTU"][nilai] = 70
        db.execute(update(t.result).where(t.result.c.scope == 2).values(inputs=inputs))
    with pytest.raises(Differs, match="fingerprint"):
        stored(rated)
