"""Groups: who is in, who reads what, topics, and the way to a supergroup."""

import pytest

from simulator.people import ADMINISTRATOR_RIGHTS, ANONYMOUS
from simulator.refusal import Refused
from simulator.world import World
from tests.simulator.conftest import BUDI, GROUP, SITI, SUPERGROUP
from tests.simulator.doors import OTHER_TOKEN, TOKEN, Telegram


async def test_a_bot_is_told_when_it_joins(world: World, telegram: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
    joined, greeted = await telegram.updates()
    assert joined["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert greeted["message"]["new_chat_members"][0]["id"] == world.bot().id
    assert (await telegram("sendMessage", chat_id=GROUP, text="Halo"))["chat"]["type"] == "group"


def test_the_first_bot_joins_groups_made_before_it() -> None:
    world = World()
    world.group(GROUP, "Kantor", [SITI])
    bot = world.register(TOKEN)
    assert "my_chat_member" in bot.ready(1, world.clock.timestamp())[0]
    assert not world.group(SUPERGROUP, "Dinas").has_in(SITI)


async def test_privacy_mode_hides_what_is_not_meant_for_the_bot(
    world: World, telegram: Telegram
) -> None:
    world.group(GROUP, "Kantor", [SITI])
    name = world.bot().username
    assert world.say(SITI, GROUP, "halo semua") is None
    assert world.say(SITI, GROUP, "/ringkasan") is None
    assert world.say(SITI, GROUP, "/ringkasan@orang_lain_bot") is None
    assert world.say(SITI, GROUP, f"halo @{name}") is None
    assert world.say(SITI, GROUP, f"/ringkasan@{name} segera")
    sent = await telegram("sendMessage", chat_id=GROUP, text="Ini")
    assert world.say(SITI, GROUP, "terima kasih", reply_to=sent["message_id"])


async def test_a_bare_command_belongs_to_the_bot_that_spoke_last(
    world: World, telegram: Telegram
) -> None:
    world.group(GROUP, "Kantor", [SITI])
    other = world.register(OTHER_TOKEN)
    world.add(GROUP, other.id)
    await telegram("sendMessage", chat_id=GROUP, text="Ini")
    assert world.say(SITI, GROUP, "terima kasih") is None
    assert world.say(SITI, GROUP, "/ringkasan", bot=TOKEN)
    await Telegram(telegram.door, OTHER_TOKEN)("sendMessage", chat_id=GROUP, text="Itu")
    assert world.say(SITI, GROUP, "/ringkasan", bot=TOKEN) is None
    assert world.say(SITI, GROUP, "/ringkasan", bot=OTHER_TOKEN)


def test_an_administrator_bot_reads_everything(world: World) -> None:
    world.group(GROUP, "Kantor", [SITI])
    world.promote(GROUP, world.bot().id)
    assert world.say(SITI, GROUP, "halo semua")


def test_strangers_neither_read_nor_write_in_a_group(world: World) -> None:
    world.group(GROUP, "Kantor", [SITI])
    for chat in (GROUP, SITI):
        with pytest.raises(Refused):
            world.say(BUDI, chat, "halo")


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (SUPERGROUP, "supergroup")])
async def test_a_bot_that_was_kicked_is_refused(
    world: World, telegram: Telegram, chat: int, kind: str
) -> None:
    world.group(chat, "Kantor", [SITI])
    world.kick(chat, world.bot().id)
    change = (await telegram.updates())[-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    assert await telegram.refuses("sendMessage", chat_id=chat, text="x") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


async def test_a_bot_that_left_is_no_member(world: World, telegram: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
    assert await telegram("leaveChat", chat_id=GROUP) is True
    assert await telegram.refuses("sendMessage", chat_id=GROUP, text="x") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    world.add(GROUP, world.bot().id)
    assert await telegram("sendMessage", chat_id=GROUP, text="x")


async def test_nobody_leaves_a_private_chat(started: Telegram) -> None:
    assert (await started.refuses("leaveChat", chat_id=SITI))[0] == 400


async def test_a_restricted_bot_may_not_send(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    world.restrict(SUPERGROUP, world.bot().id, allowed=["can_send_photos"])
    assert await telegram.refuses("sendMessage", chat_id=SUPERGROUP, text="x") == (
        400,
        "Bad Request: not enough rights to send text messages to the chat",
    )


def test_nobody_is_given_a_right_telegram_does_not_know(world: World) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    for change in (world.restrict, world.promote):
        with pytest.raises(Refused, match="can_fly"):
            change(SUPERGROUP, world.bot().id, ["can_fly"])


async def test_members_are_shown_as_what_they_are(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI, BUDI])
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
    world.person(13, "Tamu")
    assert await status(13) == "left"
    world.kick(SUPERGROUP, BUDI)
    assert await status(BUDI) == "kicked"
    refusal = await telegram.refuses("getChatMember", chat_id=SUPERGROUP, user_id=99)
    assert refusal == (400, "Bad Request: user not found")


async def test_other_bots_are_listed_only_when_asked_for(world: World, telegram: Telegram) -> None:
    other = world.register(OTHER_TOKEN)
    world.group(GROUP, "Kantor", [SITI])
    world.promote(GROUP, other.id)

    async def listed(**values: bool) -> list[int]:
        found = await telegram("getChatAdministrators", chat_id=GROUP, **values)
        return [member["user"]["id"] for member in found]

    assert await listed() == [SITI]
    assert await listed(return_bots=True) == [SITI, other.id]
    world.say(SITI, SITI, "/start", bot=world.state.bots[123456789].id)
    refusal = await telegram.refuses("getChatAdministrators", chat_id=SITI)
    assert refusal == (400, "Bad Request: there are no administrators in the private chat")


async def test_an_upgraded_group_names_its_new_id(world: World, telegram: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
    new_chat = world.migrate(GROUP)
    notes = [update["message"] for update in (await telegram.updates())[-2:]]
    assert (notes[0]["migrate_to_chat_id"], notes[1]["migrate_from_chat_id"]) == (new_chat, GROUP)
    status, body = await telegram.door(
        telegram.token, "sendMessage", {"chat_id": GROUP, "text": "x"}, {}
    )
    assert (status, body["description"]) == (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    )
    assert body["parameters"] == {"migrate_to_chat_id": new_chat}
    assert await telegram("sendMessage", chat_id=new_chat, text="x")


async def test_messages_go_into_topics_that_exist(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    world.topic(SUPERGROUP, 42)
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=42)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (42, True)
    assert sent["chat"]["is_forum"] is True
    world.topic(SUPERGROUP, 42, deleted=True)
    for topic in (42, 7):
        assert await telegram.refuses(
            "sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=topic
        ) == (400, "Bad Request: message thread not found")


async def test_a_topic_may_have_the_number_of_a_message(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x")
    number = sent["message_id"]
    world.topic(SUPERGROUP, number)
    assert world.transcript(SUPERGROUP)[-1] == sent
    assert await telegram("sendMessage", chat_id=SUPERGROUP, text="y", message_thread_id=number)
    for _ in range(2):
        with pytest.raises(Refused):
            world.topic(SUPERGROUP, number)
        world.topic(SUPERGROUP, number, deleted=True)


async def test_siti_writes_in_a_topic(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    world.topic(SUPERGROUP, 42, name="Laporan")
    world.say(SITI, SUPERGROUP, f"/status@{world.bot().username}", topic=42)
    message = (await telegram.updates())[-1]["message"]
    assert message["message_thread_id"] == 42
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Laporan"


async def test_an_anonymous_administrator_writes_as_the_group(
    world: World, telegram: Telegram
) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI, BUDI])
    command = f"/ringkasan@{world.bot().username}"
    world.say(SITI, SUPERGROUP, command, anonymous=True)
    message = (await telegram.updates())[-1]["message"]
    assert (message["from"], message["sender_chat"]["id"]) == (ANONYMOUS, SUPERGROUP)
    with pytest.raises(Refused):
        world.say(BUDI, SUPERGROUP, command, anonymous=True)


async def test_only_administrators_pin_in_a_group(world: World, telegram: Telegram) -> None:
    world.group(SUPERGROUP, "Kantor", [SITI])
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x")
    where = {"chat_id": SUPERGROUP, "message_id": sent["message_id"]}
    assert await telegram.refuses("pinChatMessage", **where) == (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
    )
    world.promote(SUPERGROUP, world.bot().id)
    assert await telegram("pinChatMessage", **where) is True
    assert "pinned_message" in world.transcript(SUPERGROUP)[-1]
    world.topic(SUPERGROUP, 42)
    sent = await telegram("sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=42)
    await telegram("pinChatMessage", chat_id=SUPERGROUP, message_id=sent["message_id"])
    assert world.transcript(SUPERGROUP)[-1]["message_thread_id"] == 42


async def test_members_coming_and_going_are_told_to_administrators_that_ask(
    world: World, telegram: Telegram
) -> None:
    await telegram.updates(allowed_updates=["chat_member"])
    world.group(SUPERGROUP, "Kantor", [SITI])
    assert world.add(SUPERGROUP, BUDI) is None
    world.promote(SUPERGROUP, world.bot().id)
    world.kick(SUPERGROUP, BUDI)
    assert [update["chat_member"]["new_chat_member"]["status"]
            for update in await telegram.updates()] == ["kicked"]  # fmt: skip


async def test_a_chat_is_shown_whole(world: World, started: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
    assert (await started("getChat", chat_id=GROUP))["title"] == "Kantor"
    world.say(BUDI, BUDI, "/start")
    assert (await started("getChat", chat_id=BUDI))["active_usernames"] == ["budi_kasi"]
    assert (await started("getMe"))["can_read_all_group_messages"] is False
