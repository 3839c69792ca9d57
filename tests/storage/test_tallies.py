"""Tallies equal a recount of the answers after any sequence of steps."""

import random
import threading
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.database import Db
from storage.survey import tallies
from storage.survey.open_responses import OpenResponses
from storage.survey.tallies import Cell, Deltas
from tests.postgres import ON_POSTGRES
from tests.storage.office_fixture import (
    OFFICE,
    SERVICE,
    UNIT,
    OfficeFixture,
    recount,
    statements,
    together,
    until_waiting,
)

CHATS = (1, 2, 3)

Step: TypeAlias = tuple[str, int, int, int]  # what, chat, service or item, nilai

steps = st.tuples(
    st.sampled_from(["begin", "answer", "answer", "skip", "complete", "complete", "erase", "drop"]),
    st.sampled_from(CHATS),
    st.integers(0, 2),
    st.integers(1, 4),
)
turns = st.lists(st.lists(steps, max_size=8), max_size=8)
in_an_office = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Undone(Exception):
    """Delete the rows of the example."""


def take(office: OfficeFixture, open_responses: OpenResponses, step: Step) -> None:
    """One step of one person, unless his state does not allow it."""
    what, chat, number, nilai = step
    response = open_responses.of_chat(chat)
    match what:
        case "begin" if response is None:
            office.begins(open_responses, chat, number)
        case "erase":
            open_responses.flush()
            office.erases(open_responses, chat)
        case "answer" if response is not None:
            open_responses.answer(response, office.registered.instrument.codes[number], nilai, "U2")
        case "skip" if response is not None:
            open_responses.answer(response, office.registered.instrument.codes[number], None, "U2")
        case "complete" if response is not None:
            office.completes(open_responses, chat)
        case "drop" if response is not None:
            open_responses.delete(response)


def live(office: OfficeFixture, db: Db, taken: list[list[Step]]) -> None:
    """Take the steps, turn after turn."""
    for turn in taken:
        with office.open_responses(db, *CHATS) as open_responses:
            for step in turn:
                take(office, open_responses, step)


def erase_all(office: OfficeFixture, db: Db) -> None:
    """Every person erases everything."""
    with office.open_responses(db, *CHATS) as open_responses:
        for chat in CHATS:
            office.erases(open_responses, chat)


@pytest.mark.slow
@given(turns)
@in_an_office
def test_after_any_steps_the_tallies_equal_a_recount_and_add_up(
    office: OfficeFixture, taken: list[list[Step]]
) -> None:
    with suppress(Undone), office.database.write() as db:
        live(office, db, taken)
        cells = tallies.stored_cells(db, office.period.id)
        assert cells == recount(db) == summed(office, cells)
        erase_all(office, db)
        assert tallies.stored_cells(db, office.period.id) == {}
        raise Undone


def summed(office: OfficeFixture, cells: Counter[Cell]) -> Counter[Cell]:
    """The cells of the services, summed for their units and the office."""
    unit_of = {service.id: service.unit_id for service in office.services}
    added = Counter[Cell]()
    for cell, n in cells.items():
        if cell.scope == SERVICE:
            added[cell] += n
            added[cell._replace(scope=UNIT, scope_id=unit_of[cell.scope_id])] += n
            added[cell._replace(scope=OFFICE, scope_id=0)] += n
    return added


@pytest.mark.slow
@given(turns, turns)
@in_an_office
def test_completing_and_erasing_is_the_identity(
    office: OfficeFixture, before: list[list[Step]], chats: list[list[Step]]
) -> None:
    somebody = max(CHATS) + 1
    with suppress(Undone), office.database.write() as db:
        live(office, db, before)
        cells = tallies.stored_cells(db, office.period.id)
        theirs = [[(what, somebody, *rest) for what, _, *rest in turn] for turn in chats]
        live(office, db, theirs)  # type: ignore[arg-type] # mypy knows no length of `rest`
        with office.open_responses(db, somebody) as open_responses:
            if (response := open_responses.of_chat(somebody)) is not None:
                office.completes(open_responses, response.person)
        with office.open_responses(db, somebody) as open_responses:
            office.erases(open_responses, somebody)
        assert tallies.stored_cells(db, office.period.id) == cells
        raise Undone


