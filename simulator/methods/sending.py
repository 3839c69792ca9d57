"""New messages: text, photo, document, and the sign that something is being written."""

from typing import Any

from simulator import entities, files, keyboard
from simulator.arguments import Json
from simulator.chats import CAPTION_LENGTH, TEXT_LENGTH, Chat, Message
from simulator.image import size_of
from simulator.methods.call import Call, Method, names
from simulator.refusal import Refusal, bad_request

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def text_of(call: Call) -> Json:
    """The text of a message, with its entities, as fields of a Message."""
    arguments = call.arguments
    if not arguments.text("text"):
        raise bad_request("message text is empty")
    given = arguments.structure("entities", "can't parse entities JSON object")
    plain, marked = entities.formatted(arguments.text("text"), arguments.text("parse_mode"), given)
    if not plain:
        raise bad_request("text must be non-empty")
    if entities.utf16_length(plain) > TEXT_LENGTH:
        raise bad_request("message is too long")
    content: Json = {"text": plain}
    if marked:
        content["entities"] = marked
    preview = arguments.structure("link_preview_options", "can't parse link preview options")
    if isinstance(preview, dict) and preview.get("is_disabled"):
        content["link_preview_options"] = {"is_disabled": True}
    return content


def caption_of(text: str, parse_mode: str, given: Any) -> Json:
    """A caption with its entities, as fields of a Message; empty when there is none."""
    plain, marked = entities.formatted(text, parse_mode, given)
    if entities.utf16_length(plain) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    content: Json = {"caption": plain} if plain else {}
    if marked:
        content["caption_entities"] = marked
    return content


def media_of(call: Call, kind: files.Kind, name: str) -> files.File:
    """The photo or document an argument brings: uploaded, or known by its identifier."""
    arguments = call.arguments
    upload = arguments.upload(name)
    if upload is None:
        value = arguments.text(name)
        if not value or value.startswith("attach://"):
            raise bad_request(f"there is no {kind} in the request")
        return _known(call, kind, value)
    content = upload.content
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > files.UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    sides = (0, 0)
    if kind == "photo":
        sides = _photo_sides(upload.name, content)
    return call.world.state.shelf.keep(kind, upload.name, upload.mime, content, *sides)


def _known(call: Call, kind: files.Kind, value: str) -> files.File:
    if "://" in value:
        raise bad_request("failed to get HTTP URL content")
    file = call.world.state.shelf.by_id.get(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


def _photo_sides(name: str, content: bytes) -> tuple[int, int]:
    if len(content) > files.PHOTO_BYTES:
        raise bad_request(f'file "{name}" of size {len(content)} bytes is too big for a photo')
    size = size_of(content)
    if size is None or min(size.width, size.height) == 0:
        raise bad_request("IMAGE_PROCESS_FAILED")
    longer, shorter = max(size.width, size.height), min(size.width, size.height)
    if longer + shorter > files.PHOTO_SIDES or longer > files.PHOTO_RATIO * shorter:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size.width, size.height


def send_message(call: Call) -> Json:
    """Send a text."""
    return _send(call, text_of(call), "can_send_messages")


def send_photo(call: Call) -> Json:
    """Send a photo with a caption."""
    return _send_file(call, "photo", "can_send_photos")


def send_document(call: Call) -> Json:
    """Send a file with a caption."""
    return _send_file(call, "document", "can_send_documents")


def _send_file(call: Call, kind: files.Kind, permission: str) -> Json:
    arguments = call.arguments
    given = arguments.structure("caption_entities", "can't parse entities JSON object")
    caption = caption_of(arguments.text("caption"), arguments.text("parse_mode"), given)
    call.writable(permission)
    content = media_of(call, kind, kind).attachment() | caption
    if arguments.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if arguments.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return _send(call, content, permission)


def _send(call: Call, content: Json, permission: str) -> Json:
    chat = call.writable(permission)
    markup = keyboard.of(call.arguments, chat.is_private)
    topic = call.thread(chat)
    reply = _reply(call, chat)
    if call.arguments.flag("protect_content"):
        content["has_protected_content"] = True
    call.pace(chat)
    if markup is not None:
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        else:
            chat.keyboard = None if "remove_keyboard" in markup else markup
    message = call.world.post(chat, call.bot, call.bot.id, content, topic, reply)
    return message.shown


def _reply(call: Call, chat: Chat) -> Message | None:
    arguments = call.arguments
    asked = arguments.structure("reply_parameters", "can't parse reply parameters JSON object")
    if asked is None:
        asked = {
            "message_id": arguments.integer("reply_to_message_id"),
            "allow_sending_without_reply": arguments.flag("allow_sending_without_reply"),
        }
    if not isinstance(asked, dict):
        raise bad_request("object expected as reply parameters")
    number = asked.get("message_id")
    if not number:
        return None
    if type(number) is not int:
        raise bad_request('field "message_id" must be of type Integer')
    elsewhere = asked.get("chat_id") not in (None, chat.id, str(chat.id))
    message = None if elsewhere else chat.message(number)
    if message is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy, until its next message."""
    chat = call.writable(None)
    action = call.arguments.text("action")
    if not action:
        raise bad_request('parameter "action" is required')
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.thread(chat)
    if call.world.listeners:
        call.world.tell({"type": "action", "chat": chat.id, "action": action}, call.bot)
    return True


_COMMON = names("chat_id message_thread_id disable_notification protect_content",
                "reply_parameters reply_markup parse_mode")  # fmt: skip
_UNKNOWN = names("business_connection_id direct_messages_topic_id allow_paid_broadcast",
                 "message_effect_id suggested_post_parameters")  # fmt: skip
_CAPTION = names("caption caption_entities")

METHODS = (
    Method(
        "sendMessage",
        send_message,
        _COMMON | names("text entities link_preview_options"),
        _UNKNOWN,
    ),
    Method(
        "sendPhoto",
        send_photo,
        _COMMON | _CAPTION | names("photo show_caption_above_media has_spoiler"),
        _UNKNOWN,
    ),
    Method(
        "sendDocument",
        send_document,
        _COMMON | _CAPTION | names("document disable_content_type_detection"),
        _UNKNOWN | names("thumbnail"),
    ),
    Method(
        "sendChatAction",
        send_chat_action,
        names("chat_id message_thread_id action"),
        names("business_connection_id"),
    ),
)
