"""Chats and the messages in them."""

from dataclasses import dataclass, field
from typing import Literal

from simulator.arguments import Json
from simulator.people import Member

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
SUPERGROUPS_BELOW = -1_000_000_000_000

Kind = Literal["private", "group", "supergroup"]


@dataclass(slots=True)
class Message:
    """One message: what it shows now, and what it showed before each edit.

    Args:
        shown: as a Message of the Bot API; replaced, never changed, so updates may point at it.
        author: id of the person or bot who wrote it, also when the name is hidden.
        before: earlier versions, oldest first.
        deleted: gone from the chat.
        forgotten: still in the chat, but no longer within the bot's reach.
    """

    shown: Json
    author: int
    before: list[Json] = field(default_factory=list)
    deleted: bool = False
    forgotten: bool = False

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self.shown["message_id"])

    def versions(self) -> list[Json]:
        """All it ever showed, oldest first."""
        return [*self.before, self.shown]


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is the message that opened it."""

    id: int
    name: str
    deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat with one bot, a group, or a supergroup.

    Args:
        id: the person's id in a private chat, else negative.
        known: whether the bot may write: in a private chat the person wrote first.
        blocked: the person of a private chat blocked the bot.
        last_bot: the bot that wrote last.
        keyboard: the reply keyboard a bot left in the chat.
        waits_for_bot: made before there was any bot; the first one joins.
    """

    id: int
    kind: Kind
    title: str = ""
    known: bool = True
    blocked: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_message_id: int = 0
    last_bot: int = 0
    pinned: int | None = None
    keyboard: Json | None = None
    migrated_to: int | None = None
    waits_for_bot: bool = False
    face: Json = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it is one person's chat with one bot."""
        return self.kind == "private"

    def member(self, user_id: int) -> Member | None:
        """What somebody is here, also after leaving; None when never seen."""
        return self.members.get(user_id)

    def has_in(self, user_id: int) -> bool:
        """Whether somebody reads the group."""
        member = self.members.get(user_id)
        return member is not None and member.is_in

    def message(self, message_id: int) -> Message | None:
        """A message that is still there."""
        found = self.messages.get(message_id)
        return None if found is None or found.deleted else found

    def redraw(self) -> None:
        """Make `face`, the Chat of the Bot API, anew after a change of a group."""
        self.face = {"id": self.id, "title": self.title, "type": self.kind}
        if self.topics:
            self.face["is_forum"] = True
