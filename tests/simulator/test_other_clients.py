"""Two other clients, aiogram and python-telegram-bot, each with its own polling.

aiogram takes six seconds to import: only the tests that use it do.
"""

import asyncio
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)
from telegram.request import HTTPXRequest

from simulator.faults import Fault
from simulator.http.server import Server
from simulator.in_process import InProcessRequest
from simulator.world import World
from tests.simulator.clients import TOKEN
from tests.simulator.conftest import GROUP, SITI
from tests.simulator.images import png


async def _wait_for_text(world: World, text: str) -> None:
    for _ in range(300):
        if any(shown.get("text") == text for shown in world.transcript(SITI)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{text} never came: {world.transcript(SITI)}")


@pytest.mark.slow
@pytest.mark.http
async def test_aiogram_holds_a_conversation_over_http(world: World, server: Server) -> None:
    import aiogram
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    bot = aiogram.Bot(TOKEN, session=session)
    dispatcher = aiogram.Dispatcher()
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Ya", callback_data="y")]]
    )

    @dispatcher.message()
    async def on_message(message: Message) -> None:
        await message.answer("<b>Setuju?</b>", parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.callback_query()
    async def on_tap(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Terima kasih")
        await query.answer("Tersimpan")

    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=True)
    )
    world.say(SITI, SITI, "/start")
    await _wait_for_text(world, "Setuju?")
    world.tap(SITI, SITI, world.transcript(SITI)[-1]["message_id"], "y")
    await _wait_for_text(world, "Terima kasih")
    for _ in range(100):
        if world.toasts(SITI):
            break
        await asyncio.sleep(0.01)
    assert world.toasts(SITI)[0]["text"] == "Tersimpan"
    await dispatcher.stop_polling()
    await polling


@pytest.mark.slow
@pytest.mark.http
async def test_aiogram_raises_its_own_exception_for_every_error(
    world: World, server: Server
) -> None:
    import aiogram
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import (
        TelegramBadRequest,
        TelegramForbiddenError,
        TelegramMigrateToChat,
        TelegramRetryAfter,
    )
    from aiogram.types import BufferedInputFile

    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(SITI, "x")
        world.say(SITI, SITI, "/start")
        photo = await bot.send_photo(SITI, BufferedInputFile(png(30, 20), "ikm.png"), caption="IKM")
        assert photo.photo is not None
        assert (photo.photo[-1].width, photo.caption) == (30, "IKM")
        document = await bot.send_document(SITI, BufferedInputFile(b"1;2", "a.csv"))
        assert document.document is not None
        down = await bot.download(document.document)
        assert down is not None
        assert down.read() == b"1;2"
        world.faults.add(Fault("sendMessage", 429, retry_after=3))
        with pytest.raises(TelegramRetryAfter) as flood:
            await bot.send_message(SITI, "x")
        assert flood.value.retry_after == 3
        world.block(SITI)
        with pytest.raises(TelegramForbiddenError):
            await bot.send_message(SITI, "x")
        world.add_group(GROUP, "Kantor", [SITI])
        member = await bot.get_chat_member(GROUP, SITI)
        assert member.status == "creator"
        world.migrate(GROUP)
        with pytest.raises(TelegramMigrateToChat):
            await bot.send_message(GROUP, "x")


async def _hold_conversation(
    world: World, application: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    async def on_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html(f"Selamat datang {context.args}")

    async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Tersimpan")
        await update.callback_query.edit_message_text("Terima kasih")

    application.add_handler(CommandHandler("start", on_start))
    application.add_handler(CallbackQueryHandler(on_tap))
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=1)
        world.start(SITI, "l_ktp")
        await _wait_for_text(world, "Selamat datang ['l_ktp']")
        world.tap(SITI, SITI, world.transcript(SITI)[-1]["message_id"], "y")
        await _wait_for_text(world, "Terima kasih")
        await application.updater.stop()
        await application.stop()
    assert world.toasts(SITI)[0]["text"] == "Tersimpan"


async def test_python_telegram_bot_holds_a_conversation_in_process(world: World) -> None:
    builder = ApplicationBuilder().token(TOKEN).request(InProcessRequest(world))
    await _hold_conversation(world, builder.get_updates_request(InProcessRequest(world)).build())


@pytest.mark.http
async def test_python_telegram_bot_holds_a_conversation_over_http(
    world: World, server: Server
) -> None:
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{server.url}/bot")
    await _hold_conversation(world, builder.build())


async def test_python_telegram_bot_raises_its_own_exception_for_every_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it, every RetryAfter warns
    async with Bot(TOKEN, request=InProcessRequest(world)) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(SITI, "x")
        world.say(SITI, SITI, "/start")
        world.faults.add(Fault("sendMessage", 429, retry_after=3))
        with pytest.raises(RetryAfter):
            await bot.send_message(SITI, "x")
        photo = await bot.send_photo(SITI, png(30, 20), caption="<b>IKM</b>", parse_mode="HTML")
        assert (photo.photo[-1].height, photo.caption_html) == (20, "<b>IKM</b>")
        sent = await bot.send_document(SITI, b"1;2", filename="a.csv")
        assert sent.document is not None
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"1;2"
        world.block(SITI)
        with pytest.raises(Forbidden):
            await bot.send_message(SITI, "x")
        world.add_group(GROUP, "Kantor", [SITI])
        new_chat = world.migrate(GROUP)
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(GROUP, "x")
        assert migrated.value.new_chat_id == new_chat
    with pytest.raises(InvalidToken):
        await Bot("123456789:" + "x" * 35, request=InProcessRequest(world)).get_me()


@pytest.mark.slow
@pytest.mark.http
async def test_a_second_polling_process_terminates_the_long_poll_of_the_first(
    world: World, server: Server
) -> None:
    base = f"{server.url}/bot"
    async with (
        Bot(TOKEN, base, get_updates_request=HTTPXRequest()) as first,
        Bot(TOKEN, base, get_updates_request=HTTPXRequest()) as second,
    ):
        poll = asyncio.create_task(first.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        world.clock.advance(1)
        second_poll = asyncio.create_task(second.get_updates(timeout=20))
        with pytest.raises(Conflict):
            await poll
        world.say(SITI, SITI, "/start")
        assert len(await second_poll) == 1
