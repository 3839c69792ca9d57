"""Runs commands of `puas` as an operator does: each a process on the database of the test."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests import forks
from tests.harness import Harness

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class CompletedCommand:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


async def puas(office: Harness, *arguments: str) -> CompletedCommand:
    """Run `puas …` in the office's folder, on its database and clock; needs the mark `http`."""
    return CompletedCommand(*await forks.run(arguments, office.folder, _environment(office)))


async def python(office: Harness, *arguments: str, **variables: str) -> CompletedCommand:
    """Run the interpreter with these arguments, with the environment of `puas` and `variables`."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", *arguments,
        cwd=office.folder, env=_environment(office) | variables,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(running.communicate(), 60)
    return CompletedCommand(running.returncode or 0, out.decode(), err.decode())


def _environment(office: Harness) -> dict[str, str]:
    assert office.server is not None
    others = {name: value for name, value in os.environ.items() if name[:5] != "PUAS_"}
    return others | {
        "PYTHONPATH": str(ROOT),
        "PUAS_DATABASE__URL": office.url,
        "PUAS_SECRET_FILE": str(office.folder / "puas.key"),
        "PUAS_SIMULATOR__CLOCK": office.server.url,
    }
