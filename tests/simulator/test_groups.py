"""Groups: members, privacy mode, topics, and the upgrade to a supergroup."""

import pytest

from simulator.errors import InvalidAction
from simulator.model.people import ADMINISTRATOR_RIGHTS, ANONYMOUS
from simulator.world import World
from tests.simulator.clients import OTHER_TOKEN, TOKEN, BotApiClient
from tests.simulator.conftest import BUDI, GROUP, SITI, SUPERGROUP


async def test_a_bot_receives_updates_when_it_joins(world: World, telegram: BotApiClient) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    joined, service_message = await telegram.updates()
    assert joined["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service_message["message"]["new_chat_members"][0]["id"] == world.bot().id
    assert (await telegram("sendMessage", chat_id=GROUP, text="Halo"))["chat"]["type"] == "group"


def test_the_first_bot_joins_groups_created_before_it() -> None:
    world = World()
    world.add_group(GROUP, "Kantor", [SITI])
    bot = world.register(TOKEN)
    assert "my_chat_member" in bot.ready(1, world.clock.timestamp())[0]
    assert not world.add_group(SUPERGROUP, "Dinas").has_member(SITI)


async def test_privacy_mode_hides_messages_that_do_not_address_the_bot(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    name = world.bot().username
    assert world.say(SITI, GROUP, "halo semua") is None
    assert world.say(SITI, GROUP, "/ringkasan") is None
    assert world.say(SITI, GROUP, "/ringkasan@orang_lain_bot") is None
    assert world.say(SITI, GROUP, f"halo @{name}") is None
    assert world.say(SITI, GROUP, f"/ringkasan@{name} segera")
    sent = await telegram("sendMessage", chat_id=GROUP, text="Ini")
    assert world.say(SITI, GROUP, "terima kasih", reply_to=sent["message_id"])


async def test_a_bare_command_goes_to_the_bot_that_wrote_last(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    other = world.register(OTHER_TOKEN)
    world.add_member(GROUP, other.id)
    await telegram("sendMessage", chat_id=GROUP, text="Ini")
    assert world.say(SITI, GROUP, "terima kasih") is None
    assert world.say(SITI, GROUP, "/ringkasan", bot=TOKEN)
    await BotApiClient(telegram.transport, OTHER_TOKEN)("sendMessage", chat_id=GROUP, text="Itu")
    assert world.say(SITI, GROUP, "/ringkasan", bot=TOKEN) is None
    assert world.say(SITI, GROUP, "/ringkasan", bot=OTHER_TOKEN)


def test_an_administrator_bot_receives_every_message(world: World) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    world.promote(GROUP, world.bot().id)
    assert world.say(SITI, GROUP, "halo semua")


def test_a_person_outside_a_group_cannot_write_in_it(world: World) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    for chat in (GROUP, SITI):
        with pytest.raises(InvalidAction):
            world.say(BUDI, chat, "halo")


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (SUPERGROUP, "supergroup")])
async def test_a_kicked_bot_cannot_send(
    world: World, telegram: BotApiClient, chat: int, kind: str
) -> None:
    world.add_group(chat, "Kantor", [SITI])
    world.kick(chat, world.bot().id)
    change = (await telegram.updates())[-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    assert await telegram.refuses("sendMessage", chat_id=chat, text="x") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


async def test_a_bot_that_left_cannot_send_until_it_is_added_again(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    assert await telegram("leaveChat", chat_id=GROUP) is True
    assert await telegram.refuses("sendMessage", chat_id=GROUP, text="x") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    world.add_member(GROUP, world.bot().id)
    assert await telegram("sendMessage", chat_id=GROUP, text="x")


async def test_a_bot_cannot_leave_a_private_chat(started: BotApiClient) -> None:
    assert (await started.refuses("leaveChat", chat_id=SITI))[0] == 400


async def test_a_restricted_bot_cannot_send_texts(world: World, telegram: BotApiClient) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    world.restrict(SUPERGROUP, world.bot().id, allowed=["can_send_photos"])
    assert await telegram.refuses("sendMessage", chat_id=SUPERGROUP, text="x") == (
        400,
        "Bad Request: not enough rights to send text messages to the chat",
    )


def test_an_unknown_right_is_refused(world: World) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    for change in (world.restrict, world.promote):
        with pytest.raises(InvalidAction, match="can_fly"):
            change(SUPERGROUP, world.bot().id, ["can_fly"])


async def test_a_member_has_the_status_and_rights_that_were_set(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI, BUDI])
    world.promote(SUPERGROUP, BUDI, rights=["can_pin_messages"])
    bot = world.bot()
    world.restrict(SUPERGROUP, bot.id)

    async def status(who: int) -> str:
        member = await telegram("getChatMember", chat_id=SUPERGROUP, user_id=who)
        return str(member["status"])

    assert [await status(who) for who in (SITI, BUDI, bot.id)] == [
        "creator",
        "administrator",
        "restricted",
    ]
    budi = await telegram("getChatMember", chat_id=SUPERGROUP, user_id=BUDI)
    assert [right for right in ADMINISTRATOR_RIGHTS if budi[right]] == [
        "can_manage_chat",
        "can_pin_messages",
    ]
    world.add_person(13, "Tamu")
    assert await status(13) == "left"
    world.kick(SUPERGROUP, BUDI)
    assert await status(BUDI) == "kicked"
    error = await telegram.refuses("getChatMember", chat_id=SUPERGROUP, user_id=99)
    assert error == (400, "Bad Request: user not found")


async def test_other_administrator_bots_are_listed_only_with_return_bots(
    world: World, telegram: BotApiClient
) -> None:
    other = world.register(OTHER_TOKEN)
    world.add_group(GROUP, "Kantor", [SITI])
    world.promote(GROUP, other.id)

    async def listed(**values: bool) -> list[int]:
        members = await telegram("getChatAdministrators", chat_id=GROUP, **values)
        return [member["user"]["id"] for member in members]

    assert await listed() == [SITI]
    assert await listed(return_bots=True) == [SITI, other.id]
    world.say(SITI, SITI, "/start", bot=world.state.bots[123456789].id)
    error = await telegram.refuses("getChatAdministrators", chat_id=SITI)
    assert error == (400, "Bad Request: there are no administrators in the private chat")


async def test_an_upgraded_group_names_its_new_id(world: World, telegram: BotApiClient) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    new_chat = world.migrate(GROUP)
    notes = [update["message"] for update in (await telegram.updates())[-2:]]
    assert (notes[0]["migrate_to_chat_id"], notes[1]["migrate_from_chat_id"]) == (new_chat, GROUP)
    status, body = await telegram.transport(
        telegram.token, "sendMessage", {"chat_id": GROUP, "text": "x"}, {}
    )
    assert (status, body["description"]) == (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    )
    assert body["parameters"] == {"migrate_to_chat_id": new_chat}
    assert await telegram("sendMessage", chat_id=new_chat, text="x")


async def test_a_message_to_a_missing_topic_is_refused(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    world.open_topic(SUPERGROUP, 42)
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=42)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (42, True)
    assert sent["chat"]["is_forum"] is True
    world.delete_topic(SUPERGROUP, 42)
    for topic in (42, 7):
        assert await telegram.refuses(
            "sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=topic
        ) == (400, "Bad Request: message thread not found")


async def test_a_topic_may_have_the_id_of_an_existing_message(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x")
    number = sent["message_id"]
    world.open_topic(SUPERGROUP, number)
    assert world.transcript(SUPERGROUP)[-1] == sent
    assert await telegram("sendMessage", chat_id=SUPERGROUP, text="y", message_thread_id=number)
    for _ in range(2):
        with pytest.raises(InvalidAction):
            world.open_topic(SUPERGROUP, number)
        world.delete_topic(SUPERGROUP, number)


async def test_siti_writes_in_a_topic(world: World, telegram: BotApiClient) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    world.open_topic(SUPERGROUP, 42, name="Laporan")
    world.say(SITI, SUPERGROUP, f"/status@{world.bot().username}", topic=42)
    message = (await telegram.updates())[-1]["message"]
    assert message["message_thread_id"] == 42
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Laporan"


async def test_an_anonymous_administrator_writes_as_the_group(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI, BUDI])
    command = f"/ringkasan@{world.bot().username}"
    world.say(SITI, SUPERGROUP, command, anonymous=True)
    message = (await telegram.updates())[-1]["message"]
    assert (message["from"], message["sender_chat"]["id"]) == (ANONYMOUS, SUPERGROUP)
    with pytest.raises(InvalidAction):
        world.say(BUDI, SUPERGROUP, command, anonymous=True)


async def test_only_administrators_pin_in_a_group(world: World, telegram: BotApiClient) -> None:
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x")
    where = {"chat_id": SUPERGROUP, "message_id": sent["message_id"]}
    assert await telegram.refuses("pinChatMessage", **where) == (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
    )
    world.promote(SUPERGROUP, world.bot().id)
    assert await telegram("pinChatMessage", **where) is True
    assert "pinned_message" in world.transcript(SUPERGROUP)[-1]
    world.open_topic(SUPERGROUP, 42)
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=42)
    await telegram("pinChatMessage", chat_id=SUPERGROUP, message_id=sent["message_id"])
    assert world.transcript(SUPERGROUP)[-1]["message_thread_id"] == 42


@pytest.mark.slow
async def test_only_an_administrator_bot_receives_changes_of_members(
    world: World, telegram: BotApiClient
) -> None:
    await telegram.updates(allowed_updates=["chat_member"])
    world.add_group(SUPERGROUP, "Kantor", [SITI])
    assert world.add_member(SUPERGROUP, BUDI) is None
    world.promote(SUPERGROUP, world.bot().id)
    world.kick(SUPERGROUP, BUDI)
    assert [update["chat_member"]["new_chat_member"]["status"]
            for update in await telegram.updates()] == ["kicked"]  # fmt: skip


async def test_get_chat_returns_all_details(world: World, started: BotApiClient) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    assert (await started("getChat", chat_id=GROUP))["title"] == "Kantor"
    world.say(BUDI, BUDI, "/start")
    assert (await started("getChat", chat_id=BUDI))["active_usernames"] == ["budi_kasi"]
    assert (await started("getMe"))["can_read_all_group_messages"] is False
