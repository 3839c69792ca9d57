"""Parsing of updates; of a button press only the fields in use, since most updates are presses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    InaccessibleMessage,
    MaybeInaccessibleMessage,
    Message,
    Update,
    User,
)

from bot.turn.events import Unreadable
from office.logs import place_of

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
MOST = 100  # updates of one call
MOST_ID = 2**63  # what the databases hold


async def ask(bot: Bot, offset: int, seconds: int) -> list[Update | Unreadable]:
    """The updates from this number on; waits so many seconds for the first.

    `Bot.get_updates` would build an object for every button of the pressed message.

    Raises:
        TelegramError: as any call.
    """
    parameters = {
        "offset": offset,
        "limit": MOST,
        "timeout": seconds,
        "allowed_updates": json.dumps(ALLOWED),
    }
    url = f"{bot.base_url}/getUpdates?{urlencode(parameters)}"
    raws: Any = await bot.request.post(url, read_timeout=seconds + 10)
    return [parsed(raw, bot) for raw in raws]


class NotAnUpdate(ValueError):
    """It has no number by which it could be confirmed."""


def parsed(raw: Any, bot: Bot) -> Update | Unreadable:
    """One update; when it cannot be parsed, its number and kind.

    Raises:
        NotAnUpdate: it has no number.
    """
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if type(number) is not int or not 0 <= number < MOST_ID:
        raise NotAnUpdate
    try:
        return read(raw, bot)
    except Exception as error:  # noqa: BLE001 # one update must not hold up the others
        kind = next((kind for kind in ALLOWED if kind in raw), "")
        return Unreadable(number, kind, place_of(error))


def read(raw: dict[str, Any], bot: Bot) -> Update:
    """One update as Telegram wrote it.

    Raises:
        Exception: not an update; of which type depends on what is missing.
    """
    query = raw.get("callback_query")
    if query is None:
        return Update.de_json(raw, bot)
    return Update(raw["update_id"], callback_query=_press(query))


def _press(query: Mapping[str, Any]) -> CallbackQuery:
    sender = query["from"]
    user = User(sender["id"], "", sender["is_bot"], language_code=sender.get("language_code"))
    return CallbackQuery(
        query["id"], user, "", message=_message(query.get("message")), data=query.get("data")
    )


def _message(message: Mapping[str, Any] | None) -> MaybeInaccessibleMessage | None:
    """The message that holds the button; inaccessible when too old to be edited (no date)."""
    if message is None:
        return None
    chat = Chat(message["chat"]["id"], message["chat"]["type"], message["chat"].get("title"))
    if not message["date"]:
        return InaccessibleMessage(chat, message["message_id"])
    date, reply = _date(message), message.get("reply_to_message")
    if reply is None or "text" not in reply:
        return MaybeInaccessibleMessage(chat, message["message_id"], date)
    replied = Message(reply["message_id"], _date(reply), chat, text=reply["text"])
    return Message(message["message_id"], date, chat, reply_to_message=replied)


def _date(message: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(message["date"], UTC)
