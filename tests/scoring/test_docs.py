"""What the reference shows is what the program prints."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/score.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", REFERENCE)


def test_the_reference_has_examples() -> None:
    assert len(EXAMPLES) == 4


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
