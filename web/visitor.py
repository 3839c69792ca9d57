"""Who asks for a page: his cookie, his language, the page before, his address's key; and bursts.

Of many responses of one client within minutes the later ones are flagged, none refused: a whole
village may share the address of its mobile operator, so a burst is only counted apart. What it
takes is in the memory of this process alone, and is neither stored nor logged: for each address a
hash under a key of the process, and the times of its last responses.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from office.words.all_words import Words

UNFLAGGED = 10  # responses of one client within this time; from the next one on they are flagged
WITHIN = timedelta(minutes=10)
MOST_CLIENTS = 10_000  # the one that was seen the longest ago is forgotten
SUBSCRIBER = 64  # bits of an IPv6 address that a provider gives to one subscriber
WORDS = web.AppKey("words", Words)  # of the office whose pages these are
COOKIE_DAYS = 90
TOKEN = re.compile(r"[A-Za-z0-9_-]{24}", re.ASCII)
VISIT_CODE = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
PERSON_BITS = 63


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages are opened: each place has people of its own.

    Args:
        kanal: the channel its responses are counted in.
        cookie: the name of its cookie, and the path it is for.
    """

    kanal: str
    cookie: str
    path: str


HOME = Place("web", "puas", "/")
KIOSK = Place("kios", "puas-kios", "/kios")


def new_token() -> str:
    """What a new cookie holds."""
    return secrets.token_urlsafe(18)


def token_of(request: web.Request, place: Place) -> str | None:
    """The token of the request's cookie; None without one of ours."""
    token = request.cookies.get(place.cookie, "")
    return token if TOKEN.fullmatch(token) else None


def person(secret: bytes, place: Place, token: str) -> int:
    """The number of a person: from the database nobody can make his cookie."""
    digest = hmac.digest(secret, b"cookie " + place.kanal.encode() + token.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") >> (64 - PERSON_BITS)


def chosen_language(request: web.Request) -> str | None:
    """The language that the address names."""
    code = request.query.get("bahasa")
    return code if code in request.app[WORDS].languages else None


def visit_code(request: web.Request) -> str:
    """The code of a visit that the address holds, as the QR of a slip carries it."""
    code = request.query.get("kode", "")
    return code if VISIT_CODE.fullmatch(code) else ""


def language(request: web.Request) -> str:
    """The language of the address, else the browser's first one; at a counter, the office's first.

    The browser of a counter is the office's, and its language says nothing of who stands there.
    """
    if at_counter(request):
        return chosen_language(request) or request.app[WORDS].languages[0]
    first = re.split(r"[,;]", request.headers.get("Accept-Language", ""))[0].strip()
    return chosen_language(request) or request.app[WORDS].language_of(first.lower() or None)


def at_counter(request: web.Request) -> bool:
    """Whether the address is a counter's."""
    return request.path.startswith(f"{KIOSK.path}/")


def origin(request: web.Request) -> str | None:
    """The scheme and host of the page whose form was sent; None when the browser names none."""
    given: str = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(given)
    except ValueError:  # no address at all: `http://[`
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else None


def is_own(request: web.Request, origin: str | None, public_url: str) -> bool:
    """Whether a form was sent by one of our own pages."""
    if origin is None:
        return False
    return origin in (public_url, f"http://{request.host}", f"https://{request.host}")


def address(request: web.Request, proxies: tuple[str, ...]) -> str:
    """The client's address; a proxy's word counts only if the proxy is ours.

    A proxy adds to the client's own header, or sends another one after it.
    """
    peer = request.remote or ""
    if peer not in proxies:
        return peer
    named = request.headers.getall("X-Forwarded-For", [""])[-1]
    return named.rpartition(",")[2].strip() or peer


class Noted(NamedTuple):
    """A response of a client: since when it counts, its key, and whether it was flagged."""

    at: datetime
    key: int
    flagged: bool


@dataclass(slots=True)
class Bursts:
    """The clients of the last minutes; used in the writer thread alone."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _last: OrderedDict[bytes, deque[Noted]] = field(default_factory=OrderedDict, repr=False)

    def notes(self, address: str, key: int, now: datetime) -> bool:
        """Note that a response of this address counts from now on; whether it is of a burst.

        A turn that is tried again notes the response of this key once.
        """
        self._forget_old(now)
        client = hmac.digest(self._key, _network(address).encode(), "sha256")
        noted = self._last.setdefault(client, deque(maxlen=UNFLAGGED))
        for each in noted:
            if each.key == key:
                return each.flagged
        flagged = len(noted) == UNFLAGGED and now - noted[0].at < WITHIN
        noted.append(Noted(now, key, flagged))
        self._last.move_to_end(client)
        if len(self._last) > MOST_CLIENTS:
            self._last.popitem(last=False)
        return flagged

    def _forget_old(self, now: datetime) -> None:
        """Forget who sent nothing within the time; the clients stand in the order of their last."""
        while self._last:
            client, noted = next(iter(self._last.items()))
            if now - noted[-1].at < WITHIN:
                return
            del self._last[client]

    def __len__(self) -> int:
        """How many clients are known."""
        return len(self._last)


def _network(address: str) -> str:
    """What one subscriber cannot change: an IPv4 address, the network of an IPv6 address."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return address
    if given.version == 4:
        return str(given)
    if given.ipv4_mapped is not None:
        return str(given.ipv4_mapped)
    return str(ipaddress.ip_network((int(given), SUBSCRIBER), strict=False))
