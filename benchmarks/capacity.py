"""From one office to a province: what one bot's rate limit carries, and what the machines cost.

    PYTHONPATH=. .venv/bin/python -m benchmarks.capacity [--seed 18]

Less than a minute. Measures a survey, an idle process and the outbox on this machine, and
simulates a day's arrivals against the rate limit. `docs/explanation/capacity.md` says what follows.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import math
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import busy, disk, filled
from benchmarks.crowd import PAUSE, ROUND_TRIP
from benchmarks.figures import Figure, alternating, show
from benchmarks.people import FIRST, SERVICES, Telegram, complete_survey, percentiles, telegram
from benchmarks.processes import PROGRAM, started
from bot.delivery.rate_limiter import SECOND
from office import notices
from office.backups import KEPT
from office.config import Telegram as TelegramConfig
from simulator.phones import Phone
from simulator.rate_limiter import Limits, RateLimiter

OPENS = 8  # the hour that the counters open
# How a day's people spread over its hours: an assumption, since no office's counters were observed.
WEIGHTS = (0.8, 1.6, 1.8, 1.2, 0.2, 0.8, 0.5, 0.1)
SLOWEST = 5.0  # seconds until a screen, as in `benchmarks.crowd`
PER_SECOND = int(TelegramConfig.model_fields["messages_per_second"].default)
WORK_DAYS, VISITORS = 250, 50  # a year; a day in one kecamatan, all of whom answer
# Offices, and bots with a database each.
PLANS = {
    "one office": (1, 1),
    "a regency of 13, a bot for each office": (13, 13),
    "a regency of 13, one bot": (13, 1),
    "a province of 600, a bot for each office": (600, 600),
    "a province of 600, a bot for each of 46 regencies": (600, 46),
    "a province of 600, one bot": (600, 1),
}
HEADS = 7  # unit heads of an office, reminded in the same minute
PEOPLE, IDLE = 60, 15.0


@dataclass(frozen=True, slots=True)
class Day:
    """How long the people of a simulated day waited for their screens."""

    waits: list[float]  # seconds that a screen waited for the rate limit
    busiest: int  # messages in the busiest minute
    refused: int  # by Telegram's limits, in the simulator's own count


def day(people: int, screens: int, seed: int, check: bool = False) -> Day:
    """Simulate a day: who comes when, pauses and taps, and when each screen may leave.

    Args:
        people: who answer on this day; they come at random, by `WEIGHTS`.
        screens: messages and edits of one survey.
        seed: of the arrivals and the pauses.
        check: whether the simulator's rate limiter counts too.
    """
    draw = random.Random(seed)
    hours = draw.choices(range(len(WEIGHTS)), WEIGHTS, k=people)
    due = [((OPENS + hour + draw.random()) * 3600, n, screens) for n, hour in enumerate(hours)]
    heapq.heapify(due)
    past = deque[float](maxlen=PER_SECOND)
    waits, minutes = [], dict[int, int]()
    now, refused = 0.0, 0
    telegrams = RateLimiter(lambda: now)
    while due:
        asked, person, left = due[0]
        now = max(asked, past[0] + SECOND) if len(past) == PER_SECOND else asked
        past.append(now)
        waits.append(now - asked)
        minutes[int(now // 60)] = minutes.get(int(now // 60), 0) + 1
        if check:
            refused += bool(telegrams.acquire(Limits(), 1, FIRST + person))
        if left > 1:
            next_tap = now + ROUND_TRIP + draw.uniform(*PAUSE)
            heapq.heapreplace(due, (next_tap, person, left - 1))
        else:
            heapq.heappop(due)
    return Day(waits, max(minutes.values()), refused)


def most_people(screens: int, seed: int) -> int:
    """The most people a day, to 250, of whom none waits longer than `SLOWEST` for a screen."""
    low, high = 0, math.ceil(PER_SECOND * 3600 * len(WEIGHTS) / screens / 250)
    while high - low > 1:
        middle = (low + high) // 2
        if max(day(middle * 250, screens, seed).waits) <= SLOWEST:
            low = middle
        else:
            high = middle
    return low * 250


@dataclass(frozen=True, slots=True)
class Cost:
    """What one office's process costs on this machine.

    Args:
        screens: messages and edits of one survey, which the rate limit counts.
        calls: all API calls of one survey.
        cpu: seconds of one survey.
        memory: megabytes after the surveys.
        idle: CPU seconds of a minute in which nobody comes.
        notices: messages of the outbox that leave in a second, one token, 50 ms round trip.
    """

    screens: int
    calls: float
    cpu: float
    memory: float
    idle: float
    notices: float


@dataclass(frozen=True, slots=True)
class Measures:
    """All that the arithmetic rests on.

    Args:
        cost: of one process.
        most: people a day that one bot carries.
        response: bytes on disk.
        picture: CPU seconds of a summary's picture.
    """

    cost: Cost
    most: int
    response: float
    picture: float


async def measured(people: int = PEOPLE, idle: float = IDLE) -> Cost:
    """Let people complete two surveys each, let the process idle, and send each a notice."""
    with tempfile.TemporaryDirectory(prefix="puas-benchmark-") as name:
        folder = Path(name)
        office = filled.empty(folder).office
        async with telegram() as there:
            with started(PROGRAM, there.url, folder) as bot:
                await there.polled()
                crowd = [there.phones.add(FIRST + number) for number in range(people)]
                await _surveys(there, crowd, SERVICES[0])  # connections and caches
                spent, before = bot.cpu, there.world.api_calls.copy()
                await _surveys(there, crowd, SERVICES[1])
                cpu, calls = bot.cpu - spent, there.world.api_calls - before
                spent = bot.cpu
                await asyncio.sleep(idle)
                idle_cpu, memory = (bot.cpu - spent) * 60 / idle, bot.memory
            now = datetime.now(UTC)
            with office.database.write() as db:
                for phone in crowd:
                    notices.tell(db, phone.id, "Kabar", now)
            office.database.close()
            a_second = await _sent_a_second(there, folder, people)
    shown = sum(many for name, many in calls.items() if name.startswith(("send", "edit")))
    return Cost(
        screens=math.ceil(shown / people),
        calls=(calls.total() - calls["getUpdates"]) / people,
        cpu=cpu / people,
        memory=memory,
        idle=idle_cpu,
        notices=a_second,
    )


async def _surveys(there: Telegram, crowd: Sequence[Phone], service: str) -> None:
    await asyncio.gather(*(complete_survey(phone, service, there.timings) for phone in crowd))


async def _sent_a_second(there: Telegram, folder: Path, many: int) -> float:
    """Start the bot within Telegram's limits, until it has sent `many` notices that are due."""
    world = there.world
    world.latency, world.limits = ROUND_TRIP, Limits()
    before = world.api_calls["sendMessage"]
    with started(PROGRAM, there.url, folder, paced=True):
        began = None
        while (sent := world.api_calls["sendMessage"] - before) < many:
            await asyncio.sleep(0.005)
            if sent and began is None:
                began = time.perf_counter()
        return (many - 1) / (time.perf_counter() - (began or 0.0))


