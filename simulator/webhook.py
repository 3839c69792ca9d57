"""Updates posted to a bot's webhook, again and again until it takes them or they expire.

Updates of one lane (a chat's messages, a person's taps) go one after the other, so a failing one
holds up its lane; lanes go side by side, up to the bot's `max_connections`. Where a front stands
before several processes, a post goes to the next of them when one cannot take it.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import aiohttp

from simulator.bots import Bot, Update, Webhook
from simulator.refusal import Lost

if TYPE_CHECKING:
    from simulator.world import World

ANSWER_SECONDS = 60.0
LONGEST_DELAY = 60.0
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_TAKEN = 200
_NEXT_ONE = frozenset({0, 503})  # no answer, or one that says "not now": another process may
Call = Callable[["World", str, str, dict[str, Any]], Awaitable[Any]]

_NOT_IN_REPLY = ("deletewebhook", "setwebhook", "close", "logout", "get")


def ensure(world: World, bot: Bot, call: Call) -> None:
    """Start delivering to a bot's webhook, unless that runs already."""
    if bot.webhook is not None and not isinstance(world.wakers.get(bot.id), Courier):
        courier = Courier(world, bot, call)
        world.wakers[bot.id] = courier
        courier.start()


def resume(world: World, call: Call) -> None:
    """Start delivering for every bot with a webhook, as after loading a world."""
    for bot in world.state.bots.values():
        ensure(world, bot, call)


async def stop(world: World) -> None:
    """End every delivery; what was not taken stays queued."""
    for waker in list(world.wakers.values()):
        if isinstance(waker, Courier):
            await waker.stop()


def delay(failures: int) -> float:
    """Seconds until an update is posted again, after so many failures: 0, 2, 4, 8 … 60."""
    if failures <= 1:
        return 0.0
    return min(2.0 ** (failures - 1), LONGEST_DELAY + random.uniform(0, 5))  # noqa: S311 - spread


class Courier:
    """Delivers the updates of one bot to its webhook.

    Args:
        world: where the bot lives.
        bot: whose updates.
        call: carries out the API call that an answer of the webhook may hold.
    """

    def __init__(self, world: World, bot: Bot, call: Call) -> None:
        self._call = call
        self._world = world
        self._bot = bot
        self._new = asyncio.Event()
        self._lanes: dict[str, deque[Update]] = {}
        self._seen = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._main: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        """There may be something to deliver, or to stop."""
        self._new.set()

    def start(self) -> None:
        """Begin, in the running loop."""
        self._main = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End now."""
        if self._is_the_one():
            del self._world.wakers[self._bot.id]
        tasks = [task for task in (self._main, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        """Hand new updates to their lanes for as long as this webhook stands."""
        webhook = self._bot.webhook
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            connector=aiohttp.TCPConnector(limit=0),
        ) as session:
            while webhook is not None:
                places = asyncio.Semaphore(webhook.max_connections)
                while self._stands(webhook):
                    self._sort(webhook, session, places)
                    self._new.clear()
                    await self._new.wait()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                self._lanes.clear()
                self._seen = 0
                webhook = self._bot.webhook if self._is_the_one() else None
        if self._is_the_one():
            del self._world.wakers[self._bot.id]

    def _is_the_one(self) -> bool:
        """Whether no other delivery took over meanwhile."""
        return self._world.wakers.get(self._bot.id) is self

    def _stands(self, webhook: Webhook) -> bool:
        state = self._world.state
        return self._bot.webhook is webhook and state.bots.get(self._bot.id) is self._bot

    def _sort(
        self, webhook: Webhook, session: aiohttp.ClientSession, places: asyncio.Semaphore
    ) -> None:
        for update in self._unseen():
            self._seen = update.id
            name = update.lane if self._ordered() else f"{update.lane} {update.id}"
            if lane := self._lanes.get(name):
                lane.append(update)
                continue
            self._lanes[name] = deque((update,))
            task = asyncio.create_task(self._walk(name, webhook, session, places))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _ordered(self) -> bool:
        return self._bot.front is None or self._bot.front.ordered

    def _unseen(self) -> list[Update]:
        newest = reversed(self._bot.updates.values())
        return list(takewhile(lambda update: update.id > self._seen, newest))[::-1]

    async def _walk(
        self,
        name: str,
        webhook: Webhook,
        session: aiohttp.ClientSession,
        places: asyncio.Semaphore,
    ) -> None:
        """Deliver one lane, each update until it is taken or expires."""
        lane = self._lanes[name]
        while lane:
            update, failures = lane[0], 0
            while self._alive(update):
                async with places:
                    taken = await self._post(update, webhook, session)
                if taken:
                    break
                failures += 1
                await self._pause(update, delay(failures))
            self._bot.updates.pop(update.id, None)
            lane.popleft()
        del self._lanes[name]

    def _alive(self, update: Update) -> bool:
        now = self._world.clock.timestamp()
        return update.expires >= now and update.id in self._bot.updates

    async def _pause(self, update: Update, seconds: float) -> None:
        """Wait in real time, but not beyond the update's own expiry."""
        left = update.expires - self._world.clock.timestamp()
        await asyncio.sleep(max(0.0, min(seconds, left)))

    async def _post(self, update: Update, webhook: Webhook, session: aiohttp.ClientSession) -> bool:
        """Post an update once, through the front if there is one; whether the bot took it."""
        if self._world.latency:
            await asyncio.sleep(self._world.latency / 2)
        front = self._bot.front
        if front is None:
            return await self._posted(webhook.url, update, webhook, session) == _TAKEN
        ways = front.next()
        starts = [ways[number:] + ways[:number] for number in range(min(front.copies, len(ways)))]
        told = [self._passed_on(way, update, webhook, session) for way in starts]
        return any(await asyncio.gather(*told))

    async def _passed_on(
        self, ways: list[str], update: Update, webhook: Webhook, session: aiohttp.ClientSession
    ) -> bool:
        """Try one process after the other, until one takes it or refuses it for good."""
        for address in ways:
            status = await self._posted(address, update, webhook, session)
            if status not in _NEXT_ONE:
                return status == _TAKEN
        return False

    async def _posted(
        self, address: str, update: Update, webhook: Webhook, session: aiohttp.ClientSession
    ) -> int:
        """Post an update to an address: the status of the answer, 200 for any 2xx, 0 for none."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[_SECRET] = webhook.secret
        try:
            body = json.dumps(update.body, ensure_ascii=False).encode()
            async with session.post(
                address, data=body, headers=headers, allow_redirects=False
            ) as answer:
                content = await answer.read()
                if 200 <= answer.status <= 299:
                    await self._reply(content)
                    return _TAKEN
                status = answer.status
                error = f"Wrong response from the webhook: {status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as failure:
            status, error = 0, _words(failure)
        webhook.last_error = error
        webhook.last_error_date = int(self._world.clock.timestamp())
        return status

    async def _reply(self, content: bytes) -> None:
        """Carry out the API call a webhook may put into its answer."""
        try:
            values: Any = json.loads(content) if content else None
        except ValueError:
            return
        if not isinstance(values, dict) or not isinstance(values.get("method"), str):
            return
        method = values.pop("method")
        if not method.lower().startswith(_NOT_IN_REPLY):
            try:
                await self._call(self._world, self._bot.token, method, values)
            except Lost:
                return


def _words(failure: Exception) -> str:
    if isinstance(failure, TimeoutError):
        return "Read timeout expired"
    if isinstance(failure, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Connection reset by peer"
