"""One API call, and what all methods ask of it: the chat, the message, the right to write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.arguments import Arguments
from simulator.bots import Bot
from simulator.chats import Chat, Message
from simulator.refusal import bad_request, forbidden, too_many_requests, upgraded
from simulator.world import World

_SEND = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A result that comes with a sentence."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one bot."""

    world: World
    bot: Bot
    arguments: Arguments

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat the call names, which the bot can see.

        Raises:
            Refusal: in Telegram's words, when it cannot.
        """
        text = self.arguments.text(name).strip()
        if not text:
            raise bad_request("chat_id is empty")
        if text.startswith("@"):
            raise bad_request("chat not found")
        return self._group(number) if (number := _number(text)) < 0 else self._private(number)

    def writable(self, permission: str | None = "can_send_messages") -> Chat:
        """The chat the call names, when the bot may write there now; counts as no message yet."""
        chat = self.chat()
        if chat.is_private:
            return chat
        member = chat.members[self.bot.id]
        if not member.is_in:
            kicked = "kicked from" if member.status == "kicked" else "not a member of"
            raise forbidden(f"bot {'was' if member.status == 'kicked' else 'is'} {kicked} "
                            f"the {chat.kind} chat")  # fmt: skip
        if permission is not None and not member.may_send(permission):
            raise bad_request(f"not enough rights to send {_SEND[permission]} to the chat")
        return chat

    def thread(self, chat: Chat) -> int | None:
        """The topic the call names."""
        number = self.arguments.integer("message_thread_id")
        if number <= 0:
            return None
        topic = chat.topics.get(number)
        if topic is None or topic.deleted:
            raise bad_request("message thread not found")
        return number

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message the call names, within the bot's reach.

        Args:
            chat: where it is.
            purpose: how Telegram calls it when it is not found, as in `message to edit`.
        """
        number = self.arguments.integer("message_id")
        if number <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.message(number)
        if message is None or message.forgotten:
            raise bad_request(f"{purpose} not found")
        return message

    def pace(self, chat: Chat) -> None:
        """Count a message or an edit against the limits.

        Raises:
            Refusal: 429 with the seconds to wait.
        """
        limits = self.world.limits
        if limits is not None and (seconds := self.world.pace.wait(limits, self.bot.id, chat.id)):
            raise too_many_requests(seconds)

    def _private(self, number: int) -> Chat:
        if number in self.world.state.bots:
            raise forbidden("bots can't send messages to bots")
        person = self.world.state.people.get(number)
        chat = self.bot.privates.get(number)
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
        if chat.kind == "supergroup" and not member.is_in:
            kicked = member.status == "kicked"
            raise forbidden(
                "bot was kicked from the supergroup chat"
                if kicked
                else "bot is not a member of the supergroup chat"
            )
        return chat


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what it does and which arguments of the specification it knows.

    Args:
        name: as Telegram writes it.
        run: gives the result, or a coroutine of it.
        takes: arguments it honours, or that show no effect in this world.
        refuses: arguments of the real API that are not simulated: refused when given.
    """

    name: str
    run: Callable[[Call], Any]
    takes: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()

    def check(self, arguments: Arguments) -> None:
        """Refuse what is not simulated: nothing is answered `true` that is not done."""
        for name in self.refuses:
            if arguments.has(name):
                raise bad_request(f"the simulator does not know the parameter {name}")


def names(*listed: str) -> frozenset[str]:
    """Names of arguments, several in one text."""
    return frozenset(name for text in listed for name in text.split())


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise bad_request("chat not found") from None
