"""Updates posted to a webhook: the secret, the retries, the lanes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from simulator.orders import Spread
from simulator.webhook import delay, stop
from simulator.world import World
from tests.simulator.conftest import BUDI, SITI
from tests.simulator.doors import Telegram

SECRET = "rahasia-123"


class Office:
    """A bot's own server: notes what is posted and answers as told."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda update: 200
        self.reply: dict[str, Any] | None = None
        self.url = ""
        self.busy = self.most_busy = 0

    async def on_post(self, request: web.Request) -> web.Response:
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        update = await request.json()
        self.posts.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await asyncio.sleep(0.02)
        self.busy -= 1
        if self.reply is not None:
            return web.json_response(self.reply)
        return web.Response(status=self.answer(update))

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.posts if "message" in update]

    async def has(self, number: int) -> None:
        for _ in range(300):
            if len(self.posts) >= number:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.posts)} of {number} posts came: {self.texts()}")


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[Office]:
    """A bot's server that listens."""
    office = Office()
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
async def office(world: World) -> AsyncIterator[Office]:
    async with opened(world) as office:
        yield office


@pytest.fixture
async def another(world: World) -> AsyncIterator[Office]:
    async with opened(world) as office:
        yield office


async def test_updates_are_posted_with_the_secret(
    world: World, office: Office, telegram: Telegram
) -> None:
    world.say(SITI, SITI, "sebelumnya")
    await telegram("setWebhook", url=office.url, secret_token=SECRET)
    world.say(SITI, SITI, "sesudahnya")
    await office.has(2)
    await asyncio.sleep(0.05)
    assert (office.texts(), set(office.secrets)) == (["sebelumnya", "sesudahnya"], {SECRET})
    info = await telegram("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (office.url, 0)


async def test_a_failed_post_is_repeated_at_once(
    world: World, office: Office, inside: Telegram
) -> None:
    office.answer = lambda update: 500 if len(office.posts) < 2 else 204
    await inside("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.has(2)
    await asyncio.sleep(0.05)
    assert office.posts[0] == office.posts[1]
    info = await inside("getWebhookInfo")
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["pending_update_count"] == 0


def test_posts_are_repeated_after_0_2_4_8_seconds_up_to_about_a_minute() -> None:
    assert [delay(failures) for failures in range(1, 7)] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= delay(failures) <= 65 for failures in (7, 20, 300))


async def test_a_failing_update_holds_up_its_own_lane_only(
    world: World, office: Office, inside: Telegram
) -> None:
    world.say(SITI, SITI, "/start")
    sent = await inside("sendMessage", chat_id=SITI, text="x")
    await inside("setWebhook", url=office.url, drop_pending_updates=True)
    office.answer = lambda update: 503 if update.get("message", {}).get("text") == "macet" else 200
    world.say(SITI, SITI, "macet")
    world.say(SITI, SITI, "menunggu")
    world.say(BUDI, BUDI, "lewat")
    world.tap(SITI, SITI, sent["message_id"], "y")
    await office.has(4)
    await asyncio.sleep(0.1)
    assert sorted(office.texts()) == ["lewat", "macet", "macet"]
    assert [update["callback_query"]["data"] for update in office.posts
            if "callback_query" in update] == ["y"]  # fmt: skip


async def test_an_update_is_given_up_when_it_expires(
    world: World, office: Office, inside: Telegram
) -> None:
    office.answer = lambda update: 503 if update["message"]["text"] == "macet" else 200
    await inside("setWebhook", url=office.url)
    world.say(SITI, SITI, "macet")
    await office.has(2)
    world.clock.advance(24 * 3600 + 1)
    world.say(SITI, SITI, "berikut")
    for _ in range(300):
        if "berikut" in office.texts():
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert office.texts()[-1] == "berikut"
    assert (await inside("getWebhookInfo"))["pending_update_count"] == 0


async def test_no_more_posts_at_once_than_allowed(
    world: World, office: Office, inside: Telegram
) -> None:
    await inside("setWebhook", url=office.url, max_connections=2)
    for number in range(20, 30):
        world.person(number)
        world.say(number, number, "/start")
    await office.has(10)
    assert office.most_busy == 2


async def test_the_answer_of_a_webhook_may_hold_a_call(
    world: World, office: Office, inside: Telegram
) -> None:
    office.reply = {"method": "sendMessage", "chat_id": SITI, "text": "Selamat datang"}
    await inside("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.has(1)
    await asyncio.sleep(0.05)
    assert world.transcript(SITI)[-1]["text"] == "Selamat datang"


async def test_without_webhook_the_pending_updates_wait_for_a_poll(
    world: World, office: Office, inside: Telegram
) -> None:
    office.answer = lambda update: 500
    await inside("setWebhook", url=office.url)
    world.say(SITI, SITI, "/start")
    await office.has(2)
    await inside("deleteWebhook")
    assert [update["message"]["text"] for update in await inside.updates()] == ["/start"]
    await asyncio.sleep(0.05)
    await inside("setWebhook", url=office.url, drop_pending_updates=True)
    assert (await inside("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://kantor.id/hook"}, "An HTTPS URL must be provided for webhook"),
        ({"url": "https://kantor.id/hook"}, "Failed to resolve host"),
        ({"url": "ftp://127.0.0.1/"}, "An HTTPS URL must be provided for webhook"),
        ({"ip_address": "127.0.0.1"}, "ip_address"),
    ],
)
async def test_a_wrong_webhook_is_refused(
    telegram: Telegram, values: dict[str, Any], words: str
) -> None:
    given = {"url": "http://127.0.0.1:9/"} | values
    code, said = await telegram.refuses("setWebhook", **given)
    assert (code, words in said) == (400, True), said
    assert (await telegram("getWebhookInfo"))["url"] == ""


