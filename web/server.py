"""The HTTP server of the pages: security headers, errors as pages, slow clients cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import web

from office.config import Web
from office.logs import place_of
from office.office import Office
from storage.database import DatabaseTrouble
from web import html, listening, refusals, visitor
from web.home import Home
from web.kiosk import Kiosk
from web.site import Answer, Site

log = structlog.get_logger()

MOST_BODY = 16 * 1024  # bytes
MOST_LINE = 4096  # bytes of the request line, and of a header
MOST_HEADERS = 64
KEEP_ALIVE = 15.0  # seconds
LINGERING = 2.0  # seconds that the rest of a refused body is read
FIRST_REQUEST = 10.0  # seconds for the first request of a connection to arrive
MOST_CONNECTIONS = 1000

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CACHED = "public, max-age=31536000, immutable"  # the address of the style has its hash

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(site: Site, asked: set[Any]) -> web.Application:
    """The pages behind their headers; `asked` learns which connections have sent a request."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.add(request.protocol)
        answered = await _answered(site, request, handler)
        for name, value in HEADERS.items():
            answered.headers.setdefault(name, value)
        return answered

    app = web.Application(middlewares=[guarded], client_max_size=MOST_BODY)
    app[visitor.WORDS] = site.office.words
    app.add_routes([*Home(site).routes(), *Kiosk(site).routes()])
    app.router.add_get(html.STYLE_PATH, _style)
    return app


async def _style(_: web.Request) -> web.Response:
    headers = {"Cache-Control": CACHED}
    return web.Response(body=html.STYLE, content_type="text/css", headers=headers)


async def _answered(site: Site, request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return refusals.refused(site, request, refusal.status)
    except DatabaseTrouble:
        return await refusals.not_written(site, request)
    except asyncio.CancelledError:
        raise
    except ConnectionError:  # the client is gone; aiohttp would log its address
        return web.Response(status=400)
    except Exception as error:  # noqa: BLE001 # the edge of a request: the next one goes on
        log.error("page failed", error=place_of(error))
        return refusals.refused(site, request, 500)


async def listen(config: Web, office: Office, answer: Answer) -> web.AppRunner:
    """Start the server; the caller cleans up the runner.

    Raises:
        ConfigError: the address is taken.
    """
    asked: set[Any] = set()
    site = Site(office, answer, config)
    app = application(site, asked)
    runner = web.AppRunner(
        app,
        access_log=None,  # it would hold addresses
        auto_decompress=False,  # a small body must not become a large one
        lingering_time=LINGERING,
        keepalive_timeout=KEEP_ALIVE,
        max_line_size=MOST_LINE,
        max_field_size=MOST_LINE,
        max_headers=MOST_HEADERS,
    )

    async def cut_slow(_: web.Application) -> Any:
        task = asyncio.create_task(_cut_slow(runner, asked))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        site.readers.shutdown(wait=False)

    app.cleanup_ctx.append(cut_slow)
    return await listening.listen(runner, config.listen, config.port, "web.port")


async def _cut_slow(runner: web.AppRunner, asked: set[Any]) -> None:
    """Close connections whose first request does not arrive, and what is too many of them.

    aiohttp itself waits for a first request for ever.
    """
    seen: set[Any] = set()
    while True:
        await asyncio.sleep(FIRST_REQUEST / 2)
        if runner.server is None:
            continue
        open_ones = runner.server.connections
        asked.intersection_update(open_ones)  # closed ones are forgotten
        silent = [each for each in open_ones if each not in asked]
        for connection in {*open_ones[MOST_CONNECTIONS:], *seen.intersection(silent)}:
            if connection.transport is not None:
                connection.transport.abort()
        seen = set(silent)
