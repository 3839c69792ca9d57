"""Taps on buttons, and the 150 seconds in which they can be answered."""

import pytest

from simulator.refusal import QUERY_TOO_OLD, Refused
from simulator.world import World
from tests.simulator.conftest import BUDI, GROUP, SITI
from tests.simulator.doors import OTHER_TOKEN, Telegram


async def _tapped(world: World, telegram: Telegram) -> str:
    sent = await telegram("sendMessage", chat_id=SITI, text="x")
    world.tap(SITI, SITI, sent["message_id"], "y")
    return str((await telegram.updates())[-1]["callback_query"]["id"])


async def test_an_answer_reaches_who_tapped(world: World, started: Telegram) -> None:
    query_id = await _tapped(world, started)
    answer = {"callback_query_id": query_id, "text": "Tersimpan", "show_alert": True}
    assert await started("answerCallbackQuery", **answer) is True
    assert world.toasts(SITI) == [answer]


async def test_a_tap_carries_what_the_message_showed(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    world.tap(SITI, SITI, sent["message_id"], "palsu")
    query = (await started.updates())[-1]["callback_query"]
    assert (query["message"], query["data"], query["from"]["id"]) == (sent, "palsu", SITI)


@pytest.mark.parametrize(("seconds", "alive"), [(150, True), (151, False)])
async def test_a_tap_can_be_answered_for_150_seconds(
    world: World, started: Telegram, seconds: int, alive: bool
) -> None:
    query_id = await _tapped(world, started)
    world.clock.advance(seconds)
    if alive:
        assert await started("answerCallbackQuery", callback_query_id=query_id)
    else:
        refusal = await started.refuses("answerCallbackQuery", callback_query_id=query_id)
        assert refusal == (400, f"Bad Request: {QUERY_TOO_OLD}")


async def test_a_tap_is_answered_once_and_by_its_own_bot(world: World, started: Telegram) -> None:
    query_id = await _tapped(world, started)
    other = Telegram(started.door, OTHER_TOKEN)
    refused = (400, f"Bad Request: {QUERY_TOO_OLD}")
    assert await other.refuses("answerCallbackQuery", callback_query_id=query_id) == refused
    await started("answerCallbackQuery", callback_query_id=query_id)
    assert await started.refuses("answerCallbackQuery", callback_query_id=query_id) == refused
    assert await started.refuses("answerCallbackQuery", callback_query_id="7") == refused


async def test_a_toast_has_at_most_200_characters(world: World, started: Telegram) -> None:
    query_id = await _tapped(world, started)
    refusal = await started.refuses(
        "answerCallbackQuery", callback_query_id=query_id, text="x" * 201
    )
    assert refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert await started("answerCallbackQuery", callback_query_id=query_id, text="x" * 200)


async def test_a_toast_opens_no_address_but_the_bots_own(world: World, started: Telegram) -> None:
    query_id = await _tapped(world, started)
    refusal = await started.refuses(
        "answerCallbackQuery", callback_query_id=query_id, url="https://a.id"
    )
    assert refusal == (400, "Bad Request: URL_INVALID")
    url = f"https://t.me/{world.bot().username}?start=r_1"
    assert await started("answerCallbackQuery", callback_query_id=query_id, url=url)


async def test_what_siti_cannot_see_she_cannot_tap(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    await started("deleteMessage", chat_id=SITI, message_id=sent["message_id"])
    for message_id in (sent["message_id"], 999, 1):
        with pytest.raises(Refused):
            world.tap(SITI, SITI, message_id, "y")


async def test_in_a_group_members_tap_and_strangers_cannot(
    world: World, telegram: Telegram
) -> None:
    world.group(GROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=GROUP, text="x")
    assert world.tap(SITI, GROUP, sent["message_id"], "y")
    with pytest.raises(Refused):
        world.tap(BUDI, GROUP, sent["message_id"], "y")


async def test_an_old_message_may_be_out_of_reach(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    world.forget(SITI, sent["message_id"])
    world.tap(SITI, SITI, sent["message_id"], "y")
    query = (await started.updates())[-1]["callback_query"]
    assert query["message"]["date"] == 0
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    refusal = await started.refuses("editMessageText", **where, text="z")
    assert refusal == (400, "Bad Request: message to edit not found")
