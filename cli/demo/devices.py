"""What a simulated citizen holds: the chat on a phone, or anything else that shows a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.phones import Phone


class Device(Protocol):
    """A screen with a text and buttons, which answers what its user does."""

    @property
    def text(self) -> str:
        """The text on the screen."""
        ...

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the buttons, row by row."""
        ...

    async def visit(self, service: str) -> None:
        """Open the survey of a service, as its QR code does."""
        ...

    async def come_back(self) -> None:
        """Open the survey again; the screen offers to continue."""
        ...

    async def press(self, label: str, times: int = 1) -> None:
        """Press the button with this label `times` times without a pause."""
        ...

    async def write(self, text: str) -> None:
        """Send the text that the screen asks for."""
        ...


@dataclass(slots=True)
class Chat:
    """The private chat with the bot on a phone."""

    phone: Phone

    @property
    def text(self) -> str:
        """The text of the bot's newest message."""
        return self.phone.text

    @property
    def labels(self) -> list[str]:
        """The labels of its inline buttons."""
        return [str(button["text"]) for button in self.phone.buttons]

    async def visit(self, service: str) -> None:
        """Open the link in the QR code of a service."""
        await self.phone.say(f"/start l_{service}")

    async def come_back(self) -> None:
        """Send /mulai."""
        await self.phone.say("/mulai")

    async def press(self, label: str, times: int = 1) -> None:
        """Tap a button and wait for the bot."""
        await self.phone.tap(self.phone.buttons[self.labels.index(label)], times)

    async def write(self, text: str) -> None:
        """Send a message."""
        await self.phone.say(text)