async def test_connections_are_kept_between_1_and_100(office: Office, inside: Telegram) -> None:
    for asked, given in ((0, 1), (500, 100)):
        await inside("setWebhook", url=office.url, max_connections=asked)
        assert (await inside("getWebhookInfo"))["max_connections"] == given


NOBODY = "http://127.0.0.1:9/hook"


def people_say(world: World, numbers: range) -> None:
    """Each says their own number."""
    for number in numbers:
        world.person(number)
        world.say(number, number, str(number), typed=True)


async def test_a_front_hands_the_posts_to_its_processes_in_turn(
    world: World, office: Office, another: Office, inside: Telegram
) -> None:
    await inside("setWebhook", url=office.url, secret_token=SECRET)
    Spread(addresses=[office.url, another.url]).carry_out(world)
    people_say(world, range(20, 26))
    await office.has(3)
    await another.has(3)
    assert sorted(office.texts() + another.texts()) == [str(number) for number in range(20, 26)]
    assert {*office.secrets, *another.secrets} == {SECRET}
    Spread(addresses=[]).carry_out(world)
    people_say(world, range(26, 30))
    await office.has(7)


@pytest.mark.parametrize("trouble", ["refused", 503])
async def test_a_post_goes_on_to_the_next_process_when_one_cannot_take_it(
    trouble: str | int, world: World, office: Office, another: Office, inside: Telegram
) -> None:
    await inside("setWebhook", url=office.url)
    another.answer = lambda update: 503
    Spread(addresses=[NOBODY if trouble == "refused" else another.url, office.url]).carry_out(world)
    people_say(world, range(20, 24))
    await office.has(4)
    await asyncio.sleep(0.05)
    assert (await inside("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_front_may_repeat_each_post_to_several_processes(
    world: World, office: Office, another: Office, inside: Telegram
) -> None:
    await inside("setWebhook", url=office.url)
    Spread(addresses=[office.url, another.url], copies=2).carry_out(world)
    people_say(world, range(20, 23))
    await office.has(3)
    await another.has(3)
    assert sorted(office.texts()) == sorted(another.texts()) == ["20", "21", "22"]


async def test_without_order_a_failing_update_holds_up_nothing(
    world: World, office: Office, inside: Telegram
) -> None:
    await inside("setWebhook", url=office.url)
    office.answer = lambda update: 500 if update["message"]["text"] == "macet" else 200
    Spread(addresses=[office.url], ordered=False).carry_out(world)
    world.say(SITI, SITI, "macet")
    world.say(SITI, SITI, "lewat")
    await office.has(3)
    await asyncio.sleep(0.05)
    assert "lewat" in office.texts()


@pytest.mark.parametrize("address", ["http://survei.contoh.go.id/", "https://127.0.0.1/", "x"])
async def test_a_front_reaches_loopback_only(address: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        Spread(addresses=[address])
