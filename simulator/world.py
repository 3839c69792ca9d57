"""A simulated Telegram: what people do, what its chats show, and the settings of the simulation.

All methods are synchronous and run in one thread; waiting is left to the Bot API and the server.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from simulator.clock import Clock
from simulator.errors import InvalidAction, Json
from simulator.faults import Faults
from simulator.model import bot_registry, membership, user_actions
from simulator.model.bots import Bot, BotName
from simulator.model.chats import Chat
from simulator.model.files import Upload, UploadKind
from simulator.model.state import Snapshot, State
from simulator.model.store import Store
from simulator.rate_limiter import DEFAULT_LIMITS, Limits, RateLimiter

CAPACITY = 200_000


class World(Store):
    """A simulated Telegram.

    Args:
        clock: for dates and expiry times; real time when absent.
        limits: the rate limits; None for no limits.
        links: addresses that the chat page offers beside the chat, by their labels.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        limits: Limits | None = DEFAULT_LIMITS,
        links: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(clock or Clock())
        self.links = links
        self.limits = limits
        self.rate_limiter = RateLimiter()
        self.faults = Faults()
        self.latency = 0.0
        self.request_log = RequestLog()

    def reset(self) -> None:
        """Delete people, chats, files, logged calls and faults.

        Bots stay registered, with their webhooks, commands and numbering, because their processes
        still run. The clock, the limits and the latency stay too.
        """
        bots = self.state.bots
        self.state = State(bots=bots)
        self.request_log = RequestLog()
        self.rate_limiter = RateLimiter()
        self.faults.clear()
        for bot in bots.values():
            bot.clear()

    def save(self, path: Path) -> None:
        """Write everything but logged calls, faults and listeners to a file."""
        snapshot = Snapshot(
            self.state,
            now=self.clock.now(),
            clock_runs=not self.clock.frozen,
            limits=self.limits,
            latency=self.latency,
        )
        snapshot.write(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The world saved in a file; a running clock went on since then."""
        snapshot = Snapshot.read(path)
        world = cls(Clock(snapshot.clock_time(), frozen=not snapshot.clock_runs), snapshot.limits)
        world.state = snapshot.state
        world.latency = snapshot.latency
        return world

    # Bots and chats

    def register(self, token: str) -> Bot:
        """The bot with this token; the first token of a number registers it.

        Raises:
            ApiError: 404 for a malformed token, 401 when the number has another token.
        """
        return bot_registry.register(self, token)

    def bot(self, name: BotName = None) -> Bot:
        """A bot by number, username or token; the only bot when no name is given."""
        return bot_registry.named(self, name)

    def chat(self, id: int, bot: BotName = None) -> Chat:  # noqa: A002 - as in the Bot API
        """A group by its id, or a person's private chat with a bot."""
        if id < 0:
            return self.group(id)
        if id not in self.state.people:
            raise InvalidAction(f"no such person: {id}")
        return self.private_chat(self.bot(bot), self.state.people[id])

    # Groups

    def add_group(
        self,
        id: int,  # noqa: A002 - the name of the field in /sim/groups
        title: str,
        members: Iterable[int] = (),
    ) -> Chat:
        """Create a group, or a supergroup when the id begins with -100.

        Its first member is the owner, and every bot joins.
        """
        return membership.add_group(self, id, title, members)

    def add_member(self, chat: int, who: int, by: int | None = None) -> int | None:
        """Add a person or bot; the id of the bot's update, if any."""
        return membership.add(self, self.chat(chat), who, by)

    def kick(self, chat: int, who: int, by: int | None = None) -> int | None:
        """Remove a person or bot; the id of the bot's update, if any."""
        return membership.kick(self, self.chat(chat), who, by)

    def promote(
        self, chat: int, who: int, rights: Iterable[str] | None = None, by: int | None = None
    ) -> int | None:
        """Make a member an administrator; with all rights when `rights` is None."""
        return membership.promote(self, self.chat(chat), who, rights, by)

    def restrict(
        self, chat: int, who: int, allowed: Iterable[str] = (), by: int | None = None
    ) -> int | None:
        """Leave a member of a supergroup only the allowed permissions."""
        return membership.restrict(self, self.chat(chat), who, allowed, by)

    def migrate(self, chat: int) -> int:
        """Turn a group into a supergroup; the new id."""
        return membership.migrate(self, self.chat(chat))

    def open_topic(self, chat: int, id: int, name: str = "") -> None:  # noqa: A002 - as in /sim/topic
        """Open a topic of a supergroup."""
        membership.open_topic(self, self.chat(chat), id, name)

    def delete_topic(self, chat: int, id: int) -> None:  # noqa: A002 - as in /sim/topic
        """Delete a topic of a supergroup and its messages."""
        membership.delete_topic(self.chat(chat), id)

    # Actions of people

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
        """Send a text.

        Args:
            from_: the sender.
            chat: the group, or the sender's own id for the private chat with the bot.
            text: `/start PAYLOAD` means that the person opened a link, unless `typed`.
            topic: of a forum.
            reply_to: a message in the chat.
            anonymous: as the group, which only its administrators may.
            typed: the text was typed by hand, so it may have a payload that no link can carry.
            bot: which bot, when there are several.

        Returns:
            The update's id; None when privacy mode or `allowed_updates` hides it.
        """
        content = user_actions.text_content(text, typed)
        return user_actions.send(self, from_, chat, content, topic, reply_to, anonymous, bot)

    def start(self, from_: int, payload: str = "", bot: BotName = None) -> int | None:
        """Open a link to the bot, with its payload."""
        return self.say(from_, from_, f"/start {payload}".strip(), bot=bot)

    def send_sticker(self, from_: int, chat: int, *, bot: BotName = None) -> int | None:
        """Send a sticker."""
        content = user_actions.sticker_content(self)
        return user_actions.send(self, from_, chat, content, bot=bot)

    def send_file(
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
        """Send a document, photo or voice message; without `mime` the file name decides."""
        message = user_actions.file_content(self, name, content, mime, kind, caption)
        return user_actions.send(self, from_, chat, message, topic, reply_to, anonymous, bot)

    def edit(
        self, from_: int, chat: int, message_id: int, text: str, *, bot: BotName = None
    ) -> int | None:
        """Edit a text that the person wrote."""
        return user_actions.edit(self, from_, chat, message_id, text, bot)

    def tap(
        self, from_: int, chat: int, message_id: int, data: str, *, bot: BotName = None
    ) -> int | None:
        """Tap a button of a bot's message; any data is accepted, as from a modified client.

        Raises:
            InvalidAction: the person cannot see the message, or it is not a bot's.
        """
        return user_actions.tap(self, from_, chat, message_id, data, bot)

    def block(self, from_: int, blocked: bool = True, *, bot: BotName = None) -> int | None:
        """Block the bot in the private chat, or unblock it."""
        person = self.active_person(from_)
        return membership.block(self, self.bot(bot), person, blocked)

    def forget(self, chat: int, message_id: int, *, bot: BotName = None) -> None:
        """Make a message inaccessible to the bot, as an old one is; people still see it."""
        message = self.chat(chat, bot).message(message_id)
        if message is None:
            raise InvalidAction(f"no message {message_id}")
        message.inaccessible = True

    # Views

    def transcript(self, chat: int, *, bot: BotName = None) -> list[Json]:
        """What the chat shows now, oldest first."""
        messages = self.chat(chat, bot).messages.values()
        return [message.json for message in messages if not message.deleted]

    def history(self, chat: int, *, bot: BotName = None) -> list[Json]:
        """Every message of the chat, with all its versions, also when deleted."""
        return [
            {"message_id": message.id, "versions": message.versions(), "deleted": message.deleted}
            for message in self.chat(chat, bot).messages.values()
        ]

    def requests(self, since: int = 0) -> list[Json]:
        """Every API call after the one with this number."""
        return [call.as_json() for call in self.request_log.since(since)]

    def toasts(self, person: int) -> list[Json]:
        """The callback answers that a person received, oldest first."""
        return list(self.state.toasts.get(person, ()))

    @property
    def api_calls(self) -> Counter[str]:
        """The number of calls by method."""
        return self.request_log.counts


@dataclass(slots=True)
class LoggedCall:
    """One API call; `status` is None while the call runs, or when no response was sent."""

    number: int
    bot: int
    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload]
    when: datetime
    status: int | None = None
    description: str | None = None

    def as_json(self) -> Json:
        """The entry of `/sim/requests`."""
        params = dict(self.values)
        for name, upload in self.files.items():
            params[name] = {"file_name": upload.name, "file_size": len(upload.content)}
        return {
            "number": self.number,
            "bot": self.bot,
            "method": self.method,
            "params": params,
            "status": self.status,
            "description": self.description,
            "when": self.when.isoformat(),
        }


class RequestLog:
    """The newest calls, up to the capacity, and the number of all calls by method."""

    __slots__ = ("_calls", "counts")

    def __init__(self) -> None:
        self._calls: deque[LoggedCall] = deque(maxlen=CAPACITY)
        self.counts: Counter[str] = Counter()

    def add(
        self,
        bot: int,
        method: str,
        values: Mapping[str, Any],
        files: Mapping[str, Upload],
        when: datetime,
    ) -> LoggedCall:
        """Log a call that starts."""
        self.counts[method] += 1
        number = self._calls[-1].number + 1 if self._calls else 1
        call = LoggedCall(number, bot, method, values, files, when)
        self._calls.append(call)
        return call

    def since(self, number: int) -> list[LoggedCall]:
        """The calls after the one with this number."""
        if not self._calls:
            return []
        skipped = max(0, number - self._calls[0].number + 1)
        if skipped > len(self._calls) // 2:
            newest = islice(reversed(self._calls), max(0, len(self._calls) - skipped))
            return list(newest)[::-1]
        return list(islice(self._calls, skipped, None))
