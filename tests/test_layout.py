"""The layout of the code stays one that a newcomer can walk: chains, cycles, folders, imports."""

from __future__ import annotations

import pytest

from tests.layout import ROOMS, cycles, deepest_chain, folder_sizes, imports

MOST_FILES = 20  # of a chain of imports over all rooms
MOST_FILES_IN_BOT = 13
MOST_MODULES = 20  # side by side in a folder
ABOVE: dict[str, tuple[str, ...]] = {  # the rooms that a room must not import
    "scoring": ("cli", "bot", "web", "office", "reports", "storage", "simulator"),
    "storage": ("cli", "bot", "web", "office", "reports", "simulator"),
    "reports": ("cli", "bot", "web", "office", "storage", "simulator"),
    "office": ("cli", "bot", "web", "simulator"),
    "web": ("cli", "bot", "simulator"),
    "bot": ("cli", "simulator"),
    "simulator": ("cli", "bot", "web", "office", "reports", "storage", "scoring"),
}


@pytest.mark.slow
def test_no_module_imports_itself_through_others() -> None:
    assert cycles(imports()) == []


def test_a_cycle_is_found_wherever_its_imports_stand() -> None:
    graph = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}
    assert cycles(graph) == [["a", "b", "c"]]


@pytest.mark.slow
@pytest.mark.parametrize(("rooms", "most"), [(ROOMS, MOST_FILES), (("bot",), MOST_FILES_IN_BOT)])
def test_the_deepest_chain_of_imports_stays_short(rooms: tuple[str, ...], most: int) -> None:
    chain = deepest_chain(imports(rooms))
    assert len(chain) <= most, " > ".join(chain)


def test_no_folder_holds_more_modules_than_a_newcomer_reads() -> None:
    sizes = folder_sizes(("bot", "office", "cli", "web"))
    assert {folder: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


@pytest.mark.slow
def test_imports_run_one_way() -> None:
    assert [
        f"{name} imports {imported}"
        for name, names in imports().items()
        for imported in names
        if imported.split(".")[0] in ABOVE.get(name.split(".")[0], ())
    ] == []
