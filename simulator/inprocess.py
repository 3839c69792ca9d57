"""The door for python-telegram-bot in the same process: the world behind a request class."""

import asyncio
import json
import re
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from simulator import api
from simulator.arguments import Upload
from simulator.refusal import Lost
from simulator.world import World

_METHOD = re.compile(r"/bot([^/]+)/([^/?]+)(?:\?|$)")
_FILE = re.compile(r"/file/bot([^/]+)/(.+)$")


class InProcessRequest(BaseRequest):
    """Carries calls of a `telegram.Bot` into a world, without a socket.

    Args:
        world: where the calls are carried out.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def read_timeout(self) -> float | None:
        """None is ever reached: answers come at once, or not at all."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Carry out one call.

        Raises:
            NetworkError: a fault was ordered: the connection fails before delivery.
            TimedOut: a fault was ordered: delivered, the answer never comes.
        """
        await asyncio.sleep(0)
        if found := _FILE.search(unquote(url)):
            return self._download(found[1], found[2])
        found = _METHOD.search(url)
        if found is None:
            return _payload(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        values: dict[str, Any] = dict(parse_qsl(urlsplit(url).query))
        values |= request_data.parameters if request_data else {}
        files = _uploads(request_data) if request_data and request_data.contains_files else {}
        try:
            status, body = await api.call(self._world, found[1], found[2], values, files)
        except Lost as lost:
            if lost.delivered:
                raise TimedOut from lost
            raise NetworkError("the connection was refused") from ConnectionRefusedError()
        return _payload(status, body)

    def _download(self, token: str, path: str) -> tuple[int, bytes]:
        file = api.download(self._world, token, path)
        if file is None:
            return _payload(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return 200, file.content


def _payload(status: int, body: dict[str, object]) -> tuple[int, bytes]:
    return status, json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _uploads(request_data: RequestData) -> dict[str, Upload]:
    uploads = {}
    for field, (name, content, mime) in request_data.multipart_data.items():
        data = content if isinstance(content, bytes) else content.read()
        uploads[field] = Upload(PurePath(name).name, data, mime)
    return uploads
