"""The HTTP door, on loopback only: the Bot API, its files, `/sim/`, and the chat page."""

import asyncio
import ipaddress
import json
import struct
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from simulator import api, front, loopback, sim, webhook
from simulator.arguments import Json, Upload
from simulator.files import UPLOAD_BYTES
from simulator.refusal import Lost
from simulator.world import World

_WORLD = web.AppKey("world", World)
_TOO_LARGE = {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
_UNREADABLE = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse the body"}
_NOT_FOUND = {"ok": False, "error_code": 404, "description": "Not Found"}
_UNANSWERED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Args:
        url: its base, such as `http://127.0.0.1:8081`.
    """

    url: str
    world: World
    _runner: web.AppRunner

    async def close(self) -> None:
        """Stop serving; the world stays as it is."""
        await webhook.stop(self.world)
        await self._runner.cleanup()


async def serve(world: World, port: int = 0, host: str = "127.0.0.1") -> Server:
    """Serve a world until closed.

    Args:
        world: what to serve.
        port: 0 for any free one.
        host: an address of loopback.

    Raises:
        ValueError: the address is not on loopback.
    """
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError("the simulator serves loopback only")
    app = web.Application(middlewares=[loopback.only], client_max_size=UPLOAD_BYTES + 1024 * 1024)
    app[_WORLD] = world
    calls = app.router.add_resource("/bot{token}/{method}")
    calls.add_route("*", _on_call, expect_handler=_on_expect)
    app.router.add_get("/file/bot{token}/{path:.+}", _on_download)
    app.add_subapp("/sim/", sim.application(world))
    front.add_to(app)
    app.router.add_route("*", "/{path:.*}", _on_nothing)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0]
    webhook.resume(world, api.call)
    shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
    return Server(f"http://{shown}:{bound[1]}", world, runner)


async def _on_expect(request: web.Request) -> web.StreamResponse | None:
    """Ask for the body of a call that waits to be asked, unless its connection is to fail."""
    if _refuses(request):
        return _hung_up(request)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0
    return None


async def _on_call(request: web.Request) -> web.StreamResponse:
    world = request.app[_WORLD]
    if _refuses(request):
        return _hung_up(request)
    try:
        values, files = await _arguments(request)
        status, body = await api.call(
            world, request.match_info["token"], request.match_info["method"], values, files
        )
    except web.HTTPRequestEntityTooLarge:
        status, body = 413, _TOO_LARGE
    except (ValueError, TypeError):
        status, body = 400, _UNREADABLE
    except Lost as lost:
        if lost.delivered:
            await _until_left(request)
        return _hung_up(request)
    return _json(body, status)


def _refuses(request: web.Request) -> bool:
    """Whether a fault ends the connection now: the head of the request is all that was read."""
    return request.app[_WORLD].faults.refuses(request.match_info["method"].lower())


def _hung_up(request: web.Request) -> web.Response:
    """End the connection as a host that is gone does: a reset, and not a byte."""
    if request.transport is not None:
        socket = request.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Values of the address and of the body: form, JSON or multipart."""
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


async def _until_left(request: web.Request) -> None:
    """Give no answer until the caller hangs up."""
    waited = 0.0
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.05)
        waited += 0.05
        if waited > _UNANSWERED_SECONDS:
            return


async def _on_nothing(_: web.Request) -> web.StreamResponse:
    """No such address: the official server answers that in JSON too."""
    return _json(_NOT_FOUND, 404)


async def _on_download(request: web.Request) -> web.StreamResponse:
    info = request.match_info
    file = api.download(request.app[_WORLD], info["token"], info["path"])
    if file is None:
        return _json(_NOT_FOUND, 404)
    return web.Response(body=file.content, content_type="application/octet-stream")


def _json(body: Json, status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        status=status,
        content_type="application/json",
    )
