"""Posts updates to a bot's webhook until the bot accepts them or they expire.

Updates of one queue (a chat's messages, a person's taps) are posted one after another, so a failing
update delays only its queue. Different queues are posted in parallel, up to the bot's
`max_connections`. With a load balancer, a post that one process cannot accept goes to the next.
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import takewhile
from typing import Any

import aiohttp

from simulator.errors import ConnectionLost
from simulator.model.bots import Bot, Update, Webhook
from simulator.world import World

RESPONSE_TIMEOUT_SECONDS = 60.0
MAX_DELAY_SECONDS = 60.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_ACCEPTED = 200
_TRY_NEXT_PROCESS = frozenset({0, 503})  # 0: no response
CallMethod = Callable[[World, str, str, dict[str, Any]], Awaitable[Any]]

_NOT_IN_RESPONSE = ("deletewebhook", "setwebhook", "close", "logout", "get")


def ensure_running(world: World, bot: Bot, call: CallMethod) -> None:
    """Start posting to a bot's webhook, unless that runs already."""
    if bot.webhook is not None and not isinstance(world.waiters.get(bot.id), WebhookSender):
        sender = WebhookSender(world, bot, call)
        world.waiters[bot.id] = sender
        sender.start()


def resume(world: World, call: CallMethod) -> None:
    """Start posting for every bot with a webhook, for instance after loading a world."""
    for bot in world.state.bots.values():
        ensure_running(world, bot, call)


async def stop(world: World) -> None:
    """Stop all posting; updates that were not accepted stay queued."""
    for waiter in list(world.waiters.values()):
        if isinstance(waiter, WebhookSender):
            await waiter.stop()


def delay(failures: int) -> float:
    """Seconds until an update is posted again, after so many failures: 0, 2, 4, 8 … 60."""
    if failures <= 1:
        return 0.0
    jitter = random.uniform(0, 5)  # noqa: S311 - spreads the retries
    return min(2.0 ** (failures - 1), MAX_DELAY_SECONDS + jitter)


