"""The log on standard error contains no token, password or secret, from whatever source."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
NUMBER, KEY = "7123456789", "AbC-dEf_" * 4 + "xyz"
TOKEN = f"{NUMBER}:{KEY}"
PASSWORD = 'rah"as/ia'
SECRET = bytes(range(32))

START = """
import asyncio, logging, structlog, sys, threading, warnings
from office import logs
TOKEN, PASSWORD, SECRET = sys.argv[1], sys.argv[2], bytes.fromhex(sys.argv[3])
logs.set_up((PASSWORD, SECRET), human=sys.argv[4] == "human")
log, old = structlog.get_logger(), logging.getLogger("old")
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"
"""


def command_of(script: str, form: str = "json") -> list[str]:
    """The command of a process that sets up logging and runs the script."""
    return [sys.executable, "-c", START + script, TOKEN, PASSWORD, SECRET.hex(), form]


def logged(script: str, form: str = "json") -> str:
    """Standard error of a process that runs the script."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        command_of(script, form), capture_output=True, text=True, env=environ, check=False
    )
    assert done.stdout == ""
    return done.stderr


SOURCES = {
    "a message": "old.warning('call of ' + URL)",
    "arguments": "old.warning('call of %s by %r', URL, [TOKEN])",
    "arguments that do not fit": "old.warning('%d calls', URL)",
    "an exception's text": "old.warning('failed: %s', ValueError(URL))",
    "a traceback": """
try:
    raise ValueError(URL)
except ValueError:
    old.exception('failed')""",
    "the traceback of a cause": """
try:
    try:
        raise ValueError(URL)
    except ValueError as error:
        raise RuntimeError('call') from error
except RuntimeError:
    log.exception('failed')""",
    "a stack": "log.warning('here', stack_info=True, url=URL)",
    "an event": "log.warning('call of ' + URL)",
    "an event's arguments": "log.warning('call of %s', URL)",
    "an event's values": "log.warning('call', url=URL, tokens=[{'it': (TOKEN, {TOKEN})}])",
    "an event's keys": "log.warning('call', **{TOKEN: 1})",
    "an object": "log.warning('call', error=ValueError(URL), owner=type(TOKEN, (), {}))",
    "an address in an address": "log.warning('call', url=URL.replace(':', '%3A'))",
    "a warning": "warnings.warn(URL)",
    "a thread": """
def work():
    raise ValueError(URL)
thread = threading.Thread(target=work)
thread.start()
thread.join()""",
    "an HTTP server": """
from aiohttp.web_protocol import server_logger
try:
    raise ValueError(URL)
except ValueError:
    server_logger.exception('Error handling request from %s', TOKEN)""",
    "what cannot be raised": """
class Gone:
    def __del__(self):
        raise ValueError(URL)
Gone()""",
    "asyncio's handler": """
async def work():
    asyncio.get_running_loop().call_exception_handler(
        {'message': 'lost ' + TOKEN, 'exception': ValueError(URL)})
asyncio.run(work())""",
    "a task nobody awaits": """
async def fails():
    raise ValueError(URL)
async def work():
    asyncio.create_task(fails(), name=TOKEN)
    await asyncio.sleep(0)
asyncio.run(work())""",
}


FORMS = ("json", "human")
UNCAUGHT = "an uncaught exception"


