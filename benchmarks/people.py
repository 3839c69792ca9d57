"""Simulated people who tap, and how long each waits for the next screen."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from simulator.http.server import serve
from simulator.model import bots
from simulator.phones import Phone, Phones
from simulator.rate_limiter import Limits
from simulator.world import World

SERVICES = ("ktp-el", "kk", "pindah-datang", "domisili", "sktm", "skck", "usaha", "keramaian")
FIRST, STREAM = 1000, 100_000  # first ids of a crowd, and of people who come one after another


@dataclass
class Timings:
    """Seconds from tap to screen and from delivery to screen, of all people."""

    pressed: dict[int, float] = field(default_factory=dict)
    delivered: dict[int, float] = field(default_factory=dict)
    delivery: list[float] = field(default_factory=list)
    tap: list[float] = field(default_factory=list)

    def hear(self, event: dict[str, Any]) -> None:
        """Record an edited screen: it ends the measurement of the tap before it."""
        if event["type"] != "edit":
            return
        now, chat = time.perf_counter(), event["chat"]
        if chat in self.pressed:
            self.tap.append(now - self.pressed.pop(chat))
            self.delivery.append(now - self.delivered.pop(chat, now))

    def begin(self) -> None:
        """Delete what was measured so far."""
        self.delivery.clear()
        self.tap.clear()


@contextmanager
def watched(world: World) -> Iterator[Timings]:
    """Measure, while the block runs, when updates are delivered and screens shown."""
    timings = Timings()
    ready = bots.Bot.ready

    def noting(bot: bots.Bot, limit: int, now: float) -> list[Any]:
        updates = ready(bot, limit, now)
        moment = time.perf_counter()
        for update in updates:
            if "callback_query" in update:
                timings.delivered.setdefault(update["callback_query"]["from"]["id"], moment)
        return updates

    stop = world.listen(timings.hear)
    try:
        with patch.object(bots.Bot, "ready", noting):
            yield timings
    finally:
        stop()


@dataclass(frozen=True)
class Telegram:
    """A simulator over HTTP, its people, and their timings."""

    world: World
    phones: Phones
    url: str
    timings: Timings

    async def polled(self) -> None:
        """Wait until a bot has asked for updates; TimeoutError when none does."""
        async with asyncio.timeout(60):
            while not self.world.api_calls["getUpdates"]:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def telegram(limits: Limits | None = None) -> AsyncIterator[Telegram]:
    """A simulator on loopback; without rate limits if none are given."""
    world = World(limits=limits)
    server = await serve(world)
    try:
        with watched(world) as timings:
            yield Telegram(world, Phones(world), server.url, timings)
    finally:
        await server.close()


def finished(phone: Phone) -> bool:
    """Whether the screen shows the receipt."""
    return "Tanda terima" in phone.text


async def press(phone: Phone, timings: Timings) -> None:
    """Press the button that leads on, and wait for the next screen."""
    timings.pressed[phone.id] = time.perf_counter()
    await phone.tap(_next(phone.buttons))


def _next(buttons: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for button in buttons:
        if str(button["text"]).startswith("✅"):
            return button
    return buttons[0]


async def complete_survey(phone: Phone, service: str, timings: Timings) -> int:
    """Complete one survey from QR code to receipt; the number of taps."""
    await phone.say(f"/start l_{service}")
    taps = 0
    while not finished(phone):
        await press(phone, timings)
        taps += 1
    return taps


class Stream:
    """A steady rate of taps, by `people` people at a time.

    They tap in turn; after the receipt a new person takes the place of the old one.
    """

    def __init__(self, there: Telegram, people: int = 60) -> None:
        self._there = there
        self._next = STREAM
        self._waiting = deque(self._new_person() for _ in range(people))
        self._steps: set[asyncio.Task[None]] = set()
        self.taps = 0
        self.surveys = 0

    def _new_person(self) -> Phone:
        self._next += 1
        return self._there.phones.add(self._next)

    async def offer(self, rate: float, going_on: Callable[[], bool]) -> None:
        """Offer `rate` taps a second as long as `going_on` is true."""
        due = time.perf_counter()
        while going_on():
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self._waiting:  # otherwise everybody waits for a screen, and the tap is left out
                step = asyncio.create_task(self._step(self._waiting.popleft()))
                self._steps.add(step)
                step.add_done_callback(self._steps.discard)
        await asyncio.gather(*self._steps)

    async def _step(self, phone: Phone) -> None:
        if not phone.message:
            await phone.say(f"/start l_{SERVICES[phone.id % len(SERVICES)]}")
        else:
            await press(phone, self._there.timings)
            self.taps += 1
        if finished(phone):
            self.surveys += 1
            phone = self._new_person()
        self._waiting.append(phone)


async def steadily(there: Telegram, rate: float, seconds: float, people: int = 60) -> Stream:
    """Offer taps for so many seconds; `there.timings` has the waits."""
    stream = Stream(there, people)
    until = time.perf_counter() + seconds
    await stream.offer(rate, lambda: time.perf_counter() < until)
    return stream


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median, p95 and p99."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
