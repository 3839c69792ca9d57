"""A command that starts no bot loads no library of the bot."""

from __future__ import annotations

import json

import pytest

from tests.bot.respondents import random_respondents, rate_and_lock
from tests.bot.test_paper_entry import GOOD
from tests.harness import Harness
from tests.shell import python

FORBIDDEN = "telegram aiohttp apscheduler bot simulator prometheus_client"
RUN = """
import json, sys
from cli.__main__ import app

forbidden, commands = json.loads(sys.argv[1])
for command in commands:
    try:
        app(command.split(), prog_name="puas")
    except SystemExit as ended:
        code = ended.code or 0
    loaded = [name for name in forbidden.split() if name in sys.modules]
    print(json.dumps([command, code, loaded]), file=sys.stderr)
"""


async def run(office: Harness, *commands: str, **variables: str) -> None:
    """Run these commands one after the other in one child process; each must end well."""
    arguments = json.dumps([FORBIDDEN, commands])
    ended = await python(office, "-c", RUN, arguments, **variables)
    wanted = [json.dumps([command, 0, []]) for command in commands]
    told = [line for line in ended.err.splitlines() if line.startswith("[")]
    assert told == wanted, ended.out


@pytest.mark.process
@pytest.mark.http
async def test_commands_load_no_telegram_no_http_server_and_no_scheduler(office: Harness) -> None:
    (office.folder / "kertas.csv").write_bytes(GOOD)
    await run(
        office,
        "--version",
        "--help",
        "score --help",
        "import --template templat.xlsx",
        "import kertas.csv --dry-run",
        "import kertas.csv",
        "import --undo 1",
    )
    await rate_and_lock(office, random_respondents(12))
    await run(
        office,
        "export 2026-TW3 --out jawaban.csv",
        "score jawaban.csv",
        "export 2026-TW3 --out lagi.xlsx",
        "score lagi.xlsx",
        "export 2026-TW3 --out angka.json",
        "rekap angka.json --out rekap.xlsx",
        "report 2026-TW3 --out laporan",
        "backup cadangan.db",
    )
    await run(office, "restore cadangan.db", PUAS_DATABASE__URL="sqlite:///lain.db")