def test_repeats_and_channels_are_told_apart(office: OfficeFixture) -> None:
    for _ in range(3):
        office.rates(1, *[4] * 9)
    with office.database.read() as db:
        counts = tallies.of_period(db, office.registered, office.period.id)[OFFICE, 0]
    assert counts.channels() == {"telegram": 3}
    assert counts.total()["WAKTU"] == {4: 3}
    assert counts.total(repeats=False)["WAKTU"] == {4: 1}


def test_a_negative_count_is_refused(office: OfficeFixture) -> None:
    response = office.rates(1, 4)
    twice = Deltas()
    for _ in range(2):
        twice.add(office.registered, response, {"PERSYARATAN": 4}, -1)
    with pytest.raises(IntegrityError):
        office.database.turn(twice.apply)
    office.agrees()


def test_a_turn_in_which_a_hundred_complete_adds_once(office: OfficeFixture) -> None:
    with office.turn() as open_responses:
        for chat in range(1, 101):
            office.begins(open_responses, chat, service=chat % 3)
    with statements(office.database) as seen, office.turn(*range(1, 101)) as open_responses:
        for chat in range(1, 101):
            office.completes(open_responses, chat)
    assert len([line for line in seen if "INTO tally" in line]) == 1
    office.agrees()


def test_an_index_reads_as_many_rows_after_a_hundred_responses_as_after_one(
    office: OfficeFixture,
) -> None:
    office.rates(1, *[4] * 9)
    few = office.count("tally")
    for chat in range(2, 30):
        office.rates(chat, *[4] * 9)
    assert office.count("tally") == few == 27


@pytest.mark.parametrize("damage", ["count = count + 7", "count = 0", "nilai = nilai + 1"])
def test_a_recount_repairs_damaged_tallies(office: OfficeFixture, damage: str) -> None:
    for chat in CHATS:
        office.rates(chat, 4, 3, 0, 2, service=chat - 1)
    with office.database.write() as db:
        db.execute(text(f"UPDATE tally SET {damage} WHERE scope = 1"))  # noqa: S608 # named above
        right = recount(db)
        assert tallies.stored_cells(db, office.period.id) != right
        tallies.repair(db, office.period.id, right)
    office.agrees()


def test_a_lost_tally_is_repaired_too(office: OfficeFixture) -> None:
    office.rates(1, 4, 3)
    with office.database.write() as db:
        db.execute(t.tally.delete())
        tallies.repair(db, office.period.id, recount(db))
    office.agrees()


@ON_POSTGRES
def test_a_repair_keeps_responses_that_complete_meanwhile(office: OfficeFixture) -> None:
    office.rates(1, 4)
    with office.database.write() as db:
        db.execute(update(t.tally).where(t.tally.c.scope == 0).values(count=5))

    def repair(db: Db) -> None:
        tallies.repair(db, office.period.id, recount(db))

    with office.another_process() as other:
        repairing = threading.Thread(target=other.database.turn, args=(repair,))
        with office.turn() as open_responses:
            office.begins(open_responses, 2)
            office.completes(open_responses, 2)
            open_responses.deltas.apply(open_responses.db)
            repairing.start()
            until_waiting(office.database)
        repairing.join(30)
    office.agrees()


@ON_POSTGRES
def test_tallies_stay_right_when_many_processes_complete_and_erase_at_once(
    office: OfficeFixture,
) -> None:
    taken: list[int] = []

    def process(number: int) -> None:
        chance = random.Random(number)
        with office.another_process() as other:
            for chat in range(100 * number, 100 * number + 30, 3):
                other.does(partial(three_complete, first=chat, chance=chance))
                other.does(partial(office.erases, chat=chat))

    def three_complete(open_responses: OpenResponses, first: int, chance: random.Random) -> None:
        taken.append(first)
        for chat in range(first, first + 3):
            response = office.begins(open_responses, chat, chance.randrange(3))
            open_responses.answer(response, "WAKTU", chance.randint(1, 4), "U2")
            office.completes(open_responses, chat)

    together(*[lambda n=n: process(n) for n in range(1, 5)])
    assert office.count("response") == 4 * 10 * 2
    office.agrees()
    assert len(taken) == 4 * 10  # locks are taken in one order, so that no turn had to be repeated
