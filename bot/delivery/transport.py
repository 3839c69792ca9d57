"""HTTP to Telegram: a PTB request class on aiohttp, with one session for all calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# PTB hands over this sentinel where a call names no time-out of its own.
DEFAULT = BaseRequest.DEFAULT_NONE

Headers: TypeAlias = dict[str, str] | None

JSON = {"Content-Type": "application/json"}
OK, DONE = 200, b'{"ok":true,"result":true}'


class NotDelivered(NetworkError):
    """The connection failed before anything was sent: the call may be made again."""


class AiohttpRequest(BaseRequest):
    """One aiohttp session; `read_timeout` in seconds is for calls that name none.

    Args:
        unread: methods whose result, the message, is not used: parsing it into PTB's objects would
            take as long as the turn.
        on_date: called with the `Date` header of every answer.
    """

    def __init__(
        self,
        connections: int = 256,
        read_timeout: float = 20.0,
        unread: frozenset[str] = frozenset(),
        on_date: Callable[[str | None], None] | None = None,
    ) -> None:
        self._on_date = on_date
        self._unread = unread
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The time-out in seconds of a call that sets none."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT,
        write_timeout: Any = DEFAULT,
        connect_timeout: Any = DEFAULT,
        pool_timeout: Any = DEFAULT,
    ) -> tuple[int, bytes]:
        """Make one call.

        Raises:
            NotDelivered: refused or unreachable, nothing was sent.
            TimedOut: no answer in time, or a connection that broke: it may have been carried out.
        """
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        timeout = _patience(
            self._read_timeout if read_timeout is DEFAULT else read_timeout,
            10.0 if connect_timeout is DEFAULT else connect_timeout,
        )
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method, _address(url), data=body, headers=headers, timeout=timeout
            ) as answer:
                if self._on_date is not None:
                    self._on_date(answer.headers.get("Date"))
                answered = await answer.read()
                if answer.status == OK and url.rpartition("/")[2] in self._unread:
                    answered = DONE
                return answer.status, answered
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotDelivered(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise TimedOut(type(error).__name__) from None


@lru_cache(maxsize=64)
def _address(url: str) -> URL:
    """Parsed once for each method."""
    return URL(url)


@lru_cache(maxsize=64)
def _patience(read: float | None, connect: float) -> aiohttp.ClientTimeout:
    total = None if read is None else read + connect
    return aiohttp.ClientTimeout(total=total, sock_connect=connect)


def _body(request_data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, Headers]:
    """JSON, which takes a tenth of the time of a form to encode; a form when there are files."""
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return request_data.json_payload, JSON
    form = aiohttp.FormData(quote_fields=False)  # else file names show %20
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, None
