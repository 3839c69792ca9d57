"""Carries out one API call, for the HTTP server, the in-process request class and webhooks."""

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any

from simulator.bot_api import methods, webhook_sender
from simulator.bot_api.arguments import Arguments
from simulator.bot_api.methods.call import Call, Method, ResultWithDescription
from simulator.errors import (
    OTHER_POLL,
    ApiError,
    ConnectionLost,
    Json,
    conflict,
    forbidden,
    too_many_requests,
)
from simulator.faults import Fault
from simulator.model.files import File, Upload
from simulator.world import World

NOT_FOUND = ApiError(404, "Not Found")

Response = tuple[int, Json]


async def call(
    world: World,
    token: str,
    method: str,
    params: Mapping[str, Any],
    files: Mapping[str, Upload] | None = None,
) -> Response:
    """Carry out one API call.

    Args:
        world: the simulated Telegram.
        token: of the bot, as in the URL.
        method: its name in upper or lower case.
        params: values as text or as JSON.
        files: the uploaded files by field name.

    Returns:
        The HTTP status and the body.

    Raises:
        ConnectionLost: a fault says that the bot receives no response.
    """
    try:
        bot = world.register(token)
        known = methods.BY_NAME.get(method.lower())
        if known is None:
            raise NOT_FOUND
    except ApiError as error:
        return _error_response(error)
    fault = world.faults.take(known.name.lower(), str(params.get("chat_id", "")))
    if fault is not None and fault.answer == "refuse":
        raise ConnectionLost(delivered=False)
    logged = world.request_log.add(bot.id, known.name, params, files or {}, world.clock.now())
    status, body = await _run(Call(world, bot, Arguments(params, files)), known, fault)
    logged.status = status
    logged.description = body.get("description")
    if world.listeners and known.name != "getUpdates":
        world.notify({"type": "call", "method": known.name, "status": status}, bot)
    return status, body


async def _run(api_call: Call, method: Method, fault: Fault | None) -> Response:
    """Run the method, with half of the latency before it and half after it."""
    world, bot = api_call.world, api_call.bot
    if world.latency:
        await asyncio.sleep(world.latency / 2)
    try:
        if fault is not None:
            await _apply(fault, api_call.arguments)
        method.check(api_call.arguments)
        result = method.run(api_call)
        if inspect.iscoroutine(result):
            result = await result
        response = _ok_response(result)
        if bot.webhook is not None:
            webhook_sender.ensure_running(world, bot, call)
    except ApiError as error:
        response = _error_response(error)
    if fault is not None and fault.answer == "timeout_after":
        raise ConnectionLost(delivered=True)
    if world.latency:
        await asyncio.sleep(world.latency / 2)
    return response


async def _apply(fault: Fault, arguments: Arguments) -> None:
    """Raise the error of a fault, or wait, before the method runs."""
    match fault.answer:
        case 403:
            raise forbidden(_forbidden_reason(arguments.text("chat_id")))
        case 429:
            raise too_many_requests(fault.retry_after)
        case 401:
            raise ApiError(401, "Unauthorized")
        case 404:
            raise NOT_FOUND
        case 409:
            raise conflict(OTHER_POLL)
        case 500:
            raise ApiError(500, "Internal Server Error")
        case 502:
            raise ApiError(502, "Bad Gateway")
        case "slow":
            await asyncio.sleep(fault.seconds)
        case _:
            pass


def _forbidden_reason(chat: str) -> str:
    if chat.startswith("-"):
        kind = "supergroup" if chat.startswith("-100") else "group"
        return f"bot was kicked from the {kind} chat"
    return "bot was blocked by the user"


def _ok_response(result: Any) -> Response:
    if isinstance(result, ResultWithDescription):
        return 200, {"ok": True, "result": result.result, "description": result.description}
    return 200, {"ok": True, "result": result}


def _error_response(error: ApiError) -> Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return error.code, body


def download(world: World, token: str, path: str) -> File | None:
    """The file with this download path; None when there is none, or the token is wrong."""
    try:
        world.register(token)
    except ApiError:
        return None
    return world.state.files.at_path(path)
