"""Simulated phones: a person reads the bot's last message, waits for a change, and taps."""

import asyncio
from typing import Any

from simulator.errors import Json
from simulator.world import World

TIMEOUT_SECONDS = 60.0  # of real time, for one answer of the bot


class NoAnswerError(Exception):
    """The bot did not answer in time."""


class Phone:
    """One person's phone with the private chat with the bot open.

    Args:
        id: of the person and of the private chat.
    """

    __slots__ = ("_changed", "id", "message", "seen", "world")

    def __init__(self, world: World, id: int) -> None:  # noqa: A002 - the name of the field in /sim/
        self.world = world
        self.id = id
        self.message: Json = {}
        self.seen = 0  # the number of messages and edits of the bot in this chat
        self._changed = asyncio.Event()

    def show(self, message: Json) -> None:
        """Show a message that the bot sent or edited."""
        self.message = message
        self.seen += 1
        self._changed.set()

    @property
    def text(self) -> str:
        """The text or caption of the bot's newest message."""
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons of the newest message, row by row."""
        rows: Any = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    async def say(self, text: str) -> None:
        """Send a text and wait for the bot."""
        before = self.seen
        self.world.say(self.id, self.id, text)
        await self.wait(before)

    async def tap(self, button: Json, times: int = 1) -> None:
        """Tap a button `times` times without a pause, then wait for the bot."""
        before = self.seen
        number = self.message["message_id"]
        for _ in range(times):
            self.world.tap(self.id, self.id, number, button["callback_data"])
        await self.wait(before)

    async def wait(self, before: int) -> None:
        """Wait until `seen` is greater than `before`.

        Raises:
            NoAnswerError: the bot sent nothing in time.
        """
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while self.seen <= before:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise NoAnswerError(f"person {self.id} waits at: {self.text[:80]}") from None


class Phones:
    """The phones of one world, updated by one event listener."""

    __slots__ = ("_phones", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._phones: dict[int, Phone] = {}
        world.listen(self._on_event)

    def add(
        self,
        id: int,  # noqa: A002 - as above
        language_code: str = "id",
        first_name: str = "Warga",
        role: str = "",
    ) -> Phone:
        """Add a person to the world; their phone."""
        self._world.add_person(id, first_name, language_code, role=role)
        return self._phones.setdefault(id, Phone(self._world, id))

    def _on_event(self, event: Json) -> None:
        if event["type"] not in ("message", "edit"):
            return
        message = event["message"]
        phone = self._phones.get(event["chat"])
        if phone is not None and message.get("from", {}).get("is_bot"):
            phone.show(message)
