"""The two doors into a world; every answer is checked against the specification and aiogram."""

import io
import json
from typing import Any, Protocol

import aiogram.types
import aiohttp
from pydantic import BaseModel
from telegram import InputFile
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from simulator.inprocess import InProcessRequest
from tests.simulator import specification

TOKEN = "123456789:" + "A" * 35
OTHER_TOKEN = "987654321:" + "B" * 35
Files = dict[str, tuple[str, bytes]]


class Door(Protocol):
    """Carries one call to the simulator and brings status and body back."""

    async def __call__(
        self, token: str, method: str, values: dict[str, Any], files: Files
    ) -> tuple[int, dict[str, Any]]: ...


class InProcess:
    """Through python-telegram-bot's request class."""

    def __init__(self, request: InProcessRequest) -> None:
        self.request = request

    async def __call__(
        self, token: str, method: str, values: dict[str, Any], files: Files
    ) -> tuple[int, dict[str, Any]]:
        parameters = [RequestParameter.from_input(key, value) for key, value in values.items()]
        for name, (filename, content) in files.items():
            parameters.append(RequestParameter(name, None, [InputFile(content, filename)]))
        url = f"https://api.telegram.org/bot{token}/{method}"
        status, body = await self.request.do_request(url, "POST", RequestData(parameters))
        return status, json.loads(body)


class Http:
    """Over a socket, as JSON or, with files, as multipart."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def __call__(
        self, token: str, method: str, values: dict[str, Any], files: Files
    ) -> tuple[int, dict[str, Any]]:
        sent: dict[str, Any] = {"json": values}
        if files:
            form = aiohttp.FormData()
            for key, value in values.items():
                form.add_field(key, value if isinstance(value, str) else json.dumps(value))
            for name, (filename, content) in files.items():
                form.add_field(name, io.BytesIO(content), filename=filename)
            sent = {"data": form}
        async with self.session.post(f"{self.url}/bot{token}/{method}", **sent) as answer:
            return answer.status, await answer.json()


class Telegram:
    """What a bot sees of Telegram."""

    def __init__(self, door: Door, token: str = TOKEN) -> None:
        self.door = door
        self.token = token

    async def __call__(self, method: str, files: Files | None = None, /, **values: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = await self.door(self.token, method, values, files or {})
        assert (status, body["ok"]) == (200, True), body
        _check(method, body["result"])
        return body["result"]

    async def refuses(
        self, method: str, files: Files | None = None, /, **values: Any
    ) -> tuple[int, str]:
        """Code and words of a call that must be refused."""
        status, body = await self.door(self.token, method, values, files or {})
        assert (body["ok"], body["error_code"]) == (False, status), body
        assert not specification.complaints(
            body.get("parameters", {}), ["ResponseParameters"], "parameters"
        )
        return status, body["description"]

    async def updates(self, **values: Any) -> list[Any]:
        """The updates that wait."""
        return list(await self("getUpdates", **values))


def _check(method: str, result: Any) -> None:
    """Neither the specification nor aiogram finds fault with an answer."""
    types = specification.returns(method)
    assert not specification.complaints(result, types, method)
    for kind in types:
        model = getattr(aiogram.types, kind.removeprefix("Array of "), None)
        if isinstance(model, type) and issubclass(model, BaseModel):
            for one in result if isinstance(result, list) else [result]:
                if isinstance(one, dict) and kind != "ChatMember":
                    model.model_validate(one)
