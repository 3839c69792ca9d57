"""Tallies are what a recount of the answers finds, whatever happened in whichever order."""

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
from storage import tallies
from storage.database import Db
from storage.responses import OpenResponses
from storage.tallies import Cell, Deltas
from tests.postgres import ON_POSTGRES
from tests.storage.town import (
    OFFICE,
    SERVICE,
    UNIT,
    Town,
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
in_a_town = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Undone(Exception):
    """The example is over; its rows go."""


def take(town: Town, desk: OpenResponses, step: Step) -> None:
    """One person does one thing, if it can be done where he stands."""
    what, chat, number, nilai = step
    place = desk.of(chat)
    match what:
        case "begin" if place is None:
            town.begins(desk, chat, number)
        case "erase":
            desk.flush()
            town.erases(desk, chat)
        case "answer" if place is not None:
            desk.answer(place, town.registered.instrument.codes[number], nilai, "U2")
        case "skip" if place is not None:
            desk.answer(place, town.registered.instrument.codes[number], None, "U2")
        case "complete" if place is not None:
            town.completes(desk, chat)
        case "drop" if place is not None:
            desk.drop(place)


def live(town: Town, db: Db, taken: list[list[Step]]) -> None:
    """Turn after turn."""
    for turn in taken:
        with town.desk(db, *CHATS) as desk:
            for step in turn:
                take(town, desk, step)


def erase_all(town: Town, db: Db) -> None:
    """Everybody takes everything back."""
    with town.desk(db, *CHATS) as desk:
        for chat in CHATS:
            town.erases(desk, chat)


@given(turns)
@in_a_town
def test_after_any_life_the_tallies_are_what_a_recount_finds_and_add_up(
    town: Town, taken: list[list[Step]]
) -> None:
    with suppress(Undone), town.database.write() as db:
        live(town, db, taken)
        cells = tallies.stored(db, town.period.id)
        assert cells == recount(db) == summed(town, cells)
        erase_all(town, db)
        assert tallies.stored(db, town.period.id) == {}
        raise Undone


def summed(town: Town, cells: Counter[Cell]) -> Counter[Cell]:
    """What the services' cells make of their units' and the office's."""
    unit_of = {service.id: service.unit_id for service in town.services}
    added = Counter[Cell]()
    for cell, n in cells.items():
        if cell.scope == SERVICE:
            added[cell] += n
            added[cell._replace(scope=UNIT, scope_id=unit_of[cell.scope_id])] += n
            added[cell._replace(scope=OFFICE, scope_id=0)] += n
    return added


@given(turns, turns)
@in_a_town
def test_completing_and_erasing_is_the_identity(
    town: Town, before: list[list[Step]], chats: list[list[Step]]
) -> None:
    somebody = max(CHATS) + 1
    with suppress(Undone), town.database.write() as db:
        live(town, db, before)
        cells = tallies.stored(db, town.period.id)
        live(town, db, [[(what, somebody, *rest) for what, _, *rest in turn] for turn in chats])  # type: ignore[misc]
        with town.desk(db, somebody) as desk:
            if (place := desk.of(somebody)) is not None:
                town.completes(desk, place.chat_id)
        with town.desk(db, somebody) as desk:
            town.erases(desk, somebody)
        assert tallies.stored(db, town.period.id) == cells
        raise Undone


def test_repeats_and_channels_are_told_apart(town: Town) -> None:
    for _ in range(3):
        town.rates(1, *[4] * 9)
    with town.database.read() as db:
        counts = tallies.of_period(db, town.registered, town.period.id)[OFFICE, 0]
    assert counts.channels() == {"telegram": 3}
    assert counts.total()["WAKTU"] == {4: 3}
    assert counts.total(repeats=False)["WAKTU"] == {4: 1}


def test_a_count_below_nothing_is_refused(town: Town) -> None:
    place = town.rates(1, 4)
    twice = Deltas()
    for _ in range(2):
        twice.response(town.registered, place, {"PERSYARATAN": 4}, -1)
    with pytest.raises(IntegrityError):
        town.database.turn(twice.apply)
    town.agrees()


def test_a_turn_in_which_a_hundred_complete_adds_once(town: Town) -> None:
    with town.turn() as desk:
        for chat in range(1, 101):
            town.begins(desk, chat, service=chat % 3)
    with statements(town.database) as seen, town.turn(*range(1, 101)) as desk:
        for chat in range(1, 101):
            town.completes(desk, chat)
    assert len([line for line in seen if "INTO tally" in line]) == 1
    town.agrees()


def test_an_index_reads_as_many_rows_after_a_hundred_responses_as_after_one(town: Town) -> None:
    town.rates(1, *[4] * 9)
    few = town.count("tally")
    for chat in range(2, 30):
        town.rates(chat, *[4] * 9)
    assert town.count("tally") == few == 27


@pytest.mark.parametrize("damage", ["count = count + 7", "count = 0", "nilai = nilai + 1"])
def test_a_recount_repairs_damaged_tallies(town: Town, damage: str) -> None:
    for chat in CHATS:
        town.rates(chat, 4, 3, 0, 2, service=chat - 1)
    with town.database.write() as db:
        db.execute(text(f"UPDATE tally SET {damage} WHERE scope = 1"))  # noqa: S608 # named above
        right = recount(db)
        assert tallies.stored(db, town.period.id) != right
        tallies.repair(db, town.period.id, right)
    town.agrees()


def test_a_lost_tally_is_repaired_too(town: Town) -> None:
    town.rates(1, 4, 3)
    with town.database.write() as db:
        db.execute(t.tally.delete())
        tallies.repair(db, town.period.id, recount(db))
    town.agrees()


@ON_POSTGRES
def test_a_repair_takes_nothing_from_who_completes_meanwhile(town: Town) -> None:
    town.rates(1, 4)
    with town.database.write() as db:
        db.execute(update(t.tally).where(t.tally.c.scope == 0).values(count=5))

    def repair(db: Db) -> None:
        tallies.repair(db, town.period.id, recount(db))

    with town.another_process() as other:
        repairing = threading.Thread(target=other.database.turn, args=(repair,))
        with town.turn() as desk:
            town.begins(desk, 2)
            town.completes(desk, 2)
            desk.deltas.apply(desk.db)
            repairing.start()
            until_waiting(town.database)
        repairing.join(30)
    town.agrees()


@ON_POSTGRES
def test_tallies_stay_right_when_many_processes_complete_and_erase_at_once(town: Town) -> None:
    taken: list[int] = []

    def process(number: int) -> None:
        chance = random.Random(number)
        with town.another_process() as other:
            for chat in range(100 * number, 100 * number + 30, 3):
                other.does(partial(three_complete, first=chat, chance=chance))
                other.does(partial(town.erases, chat=chat))

    def three_complete(desk: OpenResponses, first: int, chance: random.Random) -> None:
        taken.append(first)
        for chat in range(first, first + 3):
            place = town.begins(desk, chat, chance.randrange(3))
            desk.answer(place, "WAKTU", chance.randint(1, 4), "U2")
            town.completes(desk, chat)

    together(*[lambda n=n: process(n) for n in range(1, 5)])
    assert town.count("response") == 4 * 10 * 2
    town.agrees()
    assert len(taken) == 4 * 10  # locks are taken in one order, so that no turn had to be repeated
