"""Whether the program is well, and what it did: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from office.config import ConfigError
from office.config import Health as Place

if TYPE_CHECKING:
    from bot.app import App

LATE_TICK = 600.0  # seconds; the clock ticks every 20, but a recount of millions takes its time
STALLED = 180.0  # seconds; Telegram answers a long poll within 30
STUCK = 600.0  # seconds; a letter that is tried again is due later each time
SLOW_START = 180.0

WELL = "sehat"
STARTING = "program sedang mulai"


@dataclass(slots=True)
class Health:
    """What is known of this process; it is ready once its intake is open."""

    began: float = field(default_factory=time.monotonic)
    app: App | None = None

    def ready(self) -> bool:
        """Migrated, ticked for the first time, and taking updates."""
        return self.app is not None and self.app.ticked is not None

    def troubles(self, now: float) -> list[str]:
        """One line for each thing that is wrong at this moment of the monotonic clock."""
        if self.app is None:
            slow = now - self.began > SLOW_START
            return ["program belum selesai mulai: lihat catatannya"] if slow else []
        return list(_troubles(self.app, now))


def _troubles(app: App, now: float) -> Iterator[str]:
    if not app.turns.healthy:
        yield "basis data: terkunci, penuh, hanya-baca, atau terputus; pesan ditahan"
    if app.tick_failing:
        yield "jam: pekerjaan berkala gagal; lihat catatan"
    elif app.ticked is None or now - app.ticked > LATE_TICK:
        yield "jam: pekerjaan berkala tidak selesai"
    if app.polls and now - app.polling.answered > STALLED:
        yield "pesan masuk: Telegram tidak terjangkau, atau pesan tidak dapat diproses"
    since = app.ticks.overdue_since
    if since is not None and now - since > STUCK:
        yield "kotak keluar: ada pesan yang tidak kunjung dikirim"


def application(health: Health) -> web.Application:
    """The three routes; they read memory only, so asking costs the office nothing."""

    async def healthz(_: web.Request) -> web.Response:
        troubles = health.troubles(time.monotonic())
        return _told(troubles or [WELL], well=not troubles)

    async def readyz(_: web.Request) -> web.Response:
        ready = health.ready()
        return _told(["siap" if ready else STARTING], well=ready)

    async def metrics(_: web.Request) -> web.Response:
        from bot.monitoring import (
            metrics as counted,  # a third of a second that only who is asked spends
        )

        return web.Response(body=counted.exposed(health), headers={"Content-Type": counted.TYPE})

    app = web.Application(client_max_size=1024)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app


def _told(lines: list[str], *, well: bool) -> web.Response:
    return web.Response(text="\n".join(lines) + "\n", status=200 if well else 503)


async def listen(place: Place, health: Health) -> web.AppRunner:
    """Answer from now on; the caller cleans the runner up.

    Raises:
        ConfigError: the address is taken.
    """
    runner = web.AppRunner(application(health), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, place.listen, place.port).start()
    except OSError as error:
        await runner.cleanup()
        told = f"tidak dapat dipakai ({error.strerror}); pilih porta lain"
        raise ConfigError(f"health.port: {told}.") from None
    return runner