class WebhookSender:
    """Posts the updates of one bot to its webhook.

    Args:
        world: the simulated Telegram.
        bot: the receiver.
        call: carries out the API call that a webhook's response may contain.
    """

    def __init__(self, world: World, bot: Bot, call: CallMethod) -> None:
        self._call = call
        self._world = world
        self._bot = bot
        self._wake = asyncio.Event()
        self._queues: dict[str, deque[Update]] = {}
        self._last_queued_id = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._main: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        """Check for new updates and for a changed webhook."""
        self._wake.set()

    def start(self) -> None:
        """Start in the running event loop."""
        self._main = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop at once."""
        if self._is_current():
            del self._world.waiters[self._bot.id]
        tasks = [task for task in (self._main, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        """Distribute new updates to their queues as long as the bot has a webhook."""
        webhook = self._bot.webhook
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=RESPONSE_TIMEOUT_SECONDS),
            connector=aiohttp.TCPConnector(limit=0),
        ) as session:
            while webhook is not None:
                connections = asyncio.Semaphore(webhook.max_connections)
                while self._is_active(webhook):
                    self._distribute(webhook, session, connections)
                    self._wake.clear()
                    await self._wake.wait()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                self._queues.clear()
                self._last_queued_id = 0
                webhook = self._bot.webhook if self._is_current() else None
        if self._is_current():
            del self._world.waiters[self._bot.id]

    def _is_current(self) -> bool:
        """Whether no other sender or long poll has replaced this one."""
        return self._world.waiters.get(self._bot.id) is self

    def _is_active(self, webhook: Webhook) -> bool:
        """Whether the bot still has this webhook."""
        state = self._world.state
        return self._bot.webhook is webhook and state.bots.get(self._bot.id) is self._bot

    def _distribute(
        self, webhook: Webhook, session: aiohttp.ClientSession, connections: asyncio.Semaphore
    ) -> None:
        """Append new updates to their queues, and start a task for each new queue."""
        for update in self._new_updates():
            self._last_queued_id = update.id
            name = update.queue if self._is_ordered() else f"{update.queue} {update.id}"
            if queue := self._queues.get(name):
                queue.append(update)
                continue
            self._queues[name] = deque((update,))
            task = asyncio.create_task(self._post_queue(name, webhook, session, connections))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _is_ordered(self) -> bool:
        return self._bot.load_balancer is None or self._bot.load_balancer.ordered

    def _new_updates(self) -> list[Update]:
        newest = reversed(self._bot.updates.values())
        return list(takewhile(lambda update: update.id > self._last_queued_id, newest))[::-1]

    async def _post_queue(
        self,
        name: str,
        webhook: Webhook,
        session: aiohttp.ClientSession,
        connections: asyncio.Semaphore,
    ) -> None:
        """Post one queue, each update until it is accepted or expires."""
        queue = self._queues[name]
        while queue:
            update, failures = queue[0], 0
            while self._is_pending(update):
                async with connections:
                    accepted = await self._post(update, webhook, session)
                if accepted:
                    break
                failures += 1
                await self._pause(update, delay(failures))
            self._bot.updates.pop(update.id, None)
            queue.popleft()
        del self._queues[name]

    def _is_pending(self, update: Update) -> bool:
        now = self._world.clock.timestamp()
        return update.expires >= now and update.id in self._bot.updates

    async def _pause(self, update: Update, seconds: float) -> None:
        """Wait in real time, but not longer than until the update expires."""
        left = update.expires - self._world.clock.timestamp()
        await asyncio.sleep(max(0.0, min(seconds, left)))

    async def _post(self, update: Update, webhook: Webhook, session: aiohttp.ClientSession) -> bool:
        """Post an update once, through the load balancer if any; whether it was accepted."""
        if self._world.latency:
            await asyncio.sleep(self._world.latency / 2)
        balancer = self._bot.load_balancer
        if balancer is None:
            return await self._post_to(webhook.url, update, webhook, session) == _ACCEPTED
        addresses = balancer.next()
        copies = min(balancer.copies, len(addresses))
        posts = [
            self._post_to_first(addresses[start:] + addresses[:start], update, webhook, session)
            for start in range(copies)
        ]
        return any(await asyncio.gather(*posts))

    async def _post_to_first(
        self, addresses: list[str], update: Update, webhook: Webhook, session: aiohttp.ClientSession
    ) -> bool:
        """Try one process after another until one accepts the update or answers with an error."""
        for address in addresses:
            status = await self._post_to(address, update, webhook, session)
            if status not in _TRY_NEXT_PROCESS:
                return status == _ACCEPTED
        return False

    async def _post_to(
        self, address: str, update: Update, webhook: Webhook, session: aiohttp.ClientSession
    ) -> int:
        """Post an update to an address; the status, 200 for any 2xx, 0 for no response."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[_SECRET_HEADER] = webhook.secret
        try:
            body = json.dumps(update.body, ensure_ascii=False).encode()
            async with session.post(
                address, data=body, headers=headers, allow_redirects=False
            ) as response:
                content = await response.read()
                if 200 <= response.status <= 299:
                    await self._call_from_response(content)
                    return _ACCEPTED
                status = response.status
                error = f"Wrong response from the webhook: {status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as failure:
            status, error = 0, _description(failure)
        webhook.last_error = error
        webhook.last_error_date = int(self._world.clock.timestamp())
        return status

    async def _call_from_response(self, content: bytes) -> None:
        """Carry out the API call that a webhook may put into its response."""
        try:
            values: Any = json.loads(content) if content else None
        except ValueError:
            return
        if not isinstance(values, dict) or not isinstance(values.get("method"), str):
            return
        method = values.pop("method")
        if not method.lower().startswith(_NOT_IN_RESPONSE):
            try:
                await self._call(self._world, self._bot.token, method, values)
            except ConnectionLost:
                return


def _description(failure: Exception) -> str:
    if isinstance(failure, TimeoutError):
        return "Read timeout expired"
    if isinstance(failure, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Connection reset by peer"
