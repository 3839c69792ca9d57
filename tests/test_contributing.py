"""What the contributors' pages name exists: files, links, decision records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("CONTRIBUTING.md", "SECURITY.md", "docs/explanation/where.md", "docs/decisions/README.md")
ROOMS = "bot|cli|docs|office|reports|scoring|simulator|storage|tests"
DECISIONS = ROOT / "docs/decisions"


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(rf"`((?:{ROOMS})/[^`\s]*)`", text)
    files = [ROOT / name for name in named if "XX" not in name and "NAME" not in name]
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = [*files, *((ROOT / page).parent / link for link in links)]
    assert paths
    assert [str(path) for path in paths if not path.exists()] == []


def test_the_index_of_decisions_has_every_record_and_every_gap() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    titles = {
        path.name: path.read_text("utf-8").split("\n")[0]
        for path in sorted(DECISIONS.glob("[0-9]*.md"))
    }
    rows = re.findall(r"^\| \[(\d+)\]\((.+?)\) \| (.+?) \| .+ \|", index, re.MULTILINE)
    assert {file: f"# {number} {title}" for number, file, title in rows} == titles
    numbers = [int(name[:4]) for name in titles]
    gaps = [f"{number:04}" for number in range(1, max(numbers)) if number not in numbers]
    assert re.findall(r"\b\d{4}\b", index.rpartition("Missing")[2]) == gaps
