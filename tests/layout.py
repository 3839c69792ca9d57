"""Measures the layout of the code: import chains, cycles, and how many modules a folder holds.

`python -m tests.layout` prints the figures. Every import counts, wherever it stands: inside a
function or behind TYPE_CHECKING as well, so that moving an import shortens no chain.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "bot", "office", "reports", "storage", "scoring", "simulator", "web")

Graph: TypeAlias = Mapping[str, frozenset[str]]


def modules(rooms: tuple[str, ...] = ROOMS) -> dict[str, Path]:
    """Every module of these rooms by its dotted name."""
    names: dict[str, Path] = {}
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def imports(rooms: tuple[str, ...] = ROOMS) -> Graph:
    """Which modules each module imports, among those of these rooms."""
    inside = modules(rooms)
    return {name: names & inside.keys() for name, names in _all().items() if name in inside}


@cache
def _all() -> Graph:
    known = modules()
    return {
        name: frozenset(_imported(ast.parse(path.read_text("utf-8")), known)) - {name}
        for name, path in known.items()
    }


def _imported(tree: ast.Module, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                if module in known:
                    yield module
                elif node.module in known:
                    yield node.module


def cycles(graph: Graph) -> list[list[str]]:
    """The groups of modules that import each other, directly or not."""
    reached = {name: _reachable(graph, name) for name in graph}
    groups = {
        tuple(sorted({name} | {other for other in reached[name] if name in reached[other]}))
        for name in graph
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def _reachable(graph: Graph, start: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        following = graph[waiting.pop()] - seen
        seen |= following
        waiting.extend(following)
    return frozenset(seen - {start})


def deepest_chain(graph: Graph) -> list[str]:
    """The longest path of imports, from the importing module down.

    Raises:
        graphlib.CycleError: the graph has a cycle.
    """
    chains: dict[str, list[str]] = {}
    for name in TopologicalSorter(graph).static_order():  # the imported ones come first
        below = [chains[imported] for imported in sorted(graph[name])]
        chains[name] = [name, *max(below, key=len, default=[])]
    return max(chains.values(), key=len)


def folder_sizes(rooms: tuple[str, ...]) -> dict[str, int]:
    """How many modules stand side by side in each folder, `__init__` left out."""
    sizes: dict[str, int] = {}
    for path in modules(rooms).values():
        if path.name != "__init__.py":
            folder = str(path.parent.relative_to(ROOT))
            sizes[folder] = sizes.get(folder, 0) + 1
    return sizes


def main() -> None:
    """Write the figures to standard output."""
    lines = [f"cycles: {cycles(imports()) or 'none'}"]
    if not cycles(imports()):
        for rooms in (ROOMS, *((room,) for room in ROOMS)):
            chain = deepest_chain(imports(rooms))
            lines.append(f"{', '.join(rooms)}: {len(chain)} files: {' > '.join(chain)}")
    lines += [f"{size:3} modules in {folder}" for folder, size in folder_sizes(ROOMS).items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
