"""Groups: members and their status, topics, and which messages a bot may read."""

from collections.abc import Iterable
from dataclasses import replace

from simulator.errors import InvalidAction, Json
from simulator.model.bots import UPDATE_LIFETIME, Bot
from simulator.model.chats import SUPERGROUPS_BELOW, Chat, Topic
from simulator.model.people import ADMINISTRATOR_RIGHTS, ANONYMOUS, PERMISSIONS, Member, Person
from simulator.model.store import Store

_PERMISSION_OF_FIELD = {
    "text": "can_send_messages",
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "sticker": "can_send_other_messages",
}


def add_group(store: Store, chat_id: int, title: str, members: Iterable[int]) -> Chat:
    """Create a group; its first member is the owner, and every bot joins."""
    if chat_id >= 0:
        raise InvalidAction("a group's id is negative")
    if chat_id in store.state.groups:
        raise InvalidAction(f"there is a group {chat_id}")
    chat = Chat(chat_id, "supergroup" if chat_id < SUPERGROUPS_BELOW else "group", title)
    chat.refresh_json()
    people = [member for member in members if member not in store.state.bots]
    for member in people:
        if member not in store.state.people:
            store.add_person(member)
        chat.members[member] = Member(member, "member" if chat.members else "creator")
    store.state.groups[chat_id] = chat
    chat.waits_for_bot = not store.state.bots
    for bot in list(store.state.bots.values()):
        add(store, chat, bot.id)
    return chat


def join_waiting_groups(store: Store, bot: Bot) -> None:
    """Add the first bot to the groups that were created before there was any bot."""
    for chat in store.state.groups.values():
        if chat.waits_for_bot:
            chat.waits_for_bot = False
            add(store, chat, bot.id)


def add(store: Store, chat: Chat, user_id: int, by: int | None = None) -> int | None:
    """Add a person or bot to a group."""
    if user_id not in store.state.bots and user_id not in store.state.people:
        store.add_person(user_id)
    if chat.has_member(user_id):
        raise InvalidAction(f"{user_id} is in {chat.id} already")
    update_id = _change_member(store, chat, Member(user_id), by)
    _add_service_message(store, chat, by, {"new_chat_members": [store.user(user_id)]})
    return update_id


def kick(store: Store, chat: Chat, user_id: int, by: int | None = None) -> int | None:
    """Remove a person or bot from a group."""
    member = chat.member(user_id)
    if member is None or not member.is_present or member.status == "creator":
        raise InvalidAction(f"{user_id} cannot be removed from {chat.id}")
    update_id = _change_member(store, chat, Member(user_id, "kicked"), by)
    _add_service_message(store, chat, by, {"left_chat_member": store.user(user_id)})
    return update_id


def leave(store: Store, chat: Chat, user_id: int) -> int | None:
    """Leave a group."""
    update_id = _change_member(store, chat, Member(user_id, "left"), user_id)
    _add_service_message(store, chat, user_id, {"left_chat_member": store.user(user_id)})
    return update_id


def promote(
    store: Store, chat: Chat, user_id: int, rights: Iterable[str] | None, by: int | None = None
) -> int | None:
    """Make a member an administrator; with all rights when `rights` is None."""
    member = chat.member(user_id)
    if member is None or not member.is_present:
        raise InvalidAction(f"{user_id} is not in {chat.id}")
    if member.status == "creator":
        return None
    given = _checked_rights(ADMINISTRATOR_RIGHTS if rights is None else rights,
                            ADMINISTRATOR_RIGHTS)  # fmt: skip
    administrator = Member(user_id, "administrator", given | {"can_manage_chat"})
    return _change_member(store, chat, administrator, by)


def restrict(
    store: Store, chat: Chat, user_id: int, allowed: Iterable[str], by: int | None = None
) -> int | None:
    """Leave a member of a supergroup only the allowed permissions."""
    if chat.kind != "supergroup":
        raise InvalidAction("members can be restricted in supergroups only")
    member = chat.member(user_id)
    if member is None or not member.is_present or member.status == "creator":
        raise InvalidAction(f"{user_id} cannot be restricted in {chat.id}")
    permissions = _checked_rights(allowed, PERMISSIONS)
    return _change_member(store, chat, Member(user_id, "restricted", permissions), by)


