"""The bot itself, chats and their members."""

from simulator.bot_api.methods.call import Call, Method, names
from simulator.errors import Json, bad_request
from simulator.model import membership
from simulator.model.chats import Chat
from simulator.model.people import PERMISSIONS, Member

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
          "gifts_from_channels")  # fmt: skip
_FALSE_FIELDS = (
    "can_read_all_group_messages",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
    "can_manage_bots",
    "supports_guest_queries",
    "supports_join_request_queries",
)


def get_me(call: Call) -> Json:
    """The bot itself."""
    return call.bot.user() | {"can_join_groups": True} | dict.fromkeys(_FALSE_FIELDS, False)


def get_chat(call: Call) -> Json:
    """A chat as a ChatFullInfo."""
    chat = call.chat()
    full = chat.json | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if "username" in chat.json:
        full["active_usernames"] = [chat.json["username"]]
    if not chat.is_private:
        full["permissions"] = dict.fromkeys(PERMISSIONS, True)
    pinned = chat.message(chat.pinned) if chat.pinned is not None else None
    if pinned is not None:
        full["pinned_message"] = pinned.json
    return full


def get_chat_member(call: Call) -> Json:
    """A member of a chat."""
    chat = call.chat()
    user_id = call.arguments.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if chat.is_private:
        if user_id not in (chat.id, call.bot.id):
            raise bad_request("member not found")
        return Member(user_id).as_json(call.world.user(user_id))
    member = chat.member(user_id)
    if member is None:
        if user_id not in call.world.state.people and user_id not in call.world.state.bots:
            raise bad_request("user not found")
        member = Member(user_id, "left")
    return member.as_json(call.world.user(user_id))


def get_chat_administrators(call: Call) -> list[Json]:
    """The administrators of a group; other bots only with `return_bots`."""
    chat = call.chat()
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    with_bots = call.arguments.flag("return_bots")
    bots = call.world.state.bots
    return [
        member.as_json(call.world.user(member.user_id))
        for member in chat.members.values()
        if member.is_administrator
        and (with_bots or member.user_id not in bots or member.user_id == call.bot.id)
    ]


def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat: Chat = call.writable_chat(None)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    membership.leave(call.world, chat, call.bot.id)
    return True


METHODS = (
    Method("getMe", get_me),
    Method("getChat", get_chat, names("chat_id")),
    Method("getChatMember", get_chat_member, names("chat_id user_id")),
    Method("getChatAdministrators", get_chat_administrators, names("chat_id return_bots")),
    Method("leaveChat", leave_chat, names("chat_id")),
)
