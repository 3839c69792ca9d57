"""The index of the decision records is complete."""

from __future__ import annotations

import re
from pathlib import Path

DECISIONS = Path(__file__).parents[1] / "docs/decisions"


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
