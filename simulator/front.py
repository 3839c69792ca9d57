"""The chat page: its files, and the headers they go out with."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
KINDS = {
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


def add_to(app: web.Application) -> None:
    """The page at `/`, what it is made of at `/page/NAME`."""
    app.router.add_get("/", _serves(FOLDER / "index.html"))
    for path in sorted(FOLDER.iterdir()):
        app.router.add_get(f"/page/{path.name}", _serves(path))


def _serves(path: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    headers = HEADERS | {"Content-Type": f"{KINDS[path.suffix]}; charset=utf-8"}

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return handler
