"""A request class of python-telegram-bot that calls a world in the same process."""

import asyncio
import json
import re
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from simulator.bot_api import dispatch
from simulator.errors import ConnectionLost
from simulator.model.files import Upload
from simulator.world import World

_METHOD = re.compile(r"/bot([^/]+)/([^/?]+)(?:\?|$)")
_FILE = re.compile(r"/file/bot([^/]+)/(.+)$")


class InProcessRequest(BaseRequest):
    """Carries out the calls of a `telegram.Bot` without a socket.

    Args:
        world: the simulated Telegram.
        on_date: called with the `Date` header that each answer would have over HTTP.
    """

    def __init__(self, world: World, on_date: Callable[[str | None], None] | None = None) -> None:
        self._world = world
        self._on_date = on_date

    @property
    def read_timeout(self) -> float | None:
        """Never reached: a response comes at once, or not at all."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to initialize."""

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
            NetworkError: because of a fault, the connection fails before the call is carried out.
            TimedOut: because of a fault, the call is carried out without a response.
        """
        await asyncio.sleep(0)
        if download := _FILE.search(unquote(url)):
            return self._download(download[1], download[2])
        match = _METHOD.search(url)
        if match is None:
            return _response(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        values: dict[str, Any] = dict(parse_qsl(urlsplit(url).query))
        values |= request_data.parameters if request_data else {}
        files = _uploads(request_data) if request_data and request_data.contains_files else {}
        try:
            status, body = await dispatch.call(self._world, match[1], match[2], values, files)
        except ConnectionLost as lost:
            if lost.delivered:
                raise TimedOut from lost
            raise NetworkError("the connection was refused") from ConnectionRefusedError()
        if self._on_date is not None:
            self._on_date(format_datetime(self._world.clock.now(), usegmt=True))
        return _response(status, body)

    def _download(self, token: str, path: str) -> tuple[int, bytes]:
        file = dispatch.download(self._world, token, path)
        if file is None:
            return _response(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return 200, file.content


def _response(status: int, body: dict[str, object]) -> tuple[int, bytes]:
    return status, json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _uploads(request_data: RequestData) -> dict[str, Upload]:
    uploads = {}
    for field, (name, content, mime) in request_data.multipart_data.items():
        data = content if isinstance(content, bytes) else content.read()
        uploads[field] = Upload(PurePath(name).name, data, mime)
    return uploads
