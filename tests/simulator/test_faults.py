"""Faults, latency and rate limits."""

import asyncio
import time

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from simulator.faults import Fault
from simulator.http.server import Server
from simulator.in_process import InProcessRequest
from simulator.rate_limiter import Limits, RateLimiter
from simulator.world import World
from tests.simulator.clients import TOKEN, BotApiClient
from tests.simulator.conftest import BUDI, GROUP, SITI, SUPERGROUP

OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (403, (403, "Forbidden: bot was blocked by the user")),
        (429, (429, "Too Many Requests: retry after 7")),
        (500, (500, "Internal Server Error")),
        (401, (401, "Unauthorized")),
        (404, (404, "Not Found")),
        (409, (409, OTHER_POLL)),
        (502, (502, "Bad Gateway")),
    ],
)
async def test_a_fault_applies_to_its_number_of_calls(
    world: World, started: BotApiClient, answer: int, error: tuple[int, str]
) -> None:
    world.faults.add(Fault("sendMessage", answer, times=2, retry_after=7))  # type: ignore[arg-type] # one of the allowed answers
    for _ in range(2):
        assert await started.refuses("sendMessage", chat_id=SITI, text="x") == error
    assert await started("sendMessage", chat_id=SITI, text="x")


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (SUPERGROUP, "supergroup")])
async def test_a_403_in_a_group_says_that_the_bot_was_kicked(
    world: World, in_process: BotApiClient, chat: int, kind: str
) -> None:
    world.add_group(chat, "Kantor", [SITI])
    world.faults.add(Fault("*", 403, chat=chat))
    assert await in_process.refuses("sendMessage", chat_id=chat, text="x") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


async def test_a_fault_for_one_chat_leaves_other_chats_alone(
    world: World, started: BotApiClient
) -> None:
    world.say(BUDI, BUDI, "/start")
    world.faults.add(Fault("sendmessage", 500, chat=BUDI))
    assert await started("sendMessage", chat_id=SITI, text="x")
    assert (await started.refuses("sendMessage", chat_id=BUDI, text="x"))[0] == 500


async def test_a_refused_call_is_not_carried_out_and_a_timed_out_call_is(world: World) -> None:
    world.say(SITI, SITI, "/start")
    bot = Bot(TOKEN, request=InProcessRequest(world))
    world.faults.add(Fault("sendMessage", "refuse"))
    world.faults.add(Fault("sendMessage", "timeout_after"))
    with pytest.raises(NetworkError) as refused:
        await bot.send_message(SITI, "pertama")
    assert isinstance(refused.value.__cause__, ConnectionRefusedError)
    with pytest.raises(TimedOut):
        await bot.send_message(SITI, "kedua")
    assert [shown["text"] for shown in world.transcript(SITI)] == ["/start", "kedua"]
    assert [(call["params"]["text"], call["status"]) for call in world.requests()] == [
        ("kedua", None)
    ]


@pytest.mark.http
@pytest.mark.parametrize("chat", [None, SITI])
async def test_over_http_a_refused_or_timed_out_call_gets_no_response(
    world: World, over_http: BotApiClient, chat: int | None
) -> None:
    world.say(SITI, SITI, "/start")
    world.faults.add(Fault("sendMessage", "refuse", chat))
    world.faults.add(Fault("sendMessage", "timeout_after", chat))
    with pytest.raises(aiohttp.ClientConnectionError):
        await over_http("sendMessage", chat_id=SITI, text="pertama")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(over_http("sendMessage", chat_id=SITI, text="kedua"), 0.3)
    assert [shown["text"] for shown in world.transcript(SITI)] == ["/start", "kedua"]
    assert [call["params"]["text"] for call in world.requests()] == ["kedua"]


