"""Clients of the simulator; every result is checked against the specification and aiogram."""

import io
import json
import os
from functools import cache
from typing import Any, Protocol

import aiohttp
from pydantic import BaseModel
from telegram import InputFile
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from simulator.in_process import InProcessRequest
from tests.simulator import specification

TOKEN = "123456789:" + "A" * 35
OTHER_TOKEN = "987654321:" + "B" * 35
Files = dict[str, tuple[str, bytes]]


class Transport(Protocol):
    """Sends one call to the simulator; the status and body of its response."""

    async def __call__(
        self, token: str, method: str, values: dict[str, Any], files: Files
    ) -> tuple[int, dict[str, Any]]: ...


class InProcessTransport:
    """Sends calls through the request class for python-telegram-bot."""

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


class HttpTransport:
    """Sends calls over HTTP, as JSON or, with files, as multipart."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def __call__(
        self, token: str, method: str, values: dict[str, Any], files: Files
    ) -> tuple[int, dict[str, Any]]:
        body: dict[str, Any] = {"json": values}
        if files:
            form = aiohttp.FormData()
            for key, value in values.items():
                form.add_field(key, value if isinstance(value, str) else json.dumps(value))
            for name, (filename, content) in files.items():
                form.add_field(name, io.BytesIO(content), filename=filename)
            body = {"data": form}
        async with self.session.post(f"{self.url}/bot{token}/{method}", **body) as response:
            return response.status, await response.json()


class BotApiClient:
    """Calls the Bot API with one bot's token."""

    def __init__(self, transport: Transport, token: str = TOKEN) -> None:
        self.transport = transport
        self.token = token

    async def __call__(self, method: str, files: Files | None = None, /, **values: Any) -> Any:
        """Make a call that must succeed; its result."""
        status, body = await self.transport(self.token, method, values, files or {})
        assert (status, body["ok"]) == (200, True), body
        _check(method, body["result"])
        return body["result"]

    async def refuses(
        self, method: str, files: Files | None = None, /, **values: Any
    ) -> tuple[int, str]:
        """Make a call that must fail; its error code and description."""
        status, body = await self.transport(self.token, method, values, files or {})
        assert (body["ok"], body["error_code"]) == (False, status), body
        assert not specification.errors(
            body.get("parameters", {}), ["ResponseParameters"], "parameters"
        )
        return status, body["description"]

    async def updates(self, **values: Any) -> list[Any]:
        """The unconfirmed updates."""
        return list(await self("getUpdates", **values))


def _check(method: str, result: Any) -> None:
    """Fail unless a result agrees with the specification and, except in `--cepat`, with aiogram."""
    types = specification.returns(method)
    assert not specification.errors(result, types, method)
    if "PUAS_TEST_FAST" in os.environ:
        return
    for kind in types:
        model = _aiogram_type(kind.removeprefix("Array of "))
        if model is not None:
            for one in result if isinstance(result, list) else [result]:
                if isinstance(one, dict) and kind != "ChatMember":
                    model.model_validate(one)


@cache
def _aiogram_type(name: str) -> type[BaseModel] | None:
    """aiogram's type of this name; imported at the first call, since that takes six seconds."""
    from aiogram import types

    found = getattr(types, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


class Sim:
    """Calls the `/sim/` interface over HTTP."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = f"{url}/sim"
        self.session = session

    async def post(self, path: str, body: Any = None, **fields: Any) -> Any:
        """The body of the response, with its `status`."""
        values = (body or {}) | fields
        async with self.session.post(f"{self.url}/{path}", json=values) as response:
            return {"status": response.status} | await response.json()

    async def get(self, path: str, **query: Any) -> Any:
        """The body of a successful response."""
        async with self.session.get(f"{self.url}/{path}", params=query) as response:
            assert response.status == 200
            return await response.json()
