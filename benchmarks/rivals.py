"""The same survey as other bots would write it, for comparison of the cost of a tap.

`python -m benchmarks.rivals bare|stock|aiogram --root URL`. The sixteen screens are made at the
start and edited in place; the step of a person is an integer in memory.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

from benchmarks.processes import TOKEN

# A process imports only the library it measures, so PTB's types cannot be used here.
Screens: TypeAlias = list[tuple[str, Any]]

QUESTIONS, ATTRIBUTES = 9, 4
LAST = 1 + QUESTIONS + ATTRIBUTES + 1
PADDING = "Apakah syarat yang diminta sesuai dengan keperluannya? Misalnya KTP, KK, surat desa."
CONSENT = "Bagaimana pelayanan kami? 9 pertanyaan mudah dan 4 tentang Anda. " * 3


def text(step: int) -> str:
    """The text of the screen of a step."""
    if step == 0:
        return f"<b>KTP-el</b>\n{CONSENT}"
    if step <= QUESTIONS:
        return f"KTP-el\nPertanyaan {step} dari {QUESTIONS}\n\n<b>{PADDING}</b>"
    if step <= QUESTIONS + ATTRIBUTES:
        return f"KTP-el\nTentang Anda {step - QUESTIONS} dari {ATTRIBUTES}\n\n<b>Berapa umur?</b>"
    if step < LAST:
        answers = "\n".join(f"Unsur {number}: <b>Sesuai</b>" for number in range(QUESTIONS))
        return f"KTP-el\n<b>Sudah selesai?</b>\n\n{answers}\n\nTekan Kirim."
    return "Terima kasih!\n\nTanda terima: <code>ABCD-EFGH</code>"


def labels(step: int) -> list[list[str]]:
    """Its buttons, row by row."""
    if step == 0:
        return [["Setuju, mulai"], ["Layanan lain", "English"]]
    if step <= QUESTIONS:
        four = ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"]
        return [*[[label] for label in four], ["‹ Kembali", "Lewati ›"]]
    if step <= QUESTIONS + ATTRIBUTES:
        seven = ["<17", "17-25", "26-35", "36-45", "46-55", "56-65", ">65"]
        return [*[[label] for label in seven], ["‹ Kembali", "Tidak menjawab ›"]]
    if step < LAST:
        return [["✍ Tulis saran"], ["✅ Kirim"], ["‹ Kembali"]]
    return [["Isi untuk orang lain / kunjungan lain"]]


def rows(step: int) -> list[list[tuple[str, str]]]:
    """Labels with callback data as long as ours."""
    return [
        [(label, f"a.1y2p0ij32e8e7.PERSYARATAN.{n}.{step}") for n, label in enumerate(row)]
        for row in labels(step)
    ]


def screens_of_ptb() -> Screens:
    """All screens, with PTB's keyboards."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    return [
        (
            text(step),
            InlineKeyboardMarkup(
                [[InlineKeyboardButton(a, callback_data=b) for a, b in row] for row in rows(step)]
            ),
        )
        for step in range(LAST + 1)
    ]


async def move_on(query: Any, screen: tuple[str, Any]) -> None:
    """Answer the tap and edit the message at the same time."""
    await asyncio.gather(
        query.answer(),
        query.edit_message_text(screen[0], parse_mode="HTML", reply_markup=screen[1]),
    )


async def run_ptb(builder: Any, root: str, fill: Callable[[Any], None]) -> None:
    """Build an application, add its handlers, and poll until killed."""
    app = builder.token(TOKEN).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot").build()
    fill(app)
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(timeout=30)
        await asyncio.Event().wait()


async def ptb(root: str, *, stock: bool) -> None:
    """python-telegram-bot: an Application, its Updater, no storage."""
    from telegram import Update
    from telegram.ext import Application, CallbackQueryHandler, CommandHandler

    from bot.delivery.transport import AiohttpRequest

    screens = screens_of_ptb()
    places: dict[int, int] = {}

    async def on_start(update: Update, _: Any) -> None:
        assert update.effective_chat
        places[update.effective_chat.id] = 0
        shown, keyboard = screens[0]
        await update.effective_chat.send_message(shown, parse_mode="HTML", reply_markup=keyboard)

    async def on_tap(update: Update, _: Any) -> None:
        query = update.callback_query
        assert query
        places[query.from_user.id] += 1
        await move_on(query, screens[places[query.from_user.id]])

    builder = Application.builder().concurrent_updates(256)
    if stock:
        builder = builder.connection_pool_size(256)
    else:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())

    def fill(app: Any) -> None:
        app.add_handler(CommandHandler("start", on_start))
        app.add_handler(CallbackQueryHandler(on_tap))

    await run_ptb(builder, root, fill)


async def aiogram(root: str) -> None:
    """aiogram with its state machine in memory."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.filters import CommandStart
    from aiogram.fsm.context import FSMContext
    from aiogram.types import (
        CallbackQuery,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        Message,
    )

    screens = [
        (
            text(step),
            InlineKeyboardMarkup(
                inline_keyboard=[
                    [InlineKeyboardButton(text=a, callback_data=b) for a, b in row]
                    for row in rows(step)
                ]
            ),
        )
        for step in range(LAST + 1)
    ]
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def on_start(message: Message, state: FSMContext) -> None:
        await state.set_data({"step": 0, "answers": {}})
        shown, keyboard = screens[0]
        await message.answer(shown, parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.callback_query()
    async def on_tap(query: CallbackQuery, state: FSMContext) -> None:
        data = await state.get_data()
        step = data["step"] + 1
        data["answers"][str(step)] = query.data
        await state.set_data({"step": step, "answers": data["answers"]})
        shown, keyboard = screens[step]
        assert isinstance(query.message, Message)
        edit = query.message.edit_text(shown, parse_mode="HTML", reply_markup=keyboard)
        await asyncio.gather(bot(query.answer()), bot(edit))

    session = AiohttpSession(api=TelegramAPIServer.from_base(root), limit=256)
    bot = Bot(TOKEN, session=session)
    await dispatcher.start_polling(bot, polling_timeout=30)


def main() -> None:
    """Run one bot until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("which", choices=["bare", "stock", "aiogram"])
    parser.add_argument("--root", required=True)
    chosen = parser.parse_args()
    if chosen.which == "aiogram":
        asyncio.run(aiogram(chosen.root))
    else:
        asyncio.run(ptb(chosen.root, stock=chosen.which == "stock"))


if __name__ == "__main__":
    main()
