"""docs/explanation/architecture.md names files and functions that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
STEPS = re.findall(r"`(\w[\w/]*\.py)` `(\w+)`", PAGE)
FILES = sorted(set(re.findall(r"`(\w[\w/]*\.py)`", PAGE)))


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(("path", "name"), STEPS)
def test_a_step_of_the_page_names_what_its_file_defines(path: str, name: str) -> None:
    defined = rf"^\s*(async def|def|class) {name}\b|^{name}(:.*)? = "
    assert re.search(defined, (ROOT / path).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("walk", ["A tap", "An officer's form", "A summary", "A paper"])
def test_the_page_walks_through_the_rooms(walk: str) -> None:
    section = PAGE.split(f"\n## {walk}\n")[1].split("\n## ")[0]
    rooms = {path.split("/")[0] for path, _ in re.findall(r"`(\w[\w/]*\.py)` `(\w+)`", section)}
    assert {"bot", "storage"} <= rooms or {"bot", "office", "reports"} <= rooms
