"""Who is in a group and as what, and which of its messages a bot may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.arguments import Json
from simulator.bots import UPDATE_LIFE, Bot
from simulator.chats import SUPERGROUPS_BELOW, Chat, Message, Topic
from simulator.people import ADMINISTRATOR_RIGHTS, ANONYMOUS, PERMISSIONS, Member, Person
from simulator.refusal import Refused

if TYPE_CHECKING:
    from simulator.world import World

_PERMISSION_OF = {
    "text": "can_send_messages",
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "sticker": "can_send_other_messages",
}


def found(world: World, chat_id: int, title: str, members: Iterable[int]) -> Chat:
    """Open a group; its first member owns it, every bot joins."""
    if chat_id >= 0:
        raise Refused("a group's id is negative")
    if chat_id in world.state.groups:
        raise Refused(f"there is a group {chat_id}")
    chat = Chat(chat_id, "supergroup" if chat_id < SUPERGROUPS_BELOW else "group", title)
    chat.redraw()
    people = [member for member in members if member not in world.state.bots]
    for member in people:
        if member not in world.state.people:
            world.person(member)
        chat.members[member] = Member(member, "member" if chat.members else "creator")
    world.state.groups[chat_id] = chat
    chat.waits_for_bot = not world.state.bots
    for bot in list(world.state.bots.values()):
        add(world, chat, bot.id)
    return chat


def let_in(world: World, bot: Bot) -> None:
    """Add the first bot to the groups that were made before there was any."""
    for chat in world.state.groups.values():
        if chat.waits_for_bot:
            chat.waits_for_bot = False
            add(world, chat, bot.id)


def bots_of(world: World, chat: Chat) -> Iterator[Bot]:
    """The bots that are in a group."""
    return (bot for bot in world.state.bots.values() if chat.has_in(bot.id))


def add(world: World, chat: Chat, who: int, by: int | None = None) -> int | None:
    """Add a person or bot to a group."""
    if who not in world.state.bots and who not in world.state.people:
        world.person(who)
    if chat.has_in(who):
        raise Refused(f"{who} is in {chat.id} already")
    update_id = _become(world, chat, Member(who), by)
    _note(world, chat, by, {"new_chat_members": [world.user(who)]})
    return update_id


def kick(world: World, chat: Chat, who: int, by: int | None = None) -> int | None:
    """Remove somebody from a group."""
    if (member := chat.member(who)) is None or not member.is_in or member.status == "creator":
        raise Refused(f"{who} cannot be removed from {chat.id}")
    update_id = _become(world, chat, Member(who, "kicked"), by)
    _note(world, chat, by, {"left_chat_member": world.user(who)})
    return update_id


def leave(world: World, chat: Chat, who: int) -> int | None:
    """Go out of a group oneself."""
    update_id = _become(world, chat, Member(who, "left"), who)
    _note(world, chat, who, {"left_chat_member": world.user(who)})
    return update_id


def promote(
    world: World, chat: Chat, who: int, rights: Iterable[str] | None, by: int | None = None
) -> int | None:
    """Make a member administrator."""
    member = chat.member(who)
    if member is None or not member.is_in:
        raise Refused(f"{who} is not in {chat.id}")
    if member.status == "creator":
        return None
    given = _known(ADMINISTRATOR_RIGHTS if rights is None else rights, ADMINISTRATOR_RIGHTS)
    return _become(world, chat, Member(who, "administrator", given | {"can_manage_chat"}), by)


def restrict(
    world: World, chat: Chat, who: int, allowed: Iterable[str], by: int | None = None
) -> int | None:
    """Take permissions from a member of a supergroup."""
    if chat.kind != "supergroup":
        raise Refused("members can be restricted in supergroups only")
    member = chat.member(who)
    if member is None or not member.is_in or member.status == "creator":
        raise Refused(f"{who} cannot be restricted in {chat.id}")
    kept = _known(allowed, PERMISSIONS)
    return _become(world, chat, Member(who, "restricted", kept), by)


def _known(named: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """Rights by their names in the Bot API; an unknown one is refused."""
    given = frozenset(named)
    if unknown := given - set(known):
        raise Refused(f"no such right: {', '.join(sorted(unknown))}")
    return given


def migrate(world: World, chat: Chat) -> int:
    """Turn a group into a supergroup; messages stay behind, members move."""
    if chat.kind != "group" or chat.migrated_to is not None:
        raise Refused(f"{chat.id} is no group that could become a supergroup")
    new_id = SUPERGROUPS_BELOW - abs(chat.id)
    new = Chat(new_id, "supergroup", chat.title)
    new.redraw()
    new.members = {who: replace(member) for who, member in chat.members.items()}
    world.state.groups[new_id] = new
    _note(world, chat, None, {"migrate_to_chat_id": new_id})
    chat.migrated_to = new_id
    _note(world, new, None, {"migrate_from_chat_id": chat.id})
    return new_id


def topic(world: World, chat: Chat, topic_id: int, deleted: bool, name: str = "") -> None:
    """Open a topic, or delete one with its messages."""
    if chat.kind != "supergroup":
        raise Refused("topics belong to supergroups")
    existing = chat.topics.get(topic_id)
    if deleted:
        if existing is None:
            raise Refused(f"no topic {topic_id}")
        existing.deleted = True
        for message in chat.messages.values():
            if message.shown.get("message_thread_id") == topic_id:
                message.deleted = True
        return
    if existing is not None:
        raise Refused(f"there was a topic {topic_id} before" if existing.deleted
                      else f"there is a topic {topic_id}")  # fmt: skip
    name = name or f"Topik {topic_id}"
    chat.topics[topic_id] = Topic(topic_id, name)
    chat.redraw()
    if topic_id <= chat.last_message_id:
        return  # another message has the number, so the note that opens a topic is left out
    chat.last_message_id = topic_id - 1
    created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    _note(world, chat, None, created, topic_id)


def block(world: World, bot: Bot, person: Person, blocked: bool) -> int | None:
    """Block a bot in the private chat, or unblock it."""
    chat = world.private(bot, person)
    if chat.blocked == blocked:
        return None
    chat.blocked = blocked
    banned, member = Member(bot.id, "kicked"), Member(bot.id, "member")
    old, new = (member, banned) if blocked else (banned, member)
    change = _change(world, chat, person.user(), old, new)
    return world.put(bot, "my_chat_member", change, UPDATE_LIFE, f"member {chat.id}")


def reads(bot: Bot, chat: Chat, shown: Json) -> bool:
    """Whether privacy mode, on as by default, lets a bot read what a person wrote in a group."""
    member = chat.member(bot.id)
    if member is not None and member.is_administrator:
        return True
    reply = shown.get("reply_to_message")
    if reply is not None and reply["from"]["id"] == bot.id:
        return True
    for entity in shown.get("entities", ()):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            _, _, name = shown["text"][: entity["length"]].partition("@")
            return name.lower() == bot.username.lower() if name else chat.last_bot == bot.id
    return False


def check_may_write(
    chat: Chat, who: int, content: Json, topic_id: int | None, anonymous: bool
) -> None:
    """Refuse what a member of a group cannot do."""
    member = chat.members[who]
    kind = next(kind for kind in _PERMISSION_OF if kind in content)
    if not member.may_send(_PERMISSION_OF[kind]):
        raise Refused(f"{who} may not write that in {chat.id}")
    if anonymous and not member.is_administrator:
        raise Refused("only administrators write anonymously")
    if topic_id is not None and (topic_id not in chat.topics or chat.topics[topic_id].deleted):
        raise Refused(f"no topic {topic_id}")


def _become(world: World, chat: Chat, new: Member, by: int | None) -> int | None:
    """Change what somebody is; the update of the first bot that is told."""
    old = chat.member(new.user_id) or Member(new.user_id, "left")
    chat.members[new.user_id] = new
    change = _change(world, chat, _author(world, chat, by), old, new)
    if world.listeners:
        world.tell({"type": "member", "chat": chat.id, "change": change})
    lane = f"member {chat.id}"
    if bot := world.state.bots.get(new.user_id):
        return world.put(bot, "my_chat_member", change, UPDATE_LIFE, lane)
    told = [
        world.put(bot, "chat_member", change, UPDATE_LIFE, lane)
        for bot in bots_of(world, chat)
        if chat.members[bot.id].is_administrator
    ]
    return next((update_id for update_id in told if update_id is not None), None)


def _change(world: World, chat: Chat, author: Json, old: Member, new: Member) -> Json:
    user = world.user(new.user_id)
    return {
        "chat": chat.face,
        "from": author,
        "date": int(world.clock.timestamp()),
        "old_chat_member": old.shown(user),
        "new_chat_member": new.shown(user),
    }


def _owner(chat: Chat) -> int:
    return next(
        (member.user_id for member in chat.members.values() if member.status == "creator"),
        int(ANONYMOUS["id"]),
    )


def _author(world: World, chat: Chat, by: int | None) -> Json:
    return world.user(_owner(chat) if by is None else by)


def _note(
    world: World, chat: Chat, by: int | None, content: Json, topic_id: int | None = None
) -> Message:
    """A service message, which every bot in the group reads."""
    author = _owner(chat) if by is None else by
    message = world.post(chat, None, author, content, topic_id)
    world.announce(chat, message.shown, but=author)
    return message
