"""A thousand people within ten minutes, with Telegram's rate limits.

    PYTHONPATH=. .venv/bin/python -m benchmarks.crowd [--minutes 10] [--people 1000]

Real time. People arrive evenly over the time, and pause a few seconds between two taps. Sixteen
screens each are 27 a second for a thousand people in ten minutes: close to the 30 that Telegram
accepts from a bot. A broken limit is an answer 429.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
from collections.abc import Sequence

from benchmarks.figures import Figure, show
from benchmarks.people import FIRST, SERVICES, Telegram, finished, percentiles, press, telegram
from benchmarks.processes import PROGRAM, started
from simulator.rate_limiter import Limits

PAUSE = (1.5, 4.5)  # seconds between a screen and the next tap
ROUND_TRIP = 0.05
LAST = 120  # seconds for the last people to finish


async def crowd(minutes: float, people: int, pause: tuple[float, float] = PAUSE) -> list[Figure]:
    """Let the people arrive, rate and leave."""
    seconds = minutes * 60
    async with telegram(Limits()) as there:
        there.world.latency = ROUND_TRIP
        with started(PROGRAM, there.url, paced=True):
            await there.polled()
            visits = [
                asyncio.create_task(_visit(there, FIRST + n, seconds * n / people, pause))
                for n in range(people)
            ]
            done, late = await asyncio.wait(visits, timeout=seconds + LAST)
            for visit in late:
                visit.cancel()
        refused = sum(call["status"] == 429 for call in there.world.requests())
    waits = there.timings.tap
    left = people - sum(visit.exception() is None for visit in done)
    return [
        Figure("people who did not finish", left, "n", most=0),
        Figure("limits broken", refused, "n", most=0),
        Figure("slowest screen", max(waits), "s", most=5),
        Figure("tap → screen p99", percentiles(waits)["p99"], "s"),
    ]


async def _visit(there: Telegram, person: int, comes: float, pause: tuple[float, float]) -> None:
    draw = random.Random(person)
    await asyncio.sleep(comes)
    phone = there.phones.add(person)
    await phone.say(f"/start l_{SERVICES[person % len(SERVICES)]}")
    while not finished(phone):
        await asyncio.sleep(draw.uniform(*pause))
        await press(phone, there.timings)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    gc.disable()  # a pause of the simulator would let calls arrive together
    show(asyncio.run(crowd(chosen.minutes, chosen.people)))


if __name__ == "__main__":
    main()