@dataclass(frozen=True, slots=True)
class Bill:
    """What offices need in which every visitor answers.

    Args:
        people: a day, in all offices.
        load: people a day of one bot ÷ those that it can carry.
        cpu: core hours a day, in all processes.
        memory: gigabytes, in all processes.
        disk: gigabytes a year, without backups.
        backups: gigabytes of the kept daily backups at the end of the first year.
        summaries: seconds until the last office's summary has left its bot.
        reminders: the same for a reminder to every unit head.
        pictures: core seconds of drawing all summaries' pictures.
    """

    people: int
    load: float
    cpu: float
    memory: float
    disk: float
    backups: float
    summaries: float
    reminders: float
    pictures: float


def bill(offices: int, bots: int, measures: Measures) -> Bill:
    """The arithmetic for offices of `VISITORS` a day, on so many bots with a database each."""
    cost, people = measures.cost, offices * VISITORS
    disk_year = people * WORK_DAYS * measures.response / 1e9
    return Bill(
        people=people,
        load=people / bots / measures.most,
        cpu=(people * cost.cpu + bots * cost.idle * 24 * 60) / 3600,
        memory=bots * cost.memory / 1000,
        disk=disk_year,
        backups=disk_year * KEPT,
        summaries=offices / bots / cost.notices,
        reminders=offices * HEADS / bots / cost.notices,
        pictures=offices * measures.picture,
    )


def capacity(seed: int) -> None:
    """Measure, simulate and print."""
    cost = asyncio.run(measured())
    response = disk.disk(20_000)[0].value
    picture = alternating({"picture": busy.work("picture", "")}, 3)["picture"]
    most = most_people(cost.screens, seed)
    full = day(most, cost.screens, seed, check=True)
    even = PER_SECOND / SECOND
    show(
        (
            Figure("messages and edits of a survey", cost.screens, "n"),
            Figure("API calls of a survey, with the answers to taps", cost.calls, "n"),
            Figure("CPU of a survey", cost.cpu * 1000, "ms"),
            Figure("CPU of an idle minute", cost.idle * 1000, "ms"),
            Figure("memory of a process", cost.memory, "MB"),
            Figure("disk of a response", response, "B"),
            Figure("CPU of a summary's picture", picture * 1000, "ms"),
            Figure("outbox, one token, 50 ms: messages a second", cost.notices, "n"),
            Figure("rate limiter: messages a second", even, "n"),
            Figure("one token: surveys begun a minute, evenly", even * 60 / cost.screens, "n"),
            Figure("one token: people a day, by the hours' weights", most, "n"),
            Figure("that day: messages in the busiest minute", full.busiest, "n"),
            Figure("that day: screen waits, p99", percentiles(full.waits)["p99"], "s"),
            Figure("that day: slowest screen", max(full.waits), "s", most=SLOWEST),
            Figure("that day: refused by Telegram's limits", full.refused, "n", most=0),
        )
    )
    measures = Measures(cost, most, response, picture)
    rows = {name: asdict(bill(*plan, measures)) for name, plan in PLANS.items()}
    fields = list(next(iter(rows.values())))
    sys.stdout.write(f"{'':52}{''.join(f'{field:>10}' for field in fields)}\n")
    for name, row in rows.items():
        sys.stdout.write(f"{name:52}{''.join(f'{value:10,.2f}' for value in row.values())}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=18)
    capacity(parser.parse_args(arguments).seed)


if __name__ == "__main__":
    main()
