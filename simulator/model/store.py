"""The data of one simulated Telegram: chats, messages and update queues."""

from collections.abc import Callable, Iterator
from typing import Any

from simulator.clock import Clock
from simulator.errors import InvalidAction, Json
from simulator.model.bots import UPDATE_LIFETIME, Bot
from simulator.model.chats import Chat, Message
from simulator.model.people import ANONYMOUS, Person
from simulator.model.state import State

Listener = Callable[[Json], None]


class Store:
    """Reads and changes the state, and notifies the listeners of every change.

    Args:
        clock: for dates and expiry times.

    Attributes:
        listeners: called with every event.
        waiters: by bot id, what waits for updates of the bot: a long poll or a webhook sender.
            It is called when an update was queued.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.state = State()
        self.listeners: list[Listener] = []
        self.waiters: dict[int, Callable[[], None]] = {}

    # People and chats

    def add_person(
        self,
        id: int,  # noqa: A002 - the name of the field in /sim/people
        first_name: str = "Warga",
        language_code: str = "id",
        username: str | None = None,
        deactivated: bool = False,
        role: str = "",
    ) -> Person:
        """Add a person, or replace the one with this id."""
        if id <= 0 or id in self.state.bots:
            raise InvalidAction("a person's id is a positive number that no bot has")
        person = Person(id, first_name, language_code, username, deactivated, role)
        self.state.people[id] = person
        for bot in self.state.bots.values():
            if chat := bot.private_chats.get(id):
                chat.json = _private_chat_json(person)
        return person

    def active_person(self, id: int) -> Person:  # noqa: A002 - as above
        """The person with this id.

        Raises:
            InvalidAction: there is no such person, or the account was deleted.
        """
        person = self.state.people.get(id)
        if person is None:
            raise InvalidAction(f"no such person: {id}")
        if person.deactivated:
            raise InvalidAction(f"the account of {id} is gone")
        return person

    def user(self, id: int) -> Json:  # noqa: A002 - as above
        """A person or bot as a User of the Bot API."""
        if bot := self.state.bots.get(id):
            return bot.user()
        person = self.state.people.get(id)
        return person.user() if person else ANONYMOUS

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat of a person with a bot, created at first use."""
        chat = bot.private_chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, "private", known=False, json=_private_chat_json(person))
            bot.private_chats[person.id] = chat
        return chat

    def group(self, id: int) -> Chat:  # noqa: A002 - as above
        """The group or supergroup with this id."""
        if id not in self.state.groups:
            raise InvalidAction(f"no such group: {id}")
        return self.state.groups[id]

    def group_bots(self, chat: Chat) -> Iterator[Bot]:
        """The bots that are members of a group."""
        return (bot for bot in self.state.bots.values() if chat.has_member(bot.id))

    # Messages

    def add_message(
        self,
        chat: Chat,
        bot: Bot | None,
        author: int,
        content: Json,
        topic: int | None = None,
        reply: Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Add a message to a chat; in a private chat the message number is counted per bot."""
        counter: Any = bot if chat.is_private and bot is not None else chat
        counter.last_message_id += 1
        message: Json = {"message_id": counter.last_message_id}
        if anonymous:
            message["from"] = ANONYMOUS
            message["sender_chat"] = chat.json
        else:
            message["from"] = self.user(author)
        message["chat"] = chat.json
        message["date"] = int(self.clock.timestamp())
        if topic is not None:
            message["message_thread_id"] = topic
            message["is_topic_message"] = True
        if reply is not None:
            message["reply_to_message"] = {
                key: value for key, value in reply.json.items() if key != "reply_to_message"
            }
        message |= content
        added = Message(message, author)
        chat.messages[counter.last_message_id] = added
        if author in self.state.bots:
            chat.last_writing_bot = author
        if self.listeners:
            self.notify({"type": "message", "chat": chat.id, "message": message}, bot)
        return added

    def edit_message(
        self, chat: Chat, message: Message, edited: Json, bot: Bot | None = None
    ) -> None:
        """Replace what a message shows; the old version is kept in its history."""
        message.earlier_versions.append(message.json)
        message.json = edited
        if self.listeners:
            self.notify({"type": "edit", "chat": chat.id, "message": edited}, bot)

    # Updates and events

    def queue_update(
        self, bot: Bot, kind: str, body: Json, lifetime: float, queue: str
    ) -> int | None:
        """Queue an update for a bot and wake what waits for it.

        Returns:
            The update's id; None when the bot did not ask for updates of this kind.
        """
        expires = self.clock.timestamp() + lifetime
        update_id = bot.queue_update(kind, body, expires, queue)
        if update_id is not None and (wake := self.waiters.get(bot.id)):
            wake()
        return update_id

    def queue_service_message(self, chat: Chat, message: Json, except_bot: int = 0) -> None:
        """Queue a service message for every bot of a group but one."""
        for bot in self.group_bots(chat):
            if bot.id != except_bot:
                self.queue_update(bot, "message", message, UPDATE_LIFETIME, f"chat {chat.id}")

    def notify(self, event: Json, bot: Bot | None = None) -> None:
        """Call every listener with an event."""
        if bot is not None:
            event["bot"] = bot.id
        for listener in list(self.listeners):
            listener(event)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event from now on; call the result to stop that."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


def _private_chat_json(person: Person) -> Json:
    chat: Json = {"id": person.id, "first_name": person.first_name}
    if person.username:
        chat["username"] = person.username
    chat["type"] = "private"
    return chat
