"""What can be ordered of a world from outside, one class per `POST /sim/NAME`."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar
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

from simulator import loopback
from simulator.arguments import Json, Upload
from simulator.bots import Front
from simulator.fault import Fault, Kind
from simulator.files import UploadKind
from simulator.pace import Limits
from simulator.world import ADVICE, World

BotField = int | str | None
Seconds = Annotated[FiniteFloat, Field(ge=0)]


def _reached(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "http" or not loopback.is_here(parts.netloc):
        raise ValueError("the simulator reaches http:// on loopback only")
    return address


_WHO = AliasChoices("who", "user_id", "user", "person", "member", "id")


class Order(BaseModel):
    """An order; its fields are the body, its name the last part of the address."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    name: ClassVar[str]

    @abstractmethod
    def carry_out(self, world: World) -> Json:
        """Do it; the answer."""


class Reset(Order):
    """Begin anew, with the bots that run."""

    name = "reset"
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        world.reset()
        return {}


class People(Order):
    """Bring a person into the world, or change one."""

    name = "people"
    id: int
    first_name: str = "Warga"
    language_code: str = "id"
    username: str | None = None
    deactivated: bool = False
    role: str = ""
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        values = (self.id, self.first_name, self.language_code, self.username, self.deactivated)
        return world.person(*values, self.role).user()


class Groups(Order):
    """Open a group; every bot joins, the first member owns it."""

    name = "groups"
    id: int
    title: str
    members: list[int] = []
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        return world.group(self.id, self.title, self.members).face


class _OfMember(Order):
    """An order about somebody in a group: the bot, unless `who` names another."""

    chat: int
    who: int | None = Field(None, validation_alias=_WHO)
    by: int | None = Field(None, validation_alias=AliasChoices("by", "from"))
    bot: BotField = None

    def whom(self, world: World) -> int:
        """The person or bot that is meant."""
        return world.bot(self.bot).id if self.who is None else self.who


class Add(_OfMember):
    """Add somebody to a group."""

    name = "add"

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.add(self.chat, self.whom(world), self.by)}


class Kick(_OfMember):
    """Remove somebody from a group."""

    name = "kick"

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.kick(self.chat, self.whom(world), self.by)}


class Promote(_OfMember):
    """Make somebody administrator of a group, with all rights unless named."""

    name = "promote"
    rights: list[str] | None = None

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.promote(self.chat, self.whom(world), self.rights, self.by)}


class Restrict(_OfMember):
    """Take from somebody all permissions but the allowed ones."""

    name = "restrict"
    allowed: list[str] = []

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.restrict(self.chat, self.whom(world), self.allowed, self.by)}


class _OfPerson(Order):
    """An order about what somebody does in a chat: the private one, unless named."""

    from_: int = Field(alias="from")
    chat: int | None = None
    bot: BotField = None

    @property
    def place(self) -> int:
        """The chat."""
        return self.from_ if self.chat is None else self.chat


class Say(_OfPerson):
    """Write a message."""

    name = "say"
    text: str
    topic: int | None = None
    reply_to: int | None = None
    anonymous: bool = False
    typed: bool = False

    def carry_out(self, world: World) -> Json:
        how = (self.text, self.topic, self.reply_to, self.anonymous)
        said = world.say(self.from_, self.place, *how, typed=self.typed, bot=self.bot)
        return {"update_id": said}


class Edit(_OfPerson):
    """Change a message one wrote."""

    name = "edit"
    message_id: int
    text: str

    def carry_out(self, world: World) -> Json:
        which = (self.from_, self.place, self.message_id)
        return {"update_id": world.edit(*which, self.text, bot=self.bot)}


class Sticker(_OfPerson):
    """Send a sticker."""

    name = "sticker"

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.sticker(self.from_, self.place, bot=self.bot)}


