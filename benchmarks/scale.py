"""Every command of the bot and of the shell on a full database: how long until it answers.

    PYTHONPATH=. .venv/bin/python -m benchmarks.scale [--responses 1000000] [--database postgres]
        [--units 150 --services 1000] [--no-papers]

The bot, the simulator and its people run in one process; buttons are pressed two deep. *First* is
the time until the chat shows an answer, *all* until nothing more comes, *loop* the longest moment
in which the event loop did nothing else. The open period comes first; then it is closed and locked.
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
from scoring.instrument_file import named
from storage import catalogue, people, periods, results
from tests.stage import CAMAT_GROUP, TOKEN, Actor, Stage, buttons

ADMIN, CITIZEN, HEAD = 9001, 101, 9002
LATE = 2.0  # seconds until an answer: more is a defect
PATIENCE = 200  # seconds of the office's clock in which all papers are made
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
class Watch:
    """What was tried, and how long it took; seconds."""

    stage: Stage
    slow: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    first: float = 0
    loop: float = 0
    _began: float = 0

    def hear(self, event: dict[str, Any]) -> None:
        """The bot showed something."""
        if event["type"] in ("message", "edit", "call") and not self.first:
            mine = event["type"] != "call" or event["method"] == "answerCallbackQuery"
            sender = event.get("message", {}).get("from", {})
            if mine and (event["type"] == "call" or sender.get("is_bot")):
                self.first = time.perf_counter() - self._began

    async def time(self, what: str, act: Awaitable[None], *, spoken: bool = True) -> None:
        """Let somebody do something, and print what came of it."""
        self.stage.app.sender.rate_limiter.chats.clear()
        self.first, self.loop, self._began = 0, 0, time.perf_counter()
        beat = asyncio.create_task(self._beat())
        try:
            await act
        finally:
            beat.cancel()
        spent = time.perf_counter() - self._began
        first = self.first or spent
        if spoken and not self.first:
            self.silent.append(what)
        if self.loop > LATE or (spoken and first > LATE):
            self.slow.append(what)
        print(f"{what:<60.60} {first:8.3f} {spent:8.3f} {self.loop:8.3f}", flush=True)

    async def _beat(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.loop = max(self.loop, time.perf_counter() - began - 0.005)

    async def explore(self, who: Actor, command: str) -> None:
        """Send a command, and press every button of its screens that changes nothing for good."""
        await self.time(command, who.says(command))
        await self._press(who, command, DEEP)
        await who.says("/batal")

    async def _press(self, who: Actor, path: str, deep: int) -> None:
        shown = who.screen
        found = [
            each
            for each in buttons(shown)
            if "callback_data" in each and not str(each["text"]).startswith("Ya,")
        ]
        for button in found[: WIDE if deep == DEEP else 3]:
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
async def office(folder: Path, url: str, chosen: argparse.Namespace) -> AsyncIterator[Stage]:
    """A full office on a stage: its regency founded, its period filled and counted."""
    stage = Stage(folder, url, http=True, settings={"telegram": {"admins": [ADMIN]}})
    await stage.open()
    try:
        found = stage.app.office
        with found.database.write() as db:
            if chosen.units:
                starters = [service.id for service in catalogue.active_services(db)]
                regency.found(db, chosen.units, chosen.services)
                regency.put_away(db, starters)
            people.grant(db, ADMIN, "camat", "Camat", None, stage.now)
            people.grant(db, ADMIN, "petugas", "Petugas", None, stage.now)
            period = periods.current(db, "ikm")
        assert period
        began = time.perf_counter()
        await asyncio.to_thread(filled.fill, Filled(found, period), chosen.responses)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        yield stage
    finally:
        await stage.close()


def index_read(stage: Stage, times: int = 100) -> float:
    """Seconds in which the office's index is read, the median."""
    found = stage.app.office
    with found.database.read() as db:
        period = periods.current(db, "ikm")
    assert period

    def read() -> object:
        with found.database.read() as db:
            return results.of_office(db, found.instruments[period.instrument_id], period.id)

    assert read() is not None
    return statistics.median(real_seconds(read) for _ in range(times))


async def bot_commands(watch: Watch, *, open_one: bool) -> None:
    """What citizens and officers send."""
    citizen = Actor(watch.stage, CITIZEN + open_one)
    for command in ("/start", "/hasil", "/bantuan", "/privasi", "/bahasa"):
        await watch.explore(citizen, command)
    receipt = ""
    for number in range(5 if open_one else 0):
        rater = Actor(watch.stage, CITIZEN + 10 + number)
        await watch.time("a whole survey", rater.rates(*[3] * 9, code=_code(watch)))
        receipt = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", rater.text)[0]
    await watch.time("/hapus_data", citizen.says("/hapus_data"))
    await watch.time("/hapus_data › ya", citizen.taps(citizen.labels()[0]))
    admin = Actor(watch.stage, ADMIN)
    for name in (route.name for route in commands.OFFICERS if route.roles):
        await watch.explore(admin, f"/{name}")
    await watch.time("/gugurkan", admin.says("/gugurkan"))
    await watch.time(f"/gugurkan {receipt}", admin.says(receipt or "ABCD-EFGH"))
    await admin.says("/batal")
    await watch.time(f"/laporan {PERIOD}", admin.says(f"/laporan {PERIOD}"))


