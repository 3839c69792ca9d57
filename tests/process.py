"""Starts `puas` against a simulator over HTTP, reads its output, stops it."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simulator.http.server import Server
from simulator.world import World
from tests.forks import Fork

ROOT = Path(__file__).parents[1]
TOKEN = "700000001:" + "puas-test-token-" * 3
PASSWORD = "sandi-yang-rahasia"
# As `nohup puas … &` starts it: a shell ignores SIGINT for its background jobs.
IGNORING_SIGINT = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh")
PATIENCE = 60.0  # seconds to wait for a line or an exit on a loaded machine


@dataclass
class Puas:
    """A running `puas`, and the output read so far."""

    process: Fork
    out: asyncio.StreamReader
    err: asyncio.StreamReader
    lines: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    async def says(self, pattern: str) -> re.Match[str]:
        """Read standard output, where the log of `run` is too, until a line matches."""
        return await _reads(self.out, self.lines, pattern)

    async def ends(self) -> int:
        """Wait for the exit and fail when the output has a secret or a traceback; the exit code."""
        async with asyncio.timeout(PATIENCE):
            out, err = await asyncio.gather(self.out.read(), self.err.read())
        code = await asyncio.to_thread(self.process.wait)
        self.lines += out.decode().splitlines()
        self.log += err.decode().splitlines()
        everything = "\n".join(self.lines + self.log)
        assert TOKEN[10:-4] not in everything
        assert PASSWORD not in everything
        assert "Traceback" not in everything
        return code

    async def is_stopped(self, by: int = signal.SIGTERM) -> int:
        """Send the signal and wait for the exit; the exit code."""
        self.process.send_signal(by)
        return await self.ends()


@dataclass
class OnTerminal:
    """A `puas` on a terminal of its own, and what that shows so far."""

    process: asyncio.subprocess.Process
    terminal: int
    shown: str = ""

    async def says(self, text: str) -> None:
        """Wait until the terminal shows this text."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.shown:
                self.shown += (await asyncio.to_thread(os.read, self.terminal, 4096)).decode()

    async def is_stopped(self) -> int:
        """Press Ctrl-C and wait for the exit; the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        self.shown += os.read(self.terminal, 4096).decode()
        os.close(self.terminal)
        return code


async def on_terminal(folder: Path, *arguments: str, **environ: str) -> OnTerminal:
    """Start the program in this folder with a terminal for its output."""
    outer, inner = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(*IGNORING_SIGINT, sys.executable, "-m", "cli", *(arguments or ("run",))),
        cwd=folder,
        env=_environment(environ),
        stdout=inner,
        stderr=inner,
    )
    os.close(inner)
    return OnTerminal(process, outer)


async def _reads(stream: asyncio.StreamReader, lines: list[str], pattern: str) -> re.Match[str]:
    while line := await asyncio.wait_for(stream.readline(), PATIENCE):
        lines.append(line.decode().rstrip("\n"))
        if match := re.search(pattern, lines[-1]):
            return match
    raise AssertionError(f"{pattern!r} is not in the output:\n" + "\n".join(lines))


async def started(folder: Path, *arguments: str, **environ: str) -> Puas:
    """Start the program in this folder with these `PUAS_` variables and no others.

    SIGINT is ignored until the program installs its own handler.
    """
    outputs = [os.pipe(), os.pipe()]
    written = [into for _, into in outputs]
    environment = _environment(environ)
    fork = Fork(arguments or ("run",), folder, environment, written[0], written[1], [signal.SIGINT])
    for into in written:
        os.close(into)
    return Puas(fork, await _reader(outputs[0][0]), await _reader(outputs[1][0]))


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
    )
    return reader


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    ours = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", **environ}
    others = {key: value for key, value in os.environ.items() if not key.startswith("PUAS_")}
    return {**others, **ours}


def running_on(server: Server, token: str = TOKEN) -> dict[str, str]:
    """The variables of an office that uses this simulator."""
    return {"PUAS_TELEGRAM__TOKEN": token, "PUAS_TELEGRAM__API_ROOT": server.url}


async def answer(world: World, person: int) -> str:
    """Wait for a message of the bot to a person; the text of the last one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for message in reversed(world.transcript(person)):
                if message["from"]["is_bot"]:
                    return str(message["text"])
            await asyncio.sleep(0.05)
