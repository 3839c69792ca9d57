"""Taps on buttons, and the 150 seconds in which they can be answered."""

import pytest

from simulator.errors import QUERY_TOO_OLD, InvalidAction
from simulator.world import World
from tests.simulator.clients import OTHER_TOKEN, BotApiClient
from tests.simulator.conftest import BUDI, GROUP, SITI


async def _tapped(world: World, telegram: BotApiClient) -> str:
    sent = await telegram("sendMessage", chat_id=SITI, text="x")
    world.tap(SITI, SITI, sent["message_id"], "y")
    return str((await telegram.updates())[-1]["callback_query"]["id"])


async def test_the_answer_reaches_the_person_who_tapped(
    world: World, started: BotApiClient
) -> None:
    query_id = await _tapped(world, started)
    answer = {"callback_query_id": query_id, "text": "Tersimpan", "show_alert": True}
    assert await started("answerCallbackQuery", **answer) is True
    assert world.toasts(SITI) == [answer]


async def test_a_tap_contains_the_message_and_the_data(world: World, started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    world.tap(SITI, SITI, sent["message_id"], "palsu")
    query = (await started.updates())[-1]["callback_query"]
    assert (query["message"], query["data"], query["from"]["id"]) == (sent, "palsu", SITI)


async def test_a_tap_contains_what_its_message_replies_to_as_it_is_now(
    world: World, started: BotApiClient
) -> None:
    world.say(SITI, SITI, "Kursi kurang")
    said = world.transcript(SITI)[-1]["message_id"]
    reply = {"message_id": said, "allow_sending_without_reply": True}
    sent = await started("sendMessage", chat_id=SITI, text="x", reply_parameters=reply)
    world.edit(SITI, SITI, said, "Kursi sangat kurang")
    world.tap(SITI, SITI, sent["message_id"], "y")
    pressed = (await started.updates())[-1]["callback_query"]["message"]
    assert pressed["reply_to_message"]["text"] == "Kursi sangat kurang"
    assert "reply_to_message" not in pressed["reply_to_message"]
    world.forget(SITI, said)
    world.tap(SITI, SITI, sent["message_id"], "y")
    assert "reply_to_message" not in (await started.updates())[-1]["callback_query"]["message"]


@pytest.mark.parametrize(("seconds", "alive"), [(150, True), (151, False)])
async def test_a_tap_can_be_answered_for_150_seconds(
    world: World, started: BotApiClient, seconds: int, alive: bool
) -> None:
    query_id = await _tapped(world, started)
    world.clock.advance(seconds)
    if alive:
        assert await started("answerCallbackQuery", callback_query_id=query_id)
    else:
        error = await started.refuses("answerCallbackQuery", callback_query_id=query_id)
        assert error == (400, f"Bad Request: {QUERY_TOO_OLD}")


async def test_a_tap_is_answered_once_and_by_its_own_bot_only(
    world: World, started: BotApiClient
) -> None:
    query_id = await _tapped(world, started)
    other = BotApiClient(started.transport, OTHER_TOKEN)
    refused = (400, f"Bad Request: {QUERY_TOO_OLD}")
    assert await other.refuses("answerCallbackQuery", callback_query_id=query_id) == refused
    await started("answerCallbackQuery", callback_query_id=query_id)
    assert await started.refuses("answerCallbackQuery", callback_query_id=query_id) == refused
    assert await started.refuses("answerCallbackQuery", callback_query_id="7") == refused


async def test_a_toast_has_at_most_200_characters(world: World, started: BotApiClient) -> None:
    query_id = await _tapped(world, started)
    error = await started.refuses("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert error == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert await started("answerCallbackQuery", callback_query_id=query_id, text="x" * 200)


async def test_a_toast_may_open_only_a_link_to_the_bot(world: World, started: BotApiClient) -> None:
    query_id = await _tapped(world, started)
    error = await started.refuses(
        "answerCallbackQuery", callback_query_id=query_id, url="https://a.id"
    )
    assert error == (400, "Bad Request: URL_INVALID")
    url = f"https://t.me/{world.bot().username}?start=r_1"
    assert await started("answerCallbackQuery", callback_query_id=query_id, url=url)


async def test_siti_cannot_tap_a_message_that_she_cannot_see(
    world: World, started: BotApiClient
) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    await started("deleteMessage", chat_id=SITI, message_id=sent["message_id"])
    for message_id in (sent["message_id"], 999, 1):
        with pytest.raises(InvalidAction):
            world.tap(SITI, SITI, message_id, "y")


async def test_in_a_group_only_members_can_tap(world: World, telegram: BotApiClient) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=GROUP, text="x")
    assert world.tap(SITI, GROUP, sent["message_id"], "y")
    with pytest.raises(InvalidAction):
        world.tap(BUDI, GROUP, sent["message_id"], "y")


async def test_a_tap_on_an_inaccessible_message_does_not_contain_it(
    world: World, started: BotApiClient
) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    world.forget(SITI, sent["message_id"])
    world.tap(SITI, SITI, sent["message_id"], "y")
    query = (await started.updates())[-1]["callback_query"]
    assert query["message"]["date"] == 0
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    error = await started.refuses("editMessageText", **where, text="z")
    assert error == (400, "Bad Request: message to edit not found")
