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
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 60  # seconds


async def run(
    arguments: Sequence[str], folder: Path, environ: Mapping[str, str]
) -> tuple[int, str, str]:
    """Run `puas` with these arguments; its exit code, output and errors."""
    asked = {"arguments": list(arguments), "folder": str(folder), "environ": dict(environ)}
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_unix_connection(_address())
        writer.write(json.dumps(asked).encode())
        writer.write_eof()
        answered = json.loads(await reader.read())
        writer.close()
        await writer.wait_closed()
    return answered["code"], answered["out"], answered["err"]


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
    """Run one command in another fork, and answer what came of it."""
    with connection.makefile("rb") as asked:
        command = json.load(asked)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if not (pid := os.fork()):
            connection.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            _become(command)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out.seek(0)
        err.seek(0)
        said = {"code": code, "out": out.read().decode(), "err": err.read().decode()}
    connection.sendall(json.dumps(said).encode())


def _become(command: Mapping[str, Any]) -> None:
    """Be the process of this command; it exits."""
    from cli.__main__ import app

    os.setsid()
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environ"])
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
