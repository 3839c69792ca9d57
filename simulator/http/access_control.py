"""Access control: only programs on this computer, and only the simulator's own web page."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator.loopback import is_loopback

_OWN_SITE = frozenset({"none", "same-origin"})  # Sec-Fetch-Site: typed by the user, or this page


@web.middleware
async def require_loopback(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a `Host` that is not loopback (DNS rebinding) and requests from other web pages.

    A request without `Origin`, as programs send it, is accepted. Another web page may link to the
    chat page itself.
    """
    host = request.headers.get("Host", "")
    if not is_loopback(host):
        return _forbidden("the simulator answers to names of loopback only")
    if request.path != "/" and _is_cross_origin(request, host):
        return _forbidden("another web page may not call the simulator")
    return await handler(request)


def _is_cross_origin(request: web.Request, host: str) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE


def _forbidden(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=403)
