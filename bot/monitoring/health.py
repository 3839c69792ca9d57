"""Whether the process is well: what `/healthz` and `/readyz` say, read from memory."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.delivery.display import Display
from bot.intake.liveness import Liveness
from bot.intake.pollers import Pollers
from bot.monitoring.durations import Durations
from bot.turn.queue import Turns
from bot.turn.writer import Writer
from office.errors import CAUSES

LATE_TICK = 600.0  # seconds; the clock ticks every 20, but a recount of millions takes minutes
STALLED = 180.0  # seconds; Telegram answers a long poll within 30
STUCK = 600.0  # seconds; a row that is retried gets a later due time each time
SLOW_START = 180.0


class Intake(Protocol):
    """When updates last came through."""

    answered: float  # the monotonic clock
    pollers: Pollers


class Clock(Protocol):
    """What the ticks know of the outbox and of the computer's clock."""

    outbox_rows: Mapping[str, int]  # by status, at the last tick
    overdue_since: float | None  # the monotonic clock
    clock_trouble: str | None


class RunningApp(Protocol):
    """The parts of the running program that health and metrics read."""

    turns: Turns
    writer: Writer
    display: Display
    liveness: Liveness
    polls: bool
    tick_failures: int
    tick_failing: bool
    tick_seconds: Durations
    ticked: float | None

    @property
    def polling(self) -> Intake:
        """The intake by polling."""

    @property
    def ticks(self) -> Clock:
        """The regular work."""


@dataclass(slots=True)
class Health:
    """The state of this process; `app` is set once its intake is open."""

    began: float = field(default_factory=time.monotonic)
    app: RunningApp | None = None

    def ready(self) -> bool:
        """Migrated, ticked for the first time, and taking updates."""
        return self.app is not None and self.app.ticked is not None

    def troubles(self, now: float) -> list[str]:
        """One line for each problem at this moment of the monotonic clock."""
        if self.app is None:
            slow = now - self.began > SLOW_START
            return ["program belum selesai mulai: lihat catatannya"] if slow else []
        return list(_troubles(self.app, now))


def _troubles(app: RunningApp, now: float) -> Iterator[str]:
    if not app.turns.healthy:
        kind = app.turns.trouble
        cause = "" if kind is None else f" (sebabnya: {CAUSES[kind]})"
        yield f"basis data: terkunci, penuh, hanya-baca, atau terputus; pesan ditahan{cause}"
    if app.ticks.clock_trouble is not None:
        yield (
            f"jam: komputer {app.ticks.clock_trouble}; penutupan, penguncian dan ringkasan menunggu"
        )
    if app.tick_failing:
        yield "jam: pekerjaan berkala gagal; lihat catatan"
    elif app.ticked is None or now - app.ticked > LATE_TICK:
        yield "jam: pekerjaan berkala tidak selesai"
    if app.liveness.token_refused:
        yield "token: ditolak Telegram; terus dicoba. Bila menetap, salin ulang dari @BotFather"
    if app.polls and now - app.polling.answered > STALLED:
        yield "pesan masuk: Telegram tidak terjangkau, atau pesan tidak dapat diproses"
    if app.polls and app.polling.pollers.is_met(now):
        yield "pesan masuk: program lain memakai token ini dan mengambil sebagian pesan"
    since = app.ticks.overdue_since
    if since is not None and now - since > STUCK:
        yield "kotak keluar: ada pesan yang tidak kunjung dikirim"
