"""Messages that a bot or a person sends, edits and deletes."""

import pytest

from simulator.errors import NOT_MODIFIED, InvalidAction
from simulator.world import World
from tests.simulator.clients import BotApiClient
from tests.simulator.conftest import BUDI, GROUP, SITI


async def test_a_bot_cannot_write_to_siti_before_her_first_message(telegram: BotApiClient) -> None:
    assert await telegram.refuses("sendMessage", chat_id=SITI, text="Halo") == (
        400,
        "Bad Request: chat not found",
    )


async def test_siti_sees_what_the_bot_sends(world: World, started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Halo")
    assert sent["chat"] == {"id": SITI, "first_name": "Siti", "type": "private"}
    assert world.transcript(SITI)[-1] == sent


@pytest.mark.parametrize("chat", [BUDI, 999, -77, "@kantor", "abc"])
async def test_an_unknown_chat_is_not_found(started: BotApiClient, chat: int | str) -> None:
    assert await started.refuses("sendMessage", chat_id=chat, text="Halo") == (
        400,
        "Bad Request: chat not found",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_a_text_has_1_to_4096_utf16_units(
    started: BotApiClient, text: str, expected: str
) -> None:
    assert await started.refuses("sendMessage", chat_id=SITI, text=text) == (
        400,
        f"Bad Request: {expected}",
    )


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048, "<b>" + "x" * 4096 + "</b>"])
async def test_markup_does_not_count_towards_the_length(started: BotApiClient, text: str) -> None:
    sent = await started("sendMessage", chat_id=SITI, text=text, parse_mode="HTML")
    assert len(sent["text"].encode("utf-16-le")) == 2 * 4096


async def test_a_link_preview_is_shown_as_the_bot_asked(started: BotApiClient) -> None:
    options = {"url": "https://sp4n.id/", "show_above_text": True, "prefer_large_media": True}
    given = options | {"is_disabled": False}
    sent = await started("sendMessage", chat_id=SITI, text="x", link_preview_options=given)
    assert sent["link_preview_options"] == options
    edited = await started(
        "editMessageText", chat_id=SITI, message_id=sent["message_id"], text="x",
        link_preview_options={"is_disabled": True},
    )  # fmt: skip
    assert edited["link_preview_options"] == {"is_disabled": True}
    old_clients = await started(
        "sendMessage", chat_id=SITI, text="x", disable_web_page_preview=True
    )
    assert old_clients["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"url": 5}, 'field "url" must be of type String'),
        ({"show_above_text": "ya"}, 'field "show_above_text" must be of type Boolean'),
        ([True], "object expected as link preview options"),
    ],
)
async def test_an_invalid_link_preview_is_refused(
    started: BotApiClient, options: object, expected: str
) -> None:
    error = await started.refuses(
        "sendMessage", chat_id=SITI, text="x", link_preview_options=options
    )
    assert error == (400, f"Bad Request: {expected}")


async def test_a_link_to_a_person_the_bot_has_met_is_a_mention(
    world: World, started: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [BUDI])
    html = "".join(f'<a href="tg://user?id={number}">x</a>' for number in (SITI, BUDI, 99))
    sent = await started("sendMessage", chat_id=SITI, text=html, parse_mode="HTML")
    assert [(mention["type"], mention["offset"], mention["user"]["id"])
            for mention in sent["entities"]] == [
        ("text_mention", 0, SITI), ("text_mention", 1, BUDI)]  # fmt: skip
    again = await started("sendMessage", chat_id=SITI, text="xxx", entities=sent["entities"])
    assert again["entities"] == sent["entities"]
    refused = {"type": "text_mention", "offset": 0, "length": 1}
    code, _ = await started.refuses("sendMessage", chat_id=SITI, text="x", entities=[refused])
    assert code == 400


async def test_an_unchanged_edit_is_refused(started: BotApiClient) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    same = {"text": "Sama", "reply_markup": markup}
    sent = await started("sendMessage", chat_id=SITI, **same)
    error = await started.refuses(
        "editMessageText", chat_id=SITI, message_id=sent["message_id"], **same
    )
    assert error == (400, f"Bad Request: {NOT_MODIFIED}")


async def test_an_edit_without_a_keyboard_removes_the_keyboard(
    world: World, started: BotApiClient
) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await started("sendMessage", chat_id=SITI, text="Sama", reply_markup=markup)
    edited = await started(
        "editMessageText", chat_id=SITI, message_id=sent["message_id"], text="Sama"
    )
    assert "reply_markup" not in edited
    assert "edit_date" in edited
    assert len(world.history(SITI)[-1]["versions"]) == 2


async def test_the_keyboard_alone_can_be_replaced(started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="<b>Tebal</b>", parse_mode="HTML")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    edited = await started("editMessageReplyMarkup", **where, reply_markup=markup)
    assert (edited["text"], edited["entities"]) == ("Tebal", sent["entities"])
    error = await started.refuses("editMessageReplyMarkup", **where, reply_markup=markup)
    assert error == (400, f"Bad Request: {NOT_MODIFIED}")


