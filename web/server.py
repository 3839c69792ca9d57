"""The HTTP server of the pages: security headers, errors as pages, slow clients cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import web

from office.config import Web
from office.logs import place_of
from office.office import Office
from office.survey import screens
from office.survey.screens import Button, Screen, TextField
from storage.database import DatabaseTrouble
from web import addresses, html, listening, visitor
from web.home import Home
from web.html import Link, Page
from web.kiosk import Kiosk, counting_down
from web.site import Answer, Site, action, form_of, response, tap_of
from web.visitor import HOME

NAME = "Puas"  # the office's name is in the database
BY_STATUS = {
    403: "other_site",
    404: "not_found",
    405: "not_allowed",
    408: "too_slow",
    413: "too_large",
}
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
        return refused(site, request, refusal.status)
    except DatabaseTrouble:
        return await not_written(site, request)
    except asyncio.CancelledError:
        raise
    except ConnectionError:  # the client is gone; aiohttp would log its address
        return web.Response(status=400)
    except Exception as error:  # noqa: BLE001 # the edge of a request: the next one goes on
        log.error("page failed", error=place_of(error))
        return refused(site, request, 500)


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


def refused(site: Site, request: web.Request, status: int) -> web.Response:
    """The page of an HTTP status."""
    language = visitor.language(request)
    page, citizens = site.office.words.page[language], site.office.words.of(language, HOME.kanal)
    text = getattr(page, BY_STATUS[status])() if status in BY_STATUS else citizens.error()
    start = addresses.with_query("/", {"bahasa": visitor.chosen_language(request)})
    shown = Page(Screen(text), language, page, NAME, links=(Link(page.services.plain(), start),))
    return response(_as_there(shown, request, status), status)


async def not_written(site: Site, request: web.Request) -> web.Response:
    """The database has trouble: nothing was stored, and the same button may be pressed again."""
    language = visitor.language(request)
    page, citizens = site.office.words.page[language], site.office.words.of(language, HOME.kanal)
    screen, again = Screen(page.not_written()), page.try_again.plain()
    form = await form_of(request) if request.method == "POST" else {}
    tap, typed, code = tap_of(form), form.get(screens.TEXT), form.get(screens.CODE)
    if tap is not None and isinstance(code, str) and code:
        label, most = citizens.visit_code_label.plain(), screens.VISIT_CODE
        field = TextField(label, again, tap, most, code[:most], name=screens.CODE)
        screen = replace(screen, field=field)
    elif tap is not None and isinstance(typed, str) and typed:
        label = citizens.suggestion_label.plain()
        screen = replace(screen, field=TextField(label, again, tap, len(typed), typed, lines=6))
    elif tap is not None:
        screen = replace(screen, rows=((Button(again, tap),),))
    shown = Page(screen, language, page, NAME, action(request))
    return response(_as_there(shown, request, 503), 503)


def _as_there(page: Page, request: web.Request, status: int) -> Page:
    """A counter starts again by itself, also from a refusal; where none is, there is no counter."""
    if status == 404 or not visitor.at_counter(request):
        return page
    return counting_down(replace(page, links=()), request)
