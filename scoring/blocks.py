"""Blocks: the division of a period's answers below which no figure may be published.

Every published figure is a sum of whole blocks, so that whatever is subtracted from whatever, a
difference is made of whole blocks too and tells nothing about fewer people than a block holds.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring.limits import MIN_RESPONSES


@dataclass(frozen=True, slots=True)
class People:
    """The people who gave some answers: phones, or paper slips.

    Args:
        once: people with one response.
        answered: item code -> how many of these answered it.
        several: the other people by an identity -> the items that each of them answered.
    """

    once: int
    answered: Mapping[str, int]
    several: Mapping[Hashable, frozenset[str]]

    @property
    def number(self) -> int:
        """How many people these are."""
        return self.once + len(self.several)

    def who_answered(self, code: str) -> int:
        """How many of them answered an item."""
        return self.answered.get(code, 0) + sum(code in items for items in self.several.values())


NOBODY = People(0, {}, {})


def joined(parts: Iterable[People]) -> People:
    """The people of several parts; one with responses in two of them counts once."""
    once, answered, several = 0, dict[str, int](), dict[Hashable, frozenset[str]]()
    for part in parts:
        once += part.once
        for code, n in part.answered.items():
            answered[code] = answered.get(code, 0) + n
        for person, items in part.several.items():
            several[person] = several.get(person, frozenset()) | items
    return People(once, answered, several)


def enough(people: People, codes: Sequence[str], least: int = MIN_RESPONSES) -> bool:
    """Whether these are at least `least` people, and each item was answered by none or as many."""
    return people.number >= least and all(
        not (n := people.who_answered(code)) or n >= least for code in codes
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """Services that are published together, and the units they belong to."""

    units: frozenset[int]
    services: tuple[int, ...]
    people: People

    def with_(self, other: _Block) -> _Block:
        services = tuple(sorted((*self.services, *other.services)))
        return _Block(self.units | other.units, services, joined((self.people, other.people)))


def division(
    served: Mapping[int, tuple[int, People]], codes: Sequence[str], least: int = MIN_RESPONSES
) -> list[tuple[int, ...]]:
    """The services of each block.

    In each unit the smallest services are joined until every block is `enough`; a unit that is too
    small joins the smallest block of the smallest other unit. When even all services together are
    not enough, they are one block, of which nothing may be published.

    Args:
        served: service -> its unit, and the people who rated it.
        codes: the items of the instrument.
    """
    by_unit: dict[int, list[_Block]] = {}
    for service, (unit, people) in sorted(served.items()):
        by_unit.setdefault(unit, []).append(_Block(frozenset({unit}), (service,), people))
    sizes = {
        unit: joined(block.people for block in blocks).number for unit, blocks in by_unit.items()
    }
    blocks = [block for of_unit in by_unit.values() for block in _merged(of_unit, codes, least, {})]
    return sorted(block.services for block in _merged(blocks, codes, least, sizes))


def _merged(
    blocks: Sequence[_Block], codes: Sequence[str], least: int, sizes: Mapping[int, int]
) -> list[_Block]:
    """Join the smallest block that is not enough with the smallest other one until none is left.

    Args:
        sizes: people of each unit: the other block is one of the smallest unit.
    """
    sound = [block for block in blocks if enough(block.people, codes, least)]
    small = [block for block in blocks if not enough(block.people, codes, least)]

    def order(block: _Block) -> tuple[int, int, tuple[int, ...]]:
        of_units = sum(sizes.get(unit, 0) for unit in block.units)
        return of_units, block.people.number, block.services

    while small and len(small) + len(sound) > 1:
        first = min(small, key=lambda block: (block.people.number, block.services))
        small.remove(first)
        other = min((*small, *sound), key=order)
        (small if other in small else sound).remove(other)
        both = first.with_(other)
        (sound if enough(both.people, codes, least) else small).append(both)
    return sound + small


def merged_options(
    counts: Mapping[str, People], least: int = MIN_RESPONSES
) -> list[tuple[str, ...]]:
    """The options of an attribute, those of fewer than `least` people joined with the smallest.

    None when even all together are too few.

    Args:
        counts: option -> the people who gave it; those who declined are not among them.
    """
    groups: list[tuple[tuple[str, ...], People]] = [
        ((option,), people) for option, people in counts.items() if people.number
    ]
    while len(groups) > 1:
        groups.sort(key=lambda group: (group[1].number, group[0]))
        if groups[0][1].number >= least:
            break
        (one, few), (two, more), *groups = groups
        groups.append((tuple(sorted((*one, *two))), joined((few, more))))
    return sorted(options for options, people in groups if people.number >= least)


def common_partition(partitions: Iterable[Iterable[Iterable[str]]]) -> list[tuple[str, ...]]:
    """The finest partition whose parts are whole unions of parts of each of these partitions."""
    groups: list[set[str]] = []
    for partition in partitions:
        for part in partition:
            merged = set(part)
            apart = []
            for group in groups:
                if group & merged:
                    merged |= group
                else:
                    apart.append(group)
            groups = [*apart, merged]
    return sorted(tuple(sorted(group)) for group in groups)
