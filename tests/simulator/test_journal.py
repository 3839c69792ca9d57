"""The calls bots made, and what may not be held against anybody: thousands of them."""

import time

from simulator import api
from simulator.world import World
from tests.simulator.conftest import SITI
from tests.simulator.doors import TOKEN, Telegram


async def test_calls_are_counted_and_listed_from_any_number(world: World, inside: Telegram) -> None:
    for _ in range(5):
        await inside("getMe")
    await inside.refuses("sendDice")
    listed = world.requests()
    assert [call["number"] for call in listed] == [1, 2, 3, 4, 5]
    for since in range(7):
        assert world.requests(since) == listed[since:]
    assert world.api_calls == {"getMe": 5}


async def test_a_call_under_way_has_no_status_yet(world: World, inside: Telegram) -> None:
    world.say(SITI, SITI, "/start")
    seen: list[object] = []
    world.listen(lambda event: seen.append((event["type"], world.requests()[-1]["status"])))
    await inside("sendMessage", chat_id=SITI, text="x")
    assert seen == [("message", None), ("call", 200)]


async def test_ten_thousand_edits_take_no_longer_each_than_the_first(world: World) -> None:
    world.say(SITI, SITI, "/start")
    sent = await api.call(world, TOKEN, "sendMessage", {"chat_id": SITI, "text": "x"})
    where = {"chat_id": SITI, "message_id": sent[1]["result"]["message_id"]}

    async def seconds(edits: range) -> float:
        begun = time.process_time()
        for number in edits:
            await api.call(world, TOKEN, "editMessageText", {**where, "text": str(number)})
        return time.process_time() - begun

    first = await seconds(range(1000))
    await seconds(range(1000, 9000))
    last = await seconds(range(9000, 10000))
    assert last < 5 * first + 0.1
    assert len(world.history(SITI)[-1]["versions"]) == 10_001
