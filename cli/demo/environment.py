"""The demo's environment: simulator, bot, pages, admin and linked group."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import app as program
from bot.app import App
from cli.demo.browser import Browsers
from cli.demo.officers import ADMIN
from office import bootstrap
from office.config import Config
from simulator.clock import Clock
from simulator.errors import Json
from simulator.http.server import Server, serve
from simulator.phones import Phones
from simulator.world import World
from web import server as pages

TOKEN = "700000001:" + "demo-token-of-the-simulator-" * 2
GROUP = -1001
TICK_SECONDS = 2.0
BETWEEN_MESSAGES = 2.0  # seconds; a message to the same chat waits for one
LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class Demo:
    """The running parts of a demo."""

    world: World
    server: Server
    app: App
    phones: Phones
    browsers: Browsers
    group_messages: list[Json]
    group_message_arrived: asyncio.Event

    async def move_clock_to(self, moment: datetime) -> None:
        """Set the simulator's clock, run the bot's tick and send all that is due then."""
        self.world.clock.set(moment)
        await self.app.tick()
        await self.app.liveness.note()  # the bot takes the skipped time for an outage
        sender = self.app.sender
        sender.rate_limiter.chats.clear()  # it counts real seconds
        while await sender.send_due():
            sender.rate_limiter.chats.clear()
            self.world.clock.advance(BETWEEN_MESSAGES)
        await self.app.display.drained()


@asynccontextmanager
async def demo_office(clock: Clock, port: int = 0) -> AsyncIterator[Demo]:
    """Run simulator, bot and pages on a temporary database, with an admin and a linked group.

    Its clock is moved by `move_clock_to`; `working` lets it run by itself.
    """
    async with AsyncExitStack() as stack:
        reserved = stack.enter_context(_reserved_port())
        pages_port = reserved.getsockname()[1]
        # Two names of this computer: the screen at a counter is refused at the public address.
        public_url, counter = (f"http://{host}:{pages_port}" for host in ("localhost", LOOPBACK))
        links = {
            "Isi di browser": f"{public_url}/",
            "Layar loket": f"{counter}/kios/ktp-el",
        }
        world = World(clock, limits=None, links=links)
        phones = Phones(world)
        server = await serve(world, port)
        stack.push_async_callback(server.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="puas-demo-"))
        config = Config(
            telegram={"token": TOKEN, "api_root": server.url, "messages_per_second": 0},
            database={"url": f"sqlite:///{folder}/puas.db"},
            secret_file=Path(folder) / "puas.key",
            web={"listen": LOOPBACK, "port": pages_port, "public_url": public_url},
        )
        app = await program.build(config, clock.now)
        stack.push_async_callback(app.close)
        await program.start(app)
        await app.introduce()
        reserved.close()
        runner = await pages.listen(config.web, app.office, app.turns.answer)
        stack.push_async_callback(runner.cleanup)
        browsers = Browsers(counter)
        stack.push_async_callback(browsers.close)
        stack.push_async_callback(_cancel, asyncio.create_task(app.polling.run()))
        demo = Demo(world, server, app, phones, browsers, [], asyncio.Event())
        await _set_up_office(demo)
        yield demo


def _reserved_port() -> socket.socket:
    """A socket that holds a free port of loopback until it is closed."""
    reserved = socket.socket()
    reserved.bind((LOOPBACK, 0))
    return reserved


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _set_up_office(demo: Demo) -> None:
    """Claim the office as admin with the console's code and link the Camat's group."""
    app = demo.app
    code = await app.turns.do(lambda db: bootstrap.first_code(db, app.office.clock()))
    admin = demo.phones.add(ADMIN, first_name="Admin", role="Admin")
    await admin.say(f"/klaim {code}")
    demo.world.add_group(GROUP, "Camat Pakong", [ADMIN])

    def on_event(event: Json) -> None:
        if event["type"] != "message" or event["chat"] != GROUP:
            return
        if event["message"]["from"]["is_bot"]:
            demo.group_messages.append(event["message"])
            demo.group_message_arrived.set()

    demo.world.listen(on_event)
    demo.world.say(ADMIN, GROUP, f"/pasang_grup@{app.office.username}")
    await asyncio.wait_for(demo.group_message_arrived.wait(), 30)
    demo.group_message_arrived.clear()
    demo.group_messages.clear()


@asynccontextmanager
async def working(app: App, interval: float = TICK_SECONDS) -> AsyncIterator[None]:
    """Run the bot's sender, and its tick at this interval in seconds, until the block ends."""

    async def tick_repeatedly() -> None:
        while True:
            await app.tick()
            await asyncio.sleep(interval)

    async with AsyncExitStack() as stack:
        for work in (tick_repeatedly(), app.sender.run()):
            stack.push_async_callback(_cancel, asyncio.create_task(work))
        yield
