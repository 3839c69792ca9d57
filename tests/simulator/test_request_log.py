"""The log of API calls, also after thousands of calls."""

import time

import pytest

from simulator.bot_api import dispatch
from simulator.world import World
from tests.simulator.clients import TOKEN, BotApiClient
from tests.simulator.conftest import SITI


async def test_calls_are_counted_and_listed_after_any_number(
    world: World, in_process: BotApiClient
) -> None:
    for _ in range(5):
        await in_process("getMe")
    await in_process.refuses("sendDice")
    listed = world.requests()
    assert [call["number"] for call in listed] == [1, 2, 3, 4, 5]
    for since in range(7):
        assert world.requests(since) == listed[since:]
    assert world.api_calls == {"getMe": 5}


async def test_a_running_call_has_no_status(world: World, in_process: BotApiClient) -> None:
    world.say(SITI, SITI, "/start")
    seen: list[object] = []
    world.listen(lambda event: seen.append((event["type"], world.requests()[-1]["status"])))
    await in_process("sendMessage", chat_id=SITI, text="x")
    assert seen == [("message", None), ("call", 200)]


@pytest.mark.slow
async def test_the_last_of_10000_edits_is_as_fast_as_the_first(world: World) -> None:
    world.say(SITI, SITI, "/start")
    sent = await dispatch.call(world, TOKEN, "sendMessage", {"chat_id": SITI, "text": "x"})
    where = {"chat_id": SITI, "message_id": sent[1]["result"]["message_id"]}

    async def seconds(edits: range) -> float:
        started = time.process_time()
        for number in edits:
            await dispatch.call(world, TOKEN, "editMessageText", {**where, "text": str(number)})
        return time.process_time() - started

    first = await seconds(range(1000))
    await seconds(range(1000, 9000))
    last = await seconds(range(9000, 10000))
    assert last < 5 * first + 0.1
    assert len(world.history(SITI)[-1]["versions"]) == 10_001
