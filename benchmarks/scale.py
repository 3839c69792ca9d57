"""Every command of the bot and of the shell on a large database: seconds until the answer.

    PYTHONPATH=. .venv/bin/python -m benchmarks.scale [--responses 1000000] [--database postgres]
        [--units 150 --services 1000] [--no-papers]

The bot, the simulator and its people run in one process; buttons are pressed two levels deep.
*First* is the time until the chat shows an answer, *all* until nothing more follows, *loop* the
longest time for which the event loop was blocked. First with the open period, then it is locked.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import filled, regency
from benchmarks.figures import Figure, real_seconds, show
from benchmarks.filled import Filled
from benchmarks.processes import ROOT
from bot import commands
from office.figures import figures
from scoring.instrument_file import named
from storage import catalogue, people, periods
from tests.harness import CAMAT_GROUP, TOKEN, Actor, Harness, buttons

ADMIN, CITIZEN, HEAD = 9001, 101, 9002
LATE = 2.0  # seconds until an answer; more is a defect
PATIENCE = 200  # seconds of the office's clock for all papers
DEEP, WIDE = 2, 12  # buttons pressed one after another, and how many of a screen
PERIOD, CLOSED, LOCKED = "2026-TW3", "2026-10-01 00:01", "2026-10-07 08:01"
CONFIG = """[telegram]
token = "{token}"
api_root = "{root}"
messages_per_second = 0
[database]
url = "{url}"
"""


@dataclass
class Timings:
    """Runs actions and records how long each took; seconds."""

    office: Harness
    slow: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    first: float = 0
    loop: float = 0
    _began: float = 0

    def hear(self, event: dict[str, Any]) -> None:
        """Record the first answer of the bot to an action."""
        if event["type"] in ("message", "edit", "call") and not self.first:
            mine = event["type"] != "call" or event["method"] == "answerCallbackQuery"
            sender = event.get("message", {}).get("from", {})
            if mine and (event["type"] == "call" or sender.get("is_bot")):
                self.first = time.perf_counter() - self._began

    async def time(self, what: str, act: Awaitable[None], *, answered: bool = True) -> None:
        """Run an action and print its times; `answered` is whether the bot must answer."""
        self.office.app.sender.rate_limiter.chats.clear()
        self.first, self.loop, self._began = 0, 0, time.perf_counter()
        beat = asyncio.create_task(self._beat())
        try:
            await act
        finally:
            beat.cancel()
        spent = time.perf_counter() - self._began
        first = self.first or spent
        if answered and not self.first:
            self.silent.append(what)
        if self.loop > LATE or (answered and first > LATE):
            self.slow.append(what)
        print(f"{what:<60.60} {first:8.3f} {spent:8.3f} {self.loop:8.3f}", flush=True)

    async def _beat(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.loop = max(self.loop, time.perf_counter() - began - 0.005)

    async def explore(self, who: Actor, command: str) -> None:
        """Send a command, and press the buttons of its screens except the confirming ones."""
        await self.time(command, who.says(command))
        await self._press(who, command, DEEP)
        await who.says("/batal")

    async def _press(self, who: Actor, path: str, deep: int) -> None:
        shown = who.screen
        pressable = [
            each
            for each in buttons(shown)
            if "callback_data" in each and not str(each["text"]).startswith("Ya,")
        ]
        for button in pressable[: WIDE if deep == DEEP else 3]:
            name = f"{path} › {button['text']}"
            await self.time(name, who.taps(str(button["text"]), on=shown))
            if deep > 1 and who.screen != shown:
                await self._press(who, name, deep - 1)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'puas.db'}"
        return
    from tests.postgres import server

    with ExitStack() as opened:
        yield opened.enter_context(opened.enter_context(server()).database())


@asynccontextmanager
async def office(folder: Path, url: str, chosen: argparse.Namespace) -> AsyncIterator[Harness]:
    """An office with its regency, its period filled with responses and recounted."""
    harness = Harness(folder, url, http=True, settings={"telegram": {"admins": [ADMIN]}})
    await harness.open()
    try:
        opened = harness.app.office
        with opened.database.write() as db:
            if chosen.units:
                starters = [service.id for service in catalogue.active_services(db)]
                regency.add_regency(db, chosen.units, chosen.services)
                regency.deactivate(db, starters)
            people.grant(db, ADMIN, "camat", "Camat", None, harness.now)
            people.grant(db, ADMIN, "petugas", "Petugas", None, harness.now)
            period = periods.current(db, "ikm")
        assert period
        began = time.perf_counter()
        await asyncio.to_thread(filled.fill, Filled(opened, period), chosen.responses)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        yield harness
    finally:
        await harness.close()


def index_read(harness: Harness, times: int = 100) -> float:
    """The median of the seconds that reading the figures of the locked period takes."""
    opened = harness.app.office
    with opened.database.read() as db:
        period = periods.latest_locked(db, "ikm")
    assert period

    def read() -> object:
        with opened.database.read() as db:
            return figures.of_period(db, opened, period)

    return statistics.median(real_seconds(read) for _ in range(times))


async def bot_commands(timings: Timings, *, open_one: bool) -> None:
    """Every command of citizens and officers."""
    citizen = Actor(timings.office, CITIZEN + open_one)
    for command in ("/start", "/hasil", "/bantuan", "/privasi", "/bahasa"):
        await timings.explore(citizen, command)
    receipt = ""
    for number in range(5 if open_one else 0):
        rater = Actor(timings.office, CITIZEN + 10 + number)
        await timings.time("a whole survey", rater.rates(*[3] * 9, code=_code(timings)))
        receipt = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", rater.text)[0]
    await timings.time("/hapus_data", citizen.says("/hapus_data"))
    await timings.time("/hapus_data › ya", citizen.taps(citizen.labels()[0]))
    admin = Actor(timings.office, ADMIN)
    for name in (route.name for route in commands.OFFICERS if route.roles):
        await timings.explore(admin, f"/{name}")
    await timings.time("/gugurkan", admin.says("/gugurkan"))
    await timings.time(f"/gugurkan {receipt}", admin.says(receipt or "ABCD-EFGH"))
    await admin.says("/batal")
    await timings.time(f"/laporan {PERIOD}", admin.says(f"/laporan {PERIOD}"))


def _code(timings: Timings) -> str:
    with timings.office.app.office.database.read() as db:
        return f"l_{catalogue.active_services(db)[-1].slug}"


async def _posters(admin: Actor) -> None:
    await admin.says("/poster")
    await admin.taps(admin.labels()[0])
    await admin.taps(admin.labels()[0])


async def _papers(harness: Harness) -> None:
    """Send everything in the outbox, without rate limits."""
    for _ in range(PATIENCE):
        if not {"due", "claimed", "sending"} & set(harness.stored.outbox_status()):
            return
        harness.app.sender.rate_limiter.chats.clear()
        await harness.waits(seconds=1)
        await harness.works()


async def clock(timings: Timings) -> None:
    """The close, the lock, and the summary in the group."""
    harness = timings.office
    harness.world.add_group(CAMAT_GROUP, "Bupati", [ADMIN])
    group = Actor(harness, ADMIN, chat=CAMAT_GROUP)
    await timings.time("/pasang_grup", group.says(f"/pasang_grup@{harness.app.office.username}"))
    await timings.time("close", harness.reaches(CLOSED), answered=False)
    await timings.time("lock and summary", harness.reaches(LOCKED), answered=False)
    print(group.text, flush=True)


async def shell(timings: Timings, folder: Path, url: str) -> None:
    """The commands of the shell, each in its own process."""
    config = folder / "config.toml"
    assert timings.office.server
    config.write_text(CONFIG.format(token=TOKEN, root=timings.office.server.url, url=url))
    config.chmod(0o600)
    (folder / "kertas.csv").write_text(_slips(timings.office), "utf-8")
    for arguments in (
        "check",
        f"export {PERIOD} --out {folder}/jawaban.csv",
        f"export {PERIOD} --out {folder}/periode.json",
        f"score {folder}/jawaban.csv --json",
        f"rekap {folder}/periode.json --out {folder}/rekap.xlsx",
        f"import {folder}/kertas.csv --dry-run",
        f"report {PERIOD} --out {folder}/laporan",
        f"backup {folder}/cadangan.db",
    ):
        began = time.perf_counter()
        config_option = (
            [] if arguments.startswith(("score", "rekap")) else ["--config", str(config)]
        )
        command = [sys.executable, "-m", "cli", *arguments.split(), *config_option]
        ran = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT
        )
        _, err = await ran.communicate()
        spent = time.perf_counter() - began
        last = err.decode().strip().splitlines()[-1:] or [""]
        print(
            f"puas {arguments.split()[0]:<55} {spent:8.1f} s, exit {ran.returncode} {last[0][:80]}"
        )


def _slips(harness: Harness, many: int = 1000) -> str:
    """A file of paper answers of the open period."""
    with harness.app.office.database.read() as db:
        service = catalogue.active_services(db)[0].slug
    lines = [f"{n},{harness.now:%Y-%m-%d},{service},{'3,' * 9}P,34," for n in range(1, many + 1)]
    head = ",".join(
        (
            "no_slip",
            "tanggal",
            "layanan",
            *named("skm-2017").codes,
            "jenis_kelamin",
            "umur",
            "saran",
        )
    )
    return "\n".join((head, *lines))


def _refused(harness: Harness) -> list[str]:
    """The calls of the bot that Telegram refused."""
    calls = harness.world.requests()
    refused = [each for each in calls if each["status"] not in (None, 200)]
    reasons = [f"{each['method']}: {each['description']}" for each in refused]
    return [each for each in reasons if "not modified" not in each]


async def scale(chosen: argparse.Namespace) -> list[Figure]:
    """Measure everything on one database."""
    with (
        tempfile.TemporaryDirectory(prefix="puas-benchmark-", dir=chosen.folder) as name,
        database(chosen.database, Path(name)) as url,
    ):
        folder = Path(name)
        async with office(folder, url, chosen) as harness:
            timings = Timings(harness)
            stop = harness.world.listen(timings.hear)
            print(f"{'':60} {'first':>8} {'all':>8} {'loop':>8}  seconds")
            await timings.time("the first tick: recount", harness.ticks(), answered=False)
            await bot_commands(timings, open_one=True)
            if chosen.papers and not chosen.brief:
                await timings.time("/poster › all", _posters(Actor(harness, ADMIN)))
                await timings.time("ordered papers", _papers(harness), answered=False)
            read: list[float] = []
            if not chosen.brief:
                await clock(timings)
                read.append(index_read(harness))
                await bot_commands(timings, open_one=False)
            if chosen.papers and not chosen.brief:
                await timings.time("ordered papers", _papers(harness), answered=False)
                await shell(timings, folder, url)
            stop()
            refused = _refused(harness)
    for what in (*refused, *(f"no answer: {each}" for each in timings.silent)):
        print(what)
    return [
        *(Figure("index read", seconds * 1000, "ms", most=1) for seconds in read),
        Figure("answers later than two seconds", len(timings.slow), most=0),
        Figure("without an answer", len(timings.silent), most=0),
        Figure("refused by Telegram: too long, too many buttons", len(refused), most=0),
        Figure("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"),
    ]


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--units", type=int, default=0, help="of a regency; 0: one office")
    parser.add_argument("--services", type=int, default=1000, help="of the regency")
    parser.add_argument(
        "--papers", action=argparse.BooleanOptionalAction, default=True, help="and the shell"
    )
    parser.add_argument("--brief", action="store_true", help="no papers, no lock, no shell")
    parser.add_argument("--folder", help="where the database is made")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    show(asyncio.run(scale(parse_arguments(arguments))))


if __name__ == "__main__":
    main()
