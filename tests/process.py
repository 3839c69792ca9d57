"""`puas` as a process of its own, against a world over HTTP: started, read, stopped."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from simulator.http.server import Server
from simulator.world import World

ROOT = Path(__file__).parents[1]
TOKEN = "700000001:" + "puas-test-token-" * 3
PASSWORD = "sandi-yang-rahasia"
# As `nohup puas … &` starts it: a shell ignores SIGINT for its background jobs.
IGNORING_SIGINT = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh")
PATIENCE = 60.0  # seconds; two loaded cores need a few to import everything


@dataclass
class Puas:
    """A process of the program, and what it said."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    async def says(self, pattern: str) -> re.Match[str]:
        """Read standard output until a line has this."""
        return await _reads(self.process.stdout, self.lines, pattern)

    async def logs(self, pattern: str) -> re.Match[str]:
        """Read standard error until a line has this."""
        return await _reads(self.process.stderr, self.log, pattern)

    async def ends(self) -> int:
        """Wait for its end, and read the rest: no secret was in any of it."""
        said, logged = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        self.lines += said.decode().splitlines()
        self.log += logged.decode().splitlines()
        everything = "\n".join(self.lines + self.log)
        assert TOKEN[10:-4] not in everything
        assert PASSWORD not in everything
        assert "Traceback" not in everything
        assert self.process.returncode is not None
        return self.process.returncode

    async def is_stopped(self, by: int = signal.SIGTERM) -> int:
        """Send the signal and wait."""
        self.process.send_signal(by)
        return await self.ends()


async def _reads(
    stream: asyncio.StreamReader | None, lines: list[str], pattern: str
) -> re.Match[str]:
    assert stream is not None
    while line := await asyncio.wait_for(stream.readline(), PATIENCE):
        lines.append(line.decode().rstrip("\n"))
        if found := re.search(pattern, lines[-1]):
            return found
    raise AssertionError(f"{pattern!r} never came:\n" + "\n".join(lines))


async def started(folder: Path, *arguments: str, **environ: str) -> Puas:
    """Start the program in this folder, with these variables and no others of ours.

    SIGINT is ignored until the program installs its own handler.
    """
    ours = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", **environ}
    others = {key: value for key, value in os.environ.items() if not key.startswith("PUAS_")}
    return Puas(
        await asyncio.create_subprocess_exec(
            *(*IGNORING_SIGINT, sys.executable, "-m", "cli", *(arguments or ("run",))),
            cwd=folder,
            env={**others, **ours},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    )


def running_on(server: Server, token: str = TOKEN) -> dict[str, str]:
    """The variables of an office on this world."""
    return {"PUAS_TELEGRAM__TOKEN": token, "PUAS_TELEGRAM__API_ROOT": server.url}


async def answer(world: World, person: int) -> str:
    """The bot's last message to a person, as soon as there is one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for message in reversed(world.transcript(person)):
                if message["from"]["is_bot"]:
                    return str(message["text"])
            await asyncio.sleep(0.05)
