"""The way to Telegram: what is read of its answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app import telegram_bot
from office.config import Config
from office.office import TelegramTime
from simulator.http.server import serve
from simulator.world import World

TOKEN = "700000001:" + "puas-transport-token-" * 2


async def test_an_edited_screen_is_not_read_back_but_stands_in_the_chat() -> None:
    world = World(limits=None)
    server = await serve(world)
    telegram_time = TelegramTime()
    bot = telegram_bot(Config(telegram={"token": TOKEN, "api_root": server.url}), telegram_time)
    await bot.initialize()
    world.add_person(101, "Warga")
    world.say(101, 101, "/start")
    sent = await bot.send_message(101, "Pertanyaan 1")
    edited = await bot.edit_message_text("Pertanyaan 2", 101, sent.message_id)
    assert sent.text == "Pertanyaan 1"
    assert edited is True
    assert world.transcript(101)[-1]["text"] == "Pertanyaan 2"
    assert telegram_time.confirms(world.clock.now())
    await bot.shutdown()
    await server.close()


@pytest.mark.parametrize("header", ["", "kemarin", "Sun, 99 Nov 2026 03:30:34 GMT"])
def test_a_header_that_is_no_date_confirms_nothing(header: str) -> None:
    telegram_time = TelegramTime()
    telegram_time.note(header)
    assert telegram_time.now() is None
    assert not telegram_time.confirms(datetime.now(UTC))
