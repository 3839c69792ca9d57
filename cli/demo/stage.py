"""The stage of a demonstration: a world, its bot, the admin let in, the group linked."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import app as program
from bot.app import App
from office import bootstrap
from office.config import Config
from simulator.clock import Clock
from simulator.http.server import Server, serve
from simulator.json_types import Json
from simulator.phones import Phones
from simulator.world import World

TOKEN = "700000001:" + "demo-token-of-the-simulator-" * 2
GROUP = -1001
ADMIN = 1
TICK_SECONDS = 2.0


@dataclass(slots=True)
class Stage:
    """Everything of a demonstration, running."""

    world: World
    server: Server
    app: App
    phones: Phones
    group_messages: list[Json]
    told: asyncio.Event  # something was written into the group

    async def passes_to(self, moment: datetime) -> None:
        """The clock moves, and ticks."""
        self.world.clock.set(moment)
        await self.app.tick()
        await self.app.liveness.note()  # for the bot, the time between was an outage
        await self.app.display.drained()


@asynccontextmanager
async def staged(clock: Clock, port: int = 0) -> AsyncIterator[Stage]:
    """Simulator and bot on a database of their own, the admin let in, the group linked."""
    world = World(clock, limits=None)
    phones = Phones(world)
    server = await serve(world, port)
    with tempfile.TemporaryDirectory(prefix="puas-demo-") as folder:
        config = Config(
            telegram={"token": TOKEN, "api_root": server.url, "messages_per_second": 0},
            database={"url": f"sqlite:///{folder}/puas.db"},
            secret_file=Path(folder) / "puas.key",
        )
        app = await program.build(config, clock.now)
        await program.start(app)
        work = [asyncio.create_task(app.polling.run()), asyncio.create_task(app.sender.run())]
        try:
            stage = Stage(world, server, app, phones, [], asyncio.Event())
            await _office_opens(stage)
            yield stage
        finally:
            for task in work:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await app.close()
            await server.close()


async def _office_opens(stage: Stage) -> None:
    """The admin claims the office with the console's code and links the Camat's group."""
    app = stage.app
    code = await app.turns.do(lambda db: bootstrap.first_code(db, app.office.clock()))
    admin = stage.phones.add(ADMIN, first_name="Admin", role="Admin")
    await admin.say(f"/klaim {code}")
    stage.world.add_group(GROUP, "Camat Pakong", [ADMIN])

    def hear(event: Json) -> None:
        if event["type"] != "message" or event["chat"] != GROUP:
            return
        if event["message"]["from"]["is_bot"]:
            stage.group_messages.append(event["message"])
            stage.told.set()

    stage.world.listen(hear)
    stage.world.say(ADMIN, GROUP, f"/pasang_grup@{app.office.username}")
    await asyncio.wait_for(stage.told.wait(), 30)
    stage.told.clear()
    stage.group_messages.clear()


@asynccontextmanager
async def ticking(app: App, every: float = TICK_SECONDS) -> AsyncIterator[None]:
    """Meanwhile the clock ticks, often enough for people who move it and wait."""

    async def go_on() -> None:
        while True:
            await app.tick()
            await asyncio.sleep(every)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
