"""Which parts of a result may be published without revealing the answers of a few people.

The summary and the papers both use these functions, so they publish the same parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring import ikm
from scoring.ikm import Score, Tally
from scoring.instrument import Instrument
from scoring.limits import MIN_RESPONSES
from storage.catalogue import Service
from storage.results import Result
from storage.survey.tallies import Counts

COST = "BIAYA"
REST = "lainnya"


@dataclass(frozen=True, slots=True)
class PublishableService:
    """One service, or all those too small to be published alone together (`service` None)."""

    service: Service | None
    tally: Tally


def publishable_services(
    served: Iterable[tuple[Service, Counts]], least: int, units: Collection[int] = ()
) -> list[PublishableService]:
    """The services that may be named, in their order, and the others together at the end.

    A single service is named though it repeats the total: its name says what was measured.

    Args:
        units: those whose own index is published too: a unit less its named services is not small.
    """
    if units:
        return _apart_in_units(served, least, units)
    known = {str(service.id): (service, counts.total()) for service, counts in served}
    if len(known) == 1:
        return [PublishableService(*each) for each in known.values() if _size(each[1]) >= least]
    safe = publishable({key: tally for key, (_, tally) in known.items()}, least, REST)
    return [
        PublishableService(known[key][0] if key in known else None, tally)
        for key, tally in safe.items()
    ]


def _apart_in_units(
    served: Iterable[tuple[Service, Counts]], least: int, units: Collection[int]
) -> list[PublishableService]:
    blocks: dict[int, list[tuple[Service, Counts]]] = {}
    for service, counts in served:
        unit_id = service.unit_id if service.unit_id in units else 0  # 0: the rest of the units
        blocks.setdefault(unit_id, []).append((service, counts))
    named: list[PublishableService] = []
    rest: list[Tally] = []
    for block in blocks.values():
        apart = publishable_services(block, least)
        named += [each for each in apart if each.service is not None]
        rest += [each.tally for each in apart if each.service is None]
        if not apart:
            rest += [counts.total() for _, counts in block]
    return [*named, PublishableService(None, ikm.merged(*rest))] if named and rest else named


def paid_though_free(
    instrument: Instrument, served: Iterable[tuple[Service, Counts]], least: int, rest: str
) -> list[tuple[str, int, int]]:
    """Free services for which somebody paid: name, how many paid, of how many answers.

    Those with fewer than `least` answers are joined as `rest`, which needs `least` answers too.
    """
    named: list[tuple[str, int, int]] = []
    rest_paid = rest_total = 0
    for service, counts in served:
        answers = counts.total().get(COST, {})
        filled, _ = ikm.filled(answers)
        paid = filled - answers.get(instrument.scale[1], 0)
        if not service.gratis or not filled:
            continue
        if filled < least:
            rest_paid, rest_total = rest_paid + paid, rest_total + filled
        elif paid:
            named.append((service.name, paid, filled))
    if rest_paid and rest_total >= least:
        named.append((rest, rest_paid, rest_total))
    return named


def repeats(result: Result, least: int) -> tuple[int, Score | None]:
    """Second and third responses of a phone, and the result without them where both are many."""
    score = result.score
    first = result.counts.total(repeats=False)
    rest = ikm.responses(score.instrument, first)
    n = score.n - rest
    if not n or min(n, rest) < least:
        return n, None
    return n, ikm.score(score.instrument, first, score.mode)


def counted(services: Sequence[tuple[Service, Result]]) -> list[tuple[Service, Counts]]:
    """The tallies of services' results."""
    return [(service, result.counts) for service, result in services]


def _size(tally: Tally) -> int:
    return max((sum(answers.values()) for answers in tally.values()), default=0)


def publishable(
    cells: Mapping[str, Tally], minimum: int = MIN_RESPONSES, rest: str = "lainnya"
) -> dict[str, Tally]:
    """The cells that may be published: those with fewer than `minimum` responses join `rest`.

    While `rest` has fewer than `minimum`, the next smallest cell joins it too, so neither a cell
    nor the difference between the total and the cells is too small. A cell named `rest` joins it.
    The result is empty when it would only repeat the total.

    Args:
        cells: tallies that add up to the total; people who declined are a cell as well.
    """
    sizes = {label: size for label, tally in cells.items() if (size := _size(tally))}
    small = {label for label, size in sizes.items() if size < minimum}
    if small:
        small |= {rest} & sizes.keys()
        for label in sorted(sizes.keys() - small, key=lambda label: (sizes[label], label)):
            if sum(sizes[each] for each in small) >= minimum:
                break
            small.add(label)
    if len(sizes) < 2 or len(small) == len(sizes):
        return {}
    result: dict[str, Tally] = {label: cells[label] for label in sizes if label not in small}
    if small:
        result[rest] = ikm.merged(*(cells[label] for label in sizes if label in small))
    return result
