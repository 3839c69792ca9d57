"""Updates: confirmed by an offset, otherwise delivered again until they expire."""

import asyncio

import pytest

from simulator.rate_limiter import DEFAULT_LIMITS, RateLimiter
from simulator.world import World
from tests.simulator.clients import OTHER_TOKEN, BotApiClient
from tests.simulator.conftest import BUDI, SITI

OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
    "first"
)


async def test_an_update_is_delivered_again_until_it_is_confirmed(
    world: World, telegram: BotApiClient
) -> None:
    first, second = world.say(SITI, SITI, "/start"), world.say(SITI, SITI, "satu")
    assert first is not None
    for _ in range(2):
        updates = await telegram.updates()
        assert [update["update_id"] for update in updates] == [first, second]
    assert [update["update_id"] for update in await telegram.updates(offset=second)] == [second]
    assert [update["update_id"] for update in await telegram.updates()] == [second]
    assert await telegram.updates(offset=first + 2) == []


async def test_at_most_100_updates_are_returned_at_once(
    world: World, telegram: BotApiClient
) -> None:
    for number in range(120):
        world.say(SITI, SITI, f"pesan {number}")
    assert len(await telegram.updates(limit=1000)) == 100
    assert len(await telegram.updates(limit=7)) == 7
    assert len(await telegram.updates(limit=0)) == 1


async def test_a_negative_offset_keeps_the_newest(world: World, telegram: BotApiClient) -> None:
    for number in range(5):
        world.say(SITI, SITI, f"pesan {number}")
    updates = await telegram.updates(offset=-2)
    assert [update["message"]["text"] for update in updates] == ["pesan 3", "pesan 4"]
    assert len(await telegram.updates()) == 2


async def test_a_long_poll_returns_as_soon_as_siti_writes(
    world: World, telegram: BotApiClient
) -> None:
    waiting = asyncio.create_task(telegram.updates(timeout=30))
    await asyncio.sleep(0.05)
    world.say(SITI, SITI, "/start")
    assert len(await asyncio.wait_for(waiting, 2)) == 1


@pytest.mark.slow
async def test_a_long_poll_ends_when_nobody_writes(telegram: BotApiClient) -> None:
    assert await asyncio.wait_for(telegram.updates(timeout=1), 3) == []


