"""The HTTP routes under `/sim/`; JSON in requests and responses; and what the chat page shows."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import ValidationError

from simulator.control.operations import OPERATIONS, Operation, SendFile
from simulator.errors import InvalidAction, Json
from simulator.model import user_actions
from simulator.model.bots import Bot, BotName
from simulator.model.chats import Chat
from simulator.model.files import Upload
from simulator.model.people import Person
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
    "world": lambda world, query: overview(world),
    "chat": lambda world, query: chat_status(
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


def overview(world: World) -> Json:
    """Bots, people, groups without those that became a supergroup, and the links of the page."""
    state = world.state
    return {
        "bots": [bot.user() for bot in state.bots.values()],
        "people": [person.user() | {"role": person.role} for person in state.people.values()],
        "groups": [_group(chat) for chat in state.groups.values() if chat.migrated_to is None],
        "links": [{"label": label, "url": url} for label, url in world.links.items()],
    }


def _group(chat: Chat) -> Json:
    present = [member for member in chat.members.values() if member.is_present]
    members = [{"user_id": member.user_id, "status": member.status} for member in present]
    return chat.json | {"members": members}


def chat_status(world: World, from_: int, chat_id: int, bot: BotName = None) -> Json:
    """What a person's app shows of a chat besides its messages."""
    chat = user_actions.visible_chat(world, from_, chat_id, bot)
    language = world.active_person(from_).language_code[:2]
    return {
        "chat": chat.json,
        "known": chat.known,
        "blocked": chat.blocked,
        "description": world.bot(bot).profile_text("description", language),
        "menu": menu(world.bot(bot), chat, world.active_person(from_)),
    }


def menu(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The commands in a person's menu: those of the narrowest scope that has any."""
    for scope in _scopes(chat, person.id):
        for language in (person.language_code[:2], ""):
            if commands := bot.commands.get(f"{scope} {language}"):
                return commands
    return []


def _scopes(chat: Chat, person: int) -> Iterator[str]:
    """The scopes in Telegram's order, narrowest first."""
    if chat.is_private:
        yield from (f"chat {chat.id}", "all_private_chats", "default")
        return
    member = chat.member(person)
    is_administrator = member is not None and member.is_administrator
    yield f"chat_member {chat.id} {person}"
    if is_administrator:
        yield f"chat_administrators {chat.id}"
    yield f"chat {chat.id}"
    if is_administrator:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")
