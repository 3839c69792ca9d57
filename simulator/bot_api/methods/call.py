"""One API call, and what all methods need: the chat, the message, the permission to send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.bot_api.arguments import Arguments
from simulator.errors import ApiError, Json, bad_request, forbidden, too_many_requests, upgraded
from simulator.model.bots import Bot
from simulator.model.chats import Chat, Message
from simulator.model.people import Member
from simulator.world import World

_PERMISSION_TEXTS = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
}


@dataclass(frozen=True, slots=True)
class ResultWithDescription:
    """A result with a `description` beside it."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call by one bot."""

    world: World
    bot: Bot
    arguments: Arguments

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that the call names.

        Raises:
            ApiError: the bot cannot see the chat; with Telegram's text.
        """
        text = self.arguments.text(name).strip()
        if not text:
            raise bad_request("chat_id is empty")
        if text.startswith("@"):
            raise bad_request("chat not found")
        return self._group(number) if (number := _number(text)) < 0 else self._private(number)

    def writable_chat(self, permission: str | None = "can_send_messages") -> Chat:
        """The chat that the call names, if the bot may send there; not counted as a message yet."""
        chat = self.chat()
        if chat.is_private:
            return chat
        member = chat.members[self.bot.id]
        if not member.is_present:
            raise _not_a_member(chat, member)
        if permission is not None and not member.may_send(permission):
            raise bad_request(
                f"not enough rights to send {_PERMISSION_TEXTS[permission]} to the chat"
            )
        return chat

    def thread(self, chat: Chat) -> int | None:
        """The topic that the call names; None for no topic."""
        number = self.arguments.integer("message_thread_id")
        if number <= 0:
            return None
        topic = chat.topics.get(number)
        if topic is None or topic.deleted:
            raise bad_request("message thread not found")
        return number

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message that the call names, if the bot can access it.

        Args:
            chat: of the message.
            purpose: what Telegram calls it in the error, such as `message to edit`.
        """
        number = self.arguments.integer("message_id")
        if number <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.message(number)
        if message is None or message.inaccessible:
            raise bad_request(f"{purpose} not found")
        return message

    def mentioned(self, user_id: int) -> Json | None:
        """The user of a mention; None for a user that the bot has never met."""
        private = self.bot.private_chats.get(user_id)
        groups = self.world.state.groups.values()
        is_known = user_id == self.bot.id or (private is not None and private.known)
        if is_known or any(
            group.has_member(user_id) and group.has_member(self.bot.id) for group in groups
        ):
            return self.world.user(user_id)
        return None

    def check_rate_limit(self, chat: Chat) -> None:
        """Count a message or an edit for the rate limits.

        Raises:
            ApiError: 429 with the seconds to wait.
        """
        limits = self.world.limits
        if limits is None:
            return
        if seconds := self.world.rate_limiter.acquire(limits, self.bot.id, chat.id):
            raise too_many_requests(seconds)

    def _private(self, number: int) -> Chat:
        if number in self.world.state.bots:
            raise forbidden("bots can't send messages to bots")
        person = self.world.state.people.get(number)
        chat = self.bot.private_chats.get(number)
        if chat is None or person is None or not (chat.known or chat.blocked):
            raise bad_request("chat not found")
        if person.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def _group(self, number: int) -> Chat:
        chat = self.world.state.groups.get(number)
        member = chat.member(self.bot.id) if chat else None
        if chat is None or member is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise upgraded(chat.migrated_to)
        if chat.kind == "supergroup" and not member.is_present:
            raise _not_a_member(chat, member)
        return chat


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its function, and which arguments of the specification it supports.

    Args:
        name: as Telegram writes it.
        run: returns the result, or a coroutine that does.
        takes: arguments that are supported, or have no visible effect in the simulator.
        refuses: arguments of the real API that are not simulated, refused when given.
    """

    name: str
    run: Callable[[Call], Any]
    takes: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()

    def check(self, arguments: Arguments) -> None:
        """Refuse arguments that are not simulated, so that none is silently ignored."""
        for name in self.refuses:
            if arguments.has(name):
                raise bad_request(f"the simulator does not know the parameter {name}")


def names(*listed: str) -> frozenset[str]:
    """Argument names, separated by spaces."""
    return frozenset(name for text in listed for name in text.split())


def _not_a_member(chat: Chat, bot: Member) -> ApiError:
    if bot.status == "kicked":
        return forbidden(f"bot was kicked from the {chat.kind} chat")
    return forbidden(f"bot is not a member of the {chat.kind} chat")


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise bad_request("chat not found") from None
