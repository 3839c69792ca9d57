"""The division of a period's answers into blocks, and what else a lock stores of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from office.periods.recount import Answers, Place, Read
from scoring import blocks, ikm, precision
from scoring import moments as second_moments
from scoring.blocks import People
from scoring.ikm import Score, Tally
from scoring.limits import MIN_RESPONSES
from scoring.moments import Moments
from scoring.naming import COST, Levy
from storage.catalogue import Service
from storage.registered import Registered
from storage.results import Block, Options
from storage.survey.tallies import Counts

Counted: TypeAlias = tuple[Place, Answers, int]


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of all answers together: people, index, margin, answers other than gratis."""

    people: int
    score: Score
    margin: Decimal | None
    levy: Levy | None


@dataclass(frozen=True, slots=True)
class Division:
    """What a lock stores of a period's answers."""

    blocks: list[Block]
    attributes: dict[str, Options]
    levy: Levy | None


def whole(
    registered: Registered,
    read: Read,
    services: Mapping[int, Service],
    least: int = MIN_RESPONSES,
) -> Whole:
    """All answers together; takes seconds for a million."""
    score = ikm.score(registered.instrument, tally(registered, read))
    margin = precision.margin(score, moments(registered, read))
    return Whole(
        blocks.joined(_people(registered, read).values()).number,
        score,
        margin,
        levy(registered, read, services, least),
    )


def division(
    registered: Registered,
    read: Read,
    services: Mapping[int, Service],
    least: int = MIN_RESPONSES,
) -> Division:
    """What a lock stores; takes seconds for a million answers."""
    return Division(
        divided(registered, read, services, least),
        attributes(read, least),
        levy(registered, read, services, least),
    )


def divided(
    registered: Registered,
    read: Read,
    services: Mapping[int, Service],
    least: int = MIN_RESPONSES,
) -> list[Block]:
    """The blocks of these answers; one that is not published when even all together are too few."""
    units = {number: service.unit_id for number, service in services.items()}
    codes = registered.instrument.codes
    by_place = _people(registered, read)
    served: dict[int, list[People]] = {}
    for (service, _, _), people in by_place.items():
        served.setdefault(service, []).append(people)
    together = blocks.division(
        {service: (units[service], blocks.joined(parts)) for service, parts in served.items()},
        codes,
        least,
    )
    once: dict[int, list[Counted]] = {}
    for (place, answers), n in read.once.items():
        once.setdefault(place[0], []).append((place, answers, n))
    return [
        _block(registered, read, [each for number in numbers for each in once.get(number, ())],
               by_place, {number: units[number] for number in numbers}, least)
        for numbers in together
    ]  # fmt: skip


def _people(registered: Registered, read: Read) -> dict[Place, People]:
    """Who answered in each place."""
    codes = registered.instrument.codes
    once = Counter[Place]()
    answered: dict[Place, Counter[str]] = {}
    several: dict[Place, dict[Hashable, frozenset[str]]] = {}
    for (place, answers), n in read.once.items():
        once[place] += n
        counted = answered.setdefault(place, Counter())
        for code, nilai in zip(codes, answers, strict=True):
            if nilai:
                counted[code] += n
    for person, responses in read.several.items():
        for place, answers in responses:
            items = frozenset(c for c, nilai in zip(codes, answers, strict=True) if nilai)
            known = several.setdefault(place, {})
            known[person] = known.get(person, frozenset()) | items
    return {
        place: People(once[place], answered.get(place, {}), several.get(place, {}))
        for place in {*once, *several}
    }


