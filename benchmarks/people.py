"""People who tap, and how long each waits for the next screen."""

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
FIRST, STREAM = 1000, 100_000  # ids of a crowd, and of people who come one after another


@dataclass
class Watch:
    """When updates were delivered and screens shown, by chat; seconds."""

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

    def begin(self) -> None:
        """Forget what was measured so far."""
        self.delivery.clear()
        self.tap.clear()


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

    stop = world.listen(watch.hear)
    try:
        with patch.object(bots.Bot, "ready", noting):
            yield watch
    finally:
        stop()


@dataclass(frozen=True)
class Telegram:
    """A served world, its people, and the watch on both."""

    world: World
    phones: Phones
    url: str
    watch: Watch

    async def polled(self) -> None:
        """Come back when a bot has asked for updates; TimeoutError when none does."""
        async with asyncio.timeout(60):
            while not self.world.api_calls["getUpdates"]:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def telegram(limits: Limits | None = None) -> AsyncIterator[Telegram]:
    """A Telegram on loopback; without rate limits if none are given."""
    world = World(limits=limits)
    server = await serve(world)
    try:
        with watched(world) as watch:
            yield Telegram(world, Phones(world), server.url, watch)
    finally:
        await server.close()


def finished(phone: Phone) -> bool:
    """Whether the receipt stands on the screen."""
    return "Tanda terima" in phone.text


async def press(phone: Phone, watch: Watch) -> None:
    """One tap, the way that leads to the end, and the wait for its screen."""
    watch.pressed[phone.id] = time.perf_counter()
    await phone.tap(_next(phone.buttons))


def _next(buttons: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for button in buttons:
        if str(button["text"]).startswith("✅"):
            return button
    return buttons[0]


async def walk(phone: Phone, service: str, watch: Watch) -> int:
    """One survey from QR to receipt; how many taps it took."""
    await phone.say(f"/start l_{service}")
    taps = 0
    while not finished(phone):
        await press(phone, watch)
        taps += 1
    return taps


class Stream:
    """People who come one after another, and tap so that a steady number of taps is offered.

    Each of the `people` at once has their turn; after the receipt somebody new takes the phone.
    """

    def __init__(self, there: Telegram, people: int = 60) -> None:
        self._there = there
        self._next = STREAM
        self._free = deque(self._somebody() for _ in range(people))
        self._steps: set[asyncio.Task[None]] = set()
        self.taps = 0
        self.surveys = 0

    def _somebody(self) -> Phone:
        self._next += 1
        return self._there.phones.add(self._next)

    async def offer(self, rate: float, going_on: Callable[[], bool]) -> None:
        """Offer so many taps a second as long as it is going on."""
        due = time.perf_counter()
        while going_on():
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self._free:  # else everybody waits for a screen, and less is offered
                step = asyncio.create_task(self._step(self._free.popleft()))
                self._steps.add(step)
                step.add_done_callback(self._steps.discard)
        await asyncio.gather(*self._steps)

    async def _step(self, phone: Phone) -> None:
        if not phone.message:
            await phone.say(f"/start l_{SERVICES[phone.id % len(SERVICES)]}")
        else:
            await press(phone, self._there.watch)
            self.taps += 1
        if finished(phone):
            self.surveys += 1
            phone = self._somebody()
        self._free.append(phone)


async def steadily(there: Telegram, rate: float, seconds: float, people: int = 60) -> Stream:
    """Offer taps for so long; the watch holds what the people waited."""
    stream = Stream(there, people)
    until = time.perf_counter() + seconds
    await stream.offer(rate, lambda: time.perf_counter() < until)
    return stream


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median, p95 and p99."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