@pytest.fixture(scope="module")
def outputs() -> dict[tuple[str, str], str]:
    """Standard error of each source, in each form; one process per form."""
    names = [*SOURCES, UNCAUGHT]
    steps = [f"exec({script!r})" for script in SOURCES.values()] + ["raise ValueError(URL)"]
    script = "".join(f"\nsys.stderr.write('== next ==\\n')\n{step}" for step in steps)
    return {
        (name, form): output
        for form in FORMS
        for name, output in zip(names, logged(script, form).split("== next ==\n")[1:], strict=True)
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", [*SOURCES, UNCAUGHT])
def test_a_token_is_never_logged(
    outputs: dict[tuple[str, str], str], source: str, form: str
) -> None:
    output = outputs[source, form]
    assert output
    assert KEY not in output


@pytest.mark.parametrize("form", FORMS)
def test_a_redacted_token_is_marked_and_the_rest_is_kept(form: str) -> None:
    output = logged("log.warning('call', url=URL)", form)
    assert "https://api.telegram.org/bot<token>/getMe" in output


@pytest.mark.parametrize("form", FORMS)
def test_passwords_and_the_secret_are_never_logged(form: str) -> None:
    script = """
log.warning('connect', url='postgresql://puas:lain123@db/puas', conn='password=lain123 host=db')
log.warning('connect', password=PASSWORD, quoted=[PASSWORD], office={'secret': SECRET})
old.warning('secret %r is %s', SECRET, SECRET.hex())
try:
    raise ValueError(PASSWORD, SECRET)
except ValueError:
    log.exception('failed')
"""
    output = logged(script, form)
    assert "lain123" not in output
    assert "as/ia" not in output
    assert SECRET.hex() not in output
    assert "x03" not in output


def test_row_values_in_database_errors_are_not_logged() -> None:
    script = """
try:
    raise ValueError('''(IntegrityError) UNIQUE
DETAIL: Key (chat_id)=(4711) exists
[SQL: INSERT INTO response]
[parameters: {'chat_id': 4711}]
(Background on this error)''')
except ValueError:
    log.exception('failed')
"""
    output = logged(script)
    assert "INSERT INTO response" in output
    assert "4711" not in output


def test_local_variables_are_not_part_of_a_traceback() -> None:
    script = """
def send(answer):
    raise RuntimeError('no')
try:
    send('sangat ' + 'buruk')
except RuntimeError:
    log.exception('failed')
"""
    assert "sangat buruk" not in logged(script, "human")


def test_info_lines_of_chatty_libraries_are_dropped() -> None:
    script = """
for name in ('httpx', 'httpcore.http11', 'aiohttp.access', 'apscheduler.executors.default'):
    logging.getLogger(name).info('HTTP Request: GET')
old.info('kept')
"""
    output = logged(script)
    assert "HTTP Request" not in output
    assert "kept" in output


def test_a_pipe_gets_one_json_object_a_line() -> None:
    (line,) = logged("log.info('running', bot='puas_bot')").splitlines()
    record = json.loads(line)
    assert (record["event"], record["level"], record["bot"]) == (
        "running",
        "info",
        "puas_bot",
    )
    assert record["timestamp"].endswith("Z")


def test_a_file_gets_json_is_private_and_is_rotated(tmp_path: Path) -> None:
    file = tmp_path / "catatan.log"
    script = START.replace('human=sys.argv[4] == "human"', "file=Path(sys.argv[4])")
    script = f"from pathlib import Path\n{script}\nlogs.PART = 2_000\n".replace(
        "from office import logs", "from office import logs\nlogs.PART, logs.PARTS = 2_000, 2"
    )
    script += "for number in range(100): log.warning('call', url=URL, number=number)"
    command = [sys.executable, "-c", script, TOKEN, PASSWORD, SECRET.hex(), str(file)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    parts = sorted(tmp_path.iterdir())
    assert [part.name for part in parts] == ["catatan.log", "catatan.log.1", "catatan.log.2"]
    for part in parts:
        assert part.stat().st_mode & 0o777 == 0o600
        assert KEY not in part.read_text()
    assert json.loads(file.read_text().splitlines()[-1])["number"] == 99


def test_a_terminal_gets_readable_lines() -> None:
    outer, inner = pty.openpty()
    script = START.replace('human=sys.argv[4] == "human"', "") + "log.info('running', url=URL)"
    command = [sys.executable, "-c", script, TOKEN, PASSWORD, SECRET.hex()]
    subprocess.run(command, stderr=inner, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    output = os.read(outer, 4096).decode()
    os.close(inner)
    os.close(outer)
    assert "running" in output
    assert not output.startswith("{")
    assert KEY not in output
