"""A world with two people, Siti and Budi, and clients of the Bot API for one bot."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator.clock import Clock
from simulator.http.server import Server, serve
from simulator.in_process import InProcessRequest
from simulator.world import World
from tests.simulator.clients import TOKEN, BotApiClient, HttpTransport, InProcessTransport, Sim

SITI, BUDI, GROUP, SUPERGROUP = 11, 12, -500, -1000000000500


@pytest.fixture
def world() -> World:
    """A world with a frozen clock and no rate limits."""
    world = World(Clock(datetime(2026, 7, 1, 1, tzinfo=UTC), frozen=True), limits=None)
    world.register(TOKEN)
    world.add_person(SITI, "Siti")
    world.add_person(BUDI, "Budi", username="budi_kasi")
    return world


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    """The world, served over HTTP on loopback."""
    server = await serve(world)
    yield server
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def in_process(world: World) -> BotApiClient:
    """A client that calls the world in the same process."""
    return BotApiClient(InProcessTransport(InProcessRequest(world)))


@pytest.fixture
def over_http(server: Server, session: aiohttp.ClientSession) -> BotApiClient:
    """A client that calls the world over HTTP."""
    return BotApiClient(HttpTransport(server.url, session))


@pytest.fixture(params=["in_process", pytest.param("over_http", marks=pytest.mark.http)])
def telegram(request: pytest.FixtureRequest) -> BotApiClient:
    """Each client in turn: the test runs twice."""
    client: BotApiClient = request.getfixturevalue(request.param)
    return client


@pytest.fixture
async def started(world: World, telegram: BotApiClient) -> BotApiClient:
    """The client, after Siti started the bot and the bot confirmed that update."""
    world.say(SITI, SITI, "/start")
    await telegram.updates(offset=-1)
    bot = world.bot()
    await telegram.updates(offset=bot.last_update_id + 1)
    return telegram


@pytest.fixture
def sim(server: Server, session: aiohttp.ClientSession) -> Sim:
    """A client of `/sim/`."""
    return Sim(server.url, session)
