"""Who asks for a page: his cookie, his language, the page he comes from, and his address's key."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from office.words.all_words import Words

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
