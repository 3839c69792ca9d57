"""One call of the Bot API from arrival to answer, the same behind every door."""

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any

from simulator import methods, webhook
from simulator.arguments import Arguments, Json, Upload
from simulator.fault import Fault
from simulator.files import File
from simulator.methods.call import Call, Method, Said
from simulator.refusal import Lost, Refusal, forbidden, too_many_requests
from simulator.world import World

NOT_FOUND = Refusal(404, "Not Found")

Answer = tuple[int, Json]


async def call(
    world: World,
    token: str,
    method: str,
    params: Mapping[str, Any],
    files: Mapping[str, Upload] | None = None,
) -> Answer:
    """Carry out one API call.

    Args:
        world: where.
        token: of the bot, as it stood in the address.
        method: name in any case.
        params: values as text or as JSON.
        files: what was uploaded, by field name.

    Returns:
        The HTTP status and the body.

    Raises:
        Lost: the bot gets no answer, because a fault was ordered.
    """
    try:
        bot = world.register(token)
        known = methods.BY_NAME.get(method.lower())
        if known is None:
            raise NOT_FOUND
    except Refusal as refusal:
        return _refused(refusal)
    fault = world.faults.take(known.name.lower(), str(params.get("chat_id", "")))
    if fault is not None and fault.answer == "refuse":
        raise Lost(delivered=False)
    note = world.journal.open(bot.id, known.name, params, files or {}, world.clock.now())
    status, body = await _delivered(Call(world, bot, Arguments(params, files)), known, fault)
    note.status = status
    note.description = body.get("description")
    if world.listeners and known.name != "getUpdates":
        world.tell({"type": "call", "method": known.name, "status": status}, bot)
    return status, body


async def _delivered(one: Call, method: Method, fault: Fault | None) -> Answer:
    """There and back: the latency, the fault, and between them the work."""
    world, bot = one.world, one.bot
    if world.latency:
        await asyncio.sleep(world.latency / 2)
    try:
        if fault is not None:
            await _befall(fault, one.arguments)
        method.check(one.arguments)
        result = method.run(one)
        if inspect.iscoroutine(result):
            result = await result
        answer = _granted(result)
        if bot.webhook is not None:
            webhook.ensure(world, bot, call)
    except Refusal as refusal:
        answer = _refused(refusal)
    if fault is not None and fault.answer == "timeout_after":
        raise Lost(delivered=True)
    if world.latency:
        await asyncio.sleep(world.latency / 2)
    return answer


async def _befall(fault: Fault, arguments: Arguments) -> None:
    """What a fault does before the work."""
    match fault.answer:
        case 403:
            raise forbidden(_shut_out(arguments.text("chat_id")))
        case 429:
            raise too_many_requests(fault.retry_after)
        case 500:
            raise Refusal(500, "Internal Server Error")
        case "slow":
            await asyncio.sleep(fault.seconds)
        case _:
            pass


def _shut_out(chat: str) -> str:
    if chat.startswith("-"):
        kind = "supergroup" if chat.startswith("-100") else "group"
        return f"bot was kicked from the {kind} chat"
    return "bot was blocked by the user"


def _granted(result: Any) -> Answer:
    if isinstance(result, Said):
        return 200, {"ok": True, "result": result.result, "description": result.description}
    return 200, {"ok": True, "result": result}


def _refused(refusal: Refusal) -> Answer:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return refusal.code, body


def download(world: World, token: str, path: str) -> File | None:
    """The file behind a download address; None when it leads nowhere."""
    try:
        world.register(token)
    except Refusal:
        return None
    return world.state.shelf.at(path)
