"""A world with Siti and Budi in it, and a bot behind either door."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator.clock import Clock
from simulator.inprocess import InProcessRequest
from simulator.server import Server, serve
from simulator.world import World
from tests.simulator.doors import TOKEN, Http, InProcess, Telegram

SITI, BUDI, GROUP, SUPERGROUP = 11, 12, -500, -1000000000500


@pytest.fixture
def world() -> World:
    """A world whose clock stands still and whose bots may hurry."""
    world = World(Clock(datetime(2026, 7, 1, 1, tzinfo=UTC), frozen=True), limits=None)
    world.register(TOKEN)
    world.person(SITI, "Siti")
    world.person(BUDI, "Budi", username="budi_kasi")
    return world


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    """The world on loopback."""
    server = await serve(world)
    yield server
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client of our own."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def inside(world: World) -> Telegram:
    """Telegram through the in-process door."""
    return Telegram(InProcess(InProcessRequest(world)))


@pytest.fixture
def outside(server: Server, session: aiohttp.ClientSession) -> Telegram:
    """Telegram over HTTP."""
    return Telegram(Http(server.url, session))


@pytest.fixture(params=["inside", pytest.param("outside", marks=pytest.mark.http)])
def telegram(request: pytest.FixtureRequest) -> Telegram:
    """Telegram through either door, one after the other."""
    found: Telegram = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def started(world: World, telegram: Telegram) -> Telegram:
    """Siti has written to the bot, and the bot has read it."""
    world.say(SITI, SITI, "/start")
    await telegram.updates(offset=-1)
    bot = world.bot()
    await telegram.updates(offset=bot.last_update_id + 1)
    return telegram
