"""Starts a bot as a child process, measures it through /proc, and kills it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOKEN = "700000001:" + "puas-benchmark-token-" * 2
TICKS = os.sysconf("SC_CLK_TCK")
PROGRAM = ("-m", "bot")
# Compiled modules are kept between starts, also when the shell disables bytecode.
NO_BYTECODE, BYTECODE = "PYTHONDONTWRITEBYTECODE", Path(tempfile.gettempdir(), "puas-bytecode")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Process:
    """A bot that runs in a folder of its own, measured through /proc."""

    pid: int
    folder: Path
    running: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """User + system seconds so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """Megabytes of private memory."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        own = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
        return sum(own) * 1024 / MEGABYTE

    @property
    def handles(self) -> int:
        """The number of open files and sockets."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.running.stdin
        self.running.stdin.write(f"{line}\n".encode())
        self.running.stdin.flush()


@contextmanager
def started(
    command: Sequence[str],
    root: str,
    folder: Path | None = None,
    *,
    paced: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Process]:
    """Start a bot on the Telegram at `root`; kill it at the end.

    Args:
        command: the arguments of Python; `PROGRAM` for Puas.
        folder: the folder of its database; a new one by default.
        paced: whether Puas limits its rate; not needed where Telegram has no limits.
        settings: more variables of its environment.
    """
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as made:
        place = folder or Path(made)
        environment = {
            **{name: value for name, value in os.environ.items() if name != NO_BYTECODE},
            "PYTHONPYCACHEPREFIX": str(BYTECODE),
            "PYTHONPATH": str(ROOT),
            "PUAS_TELEGRAM__TOKEN": TOKEN,
            "PUAS_TELEGRAM__API_ROOT": root,
            "PUAS_TELEGRAM__ADMINS": "1",
            **({} if paced else {"PUAS_TELEGRAM__MESSAGES_PER_SECOND": "0"}),
            "PUAS_DATABASE__URL": f"sqlite:///{place}/puas.db",
            "PUAS_SECRET_FILE": f"{place}/puas.key",
            **(settings or {}),
        }
        with (
            (place / "log.txt").open("ab") as log,
            subprocess.Popen(
                [sys.executable, *command],
                cwd=place,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            ) as bot,
        ):
            try:
                yield Process(bot.pid, place, bot)
            finally:
                bot.kill()
