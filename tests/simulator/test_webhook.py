"""Updates posted to a webhook: the secret, retries, queues and the load balancer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from simulator.bot_api.webhook_sender import delay, stop
from simulator.control.operations import Spread
from simulator.rate_limiter import DEFAULT_LIMITS, RateLimiter
from simulator.world import World
from tests.simulator.clients import BotApiClient
from tests.simulator.conftest import BUDI, SITI

SECRET = "rahasia-123"


class WebhookServer:
    """A bot's own server: records the posts and answers as the test says."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda update: 200
        self.reply: dict[str, Any] | None = None
        self.url = ""
        self.open_posts = self.max_open_posts = 0

    async def on_post(self, request: web.Request) -> web.Response:
        self.open_posts += 1
        self.max_open_posts = max(self.max_open_posts, self.open_posts)
        update = await request.json()
        self.posts.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await asyncio.sleep(0.02)
        self.open_posts -= 1
        if self.reply is not None:
            return web.json_response(self.reply)
        return web.Response(status=self.answer(update))

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.posts if "message" in update]

    async def wait_for_posts(self, number: int) -> None:
        for _ in range(300):
            if len(self.posts) >= number:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.posts)} of {number} posts arrived: {self.texts()}")


@asynccontextmanager
async def running_server(world: World) -> AsyncIterator[WebhookServer]:
    """A running server of the bot."""
    office = WebhookServer()
    app = web.Application()
    app.router.add_post("/hook", office.on_post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    office.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield office
    await stop(world)
    await runner.cleanup()


@pytest.fixture
async def office(world: World) -> AsyncIterator[WebhookServer]:
    async with running_server(world) as office:
        yield office


@pytest.fixture
async def another(world: World) -> AsyncIterator[WebhookServer]:
    async with running_server(world) as office:
        yield office


async def test_updates_are_posted_with_the_secret(
    world: World, office: WebhookServer, telegram: BotApiClient
) -> None:
    world.say(SITI, SITI, "sebelumnya")
    await telegram("setWebhook", url=office.url, secret_token=SECRET)
    world.say(SITI, SITI, "sesudahnya")
    await office.wait_for_posts(2)
    await asyncio.sleep(0.05)
    assert (office.texts(), set(office.secrets)) == (["sebelumnya", "sesudahnya"], {SECRET})
    info = await telegram("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (office.url, 0)


async def test_a_failed_post_is_retried_at_once(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    office.answer = lambda update: 500 if len(office.posts) < 2 else 204
    await in_process("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.wait_for_posts(2)
    await asyncio.sleep(0.05)
    assert office.posts[0] == office.posts[1]
    info = await in_process("getWebhookInfo")
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["pending_update_count"] == 0


def test_retries_wait_0_2_4_8_seconds_up_to_about_a_minute() -> None:
    assert [delay(failures) for failures in range(1, 7)] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= delay(failures) <= 65 for failures in (7, 20, 300))


async def test_a_failing_update_delays_only_its_own_queue(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    world.say(SITI, SITI, "/start")
    sent = await in_process("sendMessage", chat_id=SITI, text="x")
    await in_process("setWebhook", url=office.url, drop_pending_updates=True)
    office.answer = lambda update: 503 if update.get("message", {}).get("text") == "macet" else 200
    world.say(SITI, SITI, "macet")
    world.say(SITI, SITI, "menunggu")
    world.say(BUDI, BUDI, "lewat")
    world.tap(SITI, SITI, sent["message_id"], "y")
    await office.wait_for_posts(4)
    await asyncio.sleep(0.1)
    assert sorted(office.texts()) == ["lewat", "macet", "macet"]
    assert [update["callback_query"]["data"] for update in office.posts
            if "callback_query" in update] == ["y"]  # fmt: skip


async def test_an_update_is_dropped_when_it_expires(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    office.answer = lambda update: 503 if update["message"]["text"] == "macet" else 200
    await in_process("setWebhook", url=office.url)
    world.say(SITI, SITI, "macet")
    await office.wait_for_posts(2)
    world.clock.advance(24 * 3600 + 1)
    world.say(SITI, SITI, "berikut")
    for _ in range(300):
        if "berikut" in office.texts():
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert office.texts()[-1] == "berikut"
    assert (await in_process("getWebhookInfo"))["pending_update_count"] == 0


async def test_at_most_max_connections_posts_are_open_at_once(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    await in_process("setWebhook", url=office.url, max_connections=2)
    for number in range(20, 30):
        world.add_person(number)
        world.say(number, number, "/start")
    await office.wait_for_posts(10)
    assert office.max_open_posts == 2


async def test_the_response_of_a_webhook_may_contain_a_call(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    office.reply = {"method": "sendMessage", "chat_id": SITI, "text": "Selamat datang"}
    await in_process("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.wait_for_posts(1)
    await asyncio.sleep(0.05)
    assert world.transcript(SITI)[-1]["text"] == "Selamat datang"


async def test_after_the_webhook_is_deleted_pending_updates_can_be_polled(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    office.answer = lambda update: 500
    await in_process("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.wait_for_posts(2)
    await in_process("deleteWebhook")
    assert [update["message"]["text"] for update in await in_process.updates()] == ["/start"]
    await asyncio.sleep(0.05)
    await in_process("setWebhook", url=office.url, drop_pending_updates=True)
    assert (await in_process("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://kantor.id/hook"}, "An HTTPS URL must be provided for webhook"),
        ({"url": "https://kantor.id/hook"}, "Failed to resolve host"),
        ({"url": "ftp://127.0.0.1/"}, "An HTTPS URL must be provided for webhook"),
        ({"ip_address": "127.0.0.1"}, "ip_address"),
    ],
)
async def test_an_invalid_webhook_is_refused(
    telegram: BotApiClient, values: dict[str, Any], expected: str
) -> None:
    given = {"url": "http://127.0.0.1:9/"} | values
    code, description = await telegram.refuses("setWebhook", **given)
    assert (code, expected in description) == (400, True), description
    assert (await telegram("getWebhookInfo"))["url"] == ""


async def test_a_webhook_can_be_set_once_a_second(world: World, in_process: BotApiClient) -> None:
    now = 1000.0
    world.limits, world.rate_limiter = DEFAULT_LIMITS, RateLimiter(lambda: now)
    await in_process("setWebhook", url=CLOSED_PORT)
    now += 0.9
    await in_process("deleteWebhook")
    error = await in_process.refuses("setWebhook", url=CLOSED_PORT)
    assert error == (429, "Too Many Requests: retry after 1")
    now += 0.1
    await in_process("setWebhook", url=CLOSED_PORT)
    await in_process("deleteWebhook")


async def test_max_connections_is_limited_to_1_to_100(
    office: WebhookServer, in_process: BotApiClient
) -> None:
    for asked, given in ((0, 1), (500, 100)):
        await in_process("setWebhook", url=office.url, max_connections=asked)
        assert (await in_process("getWebhookInfo"))["max_connections"] == given


CLOSED_PORT = "http://127.0.0.1:9/hook"


def people_say(world: World, numbers: range) -> None:
    """Let each person send their number."""
    for number in numbers:
        world.add_person(number)
        world.say(number, number, str(number), typed=True)


async def test_a_load_balancer_posts_to_its_processes_in_turn(
    world: World, office: WebhookServer, another: WebhookServer, in_process: BotApiClient
) -> None:
    await in_process("setWebhook", url=office.url, secret_token=SECRET)
    Spread(addresses=[office.url, another.url]).apply(world)
    people_say(world, range(20, 26))
    await office.wait_for_posts(3)
    await another.wait_for_posts(3)
    assert sorted(office.texts() + another.texts()) == [str(number) for number in range(20, 26)]
    assert {*office.secrets, *another.secrets} == {SECRET}
    Spread(addresses=[]).apply(world)
    people_say(world, range(26, 30))
    await office.wait_for_posts(7)


@pytest.mark.parametrize("failure", ["refused", 503])
async def test_a_post_goes_to_the_next_process_when_one_cannot_accept_it(
    failure: str | int,
    world: World,
    office: WebhookServer,
    another: WebhookServer,
    in_process: BotApiClient,
) -> None:
    await in_process("setWebhook", url=office.url)
    another.answer = lambda update: 503
    Spread(addresses=[CLOSED_PORT if failure == "refused" else another.url, office.url]).apply(
        world
    )
    people_say(world, range(20, 24))
    await office.wait_for_posts(4)
    await asyncio.sleep(0.05)
    assert (await in_process("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_load_balancer_may_copy_each_post_to_several_processes(
    world: World, office: WebhookServer, another: WebhookServer, in_process: BotApiClient
) -> None:
    await in_process("setWebhook", url=office.url)
    Spread(addresses=[office.url, another.url], copies=2).apply(world)
    people_say(world, range(20, 23))
    await office.wait_for_posts(3)
    await another.wait_for_posts(3)
    assert sorted(office.texts()) == sorted(another.texts()) == ["20", "21", "22"]


async def test_without_order_a_failing_update_delays_no_other_update(
    world: World, office: WebhookServer, in_process: BotApiClient
) -> None:
    await in_process("setWebhook", url=office.url)
    office.answer = lambda update: 500 if update["message"]["text"] == "macet" else 200
    Spread(addresses=[office.url], ordered=False).apply(world)
    world.say(SITI, SITI, "macet")
    world.say(SITI, SITI, "lewat")
    await office.wait_for_posts(3)
    await asyncio.sleep(0.05)
    assert "lewat" in office.texts()


@pytest.mark.parametrize("address", ["http://survei.contoh.go.id/", "https://127.0.0.1/", "x"])
async def test_a_load_balancer_accepts_loopback_addresses_only(address: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        Spread(addresses=[address])
