"""`puas demo` on the command line: progress on standard error, figures on standard output."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

import structlog

from cli.demo import live, year
from simulator.errors import PortUnavailable

REFUSED = 2
INTERRUPTED = 130

T = TypeVar("T")


def say(line: str) -> None:
    """Progress, for people."""
    sys.stderr.write(f"puas demo: {line}\n")
    sys.stderr.flush()


def look(url: str) -> threading.Thread | None:
    """Open the page where somebody sits in front of a screen; nothing waits for it."""
    if not _has_screen():
        return None
    opening = threading.Thread(target=_open, args=(url,), daemon=True)
    opening.start()
    return opening


def _has_screen() -> bool:
    windows = sys.platform in ("darwin", "win32")
    screen = windows or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and sys.stderr.isatty()


def _open(url: str) -> None:
    try:
        opened = webbrowser.open(url)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("peramban tidak terbuka sendiri; buka alamat di atas.")


def _quiet() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def headless(citizens: int, seed: int, *, as_json: bool) -> int:
    """Run one year; exit code 0 when every recount agrees, 1 when not, 130 when stopped."""
    _quiet()
    try:
        told = asyncio.run(_stoppable(year.headless(citizens, seed, say)))
    except asyncio.CancelledError:
        say("dihentikan.")
        return INTERRUPTED
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(_readable(told))
    return 0 if year.sound(told) else 1


def _readable(told: Mapping[str, Any]) -> str:
    summary = told["summary"]["text"] if told["summary"] else "tidak ada pesan di grup"
    return (
        f"{summary}\n\n"
        f"{told['citizens']} warga, {told['responses']} penilaian, IKM {told['ikm']};"
        f" hitungan dari ingatan warga sendiri: {told['recount']}\n"
        f"{sum(told['api_calls'].values())} panggilan Bot API dalam {told['seconds']} detik,"
        f" kesalahan bot: {told['handler_errors']}\n"
    )


def interactive(citizens: int, seed: int, port: int) -> int:
    """Run until SIGINT or SIGTERM; the exit code."""
    _quiet()
    try:
        asyncio.run(_stoppable(live.interactive(citizens, seed, port, say, look)))
    except asyncio.CancelledError:
        say("selesai.")
    except PortUnavailable as error:
        say(str(error))
        return REFUSED
    return 0


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    """Run it; SIGINT and SIGTERM cancel it, also where the parent process ignores SIGINT."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    return await task
