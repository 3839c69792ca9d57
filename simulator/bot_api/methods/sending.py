"""New messages: text, photo and document; and chat actions such as "typing"."""

from typing import Any

from simulator.bot_api import keyboards
from simulator.bot_api.arguments import Arguments
from simulator.bot_api.methods.call import Call, Method, names
from simulator.errors import ApiError, Json, bad_request
from simulator.model import entities, files
from simulator.model.chats import CAPTION_LENGTH, TEXT_LENGTH, Chat, Message
from simulator.model.files import image_size

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
_PREVIEW_OPTIONS = {
    "is_disabled": bool,
    "url": str,
    "prefer_small_media": bool,
    "prefer_large_media": bool,
    "show_above_text": bool,
}


def text_content(call: Call) -> Json:
    """The text of a message, with its entities, as fields of a Message."""
    arguments = call.arguments
    if not arguments.text("text"):
        raise bad_request("message text is empty")
    given = arguments.structure("entities", "can't parse entities JSON object")
    plain, parsed = entities.parse_text(
        arguments.text("text"), arguments.text("parse_mode"), given, call.mentioned
    )
    if not plain:
        raise bad_request("text must be non-empty")
    if entities.utf16_length(plain) > TEXT_LENGTH:
        raise bad_request("message is too long")
    content: Json = {"text": plain}
    if parsed:
        content["entities"] = parsed
    if preview := _link_preview(arguments):
        content["link_preview_options"] = preview
    return content


def _link_preview(arguments: Arguments) -> Json:
    """The given options of the link preview; empty when there is none."""
    problem = "can't parse link preview options JSON object"
    given = arguments.structure("link_preview_options", problem)
    if given is None:
        given = {"is_disabled": arguments.flag("disable_web_page_preview")}
    if not isinstance(given, dict):
        raise bad_request("object expected as link preview options")
    for name, kind in _PREVIEW_OPTIONS.items():
        if name in given and not isinstance(given[name], kind):
            shown = "String" if kind is str else "Boolean"
            raise bad_request(f'field "{name}" must be of type {shown}')
    return {name: given[name] for name in _PREVIEW_OPTIONS if given.get(name)}


def caption_content(call: Call, text: str, parse_mode: str, given: Any) -> Json:
    """A caption with its entities, as fields of a Message; empty when there is none."""
    plain, parsed = entities.parse_text(text, parse_mode, given, call.mentioned)
    if entities.utf16_length(plain) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    content: Json = {"caption": plain} if plain else {}
    if parsed:
        content["caption_entities"] = parsed
    return content


def media_file(call: Call, kind: files.FileKind, name: str) -> files.File:
    """The photo or document of an argument: uploaded, or sent before and named by its id."""
    arguments = call.arguments
    upload = arguments.upload(name)
    if upload is None:
        value = arguments.text(name)
        if not value or value.startswith("attach://"):
            raise bad_request(f"there is no {kind} in the request")
        return _sent_file(call, kind, value)
    content = upload.content
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > files.MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    sides = (0, 0)
    if kind == "photo":
        sides = _photo_sides(upload.name, content)
    return call.world.state.files.add(kind, upload.name, upload.mime, content, *sides)


def _sent_file(call: Call, kind: files.FileKind, value: str) -> files.File:
    if "://" in value:
        raise bad_request("failed to get HTTP URL content")
    file = call.world.state.files.by_id.get(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


def _photo_sides(name: str, content: bytes) -> tuple[int, int]:
    if len(content) > files.MAX_PHOTO_BYTES:
        raise bad_request(f'file "{name}" of size {len(content)} bytes is too big for a photo')
    size = image_size(content)
    if size is None or min(size.width, size.height) == 0:
        raise bad_request("IMAGE_PROCESS_FAILED")
    longer, shorter = max(size.width, size.height), min(size.width, size.height)
    if longer + shorter > files.MAX_PHOTO_SIDES or longer > files.MAX_PHOTO_RATIO * shorter:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size.width, size.height


def send_message(call: Call) -> Json:
    """Send a text."""
    return _send(call, text_content(call), "can_send_messages")


def send_photo(call: Call) -> Json:
    """Send a photo with a caption."""
    return _send_file(call, "photo", "can_send_photos")


def send_document(call: Call) -> Json:
    """Send a file with a caption."""
    return _send_file(call, "document", "can_send_documents")


def _send_file(call: Call, kind: files.FileKind, permission: str) -> Json:
    arguments = call.arguments
    given = arguments.structure("caption_entities", "can't parse entities JSON object")
    caption = caption_content(call, arguments.text("caption"), arguments.text("parse_mode"), given)
    call.writable_chat(permission)
    content = media_file(call, kind, kind).message_content() | caption
    if arguments.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if arguments.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return _send(call, content, permission)


def _send(call: Call, content: Json, permission: str) -> Json:
    chat = call.writable_chat(permission)
    markup = keyboards.reply_markup(call.arguments, chat.is_private)
    topic = call.thread(chat)
    reply = _reply(call, chat)
    if call.arguments.flag("protect_content"):
        content["has_protected_content"] = True
    call.check_rate_limit(chat)
    if markup is not None:
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        else:
            chat.keyboard = None if "remove_keyboard" in markup else markup
    message = call.world.add_message(chat, call.bot, call.bot.id, content, topic, reply)
    return message.json


def _reply(call: Call, chat: Chat) -> Message | None:
    arguments = call.arguments
    reply = arguments.structure("reply_parameters", "can't parse reply parameters JSON object")
    if reply is None:
        reply = {
            "message_id": arguments.integer("reply_to_message_id"),
            "allow_sending_without_reply": arguments.flag("allow_sending_without_reply"),
        }
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    number = reply.get("message_id")
    if not number:
        return None
    if type(number) is not int:
        raise bad_request('field "message_id" must be of type Integer')
    in_other_chat = reply.get("chat_id") not in (None, chat.id, str(chat.id))
    message = None if in_other_chat else chat.message(number)
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def send_chat_action(call: Call) -> bool:
    """Show for a moment that the bot is busy."""
    chat = call.writable_chat(None)
    action = call.arguments.text("action")
    if not action:
        raise bad_request('parameter "action" is required')
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.thread(chat)
    if call.world.listeners:
        call.world.notify({"type": "action", "chat": chat.id, "action": action}, call.bot)
    return True


_COMMON = names("chat_id message_thread_id disable_notification protect_content",
                "reply_parameters reply_markup parse_mode")  # fmt: skip
_REFUSED = names("business_connection_id direct_messages_topic_id allow_paid_broadcast",
                 "message_effect_id suggested_post_parameters")  # fmt: skip
_CAPTION = names("caption caption_entities")

METHODS = (
    Method(
        "sendMessage",
        send_message,
        _COMMON | names("text entities link_preview_options"),
        _REFUSED,
    ),
    Method(
        "sendPhoto",
        send_photo,
        _COMMON | _CAPTION | names("photo show_caption_above_media has_spoiler"),
        _REFUSED,
    ),
    Method(
        "sendDocument",
        send_document,
        _COMMON | _CAPTION | names("document disable_content_type_detection"),
        _REFUSED | names("thumbnail"),
    ),
    Method(
        "sendChatAction",
        send_chat_action,
        names("chat_id message_thread_id action"),
        names("business_connection_id"),
    ),
)