@pytest.mark.slow
async def test_a_second_poll_ends_the_first(telegram: BotApiClient) -> None:
    first = asyncio.create_task(telegram.refuses("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(telegram.updates(timeout=1))
    assert await asyncio.wait_for(first, 2) == (409, f"Conflict: {OTHER_POLL}")
    assert await second == []


async def test_a_call_that_does_not_wait_leaves_the_long_poll(
    world: World, telegram: BotApiClient
) -> None:
    waiting = asyncio.create_task(telegram.updates(timeout=30))
    await asyncio.sleep(0.05)
    assert await telegram.updates() == []
    world.say(SITI, SITI, "/start")
    assert len(await asyncio.wait_for(waiting, 2)) == 1


async def test_the_same_offset_asked_again_waits_for_an_update(
    world: World, telegram: BotApiClient
) -> None:
    world.limits = DEFAULT_LIMITS
    assert await telegram.updates() == []
    again = asyncio.create_task(telegram.updates())
    await asyncio.sleep(0.05)
    assert not again.done()
    world.say(SITI, SITI, "/start")
    assert len(await asyncio.wait_for(again, 2)) == 1


@pytest.mark.parametrize(
    ("later", "offset", "timeout", "expected"),
    [
        (0.4, 7, 0, (3, 1)),
        (0.6, 7, 0, (3, 100)),
        (2.9, 7, 2, (3, 100)),
        (2.9, 7, 30, (30, 100)),
        (3.1, 7, 0, (0, 100)),
        (0.1, 8, 0, (0, 100)),
    ],
)
def test_the_same_offset_is_held_three_seconds_and_gets_one_update_within_half_a_second(
    later: float, offset: int, timeout: int, expected: tuple[float, int]
) -> None:
    now = 1000.0
    limiter = RateLimiter(lambda: now)
    assert limiter.poll(1, 7, 0, 100) == (0, 100)
    now += later
    assert limiter.poll(1, offset, timeout, 100) == expected


async def test_polling_is_refused_while_a_webhook_is_set(telegram: BotApiClient) -> None:
    await telegram("setWebhook", url="http://127.0.0.1:9/")
    assert await telegram.refuses("getUpdates") == (409, f"Conflict: {WEBHOOK_ACTIVE}")
    await telegram("deleteWebhook")
    assert await telegram.updates() == []


async def test_setting_a_webhook_ends_a_poll(telegram: BotApiClient) -> None:
    poll = asyncio.create_task(telegram.refuses("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await telegram("setWebhook", url="http://127.0.0.1:9/")
    assert await asyncio.wait_for(poll, 2) == (409, "Conflict: terminated by setWebhook request")
    await telegram("deleteWebhook")


async def test_only_allowed_updates_are_queued(world: World, telegram: BotApiClient) -> None:
    await telegram.updates(allowed_updates=["callback_query"])
    assert world.say(SITI, SITI, "/start") is None
    await telegram.updates()
    assert world.say(SITI, SITI, "masih tidak") is None
    await telegram.updates(allowed_updates=[])
    assert world.say(SITI, SITI, "sekarang ya") is not None


async def test_a_message_expires_after_a_day(world: World, telegram: BotApiClient) -> None:
    world.say(SITI, SITI, "/start")
    world.clock.advance(24 * 3600 - 1)
    assert len(await telegram.updates()) == 1
    world.clock.advance(2)
    assert await telegram.updates() == []


async def test_a_tap_expires_after_150_seconds_and_a_message_does_not(
    world: World, started: BotApiClient
) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    world.tap(SITI, SITI, sent["message_id"], "y")
    world.say(SITI, SITI, "halo")
    world.clock.advance(151)
    assert ["message" in update for update in await started.updates()] == [True]
    assert (await started("getWebhookInfo"))["pending_update_count"] == 1


async def test_every_bot_has_its_own_updates_and_chats(
    world: World, telegram: BotApiClient
) -> None:
    other = BotApiClient(telegram.transport, OTHER_TOKEN)
    assert (await other("getMe"))["username"] == "puas987654321bot"
    world.say(SITI, SITI, "/start", bot=987654321)
    assert await telegram.updates() == []
    assert len(await other.updates()) == 1
    assert (await telegram.refuses("sendMessage", chat_id=SITI, text="x"))[0] == 400


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("123456789:" + "B" * 35, (401, "Unauthorized")),
        ("123:" + "B" * 35, (404, "Not Found")),
        ("123456789:short", (404, "Not Found")),
    ],
)
async def test_an_invalid_token_is_refused(
    telegram: BotApiClient, token: str, error: tuple[int, str]
) -> None:
    telegram.token = token
    assert await telegram.refuses("getMe") == error


@pytest.mark.parametrize("method", ["sendDice", "getme2", "close"])
async def test_an_unknown_method_is_not_found(telegram: BotApiClient, method: str) -> None:
    assert await telegram.refuses(method) == (404, "Not Found")


async def test_a_blocked_bot_receives_an_update_and_cannot_send(
    world: World, started: BotApiClient
) -> None:
    world.block(SITI)
    change = (await started.updates())[-1]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "member",
        "kicked",
    )
    assert await started.refuses("sendMessage", chat_id=SITI, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    world.block(SITI, blocked=False)
    assert (await started.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert await started("sendMessage", chat_id=SITI, text="x")


async def test_a_bot_cannot_write_to_a_deleted_account(world: World, started: BotApiClient) -> None:
    world.add_person(SITI, "Siti", deactivated=True)
    assert await started.refuses("sendMessage", chat_id=SITI, text="x") == (
        403,
        "Forbidden: user is deactivated",
    )


async def test_a_bot_cannot_write_to_a_bot(world: World, started: BotApiClient) -> None:
    world.register(OTHER_TOKEN)
    assert await started.refuses("sendMessage", chat_id=987654321, text="x") == (
        403,
        "Forbidden: bots can't send messages to bots",
    )


async def test_budi_cannot_tap_in_sitis_chat(world: World, started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="rahasia")
    with pytest.raises(ValueError, match="sees no message"):
        world.tap(BUDI, BUDI, sent["message_id"], "y")
