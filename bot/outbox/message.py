"""A letter of the outbox, ready to go, and the call that takes it there."""

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
    """A message ready to go."""

    text: str
    photo: bytes | None = None
    stored: str | None = None  # the id of a file that Telegram has
    rows: Rows = ()  # of buttons
    document: tuple[str, bytes] | None = None  # its name and content
    edits: int | None = None  # the message that the text takes the place of


async def send(bot: Bot, letter: OutboxRow, composed: Message) -> int:
    """Make the call; the number of the message that stands in the chat now.

    Raises:
        TelegramError: what becomes of the letter is told by `refusals.fate`.
    """
    if composed.stored is not None:
        sent = await bot.send_document(letter.chat_id, composed.stored)
        return sent.message_id
    if composed.edits is not None:
        return await _edit(bot, letter, composed, composed.edits)
    if composed.photo is not None and shown_length(composed.text) <= caption.MOST:
        try:
            return await _photo(bot, letter, composed, composed.photo)
        except BadRequest as error:
            if "not enough rights to send photos" not in error.message.lower():
                raise  # the group takes no pictures from the bot: the text stands alone
    if composed.document is not None:
        return await _document(bot, letter, composed, *composed.document)
    sent = await bot.send_message(
        letter.chat_id,
        composed.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(composed.rows),
        message_thread_id=letter.topic_id,
    )
    return sent.message_id


async def _edit(bot: Bot, letter: OutboxRow, composed: Message, message_id: int) -> int:
    try:
        await bot.edit_message_text(
            composed.text, letter.chat_id, message_id, parse_mode=ParseMode.HTML
        )
    except BadRequest as error:
        if not says_so_already(error) and not cannot_be_edited(error):
            raise
    return message_id


async def _photo(bot: Bot, letter: OutboxRow, composed: Message, photo: bytes) -> int:
    sent = await bot.send_photo(
        letter.chat_id,
        photo,
        caption=composed.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(composed.rows),
        message_thread_id=letter.topic_id,
        filename="ikm.png",
    )
    return sent.message_id


async def _document(
    bot: Bot, letter: OutboxRow, composed: Message, name: str, content: bytes
) -> int:
    sent = await bot.send_document(
        letter.chat_id,
        content,
        caption=composed.text,
        parse_mode=ParseMode.HTML,
        message_thread_id=letter.topic_id,
        filename=name,
    )
    return sent.message_id
