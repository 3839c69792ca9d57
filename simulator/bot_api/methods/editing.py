"""Edits of messages: text, media and keyboard; deletion, pinning and callback answers."""

import re
from typing import Any

from simulator.bot_api import keyboards
from simulator.bot_api.arguments import Arguments
from simulator.bot_api.methods.call import Call, Method, names
from simulator.bot_api.methods.sending import caption_content, media_file, text_content
from simulator.errors import NOT_MODIFIED, QUERY_TOO_OLD, Json, bad_request
from simulator.model import entities
from simulator.model.chats import Chat, Message

MAX_TOAST_LENGTH = 200
DELETABLE_SECONDS = 48 * 60 * 60
_TEXT = ("text", "entities", "link_preview_options")
_MEDIA = ("photo", "document", "caption", "caption_entities", "show_caption_above_media",
          "has_media_spoiler")  # fmt: skip
_COMPARED = (*_TEXT, *_MEDIA, "reply_markup")
_START_LINK = re.compile(r"https://t\.me/(\w+)\?start=[A-Za-z0-9_-]{0,64}")


def edit_message_text(call: Call) -> Json:
    """Replace text and keyboard; without a keyboard the old one is removed."""
    content = text_content(call)
    chat, message = _own_message(call)
    if "text" not in message.json:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, chat, message, content)


def edit_message_caption(call: Call) -> Json:
    """Replace caption and keyboard."""
    arguments = call.arguments
    given = arguments.structure("caption_entities", "can't parse entities JSON object")
    caption = caption_content(call, arguments.text("caption"), arguments.text("parse_mode"), given)
    chat, message = _own_message(call)
    if not ("photo" in message.json or "document" in message.json):
        raise bad_request("there is no caption in the message to edit")
    kept = {key: message.json[key] for key in ("photo", "document") if key in message.json}
    if arguments.flag("show_caption_above_media"):
        caption["show_caption_above_media"] = True
    return _replace(call, chat, message, kept | caption)


def edit_message_reply_markup(call: Call) -> Json:
    """Replace or remove the keyboard."""
    chat, message = _own_message(call)
    kept = {key: message.json[key] for key in (*_TEXT, *_MEDIA) if key in message.json}
    return _replace(call, chat, message, kept)


def edit_message_media(call: Call) -> Json:
    """Replace the photo or document; a text may become one too."""
    media = call.arguments.structure("media", "can't parse media JSON object")
    if not isinstance(media, dict):
        raise bad_request("media must be specified" if not media else "media must be an Object")
    chat, message = _own_message(call)
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise bad_request("the simulator knows media of type photo and document only")
    values = {kind: media.get("media")}
    media_call = Call(call.world, call.bot, Arguments(values, call.arguments.files))
    caption = caption_content(
        call,
        str(media.get("caption") or ""),
        str(media.get("parse_mode") or ""),
        media.get("caption_entities"),
    )
    content = media_file(media_call, kind, kind).message_content() | caption
    if media.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if media.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return _replace(call, chat, message, content)


def _own_message(call: Call) -> tuple[Chat, Message]:
    chat = call.writable_chat(None)
    message = call.message(chat, "message to edit")
    if message.author != call.bot.id or not any(key in message.json for key in _COMPARED):
        raise bad_request("message can't be edited")
    return chat, message


def _replace(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    markup = keyboards.inline_keyboard(call.arguments, chat.is_private)
    if markup is not None:
        content["reply_markup"] = markup
    old = message.json
    call.check_rate_limit(chat)
    if all(_is_same(old.get(key), content.get(key)) for key in _COMPARED):
        raise bad_request(NOT_MODIFIED)
    edited = {key: value for key, value in old.items() if key not in _COMPARED}
    edited["edit_date"] = int(call.world.clock.timestamp())
    edited |= content
    call.world.edit_message(chat, message, edited, call.bot)
    return edited


def _is_same(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list) and old and "file_unique_id" in old[0]:
        return bool(old[0]["file_unique_id"] == new[0]["file_unique_id"])
    if isinstance(old, dict) and isinstance(new, dict) and "file_unique_id" in old:
        return bool(old["file_unique_id"] == new["file_unique_id"])
    return bool(old == new)


def delete_message(call: Call) -> bool:
    """Delete a message."""
    chat = call.writable_chat(None)
    message = call.message(chat, "message to delete")
    is_own = message.author == call.bot.id
    too_old = call.world.clock.timestamp() - message.json["date"] > DELETABLE_SECONDS
    may_delete_all = not chat.is_private and chat.members[call.bot.id].may("can_delete_messages")
    if "forum_topic_created" in message.json or not (may_delete_all or is_own or chat.is_private):
        raise bad_request("message can't be deleted")
    if too_old and not may_delete_all:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    if chat.pinned == message.id:
        chat.pinned = None
    if call.world.listeners:
        event = {"type": "delete", "chat": chat.id, "message_id": message.id}
        call.world.notify(event, call.bot)
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message."""
    chat = call.writable_chat(None)
    message = call.message(chat, "message to pin")
    if not chat.is_private and not chat.members[call.bot.id].may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned = message.id
    pinned = {key: value for key, value in message.json.items() if key != "reply_to_message"}
    topic = message.json.get("message_thread_id")
    service_message = call.world.add_message(
        chat, call.bot, call.bot.id, {"pinned_message": pinned}, topic
    )
    if not chat.is_private:
        call.world.queue_service_message(chat, service_message.json, except_bot=call.bot.id)
    return True


def answer_callback_query(call: Call) -> bool:
    """Answer a callback query, with a toast or an alert if there is a text."""
    arguments = call.arguments
    text = arguments.text("text")
    if entities.utf16_length(text) > MAX_TOAST_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if url := arguments.text("url"):
        match = _START_LINK.fullmatch(url)
        if match is None or match[1].lower() != call.bot.username.lower():
            raise bad_request("URL_INVALID")
    query_id = arguments.text("callback_query_id")
    query = call.bot.open_query(query_id, call.world.clock.timestamp())
    if query is None:
        raise bad_request(QUERY_TOO_OLD)
    query.answered = True
    toast = {
        "callback_query_id": query_id,
        "text": text,
        "show_alert": arguments.flag("show_alert"),
    }
    if url:
        toast["url"] = url
    call.world.state.toasts.setdefault(query.person, []).append(toast)
    if call.world.listeners:
        call.world.notify({"type": "toast", "person": query.person} | toast, call.bot)
    return True


_MESSAGE = names("chat_id message_id reply_markup")
_REFUSED = names("business_connection_id inline_message_id")

METHODS = (
    Method(
        "editMessageText",
        edit_message_text,
        _MESSAGE | names("text parse_mode entities link_preview_options"),
        _REFUSED | names("rich_message"),
    ),
    Method(
        "editMessageCaption",
        edit_message_caption,
        _MESSAGE | names("caption parse_mode caption_entities show_caption_above_media"),
        _REFUSED,
    ),
    Method("editMessageReplyMarkup", edit_message_reply_markup, _MESSAGE, _REFUSED),
    Method("editMessageMedia", edit_message_media, _MESSAGE | names("media"), _REFUSED),
    Method("deleteMessage", delete_message, names("chat_id message_id")),
    Method(
        "pinChatMessage",
        pin_chat_message,
        names("chat_id message_id disable_notification"),
        names("business_connection_id"),
    ),
    Method(
        "answerCallbackQuery",
        answer_callback_query,
        names("callback_query_id text show_alert url cache_time"),
    ),
)
