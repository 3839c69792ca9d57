"""The HTTP endpoints for monitoring: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import time

from aiohttp import web

from bot.monitoring.health import Health
from office import config
from web import listening

WELL = "sehat"
STARTING = "program sedang mulai"


def application(health: Health) -> web.Application:
    """The three routes; they read memory only, so a request costs the office nothing."""

    async def healthz(_: web.Request) -> web.Response:
        troubles = health.troubles(time.monotonic())
        return _response(troubles or [WELL], well=not troubles)

    async def readyz(_: web.Request) -> web.Response:
        ready = health.ready()
        return _response(["siap" if ready else STARTING], well=ready)

    async def metrics(_: web.Request) -> web.Response:
        from bot.monitoring import metrics  # imports prometheus_client: a third of a second

        body, headers = metrics.exposition(health), {"Content-Type": metrics.TYPE}
        return web.Response(body=body, headers=headers)

    app = web.Application(client_max_size=1024)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app


def _response(lines: list[str], *, well: bool) -> web.Response:
    return web.Response(text="\n".join(lines) + "\n", status=200 if well else 503)


async def listen(address: config.Health, health: Health) -> web.AppRunner:
    """Start the server; the caller cleans up the runner.

    Raises:
        ConfigError: the address is taken.
    """
    runner = web.AppRunner(application(health), access_log=None)
    return await listening.listen(runner, address.listen, address.port, "health.port")
