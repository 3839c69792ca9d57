"""The HTTP routes under `/sim/`; JSON in requests and responses."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import ValidationError

from simulator.control import views
from simulator.control.operations import OPERATIONS, Operation, SendFile
from simulator.errors import InvalidAction, Json
from simulator.model.files import Upload
from simulator.world import World

_WORLD = web.AppKey("world", World)
_HEARTBEAT_SECONDS = 15.0


def application(world: World) -> web.Application:
    """The routes under `/sim/`."""
    app = web.Application(middlewares=[_errors_as_json], client_max_size=64 * 1024 * 1024)
    app[_WORLD] = world
    for operation in OPERATIONS:
        app.router.add_post(f"/{operation.name}", _operation_handler(operation))
    for name, view in _VIEWS.items():
        app.router.add_get(f"/{name}", _view_handler(view))
    app.router.add_get("/file", _on_file)
    app.router.add_post("/upload", _on_upload)
    app.router.add_get("/events", _on_events)
    return app


@web.middleware
async def _errors_as_json(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer errors with `{"error": …}`, and invalid actions with 400."""
    try:
        return await handler(request)
    except InvalidAction as error:
        return _json({"error": str(error)}, 400)
    except ValidationError as error:
        return _json({"error": _description(error)}, 400)
    except web.HTTPException as error:
        return _json({"error": error.reason}, error.status)
    except (ValueError, OverflowError) as error:
        return _json({"error": f"cannot read that: {error}"}, 400)


def _description(invalid: ValidationError) -> str:
    """Each invalid field with its name and error, in one line."""
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'body'}: {error['msg']}"
        for error in invalid.errors(include_url=False)
    )


def _operation_handler(
    operation: type[Operation],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(request: web.Request) -> web.StreamResponse:
        validated = operation.model_validate_json(await request.read() or b"{}")
        return _json(validated.apply(request.app[_WORLD]))

    return handler


def _view_handler(
    view: Callable[[World, dict[str, str]], Any],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(request: web.Request) -> web.StreamResponse:
        return _json(view(request.app[_WORLD], dict(request.query)))

    return handler


def _json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=_dumps)


def _dumps(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)


_VIEWS: dict[str, Callable[[World, dict[str, str]], Any]] = {
    "transcript": lambda world, query: world.transcript(
        _number(query, "chat"), bot=query.get("bot")
    ),
    "history": lambda world, query: world.history(_number(query, "chat"), bot=query.get("bot")),
    "requests": lambda world, query: world.requests(_number({"since": "0"} | query, "since")),
    "toasts": lambda world, query: world.toasts(_number(query, "person")),
    "clock": lambda world, query: {"now": world.clock.now().isoformat()},
    "world": lambda world, query: views.overview(world),
    "chat": lambda world, query: views.chat_status(
        world, _number(query, "from"), _number(query, "chat"), query.get("bot")
    ),
}


async def _on_upload(request: web.Request) -> web.StreamResponse:
    """Send a person's file: the fields of the operation and the `file`, as multipart."""
    form: dict[str, Any] = dict(await request.post())
    file = form.get("file")
    if isinstance(file, FileField):
        form["file"] = Upload(file.filename, file.file.read(), file.content_type)
    return _json(SendFile.model_validate(form).apply(request.app[_WORLD]))


async def _on_file(request: web.Request) -> web.StreamResponse:
    """A file by its `id`: a photo for display, any other file as an attachment."""
    file = request.app[_WORLD].state.files.by_id.get(request.query.get("id", ""))
    if file is None:
        raise InvalidAction("no such file")
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    if file.kind != "photo":
        headers["Content-Disposition"] = "attachment"
        return web.Response(body=file.content, headers=headers)
    kind = "image/png" if file.content.startswith(b"\x89PNG") else "image/jpeg"
    return web.Response(body=file.content, content_type=kind, headers=headers)


async def _on_events(request: web.Request) -> web.StreamResponse:
    """Every event from now on, as server-sent events."""
    events: asyncio.Queue[Json] = asyncio.Queue()
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    await response.write(b": listening\n\n")
    stop = request.app[_WORLD].listen(events.put_nowait)
    try:
        while request.transport is not None and not request.transport.is_closing():
            try:
                event = await asyncio.wait_for(events.get(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            await response.write(f"event: {event['type']}\ndata: {_dumps(event)}\n\n".encode())
    except ConnectionResetError:
        pass
    finally:
        stop()
    return response


def _number(values: Mapping[str, str], name: str) -> int:
    if name not in values:
        raise InvalidAction(f"{name} is missing")
    return int(values[name])
