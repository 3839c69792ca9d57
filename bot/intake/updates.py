"""Parsing of updates; of a button press only the fields in use, since most updates are presses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, CallbackQuery, Chat, MaybeInaccessibleMessage, Update, User

ALLOWED = ["message", "callback_query", "my_chat_member"]
MOST = 100  # updates of one call


async def ask(bot: Bot, offset: int, seconds: int) -> list[Update]:
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
    updates: Any = await bot.request.post(url, read_timeout=seconds + 10)
    return [read(raw, bot) for raw in updates]


def read(raw: dict[str, Any], bot: Bot) -> Update:
    """One update as Telegram wrote it.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: not an update.
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
    """The message that holds the button; None when too old to be edited (it has no date)."""
    if message is None or not message["date"]:
        return None
    chat = Chat(message["chat"]["id"], message["chat"]["type"])
    date = datetime.fromtimestamp(message["date"], UTC)
    return MaybeInaccessibleMessage(chat, message["message_id"], date)
