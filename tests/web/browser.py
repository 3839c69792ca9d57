"""A browser without JavaScript: it opens pages, follows redirects, keeps cookies, sends forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from office.config import Web
from office.turn import Turn
from storage.database import DatabaseTrouble
from tests.harness import Harness
from web import html
from web.server import application
from web.site import Site

R = TypeVar("R")

MOST_BYTES = 30 * 1024  # of a page with its stylesheet
OTHER_SITES = ("https://www.lapor.go.id", "https://t.me/")  # that a page may lead to
VOID = ("meta", "link", "input", "br", "!doctype")


@dataclass
class Reader(HTMLParser):
    """The text, buttons, links and form of a page."""

    text: str = ""
    buttons: list[tuple[str, str]] = field(default_factory=list)  # label, tap
    links: dict[str, str] = field(default_factory=dict)
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    _open: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        values = {name: value or "" for name, value in attrs}
        assert tag not in ("script", "style", "img", "iframe")
        assert not [name for name in values if name == "style" or name.startswith("on")]
        if tag == "form":
            self.action = values["action"]
        elif tag == "input":
            self.fields[values["name"]] = values.get("value", "")
        elif tag in ("p", "h1", "br", "li"):
            self.text += "\n"
        if tag not in VOID:
            self._open.append((tag, values, ""))

    def handle_data(self, data: str) -> None:
        """Read a text."""
        if self._open:
            tag, values, text = self._open[-1]
            self._open[-1] = (tag, values, text + data)
        if not any(tag in ("button", "a", "title", "label", "textarea") for tag, *_ in self._open):
            self.text += re.sub(r"\s+", " ", data)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        opened, values, text = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag == "button":
            self.buttons.append((text.strip(), values["value"]))
        elif tag == "a":
            self.links[text.strip()] = values["href"]
        elif tag == "textarea":
            self.fields[values["name"]] = text.removeprefix("\n")


@dataclass
class Browser:
    """One browser at the pages of an office."""

    office: Harness
    language: str = "id"
    settings: Web = field(default_factory=Web)
    headers: dict[str, str] = field(default_factory=dict)  # more than every request has
    path: str = ""
    page: Reader = field(default_factory=Reader)
    trouble: bool = False  # whether the office's database refuses to write
    body: str = ""
    status: int = 0
    answered: ClientResponse = field(init=False)

    async def __aenter__(self) -> Self:
        await self._serve()
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.session.close()
        await self.server.close()

    async def _serve(self) -> None:
        """Serve the pages of the program that runs now: a scenario may restart it."""
        self.program = self.office.app
        site = Site(self.program.office, self._answer, self.settings)
        self.server = TestServer(application(site, set()))
        await self.server.start_server()

    async def _answer(self, person: int | None, work: Callable[[Turn], R]) -> R:
        if self.trouble:
            raise DatabaseTrouble("locked")
        return await self.program.turns.answer(person, work)

    @property
    def origin(self) -> str:
        """The scheme and host of the pages."""
        return f"http://{self.server.host}:{self.server.port}"

    async def opens(self, path: str) -> None:
        """Open an address."""
        await self.asks("GET", path)

    async def presses(self, label: str, text: str | None = None, on: Reader | None = None) -> None:
        """Press the button whose label begins with `label`, on this page or an older one.

        Args:
            text: what is typed into the field before.
        """
        self.page = on or self.page
        await self.sends(self.tap(label), text)

    def tap(self, label: str) -> str:
        """What a button of the page says."""
        for each, tap in self.page.buttons:
            if each.startswith(label):
                return tap
        raise AssertionError(f"no button {label!r}:\n{self.shown()}")

    async def sends(self, tap: str, text: str | None = None) -> None:
        """Send the form of the page with this tap."""
        field = next(iter(self.page.fields), "teks")
        values = {**self.page.fields, "tap": tap} | ({} if text is None else {field: text})
        await self.asks("POST", self.page.action or self.path, values)

    async def follows(self, label: str) -> None:
        """Follow the link whose label begins with `label`."""
        links = [url for each, url in self.page.links.items() if each.startswith(label)]
        assert links, f"no link {label!r}:\n{self.shown()}"
        await self.opens(links[0])

    async def asks(self, method: str, path: str, data: Any = None) -> None:
        """Send a request and follow where its answer leads."""
        if self.program is not self.office.app:
            await self.server.close()
            await self._serve()
        own = {"Accept-Language": self.language} | ({} if data is None else {"Origin": self.origin})
        url = f"{self.origin}{path}"
        async with self.session.request(
            method, url, data=data, headers=own | self.headers, allow_redirects=False
        ) as answered:
            body, self.status, self.answered = await answered.text(), answered.status, answered
        if self.status == 303:
            await self.asks("GET", answered.headers["Location"])
            return
        self.path, self.page, self.body = path, Reader(), body
        if answered.content_type == "text/html":
            self.page.feed(body)
            self.page.close()
            self._page_keeps_the_rules()

    def _page_keeps_the_rules(self) -> None:
        """Small, without scripts, and with nothing of another site."""
        assert len(self.body.encode()) + len(html.STYLE) <= MOST_BYTES
        loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', self.body)
        assert set(loaded) == {"data:,", html.STYLE_PATH}
        for address in self.page.links.values():
            assert address.startswith(("/", "#", *OTHER_SITES)), address

    def sees(self, *parts: str) -> None:
        """Fail unless the page shows all these parts."""
        for part in parts:
            assert part in self.page.text, f"{part!r} is not on the page:\n{self.shown()}"

    def sees_not(self, *parts: str) -> None:
        """Fail if the page shows any of these parts."""
        for part in parts:
            assert part not in self.page.text, f"{part!r} is on the page:\n{self.shown()}"

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons."""
        return [label for label, _ in self.page.buttons]

    def forgets(self) -> None:
        """Lose the cookies."""
        self.session.cookie_jar.clear()

    def shown(self) -> str:
        """The page, for failure messages."""
        return f"{self.status} {self.path}\n{self.page.text}\n{self.labels}\n{self.page.links}"

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps."""
        return {each.key: each.value for each in self.session.cookie_jar}

    # --- the steps of a survey -----------------------------------------------------------------

    async def begins(self, path: str = "/l/ktp-el") -> None:
        """Open a service and agree."""
        await self.opens(path)
        await self.presses("Setuju" if self.language == "id" else "I agree")

    async def answers(self, *values: int) -> None:
        """Answer the next questions: 1 is the first button, 0 skips."""
        for value in values:
            label, tap = self.page.buttons[value - 1 if value else -1]
            assert label
            await self.sends(tap)

    async def rates(self, *values: int, path: str = "/l/ktp-el") -> None:
        """Rate a service, decline the questions about oneself, and send."""
        await self.begins(path)
        await self.answers(*(values or (4,) * 9), 0, 0, 0, 0)
        await self.presses("Kirim" if self.language == "id" else "Send")
