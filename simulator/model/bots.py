"""Bots: their queued updates, callback queries, menu commands and webhook."""

from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from simulator.errors import Json
from simulator.model.chats import Chat

QUERY_LIFETIME = 150
UPDATE_LIFETIME = 24 * 60 * 60
BotName = int | str | None  # number, username or token; None for the only bot
ProfileText = Literal["name", "description", "short_description"]
PROFILE: dict[ProfileText, int] = {"name": 64, "description": 512, "short_description": 120}

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Update:
    """A queued update.

    Args:
        body: the Update object of the Bot API.
        expires: seconds since 1970 on the simulated clock, after which it is dropped.
        queue: updates with the same queue name are posted to a webhook one after another.
    """

    id: int
    body: Json
    expires: float
    queue: str


@dataclass(slots=True)
class Query:
    """A callback query that waits for its answer."""

    person: int
    asked: float
    answered: bool = False


@dataclass(slots=True)
class Webhook:
    """The address to which updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


@dataclass(slots=True)
class LoadBalancer:
    """Distributes the webhook posts of one bot over several processes, in turn.

    Args:
        addresses: where the processes listen.
        copies: how many processes receive each post at the same time.
        ordered: whether updates of the same queue are posted one after another.
    """

    addresses: list[str]
    copies: int = 1
    ordered: bool = True
    turn: int = 0

    def next(self) -> list[str]:
        """All addresses, starting with the one whose turn it is."""
        self.turn = (self.turn + 1) % len(self.addresses)
        return self.addresses[self.turn :] + self.addresses[: self.turn]


@dataclass(slots=True)
class Bot:
    """One bot; its id and username come from the number at the start of its token."""

    id: int
    token: str
    updates: OrderedDict[int, Update] = field(default_factory=OrderedDict)
    last_update_id: int = 500_000_000
    last_message_id: int = 0
    last_query_id: int = 0
    allowed: list[str] | None = None
    webhook: Webhook | None = None
    load_balancer: LoadBalancer | None = None
    private_chats: dict[int, Chat] = field(default_factory=dict)
    queries: OrderedDict[str, Query] = field(default_factory=OrderedDict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    profile: dict[ProfileText, dict[str, str]] = field(default_factory=dict)  # by language

    @property
    def username(self) -> str:
        """Without the at sign."""
        return f"puas{self.id}bot"

    def user(self) -> Json:
        """The bot as a User of the Bot API."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.profile_text("name", ""),
            "username": self.username,
        }

    def profile_text(self, what: ProfileText, language: str) -> str:
        """A text of the bot's own in this language, otherwise the one for everybody else."""
        texts = self.profile.get(what, {})
        unnamed = f"Puas {self.id}" if what == "name" else ""
        return texts.get(language) or texts.get("") or unnamed

    def accepts(self, kind: str) -> bool:
        """Whether the bot asked for updates of this kind (`allowed_updates`)."""
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def clear(self) -> None:
        """Delete chats, updates and queries; all numbering continues.

        A running bot goes on polling with its last offset, which must stay valid.
        """
        self.private_chats.clear()
        self.updates.clear()
        self.queries.clear()

    def queue_update(self, kind: str, body: Json, expires: float, queue: str) -> int | None:
        """Queue an update; its id, or None when the bot did not ask for this kind."""
        if not self.accepts(kind):
            return None
        self.last_update_id += 1
        update_id = self.last_update_id
        self.updates[update_id] = Update(
            update_id, {"update_id": update_id, kind: body}, expires, queue
        )
        return update_id

    def confirm(self, offset: int) -> None:
        """Delete the updates below an offset; a negative offset keeps that many of the newest."""
        updates = self.updates
        if offset < 0:
            while len(updates) > -offset:
                updates.popitem(last=False)
            return
        while updates and next(iter(updates)) < offset:
            updates.popitem(last=False)

    def ready(self, limit: int, now: float) -> list[Json]:
        """The oldest updates that have not expired, as Update objects of the Bot API."""
        updates = self.updates
        while updates and next(iter(updates.values())).expires < now:
            updates.popitem(last=False)
        valid = (update.body for update in updates.values() if update.expires >= now)
        return list(islice(valid, limit))

    def add_query(self, person: int, now: float) -> str:
        """Add a callback query for a tap; its id."""
        queries = self.queries
        while queries and next(iter(queries.values())).asked + QUERY_LIFETIME < now:
            queries.popitem(last=False)
        self.last_query_id += 1
        query_id = str((person << 24) + self.last_query_id)
        queries[query_id] = Query(person, now)
        return query_id

    def open_query(self, query_id: str, now: float) -> Query | None:
        """The callback query with this id; None when it was answered or has expired."""
        query = self.queries.get(query_id)
        if query is None or query.answered or now - query.asked > QUERY_LIFETIME:
            return None
        return query