async def _first_line(server: Server, *headers: str) -> bytes:
    """Send the head of a call without its body; the first line of the response."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":")[-1]))
    head = [
        "POST /bot" + TOKEN + "/sendMessage HTTP/1.1",
        "Host: localhost",
        "Content-Length: 9",
        *headers,
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    try:
        return await asyncio.wait_for(reader.readline(), 2)
    finally:
        writer.close()


@pytest.mark.http
async def test_a_refused_call_fails_before_its_body_is_sent(world: World, server: Server) -> None:
    expect = "Expect: 100-continue"
    world.faults.add(Fault("sendMessage", "refuse", times=2))
    for head in ([], [expect]):
        with pytest.raises(ConnectionResetError):
            await _first_line(server, *head)
    assert await _first_line(server, expect) == b"HTTP/1.1 100 Continue\r\n"


async def test_a_refusal_applies_after_the_faults_added_before_it(
    world: World, started: BotApiClient
) -> None:
    world.faults.add(Fault("sendMessage", 500, chat=SITI))
    world.faults.add(Fault("sendMessage", "refuse"))
    assert (await started.refuses("sendMessage", chat_id=SITI, text="x"))[0] == 500
    with pytest.raises((NetworkError, aiohttp.ClientConnectionError)):
        await started("sendMessage", chat_id=SITI, text="x")
    assert await started("sendMessage", chat_id=SITI, text="x")


async def test_half_of_the_latency_is_before_the_method_runs_and_half_after(
    world: World, started: BotApiClient
) -> None:
    world.latency = 0.2
    started_at = time.monotonic()
    call = asyncio.create_task(started("sendMessage", chat_id=SITI, text="x"))
    await asyncio.sleep(0.15)
    assert world.transcript(SITI)[-1]["text"] == "x"
    await call
    assert time.monotonic() - started_at >= 0.19


async def test_a_slow_call_takes_its_seconds(world: World, started: BotApiClient) -> None:
    world.faults.add(Fault("getMe", "slow", seconds=0.2))
    started_at = time.monotonic()
    await started("getMe")
    assert time.monotonic() - started_at >= 0.19


async def test_after_a_burst_a_chat_accepts_one_message_per_second(
    world: World, started: BotApiClient
) -> None:
    world.limits = Limits(overall=None)
    sent = [await started("sendMessage", chat_id=SITI, text="x") for _ in range(20)]
    error = await started.refuses("sendMessage", chat_id=SITI, text="x")
    assert error == (429, "Too Many Requests: retry after 1")
    edit = {"chat_id": SITI, "message_id": sent[0]["message_id"], "text": "y"}
    assert (await started.refuses("editMessageText", **edit))[0] == 429
    world.limits = None
    assert await started("editMessageText", **edit)


async def test_a_429_names_the_seconds_to_wait(world: World, telegram: BotApiClient) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    world.limits = Limits(per_chat=None, overall=None, per_group_minute=1)
    await telegram("sendMessage", chat_id=GROUP, text="x")
    _, body = await telegram.transport(TOKEN, "sendMessage", {"chat_id": GROUP, "text": "x"}, {})
    assert 58 <= body["parameters"]["retry_after"] <= 60


class _FakeTime:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_chat_accepts_one_more_message_after_each_second() -> None:
    clock = _FakeTime()
    limiter, limits = RateLimiter(clock), Limits(burst=2, overall=None)
    assert [limiter.acquire(limits, 1, 5) for _ in range(3)] == [0, 0, 1]
    clock.now += 1
    assert [limiter.acquire(limits, 1, 5) for _ in range(2)] == [0, 1]
    assert limiter.acquire(limits, 1, 6) == 0


def test_a_group_accepts_20_messages_in_any_minute() -> None:
    clock = _FakeTime()
    limiter, limits = RateLimiter(clock), Limits(per_chat=None, overall=None)
    for _ in range(20):
        assert limiter.acquire(limits, 1, -5) == 0
        clock.now += 1
    assert limiter.acquire(limits, 1, -5) == 40
    clock.now += 40
    assert [limiter.acquire(limits, 1, -5) for _ in range(2)] == [0, 1]


def test_all_chats_together_accept_30_messages_in_any_second() -> None:
    clock = _FakeTime()
    limiter, limits = RateLimiter(clock), Limits()
    assert [limiter.acquire(limits, 1, chat) for chat in range(1, 32)] == [0] * 30 + [1]
    assert limiter.acquire(limits, 2, 1) == 0
    clock.now += 1
    assert limiter.acquire(limits, 1, 31) == 0
