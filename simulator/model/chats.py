"""Chats and their messages."""

from dataclasses import dataclass, field
from typing import Literal

from simulator.errors import Json
from simulator.model.people import Member

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
SUPERGROUPS_BELOW = -1_000_000_000_000

ChatKind = Literal["private", "group", "supergroup"]


@dataclass(slots=True)
class Message:
    """A message and its earlier versions.

    Args:
        json: the Message object of the Bot API. An edit replaces it and never changes it in place,
            because queued updates refer to it.
        author: id of the person or bot that wrote it, also of an anonymous administrator.
        earlier_versions: what it showed before each edit, oldest first.
        deleted: no longer in the chat.
        inaccessible: still in the chat, but too old for the bot to read or edit.
    """

    json: Json
    author: int
    earlier_versions: list[Json] = field(default_factory=list)
    deleted: bool = False
    inaccessible: bool = False

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self.json["message_id"])

    def versions(self) -> list[Json]:
        """All versions, oldest first."""
        return [*self.earlier_versions, self.json]


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is the number of the message that opened it."""

    id: int
    name: str
    deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat with one bot, a group, or a supergroup.

    Args:
        id: the person's id in a private chat, otherwise negative.
        known: whether the bot may write; in a private chat only after the person's first message.
        blocked: the person of a private chat blocked the bot.
        last_writing_bot: id of the bot that wrote last.
        keyboard: the reply keyboard that a bot set.
        waits_for_bot: created before there was any bot; the first bot joins.
        json: the Chat object of the Bot API.
    """

    id: int
    kind: ChatKind
    title: str = ""
    known: bool = True
    blocked: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_message_id: int = 0
    last_writing_bot: int = 0
    pinned: int | None = None
    keyboard: Json | None = None
    migrated_to: int | None = None
    waits_for_bot: bool = False
    json: Json = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it is a private chat of one person with one bot."""
        return self.kind == "private"

    def member(self, user_id: int) -> Member | None:
        """A present or former member; None for a user who was never in the chat."""
        return self.members.get(user_id)

    def has_member(self, user_id: int) -> bool:
        """Whether the user is in the group now."""
        member = self.members.get(user_id)
        return member is not None and member.is_present

    def message(self, message_id: int) -> Message | None:
        """The message with this number; None when it does not exist or was deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def refresh_json(self) -> None:
        """Rebuild `json` after a change of a group."""
        self.json = {"id": self.id, "title": self.title, "type": self.kind}
        if self.topics:
            self.json["is_forum"] = True
