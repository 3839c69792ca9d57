"""Sums of whole blocks: of services, units, channels, options; and what is low in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring import blocks as partitions
from scoring import ikm, naming, precision
from scoring import moments as second_moments
from scoring.ikm import Score
from scoring.instrument import Attribute
from scoring.moments import Moments
from scoring.naming import COST, Levy, LowUnsur
from storage.catalogue import Service, Unit
from storage.registered import Registered
from storage.results import Block, Options, PeriodResult
from storage.survey import tallies

PROVISIONAL = 30  # people; a figure of fewer is marked
JOINED = "digabung"


@dataclass(frozen=True, slots=True)
class Part:
    """Some whole blocks under a name: of one service or unit, or of several that are joined.

    Args:
        key: id of the service or unit; None: of several, which are joined.
        received: responses of this service or unit, also those in joined blocks; of joined ones, n.
    """

    key: int | None
    name: str
    gratis: bool
    people: int
    received: int
    score: Score
    margin: Decimal | None
    moments: Moments

    @property
    def n(self) -> int:
        """How many responses are in the figure."""
        return self.score.n

    @property
    def provisional(self) -> bool:
        """Whether so few people answered that the figure can still change much."""
        return self.people < PROVISIONAL


def published(result: PeriodResult, scope: Sequence[int]) -> list[Block]:
    """The published blocks that lie in the scope as a whole."""
    return [
        block
        for block in result.blocks
        if block.published and (not scope or set(block.services.values()) <= set(scope))
    ]


@dataclass(frozen=True, slots=True)
class Sum:
    """The people, the score and the moments of some blocks."""

    people: int
    score: Score
    moments: Moments

    @property
    def margin(self) -> Decimal | None:
        """Half the 95 % interval, as results state it."""
        margin = precision.margin(self.score, self.moments)
        return None if margin is None else precision.stored_margin(margin)


def summed(registered: Registered, told: Iterable[Block]) -> Sum:
    """The sum of these blocks."""
    told = list(told)
    tally = tallies.summed([block.counts for block in told]).total()
    codes = sorted(registered.instrument.codes)
    moments = second_moments.summed(codes, [block.moments for block in told])
    people = sum(block.people for block in told)
    return Sum(people, ikm.score(registered.instrument, tally), moments)


def services(
    registered: Registered,
    told: Sequence[Block],
    received: Mapping[int, int],
    known: Mapping[int, Service],
) -> tuple[Part, ...]:
    """Every service that is a block of its own in some period, and all other blocks joined."""
    apart: dict[int, list[Block]] = {}
    rest: list[Block] = []
    for block in told:
        if len(block.services) == 1:
            apart.setdefault(next(iter(block.services)), []).append(block)
        else:
            rest.append(block)
    if not apart:
        return ()
    names = distinct_names([known[number] for number in apart])
    named = [
        _part(registered, number, names[number], known[number].gratis, apart[number],
              received.get(number, 0))
        for number in known
        if number in apart
    ]  # fmt: skip
    return (*named, *([_joined(registered, rest)] if rest else []))


def distinct_names(named: Sequence[Service]) -> dict[int, str]:
    """What services are called; two of one name, an old and a new one, by their codes too."""
    names = [service.name.casefold() for service in named]
    return {
        service.id: f"{service.name} ({service.slug})"
        if names.count(service.name.casefold()) > 1
        else service.name
        for service in named
    }


def units(
    registered: Registered,
    told: Sequence[Block],
    received: Mapping[int, int],
    scope: Sequence[int],
    known: Sequence[Unit],
) -> tuple[Part, ...]:
    """Every unit that holds whole blocks, and the blocks of several units joined."""
    apart: dict[int, list[Block]] = {}
    rest: list[Block] = []
    for block in told:
        inside = set(block.services.values())
        if len(inside) == 1:
            apart.setdefault(inside.pop(), []).append(block)
        else:
            rest.append(block)
    if len(apart) + bool(rest) < 2 and len(scope) != 1:
        return ()
    named = [
        _part(registered, unit.id, unit.name, False, apart[unit.id], received.get(unit.id, 0))
        for unit in known
        if unit.id in apart
    ]
    return (*named, *([_joined(registered, rest)] if rest else []))


def _joined(registered: Registered, rest: Sequence[Block]) -> Part:
    return _part(registered, None, JOINED, False, rest, None)


def _part(
    registered: Registered,
    key: int | None,
    name: str,
    gratis: bool,
    told: Sequence[Block],
    received: int | None,
) -> Part:
    whole = summed(registered, told)
    return Part(
        key, name, gratis, whole.people, whole.score.n if received is None else received,
        whole.score, whole.margin, whole.moments,
    )  # fmt: skip


def channels(told: Sequence[Block]) -> dict[str, int]:
    """Responses by channel."""
    return tallies.summed([block.counts for block in told]).channels()


def by_channel(registered: Registered, told: Sequence[Block]) -> dict[str, Score]:
    """The score of each channel's answers; none when there is only one channel."""
    by_kanal: dict[str, list[Mapping[str, Mapping[int, int]]]] = {}
    counts = tallies.summed([block.counts for block in told])
    for (kanal, _), tally in counts.cells.items():
        by_kanal.setdefault(kanal, []).append(tally)
    if len(by_kanal) < 2:
        return {}
    return {
        kanal: ikm.score(registered.instrument, ikm.merged(*of))
        for kanal, of in sorted(by_kanal.items())
    }


