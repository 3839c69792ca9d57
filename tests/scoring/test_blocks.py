"""Blocks: every published part holds people enough, whoever rated what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import blocks
from scoring.blocks import NOBODY, People

CODES = ("WAKTU", "BIAYA", "SARANA")
EVERYTHING = frozenset(CODES)


def once(n: int, **answered: int) -> People:
    """People with one response each, who answered everything but what is named."""
    return People(n, dict.fromkeys(CODES, n) | answered, {})


def phones(*names: str, items: frozenset[str] = EVERYTHING) -> People:
    """Phones with several responses."""
    return People(0, {}, dict.fromkeys(names, items))


def divided(*sizes: int, unit: int = 1) -> list[tuple[int, ...]]:
    """The blocks of services of one unit."""
    served = {number: (unit, once(n)) for number, n in enumerate(sizes, 1)}
    return blocks.division(served, CODES)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((5, 5), [(1,), (2,)]),
        ((30, 4, 9), [(1,), (2, 3)]),
        ((30, 2, 2, 1), [(1,), (2, 3, 4)]),
        ((30, 2, 1), [(1, 2, 3)]),
        ((2, 1), [(1, 2)]),
        ((4, 4, 4), [(1, 2, 3)]),
        ((), []),
    ],
)
def test_the_smallest_services_of_a_unit_are_joined(
    sizes: tuple[int, ...], expected: list[tuple[int, ...]]
) -> None:
    assert divided(*sizes) == expected


def test_a_unit_too_small_joins_the_smallest_block_of_the_smallest_other_unit() -> None:
    served = {
        1: (1, once(40)), 2: (1, once(6)),
        3: (2, once(9)), 4: (2, once(8)),
        5: (3, once(3)), 6: (3, once(1)),
    }  # fmt: skip
    assert blocks.division(served, CODES) == [(1,), (2,), (3,), (4, 5, 6)]


def test_a_phone_that_rated_five_services_is_one_person() -> None:
    served = {number: (1, phones("101")) for number in range(1, 6)}
    assert blocks.joined(people for _, people in served.values()).number == 1
    served[6] = (1, once(9))
    assert blocks.division(served, CODES) == [(1, 2, 3, 4, 5, 6)]


def test_a_service_whose_unsur_few_answered_is_joined() -> None:
    served = {1: (1, once(20, SARANA=3)), 2: (1, once(8)), 3: (1, once(30))}
    assert blocks.division(served, CODES) == [(1, 2), (3,)]


def test_an_unsur_that_nobody_answered_joins_nothing() -> None:
    assert blocks.enough(once(5, SARANA=0), CODES)
    assert not blocks.enough(once(5, SARANA=4), CODES)
    assert not blocks.enough(once(4), CODES)


def test_who_answered_an_item_in_one_of_two_services_answered_it() -> None:
    one, other = phones("101", items=frozenset({"WAKTU"})), phones("101", items=frozenset())
    assert blocks.joined((one, other)).who_answered("WAKTU") == 1


# --- properties -------------------------------------------------------------------------------

items = st.frozensets(st.sampled_from(CODES))
people = st.builds(
    lambda given, several: People(
        len(given), {code: sum(code in each for each in given) for code in CODES}, several
    ),
    st.lists(items, max_size=12),
    st.dictionaries(st.integers(1, 15), items, max_size=6),
)
offices = st.dictionaries(
    st.integers(1, 9), st.tuples(st.integers(1, 4), people), min_size=1, max_size=9
)
Served = Mapping[int, tuple[int, People]]


def block_people(served: Served, services: Iterable[int]) -> People:
    """Everybody who rated one of these services."""
    return blocks.joined(served[service][1] for service in services)


@pytest.mark.slow
@given(offices)
def test_every_block_is_enough_unless_there_is_only_one(served: Served) -> None:
    found = blocks.division(served, CODES)
    sound = [blocks.enough(block_people(served, services), CODES) for services in found]
    assert all(sound) or len(found) == 1


@pytest.mark.slow
@given(offices)
def test_the_blocks_hold_every_service_once(served: Served) -> None:
    found = blocks.division(served, CODES)
    assert sorted(service for services in found for service in services) == sorted(served)


@pytest.mark.slow
@given(offices)
def test_services_that_are_enough_for_themselves_join_only_with_smaller_ones(
    served: Served,
) -> None:
    for services in blocks.division(served, CODES):
        alone = [blocks.enough(served[service][1], CODES) for service in services]
        assert len(services) == 1 or not all(alone)


@pytest.mark.slow
@given(offices)
def test_a_block_of_several_units_contains_all_of_a_unit_that_is_too_small(
    served: Served,
) -> None:
    for services in blocks.division(served, CODES):
        units = {served[service][0] for service in services}
        inside = [
            unit
            for unit in units
            if {service for service, (of, _) in served.items() if of == unit} <= set(services)
        ]
        assert len(units) == 1 or len(inside) >= len(units) - 1


@pytest.mark.slow
@given(st.lists(people, max_size=5))
def test_joining_counts_each_phone_once_and_loses_nobody(parts: list[People]) -> None:
    whole = blocks.joined(parts)
    known = {person for part in parts for person in part.several}
    assert whole.number == sum(part.once for part in parts) + len(known)
    for code in CODES:
        assert max([0, *(part.who_answered(code) for part in parts)]) <= whole.who_answered(code)
        assert whole.who_answered(code) <= sum(part.who_answered(code) for part in parts)
    assert blocks.joined([*parts, NOBODY]) == whole


# --- attributes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"L": 20, "P": 5}, [("L",), ("P",)]),
        ({"L": 20, "P": 4}, [("L", "P")]),
        ({"SD": 20, "SMA": 9, "S1": 3, "S2": 1, "S3": 1}, [("S1", "S2", "S3"), ("SD",), ("SMA",)]),
        ({"SD": 20, "SMA": 9, "S3": 1}, [("S3", "SMA"), ("SD",)]),
        ({"L": 9, "P": 0}, [("L",)]),
        ({"L": 3}, []),
        ({"L": 2, "P": 2}, []),
        ({}, []),
    ],
)
def test_options_of_few_people_are_joined(
    counts: dict[str, int], expected: list[tuple[str, ...]]
) -> None:
    given_by = {option: People(n, {}, {}) for option, n in counts.items()}
    assert blocks.merged_options(given_by) == expected


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("ABCDEFG"), people, max_size=7))
def test_all_options_are_told_in_groups_of_people_enough_or_none(
    counts: dict[str, People],
) -> None:
    groups = blocks.merged_options(counts)
    told = [option for group in groups for option in group]
    given_by = {option for option, those in counts.items() if those.number}
    assert sorted(told) == (sorted(given_by) if groups else [])
    assert all(blocks.joined(counts[each] for each in group).number >= 5 for group in groups)


options = st.sampled_from("ABCDEFG")
partitions = st.dictionaries(options, st.integers(0, 3)).map(
    lambda places: [
        tuple(sorted(option for option, at in places.items() if at == place))
        for place in sorted(set(places.values()))
    ]
)


def test_the_common_partition_by_an_example() -> None:
    first, second = [("SD",), ("SMA",), ("S1", "S2")], [("SD",), ("SMA", "S1"), ("S3",)]
    assert blocks.common_partition([first, second]) == [("S1", "S2", "SMA"), ("S3",), ("SD",)]


@pytest.mark.slow
@given(st.lists(partitions, max_size=4))
def test_the_common_partition_is_made_of_whole_parts_and_is_the_finest(
    several: list[list[tuple[str, ...]]],
) -> None:
    common = blocks.common_partition(several)
    every = {option for partition in several for part in partition for option in part}
    assert sorted(option for part in common for option in part) == sorted(every)
    for partition in several:
        for part in partition:
            assert sum(set(part) <= set(group) for group in common) == 1
    for group in common:  # no smaller group is closed under all partitions
        reached = {group[0]}
        for _ in every:
            reached |= {
                option
                for partition in several
                for part in partition
                if reached & set(part)
                for option in part
            }
        assert reached == set(group)
