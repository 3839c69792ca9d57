"""Starts the Firefox of the machine without JavaScript, and drives it by WebDriver BiDi."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

FIREFOX = Path("/usr/bin/firefox-esr")
START_SECONDS = 60
MOST_TABS = 30
LOAD_SECONDS = 30
EVENTS = [
    "network.beforeRequestSent",
    "browsingContext.navigationStarted",
    "browsingContext.load",
]
LISTENING = re.compile(rb"listening on (ws://\S+)")
PREFERENCES = {
    "javascript.enabled": False,
    "intl.accept_languages": "id",
}
KEYS = {"Tab": "\ue004", "Enter": "\ue007"}


def may_skip() -> bool:
    """Whether tests are skipped for lack of a Firefox; PUAS_TEST_NO_SKIP forbids it."""
    return not FIREFOX.exists() and not os.environ.get("PUAS_TEST_NO_SKIP")


class Firefox:
    """One tab of a running Firefox."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.commands = 0
        self.context = ""
        self.requests: list[str] = []  # the addresses that the tab asked for
        self.started: list[str] = []  # navigations
        self.loaded: set[str] = set()  # those of them that have ended
        self.loads = 0

    async def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come before it are noted."""
        self.commands += 1
        await self.socket.send_json({"id": self.commands, "method": method, "params": params})
        while (answer := await self._message()).get("id") != self.commands:
            pass
        assert answer["type"] == "success", answer
        return dict(answer["result"])

    async def _message(self) -> dict[str, Any]:
        """The next answer or event; events are noted."""
        message: dict[str, Any] = await self.socket.receive_json()
        if message.get("method") == "network.beforeRequestSent":
            self.requests.append(message["params"]["request"]["url"])
        elif message.get("method") == "browsingContext.navigationStarted":
            self.started.append(message["params"]["navigation"])
        elif message.get("method") == "browsingContext.load":
            self.loaded.add(message["params"]["navigation"])
            self.loads += 1
        return message

    async def loads_again(self, since: int) -> None:
        """Wait until a page has loaded since then."""
        async with asyncio.timeout(LOAD_SECONDS):
            while self.loads == since:
                await self._message()

    async def begin(self) -> None:
        """Open a window of its own: in the first one keys go to the browser's toolbars."""
        await self.command("session.new", capabilities={})
        window = await self.command("browsingContext.create", type="window")
        self.context = window["context"]
        await self.command("session.subscribe", events=EVENTS)

    async def resizes(self, width: int) -> None:
        """Give the tab this width, and a height that every page fits into: clicks do not scroll."""
        viewport = {"width": width, "height": 1500}
        await self.command("browsingContext.setViewport", context=self.context, viewport=viewport)

    async def opens(self, url: str) -> None:
        """Open an address."""
        answer = await self.command(
            "browsingContext.navigate", context=self.context, url=url, wait="complete"
        )
        await self._loads(answer["navigation"])

    async def goes_back(self) -> None:
        """Go one page back in the history."""
        since = self.loads
        await self.command("browsingContext.traverseHistory", context=self.context, delta=-1)
        await self.loads_again(since)

    async def nodes(self, css: str) -> list[dict[str, Any]]:
        """The elements that match."""
        found = await self.command(
            "browsingContext.locateNodes",
            context=self.context,
            locator={"type": "css", "value": css},
            serializationOptions={"maxDomDepth": 20},
        )
        return list(found["nodes"])

    async def text(self) -> str:
        """The text of the page; none while it loads."""
        found = await self.nodes("body")
        return re.sub(r"\s+", " ", "".join(_texts(found[0]))) if found else ""

    async def sees(self, *parts: str) -> None:
        """Fail unless the page shows all these parts."""
        shown = await self.text()
        for part in parts:
            assert part in shown, f"{part!r} is not on the page:\n{shown}"

    async def presses(self, label: str, typed: str = "") -> None:
        """Click the button or link whose text begins with `label`, and wait for the next page.

        Args:
            typed: what is typed into the text field before.
        """
        if typed:
            await self._clicks((await self.nodes("textarea, input"))[0])
            await self.types(typed)
        for node in await self.nodes("button, a"):
            if "".join(_texts(node)).strip().startswith(label):
                await self._goes_on(self._clicks(node))
                return
        raise AssertionError(f"no {label!r}:\n{await self.text()}")

    async def answers(self, number: int, times: int) -> None:
        """Answer the next questions by the button of this number."""
        for _ in range(times):
            await self._goes_on(self._clicks((await self.nodes("form button"))[number]))

    async def enters(self) -> None:
        """Press Enter, and wait for the next page."""
        await self._goes_on(self.types("Enter"))

    async def _goes_on(self, press: Awaitable[None]) -> None:
        """Press, and wait for the page that it leads to: loads of earlier pages may come late."""
        before = len(self.started)
        await press
        async with asyncio.timeout(LOAD_SECONDS):
            while len(self.started) == before:
                await self._message()
        await self._loads(self.started[before])

    async def _loads(self, navigation: str) -> None:
        """Wait until the page of this navigation has loaded."""
        async with asyncio.timeout(LOAD_SECONDS):
            while navigation not in self.loaded:
                await self._message()

    async def _clicks(self, node: dict[str, Any]) -> None:
        at = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": at},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._acts("pointer", moves)

    async def tabs_to(self, label: str) -> None:
        """Press Tab until a button or link whose text begins with `label` has the focus."""
        passed: list[str] = []
        for _ in range(MOST_TABS):
            await self.types("Tab")
            passed += ["".join(_texts(node)).strip() for node in await self.nodes(":focus")]
            if passed and passed[-1].startswith(label):
                return
        raise AssertionError(f"no {label!r}: {passed}")

    async def types(self, *keys: str) -> None:
        """Press keys: the names in KEYS, or what is to be typed."""
        each = [key for text in keys for key in ([KEYS[text]] if text in KEYS else text)]
        actions = [{"type": kind, "value": key} for key in each for kind in ("keyDown", "keyUp")]
        await self._acts("key", actions)

    async def _acts(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        await self.command("input.performActions", context=self.context, actions=[source])

    async def screenshot(self) -> bytes:
        """The whole page as PNG."""
        shot = await self.command(
            "browsingContext.captureScreenshot", context=self.context, origin="document"
        )
        return base64.b64decode(shot["data"])


def _texts(node: dict[str, Any]) -> list[str]:
    value = node["value"]
    if "nodeValue" in value:
        return [str(value["nodeValue"])]
    return [text for child in value.get("children", []) for text in _texts(child)]


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator[Firefox]:
    """A running Firefox with a new profile in this folder, ended at the end."""
    lines = (f'user_pref("{name}", {_script(value)});\n' for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines))
    process = await asyncio.create_subprocess_exec(
        FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=PIPE,
        env={**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_SECONDS):
            url = await _listening(process)
        async with (
            ClientSession() as session,
            session.ws_connect(url + "/session", max_msg_size=0) as socket,
        ):
            tab = Firefox(socket)
            await tab.begin()
            yield tab
    finally:
        process.terminate()
        await process.wait()


async def _listening(process: Process) -> str:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if found := LISTENING.search(line):
            return found[1].decode()
    raise AssertionError("Firefox ended at once")


def _script(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
