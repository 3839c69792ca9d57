"""Reply markup."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.clients import BotApiClient
from tests.simulator.conftest import SITI

BUTTON = {"text": "Ya", "callback_data": "y"}


def _rows(*rows: list[Any]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


@pytest.mark.parametrize("data", ["x" * 64, "é" * 32, "x"])
async def test_callback_data_of_64_bytes_is_accepted(started: BotApiClient, data: str) -> None:
    markup = _rows([{"text": "Ya", "callback_data": data}])
    sent = await started("sendMessage", chat_id=SITI, text="x", reply_markup=markup)
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == data


@pytest.mark.parametrize("data", ["x" * 65, "é" * 33])
async def test_callback_data_of_65_bytes_is_refused(started: BotApiClient, data: str) -> None:
    markup = _rows([{"text": "Ya", "callback_data": data}])
    assert await started.refuses("sendMessage", chat_id=SITI, text="x", reply_markup=markup) == (
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (_rows([BUTTON] * 9), "reply markup is too long"),
        (_rows(*[[BUTTON]] * 101), "reply markup is too long"),
        (_rows([{"text": "Ya"}]), "Text buttons are unallowed in the inline keyboard"),
        (_rows([{"text": "Ya", "callback_data": ""}]), "Text buttons are unallowed"),
        (_rows([{"text": " ", "callback_data": "y"}]), "text must be non-empty"),
        (_rows([{"callback_data": "y"}]), 'can\'t find field "text"'),
        (_rows([{"text": "x", "url": "ftp://a.id"}]), "Unsupported URL protocol"),
        (_rows([{"text": "x", "url": "bukan alamat"}]), "Wrong HTTP URL"),
        (_rows([{"text": "x", "pay": True}]), "BUTTON_TYPE_INVALID"),
        (_rows([{"text": "x", "switch_inline_query": ""}]), "BOT_INLINE_DISABLED"),
        (_rows([{"text": "x", "switch_inline_query_current_chat": ""}]), "BOT_INLINE_DISABLED"),
        (_rows([{"text": "x", "web_app": {"url": "http://a.id"}}]), "Only HTTPS links are allowed"),
        (_rows([{"text": "x", "copy_text": {"text": "x" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
        (_rows([BUTTON | {"style": "pink"}]), "invalid button style"),
        ({"inline_keyboard": [BUTTON]}, "can't parse inline keyboard button row"),
        ([], "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_an_invalid_keyboard_is_refused(
    started: BotApiClient, markup: Any, expected: str
) -> None:
    code, description = await started.refuses(
        "sendMessage", chat_id=SITI, text="x", reply_markup=markup
    )
    assert code == 400
    assert expected in description


@pytest.mark.parametrize(
    "button",
    [
        {"url": "https://kantor.id/x"},
        {"url": "tg://user?id=5"},
        {"copy_text": {"text": "RCP-7"}},
        {"web_app": {"url": "https://kantor.id"}},
        {"callback_data": "y", "style": "success"},
    ],
)
async def test_other_kinds_of_buttons_are_kept_unchanged(
    started: BotApiClient, button: Any
) -> None:
    markup = _rows([{"text": "x"} | button])
    sent = await started("sendMessage", chat_id=SITI, text="x", reply_markup=markup)
    assert sent["reply_markup"] == markup


async def test_a_keyboard_of_100_buttons_with_8_in_a_row_is_accepted(started: BotApiClient) -> None:
    markup = _rows(*[[BUTTON] * 8] * 12, [BUTTON] * 4)
    sent = await started("sendMessage", chat_id=SITI, text="x", reply_markup=markup)
    assert sent["reply_markup"] == markup


async def test_a_reply_keyboard_belongs_to_the_chat_until_it_is_removed(
    world: World, started: BotApiClient
) -> None:
    markup = {"keyboard": [[{"text": "Batal"}]], "resize_keyboard": True}
    sent = await started("sendMessage", chat_id=SITI, text="x", reply_markup=markup)
    assert "reply_markup" not in sent
    assert world.chat(SITI).keyboard == markup
    await started("sendMessage", chat_id=SITI, text="y", reply_markup={"remove_keyboard": True})
    assert world.chat(SITI).keyboard is None


async def test_an_edit_accepts_inline_keyboards_only(started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="x")
    error = await started.refuses(
        "editMessageText",
        chat_id=SITI,
        message_id=sent["message_id"],
        text="y",
        reply_markup={"keyboard": [["a"]]},
    )
    assert error == (400, "Bad Request: inline keyboard expected")
