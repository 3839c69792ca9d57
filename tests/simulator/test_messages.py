"""Texts a bot sends, edits and deletes, and what Telegram refuses of them."""

import pytest

from simulator.refusal import NOT_MODIFIED, Refused
from simulator.world import World
from tests.simulator.conftest import BUDI, GROUP, SITI
from tests.simulator.doors import Telegram


async def test_a_bot_cannot_write_to_siti_before_she_wrote(telegram: Telegram) -> None:
    assert await telegram.refuses("sendMessage", chat_id=SITI, text="Halo") == (
        400,
        "Bad Request: chat not found",
    )


async def test_siti_sees_what_the_bot_sends(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Halo")
    assert sent["chat"] == {"id": SITI, "first_name": "Siti", "type": "private"}
    assert world.transcript(SITI)[-1] == sent


@pytest.mark.parametrize("chat", [BUDI, 999, -77, "@kantor", "abc"])
async def test_an_unknown_chat_is_not_found(started: Telegram, chat: int | str) -> None:
    assert await started.refuses("sendMessage", chat_id=chat, text="Halo") == (
        400,
        "Bad Request: chat not found",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_a_text_has_1_to_4096_utf16_units(started: Telegram, text: str, words: str) -> None:
    assert await started.refuses("sendMessage", chat_id=SITI, text=text) == (
        400,
        f"Bad Request: {words}",
    )


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048, "<b>" + "x" * 4096 + "</b>"])
async def test_markup_does_not_count_towards_the_length(started: Telegram, text: str) -> None:
    sent = await started("sendMessage", chat_id=SITI, text=text, parse_mode="HTML")
    assert len(sent["text"].encode("utf-16-le")) == 2 * 4096


async def test_an_unchanged_edit_is_refused(started: Telegram) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    same = {"text": "Sama", "reply_markup": markup}
    sent = await started("sendMessage", chat_id=SITI, **same)
    refusal = await started.refuses(
        "editMessageText", chat_id=SITI, message_id=sent["message_id"], **same
    )
    assert refusal == (400, f"Bad Request: {NOT_MODIFIED}")


async def test_an_edit_without_keyboard_takes_the_keyboard_away(
    world: World, started: Telegram
) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await started("sendMessage", chat_id=SITI, text="Sama", reply_markup=markup)
    edited = await started(
        "editMessageText", chat_id=SITI, message_id=sent["message_id"], text="Sama"
    )
    assert "reply_markup" not in edited
    assert "edit_date" in edited
    assert len(world.history(SITI)[-1]["versions"]) == 2


async def test_the_keyboard_alone_can_be_replaced(started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="<b>Tebal</b>", parse_mode="HTML")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    edited = await started("editMessageReplyMarkup", **where, reply_markup=markup)
    assert (edited["text"], edited["entities"]) == ("Tebal", sent["entities"])
    refusal = await started.refuses("editMessageReplyMarkup", **where, reply_markup=markup)
    assert refusal == (400, f"Bad Request: {NOT_MODIFIED}")


@pytest.mark.parametrize(
    ("message_id", "words"),
    [
        (999, "message to edit not found"),
        (0, "message identifier is not specified"),
        (1, "message can't be edited"),
    ],
)
async def test_only_the_bots_own_messages_can_be_edited(
    started: Telegram, message_id: int, words: str
) -> None:
    assert await started.refuses(
        "editMessageText", chat_id=SITI, message_id=message_id, text="x"
    ) == (400, f"Bad Request: {words}")


async def test_a_deleted_message_is_gone(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Sebentar")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    assert await started("deleteMessage", **where) is True
    assert sent["message_id"] not in [shown["message_id"] for shown in world.transcript(SITI)]
    assert world.history(SITI)[-1]["deleted"]
    refusal = await started.refuses("deleteMessage", **where)
    assert refusal == (400, "Bad Request: message to delete not found")


async def test_after_two_days_a_message_stays(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Lama")
    world.clock.advance(48 * 3600 + 1)
    refusal = await started.refuses("deleteMessage", chat_id=SITI, message_id=sent["message_id"])
    assert refusal == (400, "Bad Request: message can't be deleted for everyone")


async def test_a_bot_deletes_others_messages_in_a_group_only_as_administrator(
    world: World, telegram: Telegram
) -> None:
    world.group(GROUP, "Kantor", [SITI])
    bot = world.bot()
    world.say(SITI, GROUP, f"/x@{bot.username}")
    where = {"chat_id": GROUP, "message_id": world.transcript(GROUP)[-1]["message_id"]}
    refusal = await telegram.refuses("deleteMessage", **where)
    assert refusal == (400, "Bad Request: message can't be deleted")
    world.promote(GROUP, bot.id)
    assert await telegram("deleteMessage", **where) is True


async def test_a_reply_shows_what_it_answers(started: Telegram) -> None:
    answered = {"message_id": 1}
    sent = await started("sendMessage", chat_id=SITI, text="Ya", reply_parameters=answered)
    assert sent["reply_to_message"]["text"] == "/start"
    refusal = await started.refuses(
        "sendMessage", chat_id=SITI, text="Ya", reply_parameters={"message_id": 99}
    )
    assert refusal == (400, "Bad Request: message to be replied not found")


async def test_a_pinned_message_stands_above_the_chat(started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Penting")
    assert await started("pinChatMessage", chat_id=SITI, message_id=sent["message_id"]) is True
    assert (await started("getChat", chat_id=SITI))["pinned_message"]["text"] == "Penting"
    refusal = await started.refuses("pinChatMessage", chat_id=SITI, message_id=99)
    assert refusal == (400, "Bad Request: message to pin not found")


async def test_what_is_not_simulated_is_refused_rather_than_ignored(started: Telegram) -> None:
    code, words = await started.refuses(
        "sendMessage", chat_id=SITI, text="x", message_effect_id="5"
    )
    assert (code, words.endswith("message_effect_id")) == (400, True)


async def test_busy_is_shown_for_known_actions_only(world: World, started: Telegram) -> None:
    heard: list[object] = []
    world.listen(heard.append)
    assert await started("sendChatAction", chat_id=SITI, action="typing") is True
    assert {"type": "action", "chat": SITI, "action": "typing", "bot": world.bot().id} in heard
    assert await started.refuses("sendChatAction", chat_id=SITI, action="sleeping") == (
        400,
        "Bad Request: wrong parameter action in request",
    )


def test_siti_cannot_write_what_the_app_does_not_send(world: World) -> None:
    for text in ("", "  ", "x" * 4097):
        with pytest.raises(Refused):
            world.say(SITI, SITI, text)


def test_a_start_payload_has_at_most_64_plain_characters(world: World) -> None:
    assert world.start(SITI, "l_ktp-" + "x" * 58)
    assert world.transcript(SITI)[-1]["text"].startswith("/start l_ktp-")
    for payload in ("x" * 65, "l.ktp", "ü"):
        with pytest.raises(Refused):
            world.start(SITI, payload)


def test_by_hand_siti_may_type_any_payload(world: World) -> None:
    assert world.say(SITI, SITI, "/start " + "x" * 65, typed=True)
    assert world.say(SITI, SITI, "/start halo pak camat")


async def test_siti_edits_what_she_wrote(world: World, started: Telegram) -> None:
    world.say(SITI, SITI, "Pelayanan lambat")
    written = world.transcript(SITI)[-1]["message_id"]
    world.edit(SITI, SITI, written, "Pelayanan cepat")
    update = (await started.updates())[-1]
    assert update["edited_message"]["text"] == "Pelayanan cepat"
    with pytest.raises(Refused):
        world.edit(BUDI, SITI, written, "x")
