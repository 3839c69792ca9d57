"""The HTTP server, on loopback only: the Bot API, its files, `/sim/` and the chat page."""

import asyncio
import ipaddress
import json
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from simulator.bot_api import dispatch, webhook_sender
from simulator.control import routes
from simulator.errors import ConnectionLost, Json, PortUnavailable
from simulator.loopback import is_loopback
from simulator.model.files import MAX_UPLOAD_BYTES, Upload
from simulator.world import World

FOLDER = Path(__file__).parent / "page"
CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_OWN_SITE = frozenset({"none", "same-origin"})  # Sec-Fetch-Site: typed by the user, or this page
_WORLD = web.AppKey("world", World)
_TOO_LARGE = {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
_UNREADABLE = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse the body"}
_NOT_FOUND = {"ok": False, "error_code": 404, "description": "Not Found"}
_MAX_UNANSWERED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Args:
        url: its base URL, such as `http://127.0.0.1:8081`.
    """

    url: str
    world: World
    _runner: web.AppRunner

    async def close(self) -> None:
        """Stop serving; the world does not change."""
        await webhook_sender.stop(self.world)
        await self._runner.cleanup()


async def serve(world: World, port: int = 0, host: str = "127.0.0.1") -> Server:
    """Serve a world until the result is closed.

    Args:
        world: the simulated Telegram.
        port: 0 for any free port.
        host: a loopback address.

    Raises:
        ValueError: the address is not a loopback address.
        PortUnavailable: the port is taken, not allowed or no port number.
    """
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError("the simulator serves loopback only")
    app = web.Application(
        middlewares=[require_loopback],
        client_max_size=MAX_UPLOAD_BYTES + 1024 * 1024,
    )
    app[_WORLD] = world
    app.on_response_prepare.append(_add_date)
    calls = app.router.add_resource("/bot{token}/{method}")
    calls.add_route("*", _on_call, expect_handler=_on_expect)
    app.router.add_get("/file/bot{token}/{path:.+}", _on_download)
    app.add_subapp("/sim/", routes.application(world))
    add_routes(app)
    app.router.add_route("*", "/{path:.*}", _on_unknown_path)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except (OSError, OverflowError) as error:
        await runner.cleanup()
        raise PortUnavailable(port, error) from error
    bound = runner.addresses[0]
    webhook_sender.resume(world, dispatch.call)
    address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
    return Server(f"http://{address}:{bound[1]}", world, runner)


async def _add_date(request: web.Request, response: web.StreamResponse) -> None:
    """Send the world's time as `Date`, as Telegram sends its own."""
    now = request.config_dict[_WORLD].clock.now()
    response.headers["Date"] = format_datetime(now, usegmt=True)


async def _on_expect(request: web.Request) -> web.StreamResponse | None:
    """Answer `Expect: 100-continue`, unless a fault resets the connection."""
    if _takes_refusal(request):
        return _reset_connection(request)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0
    return None


async def _on_call(request: web.Request) -> web.StreamResponse:
    world = request.app[_WORLD]
    if _takes_refusal(request):
        return _reset_connection(request)
    try:
        values, files = await _arguments(request)
        status, body = await dispatch.call(
            world, request.match_info["token"], request.match_info["method"], values, files
        )
    except web.HTTPRequestEntityTooLarge:
        status, body = 413, _TOO_LARGE
    except (ValueError, TypeError):
        status, body = 400, _UNREADABLE
    except ConnectionLost as lost:
        if lost.delivered:
            await _wait_for_disconnect(request)
        return _reset_connection(request)
    return _json(body, status)


def _takes_refusal(request: web.Request) -> bool:
    """Whether a `refuse` fault applies; only the head of the request has been read."""
    return request.app[_WORLD].faults.take_refusal(request.match_info["method"].lower())


def _reset_connection(request: web.Request) -> web.Response:
    """Reset the connection without sending a byte, as an unreachable host does."""
    if request.transport is not None:
        socket = request.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The values of the query and of the body: form, JSON or multipart."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    files: dict[str, Upload] = {}
    match request.content_type:
        case "application/json":
            body = json.loads(await request.read() or b"{}")
            values |= dict(body)
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            for name, value in (await request.post()).items():
                if isinstance(value, FileField):
                    files[name] = Upload(value.filename, value.file.read(), value.content_type)
                else:
                    values[name] = value if isinstance(value, str) else bytes(value).decode()
        case _:
            pass
    return values, files


async def _wait_for_disconnect(request: web.Request) -> None:
    """Send no response; return when the client disconnects."""
    waited = 0.0
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.05)
        waited += 0.05
        if waited > _MAX_UNANSWERED_SECONDS:
            return


async def _on_unknown_path(_: web.Request) -> web.StreamResponse:
    """Answer an unknown path in JSON, as the official server does."""
    return _json(_NOT_FOUND, 404)


async def _on_download(request: web.Request) -> web.StreamResponse:
    info = request.match_info
    file = dispatch.download(request.app[_WORLD], info["token"], info["path"])
    if file is None:
        return _json(_NOT_FOUND, 404)
    return web.Response(body=file.content, content_type="application/octet-stream")


def _json(body: Json, status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        status=status,
        content_type="application/json",
    )


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


def add_routes(app: web.Application) -> None:
    """Serve the page at `/` and each of its files at `/page/NAME`."""
    app.router.add_get("/", _file_handler(FOLDER / "index.html"))
    for path in sorted(FOLDER.iterdir()):
        app.router.add_get(f"/page/{path.name}", _file_handler(path))


def _file_handler(path: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    headers = HEADERS | {"Content-Type": f"{CONTENT_TYPES[path.suffix]}; charset=utf-8"}

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return handler
