"""Runs every benchmark in turn: `python -m benchmarks`; with `--quick` small, in a few minutes.

Each part can be run alone with its own arguments: `python -m benchmarks.PART --help`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TypeAlias

from benchmarks import (
    capacity,
    crowd,
    disk,
    index,
    pages,
    papers,
    precision,
    scale,
    soak,
    start,
    taps,
)

Part: TypeAlias = tuple[Callable[[Sequence[str]], None], str]

# The main function of a part, and its arguments for `--quick`.
PARTS: dict[str, Part] = {
    "taps": (taps.main, "--quick"),
    "pages": (pages.main, "--quick"),
    "index": (index.main, "--sizes 10000 100000 --recount 100000 --seconds 5 --repeats 1"),
    "papers": (papers.main, "--rows 10000 --seconds 5 --repeats 1"),
    "scale": (scale.main, "--responses 20000 --units 14 --services 30"),
    "start": (start.main, "--repeats 1"),
    "disk": (disk.main, "--responses 20000"),
    "crowd": (crowd.main, "--minutes 2 --people 200"),
    "soak": (soak.main, "--minutes 1"),
    "precision": (precision.main, "--repeats 50"),
    "capacity": (capacity.main, ""),
}


def main() -> None:
    """Run the chosen parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one run of each")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=tuple(PARTS))
    chosen = parser.parse_args()
    for name in chosen.only:
        run, quick = PARTS[name]
        print(f"\n{name}", flush=True)
        run(quick.split() if chosen.quick else [])


if __name__ == "__main__":
    main()