def _checked_rights(names: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """Rights by their names in the Bot API; an unknown one is refused."""
    given = frozenset(names)
    if unknown := given - set(known):
        raise InvalidAction(f"no such right: {', '.join(sorted(unknown))}")
    return given


def migrate(store: Store, chat: Chat) -> int:
    """Turn a group into a supergroup with the same members and no messages; the new id."""
    if chat.kind != "group" or chat.migrated_to is not None:
        raise InvalidAction(f"{chat.id} is no group that could become a supergroup")
    new_id = SUPERGROUPS_BELOW - abs(chat.id)
    new = Chat(new_id, "supergroup", chat.title)
    new.refresh_json()
    new.members = {user_id: replace(member) for user_id, member in chat.members.items()}
    store.state.groups[new_id] = new
    _add_service_message(store, chat, None, {"migrate_to_chat_id": new_id})
    chat.migrated_to = new_id
    _add_service_message(store, new, None, {"migrate_from_chat_id": chat.id})
    return new_id


def open_topic(store: Store, chat: Chat, topic_id: int, name: str = "") -> None:
    """Open a topic of a supergroup."""
    _require_supergroup(chat)
    existing = chat.topics.get(topic_id)
    if existing is not None:
        raise InvalidAction(f"there was a topic {topic_id} before" if existing.deleted
                            else f"there is a topic {topic_id}")  # fmt: skip
    name = name or f"Topik {topic_id}"
    chat.topics[topic_id] = Topic(topic_id, name)
    chat.refresh_json()
    if topic_id <= chat.last_message_id:
        return  # another message has this number, so there is no message that opens the topic
    chat.last_message_id = topic_id - 1
    created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    _add_service_message(store, chat, None, created, topic_id)


def delete_topic(chat: Chat, topic_id: int) -> None:
    """Delete a topic of a supergroup and its messages."""
    _require_supergroup(chat)
    if topic_id not in chat.topics:
        raise InvalidAction(f"no topic {topic_id}")
    chat.topics[topic_id].deleted = True
    for message in chat.messages.values():
        if message.json.get("message_thread_id") == topic_id:
            message.deleted = True


def _require_supergroup(chat: Chat) -> None:
    if chat.kind != "supergroup":
        raise InvalidAction("topics belong to supergroups")


def block(store: Store, bot: Bot, person: Person, blocked: bool) -> int | None:
    """Block a bot in the private chat, or unblock it."""
    chat = store.private_chat(bot, person)
    if chat.blocked == blocked:
        return None
    chat.blocked = blocked
    kicked, member = Member(bot.id, "kicked"), Member(bot.id, "member")
    old, new = (member, kicked) if blocked else (kicked, member)
    change = _member_updated(store, chat, person.user(), old, new)
    return store.queue_update(bot, "my_chat_member", change, UPDATE_LIFETIME, f"member {chat.id}")


def may_read(bot: Bot, chat: Chat, message: Json) -> bool:
    """Whether a bot receives a person's message in a group; privacy mode is on."""
    member = chat.member(bot.id)
    if member is not None and member.is_administrator:
        return True
    reply = message.get("reply_to_message")
    if reply is not None and reply["from"]["id"] == bot.id:
        return True
    for entity in message.get("entities", ()):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            command: str = message["text"][: entity["length"]]
            _, _, name = command.partition("@")
            if name:
                return name.lower() == bot.username.lower()
            return chat.last_writing_bot == bot.id
    return False


def check_may_send(
    chat: Chat, user_id: int, content: Json, topic_id: int | None, anonymous: bool
) -> None:
    """Refuse a message that a member of a group may not send."""
    member = chat.members[user_id]
    kind = next(kind for kind in _PERMISSION_OF_FIELD if kind in content)
    if not member.may_send(_PERMISSION_OF_FIELD[kind]):
        raise InvalidAction(f"{user_id} may not write that in {chat.id}")
    if anonymous and not member.is_administrator:
        raise InvalidAction("only administrators write anonymously")
    if topic_id is not None and (topic_id not in chat.topics or chat.topics[topic_id].deleted):
        raise InvalidAction(f"no topic {topic_id}")


def _change_member(store: Store, chat: Chat, new: Member, by: int | None) -> int | None:
    """Change a member's status.

    Returns:
        The update's id for the bot whose status changed, otherwise of the first administrator bot
        that receives the change; None when no bot does.
    """
    old = chat.member(new.user_id) or Member(new.user_id, "left")
    chat.members[new.user_id] = new
    author = store.user(_owner(chat) if by is None else by)
    change = _member_updated(store, chat, author, old, new)
    if store.listeners:
        store.notify({"type": "member", "chat": chat.id, "change": change})
    queue = f"member {chat.id}"
    if bot := store.state.bots.get(new.user_id):
        return store.queue_update(bot, "my_chat_member", change, UPDATE_LIFETIME, queue)
    update_ids = [
        store.queue_update(bot, "chat_member", change, UPDATE_LIFETIME, queue)
        for bot in store.group_bots(chat)
        if chat.members[bot.id].is_administrator
    ]
    return next((update_id for update_id in update_ids if update_id is not None), None)


def _member_updated(store: Store, chat: Chat, author: Json, old: Member, new: Member) -> Json:
    """A ChatMemberUpdated of the Bot API."""
    user = store.user(new.user_id)
    return {
        "chat": chat.json,
        "from": author,
        "date": int(store.clock.timestamp()),
        "old_chat_member": old.as_json(user),
        "new_chat_member": new.as_json(user),
    }


def _owner(chat: Chat) -> int:
    return next(
        (member.user_id for member in chat.members.values() if member.status == "creator"),
        int(ANONYMOUS["id"]),
    )


def _add_service_message(
    store: Store, chat: Chat, by: int | None, content: Json, topic_id: int | None = None
) -> None:
    """Add a service message, which every bot of the group receives."""
    author = _owner(chat) if by is None else by
    message = store.add_message(chat, None, author, content, topic_id)
    store.queue_service_message(chat, message.json, except_bot=author)
