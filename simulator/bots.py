"""Bots: their updates still to be delivered, their queries, commands and webhook."""

from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import islice

from simulator.arguments import Json
from simulator.chats import Chat

QUERY_LIFE = 150
UPDATE_LIFE = 24 * 60 * 60
BotName = int | str | None  # number, username or token; None for the only bot

_LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Update:
    """One update on its way.

    Args:
        body: as an Update of the Bot API.
        expires: when it is lost, in seconds since 1970 by the world's clock.
        lane: updates of one lane reach a webhook one after the other.
    """

    id: int
    body: Json
    expires: float
    lane: str


@dataclass(slots=True)
class Query:
    """A tap on a button that waits for its answer."""

    person: int
    asked: float
    answered: bool = False


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


@dataclass(slots=True)
class Front:
    """The web server before several processes of one bot: its posts go to one after the other.

    Args:
        addresses: where the processes listen.
        copies: how many of them get each post, at once.
        ordered: whether a lane's updates wait for each other.
    """

    addresses: list[str]
    copies: int = 1
    ordered: bool = True
    turn: int = 0

    def next(self) -> list[str]:
        """The addresses, beginning with the one whose turn it is."""
        self.turn = (self.turn + 1) % len(self.addresses)
        return self.addresses[self.turn :] + self.addresses[: self.turn]


@dataclass(slots=True)
class Bot:
    """One bot; its id and username come from the number its token begins with."""

    id: int
    token: str
    updates: OrderedDict[int, Update] = field(default_factory=OrderedDict)
    last_update_id: int = 500_000_000
    last_message_id: int = 0
    last_query_id: int = 0
    allowed: list[str] | None = None
    webhook: Webhook | None = None
    front: Front | None = None
    privates: dict[int, Chat] = field(default_factory=dict)
    queries: OrderedDict[str, Query] = field(default_factory=OrderedDict)
    commands: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def username(self) -> str:
        """Without the at sign."""
        return f"puas{self.id}bot"

    def user(self) -> Json:
        """As a User of the Bot API."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": f"Puas {self.id}",
            "username": self.username,
        }

    def wants(self, kind: str) -> bool:
        """Whether it asked for updates of that kind."""
        return kind in self.allowed if self.allowed else kind not in _LEFT_OUT

    def forget_everything(self) -> None:
        """Lose chats, updates and queries; numbers go on, so no offset is taken for a new one."""
        self.privates.clear()
        self.updates.clear()
        self.queries.clear()

    def put(self, kind: str, body: Json, expires: float, lane: str) -> int | None:
        """Queue an update; its id, or None when the bot does not want that kind."""
        if not self.wants(kind):
            return None
        self.last_update_id += 1
        update_id = self.last_update_id
        shown = {"update_id": update_id, kind: body}
        self.updates[update_id] = Update(update_id, shown, expires, lane)
        return update_id

    def confirm(self, offset: int) -> None:
        """Forget the updates below an offset; a negative one keeps that many of the newest."""
        updates = self.updates
        if offset < 0:
            while len(updates) > -offset:
                updates.popitem(last=False)
            return
        while updates and next(iter(updates)) < offset:
            updates.popitem(last=False)

    def ready(self, limit: int, now: float) -> list[Json]:
        """The oldest updates still alive, as Updates of the Bot API."""
        updates = self.updates
        while updates and next(iter(updates.values())).expires < now:
            updates.popitem(last=False)
        alive = (update.body for update in updates.values() if update.expires >= now)
        return list(islice(alive, limit))

    def ask(self, person: int, now: float) -> str:
        """Open a query for a tap; its id."""
        queries = self.queries
        while queries and next(iter(queries.values())).asked + QUERY_LIFE < now:
            queries.popitem(last=False)
        self.last_query_id += 1
        query_id = str((person << 24) + self.last_query_id)
        queries[query_id] = Query(person, now)
        return query_id

    def open_query(self, query_id: str, now: float) -> Query | None:
        """The query with that id while it may still be answered."""
        query = self.queries.get(query_id)
        if query is None or query.answered or now - query.asked > QUERY_LIFE:
            return None
        return query
