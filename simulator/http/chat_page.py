"""The chat page: its static files and their HTTP headers."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_routes(app: web.Application) -> None:
    """Serve the page at `/` and each of its files at `/page/NAME`."""
    app.router.add_get("/", _file_handler(FOLDER / "index.html"))
    for path in sorted(FOLDER.iterdir()):
        app.router.add_get(f"/page/{path.name}", _file_handler(path))


def _file_handler(path: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    headers = HEADERS | {"Content-Type": f"{CONTENT_TYPES[path.suffix]}; charset=utf-8"}

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return handler