@pytest.mark.parametrize(
    ("message_id", "expected"),
    [
        (999, "message to edit not found"),
        (0, "message identifier is not specified"),
        (1, "message can't be edited"),
    ],
)
async def test_only_the_bots_own_messages_can_be_edited(
    started: BotApiClient, message_id: int, expected: str
) -> None:
    assert await started.refuses(
        "editMessageText", chat_id=SITI, message_id=message_id, text="x"
    ) == (400, f"Bad Request: {expected}")


async def test_a_deleted_message_is_gone(world: World, started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Sebentar")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    assert await started("deleteMessage", **where) is True
    assert sent["message_id"] not in [shown["message_id"] for shown in world.transcript(SITI)]
    assert world.history(SITI)[-1]["deleted"]
    error = await started.refuses("deleteMessage", **where)
    assert error == (400, "Bad Request: message to delete not found")


async def test_a_message_cannot_be_deleted_after_two_days(
    world: World, started: BotApiClient
) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Lama")
    world.clock.advance(48 * 3600 + 1)
    error = await started.refuses("deleteMessage", chat_id=SITI, message_id=sent["message_id"])
    assert error == (400, "Bad Request: message can't be deleted for everyone")


async def test_only_an_administrator_bot_deletes_messages_of_others_in_a_group(
    world: World, telegram: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    bot = world.bot()
    world.say(SITI, GROUP, f"/x@{bot.username}")
    where = {"chat_id": GROUP, "message_id": world.transcript(GROUP)[-1]["message_id"]}
    error = await telegram.refuses("deleteMessage", **where)
    assert error == (400, "Bad Request: message can't be deleted")
    world.promote(GROUP, bot.id)
    assert await telegram("deleteMessage", **where) is True


async def test_a_reply_contains_the_message_it_answers(started: BotApiClient) -> None:
    answered = {"message_id": 1}
    sent = await started("sendMessage", chat_id=SITI, text="Ya", reply_parameters=answered)
    assert sent["reply_to_message"]["text"] == "/start"
    error = await started.refuses(
        "sendMessage", chat_id=SITI, text="Ya", reply_parameters={"message_id": 99}
    )
    assert error == (400, "Bad Request: message to be replied not found")


async def test_a_pinned_message_is_part_of_the_chat(started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Penting")
    assert await started("pinChatMessage", chat_id=SITI, message_id=sent["message_id"]) is True
    assert (await started("getChat", chat_id=SITI))["pinned_message"]["text"] == "Penting"
    error = await started.refuses("pinChatMessage", chat_id=SITI, message_id=99)
    assert error == (400, "Bad Request: message to pin not found")


async def test_an_argument_that_is_not_simulated_is_refused(started: BotApiClient) -> None:
    code, description = await started.refuses(
        "sendMessage", chat_id=SITI, text="x", message_effect_id="5"
    )
    assert (code, description.endswith("message_effect_id")) == (400, True)


async def test_an_unknown_chat_action_is_refused(world: World, started: BotApiClient) -> None:
    events: list[object] = []
    world.listen(events.append)
    assert await started("sendChatAction", chat_id=SITI, action="typing") is True
    assert {"type": "action", "chat": SITI, "action": "typing", "bot": world.bot().id} in events
    assert await started.refuses("sendChatAction", chat_id=SITI, action="sleeping") == (
        400,
        "Bad Request: wrong parameter action in request",
    )


def test_siti_cannot_send_an_empty_or_too_long_text(world: World) -> None:
    for text in ("", "  ", "x" * 4097):
        with pytest.raises(InvalidAction):
            world.say(SITI, SITI, text)


def test_a_start_payload_has_at_most_64_characters_of_a_limited_set(world: World) -> None:
    assert world.start(SITI, "l_ktp-" + "x" * 58)
    assert world.transcript(SITI)[-1]["text"].startswith("/start l_ktp-")
    for payload in ("x" * 65, "l.ktp", "ü"):
        with pytest.raises(InvalidAction):
            world.start(SITI, payload)


def test_siti_may_type_any_payload_by_hand(world: World) -> None:
    assert world.say(SITI, SITI, "/start " + "x" * 65, typed=True)
    assert world.say(SITI, SITI, "/start halo pak camat")


async def test_siti_edits_her_own_message(world: World, started: BotApiClient) -> None:
    world.say(SITI, SITI, "Pelayanan lambat")
    written = world.transcript(SITI)[-1]["message_id"]
    world.edit(SITI, SITI, written, "Pelayanan cepat")
    update = (await started.updates())[-1]
    assert update["edited_message"]["text"] == "Pelayanan cepat"
    with pytest.raises(InvalidAction):
        world.edit(BUDI, SITI, written, "x")
