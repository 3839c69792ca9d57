"""The operations of the `/sim/` interface: one class for each `POST /sim/NAME`."""

from abc import abstractmethod
from dataclasses import asdict
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
)

from simulator.errors import Json
from simulator.faults import Fault, FaultAnswer
from simulator.loopback import is_loopback
from simulator.model.bots import LoadBalancer
from simulator.model.files import Upload, UploadKind
from simulator.rate_limiter import DEFAULT_LIMITS, Limits
from simulator.world import World

BotField = int | str | None
Seconds = Annotated[FiniteFloat, Field(ge=0)]


def _checked_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "http" or not is_loopback(parts.netloc):
        raise ValueError("the simulator reaches http:// on loopback only")
    return address


_WHO_ALIASES = AliasChoices("who", "user_id", "user", "person", "member", "id")


class Operation(BaseModel):
    """An operation: its fields are the request's body, its name the last part of the path."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    name: ClassVar[str]

    @abstractmethod
    def apply(self, world: World) -> Json:
        """Carry out the operation; the response's body."""


class Reset(Operation):
    """Delete everything but the registered bots and the settings."""

    name = "reset"
    bot: BotField = None

    def apply(self, world: World) -> Json:
        world.reset()
        return {}


class People(Operation):
    """Add a person, or replace the one with this id."""

    name = "people"
    id: int
    first_name: str = "Warga"
    language_code: str = "id"
    username: str | None = None
    deactivated: bool = False
    role: str = ""
    bot: BotField = None

    def apply(self, world: World) -> Json:
        values = (self.id, self.first_name, self.language_code, self.username, self.deactivated)
        return world.add_person(*values, self.role).user()


class Groups(Operation):
    """Create a group; every bot joins, and the first member is the owner."""

    name = "groups"
    id: int
    title: str
    members: list[int] = []
    bot: BotField = None

    def apply(self, world: World) -> Json:
        return world.add_group(self.id, self.title, self.members).json


class _MemberOperation(Operation):
    """An operation on a member of a group: the bot, unless `who` names another."""

    chat: int
    who: int | None = Field(None, validation_alias=_WHO_ALIASES)
    by: int | None = Field(None, validation_alias=AliasChoices("by", "from"))
    bot: BotField = None

    def user_id(self, world: World) -> int:
        """The id of the member."""
        return world.bot(self.bot).id if self.who is None else self.who


class Add(_MemberOperation):
    """Add a person or bot to a group."""

    name = "add"

    def apply(self, world: World) -> Json:
        return {"update_id": world.add_member(self.chat, self.user_id(world), self.by)}


class Kick(_MemberOperation):
    """Remove a person or bot from a group."""

    name = "kick"

    def apply(self, world: World) -> Json:
        return {"update_id": world.kick(self.chat, self.user_id(world), self.by)}


class Promote(_MemberOperation):
    """Make a member an administrator; with all rights unless `rights` names some."""

    name = "promote"
    rights: list[str] | None = None

    def apply(self, world: World) -> Json:
        return {"update_id": world.promote(self.chat, self.user_id(world), self.rights, self.by)}


class Restrict(_MemberOperation):
    """Leave a member only the allowed permissions."""

    name = "restrict"
    allowed: list[str] = []

    def apply(self, world: World) -> Json:
        return {"update_id": world.restrict(self.chat, self.user_id(world), self.allowed, self.by)}


class _PersonOperation(Operation):
    """An action of a person in a chat; in the private chat, unless `chat` names another."""

    from_: int = Field(alias="from")
    chat: int | None = None
    bot: BotField = None

    @property
    def chat_id(self) -> int:
        """The id of the chat."""
        return self.from_ if self.chat is None else self.chat


class Say(_PersonOperation):
    """Send a text."""

    name = "say"
    text: str
    topic: int | None = None
    reply_to: int | None = None
    anonymous: bool = False
    typed: bool = False

    def apply(self, world: World) -> Json:
        update_id = world.say(
            self.from_,
            self.chat_id,
            self.text,
            self.topic,
            self.reply_to,
            self.anonymous,
            typed=self.typed,
            bot=self.bot,
        )
        return {"update_id": update_id}


class Edit(_PersonOperation):
    """Edit a text that the person wrote."""

    name = "edit"
    message_id: int
    text: str

    def apply(self, world: World) -> Json:
        message = (self.from_, self.chat_id, self.message_id)
        return {"update_id": world.edit(*message, self.text, bot=self.bot)}


class Sticker(_PersonOperation):
    """Send a sticker."""

    name = "sticker"

    def apply(self, world: World) -> Json:
        return {"update_id": world.send_sticker(self.from_, self.chat_id, bot=self.bot)}


