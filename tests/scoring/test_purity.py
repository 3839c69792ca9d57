"""The room stays pure and starts fast."""

import subprocess
import sys
from pathlib import Path

import scoring

ROOM = Path(scoring.__file__).parent
HEAVY = "asyncio telegram sqlalchemy apscheduler pydantic python_calamine rich zipfile"


def test_importing_the_arithmetic_loads_nothing_heavy() -> None:
    script = (
        "import sys, scoring.ikm, scoring.period, scoring.sample;"
        f"print(*sorted(set('{HEAVY}'.split()) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOM.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_no_clock_is_read() -> None:
    for path in ROOM.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in (".now(", ".today(", "utcnow", "import time", "time.time"):
            assert word not in text, path.name
