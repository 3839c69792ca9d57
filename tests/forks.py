"""A process that has imported all commands of `puas`, and forks once for each that a test runs.

Nine tenths of the time of most commands are imports. The fork has arguments, folder, environment,
output and exit code of its own, as a process that a shell starts.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 60  # seconds


class Fork:
    """A running `puas`, to be used as a `subprocess.Popen` is."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environ: Mapping[str, str],
        out: int,
        err: int,
        ignored: Sequence[int] = (),
    ) -> None:
        """Start it.

        Args:
            out: the file descriptor of its output; `err`, of its errors.
            ignored: the signals that it ignores until it installs handlers of its own.
        """
        asked = {
            "arguments": list(arguments), "folder": str(folder), "environ": dict(environ),
            "ignored": list(ignored),
        }  # fmt: skip
        self.returncode: int | None = None
        self._server = socket.socket(socket.AF_UNIX)
        self._server.settimeout(PATIENCE)
        self._server.connect(_address())
        socket.send_fds(self._server, [json.dumps(asked).encode()], [out, err])
        self._server.shutdown(socket.SHUT_WR)
        self._answers = self._server.makefile("rb")
        self.pid = int(self._answers.readline())

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        if self.returncode is None and select.select([self._server], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait for its end; the exit code."""
        if self.returncode is None:
            self._server.settimeout(timeout)
            self.returncode = int(self._answers.readline())
            self._answers.close()
            self._server.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.send_signal(signal.SIGKILL)


async def run(
    arguments: Sequence[str], folder: Path, environ: Mapping[str, str]
) -> tuple[int, str, str]:
    """Run `puas` with these arguments; its exit code, output and errors."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        fork = Fork(arguments, folder, environ, out.fileno(), err.fileno())
        code = await asyncio.to_thread(fork.wait)
        out.seek(0)
        err.seek(0)
        return code, out.read().decode(), err.read().decode()


@cache
def _address() -> str:
    """Where the server of this worker listens; it ends with the worker."""
    folder = tempfile.mkdtemp(prefix="puas-forks-")
    address = str(Path(folder, "socket"))
    server = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.forks", address],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip

    def end() -> None:
        server.communicate(timeout=PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return address


# --- in the server ------------------------------------------------------------------------------


def serve(address: str) -> None:
    """Fork for each connection, until standard input is closed."""
    import cli
    import cli.__main__

    for module in pkgutil.iter_modules(cli.__path__):
        if module.name != "__main__":
            import_module(f"cli.{module.name}")
    gc.freeze()  # so that no fork copies their pages
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        running: set[int] = set()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            with connection:
                if not (pid := os.fork()):
                    listener.close()
                    _answer(connection)
                    os._exit(0)
            running = {each for each in running | {pid} if not os.waitpid(each, os.WNOHANG)[0]}
        for each in running:
            os.waitpid(each, 0)


def _answer(connection: socket.socket) -> None:
    """Run one command in another fork; answer its number, and later its exit code."""
    asked, outputs, _, _ = socket.recv_fds(connection, 1 << 20, 2)
    while more := connection.recv(1 << 20):
        asked += more
    if not (pid := os.fork()):
        connection.close()
        _become(json.loads(asked), outputs)
    for output in outputs:
        os.close(output)
    connection.sendall(b"%d\n" % pid)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):  # whoever started it is gone
        connection.sendall(b"%d\n" % code)


def _become(command: Mapping[str, Any], outputs: Sequence[int]) -> None:
    """Be the process of this command; it exits."""
    from cli.__main__ import app

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, output in enumerate(outputs, 1):
        os.dup2(output, number)
        os.close(output)
    # Those of the server know whether its own outputs can be sought in.
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    os.setsid()
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environ"])
    for number in command["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    sys.argv = ["puas", *command["arguments"]]
    code = 0
    try:
        app(prog_name="puas")
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # without tearing all modules down, which takes as long as to import them


if __name__ == "__main__":
    serve(sys.argv[1])
