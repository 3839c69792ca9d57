"""The package has no side effects and imports fast."""

import subprocess
import sys
from pathlib import Path

import pytest

import scoring

PACKAGE = Path(scoring.__file__).parent
SLOW_MODULES = "asyncio telegram sqlalchemy apscheduler pydantic python_calamine rich zipfile"


@pytest.mark.process
def test_importing_the_arithmetic_loads_no_slow_module() -> None:
    script = (
        "import sys, scoring.ikm, scoring.period, scoring.sample;"
        f"print(*sorted(set('{SLOW_MODULES}'.split()) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []


def test_no_clock_is_read() -> None:
    for path in PACKAGE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in (".now(", ".today(", "utcnow", "import time", "time.time"):
            assert word not in text, path.name
