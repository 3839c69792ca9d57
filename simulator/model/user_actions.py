"""What a person does in a chat, and which bots receive an update about it."""

import re

from simulator.errors import InvalidAction, Json
from simulator.model import bot_registry, entities, membership
from simulator.model.bots import QUERY_LIFETIME, UPDATE_LIFETIME, BotName
from simulator.model.chats import CAPTION_LENGTH, TEXT_LENGTH, Chat
from simulator.model.files import UploadKind, image_size, mime_type
from simulator.model.store import Store

_START = re.compile(r"/start(?:@\w+)? (\S+)")
_START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def text_content(typed_text: str, typed: bool) -> Json:
    """A text as fields of a Message.

    Args:
        typed_text: as the person entered it.
        typed: typed by hand; otherwise a start payload must be one that a link can carry.
    """
    text = typed_text.strip()
    if not text or entities.utf16_length(text) > TEXT_LENGTH:
        raise InvalidAction(f"a message has 1 to {TEXT_LENGTH} characters")
    if not typed:
        _check_start_payload(text)
    content: Json = {"text": text}
    if detected := entities.detected_entities(text):
        content["entities"] = detected
    return content


def _check_start_payload(text: str) -> None:
    """Refuse a start payload that no link can carry; several words after /start are a text."""
    match = _START.fullmatch(text)
    if match and not _START_PAYLOAD.fullmatch(match[1]):
        raise InvalidAction("a start payload has 1 to 64 of A-Za-z0-9_-")


def sticker_content(store: Store) -> Json:
    """A sticker as fields of a Message."""
    files = store.state.files
    return files.add(
        "sticker", "sticker.webp", "image/webp", b"a sticker", 512, 512
    ).message_content()


def file_content(
    store: Store, name: str, content: bytes, mime: str | None, kind: UploadKind, caption: str
) -> Json:
    """A document, photo or voice message as fields of a Message."""
    size = image_size(content) if kind == "photo" else None
    if kind == "photo" and size is None:
        raise InvalidAction("that is no picture")
    if entities.utf16_length(caption) > CAPTION_LENGTH:
        raise InvalidAction(f"a caption has at most {CAPTION_LENGTH} characters")
    sides = (size.width, size.height) if size else (0, 0)
    file = store.state.files.add(kind, name, mime_type(name, mime), content, *sides)
    message = file.message_content()
    if caption := caption.strip():
        message["caption"] = caption
        if detected := entities.detected_entities(caption):
            message["caption_entities"] = detected
    return message


def send(
    store: Store,
    from_: int,
    chat_id: int,
    content: Json,
    topic: int | None = None,
    reply_to: int | None = None,
    anonymous: bool = False,
    bot: BotName = None,
) -> int | None:
    """Send a person's message to a chat; the update's id, None when no bot receives it."""
    chat = visible_chat(store, from_, chat_id, bot)
    if chat.blocked:
        raise InvalidAction(f"{from_} blocked the bot and must unblock it first")
    if not chat.is_private:
        membership.check_may_send(chat, from_, content, topic, anonymous)
    elif topic is not None or anonymous:
        raise InvalidAction("topics and anonymity belong to groups")
    reply = None
    if reply_to is not None and (reply := chat.message(reply_to)) is None:
        raise InvalidAction(f"no message {reply_to} to reply to")
    if topic is not None and reply is None:
        reply = chat.message(topic)
    chat.known = True
    receiver = bot_registry.named(store, bot) if chat.is_private else None
    message = store.add_message(chat, receiver, from_, content, topic, reply, anonymous)
    return _queue_message(store, chat, message.json, "message", bot)


def edit(
    store: Store, from_: int, chat_id: int, message_id: int, text: str, bot: BotName
) -> int | None:
    """Edit a text that the person wrote."""
    chat = visible_chat(store, from_, chat_id, bot)
    message = chat.message(message_id)
    if message is None or message.author != from_ or "text" not in message.json:
        raise InvalidAction(f"message {message_id} is not theirs to edit")
    edited = {key: value for key, value in message.json.items() if key != "entities"}
    edited["edit_date"] = int(store.clock.timestamp())
    edited |= text_content(text, typed=True)
    receiver = bot_registry.named(store, bot) if chat.is_private else None
    store.edit_message(chat, message, edited, receiver)
    return _queue_message(store, chat, edited, "edited_message", bot)


def tap(
    store: Store, from_: int, chat_id: int, message_id: int, data: str, bot: BotName
) -> int | None:
    """Tap a button of a bot's message."""
    person = store.active_person(from_)
    chat = visible_chat(store, from_, chat_id, bot)
    message = chat.message(message_id)
    author = store.state.bots.get(message.author) if message else None
    if message is None or author is None:
        raise InvalidAction(f"{from_} sees no message {message_id} of a bot")
    tapped = message.json
    if message.inaccessible:
        tapped = {"chat": tapped["chat"], "message_id": message_id, "date": 0}
    elif (reply := tapped.get("reply_to_message")) is not None:
        tapped = _with_current_reply(chat, tapped, reply["message_id"])
    query = {
        "id": author.add_query(from_, store.clock.timestamp()),
        "from": person.user(),
        "message": tapped,
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    return store.queue_update(author, "callback_query", query, QUERY_LIFETIME, f"query {from_}")


def _with_current_reply(chat: Chat, tapped: Json, replied: int) -> Json:
    """The message with what it replies to as that is now: edited, or gone."""
    now = chat.message(replied)
    rest = {key: value for key, value in tapped.items() if key != "reply_to_message"}
    if now is None or now.inaccessible:
        return rest
    shown = {key: value for key, value in now.json.items() if key != "reply_to_message"}
    return {**rest, "reply_to_message": shown}


def visible_chat(store: Store, from_: int, chat_id: int, bot: BotName) -> Chat:
    """The chat.

    Raises:
        InvalidAction: the person cannot see it.
    """
    person = store.active_person(from_)
    if chat_id > 0:
        if chat_id != from_:
            raise InvalidAction("a private chat has the id of the person who writes")
        return store.private_chat(bot_registry.named(store, bot), person)
    chat = store.group(chat_id)
    if not chat.has_member(from_):
        raise InvalidAction(f"{from_} is not in {chat_id}")
    if chat.migrated_to is not None:
        raise InvalidAction(f"the group lives on as {chat.migrated_to}")
    return chat


def _queue_message(store: Store, chat: Chat, message: Json, kind: str, name: BotName) -> int | None:
    """Queue a person's message for the bots that may read it.

    Returns:
        The update's id for the named bot, otherwise of the first bot that receives it.
    """
    queue = f"chat {chat.id}"
    if chat.is_private:
        bot = bot_registry.named(store, name)
        return store.queue_update(bot, kind, message, UPDATE_LIFETIME, queue)
    update_ids: dict[int, int | None] = {}
    for bot in store.group_bots(chat):
        if membership.may_read(bot, chat, message):
            update_ids[bot.id] = store.queue_update(bot, kind, message, UPDATE_LIFETIME, queue)
    if name is not None:
        return update_ids.get(bot_registry.named(store, name).id)
    return next((update_id for update_id in update_ids.values() if update_id is not None), None)
