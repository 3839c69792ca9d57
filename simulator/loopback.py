"""Who may come in: callers on this computer, and of web pages only the simulator's own."""

import ipaddress
from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

_OWN = frozenset({"none", "same-origin"})  # what a browser says of a request from nowhere or here


@web.middleware
async def only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse other names of this computer (DNS rebinding) and calls of foreign web pages.

    Programs send no Origin and pass; a link from elsewhere may lead to the page itself.
    """
    host = request.headers.get("Host", "")
    if not is_here(host):
        return _refused("the simulator answers to names of loopback only")
    if request.path != "/" and _is_foreign(request, host):
        return _refused("another web page may not call the simulator")
    return await handler(request)


@lru_cache(maxsize=64)
def is_here(host: str) -> bool:
    """Whether a Host header names loopback."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_foreign(request: web.Request, host: str) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in _OWN


def _refused(why: str) -> web.Response:
    return web.json_response({"error": why}, status=403)
