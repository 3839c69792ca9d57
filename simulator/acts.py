"""What a person does in a chat, and which bots hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import entities, membership
from simulator.arguments import Json
from simulator.bots import QUERY_LIFE, UPDATE_LIFE, BotName
from simulator.chats import CAPTION_LENGTH, TEXT_LENGTH, Chat
from simulator.files import UploadKind, mime_of
from simulator.image import size_of
from simulator.payload import check_start
from simulator.refusal import Refused

if TYPE_CHECKING:
    from simulator.world import World


def text(typed_text: str, typed: bool) -> Json:
    """A text as fields of a Message.

    Args:
        typed_text: as the person entered it.
        typed: by hand, so that a start payload no link can carry may pass.
    """
    shown = typed_text.strip()
    if not shown or entities.utf16_length(shown) > TEXT_LENGTH:
        raise Refused(f"a message has 1 to {TEXT_LENGTH} characters")
    if not typed:
        check_start(shown)
    content: Json = {"text": shown}
    if marked := entities.automatic(shown):
        content["entities"] = marked
    return content


def sticker(world: World) -> Json:
    """A sticker as fields of a Message."""
    content = b"a sticker"
    shelf = world.state.shelf
    return shelf.keep("sticker", "sticker.webp", "image/webp", content, 512, 512).attachment()


def file(
    world: World, name: str, content: bytes, mime: str | None, kind: UploadKind, caption: str
) -> Json:
    """A document, photo or voice message as fields of a Message."""
    size = size_of(content) if kind == "photo" else None
    if kind == "photo" and size is None:
        raise Refused("that is no picture")
    if entities.utf16_length(caption) > CAPTION_LENGTH:
        raise Refused(f"a caption has at most {CAPTION_LENGTH} characters")
    sides = (size.width, size.height) if size else (0, 0)
    shelf = world.state.shelf
    shown = shelf.keep(kind, name, mime_of(name, mime), content, *sides).attachment()
    if caption := caption.strip():
        shown["caption"] = caption
        if marked := entities.automatic(caption):
            shown["caption_entities"] = marked
    return shown


def write(
    world: World,
    from_: int,
    chat: int,
    content: Json,
    topic: int | None = None,
    reply_to: int | None = None,
    anonymous: bool = False,
    bot: BotName = None,
) -> int | None:
    """Put a person's message into a chat; the update's id, None when no bot reads it."""
    place = seen(world, from_, chat, bot)
    if place.blocked:
        raise Refused(f"{from_} blocked the bot and must unblock it first")
    if not place.is_private:
        membership.check_may_write(place, from_, content, topic, anonymous)
    elif topic is not None or anonymous:
        raise Refused("topics and anonymity belong to groups")
    reply = None
    if reply_to is not None and (reply := place.message(reply_to)) is None:
        raise Refused(f"no message {reply_to} to reply to")
    if topic is not None and reply is None:
        reply = place.message(topic)
    place.known = True
    named = world.bot(bot) if place.is_private else None
    message = world.post(place, named, from_, content, topic, reply, anonymous)
    return _announce(world, place, message.shown, "message", bot)


def edit(
    world: World, from_: int, chat: int, message_id: int, new_text: str, bot: BotName
) -> int | None:
    """Change a text one wrote oneself."""
    place = seen(world, from_, chat, bot)
    message = place.message(message_id)
    if message is None or message.author != from_ or "text" not in message.shown:
        raise Refused(f"message {message_id} is not theirs to edit")
    shown = {key: value for key, value in message.shown.items() if key != "entities"}
    shown["edit_date"] = int(world.clock.timestamp())
    shown |= text(new_text, typed=True)
    world.change(place, message, shown, world.bot(bot) if place.is_private else None)
    return _announce(world, place, shown, "edited_message", bot)


def tap(
    world: World, from_: int, chat: int, message_id: int, data: str, bot: BotName
) -> int | None:
    """Tap a button of a bot's message."""
    person = world.somebody(from_)
    place = seen(world, from_, chat, bot)
    message = place.message(message_id)
    author = world.state.bots.get(message.author) if message else None
    if message is None or author is None:
        raise Refused(f"{from_} sees no message {message_id} of a bot")
    shown = message.shown
    if message.forgotten:
        shown = {"chat": shown["chat"], "message_id": message_id, "date": 0}
    query = {
        "id": author.ask(from_, world.clock.timestamp()),
        "from": person.user(),
        "message": shown,
        "chat_instance": str(abs(place.id) * 7919),
        "data": data,
    }
    return world.put(author, "callback_query", query, QUERY_LIFE, f"query {from_}")


def seen(world: World, from_: int, chat: int, bot: BotName) -> Chat:
    """The chat, when the person sees it."""
    person = world.somebody(from_)
    if chat > 0:
        if chat != from_:
            raise Refused("a private chat has the id of the person who writes")
        return world.private(world.bot(bot), person)
    place = world.chat(chat)
    if not place.has_in(from_):
        raise Refused(f"{from_} is not in {chat}")
    if place.migrated_to is not None:
        raise Refused(f"the group lives on as {place.migrated_to}")
    return place


def _announce(world: World, chat: Chat, shown: Json, kind: str, name: BotName) -> int | None:
    """Deliver what a person wrote to the bots that may read it."""
    lane = f"chat {chat.id}"
    if chat.is_private:
        return world.put(world.bot(name), kind, shown, UPDATE_LIFE, lane)
    found: dict[int, int | None] = {}
    for bot in membership.bots_of(world, chat):
        if membership.reads(bot, chat, shown):
            found[bot.id] = world.put(bot, kind, shown, UPDATE_LIFE, lane)
    if name is not None:
        return found.get(world.bot(name).id)
    return next((update_id for update_id in found.values() if update_id is not None), None)