def repeats(registered: Registered, told: Sequence[Block]) -> int:
    """Second and third responses of one phone."""
    counts = tallies.summed([block.counts for block in told])
    again = [tally for (_, repeat), tally in counts.cells.items() if repeat]
    return ikm.responses(registered.instrument, ikm.merged(*again)) if again else 0


def without_repeats(registered: Registered, told: Sequence[Block]) -> Score | None:
    """The score without second and third responses; None where there are none."""
    if not repeats(registered, told):
        return None
    first = tallies.summed([block.counts for block in told]).total(repeats=False)
    return ikm.score(registered.instrument, first)


def distribution(
    registered: Registered, told: Sequence[Block], levy: Levy | None
) -> dict[str, dict[int, int]]:
    """How many gave each nilai of each item.

    The levy counts the answers other than gratis of some: less it, the count of all would tell of
    the others.
    """
    tally = tallies.summed([block.counts for block in told]).total()
    instrument = registered.instrument
    return {
        code: {nilai: tally[code].get(nilai, 0) for nilai in instrument.steps}
        for code in instrument.codes
        if code in tally and (levy is None or code != COST)
    }


def definitions_of_series(known: Mapping[int, Registered], instrument_id: int) -> dict[str, str]:
    """What the regulation says of each unsur, as the newest wording of the series has it."""
    items = known[instrument_id].item_ids
    newest = max((each for each in known.values() if each.item_ids == items), key=lambda x: x.id)
    return {each.code: each.definition["id"] for each in newest.instrument.unsur if each.definition}


def attributes_of_series(
    known: Mapping[int, Registered], instrument_id: int
) -> tuple[Attribute, ...]:
    """What the wordings of a series ask without a score, as the newest one that asks it words it.

    Options of earlier wordings are among those withheld.
    """
    items, found = known[instrument_id].item_ids, dict[str, Attribute]()
    alike = (each for each in known.values() if each.item_ids == items)
    for wording in sorted(alike, key=lambda each: each.id, reverse=True):
        for earlier in wording.instrument.attributes:
            attribute = found.setdefault(earlier.code, earlier)
            named = {option.code for option in (*attribute.options, *attribute.withheld)}
            gone = [each for each in earlier.options if each.code not in named]
            if gone:
                withheld = (*attribute.withheld, *gone)
                found[earlier.code] = replace(attribute, withheld=withheld)
    return tuple(found.values())


def attributes(stored: Sequence[PeriodResult]) -> dict[str, Options]:
    """How many gave which options, joined as they are in any of the periods."""
    if any(not block.published for result in stored for block in result.blocks):
        return {}
    codes = dict.fromkeys(code for result in stored for code in result.attributes)
    return {
        code: joined_options([result.attributes.get(code, ()) for result in stored])
        for code in codes
    }


def joined_options(parts: Sequence[Options]) -> Options:
    """The counts of several parts, with options joined as they are in any of them."""
    common = partitions.common_partition([options for options, _ in part] for part in parts)
    counts = dict.fromkeys(common, 0)
    for part in parts:
        for options, n in part:
            counts[next(group for group in common if options[0] in group)] += n
    return list(counts.items())


@dataclass(frozen=True, slots=True)
class Lowest:
    """The unsur with the lowest NRR, in the instrument's order; several where they are equal.

    Args:
        clear: whether each of them is *jelas lebih rendah*.
        service: the one that is clearly lower than the others, and lowest in this unsur too.
    """

    unsur: tuple[LowUnsur, ...]
    clear: bool
    service: str | None


def lowest(score: Score, moments: Moments, of_services: Sequence[Part]) -> Lowest | None:
    """The lowest unsur; None when all are equal or nothing is known."""
    if not naming.lowest_codes(score):
        return None
    answered = naming.verdicts(score, moments)
    least = min(unsur.nrr for unsur in answered)
    those = tuple(unsur for unsur in answered if unsur.nrr == least)
    clear = all(unsur.clearly_lower for unsur in those)
    service = _service(of_services, those[0].code) if clear and len(those) == 1 else None
    return Lowest(those, clear, service)


def _service(of_services: Sequence[Part], code: str) -> str | None:
    asked = [part for part in of_services if part.score.unsur[code].nrr is not None]
    if len(asked) < 2:
        return None
    low = min(asked, key=lambda part: _nrr(part, code))
    return low.name if low.key in lower(asked) else None


def _nrr(part: Part, code: str) -> Fraction:
    return part.score.unsur[code].nrr or Fraction(0)


def lower(parts: Sequence[Part]) -> set[int]:
    """The services or units that are clearly lower than the others; joined ones never."""
    found = naming.lower_groups({part.key: (part.score, part.moments) for part in parts})
    return {key for key in found if key is not None}
