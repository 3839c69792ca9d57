"""`puas demo` on the command line: progress on standard error, figures on standard output."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

import structlog

from bot.app import at_signals
from cli.demo import live, year
from office.exit_codes import REFUSED
from scoring.numbers import with_comma
from simulator.errors import PortUnavailable

INTERRUPTED = 130

T = TypeVar("T")


def say(line: str) -> None:
    """Print a line of progress on standard error."""
    sys.stderr.write(f"puas demo: {line}\n")
    sys.stderr.flush()


def open_browser(url: str) -> threading.Thread | None:
    """Open the page in a browser if there is a screen, in a thread that nobody waits for."""
    if not _has_screen():
        return None
    thread = threading.Thread(target=_open_or_say, args=(url,), daemon=True)
    thread.start()
    return thread


def _has_screen() -> bool:
    always = sys.platform in ("darwin", "win32")
    screen = always or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and sys.stderr.isatty()


def _open_or_say(url: str) -> None:
    try:
        opened = webbrowser.open(url)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("browser tidak terbuka sendiri; buka alamat di atas.")


def _log_errors_only() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def headless(citizens: int, seed: int, *, as_json: bool) -> int:
    """Run one year; return exit code 0 if every recount agrees, 1 if not, 130 if stopped."""
    _log_errors_only()
    try:
        report = asyncio.run(_until_signal(year.headless(citizens, seed, say)))
    except asyncio.CancelledError:
        say("dihentikan.")
        return INTERRUPTED
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(_as_text(report))
    return 0 if year.succeeded(report) else 1


def _as_text(report: Mapping[str, Any]) -> str:
    summary = report["summary"]["text"] if report["summary"] else "tidak ada pesan di grup"
    ikm, recount, seconds = (with_comma(report[name]) for name in ("ikm", "recount", "seconds"))
    return (
        f"{summary}\n\n"
        f"{report['citizens']} warga, {report['responses']} penilaian, IKM {ikm};"
        f" hitungan dari ingatan warga sendiri: {recount}\n"
        f"{sum(report['api_calls'].values())} panggilan Bot API dalam {seconds} detik,"
        f" kesalahan bot: {report['handler_errors']}\n"
    )


def interactive(citizens: int, seed: int, port: int) -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    _log_errors_only()
    try:
        asyncio.run(_until_signal(live.interactive(citizens, seed, port, say, open_browser)))
    except asyncio.CancelledError:
        say("selesai.")
    except PortUnavailable as error:
        say(str(error))
        return REFUSED
    return 0


async def _until_signal(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; SIGINT and SIGTERM cancel it."""
    task = asyncio.ensure_future(coroutine)
    at_signals(task.cancel)
    return await task
