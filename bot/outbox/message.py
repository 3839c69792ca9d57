"""A composed message, and the API call that sends it."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.delivery.display import keyboard
from bot.delivery.refusals import cannot_be_edited, says_so_already
from office.summary import caption
from office.survey.screens import Rows
from office.words.text import shown_length
from storage.outbox import OutboxRow


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is ready to send."""

    text: str
    photo: bytes | None = None
    stored: str | None = None  # the id of a file that Telegram has stored
    rows: Rows = ()  # of buttons
    document: tuple[str, bytes] | None = None  # its name and content
    edits: int | None = None  # the id of the message to edit to this text


async def send(bot: Bot, row: OutboxRow, message: Message) -> int:
    """Make the call; the id of the message in the chat.

    Raises:
        TelegramError: `refusals.fate` says what it means.
    """
    if message.stored is not None:
        sent = await bot.send_document(row.chat_id, message.stored)
        return sent.message_id
    if message.edits is not None:
        return await _edit(bot, row, message, message.edits)
    if message.photo is not None and shown_length(message.text) <= caption.MOST:
        try:
            return await _photo(bot, row, message, message.photo)
        except BadRequest as error:
            if "not enough rights to send photos" not in error.message.lower():
                raise  # no pictures allowed in this group: send the text alone
    if message.document is not None:
        return await _document(bot, row, message, *message.document)
    sent = await bot.send_message(
        row.chat_id,
        message.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(message.rows),
        message_thread_id=row.topic_id,
    )
    return sent.message_id


async def _edit(bot: Bot, row: OutboxRow, message: Message, message_id: int) -> int:
    try:
        await bot.edit_message_text(
            message.text, row.chat_id, message_id, parse_mode=ParseMode.HTML
        )
    except BadRequest as error:
        if not says_so_already(error) and not cannot_be_edited(error):
            raise
    return message_id


async def _photo(bot: Bot, row: OutboxRow, message: Message, photo: bytes) -> int:
    sent = await bot.send_photo(
        row.chat_id,
        photo,
        caption=message.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(message.rows),
        message_thread_id=row.topic_id,
        filename="ikm.png",
    )
    return sent.message_id


async def _document(bot: Bot, row: OutboxRow, message: Message, name: str, content: bytes) -> int:
    sent = await bot.send_document(
        row.chat_id,
        content,
        caption=message.text,
        parse_mode=ParseMode.HTML,
        message_thread_id=row.topic_id,
        filename=name,
    )
    return sent.message_id
