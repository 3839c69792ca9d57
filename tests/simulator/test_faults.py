"""Faults ordered in advance, latency, and how fast a bot may write."""

import asyncio
import time

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from simulator.fault import Fault
from simulator.inprocess import InProcessRequest
from simulator.pace import Limits, Pace
from simulator.server import Server
from simulator.world import World
from tests.simulator.conftest import BUDI, GROUP, SITI, SUPERGROUP
from tests.simulator.doors import TOKEN, Telegram


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (403, (403, "Forbidden: bot was blocked by the user")),
        (429, (429, "Too Many Requests: retry after 7")),
        (500, (500, "Internal Server Error")),
    ],
)
async def test_an_ordered_error_comes_as_often_as_ordered(
    world: World, started: Telegram, answer: int, refusal: tuple[int, str]
) -> None:
    world.faults.add(Fault("sendMessage", answer, times=2, retry_after=7))  # type: ignore[arg-type] # one of the kinds
    for _ in range(2):
        assert await started.refuses("sendMessage", chat_id=SITI, text="x") == refusal
    assert await started("sendMessage", chat_id=SITI, text="x")


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (SUPERGROUP, "supergroup")])
async def test_an_ordered_403_in_a_group_is_a_kick(
    world: World, inside: Telegram, chat: int, kind: str
) -> None:
    world.group(chat, "Kantor", [SITI])
    world.faults.add(Fault("*", 403, chat=chat))
    assert await inside.refuses("sendMessage", chat_id=chat, text="x") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


async def test_a_fault_may_be_for_one_chat(world: World, started: Telegram) -> None:
    world.say(BUDI, BUDI, "/start")
    world.faults.add(Fault("sendmessage", 500, chat=BUDI))
    assert await started("sendMessage", chat_id=SITI, text="x")
    assert (await started.refuses("sendMessage", chat_id=BUDI, text="x"))[0] == 500


async def test_refused_means_not_delivered_and_timed_out_means_delivered(world: World) -> None:
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
async def test_over_http_no_answer_comes(world: World, outside: Telegram, chat: int | None) -> None:
    world.say(SITI, SITI, "/start")
    world.faults.add(Fault("sendMessage", "refuse", chat))
    world.faults.add(Fault("sendMessage", "timeout_after", chat))
    with pytest.raises(aiohttp.ClientConnectionError):
        await outside("sendMessage", chat_id=SITI, text="pertama")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outside("sendMessage", chat_id=SITI, text="kedua"), 0.3)
    assert [shown["text"] for shown in world.transcript(SITI)] == ["/start", "kedua"]
    assert [call["params"]["text"] for call in world.requests()] == ["kedua"]


async def _speak(server: Server, *more: str) -> bytes:
    """Send the head of a call whose body stays behind; what comes back first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":")[-1]))
    head = [
        "POST /bot" + TOKEN + "/sendMessage HTTP/1.1",
        "Host: localhost",
        "Content-Length: 9",
        *more,
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    try:
        return await asyncio.wait_for(reader.readline(), 2)
    finally:
        writer.close()


@pytest.mark.http
async def test_a_refused_call_fails_before_its_body_is_sent(world: World, server: Server) -> None:
    waits = "Expect: 100-continue"
    world.faults.add(Fault("sendMessage", "refuse", times=2))
    for head in ([], [waits]):
        with pytest.raises(ConnectionResetError):
            await _speak(server, *head)
    assert await _speak(server, waits) == b"HTTP/1.1 100 Continue\r\n"


async def test_a_refusal_waits_for_the_faults_ordered_before_it(
    world: World, started: Telegram
) -> None:
    world.faults.add(Fault("sendMessage", 500, chat=SITI))
    world.faults.add(Fault("sendMessage", "refuse"))
    assert (await started.refuses("sendMessage", chat_id=SITI, text="x"))[0] == 500
    with pytest.raises((NetworkError, aiohttp.ClientConnectionError)):
        await started("sendMessage", chat_id=SITI, text="x")
    assert await started("sendMessage", chat_id=SITI, text="x")


async def test_latency_is_half_before_the_work_and_half_after(
    world: World, started: Telegram
) -> None:
    world.latency = 0.2
    begun = time.monotonic()
    call = asyncio.create_task(started("sendMessage", chat_id=SITI, text="x"))
    await asyncio.sleep(0.15)
    assert world.transcript(SITI)[-1]["text"] == "x"
    await call
    assert time.monotonic() - begun >= 0.19


async def test_slow_takes_its_seconds(world: World, started: Telegram) -> None:
    world.faults.add(Fault("getMe", "slow", seconds=0.2))
    begun = time.monotonic()
    await started("getMe")
    assert time.monotonic() - begun >= 0.19


async def test_after_a_burst_a_chat_takes_one_message_a_second(
    world: World, started: Telegram
) -> None:
    world.limits = Limits(overall=None)
    sent = [await started("sendMessage", chat_id=SITI, text="x") for _ in range(20)]
    refusal = await started.refuses("sendMessage", chat_id=SITI, text="x")
    assert refusal == (429, "Too Many Requests: retry after 1")
    edit = {"chat_id": SITI, "message_id": sent[0]["message_id"], "text": "y"}
    assert (await started.refuses("editMessageText", **edit))[0] == 429
    world.limits = None
    assert await started("editMessageText", **edit)


async def test_a_429_names_the_seconds_to_wait(world: World, telegram: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
    world.limits = Limits(per_chat=None, overall=None, per_group_minute=1)
    await telegram("sendMessage", chat_id=GROUP, text="x")
    _, body = await telegram.door(TOKEN, "sendMessage", {"chat_id": GROUP, "text": "x"}, {})
    assert 58 <= body["parameters"]["retry_after"] <= 60


class _Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_chat_refills_by_one_a_second() -> None:
    clock = _Time()
    pace, limits = Pace(clock), Limits(burst=2, overall=None)
    assert [pace.wait(limits, 1, 5) for _ in range(3)] == [0, 0, 1]
    clock.now += 1
    assert [pace.wait(limits, 1, 5) for _ in range(2)] == [0, 1]
    assert pace.wait(limits, 1, 6) == 0


def test_a_group_takes_twenty_in_any_minute() -> None:
    clock = _Time()
    pace, limits = Pace(clock), Limits(per_chat=None, overall=None)
    for _ in range(20):
        assert pace.wait(limits, 1, -5) == 0
        clock.now += 1
    assert pace.wait(limits, 1, -5) == 40
    clock.now += 40
    assert [pace.wait(limits, 1, -5) for _ in range(2)] == [0, 1]


def test_all_chats_together_take_thirty_in_any_second() -> None:
    clock = _Time()
    pace, limits = Pace(clock), Limits()
    assert [pace.wait(limits, 1, chat) for chat in range(1, 32)] == [0] * 30 + [1]
    assert pace.wait(limits, 2, 1) == 0
    clock.now += 1
    assert pace.wait(limits, 1, 31) == 0