def _code(watch: Watch) -> str:
    with watch.stage.app.office.database.read() as db:
        return f"l_{catalogue.active_services(db)[-1].slug}"


async def _posters(admin: Actor) -> None:
    await admin.says("/poster")
    await admin.taps(admin.labels()[0])
    await admin.taps(admin.labels()[0])


async def _papers(stage: Stage) -> None:
    """Everything that waits in the outbox, at no pace."""
    for _ in range(PATIENCE):
        if not {"due", "claimed", "sending"} & set(stage.stored.outbox_status()):
            return
        stage.app.sender.rate_limiter.chats.clear()
        await stage.waits(seconds=1)
        await stage.works()


async def clock(watch: Watch) -> None:
    """The recount of the night; the close; the lock, and its message in the group."""
    stage = watch.stage
    stage.world.add_group(CAMAT_GROUP, "Bupati", [ADMIN])
    here = Actor(stage, ADMIN, chat=CAMAT_GROUP)
    await watch.time("/pasang_grup", here.says(f"/pasang_grup@{stage.app.office.username}"))
    await watch.time("close", stage.reaches(CLOSED), spoken=False)
    await watch.time("lock and summary", stage.reaches(LOCKED), spoken=False)
    print(here.text, flush=True)


async def shell(watch: Watch, folder: Path, url: str) -> None:
    """The commands of the shell, each a process of its own."""
    config = folder / "config.toml"
    assert watch.stage.server
    config.write_text(CONFIG.format(token=TOKEN, root=watch.stage.server.url, url=url))
    config.chmod(0o600)
    (folder / "kertas.csv").write_text(_slips(watch.stage), "utf-8")
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
        told = [] if arguments.startswith(("score", "rekap")) else ["--config", str(config)]
        command = [sys.executable, "-m", "cli", *arguments.split(), *told]
        ran = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT
        )
        _, said = await ran.communicate()
        spent = time.perf_counter() - began
        last = said.decode().strip().splitlines()[-1:] or [""]
        print(
            f"puas {arguments.split()[0]:<55} {spent:8.1f} s, exit {ran.returncode} {last[0][:80]}"
        )


def _slips(stage: Stage, many: int = 1000) -> str:
    """Paper answers of the period that is open now."""
    with stage.app.office.database.read() as db:
        service = catalogue.active_services(db)[0].slug
    lines = [f"{n},{stage.now:%Y-%m-%d},{service},{'3,' * 9}P,34," for n in range(1, many + 1)]
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


def _refused(stage: Stage) -> list[str]:
    """What Telegram would not take of the bot."""
    calls = stage.world.requests()
    refused = [each for each in calls if each["status"] not in (None, 200)]
    said = [f"{each['method']}: {each['description']}" for each in refused]
    return [each for each in said if "not modified" not in each]


async def scale(chosen: argparse.Namespace) -> list[Figure]:
    """Everything, on one database."""
    with (
        tempfile.TemporaryDirectory(prefix="puas-benchmark-", dir=chosen.folder) as name,
        database(chosen.database, Path(name)) as url,
    ):
        folder = Path(name)
        async with office(folder, url, chosen) as stage:
            watch = Watch(stage)
            stop = stage.world.listen(watch.hear)
            print(f"{'':60} {'first':>8} {'all':>8} {'loop':>8}  seconds")
            await watch.time("the first tick: recount", stage.ticks(), spoken=False)
            read = index_read(stage)
            await bot_commands(watch, open_one=True)
            if chosen.papers and not chosen.brief:
                await watch.time("/poster › all", _posters(Actor(stage, ADMIN)))
                await watch.time("papers that were asked for", _papers(stage), spoken=False)
            if not chosen.brief:
                await clock(watch)
                await bot_commands(watch, open_one=False)
            if chosen.papers and not chosen.brief:
                await watch.time("papers that were asked for", _papers(stage), spoken=False)
                await shell(watch, folder, url)
            stop()
            refused = _refused(stage)
    for what in (*refused, *(f"no answer: {each}" for each in watch.silent)):
        print(what)
    return [
        Figure("index read", read * 1000, "ms", most=1),
        Figure("answers later than two seconds", len(watch.slow), most=0),
        Figure("without an answer", len(watch.silent), most=0),
        Figure("refused by Telegram: too long, too many buttons", len(refused), most=0),
        Figure("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"),
    ]


def wanted(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is to be measured."""
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
    """Fill, ask, print."""
    show(asyncio.run(scale(wanted(arguments))))


if __name__ == "__main__":
    main()
