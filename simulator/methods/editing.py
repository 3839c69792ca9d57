"""Messages that change: text, media, keyboard, deletion, pins, and answers to taps."""

import re
from typing import Any

from simulator import entities, keyboard
from simulator.arguments import Arguments, Json
from simulator.chats import Chat, Message
from simulator.methods.call import Call, Method, names
from simulator.methods.sending import caption_of, media_of, text_of
from simulator.refusal import NOT_MODIFIED, QUERY_TOO_OLD, bad_request

TOAST_LENGTH = 200
DELETABLE = 48 * 60 * 60
_TEXT = ("text", "entities", "link_preview_options")
_MEDIA = ("photo", "document", "caption", "caption_entities", "show_caption_above_media",
          "has_media_spoiler")  # fmt: skip
_COMPARED = (*_TEXT, *_MEDIA, "reply_markup")
_ADDRESS = re.compile(r"https://t\.me/(\w+)\?start=[A-Za-z0-9_-]{0,64}")


def edit_message_text(call: Call) -> Json:
    """Show another text and keyboard; without a keyboard the old one goes."""
    content = text_of(call)
    chat, message = _own(call)
    if "text" not in message.shown:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, chat, message, content)


def edit_message_caption(call: Call) -> Json:
    """Show another caption and keyboard."""
    arguments = call.arguments
    given = arguments.structure("caption_entities", "can't parse entities JSON object")
    caption = caption_of(arguments.text("caption"), arguments.text("parse_mode"), given)
    chat, message = _own(call)
    if not ("photo" in message.shown or "document" in message.shown):
        raise bad_request("there is no caption in the message to edit")
    kept = {key: message.shown[key] for key in ("photo", "document") if key in message.shown}
    if arguments.flag("show_caption_above_media"):
        caption["show_caption_above_media"] = True
    return _replace(call, chat, message, kept | caption)


def edit_message_reply_markup(call: Call) -> Json:
    """Show another keyboard, or none."""
    chat, message = _own(call)
    kept = {key: message.shown[key] for key in (*_TEXT, *_MEDIA) if key in message.shown}
    return _replace(call, chat, message, kept)


def edit_message_media(call: Call) -> Json:
    """Show another photo or document, in place of a text too."""
    media = call.arguments.structure("media", "can't parse media JSON object")
    if not isinstance(media, dict):
        raise bad_request("media must be specified" if not media else "media must be an Object")
    chat, message = _own(call)
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise bad_request("the simulator knows media of type photo and document only")
    values = {kind: media.get("media")}
    inner = Call(call.world, call.bot, Arguments(values, call.arguments.files))
    caption = caption_of(
        str(media.get("caption") or ""),
        str(media.get("parse_mode") or ""),
        media.get("caption_entities"),
    )
    content = media_of(inner, kind, kind).attachment() | caption
    if media.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if media.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return _replace(call, chat, message, content)


def _own(call: Call) -> tuple[Chat, Message]:
    chat = call.writable(None)
    message = call.message(chat, "message to edit")
    if message.author != call.bot.id or not any(key in message.shown for key in _COMPARED):
        raise bad_request("message can't be edited")
    return chat, message


def _replace(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    markup = keyboard.inline(call.arguments, chat.is_private)
    if markup is not None:
        content["reply_markup"] = markup
    old = message.shown
    call.pace(chat)
    if all(_same(old.get(key), content.get(key)) for key in _COMPARED):
        raise bad_request(NOT_MODIFIED)
    shown = {key: value for key, value in old.items() if key not in _COMPARED}
    shown["edit_date"] = int(call.world.clock.timestamp())
    shown |= content
    call.world.change(chat, message, shown, call.bot)
    return shown


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list) and old and "file_unique_id" in old[0]:
        return bool(old[0]["file_unique_id"] == new[0]["file_unique_id"])
    if isinstance(old, dict) and isinstance(new, dict) and "file_unique_id" in old:
        return bool(old["file_unique_id"] == new["file_unique_id"])
    return bool(old == new)


def delete_message(call: Call) -> bool:
    """Take a message out of the chat."""
    chat = call.writable(None)
    message = call.message(chat, "message to delete")
    mine = message.author == call.bot.id
    too_old = call.world.clock.timestamp() - message.shown["date"] > DELETABLE
    rules = not chat.is_private and chat.members[call.bot.id].may("can_delete_messages")
    if "forum_topic_created" in message.shown or not (rules or mine or chat.is_private):
        raise bad_request("message can't be deleted")
    if too_old and not rules:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    if chat.pinned == message.id:
        chat.pinned = None
    if call.world.listeners:
        event = {"type": "delete", "chat": chat.id, "message_id": message.id}
        call.world.tell(event, call.bot)
    return True


def pin_chat_message(call: Call) -> bool:
    """Put a message at the top of the chat."""
    chat = call.writable(None)
    message = call.message(chat, "message to pin")
    if not chat.is_private and not chat.members[call.bot.id].may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned = message.id
    pinned = {key: value for key, value in message.shown.items() if key != "reply_to_message"}
    topic = message.shown.get("message_thread_id")
    note = call.world.post(chat, call.bot, call.bot.id, {"pinned_message": pinned}, topic)
    if not chat.is_private:
        call.world.announce(chat, note.shown, but=call.bot.id)
    return True


def answer_callback_query(call: Call) -> bool:
    """Answer a tap, with a toast or an alert if there is a text."""
    arguments = call.arguments
    text = arguments.text("text")
    if entities.utf16_length(text) > TOAST_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if url := arguments.text("url"):
        found = _ADDRESS.fullmatch(url)
        if found is None or found[1].lower() != call.bot.username.lower():
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
        call.world.tell({"type": "toast", "person": query.person} | toast, call.bot)
    return True


_MESSAGE = names("chat_id message_id reply_markup")
_UNKNOWN = names("business_connection_id inline_message_id")

METHODS = (
    Method(
        "editMessageText",
        edit_message_text,
        _MESSAGE | names("text parse_mode entities link_preview_options"),
        _UNKNOWN | names("rich_message"),
    ),
    Method(
        "editMessageCaption",
        edit_message_caption,
        _MESSAGE | names("caption parse_mode caption_entities show_caption_above_media"),
        _UNKNOWN,
    ),
    Method("editMessageReplyMarkup", edit_message_reply_markup, _MESSAGE, _UNKNOWN),
    Method("editMessageMedia", edit_message_media, _MESSAGE | names("media"), _UNKNOWN),
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
