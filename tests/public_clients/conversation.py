"""A person's side of a dialogue with an example bot, through `/sim/`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from tests.simulator.clients import Sim
from tests.simulator.images import png

FILE = Path(__file__).with_name("dialogues.txt")
PERSON = 123456789  # errorhandlerbot sends its reports to this chat
PATIENCE = 30.0  # seconds

T = TypeVar("T")


class Problem(Exception):
    """What a bot did not do."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One bot and the lines of `dialogues.txt` that are held with it."""

    client: str
    name: str
    steps: list[str] = field(default_factory=list)


def dialogues() -> list[Dialogue]:
    """All dialogues of the file."""
    listed: list[Dialogue] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            client, name = line[3:].split()
            listed.append(Dialogue(client, name))
        elif line and not line.startswith("# ") and line != "#":
            listed[-1].steps.append(line)
    return listed


class Conversation:
    """One person and one bot, which runs as a process of its own."""

    def __init__(self, sim: Sim, bot: int, process: asyncio.subprocess.Process) -> None:
        self.sim = sim
        self.bot = bot
        self.process = process
        self.chat = PERSON
        self.read: set[tuple[int, int]] = set()  # message and version that a line was found in
        self.toasts = 0

    async def hold(self, steps: list[str]) -> None:
        """Do every step, once the bot polls."""
        await self.sim.post("people", id=PERSON, first_name="Siti", username="siti")
        await self._until("it never polled", self._polls)
        for step in steps:
            await self._do(step)

    async def refused(self) -> str | None:
        """The first call of the bot that was refused; None when there is none."""
        for call in await self.sim.get("requests", since=0):
            if call["bot"] == self.bot and (call["status"] or 0) >= 400:
                return f"{call['method']}: {call['description']}"
        return None

    async def _do(self, step: str) -> None:
        rest = step[2:]
        match step[0]:
            case ">":
                await self._post("say", {"from": PERSON, "chat": self.chat, "text": rest})
            case "[":
                shown = await self._until(step, lambda: self._button(step[1:-1]))
                await self._post("tap", {"from": PERSON, "chat": self.chat, **shown})
            case "<":
                text = rest.replace("\\n", "\n")
                await self._until(step, lambda: self._shows(text))
            case "!":
                await self._until(step, lambda: self._toasts(rest))
            case "@":
                self.chat = int(rest)
            case "+":
                await self._photo(rest)
            case "$":
                name, _, fields = rest.partition(" ")
                await self._post(name, json.loads(fields))
            case _:
                raise Problem(f"unknown step: {step}")

    async def _post(self, name: str, fields: dict[str, Any]) -> None:
        answer = await self.sim.post(name, fields | {"bot": self.bot})
        if answer["status"] != 200:
            raise Problem(f"{name}: {answer['error']}")

    async def _photo(self, name: str) -> None:
        form = aiohttp.FormData({"from": str(PERSON), "kind": "photo", "bot": str(self.bot)})
        form.add_field("file", png(40, 30), filename=name, content_type="image/png")
        async with self.sim.session.post(f"{self.sim.url}/upload", data=form) as response:
            if response.status != 200:
                raise Problem(await response.text())

    async def _until(self, step: str, attempt: Callable[[], Awaitable[T | None]]) -> T:
        """The first result that is not None, within `PATIENCE` seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                while (result := await attempt()) is None:
                    if self.process.returncode is not None:
                        raise Problem(f"{step}: the program ended")
                    await asyncio.sleep(0.02)
                return result
        except TimeoutError:
            refused = await self.refused() or "no call was refused"
            raise Problem(f"{step}: not within {PATIENCE:.0f} s; {refused}") from None

    async def _polls(self) -> bool | None:
        calls = await self.sim.get("requests", since=0)
        polls = (call["bot"] == self.bot and call["method"] == "getUpdates" for call in calls)
        return any(polls) or None

    async def _versions(self) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
        history = await self.sim.get("history", chat=self.chat, bot=self.bot)
        return (
            ((message["message_id"], number), version)
            for message in history
            for number, version in enumerate(message["versions"])
            if version["from"]["id"] == self.bot
        )

    async def _shows(self, text: str) -> bool | None:
        for key, version in await self._versions():
            shown = version.get("text") or version.get("caption") or ""
            if key not in self.read and text in shown:
                self.read.add(key)
                return True
        return None

    async def _button(self, label: str) -> dict[str, Any] | None:
        shown = await self.sim.get("transcript", chat=self.chat, bot=self.bot)
        for message in reversed(shown):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                if button["text"] == label:
                    return {"message_id": message["message_id"], "data": button["callback_data"]}
        return None

    async def _toasts(self, text: str) -> bool | None:
        toasts = await self.sim.get("toasts", person=PERSON)
        for number, toast in enumerate(toasts):
            if number >= self.toasts and text in (toast["text"] or toast.get("url", "")):
                self.toasts = number + 1
                return True
        return None
