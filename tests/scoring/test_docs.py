"""What the reference shows is what the program prints."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scoring import instrument_file, option_words, paper_cells
from scoring.paper_cells import CellError

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/score.md").read_text(encoding="utf-8")
PAPER = (ROOT / "docs/how-to/isian-kertas.md").read_text(encoding="utf-8")
CELLS = re.findall(r"^\| `(\w+)` \| ([^|]*`[^|]+) \| ([^|]*`[^|]+) \|$", PAPER, re.MULTILINE)
EXAMPLES = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", REFERENCE)


def test_the_reference_has_examples() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.process
@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_an_example_prints_what_the_reference_shows(command: str, printed: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("./puas", f"{sys.executable} -m cli")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    actual = [line.rstrip() for line in done.stdout.rstrip().splitlines()]
    assert actual == printed.rstrip().splitlines()


def is_read(column: str, text: str) -> bool:
    """Whether a cell of a paper sheet is accepted."""
    parse = {"tanggal": paper_cells.day, "jam": paper_cells.hour_band}.get(column)
    if parse is None:
        attribute = instrument_file.named("skm-2017").attribute(column)
        return option_words.of(attribute).option(text) is not None
    try:
        return parse(text) is not None
    except CellError:
        return False


@pytest.mark.parametrize(("column", "accepted", "refused"), CELLS)
def test_a_paper_cell_is_read_or_refused_as_the_guide_says(
    column: str, accepted: str, refused: str
) -> None:
    examples = re.findall("`([^`]+)`", accepted)
    assert {text: is_read(column, text) for text in examples} == dict.fromkeys(examples, True)
    examples = re.findall("`([^`]+)`", refused)
    assert {text: is_read(column, text) for text in examples} == dict.fromkeys(examples, False)


def test_the_guide_shows_each_kind_of_paper_cell() -> None:
    assert [column for column, _, _ in CELLS] == [
        *("tanggal", "jam", "jenis_kelamin", "umur", "pendidikan", "pekerjaan")
    ]