class SendFile(_OfPerson):
    """Send a document, photo or voice message; the one order that comes as multipart."""

    name = "upload"
    file: Upload
    kind: UploadKind = "document"
    caption: str = ""
    topic: int | None = None
    reply_to: int | None = None
    anonymous: bool = False

    def carry_out(self, world: World) -> Json:
        sent = (self.file.name, self.file.content, self.file.mime, self.kind, self.caption)
        how = (self.topic, self.reply_to, self.anonymous)
        return {"update_id": world.upload(self.from_, self.place, *sent, *how, bot=self.bot)}


class Tap(_OfPerson):
    """Tap a button; any data is accepted."""

    name = "tap"
    message_id: int
    data: str

    def carry_out(self, world: World) -> Json:
        which = (self.from_, self.place, self.message_id)
        return {"update_id": world.tap(*which, self.data, bot=self.bot)}


class Block(_OfPerson):
    """Block the bot, or unblock it."""

    name = "block"
    blocked: bool = True

    def carry_out(self, world: World) -> Json:
        return {"update_id": world.block(self.from_, self.blocked, bot=self.bot)}


class Forget(Order):
    """Put an old message out of the bot's reach."""

    name = "forget"
    chat: int
    message_id: int
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        world.forget(self.chat, self.message_id, bot=self.bot)
        return {}


class Migrate(Order):
    """Turn a group into a supergroup."""

    name = "migrate"
    chat: int
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        return {"new_chat": world.migrate(self.chat)}


class Topic(Order):
    """Open a topic of a supergroup, or delete it."""

    name = "topic"
    chat: int
    id: int
    deleted: bool = False
    title: str = ""
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        world.topic(self.chat, self.id, self.deleted, self.title)
        return {}


class Faults(Order):
    """Let the next calls of a method fail."""

    name = "faults"
    method: str
    answer: Kind
    chat: int | None = None
    times: int = Field(1, ge=1)
    retry_after: int = Field(1, ge=1)
    seconds: Seconds = 1.0
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        values = (self.chat, self.times, self.retry_after, self.seconds)
        world.faults.add(Fault(self.method, self.answer, *values))
        return {}


class Spread(Order):
    """Put a web server before several processes of a bot: its posts go to them in turn."""

    name = "spread"
    addresses: list[Annotated[str, AfterValidator(_reached)]]
    copies: int = Field(1, ge=1)
    ordered: bool = True
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        front = Front(list(self.addresses), self.copies, self.ordered)
        world.bot(self.bot).front = front if self.addresses else None
        return {}


class Latency(Order):
    """How long every call takes."""

    name = "latency"
    seconds: Seconds
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        world.latency = self.seconds
        return {"seconds": self.seconds}


class SetLimits(Order):
    """How fast a bot may write: null lifts a limit, an absent one stays as it is."""

    name = "limits"
    per_chat: Annotated[float, Field(gt=0)] | None = None
    per_group_minute: Annotated[int, Field(ge=0)] | None = None
    overall: Annotated[int, Field(ge=0)] | None = None
    burst: Annotated[int, Field(ge=1)] | None = None
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        old = world.limits or ADVICE
        named = self.model_dump(include=self.model_fields_set - {"bot"})
        if named.get("burst", 0) is None:
            named["burst"] = 1
        world.limits = Limits(**(_shown(old) | named))
        return _shown(world.limits)


class MoveClock(Order):
    """Set the clock, or let seconds pass, or both."""

    name = "clock"
    now: AwareDatetime | None = None
    advance: FiniteFloat | None = None
    bot: BotField = None

    def carry_out(self, world: World) -> Json:
        if self.now is not None:
            world.clock.set(self.now)
        if self.advance is not None:
            world.clock.advance(self.advance)
        return {"now": world.clock.now().isoformat()}


def _shown(limits: Limits) -> dict[str, Any]:
    names = ("per_chat", "per_group_minute", "overall", "burst")
    return {name: getattr(limits, name) for name in names}


ORDERS: tuple[type[Order], ...] = (
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
