"""One world: its people, chats and bots, and what people do in it.

Everything here happens at once and in one thread; waiting is the business of the doors.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from simulator import acts, membership
from simulator.arguments import Json
from simulator.bots import UPDATE_LIFE, Bot, BotName
from simulator.chats import Chat, Message
from simulator.clock import Clock
from simulator.fault import Faults
from simulator.files import UploadKind
from simulator.journal import Journal, Listener
from simulator.pace import Limits, Pace
from simulator.people import ANONYMOUS, Person
from simulator.refusal import Refusal, Refused
from simulator.state import Saved, State
from simulator.tokens import parse

ADVICE = Limits()


class World:
    """A world of its own, synchronous throughout.

    Args:
        clock: for dates and expiries; real time when absent.
        limits: how fast a bot may write; None switches the limits off.
    """

    def __init__(self, clock: Clock | None = None, limits: Limits | None = ADVICE) -> None:
        self.clock = clock or Clock()
        self.limits = limits
        self.pace = Pace()
        self.faults = Faults()
        self.latency = 0.0
        self.state = State()
        self.journal = Journal()
        self.listeners: list[Listener] = []
        self.wakers: dict[int, Callable[[], None]] = {}

    def reset(self) -> None:
        """Begin anew: no people, chats, files, calls or faults.

        Bots stay registered, with their webhooks, commands and numbering, since their processes
        run on; so do the clock, the limits and the latency.
        """
        bots = self.state.bots
        self.state = State(bots=bots)
        self.journal = Journal()
        self.pace = Pace()
        self.faults.clear()
        for bot in bots.values():
            bot.forget_everything()

    def save(self, path: Path) -> None:
        """Keep the world in a file: all but the calls made, faults ordered, and listeners."""
        saved = Saved(
            self.state,
            now=self.clock.now(),
            ran_on=not self.clock.frozen,
            limits=self.limits,
            latency=self.latency,
        )
        saved.write(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The world of a file; a clock that ran has run on since."""
        saved = Saved.read(path)
        world = cls(Clock(saved.moment(), frozen=not saved.ran_on), saved.limits)
        world.state = saved.state
        world.latency = saved.latency
        return world

    # Who there is

    def register(self, token: str) -> Bot:
        """The bot of a token, made when it is the first of its number.

        Raises:
            Refusal: 404 for a malformed token, 401 when the number has another token.
        """
        number = parse(token)
        if number is None:
            raise Refusal(404, "Not Found")
        bot = self.state.bots.get(number)
        if bot is None:
            bot = self.state.bots[number] = Bot(number, token)
            membership.let_in(self, bot)
        elif bot.token != token:
            raise Refusal(401, "Unauthorized")
        return bot

    def bot(self, name: BotName = None) -> Bot:
        """A bot by number, username or token; the only one when no name is given."""
        bots = self.state.bots
        if name is None:
            if len(bots) != 1:
                raise Refused("name the bot: there is none yet" if not bots else "name the bot")
            return next(iter(bots.values()))
        text = str(name).removeprefix("@")
        if ":" in text:
            try:
                return self.register(text)
            except Refusal as refusal:
                raise Refused(refusal.description) from None
        for bot in bots.values():
            if text in (str(bot.id), bot.username):
                return bot
        raise Refused(f"no such bot: {name}")

    def person(
        self,
        id: int,  # noqa: A002 - the name of the field in /sim/people
        first_name: str = "Warga",
        language_code: str = "id",
        username: str | None = None,
        deactivated: bool = False,
        role: str = "",
    ) -> Person:
        """Bring a person into the world, or change one."""
        if id <= 0 or id in self.state.bots:
            raise Refused("a person's id is a positive number that no bot has")
        person = Person(id, first_name, language_code, username, deactivated, role)
        self.state.people[id] = person
        for bot in self.state.bots.values():
            if chat := bot.privates.get(id):
                chat.face = _private_face(person)
        return person

    def somebody(self, id: int) -> Person:  # noqa: A002 - as above
        """A person who can act.

        Raises:
            Refused: there is no such person, or the account is gone.
        """
        person = self.state.people.get(id)
        if person is None:
            raise Refused(f"no such person: {id}")
        if person.deactivated:
            raise Refused(f"the account of {id} is gone")
        return person

    def user(self, id: int) -> Json:  # noqa: A002 - as above
        """A person or bot as a User of the Bot API."""
        if bot := self.state.bots.get(id):
            return bot.user()
        person = self.state.people.get(id)
        return person.user() if person else ANONYMOUS

    def private(self, bot: Bot, person: Person) -> Chat:
        """The chat of a person with a bot, made when there is none."""
        chat = bot.privates.get(person.id)
        if chat is None:
            face = _private_face(person)
            chat = bot.privates[person.id] = Chat(person.id, "private", known=False, face=face)
        return chat

    def chat(self, id: int, bot: BotName = None) -> Chat:  # noqa: A002 - as above
        """A group by its id, or a person's private chat with a bot."""
        if id < 0:
            if id not in self.state.groups:
                raise Refused(f"no such group: {id}")
            return self.state.groups[id]
        if id not in self.state.people:
            raise Refused(f"no such person: {id}")
        return self.private(self.bot(bot), self.state.people[id])

    # Groups

    def group(
        self,
        id: int,  # noqa: A002 - the name of the field in /sim/groups
        title: str,
        members: Iterable[int] = (),
    ) -> Chat:
        """Open a group (a supergroup when the id begins with -100); every bot joins.

        The first member owns the group.
        """
        return membership.found(self, id, title, members)

    def add(self, chat: int, who: int, by: int | None = None) -> int | None:
        """Add a person or bot; the bot's update, if any."""
        return membership.add(self, self.chat(chat), who, by)

    def kick(self, chat: int, who: int, by: int | None = None) -> int | None:
        """Remove a person or bot for good."""
        return membership.kick(self, self.chat(chat), who, by)

    def promote(
        self, chat: int, who: int, rights: Iterable[str] | None = None, by: int | None = None
    ) -> int | None:
        """Make somebody administrator, with every right unless told."""
        return membership.promote(self, self.chat(chat), who, rights, by)

    def restrict(
        self, chat: int, who: int, allowed: Iterable[str] = (), by: int | None = None
    ) -> int | None:
        """Take from a member of a supergroup all but the allowed permissions."""
        return membership.restrict(self, self.chat(chat), who, allowed, by)

    def migrate(self, chat: int) -> int:
        """Turn a group into a supergroup; the new id."""
        return membership.migrate(self, self.chat(chat))

    def topic(self, chat: int, id: int, deleted: bool = False, name: str = "") -> None:  # noqa: A002
        """Open a topic of a supergroup, or delete it."""
        membership.topic(self, self.chat(chat), id, deleted, name)

    # What people do

    def say(
        self,
        from_: int,
        chat: int,
        text: str,
        topic: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
        *,
        typed: bool = False,
        bot: BotName = None,
    ) -> int | None:
        """Write a message.

        Args:
            from_: who writes.
            chat: the group, or the person's own id for the private chat with the bot.
            text: `/start PAYLOAD` stands for following a link, unless `typed`.
            topic: of a forum.
            reply_to: a message in that chat.
            anonymous: as the group, which its administrators may.
            typed: the text was typed by hand, so a payload no link can carry passes.
            bot: which bot, when there are several.

        Returns:
            The update's id; None when privacy mode or the bot's own choice hides it.
        """
        content = acts.text(text, typed)
        return acts.write(self, from_, chat, content, topic, reply_to, anonymous, bot)

    def start(self, from_: int, payload: str = "", bot: BotName = None) -> int | None:
        """Follow a link to the bot, with its payload."""
        return self.say(from_, from_, f"/start {payload}".strip(), bot=bot)

    def sticker(self, from_: int, chat: int, *, bot: BotName = None) -> int | None:
        """Send a sticker."""
        return acts.write(self, from_, chat, acts.sticker(self), bot=bot)

    def upload(
        self,
        from_: int,
        chat: int,
        name: str,
        content: bytes,
        mime: str | None = None,
        kind: UploadKind = "document",
        caption: str = "",
        topic: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
        *,
        bot: BotName = None,
    ) -> int | None:
        """Send a document, photo or voice message; `mime` by the name when not told."""
        shown = acts.file(self, name, content, mime, kind, caption)
        return acts.write(self, from_, chat, shown, topic, reply_to, anonymous, bot)

    def edit(
        self, from_: int, chat: int, message_id: int, text: str, *, bot: BotName = None
    ) -> int | None:
        """Change a message one wrote oneself."""
        return acts.edit(self, from_, chat, message_id, text, bot)

    def tap(
        self, from_: int, chat: int, message_id: int, data: str, *, bot: BotName = None
    ) -> int | None:
        """Tap a button of a bot's message; any data is accepted, as from a forged client.

        Raises:
            Refused: the person cannot see the message, or it is no bot's.
        """
        return acts.tap(self, from_, chat, message_id, data, bot)

    def block(self, from_: int, blocked: bool = True, *, bot: BotName = None) -> int | None:
        """Block the bot in the private chat, or unblock it."""
        person = self.somebody(from_)
        return membership.block(self, self.bot(bot), person, blocked)

    def forget(self, chat: int, message_id: int, *, bot: BotName = None) -> None:
        """Put an old message out of the bot's reach, though people still see it."""
        message = self.chat(chat, bot).message(message_id)
        if message is None:
            raise Refused(f"no message {message_id}")
        message.forgotten = True

    # What there is to see

    def transcript(self, chat: int, *, bot: BotName = None) -> list[Json]:
        """What the chat shows now, oldest first."""
        messages = self.chat(chat, bot).messages.values()
        return [message.shown for message in messages if not message.deleted]

    def history(self, chat: int, *, bot: BotName = None) -> list[Json]:
        """Every message of the chat with all it ever showed."""
        return [
            {"message_id": message.id, "versions": message.versions(), "deleted": message.deleted}
            for message in self.chat(chat, bot).messages.values()
        ]

    def requests(self, since: int = 0) -> list[Json]:
        """Every API call after the one with that number."""
        return [call.shown() for call in self.journal.since(since)]

    def toasts(self, person: int) -> list[Json]:
        """The callback answers a person was given, oldest first."""
        return list(self.state.toasts.get(person, ()))

    @property
    def api_calls(self) -> Counter[str]:
        """How often each method was called."""
        return self.journal.counts

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of everything that happens from now on; call the result to stop."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    # What the rooms around build on

    def post(
        self,
        chat: Chat,
        bot: Bot | None,
        author: int,
        content: Json,
        topic: int | None = None,
        reply: Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Put a message into a chat; `bot` numbers those of a private chat."""
        counter: Any = bot if chat.is_private and bot is not None else chat
        counter.last_message_id += 1
        shown: Json = {"message_id": counter.last_message_id}
        if anonymous:
            shown["from"] = ANONYMOUS
            shown["sender_chat"] = chat.face
        else:
            shown["from"] = self.user(author)
        shown["chat"] = chat.face
        shown["date"] = int(self.clock.timestamp())
        if topic is not None:
            shown["message_thread_id"] = topic
            shown["is_topic_message"] = True
        if reply is not None:
            shown["reply_to_message"] = {
                key: value for key, value in reply.shown.items() if key != "reply_to_message"
            }
        shown |= content
        message = Message(shown, author)
        chat.messages[counter.last_message_id] = message
        if author in self.state.bots:
            chat.last_bot = author
        if self.listeners:
            self.tell({"type": "message", "chat": chat.id, "message": shown}, bot)
        return message

    def change(self, chat: Chat, message: Message, shown: Json, bot: Bot | None = None) -> None:
        """Let a message show something else."""
        message.before.append(message.shown)
        message.shown = shown
        if self.listeners:
            self.tell({"type": "edit", "chat": chat.id, "message": shown}, bot)

    def put(self, bot: Bot, kind: str, body: Json, life: float, lane: str) -> int | None:
        """Queue an update for a bot and wake who waits for it."""
        update_id = bot.put(kind, body, self.clock.timestamp() + life, lane)
        if update_id is not None and (wake := self.wakers.get(bot.id)):
            wake()
        return update_id

    def tell(self, event: Json, bot: Bot | None = None) -> None:
        """Let the listeners know."""
        if bot is not None:
            event["bot"] = bot.id
        for listener in list(self.listeners):
            listener(event)

    def announce(self, chat: Chat, shown: Json, but: int = 0) -> int | None:
        """Deliver a service message to every bot of a group but one."""
        first: int | None = None
        for bot in membership.bots_of(self, chat):
            if bot.id != but:
                update_id = self.put(bot, "message", shown, UPDATE_LIFE, f"chat {chat.id}")
                first = update_id if first is None else first
        return first


def _private_face(person: Person) -> Json:
    face: Json = {"id": person.id, "first_name": person.first_name}
    if person.username:
        face["username"] = person.username
    face["type"] = "private"
    return face
