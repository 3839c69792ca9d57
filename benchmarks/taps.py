"""What a tap costs, and how long a person waits for the next screen; ours against others.

One command, from the project's folder:

    PYTHONPATH=. .venv/bin/python -m benchmarks.taps [--quick] [--json FILE]

Simulator and people live in this process, each bot in one of its own, all over HTTP on loopback;
the simulator's rate limits are off. Every bot takes its turn `--repeats` times, alternating, and a
figure is the median of its runs: CPU is user + sys of the bot's process, per tap. `ours` writes
every answer to SQLite (WAL, synchronous=FULL) before the screen moves on; the others keep nothing.
Delivery is the moment the simulator hands an update out, before the way back of the call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.rivals import TOKEN
from simulator import bots
from simulator.phone import Phone, Phones
from simulator.server import serve
from simulator.world import World

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
SERVICES = ("ktp-el", "kk", "pindah-datang", "domisili", "sktm", "skck", "usaha", "keramaian")
WHO = ("ours", "bare", "stock", "aiogram")
NAMES = {
    "ours": "Puas, every answer on disk",
    "bare": "PTB on our transport, no storage",
    "stock": "stock PTB, no storage",
    "aiogram": "aiogram, FSM in memory",
}


@dataclass(frozen=True)
class Run:
    """One bot, one load; times in seconds, CPU in seconds a tap."""

    who: str
    people: int
    round_trip: float
    taps: int
    cpu: float
    rate: float
    delivery: dict[str, float]
    tap: dict[str, float]


@dataclass
class Watch:
    """When updates were delivered and screens shown, by chat."""

    pressed: dict[int, float] = field(default_factory=dict)
    handed: dict[int, float] = field(default_factory=dict)
    delivery: list[float] = field(default_factory=list)
    tap: list[float] = field(default_factory=list)

    def hear(self, event: dict[str, Any]) -> None:
        """A screen was edited: the tap it answers is over."""
        if event["type"] != "edit":
            return
        now, chat = time.perf_counter(), event["chat"]
        if chat in self.pressed:
            self.tap.append(now - self.pressed.pop(chat))
            self.delivery.append(now - self.handed.pop(chat, now))


@contextmanager
def watched(world: World) -> Iterator[Watch]:
    """Listen to the world, and to what it hands out."""
    watch = Watch()
    ready = bots.Bot.ready

    def noting(bot: bots.Bot, limit: int, now: float) -> list[Any]:
        found = ready(bot, limit, now)
        moment = time.perf_counter()
        for update in found:
            if "callback_query" in update:
                watch.handed.setdefault(update["callback_query"]["from"]["id"], moment)
        return found

    bots.Bot.ready = noting  # type: ignore[method-assign] # only in this process
    stop = world.listen(watch.hear)
    try:
        yield watch
    finally:
        stop()
        bots.Bot.ready = ready  # type: ignore[method-assign] # as above


def cpu_of(pid: int) -> float:
    """User + system seconds of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def process(who: str, root: str) -> Iterator[subprocess.Popen[bytes]]:
    """A bot in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as folder:
        command = [sys.executable, "-m", "benchmarks.rivals", who, "--root", root]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        if who == "ours":
            command = [sys.executable, "-m", "bot", "run"]
            environment |= {
                "PUAS_TELEGRAM__TOKEN": TOKEN,
                "PUAS_TELEGRAM__API_ROOT": root,
                "PUAS_TELEGRAM__ADMINS": "1",
                "PUAS_DATABASE__URL": f"sqlite:///{folder}/puas.db",
                "PUAS_SECRET_FILE": f"{folder}/puas.key",
            }
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=quiet, stderr=quiet
        ) as bot:
            try:
                yield bot
            finally:
                bot.kill()


async def walk(phone: Phone, service: str, watch: Watch) -> int:
    """One survey from QR to receipt; how many taps it took."""
    await phone.say(f"/start l_{service}")
    taps = 0
    while "Tanda terima" not in phone.text:
        watch.pressed[phone.id] = time.perf_counter()
        await phone.tap(_next(phone.buttons))
        taps += 1
    return taps


def _next(buttons: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for button in buttons:
        if str(button["text"]).startswith("✅"):
            return button
    return buttons[0]


async def measure(who: str, people: int, round_trip: float, rounds: int) -> Run:
    """A bot under people who tap as soon as they see the next screen."""
    world = World(limits=None)
    server = await serve(world)
    try:
        with process(who, server.url) as bot, watched(world) as watch:
            phones = Phones(world)
            crowd = [phones.give(1000 + number) for number in range(people)]
            while not world.api_calls["getUpdates"]:
                await asyncio.sleep(0.02)
            await asyncio.gather(*(walk(phone, SERVICES[0], watch) for phone in crowd))
            world.latency = round_trip
            await asyncio.sleep(round_trip * 2)
            watch.delivery.clear()
            watch.tap.clear()
            began, cpu = time.perf_counter(), cpu_of(bot.pid)
            taps = 0
            for number in range(rounds):
                service = SERVICES[1 + number]
                taps += sum(await asyncio.gather(*(walk(phone, service, watch) for phone in crowd)))
            seconds = time.perf_counter() - began
            spent = cpu_of(bot.pid) - cpu
    finally:
        await server.close()
    return Run(
        who, people, round_trip, taps, spent / taps, taps / seconds,
        _percentiles(watch.delivery), _percentiles(watch.tap),
    )  # fmt: skip


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


LOADS = ((16, 0.0), (50, 0.05), (50, 0.15))


async def compare(
    which: Sequence[str], repeats: int, rounds: int, loads: Sequence[tuple[int, float]]
) -> list[Run]:
    """Every bot under every load, alternating."""
    found = []
    for people, round_trip in loads:
        for _ in range(repeats):
            for who in which:
                run = await measure(who, people, round_trip, rounds)
                found.append(run)
                sys.stderr.write(
                    f"{who:8} {people:3} people {round_trip * 1000:4.0f} ms:"
                    f" {run.cpu * 1000:6.2f} ms CPU a tap, {run.rate:6.0f} taps/s\n"
                )
    return found


def table(runs: Sequence[Run]) -> str:
    """Medians, and ours as a ratio of each."""
    lines = []
    for people, round_trip in dict.fromkeys((run.people, run.round_trip) for run in runs):
        here = [run for run in runs if (run.people, run.round_trip) == (people, round_trip)]
        lines.append(f"\n{people} people, round trip {round_trip * 1000:.0f} ms")
        lines.append(
            f"{'':34} {'CPU/tap':>9} {'ours ×':>7} {'taps/s':>7}"
            f" {'delivery → screen p50/p95/p99':>30} {'tap → screen p50/p95/p99':>30}"
        )
        ours = statistics.median(run.cpu for run in here if run.who == "ours")
        for who in dict.fromkeys(run.who for run in here):
            own = [run for run in here if run.who == who]
            cpu = statistics.median(run.cpu for run in own)
            rate = statistics.median(run.rate for run in own)
            times = (_shown(own, "delivery"), _shown(own, "tap"))
            lines.append(
                f"{NAMES[who]:34} {cpu * 1000:6.2f} ms {ours / cpu:6.2f}× {rate:7.0f}"
                f" {times[0]:>30} {times[1]:>30}"
            )
    return "\n".join(lines)


def _shown(runs: Sequence[Run], which: str) -> str:
    values = [
        statistics.median(getattr(run, which)[cut] for run in runs) for cut in ("p50", "p95", "p99")
    ]
    return " / ".join(f"{value * 1000:.0f}" for value in values) + " ms"


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short run of each")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3, help="surveys a person, after a first one")
    parser.add_argument("--only", choices=WHO, nargs="+", default=WHO)
    parser.add_argument("--load", type=int, nargs="+", default=range(len(LOADS)), help="0, 1, 2")
    parser.add_argument("--json", type=Path, help="write every run here")
    chosen = parser.parse_args()
    repeats, rounds = chosen.repeats, chosen.rounds
    loads = [LOADS[number] for number in chosen.load]
    if chosen.quick:
        repeats, rounds, loads = 1, 1, list(LOADS[:1])
    runs = asyncio.run(compare(chosen.only, repeats, min(rounds, len(SERVICES) - 1), loads))
    print(table(runs))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(run) for run in runs], indent=1))


if __name__ == "__main__":
    main()