def _block(
    registered: Registered,
    read: Read,
    own_once: Iterable[Counted],
    by_place: Mapping[Place, People],
    here: Mapping[int, int],
    least: int,
) -> Block:
    codes = registered.instrument.codes
    parts: dict[tuple[str, bool], list[People]] = {}
    for (service, kanal, repeat), those in by_place.items():
        if service in here:
            parts.setdefault((kanal, repeat), []).append(those)
    everybody = blocks.joined(each for of in parts.values() for each in of)
    once = Counter[Answers]()
    cells: dict[tuple[str, bool], dict[str, dict[int, int]]] = {}
    for place, answers, n in own_once:
        once[answers] += n
        _count(cells, codes, place, answers, n)
    several: list[list[dict[str, int]]] = []
    for responses in read.several.values():
        own = [(place, answers) for place, answers in responses if place[0] in here]
        for place, answers in own:
            _count(cells, codes, place, answers, 1)
        if own:
            several.append([dict(zip(codes, answers, strict=True)) for _, answers in own])
    return Block(
        services=here,
        people=everybody.number,
        published=blocks.enough(everybody, codes, least),
        apart=all(blocks.enough(blocks.joined(of), codes, least) for of in parts.values()),
        counts=Counts(cells),
        moments=_moments(codes, once, several),
    )


def _count(
    cells: dict[tuple[str, bool], dict[str, dict[int, int]]],
    codes: Sequence[str],
    place: Place,
    answers: Answers,
    n: int,
) -> None:
    tally = cells.setdefault(place[1:], {code: {} for code in codes})
    for code, nilai in zip(codes, answers, strict=True):
        counted = tally[code]
        counted[nilai] = counted.get(nilai, 0) + n


def _moments(
    codes: Sequence[str], once: Mapping[Answers, int], several: Iterable[list[dict[str, int]]]
) -> Moments:
    equal = ((dict(zip(codes, answers, strict=True)), n) for answers, n in once.items())
    return second_moments.moments(sorted(codes), equal, several)


def moments(registered: Registered, read: Read) -> Moments:
    """The moments of all answers, each person one cluster."""
    codes = registered.instrument.codes
    once = Counter[Answers]()
    for (_, answers), n in read.once.items():
        once[answers] += n
    several = [
        [dict(zip(codes, answers, strict=True)) for _, answers in responses]
        for responses in read.several.values()
    ]
    return _moments(codes, once, several)


def tally(registered: Registered, read: Read) -> Tally:
    """The tally of all answers."""
    cells: dict[tuple[str, bool], dict[str, dict[int, int]]] = {}
    codes = registered.instrument.codes
    for (place, answers), n in read.once.items():
        _count(cells, codes, place, answers, n)
    for responses in read.several.values():
        for place, answers in responses:
            _count(cells, codes, place, answers, 1)
    return Counts(cells).total()


def attributes(read: Read, least: int = MIN_RESPONSES) -> dict[str, Options]:
    """How many gave which options, those of fewer than `least` people joined."""
    return {
        attribute: [
            (options, sum(read.given[attribute][option] for option in options))
            for options in blocks.merged_options(by_option, least)
        ]
        for attribute, by_option in read.options.items()
    }


def levy(
    registered: Registered,
    read: Read,
    services: Mapping[int, Service],
    least: int = MIN_RESPONSES,
) -> Levy | None:
    """Answers other than gratis at services that are free; None of fewer than `least` people.

    A service is named when as many gave such an answer there.
    """
    if COST not in registered.instrument.codes:
        return None
    place_of, best = registered.instrument.codes.index(COST), registered.instrument.scale[1]
    free = {number for number, service in services.items() if service.gratis}
    paid = answered = people_paid = 0
    paid_at = Counter[int]()  # people by service
    for (place, answers), n in read.once.items():
        if place[0] in free and answers[place_of]:
            answered += n
            if answers[place_of] != best:
                paid, people_paid = paid + n, people_paid + n
                paid_at[place[0]] += n
    for responses in read.several.values():
        own = [(place, given[place_of]) for place, given in responses if place[0] in free]
        answered += sum(bool(nilai) for _, nilai in own)
        not_free = [place[0] for place, nilai in own if nilai and nilai != best]
        paid, people_paid = paid + len(not_free), people_paid + bool(not_free)
        paid_at.update(set(not_free))
    if people_paid < least:
        return None
    named = sorted(service for service, people in paid_at.items() if people >= least)
    return Levy(paid, answered, tuple(named))