class SendFile(_PersonOperation):
    """Send a document, photo or voice message; the only operation in a multipart body."""

    name = "upload"
    file: Upload
    kind: UploadKind = "document"
    caption: str = ""
    topic: int | None = None
    reply_to: int | None = None
    anonymous: bool = False

    def apply(self, world: World) -> Json:
        update_id = world.send_file(
            self.from_,
            self.chat_id,
            self.file.name,
            self.file.content,
            self.file.mime,
            self.kind,
            self.caption,
            self.topic,
            self.reply_to,
            self.anonymous,
            bot=self.bot,
        )
        return {"update_id": update_id}


class Tap(_PersonOperation):
    """Tap a button; any data is accepted."""

    name = "tap"
    message_id: int
    data: str

    def apply(self, world: World) -> Json:
        message = (self.from_, self.chat_id, self.message_id)
        return {"update_id": world.tap(*message, self.data, bot=self.bot)}


class Block(_PersonOperation):
    """Block the bot, or unblock it."""

    name = "block"
    blocked: bool = True

    def apply(self, world: World) -> Json:
        return {"update_id": world.block(self.from_, self.blocked, bot=self.bot)}


class Forget(Operation):
    """Make a message inaccessible to the bot, as an old one is."""

    name = "forget"
    chat: int
    message_id: int
    bot: BotField = None

    def apply(self, world: World) -> Json:
        world.forget(self.chat, self.message_id, bot=self.bot)
        return {}


class Migrate(Operation):
    """Turn a group into a supergroup."""

    name = "migrate"
    chat: int
    bot: BotField = None

    def apply(self, world: World) -> Json:
        return {"new_chat": world.migrate(self.chat)}


class Topic(Operation):
    """Open a topic of a supergroup, or delete it."""

    name = "topic"
    chat: int
    id: int
    deleted: bool = False
    title: str = ""
    bot: BotField = None

    def apply(self, world: World) -> Json:
        if self.deleted:
            world.delete_topic(self.chat, self.id)
        else:
            world.open_topic(self.chat, self.id, self.title)
        return {}


class Faults(Operation):
    """Add a fault for the next calls of a method."""

    name = "faults"
    method: str
    answer: FaultAnswer
    chat: int | None = None
    times: int = Field(1, ge=1)
    retry_after: int = Field(1, ge=1)
    seconds: Seconds = 1.0
    bot: BotField = None

    def apply(self, world: World) -> Json:
        values = (self.chat, self.times, self.retry_after, self.seconds)
        world.faults.add(Fault(self.method, self.answer, *values))
        return {}


class Spread(Operation):
    """Distribute a bot's webhook posts over several processes, as a load balancer does."""

    name = "spread"
    addresses: list[Annotated[str, AfterValidator(_checked_address)]]
    copies: int = Field(1, ge=1)
    ordered: bool = True
    bot: BotField = None

    def apply(self, world: World) -> Json:
        balancer = LoadBalancer(list(self.addresses), self.copies, self.ordered)
        world.bot(self.bot).load_balancer = balancer if self.addresses else None
        return {}


class Latency(Operation):
    """Set the latency of every call."""

    name = "latency"
    seconds: Seconds
    bot: BotField = None

    def apply(self, world: World) -> Json:
        world.latency = self.seconds
        return {"seconds": self.seconds}


class SetLimits(Operation):
    """Set the rate limits: null removes a limit, an absent one is unchanged."""

    name = "limits"
    per_chat: Annotated[float, Field(gt=0)] | None = None
    per_group_minute: Annotated[int, Field(ge=0)] | None = None
    overall: Annotated[int, Field(ge=0)] | None = None
    burst: Annotated[int, Field(ge=1)] | None = None
    bot: BotField = None

    def apply(self, world: World) -> Json:
        old = world.limits or DEFAULT_LIMITS
        changed = self.model_dump(include=self.model_fields_set - {"bot"})
        if changed.get("burst", 0) is None:
            changed["burst"] = 1
        world.limits = Limits(**(asdict(old) | changed))
        return asdict(world.limits)


class MoveClock(Operation):
    """Set the clock, advance it, or both."""

    name = "clock"
    now: AwareDatetime | None = None
    advance: FiniteFloat | None = None
    bot: BotField = None

    def apply(self, world: World) -> Json:
        if self.now is not None:
            world.clock.set(self.now)
        if self.advance is not None:
            world.clock.advance(self.advance)
        return {"now": world.clock.now().isoformat()}


OPERATIONS: tuple[type[Operation], ...] = (
    Reset,
    People,
    Groups,
    Add,
    Kick,
    Promote,
    Restrict,
    Say,
    Edit,
    Sticker,
    Tap,
    Block,
    Forget,
    Migrate,
    Topic,
    Faults,
    Spread,
    Latency,
    SetLimits,
    MoveClock,
)
