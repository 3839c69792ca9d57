"""Simulated browsers without JavaScript: pages and forms over HTTP, and a cookie jar each."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus

from aiohttp import ClientResponse, ClientSession, CookieJar, DummyCookieJar, TCPConnector
from yarl import URL

REUSE_SECONDS = 5.0  # of an idle connection; the server closes it later
FIELD = "teks"


class Reader(HTMLParser):
    """Reads the text of a page and its form: where it is sent, and its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.action = ""
        self.has_field = False
        self.buttons: dict[str, str] = {}  # the value of each, by its label
        self._button: str | None = None  # the value of the button that is being read
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, its text field or a button."""
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.action = values["action"]
            case "input" | "textarea":
                self.has_field = True
            case "button":
                self._button = values["value"]
            case _:
                self.text += " "

    def handle_endtag(self, tag: str) -> None:
        """End a button."""
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        """Read a text, or the label of a button."""
        if self._button is None:
            self.text += data
        else:
            self.buttons[data.strip()] = self._button


@dataclass(slots=True)
class Browser:
    """The browser of one person, at home or at a counter.

    Args:
        start: the path before the code of a service.
    """

    origin: str
    language: str
    start: str
    session: ClientSession
    jar: CookieJar
    path: str = ""
    page: Reader = field(default_factory=lambda: Reader(""))

    @property
    def text(self) -> str:
        """The text of the page."""
        return self.page.text

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons of its form."""
        return list(self.page.buttons)

    async def visit(self, service: str) -> None:
        """Open the page of a service."""
        self.path = f"{self.start}{service}"
        await self._open(self.path)

    async def come_back(self) -> None:
        """Open the same page again."""
        await self._open(self.path)

    async def press(self, label: str, times: int = 1) -> None:
        """Send the form by one of its buttons; of several answers the last one is followed."""
        sent = {"tap": self.page.buttons[label]}
        locations = await asyncio.gather(*(self._send(sent) for _ in range(times)))
        await self._open(locations[-1])

    async def write(self, text: str) -> None:
        """Send the form with a text in its field, by the button under the field."""
        if not self.page.has_field:
            raise LookupError(f"no text field under: {self.text[:120]}")
        first = next(iter(self.page.buttons.values()))
        await self._open(await self._send({"tap": first, FIELD: text}))

    async def _open(self, address: str) -> None:
        """Open an address of this origin, and read the page."""
        async with self._request("GET", address) as answered:
            page = await answered.text()
            self._keep_cookies(answered)
        if answered.status != HTTPStatus.OK:
            raise LookupError(f"{answered.status} at {address}")
        self.page = Reader(page)

    async def _send(self, values: dict[str, str]) -> str:
        """Send the form; the address of the next page."""
        async with self._request("POST", self.page.action, values) as answered:
            self._keep_cookies(answered)
        if answered.status != HTTPStatus.SEE_OTHER:
            raise LookupError(f"{answered.status} after {self.text[:120]}")
        return answered.headers["Location"]

    def _request(
        self, method: str, address: str, values: dict[str, str] | None = None
    ) -> AbstractAsyncContextManager[ClientResponse]:
        url = URL(f"{self.origin}{address}", encoded=True)
        headers = {"Accept-Language": self.language}
        if values is not None:
            headers["Origin"] = self.origin
        cookies = {name: each.value for name, each in self.jar.filter_cookies(url).items()}
        return self.session.request(
            method, url, data=values, headers=headers, cookies=cookies, allow_redirects=False
        )

    def _keep_cookies(self, answered: ClientResponse) -> None:
        self.jar.update_cookies(answered.cookies, answered.url)


class Browsers:
    """Opens browsers at the pages of an office; they share their connections."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        connector = TCPConnector(limit=0, keepalive_timeout=REUSE_SECONDS)
        self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())

    def at_home(self, language: str) -> Browser:
        """A browser of somebody who opens the address on a poster."""
        return self._new(language, "/l/")

    def at_counter(self, language: str) -> Browser:
        """The screen at a counter, for one person."""
        return self._new(language, "/kios/")

    def _new(self, language: str, start: str) -> Browser:
        # Addresses of loopback are numbers, which a safe jar refuses.
        return Browser(self.origin, language, start, self._session, CookieJar(unsafe=True))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
