"""Cells: an index by attribute or service, without telling what a handful of people answered."""

from collections.abc import Mapping

from scoring import ikm
from scoring.ikm import Score, Tally

LEAST = 5


def safe(cells: Mapping[str, Tally], least: int = LEAST, rest: str = "lainnya") -> dict[str, Tally]:
    """The cells with the small ones merged into `rest`, which the next smallest join up to `least`.

    No cell shown, nor what the total leaves, has fewer than `least` responses. A cell that is
    named like `rest` joins it. What would only repeat the total is not shown at all.

    Args:
        cells: tallies that add up to the total, so people who declined are a cell as well.
    """
    sizes = {label: size for label, tally in cells.items() if (size := _size(tally))}
    small = {label for label, size in sizes.items() if size < least}
    if small:
        small |= {rest} & sizes.keys()
        for label in sorted(sizes.keys() - small, key=lambda label: (sizes[label], label)):
            if sum(sizes[each] for each in small) >= least:
                break
            small.add(label)
    if len(sizes) < 2 or len(small) == len(sizes):
        return {}
    shown: dict[str, Tally] = {label: cells[label] for label in sizes if label not in small}
    if small:
        shown[rest] = ikm.merged(*(cells[label] for label in sizes if label in small))
    return shown


def told(score: Score, least: int = LEAST) -> frozenset[str]:
    """The items whose figure may stand beside the index that is made of all of them.

    Those with fewer than `least` answers may not. Neither may so many of the next smallest that at
    least two are left out, with `least` answers together: the index would tell what is missing.
    """
    sizes = {code: unsur.n for code, unsur in score.unsur.items() if unsur.n}
    order = sorted(sizes, key=lambda code: (sizes[code], code))
    kept = sum(size < least for size in sizes.values())
    while 0 < kept < len(order) and (kept < 2 or sum(sizes[each] for each in order[:kept]) < least):
        kept += 1
    return frozenset(order[kept:])


def _size(tally: Tally) -> int:
    return max((sum(counts.values()) for counts in tally.values()), default=0)
