"""CPU per tap and the wait for the next screen, of Puas and of other bots.

One command, from the project's folder:

    PYTHONPATH=. .venv/bin/python -m benchmarks.taps [--quick] [--json FILE]

Simulator and people run in this process, each bot in its own, all over HTTP on loopback; the rate
limits of the simulator are off. The bots run in turn, `--repeats` times each, and a figure is the
median of these runs: CPU is user + sys of the bot's process, per tap. `ours` writes every answer to
SQLite (WAL, synchronous=FULL) before it shows the next screen; of the others only `conversation`
stores anything. Delivery is the moment the simulator answers getUpdates. Garbage collection is off
in this process meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.figures import Figure, show
from benchmarks.people import (
    FIRST,
    SERVICES,
    Telegram,
    complete_survey,
    percentiles,
    steadily,
    telegram,
)
from benchmarks.processes import PROGRAM, started

NAMES = {
    "ours": "Puas, every answer on disk",
    "bare": "PTB on our transport, no storage",
    "stock": "stock PTB, no storage",
    "conversation": "ConversationHandler, pickle, SQLAlchemy",
    "aiogram": "aiogram, FSM in memory",
}
WHO = tuple(NAMES)


@dataclass(frozen=True)
class Load:
    """People who tap as soon as they see a screen, or at a steady rate; `round_trip` in seconds."""

    people: int
    round_trip: float
    offered: float | None = None  # taps a second

    def __str__(self) -> str:
        how = (
            f"{self.people} people" if self.offered is None else f"{self.offered:g} taps/s offered"
        )
        return f"{how}, round trip {self.round_trip * 1000:.0f} ms"


CLOSED, DELAYED, OFFERED = Load(16, 0.0), Load(64, 0.05), Load(60, 0.05, 30)
FAR = Load(50, 0.15)  # from Madura to Telegram and back, at its slowest
LOADS = (CLOSED, DELAYED, OFFERED, FAR)
MOST_CPU = {"bare": 0.9, "stock": 0.25, "conversation": 0.35, "aiogram": 0.6}
ONE_BY_ONE = ("conversation",)  # it handles updates only in turn: 9 taps/s at 50 ms
SPAN = 10.0  # seconds of a round where taps are offered
LEAST_RATE = {"bare": 0.65, "aiogram": 1.0}


@dataclass(frozen=True)
class Run:
    """One bot under one load; times in seconds, CPU in seconds per tap."""

    who: str
    load: Load
    taps: int
    cpu: float
    rate: float
    delivery: dict[str, float]
    tap: dict[str, float]


async def measure(who: str, load: Load, rounds: int) -> Run:
    """Measure a bot under a load; each person completes `rounds` surveys."""
    async with telegram() as there:
        with started(_command(who, there.url), there.url) as bot:
            await there.polled()
            await _surveys(there, load.people, SERVICES[:1])  # connections and caches
            there.world.latency = load.round_trip
            await asyncio.sleep(load.round_trip * 2)
            there.timings.begin()
            began, cpu = time.perf_counter(), bot.cpu
            if load.offered is None:
                taps = await _surveys(there, load.people, SERVICES[1 : 1 + rounds])
            else:
                taps = (await steadily(there, load.offered, rounds * SPAN, load.people)).taps
            seconds, spent = time.perf_counter() - began, bot.cpu - cpu
    timings = there.timings
    return Run(
        who, load, taps, spent / taps, taps / seconds,
        percentiles(timings.delivery), percentiles(timings.tap),
    )  # fmt: skip


def _command(who: str, url: str) -> Sequence[str]:
    match who:
        case "ours":
            return PROGRAM
        case "conversation":
            return ("-m", "benchmarks.conversation", "--root", url)
        case _:
            return ("-m", "benchmarks.rivals", who, "--root", url)


async def _surveys(there: Telegram, people: int, services: Sequence[str]) -> int:
    """Let everybody rate these services; the number of taps."""
    crowd = [there.phones.add(FIRST + number) for number in range(people)]
    taps = 0
    for service in services:
        taps += sum(
            await asyncio.gather(
                *(complete_survey(phone, service, there.timings) for phone in crowd)
            )
        )
    return taps


async def compare(
    which: Sequence[str], repeats: int, rounds: int, loads: Sequence[Load]
) -> list[Run]:
    """Measure every bot under every load, in turn."""
    runs = []
    for load in loads:
        for _ in range(repeats):
            for who in which:
                if load.round_trip and who in ONE_BY_ONE:
                    continue
                run = await measure(who, load, rounds)
                runs.append(run)
                sys.stderr.write(
                    f"{who:12} {load}: {run.cpu * 1000:6.2f} ms CPU a tap, {run.rate:6.0f} taps/s\n"
                )
    return runs


def table(runs: Sequence[Run]) -> str:
    """The medians, and the ratio of ours to each."""
    lines = []
    for load in dict.fromkeys(run.load for run in runs):
        here = [run for run in runs if run.load == load]
        lines.append(f"\n{load}")
        lines.append(
            f"{'':39} {'CPU/tap':>9} {'ours ×':>7} {'taps/s':>7}"
            f" {'delivery → screen p50/p95/p99':>30} {'tap → screen p50/p95/p99':>30}"
        )
        ours = statistics.median(run.cpu for run in here if run.who == "ours")
        for who in dict.fromkeys(run.who for run in here):
            own = [run for run in here if run.who == who]
            cpu = statistics.median(run.cpu for run in own)
            rate = statistics.median(run.rate for run in own)
            times = (_shown(own, "delivery"), _shown(own, "tap"))
            lines.append(
                f"{NAMES[who]:39} {cpu * 1000:6.2f} ms {ours / cpu:6.2f}× {rate:7.0f}"
                f" {times[0]:>30} {times[1]:>30}"
            )
    return "\n".join(lines)


def _shown(runs: Sequence[Run], which: str) -> str:
    values = [_time(runs, which, cut) for cut in ("p50", "p95", "p99")]
    return " / ".join(f"{value * 1000:.0f}" for value in values) + " ms"


def _time(runs: Sequence[Run], which: str, cut: str) -> float:
    return float(statistics.median(getattr(run, which)[cut] for run in runs))


def limited_figures(runs: Sequence[Run]) -> list[Figure]:
    """The figures that have a limit, of the loads and bots that were run."""
    by: dict[tuple[Load, str], list[Run]] = {}
    for run in runs:
        by.setdefault((run.load, run.who), []).append(run)
    figures = []
    for (load, who), rival in by.items():
        ours = by[load, "ours"]
        if load == CLOSED and who in MOST_CPU:
            ratio = _median(ours, "cpu") / _median(rival, "cpu")
            figures.append(Figure(f"CPU per tap ÷ {NAMES[who]}", ratio, most=MOST_CPU[who]))
        if load == DELAYED and who in LEAST_RATE:
            ratio = _median(ours, "rate") / _median(rival, "rate")
            figures.append(Figure(f"taps/s, {load} ÷ {NAMES[who]}", ratio, least=LEAST_RATE[who]))
        if who == "ours" and load in (DELAYED, OFFERED):
            most = 2.5 if load == DELAYED else 1.2
            trips = _time(ours, "delivery", "p99") / load.round_trip
            figures.append(Figure(f"delivery → screen p99, {load}", trips, "RT", most=most))
        if who == "ours" and load == OFFERED:
            trips = _time(ours, "tap", "p99") / load.round_trip
            figures.append(Figure(f"tap → screen p99, {load}", trips, "RT", most=2.3))
    return figures


def _median(runs: Sequence[Run], which: str) -> float:
    return float(statistics.median(getattr(run, which) for run in runs))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short run of each")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3, help="surveys a person, after a first one")
    parser.add_argument("--only", choices=WHO, nargs="+", default=WHO, help="ours must be in it")
    parser.add_argument("--load", type=int, nargs="+", default=range(3), help="0 to 3")
    parser.add_argument("--json", type=Path, help="write every run here")
    chosen = parser.parse_args(arguments)
    repeats, rounds = chosen.repeats, chosen.rounds
    loads = [LOADS[number] for number in chosen.load]
    if chosen.quick:
        repeats, rounds, loads = 1, 1, list(LOADS[:1])
    gc.disable()  # a collection over the simulator's messages would delay every screen
    runs = asyncio.run(compare(chosen.only, repeats, min(rounds, len(SERVICES) - 1), loads))
    print(table(runs))
    show(limited_figures(runs))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(run) for run in runs], indent=1))


if __name__ == "__main__":
    main()
