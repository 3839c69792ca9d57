"""Cells of a breakdown by attribute or service: which may be published without revealing answers.

A cell is the tally of one option or service; an index of a few people would reveal their answers.
"""

from collections.abc import Mapping

from scoring import ikm
from scoring.ikm import Score, Tally
from scoring.limits import MIN_RESPONSES


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


def publishable_items(score: Score, minimum: int = MIN_RESPONSES) -> frozenset[str]:
    """The codes of the items whose result may be published beside the index of all items.

    Items with fewer than `minimum` answers are hidden. One hidden item could be calculated from
    the index and the others, so the next smallest are hidden too until at least two items with
    `minimum` answers together are hidden.
    """
    sizes = {code: unsur.n for code, unsur in score.unsur.items() if unsur.n}
    order = sorted(sizes, key=lambda code: (sizes[code], code))
    hidden = sum(size < minimum for size in sizes.values())
    while 0 < hidden < len(order) and (
        hidden < 2 or sum(sizes[each] for each in order[:hidden]) < minimum
    ):
        hidden += 1
    return frozenset(order[hidden:])


def _size(tally: Tally) -> int:
    return max((sum(counts.values()) for counts in tally.values()), default=0)
