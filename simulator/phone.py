"""Phones: a person who looks at the bot's last message, waits for it to change, and taps."""

import asyncio
from typing import Any

from simulator.arguments import Json
from simulator.world import World

PATIENCE = 60.0  # seconds of real time a person waits for an answer


class NoAnswerError(Exception):
    """The bot did not answer in time."""


class Phone:
    """One person's phone, showing the chat with the bot.

    Args:
        id: the person, and the private chat.
    """

    __slots__ = ("_changed", "id", "message", "seen", "world")

    def __init__(self, world: World, id: int) -> None:  # noqa: A002 - the name of the field in /sim/
        self.world = world
        self.id = id
        self.message: Json = {}
        self.seen = 0  # how often the bot wrote or edited here
        self._changed = asyncio.Event()

    def show(self, message: Json) -> None:
        """The bot wrote this, or edited it."""
        self.message = message
        self.seen += 1
        self._changed.set()

    @property
    def text(self) -> str:
        """What the bot's newest message says."""
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, row by row."""
        rows: Any = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    async def say(self, text: str) -> None:
        """Type something, and wait for the bot."""
        before = self.seen
        self.world.say(self.id, self.id, text)
        await self.wait(before)

    async def tap(self, button: Json, times: int = 1) -> None:
        """Press a button, `times` in one go, and wait for the bot."""
        before = self.seen
        number = self.message["message_id"]
        for _ in range(times):
            self.world.tap(self.id, self.id, number, button["callback_data"])
        await self.wait(before)

    async def wait(self, before: int) -> None:
        """Wait until the bot showed something after `before`.

        Raises:
            NoAnswerError: it did not.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                while self.seen <= before:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise NoAnswerError(f"person {self.id} waits at: {self.text[:80]}") from None


class Phones:
    """The phones of one world: one ear for all of them."""

    __slots__ = ("_phones", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._phones: dict[int, Phone] = {}
        world.listen(self._hear)

    def give(
        self,
        id: int,  # noqa: A002 - as above
        language_code: str = "id",
        first_name: str = "Warga",
        role: str = "",
    ) -> Phone:
        """A person comes into the world with a phone."""
        self._world.person(id, first_name, language_code, role=role)
        return self._phones.setdefault(id, Phone(self._world, id))

    def _hear(self, event: Json) -> None:
        if event["type"] not in ("message", "edit"):
            return
        message = event["message"]
        phone = self._phones.get(event["chat"])
        if phone is not None and message.get("from", {}).get("is_bot"):
            phone.show(message)
